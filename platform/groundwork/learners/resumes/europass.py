"""Europass CVs of schema 3.x (`SkillsPassport`), as XML and as JSON, which mirror one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from groundwork.learners.resumes import plain
from groundwork.learners.resumes.values import Claim, Entry, Moment, Resume

ROOT = "SkillsPassport"
NAMESPACE = "http://europass.cedefop.europa.eu/Europass"
_SKILLS = ("Computer", "JobRelated", "Organisational", "Communication", "Other")
_TARGETS = frozenset({"job_applied_for", "preferred_job", "studies_applied_for"})
_PROJECTS = frozenset({"projects", "conferences", "seminars"})


def is_one(document: Mapping[str, Any]) -> bool:
    """Whether a JSON object is one."""
    return isinstance(document.get(ROOT), Mapping) or isinstance(document.get("LearnerInfo"), Mapping)


def read(document: Mapping[str, Any]) -> Resume:
    """The CV in it; `document` may be the passport or hold it."""
    learner = plain.child(document, ROOT, "LearnerInfo") or plain.child(document, "LearnerInfo")
    achievements = plain.items(learner, "Achievement")
    return Resume(
        summary=_headline(learner),
        skills=tuple(_certified(learner)),
        skill_lines=tuple(_said(learner)),
        positions=tuple(_position(one) for one in plain.items(learner, "WorkExperience")),
        projects=tuple(_achievement(one) for one in achievements if _code(one) in _PROJECTS),
        education=tuple(_study(one) for one in plain.items(learner, "Education")),
        certificates=tuple(
            _achievement(one) for one in achievements if _code(one) in {"certifications", "courses"}
        ),
        publications=tuple(_achievement(one) for one in achievements if _code(one) == "publications"),
        languages=tuple(_languages(learner)),
    )


def _headline(learner: Any) -> tuple[str, ...]:
    """What the person calls themselves, not what they apply for."""
    headline = plain.child(learner, "Headline")
    if plain.word(plain.child(headline, "Type", "Code")) in _TARGETS:
        return ()
    return plain.lines(plain.child(headline, "Description"))


def _said(learner: Any) -> Iterator[str]:
    skills = plain.child(learner, "Skills")
    for name in _SKILLS:
        part = plain.child(skills, name)
        yield from plain.lines(plain.child(part, "Description") if isinstance(part, Mapping) else part)


def _certified(learner: Any) -> Iterator[Claim]:
    computer = plain.child(learner, "Skills", "Computer")
    for one in plain.items(computer, "Certificate"):
        if name := plain.word(one.get("Title")):
            yield Claim(name=name)


def _position(one: Mapping[str, Any]) -> Entry:
    begun, ended, ongoing = _period(one)
    return Entry(
        title=plain.word(one.get("Position")),
        place=plain.word(plain.child(one, "Employer", "Name")),
        begun=begun,
        ended=ended,
        ongoing=ongoing,
        lines=plain.lines(one.get("Activities")),
    )


def _study(one: Mapping[str, Any]) -> Entry:
    begun, ended, ongoing = _period(one)
    return Entry(
        title=plain.word(one.get("Title")),
        place=plain.word(plain.child(one, "Organisation", "Name")),
        begun=begun,
        ended=ended,
        ongoing=ongoing,
        lines=plain.lines(one.get("Activities")),
    )


def _period(one: Mapping[str, Any]) -> tuple[Moment | None, Moment | None, bool]:
    begun = plain.moment(plain.child(one, "Period", "From"))
    current = str(plain.child(one, "Period", "Current")).lower() == "true"
    ended = None if current else plain.moment(plain.child(one, "Period", "To"))
    return begun, ended, begun is not None and ended is None


def _achievement(one: Mapping[str, Any]) -> Entry:
    first, *rest = plain.lines(one.get("Description")) or (plain.word(one.get("Title")),)
    return Entry(title=first, lines=tuple(rest))


def _code(one: Mapping[str, Any]) -> str:
    return plain.word(plain.child(one, "Title", "Code")).lower()


def _languages(learner: Any) -> Iterator[Claim]:
    linguistic = plain.child(learner, "Skills", "Linguistic")
    for kind in ("MotherTongue", "ForeignLanguage"):
        for one in plain.items(linguistic, kind):
            if name := plain.word(one.get("Description")):
                yield Claim(name=name, level=plain.word(plain.child(one, "ProficiencyLevel", "Writing")))
