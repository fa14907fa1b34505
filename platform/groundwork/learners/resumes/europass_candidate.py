"""Europass CVs as the portal writes them since 2020 (`Candidate`): XML, alone or attached to the PDF.

Elements by local name, after the European Commission's "Europass XML schema documentation", 3.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from groundwork.learners.resumes import plain
from groundwork.learners.resumes.values import Claim, Entry, Moment, Resume

ROOT = "Candidate"
NAMESPACE = "http://www.europass.eu/1.0"
_FREE_SKILLS = (
    "DigitalSkills",
    "OrganisationalSkills",
    "ManagementAndLeadershipSkills",
    "CommunicationAndInterpersonalSkills",
    "Others",
)


def read(document: Mapping[str, Any]) -> Resume:
    """The CV in it; the first profile where there are several, one for each language."""
    profile = plain.child(document, "CandidateProfile")
    skills, languages = _competencies(profile)
    return Resume(
        summary=plain.lines(plain.child(profile, "ExecutiveSummary")),
        skills=skills,
        skill_lines=tuple(line for name in _FREE_SKILLS for line in plain.leaves(plain.child(profile, name))),
        positions=tuple(_positions(profile)),
        projects=tuple(_project(one) for one in plain.items(plain.child(profile, "Projects"), "Project")),
        education=tuple(_studies(profile)),
        certificates=tuple(_certificates(profile)),
        publications=tuple(
            Entry(
                title=plain.word(one.get("Title") or one.get("FormattedPublicationDescription")),
                begun=plain.moment(one.get("PublicationDate") or one.get("Year")),
            )
            for one in plain.items(plain.child(profile, "PublicationHistory"), "Publication")
        ),
        languages=languages,
    )


def _positions(profile: Any) -> Iterator[Entry]:
    for employer in plain.items(plain.child(profile, "EmploymentHistory"), "EmployerHistory"):
        for one in plain.items(employer, "PositionHistory") or [employer]:
            period = plain.child(one, "EmploymentPeriod") or plain.child(employer, "EmploymentPeriod")
            begun, ended, ongoing = _span(period)
            yield Entry(
                title=plain.word(one.get("PositionTitle")),
                place=plain.word(employer.get("OrganizationName")),
                begun=begun,
                ended=ended,
                ongoing=ongoing,
                lines=plain.lines(one.get("Description")),
            )


def _studies(profile: Any) -> Iterator[Entry]:
    for one in plain.items(plain.child(profile, "EducationHistory"), "EducationOrganizationAttendance"):
        begun, ended, ongoing = _span(plain.child(one, "AttendancePeriod"))
        degree = plain.child(one, "EducationDegree")
        yield Entry(
            title=plain.word(one.get("ProgramName")) or plain.word(plain.child(degree, "DegreeName")),
            place=plain.word(one.get("OrganizationName")),
            begun=begun,
            ended=ended,
            ongoing=ongoing,
            lines=plain.lines(plain.child(degree, "OccupationalSkillsCovered")),
        )


def _certificates(profile: Any) -> Iterator[Entry]:
    for one in plain.items(plain.child(profile, "Certifications"), "Certification"):
        yield Entry(
            title=plain.word(one.get("CertificationName") or one.get("CertificationTypeCode")),
            place=plain.word(one.get("IssuingAuthority")),
            begun=plain.moment(one.get("FirstIssuedDate") or one.get("CertificationDate")),
            lines=plain.lines(one.get("CertificationDescription") or one.get("Description")),
        )


def _project(one: Mapping[str, Any]) -> Entry:
    begun, ended, _ongoing = _span(plain.child(one, "Period") or plain.child(one, "ProjectPeriod"))
    return Entry(
        title=plain.word(one.get("Title")),
        begun=begun,
        ended=ended,
        lines=plain.lines(one.get("Description")),
    )


def _competencies(profile: Any) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """Skills and languages. Identifiers of a published framework name nothing, so a name is needed."""
    skills: list[Claim] = []
    languages: list[Claim] = []
    for one in plain.items(plain.child(profile, "PersonQualifications"), "PersonCompetency"):
        name = plain.word(one.get("CompetencyName")) or plain.word(one.get("CompetencyID"))
        if not name or "://" in name:
            continue
        level = plain.word(plain.child(one, "ProficiencyLevel", "ScoreText"))
        is_language = plain.word(one.get("TaxonomyID")) == "language"
        (languages if is_language else skills).append(Claim(name=name, level=level))
    return tuple(skills), tuple(languages)


def _span(period: Any) -> tuple[Moment | None, Moment | None, bool]:
    begun = plain.moment(plain.child(period, "StartDate"))
    marks = (plain.child(period, "CurrentIndicator"), plain.child(period, "Ongoing"))
    current = any(str(mark).lower() == "true" for mark in marks)
    ended = None if current else plain.moment(plain.child(period, "EndDate"))
    return begun, ended, begun is not None and ended is None
