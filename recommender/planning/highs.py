"""HiGHS as scipy brings it along, called without scipy's own functions (docs/decisions/0033).

Those begin anew with every call. Here a linear program is kept: rows are added, bounds are moved, and the
next run goes on from where the last one ended, which takes a tenth of the time.
"""

from __future__ import annotations

import importlib
import math
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import scipy

from recommender.planning.program import Program, Rows
from recommender.planning.task import FloatArray

NAME = f"HiGHS of scipy {scipy.__version__}"
ENDLESS = 1e7
"""Seconds that stand for "no time limit"."""
SHORTEST = 1e-3
"""Time may have run out just now; a run takes some."""
SIMPLE = 2000
"""Columns up to which a linear program is solved sooner as it is than simplified first."""

COVERING: dict[str, Any] = {
    "simplex_dual_edge_weight_strategy": 1,
    "dual_simplex_cost_perturbation_multiplier": 0.0,
}
"""Options (Devex, costs as they are) with which pure coverings of a thousand columns take a third less."""


class Outcome(Enum):
    """How a run of a solver ended."""

    SOLVED = "solved"
    INFEASIBLE = "infeasible"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`values` and `reduced` costs of the variables and `prices` of the rows, none of them negative (empty
    unless solved); `bound`: no answer is below it."""

    outcome: Outcome
    values: FloatArray
    reduced: FloatArray
    prices: FloatArray
    objective: float
    bound: float


NONE = Answer(
    outcome=Outcome.INFEASIBLE,
    values=np.zeros(0),
    reduced=np.zeros(0),
    prices=np.zeros(0),
    objective=math.inf,
    bound=math.inf,
)


class Linear:
    """A linear program that is solved again and again."""

    def __init__(self, program: Program, **options: Any) -> None:
        self._low, self._high = program.low, program.high
        presolve = "on" if len(program.cost) > SIMPLE else "off"
        self._solver = _solver(program, presolve=presolve, **options)

    def add(self, rows: Rows) -> None:
        """More rows."""
        count, start = len(rows.limits), np.cumsum(rows.lengths) - rows.lengths
        status = self._solver.addRows(
            *(count, np.full(count, -np.inf), rows.limits, len(rows.columns)),
            *(start.astype(np.int32), rows.columns.astype(np.int32), rows.values),
        )
        _checked(_core(), status)

    def within(self, low: FloatArray, high: FloatArray) -> None:
        """Other bounds from now on."""
        moved = np.flatnonzero((low != self._low) | (high != self._high))
        if len(moved):
            status = self._solver.changeColsBounds(
                len(moved), moved.astype(np.int32), low[moved], high[moved]
            )
            _checked(_core(), status)
        self._low, self._high = low, high

    def run(self, *, seconds: float, most: float = math.inf) -> Answer:
        """Solve it, from the last answer on; one with an objective above `most` counts as none."""
        _checked(_core(), self._solver.setOptionValue("objective_bound", most))
        answer = _run(self._solver, seconds=seconds, whole=False)
        return NONE if answer.outcome is Outcome.SOLVED and answer.objective > most else answer


def choose(program: Program, *, whole: int, seconds: float) -> Answer:
    """The same with the first `whole` variables 0 or 1: HiGHS's own branch and bound."""
    return _run(_solver(program, whole=whole, mip_rel_gap=0.0), seconds=seconds, whole=True)


def load() -> None:
    """Import HiGHS now."""
    _core()


def _core() -> Any:
    return importlib.import_module("scipy.optimize._highspy._core")


def _solver(program: Program, *, whole: int = 0, **options: Any) -> Any:
    core = _core()
    matrix = program.matrix
    rows, columns = matrix.shape
    kinds = core.HighsVarType
    integrality = np.full(columns, int(kinds.kContinuous), dtype=np.int32)
    integrality[:whole] = int(kinds.kInteger)
    solver = core._Highs()
    for name, value in {"output_flag": False, **options}.items():
        _checked(core, solver.setOptionValue(name, value))
    status = solver.passModel(
        *(columns, rows, matrix.nnz, int(core.MatrixFormat.kRowwise), int(core.ObjSense.kMinimize), 0.0),
        *(program.cost.astype(np.float64), program.low, program.high),
        *(np.full(rows, -np.inf), program.limits),
        *(matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data, integrality),
    )
    _checked(core, status)
    return solver


def _run(solver: Any, *, seconds: float, whole: bool) -> Answer:
    core = _core()
    # Its clock runs on from run to run.
    limit = solver.getRunTime() + min(max(seconds, SHORTEST), ENDLESS)
    _checked(core, solver.setOptionValue("time_limit", limit))
    _checked(core, solver.run())
    status, states = solver.getModelStatus(), core.HighsModelStatus
    if status in (states.kInfeasible, states.kObjectiveBound):
        return NONE
    nothing = np.zeros(0)
    info, found = solver.getInfo(), solver.getSolution()
    is_solved = status == states.kOptimal
    has_values = info.primal_solution_status == core.SolutionStatus.kSolutionStatusFeasible
    relaxed = info.objective_function_value if is_solved else -math.inf
    return Answer(
        outcome=Outcome.SOLVED if is_solved else Outcome.STOPPED,
        values=np.array(found.col_value) if has_values and (is_solved or whole) else nothing,
        reduced=np.array(found.col_dual) if is_solved and not whole else nothing,
        prices=-np.array(found.row_dual) if is_solved and not whole else nothing,
        objective=info.objective_function_value,
        bound=info.mip_dual_bound if whole else relaxed,
    )


def _checked(core: Any, status: Any) -> None:
    """Raises RuntimeError where HiGHS refuses what it is given: a fault of ours, never of the problem."""
    if status == core.HighsStatus.kError:
        raise RuntimeError("HiGHS refuses the model or an option")
