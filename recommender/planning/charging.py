"""Landmarks charged as the linear relaxation prices its rows: a bound as good, with no solver to trust.

The dual prices of the relaxation say what it is worth to keep each fact from coming true. The price of a fact
is made up of rows about it; each course of such a row is kept from being taken at its own cost, or by one of
its prerequisites, which has a price in turn. Followed down from a goal this is a tree whose leaves are the
courses that pay: a landmark. What the prices are worth comes apart into such trees without rest, since each
price is spent once. Every landmark is executed before it counts, and shares are whole: prices only show where
to look. What they leave of the costs LM-cut charges as before.

The landmarks found are rows of the next relaxation where its answer breaks them. They often say more than the
rows they come from, because courses that need what the tree keeps from coming true are left out of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from recommender.planning import backend, bound, highs, program, propagate, separate
from recommender.planning.bound import LandmarkBound
from recommender.planning.highs import Outcome
from recommender.planning.model import Landmark, Relaxed, landmark_rows, structure
from recommender.planning.program import Program
from recommender.planning.stopwatch import StopWatch
from recommender.planning.task import (
    NOBODY,
    TRUE,
    Asking,
    BoolArray,
    FloatArray,
    IntArray,
    Rows,
    Task,
    numbered,
)

SMALL = 200
"""Courses up to which all are in the relaxation from the beginning."""
ROUNDS = 12
"""Answers of one relaxation at most."""
LOST = 0.005
"""Share of what the relaxation says that landmarks may lack before all courses are let into it."""
WORTHWHILE = 0.0005
"""Relative gain of an answer below which another one is not worth its time."""

See = Callable[[Relaxed], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """An answer of the relaxation, and the prices of its rows."""

    relaxed: Relaxed
    prices: FloatArray


def unseen(answer: Relaxed) -> None:
    """Nobody looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """Landmarks, and the last answer of the relaxation that they come from (None: there is none)."""

    cut: LandmarkBound
    answer: Relaxed | None


def charged(
    task: Task,
    known: Rows,
    *,
    hint: IntArray,
    enough: Callable[[], int],
    stop: StopWatch,
    see: See = unseen,
) -> Charged:
    """Landmarks of `task`, those of LM-cut or better ones, until their bound is `enough`, nothing moves or
    the time is over. Limits of the task are not looked at. `known` landmarks are where it begins.

    The sources `hint` are of courses that cheap plans may take: the relaxation begins with those. `see` is
    shown every answer of it.
    """
    best = bound.lm_cut(task, task.cost, go_on=lambda: True)
    if best.value >= enough():
        return Charged(cut=best, answer=None)
    answer: Relaxed | None = None
    for inside in _widening(task, hint):
        relaxation = _Relaxation(task, inside)
        relaxation.add(best.landmarks.then(known))
        best, answer = _improved(best, relaxation, enough=enough, stop=stop, see=see)
        if best.value >= enough() or stop.remaining() <= 0:
            break
        if answer is not None and best.value >= (1 - LOST) * answer.objective:
            break
    return Charged(cut=executed(task, best), answer=answer)


def _widening(task: Task, hint: IntArray) -> Iterator[BoolArray]:
    """The courses of the relaxation: those of the `hint`, and all where others give the same for less."""
    hinted = np.isin(task.source, hint)
    if task.size > SMALL and propagate.reached(task, allowed=hinted)[task.goals].all():
        yield hinted
    yield np.ones(task.size, dtype=np.bool_)


def _improved(
    best: LandmarkBound,
    relaxation: _Relaxation,
    *,
    enough: Callable[[], int],
    stop: StopWatch,
    see: See,
) -> tuple[LandmarkBound, Relaxed | None]:
    """`best` or better landmarks, by the relaxation and the rows that its answers break; its last answer."""
    before, last = 0.0, None
    for _ in range(ROUNDS):
        answer = relaxation.run(stop)
        if answer is None:
            break
        last, objective = answer.relaxed, answer.relaxed.objective
        see(last)
        found = relaxation.charges(answer.prices)
        is_better = found.value > best.value
        is_lifted = objective - before >= WORTHWHILE * objective
        best, before = found if is_better else best, objective
        if best.value >= enough() or not (is_better or is_lifted) or stop.remaining() <= 0:
            break
        if not relaxation.tighten(last, found.landmarks):
            break
    return best, last


def _with_rest(task: Task, landmarks: Rows, shares: IntArray) -> LandmarkBound:
    """`landmarks` with their `shares`, and others that LM-cut charges what is left of the costs."""
    left = task.cost.copy()
    np.subtract.at(left, landmarks.item, np.repeat(shares, landmarks.lengths))
    rest = bound.lm_cut(task, left, go_on=lambda: True)
    return LandmarkBound(
        value=int(shares.sum()) + rest.value,
        landmarks=landmarks.then(rest.landmarks),
        shares=np.concatenate([shares, rest.shares]),
        left=rest.left,
    )


def executed(task: Task, cut: LandmarkBound) -> LandmarkBound:
    """`cut` without what is no landmark, and its landmarks without courses that need others of them."""
    at, courses = backend.loops().needed(task.lists, cut.landmarks.at, cut.landmarks.item, task.goals)
    lengths = np.diff(at)
    return _with_rest(task, Rows.of(lengths[lengths > 0], courses), cut.shares[lengths > 0])


def of_goals(landmarks: Rows) -> list[Landmark]:
    """Rows of courses as landmarks of all plans."""
    return [Landmark(fact=None, courses=courses) for courses in landmarks.split()]


