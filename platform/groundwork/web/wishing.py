"""The wishes for a path: all stand in the address, so that every variant has one, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundwork.catalogue.models import Course, Provider
from groundwork.learners import public_holidays
from groundwork.plans import deadlines
from groundwork.plans.refusals import CourseRefusal
from groundwork.plans.snapshot import Wishes
from groundwork.plans.study_days import Dates
from groundwork.web import standing
from groundwork.web.forms import LANGUAGES, WishesForm
from groundwork.web.naming import Names
from groundwork.web.standing import Standing

Data = Mapping[str, Any]
"""What a valid `WishesForm` holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One wish in words, and the query of the same path without it."""

    text: str
    undo: str


def wishes_form(request: HttpRequest, person: Standing) -> WishesForm:
    """The wishes of the address; before anybody has wished, the person's own hours, days and languages."""
    given = request.GET.copy()
    if "hours" not in given:
        given.setlistdefault("languages", list(person.languages))
        given.setdefault("courses", str(person.courses_at_once))
        given.setdefault("holidays", person.country)
    if not given.get("hours"):
        given["hours"] = str(person.hours_per_week)
    return form_of(given, refused=standing.refused_by(request, person))


def form_of(given: QueryDict, *, refused: Mapping[str, str]) -> WishesForm:
    """The wishes of a query, for somebody for whom the courses `refused` (slug -> reason) are not."""
    form = WishesForm(given)
    form.refused = refused
    return form


def dates_of(data: Data, person: Standing) -> Dates:
    """What turns the hours of a path that starts today into days, by the wishes in `data`."""
    return standing.dates(
        person,
        hours_per_week=data["hours"],
        courses_at_once=data["courses"],
        country=data["holidays"],
    )


def wishes_of(form: WishesForm, person: Standing) -> Wishes:
    """The domain's view of a valid form, for a path of `person` that starts today."""
    data = form.cleaned_data
    left_out = {*data["without"], *_refused(data), *_avoided(data["avoid"])}
    return Wishes(
        languages=tuple(data["languages"]),
        max_price=data["max_price"],
        max_hours=_most_hours(data, person),
        finish_by=data["deadline"],
        exclude=frozenset(left_out.difference(data["insist"])),
        include=frozenset(data["insist"]),
        min_hands_on=data["practice"] or 0,
        lowered=tuple(sorted(data["lower"].items())),
        with_optional=data["optional"],
        strategic=data["strategic"] or 0,
        demanded=data["demanded"] or 0,
        ties_only=data["ties"],
    )


def _refused(data: Data) -> Iterator[str]:
    """Courses that are not for the person; what one knows is on record as skills."""
    return (course for course, reason in data["refused"].items() if reason != CourseRefusal.Reason.KNOWN)


def _avoided(tokens: list[str]) -> frozenset[str]:
    """The courses (slugs) of the providers and formats named."""
    if not tokens:
        return frozenset()
    kinds = [token.split(":") for token in tokens]
    providers = [int(value) for kind, value in kinds if kind == "provider"]
    formats = [value for kind, value in kinds if kind == "format"]
    found = Course.objects.plannable().filter(Q(provider__in=providers) | Q(format__in=formats))
    return frozenset(found.values_list("slug", flat=True))


def _most_hours(data: Data, person: Standing) -> int | None:
    """The hours of the study days until the last one: with days off there are fewer."""
    if data["deadline"] is None:
        return None
    return deadlines.hours_until(data["deadline"], **dates_of(data, person))


def query(data: Data, **changes: Any) -> str:
    """The query string of the wishes in `data`, some of them changed."""
    wished = {**data, **changes}
    # Hours are always said: without them the languages would be the person's again.
    pairs = [("hours", wished["hours"]), *[("languages", one) for one in wished["languages"]]]
    pairs += [(name, wished[name]) for name in ("max_price", "deadline") if wished[name] is not None]
    pairs += [("courses", wished["courses"])] if wished["courses"] > 1 else []
    pairs += [("holidays", wished["holidays"])] if wished["holidays"] else []
    pairs += [(name, wished[name]) for name in ("practice", "strategic", "demanded") if wished[name]]
    pairs += [(name, "on") for name in ("optional", "ties") if wished[name]]
    pairs += [(name, " ".join(wished[name])) for name in ("without", "insist", "avoid") if wished[name]]
    if wished["lower"]:
        pairs.append(("lower", " ".join(f"{skill}:{level}" for skill, level in wished["lower"].items())))
    return urlencode(pairs)


