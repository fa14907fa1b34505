"""What every solver is given: a linear program over variables between 0 and 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy  # its parts are loaded at their first use

from recommender.planning.task import FloatArray, IntArray


class Rows(NamedTuple):
    """Rows one after the other: how many variables each has, which with what values, and its limit."""

    lengths: IntArray
    columns: IntArray
    values: FloatArray
    limits: FloatArray

    @classmethod
    def joined(cls, parts: Sequence[Rows]) -> Rows:
        """All rows of all parts."""
        return cls(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def matrix(self, width: int) -> scipy.sparse.csr_array:
        """The coefficients, over so many variables."""
        at = np.concatenate([[0], np.cumsum(self.lengths)])
        return scipy.sparse.csr_array((self.values, self.columns, at), shape=(len(self.limits), width))


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Minimise `cost @ v`, `low <= v <= high`, subject to `matrix @ v <= limits`."""

    cost: IntArray
    matrix: scipy.sparse.csr_array
    limits: FloatArray
    low: FloatArray
    high: FloatArray
