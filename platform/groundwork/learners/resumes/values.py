"""What an exported CV says, whatever format it came in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A year, and the month (1..12) where it is said."""

    year: int
    month: int | None = None

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}" if self.month else str(self.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A dated item: a position, a project, a study, a certificate.

    `place` is the employer, school or issuer; `lines` is what is said of it. A certificate has no `ended`:
    its day is `begun`. `ongoing`: it has begun and goes on.
    """

    title: str
    place: str = ""
    begun: Moment | None = None
    ended: Moment | None = None
    ongoing: bool = False
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A skill or language by name, with the words for its level and the years of practice, where stated."""

    name: str
    level: str = ""
    years: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """One CV. `skill_lines` are words about skills that are no names, such as a paragraph."""

    summary: tuple[str, ...] = ()
    skills: tuple[Claim, ...] = ()
    skill_lines: tuple[str, ...] = ()
    positions: tuple[Entry, ...] = ()
    projects: tuple[Entry, ...] = ()
    education: tuple[Entry, ...] = ()
    certificates: tuple[Entry, ...] = ()
    publications: tuple[Entry, ...] = ()
    languages: tuple[Claim, ...] = ()

    @property
    def has_content(self) -> bool:
        """Whether there is anything to find skills in."""
        return any(
            (
                self.summary,
                self.skills,
                self.skill_lines,
                self.positions,
                self.projects,
                self.education,
                self.certificates,
                self.publications,
                self.languages,
            )
        )
