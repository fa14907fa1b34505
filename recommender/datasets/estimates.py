"""The labelled assumptions that stand in for hours and prices nobody states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

from recommender.datasets.rows import read_rows

ESTIMATE_COLUMNS = "kind,key,value,currency,basis_en,basis_zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    """The labelled assumptions that stand in for unknown hours and prices."""

    hours: Mapping[str, int]
    price: Mapping[str, int]
    rate: Mapping[str, Decimal]

    @classmethod
    def read(cls, path: Path) -> Estimates:
        """Read `kind,key,value` lines; hours by format, then level, then overall."""
        tables: dict[str, dict[str, Decimal]] = {"hours": {}, "price": {}, "rate": {}}
        for row in read_rows(path, columns=ESTIMATE_COLUMNS):
            kind = row.one_of("kind", frozenset(tables))
            try:
                value = Decimal(row.needed("value"))
            except InvalidOperation:
                raise row.error("value", "expected a number") from None
            if not value.is_finite() or value <= 0:
                raise row.error("value", "must be above zero")
            tables[kind][row.text("key")] = value
        return cls(
            hours={key: int(value) for key, value in tables["hours"].items()},
            price={key: int(value) for key, value in tables["price"].items()},
            rate=tables["rate"],
        )

    def hours_for(self, *, kind: str, level: str) -> int:
        """Assumed hours of a course that states none."""
        return self.hours.get(kind) or self.hours.get(level) or self.hours[""]

    def in_yuan(self, amount: Decimal, *, currency: str) -> int:
        """An amount in whole CNY, half up. Raises KeyError for a currency without a rate."""
        return int((amount * self.rate[currency]).quantize(Decimal(1), rounding=ROUND_HALF_UP))
