"""A path as PDF, typeset by Typst; why that, and where its font comes from: docs/decisions/0029."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundwork.catalogue.models import Course
from groundwork.core.languages import in_chinese
from groundwork.web import naming
from groundwork.web.naming import Names

if TYPE_CHECKING:
    from datetime import date

    from groundwork.web.exporting import Taken, TakenStep

TEMPLATE = Path(__file__).with_name("plan.typ")
FONT = "cvttf_NotoSansCJK_Regular"
LANGUAGES = {"en": "English", "zh": "中文"}
DIGEST_SHOWN = 16


def write(path: Taken, *, title: str, notes: list[str], made_on: date) -> bytes:
    """The document in the reader's language, tagged for screen readers; the same path is the same bytes."""
    import typst  # here: 80 MB of compiled code, for the few requests that need it

    plan = content(path, title=title, notes=notes, made_on=made_on)
    made: bytes = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=[_fonts()],
        # What a machine happens to have would change the document.
        ignore_system_fonts=True,
        sys_inputs={"plan": json.dumps(plan, ensure_ascii=False)},
        format="pdf",
        pdf_standards=["ua-1"],
    )
    return made


def _fonts() -> Path:
    """The folder of the package with the font; its module is not run."""
    spec = find_spec(FONT)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{FONT} is not installed: run `make setup`")
    return Path(spec.origin).parent


def content(path: Taken, *, title: str, notes: list[str], made_on: date) -> dict[str, Any]:
    """What plan.typ says; every text is data to it, so nothing in a title is a command."""
    gained = {one["skill"] for step in path.steps for one in _closed(step)}
    names = naming.names(courses=(), skills=gained)
    hours, price = (sum(values) for values in ([s.hours for s in path.steps], [s.price for s in path.steps]))
    footer = _("Groundwork · computed on %(day)s · catalogue %(digest)s")
    return {
        "language": "zh" if in_chinese() else "en",
        "region": "cn" if in_chinese() else "gb",
        "title": _("Path to %(role)s") % {"role": title},
        "verdict": _verdict(path, surcharge=(path.cost or 0) - 100 * hours - price),
        "notes": notes,
        "facts": _facts(path, hours=hours, price=price),
        "steps": [_step(number, one, names=names) for number, one in enumerate(path.steps, start=1)],
        "footer": footer % {"day": made_on.isoformat(), "digest": path.digest[:DIGEST_SHOWN]},
    }


def _verdict(path: Taken, *, surcharge: int) -> str:
    if not path.steps:
        return _("There are no steps to take here.")
    if path.status != "optimal":
        percent = -(-100 * (path.cost - path.bound) // path.bound) if path.cost and path.bound else None
        late = _("The time was too short to prove more.")
        if percent is None:
            return late
        return _("At most %(n)s %% above the best possible.") % {"n": percent} + " " + late
    if surcharge:
        best = _(
            "No other sequence of the listed courses reaches this role with less effort, counted with what "
            "you prefer."
        )
    else:
        best = _("No other sequence of the listed courses reaches this role with less effort.")
    return _("Proven best.") + " " + best


def _facts(path: Taken, *, hours: int, price: int) -> list[dict[str, str]]:
    facts = [(_("Total"), _hours(hours)), (_("Price"), _("%(n)s yuan") % {"n": price})]
    if path.steps:
        facts += [
            (_("Starts"), path.steps[0].starts_on.isoformat()),
            (_("Finished by"), max(step.ends_on for step in path.steps).isoformat()),
        ]
    return [{"name": name, "value": value} for name, value in facts]


def _hours(hours: int) -> str:
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}


def _step(number: int, step: TakenStep, *, names: Names) -> dict[str, Any]:
    course = step.course
    guessed = f" ({_('estimate')})"
    facts = [
        str(course.provider or ""),
        course.get_format_display(),
        LANGUAGES.get(course.language, course.language),
        _hours(step.hours) + (guessed if course.hours_basis == Course.Basis.ESTIMATE else ""),
        _price(step) + (guessed if step.price and course.price_basis == Course.Basis.ESTIMATE else ""),
        _("hands-on") if course.hands_on else "",
    ]
    closed = [f"{names.skill(one['skill'])} {one['before']}→{one['after']}" for one in _closed(step)]
    return {
        "number": number,
        "title": course.title,
        "when": f"{step.starts_on} – {step.ends_on}",
        "facts": " · ".join(filter(None, facts)),
        "reasons": f"{_('Closes:')} {' · '.join(closed)}" if closed else "",
        "url": course.url,
    }


def _price(step: TakenStep) -> str:
    return _("%(n)s yuan") % {"n": step.price} if step.price else step.course.get_price_class_display()


def _closed(step: TakenStep) -> list[dict[str, Any]]:
    """What the step gains of what the goal needs."""
    return [one for one in step.reasons["gains"] if one["needed"] is not None]
