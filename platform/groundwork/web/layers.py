"""The four layers of the study as bands of a map: what each is, how many companies work there, our roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundwork.frameworks.models import Priority, Role

Rows = list[dict[str, Any]]

MEANINGS: Mapping[Role.Layer, str | Promise] = {
    Role.Layer.FOUNDATION: _(
        "Chips, computing power, system software and frameworks: what all AI stands on."
    ),
    Role.Layer.TECHNOLOGY: _("Algorithms and models, with the data and the operation behind them."),
    Role.Layer.APPLICATION: _(
        "Products of AI for everybody: smart apps, recommendation, recognition of faces."
    ),
    Role.Layer.COMPOUND: _("A field and AI in one person, so that a project gets beyond its pilot."),
}
SHARES = {Role.Layer.FOUNDATION: 7, Role.Layer.TECHNOLOGY: 25, Role.Layer.APPLICATION: 68}
"""Share of China's AI companies that work on a layer, in per cent: Li, Yang, Chen (2021). It counts no
companies for the compound roles."""
SHARES_AS_OF = "2021-05"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Roles of one field; the name is "" where a layer is not divided."""

    name: str
    rows: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One layer. `total` counts all roles of it, `shown` those of the page; `share` is in per cent."""

    layer: str
    name: str
    meaning: str
    share: int | None
    priority: Priority | None
    total: int
    shown: int
    groups: list[Group]

    @property
    def leads(self) -> bool:
        """Whether strategy wants this layer first."""
        return self.priority is not None and self.priority.priority == 1


def bands(rows: Rows, *, totals: Mapping[str, int], only: Iterable[str]) -> list[Band]:
    """The layers of `only`, from the foundation up; each with its own of `rows`, in their order."""
    wanted = set(only)
    priorities = {one.layer: one for one in Priority.objects.filter(layer__in=wanted)} if wanted else {}
    return [
        _band(
            layer,
            [row for row in rows if row["role"].layer == layer],
            priority=priorities.get(layer),
            total=totals.get(layer, 0),
        )
        for layer in Role.Layer
        if layer in wanted
    ]


def _band(layer: Role.Layer, rows: Rows, *, priority: Priority | None, total: int) -> Band:
    by_field = layer == Role.Layer.COMPOUND
    return Band(
        layer=layer.value,
        name=str(layer.label),
        meaning=str(MEANINGS[layer]),
        share=SHARES.get(layer),
        priority=priority,
        total=total,
        shown=len(rows),
        groups=_by_field(rows) if by_field else [Group(name="", rows=rows)] if rows else [],
    )


def _by_field(rows: Rows) -> list[Group]:
    found: dict[str, Rows] = {}
    for row in rows:
        found.setdefault(row["role"].domain, []).append(row)
    return [Group(name=name, rows=there) for name, there in found.items()]
