"""Courses without skills: what their text seems to teach, suggested for a steward to decide.

A run goes through the courses in batches, each a transaction, and passes over those whose text and linker are
those of the last time: so it can be stopped and started again, and a second run changes nothing. What a
person decided stays decided, whatever a later linker finds.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from groundwork.catalogue import suggestions
from groundwork.catalogue.models import Course, CourseTagging, Outcome, OutcomeSuggestion
from groundwork.core.actors import Actor
from groundwork.events import outbox
from groundwork.frameworks import vocabulary
from groundwork.frameworks.models import Skill
from recommender.matching.linker import SkillLinker
from recommender.matching.links import CONFIRMATION_THRESHOLD, SkillLink

BATCH = 200
METHOD = "1"
"""Of the steps in this module; a new one has every course read again."""

LOWEST_ACCEPTED = CONFIRMATION_THRESHOLD
"""Nothing below this probability is ever accepted without a person."""

CONTEXT = 80
"""Characters kept on either side of the words a suggestion rests on."""

LEVELS = {Course.Level.BEGINNER: 1, Course.Level.INTERMEDIATE: 2, Course.Level.ADVANCED: 3}
"""The medians of what the courses that come with this software teach, by the level of the course."""

LEVEL_UNKNOWN = 2
"""The median over all of them."""

# A sentence on what is needed beforehand says nothing of what is taught.
_NEEDED = re.compile(
    r"[^.!?。！？\n]*(?:pre-?requisite|co-?requisite|先修|先决)[^.!?。！？\n]*[.!?。！？]?", re.IGNORECASE
)
_BLANKS = re.compile(r"\s+")

Progress = Callable[[int, int], None]
"""Called after each batch with the courses seen and those there are."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a run did. `read` are the courses whose text was read, `unchanged` those passed over."""

    seen: int = 0
    read: int = 0
    unchanged: int = 0
    suggested: int = 0
    withdrawn: int = 0
    accepted: int = 0
    finished: bool = True