def moved(given: QueryDict) -> str:
    """The same wishes, after `drop` and `take` of the address: a course left out, one taken in any case."""
    rest = given.copy()
    for name, into, out_of in (("drop", "without", "insist"), ("take", "insist", "without")):
        for course in rest.pop(name, []):
            rest[out_of] = " ".join(one for one in rest.get(out_of, "").split() if one != course)
            rest[into] = " ".join(dict.fromkeys([*rest.get(into, "").split(), str(course)]))
    return rest.urlencode()


def chips(data: Data, *, person: Standing, names: Names) -> list[Chip]:
    """Every wish that is not the person's own standard."""
    return [
        *(Chip(text=text, undo=query(data, **undo)) for text, undo in _of_limits(data, person)),
        *(Chip(text=text, undo=query(data, **undo)) for text, undo in _of_preferences(data)),
        *(Chip(text=text, undo=query(data, **undo)) for text, undo in _of_content(data, names)),
    ]


Said = Iterator[tuple[str, dict[str, Any]]]
"""Words for a wish, and what takes it back."""


def _of_limits(data: Data, person: Standing) -> Said:
    if data["hours"] != person.hours_per_week:
        yield _("%(hours)d hours a week") % {"hours": data["hours"]}, {"hours": person.hours_per_week}
    if data["courses"] != person.courses_at_once:
        text = ngettext("%(n)d course at once", "%(n)d courses at once", data["courses"])
        yield text % {"n": data["courses"]}, {"courses": person.courses_at_once}
    if data["holidays"] != person.country:
        text = _("Off on the public holidays of: %(country)s") % {"country": _country(data["holidays"])}
        yield text, {"holidays": person.country}
    if data["deadline"] is not None:
        values = {"day": data["deadline"].isoformat(), "hours": _most_hours(data, person)}
        yield _("Finished by %(day)s: at most %(hours)d hours") % values, {"deadline": None}
    if data["max_price"] is not None:
        yield _("At most %(price)d yuan") % {"price": data["max_price"]}, {"max_price": None}
    if set(data["languages"]) != set(person.languages):
        named = " + ".join(str(name) for code, name in LANGUAGES if code in data["languages"])
        text = _("Taught in: %(languages)s") % {"languages": named} if named else _("Taught in any language")
        yield text, {"languages": person.languages}


def _country(code: str) -> str:
    return str(public_holidays.COUNTRIES[code]) if code else _("no country")


def _of_preferences(data: Data) -> Said:
    if data["practice"]:
        yield _("At least %(percent)d %% hands-on") % {"percent": data["practice"]}, {"practice": None}
    if data["optional"]:
        yield _("Optional requirements included"), {"optional": False}
    if data["strategic"]:
        values = {"weight": data["strategic"]}
        yield _("Skills of strategic priority preferred: %(weight)d of 5") % values, {"strategic": None}
    if data["demanded"]:
        values = {"weight": data["demanded"]}
        yield _("Skills in demand preferred: %(weight)d of 5") % values, {"demanded": None}


def _of_content(data: Data, names: Names) -> Said:
    for name, text in (
        ("without", _("Left out at your wish: %(title)s.")),
        ("insist", _("Taken in any case: %(title)s.")),
    ):
        for slug in data[name]:
            said = text if slug in names.courses else _("There is no such course: %(title)s.")
            undo = {name: [one for one in data[name] if one != slug]}
            yield said % {"title": names.course(slug)}, undo
    yield from _of_kinds(data)
    for skill, level in data["lower"].items():
        values = {"skill": names.skill(skill), "level": level}
        text = _("%(skill)s: level %(level)d is enough for now") if level else _("Without %(skill)s for now")
        yield text % values, {"lower": {one: at for one, at in data["lower"].items() if one != skill}}


def _of_kinds(data: Data) -> Said:
    for token in data["avoid"]:
        kind, value = token.split(":")
        undo = {"avoid": [one for one in data["avoid"] if one != token]}
        if kind == "provider":
            name = Provider.objects.filter(pk=value).values_list("name", flat=True).first() or value
            yield _("Nothing by %(provider)s") % {"provider": name}, undo
        else:
            name = dict(Course.Format.choices).get(value, value)
            yield _("Nothing of this format: %(format)s") % {"format": name}, undo
