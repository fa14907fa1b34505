"""The labelled assumptions that stand in for attempts nobody has made yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from recommender.datasets.rows import Row, read_rows
from recommender.domain import Label
from recommender.errors import MalformedInputError
from recommender.estimators.completion import Assumptions, Length

COLUMNS = "kind,key,value,basis_en,basis_zh"
# Lowest and highest value of each kind: shares and strengths that the estimators can work with.
KINDS = {
    "completion": (0.05, 0.95),
    "completion-level": (-2.0, 2.0),
    "completion-strength": (1.0, 1000.0),
    "hours-spread": (0.05, 2.0),
    "hours-strength": (1.0, 1000.0),
    "redone": (0.0, 1.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptAssumptions:
    """What is assumed of completion and hours, with the words that say so by (kind, key).

    `hours_strength` is how many finished courses the declared hours weigh; `redone` the share of a course
    that is done again after giving up once.
    """

    completion: Assumptions
    hours_spread: float
    hours_strength: float
    redone: float
    basis: Mapping[tuple[str, str], Label]


def load_assumptions(root: Path) -> AttemptAssumptions:
    """Read `estimates/assumptions.csv`. Raises MalformedInputError for a missing or impossible one."""
    path = root / "estimates" / "assumptions.csv"
    values: dict[tuple[str, str], float] = {}
    basis: dict[tuple[str, str], Label] = {}
    for row in read_rows(path, columns=COLUMNS):
        place = row.one_of("kind", frozenset(KINDS)), row.text("key")
        if place in values:
            raise row.error("key", "occurs twice")
        values[place], basis[place] = _value(row, kind=place[0]), row.label("basis")
    wanted = {*_shares(), *((kind, "") for kind in KINDS if kind != "completion")}
    if values.keys() != wanted:
        odd = sorted(" ".join(one).strip() for one in values.keys() ^ wanted)
        raise MalformedInputError(f"{path}: missing or unknown: {', '.join(odd)}")
    return AttemptAssumptions(
        completion=Assumptions(
            shares={kind: values[place] for place, kind in _shares().items()},
            per_level=values["completion-level", ""],
            strength=values["completion-strength", ""],
        ),
        hours_spread=values["hours-spread", ""],
        hours_strength=values["hours-strength", ""],
        redone=values["redone", ""],
        basis=basis,
    )


def _shares() -> dict[tuple[str, str], tuple[Length, bool]]:
    return {
        ("completion", f"{length.value}-{'paid' if paid else 'free'}"): (length, paid)
        for length in Length
        for paid in (False, True)
    }


def _value(row: Row, *, kind: str) -> float:
    lowest, highest = KINDS[kind]
    try:
        value = float(row.needed("value"))
    except ValueError:
        raise row.error("value", "expected a number") from None
    if not lowest <= value <= highest:
        raise row.error("value", f"must lie between {lowest} and {highest}")
    return value
