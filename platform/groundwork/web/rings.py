"""A share as a ring, always beside its words: done, mastered, lapsing."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from groundwork.plans.mastering import Mastery


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """`percent` of a circle is drawn, in the colour of `kind` (done, mastered, lapsing); `text` says it."""

    kind: str
    name: str
    percent: int
    text: str


def of(mastery: Mastery) -> list[Ring]:
    """The three rings of a plan; shares are rounded down, so that a full ring is full."""
    required = {"all": mastery.required}
    return [
        Ring(
            kind="done",
            name=_("Done"),
            percent=_percent(mastery.done_hours, mastery.hours),
            text=_("%(done)s of %(all)s hours done") % {"done": mastery.done_hours, "all": mastery.hours},
        ),
        Ring(
            kind="mastered",
            name=_("Mastered"),
            percent=_percent(mastery.mastered, mastery.required),
            text=_("%(n)d of %(all)d skills") % {"n": mastery.mastered, **required},
        ),
        Ring(
            kind="lapsing",
            name=_("Lapsing"),
            percent=_percent(mastery.lapsing, mastery.required),
            text=_("%(n)d of %(all)d skills within a year") % {"n": mastery.lapsing, **required},
        ),
    ]


def _percent(part: int, whole: int) -> int:
    return 100 * part // whole if whole else 0
