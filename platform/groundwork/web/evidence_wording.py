"""What a line of evidence did and who recorded it, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundwork.frameworks.models import Skill
from groundwork.learners.answering import Line
from groundwork.learners.models import Learner

HALF_LIFE_NAMES = {
    Skill.HalfLife.TOOL: gettext_lazy("a tool"),
    Skill.HalfLife.METHOD: gettext_lazy("a method"),
    Skill.HalfLife.FOUNDATION: gettext_lazy("a foundation"),
}


def recorder_name(label: str, *, learner: Learner | None) -> str:
    """Who stands behind `recorded_by`, as the person (or, without one, an administrator) may read it."""
    kind, _sign, who = label.partition(":")
    if learner and kind == "user" and who == str(learner.user_id):
        return _("recorded by you")
    match kind:
        case "user":
            return _("recorded by an administrator") if learner else _("recorded by a member")
        case "service":
            return _("recorded by an HR system")
        case _:
            return _("recorded by the system")


def effect_of(line: Line) -> str:
    """What the line does to the level."""
    match line.role:
        case "lowers-nothing":
            return _("shows at least this level, and more is known")
        case "raises-nothing":
            return _("shows at most this level, and no more is believed")
        case "overtaken":
            return _("a later word has taken its place")
        case "withdrawn":
            return _("does not count")
        case _ if not line.percent:
            return _("counted, then later evidence took its share")
        case _:
            return _("%(n)d %% of the estimate") % {"n": line.percent}