class _Relaxation:
    """The relaxation of `task` with only the courses `inside`, without limits and without an upper bound on
    what is taken, so that all its prices are those of rows."""

    def __init__(self, task: Task, inside: BoolArray) -> None:
        self.task = task
        self._inside, self._number = inside, numbered(inside)
        self._part = part = task if inside.all() else task.restricted(courses=inside)
        self._crux = bound.crux(task, propagate.h_max(task, task.cost))
        self._needs = np.repeat(inside, task.pre.lengths) & (task.pre.item != TRUE)
        self._facts = part.suppliers[0]
        self._asking = supply(task)
        width = part.size + part.facts
        low, high = np.zeros(width), np.full(width, np.inf)
        high[part.size :] = 0.0
        high[part.size + self._facts] = np.inf
        low[part.size + part.goals] = high[part.size + part.goals] = 1.0
        rows = structure(part)
        cost = np.concatenate([part.cost, np.zeros(part.facts, dtype=np.int64)])
        self._linear = highs.Linear(
            Program(cost=cost, matrix=rows.matrix(width), limits=rows.limits, low=low, high=high),
            **highs.COVERING,
        )

    def add(self, landmarks: Rows) -> None:
        """Rows for landmarks of all plans."""
        count = len(landmarks.lengths)
        inside = landmarks.select(rows=np.ones(count, dtype=np.bool_), number=self._number)
        values, limits = np.full(len(inside.item), -1.0), np.full(count, -1.0)
        self._linear.add(program.Rows(inside.lengths, inside.item, values, limits))
        self._ask(np.full(count, NOBODY), landmarks, Rows(*_no_gates(count)))

    def add_gated(self, landmarks: Sequence[Landmark]) -> None:
        """Rows for landmarks with gates."""
        inside = [replace(one, courses=self._number[one.courses]) for one in landmarks]
        inside = [replace(one, courses=one.courses[one.courses != NOBODY]) for one in inside]
        self._linear.add(landmark_rows(inside, size=self._part.size))
        about = np.array([one.fact for one in landmarks], dtype=np.int64)
        self._ask(
            about, _ragged([one.courses for one in landmarks]), _ragged([one.gates for one in landmarks])
        )

    def _ask(self, about: IntArray, courses: Rows, gates: Rows) -> None:
        known = self._asking
        courses = Rows(known.at, known.course).then(courses)
        gates = Rows(known.gate_at, known.gate).then(gates)
        about = np.concatenate([known.fact, about])
        self._asking = Asking(about, courses.at, courses.item, gates.at, gates.item)

    def run(self, stop: StopWatch) -> _Answer | None:
        """Solve it; None: there is no answer in that time."""
        answer = self._linear.run(seconds=stop.remaining())
        if answer.outcome is not Outcome.SOLVED:
            return None
        size = self._part.size
        x, reduced = np.zeros(self.task.size), np.zeros(self.task.size)
        x[self._inside], reduced[self._inside] = answer.values[:size], answer.reduced[:size]
        relaxed = Relaxed(
            outcome=answer.outcome, objective=answer.objective, x=x, y=answer.values[size:], reduced=reduced
        )
        return _Answer(relaxed=relaxed, prices=answer.prices)

    def tighten(self, answer: Relaxed, landmarks: Rows) -> bool:
        """Add those `landmarks` that the answer breaks, and rows about gates; whether there are any."""
        are_broken = np.add.reduceat(answer.x[landmarks.item], landmarks.start) < 1 - separate.BROKEN
        gated = separate.gated(self.task, self.task.always_before, answer.x, answer.y)
        if are_broken.any():
            self.add(landmarks.select(rows=are_broken, number=np.arange(self.task.size)))
        if gated:
            self.add_gated(gated)
        return bool(are_broken.any() or gated)

    def charges(self, prices: FloatArray) -> LandmarkBound:
        """The prices of an answer, and then what is left of the costs, as shares of landmarks."""
        task, of_facts = self.task, np.zeros(self.task.facts)
        asked = len(self._facts) + int(self._needs.sum())
        of_facts[self._facts] = prices[: len(self._facts)]
        price = np.concatenate([of_facts[task.suppliers[0]], prices[asked:]])
        need = np.zeros(len(self._needs))
        need[self._needs] = prices[len(self._facts) : asked]
        return apart(task, self._asking, price, need, self._crux)


def supply(task: Task) -> Asking:
    """The rows that say who gives each fact."""
    facts, givers = task.suppliers
    return Asking(facts, givers.at, givers.item, *_no_gates(len(facts)))


def apart(task: Task, asking: Asking, price: FloatArray, need: FloatArray, crux: IntArray) -> LandmarkBound:
    """The `price` of each row (those of `supply` come first) and of each prerequisite (`need`, as `task.pre`)
    as shares of landmarks, and what they leave of the costs by LM-cut.

    Where prices do not suffice a course is kept from being taken by its `crux`.
    """
    at, courses, shares = backend.loops().charges(
        task.lists, asking, price, need, crux, task.cost.copy(), task.goals
    )
    return _with_rest(task, Rows(at, courses), shares)


def _no_gates(count: int) -> tuple[IntArray, IntArray]:
    return np.zeros(count + 1, dtype=np.int64), np.zeros(0, dtype=np.int64)


def _ragged(rows: Sequence[IntArray]) -> Rows:
    return Rows.of(np.array([len(row) for row in rows], dtype=np.int64), np.concatenate(rows))
