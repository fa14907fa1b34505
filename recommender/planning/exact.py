"""The cheapest plan, with its proof.

1. First plans (`construct`) give an upper bound, LM-cut (`bound`) a lower bound and landmark rows.
2. A course of whose cost so much was left uncharged that it would lift the lower bound to the upper one is in
   no cheaper plan, and goes; so does one with what must be taken before it and after it (`detours`). The task
   shrinks, which tightens both bounds, until nothing moves.
3. The linear relaxation lifts the lower bound; where its answer breaks landmarks, with gates
   (`separate.gated`) or without, or halved sums of its rows (`halves`), these become rows. Plans completed
   from its answer improve the upper bound. Reduced costs fix courses as above.
4. Parts of the task are searched by themselves (`parts`); what that gives fixes more.
5. Branch and bound of our own over what is left (`branching`), where that is little. Else the 0/1 model
   (`deciding`): each answer is executed. If the chosen courses supply each other in a circle, landmarks of
   every fact missed become rows, the answer is repaired into a plan, and the model runs again. Large models
   go to CP-SAT where it is installed, in runs of growing length; every improvement is executed at once.
6. Amid this a proof grows that needs no solver's word (`proving`), and leads where much is left.

Every bound is an integer, sound when the search stops early.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.planning import (
    bound,
    branching,
    charging,
    construct,
    deciding,
    highs,
    parts,
    propagate,
    proving,
    relevance,
    sat,
    separate,
)
from recommender.planning.certificate import Certifier
from recommender.planning.construct import Plan
from recommender.planning.highs import Outcome
from recommender.planning.model import Landmark, Model, Relaxed, allowance
from recommender.planning.stopwatch import StopWatch
from recommender.planning.task import TRUE, IntArray, Task

SEARCH_ATTEMPTS, MORE_ATTEMPTS = 20, 60
"""Exchanges the local search tries at first, and before a solver is asked."""
UNCHARGED = (3, 50)
"""First plans pay what no landmark charged of a course's cost, and one of these fractions of the cost."""
MANY = 2000
"""Courses from which on a plan goal by goal takes too long for a first one."""
HALVED = 20_000
"""Courses up to which cuts of halved rows are looked for."""
FAR_APART = 60
"""Per mille that bounds may be apart for more first plans to be worth their time before a solver is asked."""
REDUCED = (50, 10)
"""Plans guided by reduced costs pay one of these fractions of the cost besides."""
FINE = 1024
"""Parts of a unit in which reduced costs are added up as integers, rounded down."""
NEAR = 0.02
"""Courses that make the relaxation dearer by at most this share are looked at first for a proof."""
SHRINKING_ROUNDS = 4
WORTHWHILE_SHRINKING = 0.9
"""A round that leaves more of the courses than this is the last one."""
RELAXATION_ROUNDS = 6
WORTHWHILE = 0.001
"""Relative gain of the relaxation below which another round of rows is not worth its time."""
WORTHWHILE_PRUNING = 0.85
"""Share of courses that fixing must have left at most for the task to be pruned anew."""
SMALL = 300
"""Courses up to which the 0/1 model is quick enough to be asked at once."""
WIDE = 20
"""Per mille that bounds must be apart for a local search to be worth its time after the relaxation."""
NODES = 200
"""Nodes of our own tree before HiGHS is asked."""
LARGE = 300
"""Courses above which CP-SAT, where it is installed, decides the 0/1 model much sooner than HiGHS."""
PRICE_WEIGHTS = (1, 3, 10, 30, 100)
ALREADY_CHOSEN = 100
"""By how much a course the model chose seems cheaper while its answer is repaired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is known at the end: the best plan as sources of the task's courses (None: none found), its cost,
    the lower bound, whether no plan exists, and which solvers the bound may rest on."""

    plan: tuple[int, ...] | None
    cost: int
    bound: int
    impossible: bool = False
    solver: str = ""


