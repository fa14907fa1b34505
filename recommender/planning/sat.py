"""The 0/1 model on CP-SAT of OR-Tools, where that is installed.

Every row but a limit says that one of some literals is true, which is what CP-SAT learns from best; the plain
linear solver needs many times as long on the wide rows of large catalogues. Linear relaxations inside
(`linearization_level` 2) and one worker, so that the same model takes the same way.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.planning.program import Program
from recommender.planning.task import BoolArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`values` of the variables (None: none known), the proven `bound`, whether `values` are proven best or,
    without values, whether there are none."""

    values: BoolArray | None
    bound: float
    final: bool


def is_installed() -> bool:
    """Whether OR-Tools can be loaded."""
    return importlib.util.find_spec("ortools") is not None


def name() -> str:
    """The solver with its version, for proofs."""
    return f"CP-SAT of OR-Tools {importlib.metadata.version('ortools')}"


def load() -> None:
    """Import OR-Tools now, which takes half a second once."""
    _cp_model()


def minimise(
    program: Program, *, seconds: float, effort: float, see: Callable[[BoolArray], object]
) -> Answer:
    """Search until proof, for `seconds` at most, or for `effort` in CP-SAT's deterministic seconds.

    `see` is shown every improvement as it comes.
    """
    cp_model = _cp_model()
    model = cp_model.CpModel()
    variables = [model.new_bool_var("") for _ in range(len(program.cost))]
    _state(model, program, variables)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = effort
    if math.isfinite(seconds):
        solver.parameters.max_time_in_seconds = max(seconds, 1e-3)
    watch = _watch(cp_model, variables, see)
    status = solver.solve(model, watch)
    if status == cp_model.MODEL_INVALID:
        raise RuntimeError(f"CP-SAT refuses the model: {model.validate()}")
    if status == cp_model.INFEASIBLE:
        return Answer(values=None, bound=math.inf, final=True)
    return Answer(values=watch.values, bound=solver.best_objective_bound, final=status == cp_model.OPTIMAL)


def _cp_model() -> Any:
    return importlib.import_module("ortools.sat.python.cp_model")


def _state(model: Any, program: Program, variables: list[Any]) -> None:
    """The variables' bounds, the rows and the objective."""
    for place in np.flatnonzero(program.low == program.high).tolist():
        model.add(variables[place] == int(program.low[place]))
    denied = [variable.negated() for variable in variables]
    matrix, clauses = program.matrix, _clauses(program)
    for row in np.flatnonzero(~(clauses & _is_fulfilled(program))).tolist():
        entries = slice(matrix.indptr[row], matrix.indptr[row + 1])
        places, values = matrix.indices[entries], matrix.data[entries]
        if clauses[row]:
            model.add_bool_or(
                [denied[place] for place in places[values > 0].tolist()]
                + [variables[place] for place in places[values < 0].tolist()]
            )
        else:
            terms = zip(values.tolist(), places.tolist(), strict=True)
            use = sum(int(value) * variables[place] for value, place in terms)
            model.add(use <= math.floor(program.limits[row]))
    priced = np.flatnonzero(program.cost).tolist()
    model.minimize(sum(int(program.cost[place]) * variables[place] for place in priced))


def _clauses(program: Program) -> BoolArray:
    """Whether each row says that one of its positive variables is 0 or one of its negative ones is 1."""
    matrix = program.matrix
    owner = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    others = np.bincount(owner[np.abs(matrix.data) != 1], minlength=matrix.shape[0])
    positive = np.bincount(owner[matrix.data > 0], minlength=matrix.shape[0])
    found: BoolArray = (others == 0) & (program.limits == positive - 1)
    return found


def _is_fulfilled(program: Program) -> BoolArray:
    """Whether a fixed variable makes each row true when it is a clause; most courses are fixed."""
    matrix = program.matrix
    owner = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    never, always = program.high[matrix.indices] == 0, program.low[matrix.indices] == 1
    helps = np.where(matrix.data > 0, never, always)
    found: BoolArray = np.bincount(owner[helps], minlength=matrix.shape[0]) > 0
    return found


def _watch(cp_model: Any, variables: list[Any], see: Callable[[BoolArray], object]) -> Any:
    class Watch(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]  # its base is known at run time only
        def __init__(self) -> None:
            super().__init__()
            self.values: BoolArray | None = None

        def on_solution_callback(self) -> None:
            self.values = np.array([self.boolean_value(one) for one in variables], dtype=np.bool_)
            see(self.values)

    return Watch()