def tag(
    *,
    actor: Actor,
    now: datetime,
    accept_from: float | None = None,
    limit: int | None = None,
    on_progress: Progress | None = None,
) -> Tally:
    """Read the courses that lack skills, `limit` of them at most, and suggest outcomes.

    With `accept_from` exact names at or above that probability become outcomes at once. Raises ValueError
    where it lies below LOWEST_ACCEPTED.
    """
    if accept_from is not None and accept_from < LOWEST_ACCEPTED:
        raise ValueError(f"nothing below {LOWEST_ACCEPTED} is accepted without a person")
    linker = vocabulary.linker()
    run = _Run(linker=linker, version=version(), actor=actor, now=now, accept_from=accept_from)
    ids = list(without_skills().order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        if limit is not None and run.tally.read >= limit:
            run.tally.finished = False
            break
        run.batch(ids[start : start + BATCH])
        if on_progress:
            on_progress(run.tally.seen, len(ids))
    return run.tally


def without_skills() -> QuerySet[Course]:
    """The courses on offer of which no person has said what they teach."""
    outcomes = Outcome.objects.filter(course=OuterRef("pk"))
    tagged = CourseTagging.objects.filter(course=OuterRef("pk"))
    return Course.objects.offered().filter(~Q(Exists(outcomes)) | Q(Exists(tagged)))


def version() -> str:
    """Of the linker: changes with the vocabulary and with the steps here."""
    columns = ("slug", "name_en", "name_zh", "aliases_en", "aliases_zh")
    rows = list(Skill.objects.order_by("slug").values_list(*columns))
    return hashlib.sha256(json.dumps([METHOD, rows]).encode()).hexdigest()


def text_of(course: Course) -> str:
    """What is read: title, keywords and description, without what they say is needed beforehand."""
    titles = dict.fromkeys(filter(None, (course.title_en, course.title_zh)))
    parts = [*titles, ", ".join(course.keywords), course.description]
    return "\n\n".join(filter(None, (_NEEDED.sub(" ", part).strip() for part in parts)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    course: Course
    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.course.level}\n{self.text}".encode()).hexdigest()


class _Run:
    """One run over the courses."""

    def __init__(
        self, *, linker: SkillLinker, version: str, actor: Actor, now: datetime, accept_from: float | None
    ) -> None:
        self.tally = Tally()
        self._linker = linker
        self._version = version
        self._actor = actor
        self._now = now
        self._accept_from = accept_from
        self._skills = dict(Skill.objects.values_list("slug", "pk"))

    @transaction.atomic
    def batch(self, ids: Sequence[int]) -> None:
        """Read those of the courses that have changed, or whose linker has."""
        courses = list(Course.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        taggings = CourseTagging.objects.filter(course__in=courses).in_bulk(field_name="course_id")
        texts = [_Text(course=course, text=text_of(course)) for course in courses]
        fresh = [one for one in texts if not self._is_done(taggings.get(one.course.pk), one)]
        self.tally.seen += len(ids)
        self.tally.unchanged += len(courses) - len(fresh)
        if not fresh:
            return
        self.tally.read += len(fresh)
        found = [made for one in fresh for made in self._found(one)]
        self._write(found, [one.course for one in fresh])
        self._remember(fresh)
        outbox.record(
            actor=self._actor,
            action="courses.tagged",
            subject=fresh[-1].course,
            details={"courses": len(fresh), "suggestions": len(found)},
        )

    def _is_done(self, tagging: CourseTagging | None, one: _Text) -> bool:
        return tagging is not None and (tagging.text_digest, tagging.linker) == (one.digest, self._version)

    def _found(self, one: _Text) -> Iterator[OutcomeSuggestion]:
        for link in self._linker.link(one.text):
            if link.skill in self._skills:
                yield self._suggestion(one, link)

    def _suggestion(self, one: _Text, link: SkillLink) -> OutcomeSuggestion:
        start, end = link.span
        around = one.text[max(0, start - CONTEXT) : end + CONTEXT]
        stated = {"level": one.course.level} if one.course.level else {}
        return OutcomeSuggestion(
            course=one.course,
            skill_id=self._skills[link.skill],
            level=LEVELS.get(Course.Level(one.course.level), LEVEL_UNKNOWN) if stated else LEVEL_UNKNOWN,
            probability=min(1.0, max(0.0, round(link.confidence, 4))),
            words=_tidy(link.words)[:300],
            context=_tidy(around)[:500],
            reason={"method": link.method.value, **stated},
            linker=self._version,
        )

    def _write(self, found: Sequence[OutcomeSuggestion], courses: Sequence[Course]) -> None:
        """Put the new suggestions beside what has been decided, in place of what has not."""
        there = OutcomeSuggestion.objects.filter(course__in=courses)
        decided = set(
            there.exclude(state=OutcomeSuggestion.State.SUGGESTED).values_list("course_id", "skill_id")
        )
        decided |= set(Outcome.objects.filter(course__in=courses).values_list("course_id", "skill_id"))
        open_before = there.filter(state=OutcomeSuggestion.State.SUGGESTED)
        before = set(open_before.values_list("course_id", "skill_id"))
        wanted = {(one.course_id, one.skill_id): one for one in found}
        fresh = [one for key, one in wanted.items() if key not in decided]
        open_before.delete()
        OutcomeSuggestion.objects.bulk_create(fresh)
        self.tally.suggested += len(wanted.keys() - decided - before)
        self.tally.withdrawn += len(before - wanted.keys())
        self._accept(fresh)

    def _accept(self, fresh: Iterable[OutcomeSuggestion]) -> None:
        if self._accept_from is None:
            return
        for one in fresh:
            if one.probability >= self._accept_from and one.reason["method"] == "alias":
                suggestions.accept(one, actor=self._actor, now=self._now)
                self.tally.accepted += 1

    def _remember(self, texts: Sequence[_Text]) -> None:
        CourseTagging.objects.bulk_create(
            [
                CourseTagging(
                    course=one.course, text_digest=one.digest, linker=self._version, tagged_at=self._now
                )
                for one in texts
            ],
            update_conflicts=True,
            unique_fields=["course"],
            update_fields=["text_digest", "linker", "tagged_at"],
        )


def _tidy(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()
