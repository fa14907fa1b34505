"""Short texts with one true answer each: a CSV of ours against the framework in `fixtures/`."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recommender.errors import MalformedInputError
from recommender.evaluation.ranking_metrics import interval

_SEED = 20250101


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortText:
    """A text and the id it means."""

    text: str
    answer: str


def read(path: Path, *, text: str, answer: str) -> tuple[ShortText, ...]:
    """Rows of a CSV by the names of its two columns. Raises MalformedInputError when they are not there."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [ShortText(text=row[text], answer=row[answer]) for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError, KeyError, csv.Error) as error:
        raise MalformedInputError(f"{path}: {error!r}; expected columns {text}, {answer}") from error
    if not rows:
        raise MalformedInputError(f"{path}: no rows")
    return tuple(rows)


def report(given: Sequence[ShortText], rankings: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Top-1, top-5 and MRR in per cent, with the 95 % interval of top-1 by answer, and what went wrong."""
    firsts = [float(list(ranking[:1]) == [one.answer]) for one, ranking in zip(given, rankings, strict=True)]
    fives = [one.answer in ranking[:5] for one, ranking in zip(given, rankings, strict=True)]
    ranks = [
        next((1 / (at + 1) for at, found in enumerate(ranking) if found == one.answer), 0.0)
        for one, ranking in zip(given, rankings, strict=True)
    ]
    low, high = interval(firsts, [one.answer for one in given], seed=_SEED)
    return {
        "n": len(given),
        "top-1": _per_cent(firsts),
        "top-1_interval": [round(100 * low, 2), round(100 * high, 2)],
        "top-5": _per_cent(fives),
        "mrr": _per_cent(ranks),
        "wrong": [
            {"text": one.text, "answer": one.answer, "found": next(iter(ranking), None)}
            for one, ranking, first in zip(given, rankings, firsts, strict=True)
            if not first
        ],
    }


def show(found: dict[str, Any], *, as_json: bool) -> None:
    """Print a report."""
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return
    low, high = found["top-1_interval"]
    print(
        f"n={found['n']}, encoder {found['encoder'] or 'none'}: top-1 {found['top-1']:.1f} % "
        f"[{low:.1f}, {high:.1f}], top-5 {found['top-5']:.1f} %, MRR {found['mrr']:.1f}"
    )


def _per_cent(values: Sequence[float]) -> float:
    return round(100 * sum(values) / len(values), 2)