class Search:
    """One search for the cheapest plan of `task`, whose goals can all be reached without its limits.

    `start` takes milliseconds and asks no solver; `stages` go on until the plan is proven or `stop` has run
    down. At least one first plan is always tried. `certifier`, of which `task` is what is left, grows on the
    way; `gap`, in per mille of the cost, says how much it may leave open. `to_the_end`: nobody looks at what
    is known before that.
    """

    def __init__(
        self,
        task: Task,
        stop: StopWatch,
        *,
        certifier: Certifier | None = None,
        gap: int = 0,
        to_the_end: bool = False,
    ) -> None:
        self.task = task
        self.certifier = certifier
        self.gap = gap
        self.to_the_end = to_the_end
        self.stop = stop
        self.best: tuple[int, ...] | None = None
        self.best_cost = math.inf
        self.bound = 0
        self.impossible = False
        self.solver = ""
        self.effort = deciding.FIRST_EFFORT
        self.charged: Task | None = None
        self.hint = task.source
        self.work = 0
        self.uncharged = task.cost
        self.landmarks: list[Landmark] = []
        self.model = Model(task, [])
        self.answer: Relaxed | None = None

    def stages(self) -> Iterator[None]:
        """Search on; after each stage, dearer than the one before, what is known may be good enough."""
        self.start()
        yield
        if self.is_promising(FAR_APART) and not self.goes_straight():
            self.try_more()
            yield
        proving.prove_early(self)
        yield
        if not self.is_open():
            return
        self.start_solver()
        yield
        proving.prove_midway(self)
        yield
        parts.search_cheapest(self)
        parts.search_around(self)
        self.turn_and_look_around()
        yield
        if sat.is_installed():
            while self.is_open() and int(self.model.allowed.sum()) > LARGE and deciding.explore(self):
                self.relax(rounds=1)
                self.turn_and_look_around()
                yield
        if self.is_open() and int(self.model.allowed.sum()) <= SMALL:
            branching.branch(self, nodes=NODES)
            yield
        while self.is_open() and deciding.decide(self):
            self.relax(rounds=1)
        yield

    def turn_and_look_around(self) -> None:
        """Let the proof lead where much is left; the better relaxation finds other plans around the best."""
        if proving.prove_midway(self):
            parts.search_around(self)

    def start_solver(self) -> None:
        """The linear relaxation, which brings both bounds closer."""
        if self.is_open():
            self.solver = highs.NAME
            self.model = Model(self.task, self.landmarks)
            self.relax(rounds=RELAXATION_ROUNDS)

    def try_more(self) -> None:
        """Dearer first plans, where they and the landmarks may soon meet."""
        if self.is_open() and self.task.size <= MANY:
            for fraction in UNCHARGED:
                self.offer(construct.marginal_plan(self.task, self.uncharged + self.task.cost // fraction))
        self.search_nearby(attempts=MORE_ATTEMPTS)

    def finish(self) -> None:
        """Go through all stages."""
        for _ in self.stages():
            pass

    def found(self) -> Found:
        """The state of the search as a value."""
        return Found(
            plan=self.best,
            cost=0 if self.best is None else int(self.best_cost),
            bound=int(min(self.bound, self.best_cost)),
            impossible=self.impossible,
            solver=self.solver,
        )

    def is_open(self) -> bool:
        """Whether there is something left to find out, and time for it."""
        return not self.impossible and self.bound < self.best_cost and self.stop.remaining() > 0

    def is_promising(self, gap: int) -> bool:
        """Whether a certificate, which may prove more than the first landmarks, could come to that gap."""
        return self.best is not None and 1000 * (self.best_cost - self.bound) <= 2 * gap * self.best_cost

    def start(self) -> None:
        """First plans and lower bound, over a task that shrinks as they meet."""
        self.offer(construct.supporter_plan(self.task, self.task.cost))
        if self.task.limits:
            self.offer_frugal()
        for number in range(SHRINKING_ROUNDS):
            cut = bound.lm_cut(self.task, self.task.cost, go_on=self.has_time)
            if not number and self.certifier is not None:
                self.certifier.add(cut)
            self.raise_bound(cut.value)
            self.uncharged = cut.left
            self.landmarks = charging.of_goals(cut.landmarks)
            if not self.is_open():
                return
            for fraction in UNCHARGED:
                self.offer(construct.supporter_plan(self.task, cut.left + self.task.cost // fraction))
            is_last = number + 1 == SHRINKING_ROUNDS
            if is_last or not self.is_open() or not self.shrink(cut):
                break
        if not self.goes_straight():
            self.search_nearby(attempts=SEARCH_ATTEMPTS)

    def is_certified(self) -> bool:
        """Whether the proof says enough of the best plan."""
        return self.certifier is not None and self.best is not None and self.certifier.bound >= self.enough()

    def enough(self) -> int:
        """The bound from which on the best plan is good enough."""
        return int(self.best_cost) - self.gap * int(self.best_cost) // 1000

    def goes_straight(self) -> bool:
        """Whether the relaxation comes so soon that first plans need not be good."""
        return self.to_the_end and self.task.size <= MANY

    def shrink(self, cut: bound.LandmarkBound) -> bool:
        """Leave out what is in no plan cheaper than the best one; whether that was worthwhile."""
        if self.best is None:
            return False
        size = self.task.size
        extra = cut.left + propagate.detours(self.task, cut.left)
        allowed = cut.value + extra < self.best_cost
        if allowed.sum() > WORTHWHILE_SHRINKING * size:
            return False
        smaller = relevance.reduced(self.task, allowed=allowed)
        if not smaller.is_possible:
            self.raise_bound(int(self.best_cost))
            return False
        if smaller.task.size > WORTHWHILE_SHRINKING * size:
            return False
        # Landmarks are of the task as it was.
        self.task, self.uncharged, self.landmarks = smaller.task, smaller.task.cost, []
        self.offer(construct.supporter_plan(self.task, self.task.cost))
        return True

    def turn_to(self, task: Task) -> None:
        """Go on with `task`, in which every plan is that is cheaper than the best one."""
        self.task, self.uncharged = task, task.cost
        self.landmarks = self.cuts()
        self.model, self.answer = Model(task, self.landmarks), None

    def search_nearby(self, *, attempts: int) -> None:
        """Light local search around the best plan that the task still allows."""
        if not self.is_open():
            return
        task, plan = self.task, self.places()
        if not construct.reaches_goals(task, plan):
            plan = construct.without_waste(task, construct.completed(task, plan, task.cost))
        tries = iter(range(attempts))
        self.offer(
            construct.improved(task, plan, go_on=lambda: self.is_open() and next(tries, None) is not None)
        )

    def places(self) -> Plan:
        """The courses of the best plan that the task still has, as indices of the task."""
        found: Plan = np.flatnonzero(np.isin(self.task.source, self.best or ())).tolist()
        return found

    def has_time(self) -> bool:
        return self.stop.remaining() > 0

    def offer(self, courses: Plan) -> None:
        """Keep `courses`, without waste where the limits allow, if they are a cheaper plan than the best."""
        task = self.task
        if not construct.reaches_goals(task, courses):
            return
        plan = construct.without_waste(task, courses)
        if not task.fits(plan):
            plan = courses
        cost = task.cost_of(plan)
        if cost < self.best_cost and task.fits(plan):
            self.best, self.best_cost = tuple(task.source[plan].tolist()), cost

    def offer_frugal(self) -> None:
        """Plans that weigh the limited resources more and more, to find one within the limits."""
        task = self.task
        limited = np.zeros(task.size, dtype=np.int64)
        for limit in task.limits:
            used = np.maximum(limit.use, 0)
            limited += used * max(1, int(task.cost.sum() // max(1, used.sum())))
        for weight in PRICE_WEIGHTS:
            if not self.has_time():
                return
            self.offer(construct.supporter_plan(task, task.cost + weight * limited))

    def raise_bound(self, value: int) -> None:
        self.bound = max(self.bound, value)

    def relax(self, *, rounds: int) -> None:
        """Solve the relaxation, take plans from it, fix by reduced cost; between rounds add broken rows."""
        before = 0.0
        for left in reversed(range(rounds)):
            if not self.is_open():
                return
            answer = self.relaxed()
            if answer is None:
                return
            self.offer_guided(answer)
            if not self.is_open() or not left:
                self.fix(answer)
                return
            if self.fix(answer):
                if self.task.size <= SMALL:
                    return
                before = 0.0
                continue
            lifted = answer.objective - before >= WORTHWHILE * answer.objective
            before = answer.objective
            if self.task.size <= MANY or not lifted or not self.add_broken(answer):
                return

    def relaxed(self) -> Relaxed | None:
        """The relaxation of all plans, which moves the lower bound; None: there is none, or no time."""
        answer = self.tightened()
        if answer.outcome is Outcome.INFEASIBLE:
            self.refuted()
        if answer.outcome is not Outcome.SOLVED:
            return None
        self.raise_bound(int(min(self.rounded_up(answer.objective), self.best_cost)))
        self.hint = self.task.source[answer.reduced <= NEAR * answer.objective]
        return answer

    def add_broken(self, answer: Relaxed) -> bool:
        """Landmarks that the answer breaks become rows; whether there are any."""
        wanted = np.flatnonzero(answer.y > separate.BROKEN)
        facts = wanted[wanted != TRUE].tolist()
        broken = separate.fractional(self.task, answer.x, answer.y, facts=facts)
        self.model.landmarks += broken
        return bool(broken)

    def tightened(self, *, taken: Sequence[int] = (), left_out: Sequence[int] = ()) -> Relaxed:
        """The relaxation, with rows about what the givers of a fact have in common, and halved ones, while
        these lift it."""
        model = self.model
        before = 0.0
        while True:
            self.work += self.task.size
            answer = model.relax(
                seconds=self.stop.remaining(), below=self.best_cost, taken=taken, left_out=left_out
            )
            lift = answer.objective - before
            if (
                answer.outcome is not Outcome.SOLVED
                or self.rounded_up(answer.objective) >= self.best_cost
                or lift < WORTHWHILE * answer.objective
            ):
                return answer
            before = answer.objective
            broken = separate.gated(self.task, self.task.always_before, answer.x, answer.y)
            model.landmarks += broken
            is_halved = self.task.size <= HALVED and model.halve(answer)
            if not broken and not is_halved:
                return answer

    def rounded_up(self, objective: float) -> float:
        """The least cost of a plan whose relaxation has this objective."""
        if math.isinf(objective):
            return objective
        return self.model.unit * math.ceil(objective - allowance(objective))

    def of_part(self, task: Task) -> Search:
        """A search of a part of the task, in the same time, straight to its proof."""
        return Search(task, self.stop, to_the_end=True)

    def refuted(self) -> None:
        """The model has no answer better than the best plan; without one, there is no plan at all."""
        if self.best is None:
            self.impossible = True
        else:
            self.raise_bound(int(self.best_cost))

    def offer_guided(self, answer: Relaxed) -> None:
        """Plans guided by what the relaxation takes, and by what its answer makes dearer."""
        discounted = self.offer_discounted(answer)
        dearer = np.rint(np.maximum(answer.reduced, 0) * answer.unit).astype(np.int64)
        for fraction in REDUCED:
            self.offer(construct.supporter_plan(self.task, dearer + self.task.cost // fraction))
        self.offer(construct.marginal_plan(self.task, discounted))
        if self.goes_straight() and 1000 * (self.best_cost - self.bound) > WIDE * self.best_cost:
            self.search_nearby(attempts=SEARCH_ATTEMPTS)

    def offer_discounted(self, answer: Relaxed) -> IntArray:
        """The plan at costs with a discount where the relaxation takes a course; returns those."""
        costs: IntArray = np.rint(self.task.cost * (1.0 - 0.999 * np.clip(answer.x, 0, 1))).astype(np.int64)
        self.offer(construct.supporter_plan(self.task, costs))
        return costs

    def fix(self, answer: Relaxed) -> bool:
        """Exclude courses, and where that is much, prune the task anew around the others; returns whether."""
        if self.best is None:
            return False
        self.exclude(answer)
        model = self.model
        if int(model.allowed.sum()) > WORTHWHILE_PRUNING * self.task.size:
            return False
        smaller = relevance.reduced(self.task, allowed=model.allowed)
        if not smaller.is_possible:
            self.refuted()
            return False
        self.turn_to(smaller.task)
        return True

    def exclude(self, answer: Relaxed) -> None:
        """Leave out what no plan takes that is cheaper than the best one by a whole unit or more."""
        model = self.model
        target = model.most(self.best_cost)
        rest = np.floor(FINE * np.maximum(answer.reduced, 0)).astype(np.int64)
        extra = np.maximum(answer.reduced, 0) + propagate.detours(self.task, rest) / FINE
        model.allowed &= answer.objective + extra <= target
        self.answer = answer

    def cuts(self) -> list[Landmark]:
        """Landmarks of the task as it is now; they may lift the bound."""
        cut = bound.lm_cut(self.task, self.task.cost, go_on=self.has_time)
        self.raise_bound(cut.value)
        return charging.of_goals(cut.landmarks)

    def current(self) -> Relaxed | None:
        """The last relaxation of the model as it is, else a new one; None: there is none."""
        if self.answer is None and self.is_open():
            self.answer = self.relaxed()
        return self.answer

    def learn(self, courses: Plan) -> bool:
        """Execute an answer of the model: a plan, or the landmarks it breaks and a repaired plan.

        Returns whether the model knows more now.
        """
        task = self.task
        order, holds = propagate.closure(task, courses)
        missed = {goal for goal in task.goals.tolist() if not holds[goal]}
        if not missed:
            self.offer(order)
            if not self.is_open():
                return False
        known = len(self.model.landmarks)
        # Without a goal missing these are wanted for what they give to a limit.
        for course in set(courses) - set(order):
            missed.update(fact for fact in task.pre_lists[course] if not holds[fact])
        for fact in sorted(missed):
            if self.has_time():
                self.model.landmarks += separate.missed_fact(task, courses, fact)
        cheap = task.cost.copy()
        cheap[courses] //= ALREADY_CHOSEN
        self.offer(construct.completed(task, courses, cheap))
        return len(self.model.landmarks) > known
