"""What the hours of a step rest on, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from groundwork.catalogue.models import Course


def difference(estimate: Mapping[str, Any] | None, *, course: Course) -> str:
    """Expected beside declared hours with source and date; "" where they are the same or nothing is known."""
    if not estimate or estimate["expected"] == estimate["declared"]:
        return ""
    values = {**estimate, "source": _source(estimate), "day": estimate["as_of"]}
    if course.hours_basis == Course.Basis.ESTIMATE:
        return (
            _("Expected %(expected)d h, the editors assumed %(declared)d h; %(source)s, as of %(day)s.")
            % values
        )
    return _("Expected %(expected)d h, the provider says %(declared)d h; %(source)s, as of %(day)s.") % values


def basis(estimate: Mapping[str, Any] | None, *, version: str | None) -> list[str]:
    """The same at more length; `version` is "" for somebody who wants declared hours, None without any."""
    if not settings.ESTIMATES:
        return []
    if version == "":
        return [_("Declared hours count, as this person wishes.")]
    if not estimate:
        return [_("Hours: not enough data for an estimate of our own.")]
    found = [_("Estimate of hours: %(source)s, as of %(day)s.") % _named(estimate)]
    if estimate["percent"] is not None:
        found.append(
            _(
                "About %(percent)d of 100 attempts are expected to be finished (%(ended)d have ended). "
                "That is a wide guess about courses, not a verdict on anybody."
            )
            % estimate
        )
    return [*found, _("Version of the estimates: %(version)s.") % estimate]


def _named(estimate: Mapping[str, Any]) -> dict[str, Any]:
    return {"source": _source(estimate), "day": estimate["as_of"]}


def _source(estimate: Mapping[str, Any]) -> str:
    attempts = estimate["timed"] or estimate["ended"]
    if not attempts:
        return _("from own pace in %(own)d finished courses") % estimate
    if estimate["timed"] and estimate["own"]:
        return _("from %(timed)d finished attempts and own pace in %(own)d courses") % estimate
    if estimate["timed"]:
        return _("from %(timed)d finished attempts") % estimate
    return _("from %(ended)d attempts that ended") % estimate
