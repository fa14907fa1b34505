"""Up to three roles side by side; the address names them, so that a comparison can be kept and sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from groundwork.frameworks.models import Role
from groundwork.plans import comparing, ranking
from groundwork.plans.comparing import SkillLine
from groundwork.plans.snapshot import Wishes
from groundwork.web import combining, presenting, standing, wording
from groundwork.web.standing import Standing

FEWEST, MOST = 2, 3
FIELDS = 8
"""Fields shown at most, when an address names more roles than can be compared."""
WORD = 80


@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """The roles of `role=a&role=b&role=c`: at once with the hours each takes at least, then exactly."""
    named = _named(request.GET)
    roles = _roles(named)
    error = _error(named, roles)
    context: dict[str, Any] = {"error": error, **choices([role.slug for role in roles])}
    if named and not error:
        exact = bool(request.GET.get("hours")) or bool(request.htmx)  # type: ignore[attr-defined]  # HtmxMiddleware
        context |= _compared(roles, person=standing.of(request), exact=exact)
    page = "web/_compared.html" if request.htmx and not error else "web/compare.html"  # type: ignore[attr-defined]  # HtmxMiddleware
    return render(request, page, context, status=422 if error else 200)


def choices(chosen: Sequence[str] = ()) -> dict[str, Any]:
    """What the form shows: all roles by layer, and a field for each of `chosen` (slugs), three at least."""
    return {"groups": combining.groups(), **fields(chosen)}


def fields(chosen: Sequence[str] = ()) -> dict[str, Any]:
    """The fields alone, for a page that has the roles by layer anyway."""
    return {"compare_fields": [*chosen[:FIELDS], *[""] * (MOST - len(chosen))]}


def _named(given: QueryDict) -> list[str]:
    """The slugs of the address, each once."""
    return list(dict.fromkeys(slug for slug in given.getlist("role") if slug))


def _roles(named: list[str]) -> list[Role]:
    """Those of `named` that there are, in that order."""
    found = {role.slug: role for role in Role.objects.with_requirements().filter(slug__in=named)}
    return [found[slug] for slug in named if slug in found]


def _error(named: list[str], roles: list[Role]) -> str:
    """What keeps the roles from being compared; "": nothing does."""
    known = {role.slug for role in roles}
    unknown = [slug[:WORD] for slug in named if slug not in known]
    if unknown:
        return _("There is no such role: %(names)s.") % {"names": ", ".join(unknown[:MOST])}
    if len(named) > MOST:
        return _("At most three roles stand side by side. Take some away.")
    if 0 < len(named) < FEWEST:
        return _("One role alone cannot be compared. Choose a second one.")
    return ""


def _compared(roles: list[Role], *, person: Standing, exact: bool) -> dict[str, Any]:
    """The tables; without skills there are the roles as they are."""
    wishes = Wishes(languages=person.languages)
    if person.can_start:
        ranked = ranking.rank(
            levels=person.levels,
            wishes=wishes,
            learner=person.learner,
            roles=roles,
            exact=len(roles) if exact else 0,
        )
    else:
        ranked = ranking.by_coverage(levels=person.levels, roles=roles)
    by_key = {one.role.pk: presenting.ranked_row(one, top=len(one.gaps)) for one in ranked}
    columns = [by_key[role.pk] for role in roles]
    context: dict[str, Any] = {
        "person": person,
        "columns": columns,
        "lines": [_line(one, roles=roles) for one in comparing.skill_lines(roles, levels=person.levels)],
        "waiting": person.can_start and not exact,
        "query": urlencode([("role", role.slug) for role in roles]),
    }
    if person.can_start and exact:
        left = comparing.left_after(roles, levels=person.levels, wishes=wishes, learner=person.learner)
        context["left"] = [
            {
                "role": role,
                "cells": [
                    {"role": other, "distance": one, "has_route": one is not None and one.has_route}
                    for other, one in zip(roles, row, strict=True)
                ],
            }
            for role, row in zip(roles, left, strict=True)
        ]
    return context


def _line(line: SkillLine, *, roles: list[Role]) -> dict[str, Any]:
    return {
        "skill": line.skill,
        "have": line.have,
        "have_name": wording.level_name(line.have),
        "in_all": line.in_all,
        "only": None if line.only is None else roles[line.only],
        "cells": [
            {
                "role": role,
                "requirement": row,
                "level_name": wording.level_name(row.level) if row else "",
                "met": row is not None and line.have >= row.level,
            }
            for role, row in zip(roles, line.asked, strict=True)
        ],
    }
