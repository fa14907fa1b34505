"""What `loops` does, with numpy alone: for platforms without numba, and to compare with.

Fixed points are computed over all courses at once, one round per layer of the catalogue.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from recommender.planning.offer import Offered
from recommender.planning.task import NOBODY as EVERYBODY
from recommender.planning.task import TRUE, Asking, BoolArray, FloatArray, IntArray, Lists

FAR = np.int64(2**52)
WORD = 64
NOBODY = np.int64(2**31)
WHOLE = 1e-6
HALF = 0.5
NOTHING = 1e-6


def reach(offer: Offered, have: IntArray, banned: BoolArray) -> tuple[IntArray, BoolArray]:
    """See `loops.reach`."""
    level = have.copy()
    can = np.zeros(len(banned), dtype=np.bool_)
    owner = _owners(offer.add_at)
    while True:
        met = level[offer.pre_skill] >= offer.pre_level
        now = np.logical_and.reduceat(met, offer.pre_at[:-1]) & ~banned if len(banned) else can
        if (now == can).all():
            return level, can
        given = (now & ~can)[owner]
        np.maximum.at(level, offer.add_skill[given], offer.add_level[given])
        can = now


def relevant(
    offer: Offered,
    have: IntArray,
    can: BoolArray,
    goal_skill: IntArray,
    goal_level: IntArray,
    seeds: IntArray,
) -> tuple[BoolArray, IntArray]:
    """See `loops.relevant`."""
    wanted = np.zeros(len(have), dtype=np.int64)
    is_open = goal_level > have[goal_skill]
    np.bitwise_or.at(wanted, goal_skill[is_open], 1 << goal_level[is_open])
    useful = np.zeros(len(can), dtype=np.bool_)
    useful[seeds] = can[seeds]
    pre_owner, add_owner = _owners(offer.pre_at), _owners(offer.add_at)
    asks = offer.pre_level > have[offer.pre_skill]
    inside = np.maximum((2 << offer.add_level) - (2 << offer.add_above), 0)
    before = -1
    while (count := int(useful.sum()) + int(np.bitwise_count(wanted).sum())) != before:
        before = count
        asked = asks & useful[pre_owner]
        np.bitwise_or.at(wanted, offer.pre_skill[asked], 1 << offer.pre_level[asked])
        helps = (wanted[offer.add_skill] & inside) != 0
        useful[add_owner[helps]] = True
        useful &= can
    return useful, wanted


def grounded(
    offer: Offered, source: IntArray, have: IntArray, wanted: IntArray, number: IntArray
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """See `loops.grounded`."""
    owner, place = _picked(source, offer.pre_at)
    skill, level = offer.pre_skill[place], offer.pre_level[place]
    is_open = level > have[skill]
    counts = np.bincount(owner[is_open], minlength=len(source))
    filled = np.maximum(counts, 1)
    pre = np.full(int(filled.sum()), TRUE, dtype=np.int64)
    pre[np.repeat(counts > 0, filled)] = number[skill[is_open], level[is_open]]
    owner, place = _picked(source, offer.add_at)
    skill = offer.add_skill[place]
    above, up_to = np.maximum(have[skill], offer.add_above[place]), offer.add_level[place]
    levels = np.arange(number.shape[1])
    is_wanted = wanted[skill][:, None] >> levels & 1 == 1
    row, column = np.nonzero(is_wanted & (levels > above[:, None]) & (levels <= up_to[:, None]))
    adds = np.bincount(owner[row], minlength=len(source))
    return _starts(filled), pre, _starts(adds), number[skill[row], column]


def _picked(source: IntArray, at: IntArray) -> tuple[IntArray, IntArray]:
    """Owner (place in `source`) and place of every item in the rows `source`."""
    lengths = at[source + 1] - at[source]
    owner = np.repeat(np.arange(len(source)), lengths)
    begins = at[source] - (np.cumsum(lengths) - lengths)
    return owner, np.arange(len(owner)) + begins[owner]


def _starts(lengths: IntArray) -> IntArray:
    starts: IntArray = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    return starts


def selected(at: IntArray, item: IntArray, rows: BoolArray, number: IntArray) -> tuple[IntArray, IntArray]:
    """See `loops.selected`."""
    owner, found = _owners(at), number[item]
    kept = rows[owner] & (found >= 0)
    return _starts(np.bincount(owner[kept], minlength=len(rows))[rows]), found[kept]


def without(at: IntArray, item: IntArray, bits: IntArray, whole: BoolArray) -> tuple[IntArray, IntArray]:
    """See `loops.without`."""
    owner = _owners(at)
    kept = (bits[owner, item // WORD] >> (item % WORD) & 1 == 0) | whole[owner]
    return _starts(np.bincount(owner[kept], minlength=len(at) - 1)), item[kept]


def lifted(
    at: IntArray, item: IntArray, of_at: IntArray, of: IntArray, allowed: BoolArray
) -> tuple[IntArray, IntArray]:
    """See `loops.lifted`."""
    place, position = _picked(item, of_at)
    owner, found = _owners(at)[place], of[position]
    owner, found = owner[allowed[found]], found[allowed[found]]
    order = np.lexsort((found, owner))
    return _starts(np.bincount(owner, minlength=len(at) - 1)), found[order]


def inverted(at: IntArray, item: IntArray, count: int) -> tuple[IntArray, IntArray]:
    """See `loops.inverted`."""
    return _starts(np.bincount(item, minlength=count)), _owners(at)[np.argsort(item, kind="stable")]


def _owners(at: IntArray) -> IntArray:
    return np.repeat(np.arange(len(at) - 1), np.diff(at))


def reached(lists: Lists, allowed: BoolArray) -> BoolArray:
    """See `loops.reached`."""
    holds = np.zeros(len(lists.need_at) - 1, dtype=np.bool_)
    holds[TRUE] = True
    owner = _owners(lists.add_at)
    count = 0
    while len(owner) and (now := int(holds.sum())) != count:
        count = now
        can = np.logical_and.reduceat(holds[lists.pre], lists.pre_at[:-1]) & allowed
        holds[lists.add[can[owner]]] = True
    return holds


def h_max(lists: Lists, cost: IntArray) -> IntArray:
    """See `loops.h_max`."""
    start = np.full(len(lists.need_at) - 1, FAR)
    start[TRUE] = 0
    return _lowered(lists, cost, start)


def _lowered(lists: Lists, cost: IntArray, start: IntArray) -> IntArray:
    """h_max from values `start` that are no smaller."""
    value = start.copy()
    facts, at, giver = _given(lists)
    while len(giver):
        total = np.maximum.reduceat(value[lists.pre], lists.pre_at[:-1]) + cost
        best = np.minimum.reduceat(total[giver], at)
        old = value[facts]
        if not (best < old).any():
            break
        value[facts] = np.minimum(best, old)
    return value


def h_add(lists: Lists, cost: IntArray, holds: BoolArray) -> tuple[IntArray, IntArray]:
    """See `loops.h_add`. A giver is recorded only when it makes a fact strictly cheaper, so following givers
    backwards never runs in a circle, courses of cost zero included."""
    value = np.where(holds, 0, FAR)
    course = np.full(len(value), -1, dtype=np.int64)
    facts, at, giver = _given(lists)
    owner = np.repeat(np.arange(len(facts)), np.diff(np.append(at, len(giver))))
    while len(giver):
        need = np.minimum(np.add.reduceat(value[lists.pre], lists.pre_at[:-1]), FAR)
        offered = np.minimum(need + cost, FAR)[giver]
        best = np.minimum.reduceat(offered, at)
        better = best < value[facts]
        if not better.any():
            break
        candidate = np.where(offered == best[owner], giver, NOBODY)
        first = np.minimum.reduceat(candidate, at)
        value[facts[better]] = best[better]
        course[facts[better]] = first[better]
    return value, course


def _given(lists: Lists) -> tuple[IntArray, IntArray, IntArray]:
    """The facts that some course gives, where their givers begin, and all givers."""
    facts = np.flatnonzero(np.diff(lists.give_at))
    return facts, lists.give_at[facts], lists.give


def until_goal(lists: Lists, goals: IntArray, rest: IntArray) -> IntArray:
    """See `loops.until_goal`."""
    value = np.full(len(lists.need_at) - 1, FAR)
    value[goals] = 0
    owner = _owners(lists.pre_at)
    while True:
        ahead: IntArray = np.minimum.reduceat(value[lists.add], lists.add_at[:-1])
        nearer = value.copy()
        np.minimum.at(nearer, lists.pre, np.minimum(ahead + rest, FAR)[owner])
        if (nearer == value).all():
            return ahead
        value = nearer


def crux(lists: Lists, value: IntArray) -> IntArray:
    """See `loops.crux`."""
    need = np.maximum.reduceat(value[lists.pre], lists.pre_at[:-1])
    is_highest = value[lists.pre] == need[_owners(lists.pre_at)]
    place = np.where(is_highest, np.arange(len(lists.pre)), len(lists.pre))
    first: IntArray = lists.pre[np.minimum.reduceat(place, lists.pre_at[:-1])]
    return first


def lm_cut(lists: Lists, left: IntArray, goals: IntArray, most: int) -> tuple[IntArray, IntArray, IntArray]:
    """See `loops.lm_cut`."""
    value = h_max(lists, left)
    landmarks: list[IntArray] = []
    shares: list[int] = []
    while len(landmarks) < most:
        still_open = goals[value[goals] > 0]
        if not len(still_open):
            break
        goal = still_open[np.argmax(value[still_open])]
        found = _cut(lists, left, value, int(goal))
        shares.append(int(left[found].min()))
        left[found] -= shares[-1]
        value = _lowered(lists, left, value)
        landmarks.append(found)
    at = np.cumsum([0, *map(len, landmarks)])
    return at, np.concatenate([np.zeros(0, dtype=np.int64), *landmarks]), np.array(shares, dtype=np.int64)


def _cut(lists: Lists, left: IntArray, value: IntArray, goal: int) -> IntArray:
    """Courses that lead from the facts before into the zone from which `goal` costs nothing more."""
    crux_of = crux(lists, value)
    owner = _owners(lists.add_at)
    zone = np.zeros(len(lists.need_at) - 1, dtype=np.bool_)
    zone[goal] = True
    count = 0
    enters = np.zeros(len(left), dtype=np.bool_)
    while (now := int(zone.sum())) != count:
        count = now
        enters = np.logical_or.reduceat(zone[lists.add], lists.add_at[:-1])
        zone[crux_of[enters & (left == 0)]] = True
    ahead = np.zeros(len(zone), dtype=np.bool_)
    ahead[TRUE] = True
    outside = ~zone[lists.add]
    count = 0
    while (now := int(ahead.sum())) != count:
        count = now
        ahead[lists.add[ahead[crux_of][owner] & outside]] = True
    found: IntArray = np.flatnonzero(ahead[crux_of] & enters)
    return found


def always_before(lists: Lists) -> IntArray:
    """See `loops.always_before`."""
    facts, size = len(lists.need_at) - 1, len(lists.pre_at) - 1
    words = (facts + WORD - 1) // WORD
    own = np.zeros((facts, words), dtype=np.int64)
    number = np.arange(facts)
    own[number, number // WORD] = np.int64(1) << (number % WORD)
    always = np.full((facts, words), -1, dtype=np.int64)
    always[TRUE] = 0
    given, at, giver = _given(lists)
    if not size:
        return np.zeros((0, words), dtype=np.int64)
    while True:
        before = np.bitwise_or.reduceat(always[lists.pre], lists.pre_at[:-1], axis=0)
        now = np.bitwise_and.reduceat(before[giver], at, axis=0) | own[given]
        if (now == always[given]).all():
            return before
        always[given] = now


def gates(
    lists: Lists, before: IntArray, x: FloatArray, y: FloatArray, least: float
) -> tuple[IntArray, IntArray, IntArray]:
    """See `loops.gates`; sums in the order of the givers, as there."""
    facts = len(lists.need_at) - 1
    found, rows = [], []
    for fact in (np.flatnonzero(y[TRUE + 1 :] > least) + TRUE + 1).tolist():
        givers = lists.give[lists.give_at[fact] : lists.give_at[fact + 1]]
        givers = givers[x[givers] > 0]
        stands = np.unpackbits(before[givers].view(np.uint8), axis=1, bitorder="little")[:, :facts]
        open_x, chosen = x[givers].copy(), []
        value = sum(open_x.tolist())
        while True:
            behind = np.zeros(facts)
            for row, share in zip(stands, open_x, strict=True):
                behind += row * share
            gain = behind - y
            gain[[TRUE, fact]] = 0.0
            best = int(gain.argmax())
            if gain[best] <= least:
                break
            value -= gain[best]
            chosen.append(best)
            open_x[stands[:, best] == 1] = 0.0
        if chosen and value < y[fact] - least:
            found.append(fact)
            rows.append(chosen)
    at = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    gate = np.array([one for row in rows for one in row], dtype=np.int64)
    return np.array(found, dtype=np.int64), at, gate


def halves(
    at: IntArray,
    column: IntArray,
    factor: IntArray,
    limit: IntArray,
    value: FloatArray,
    least: float,
    most: int,
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """See `loops.halves`; sums in the order of the entries, as there."""
    below = 1 - 2 * least
    rows = np.zeros((len(limit), len(value)), dtype=np.int64)
    rows[_owners(at), column] = factor
    weight = np.minimum(value, 1 - value)
    order = np.argsort(-weight, kind="stable")
    order = order[weight[order] > WHOLE]
    weight, odd = weight[order], rows[:, order] % 2 == 1
    reached = np.bincount(_owners(at), weights=factor * value[column], minlength=len(limit))
    slack = np.maximum(0.0, limit - reached)
    is_odd = (limit + rows[:, value > HALF].sum(axis=1)) % 2 == 1
    near = np.flatnonzero((slack < below) & (odd.any(axis=1) | is_odd))
    rows, limit, odd, slack, is_odd = rows[near], limit[near], odd[near], slack[near], is_odd[near]
    added, is_done = np.eye(len(near), dtype=np.bool_), np.zeros(len(near), dtype=np.bool_)
    best: list[tuple[float, BoolArray]] = []

    def keep(row: int) -> None:
        loss = sum(weight[odd[row]].tolist(), float(slack[row]))
        if is_odd[row] and loss < below and (len(best) < most or loss < best[-1][0]):
            best.append((loss, added[row].copy()))
            best.sort(key=lambda one: one[0])
            del best[most:]

    for row in range(len(near)):
        keep(row)
    for column_now in range(len(order)):
        having = np.flatnonzero(odd[:, column_now] & ~is_done)
        if not len(having):
            continue
        pivot = having[np.argmin(slack[having])]
        is_done[pivot] = True
        for row in having[having != pivot].tolist():
            odd[row] ^= odd[pivot]
            added[row] ^= added[pivot]
            is_odd[row] ^= is_odd[pivot]
            slack[row] += slack[pivot]
            is_done[row] = slack[row] >= below
            if not is_done[row]:
                keep(row)
    found: list[tuple[IntArray, int]] = []
    for _, chosen in best:
        total = rows[chosen].sum(axis=0)
        raised = (total % 2 == 1) & (value > HALF)
        half, most_of_it = (total + raised) // 2, (int(limit[chosen].sum()) + int(raised.sum())) // 2
        if sum((half * value)[half != 0].tolist(), 0.0) - most_of_it > least:
            found.append((half, most_of_it))
    ends = _starts(np.array([int((half != 0).sum()) for half, _ in found], dtype=np.int64))
    columns = [np.zeros(0, dtype=np.int64), *(np.flatnonzero(half) for half, _ in found)]
    factors = [np.zeros(0, dtype=np.int64), *(half[half != 0] for half, _ in found)]
    limits = np.array([one for _, one in found], dtype=np.int64)
    return ends, np.concatenate(columns), np.concatenate(factors), limits


def charges(
    lists: Lists,
    asking: Asking,
    price: FloatArray,
    need: FloatArray,
    crux: IntArray,
    left: IntArray,
    goals: IntArray,
) -> tuple[IntArray, IntArray, IntArray]:
    """See `loops.charges`; trees as sets, in the same order."""
    trees = _Trees(lists, asking, price, need, crux, left)
    net, rows = trees.of_facts(), np.flatnonzero(asking.fact == EVERYBODY).tolist()
    demands: list[tuple[int | None, int | None, float]] = [(row, None, float(price[row])) for row in rows]
    demands += [(None, goal, float(net[goal])) for goal in goals.tolist()]
    found: list[tuple[list[int], int]] = []
    for row, goal, wanted in demands:
        demand = wanted
        while demand > NOTHING:
            amount = trees.grow(row, goal)
            if amount <= NOTHING:
                break
            amount = min(amount, demand)
            demand -= amount
            courses = trees.pay(amount)
            share = min([int(np.ceil(amount - NOTHING)), *left[courses].tolist()])
            if courses and share > 0:
                left[courses] -= share
                found.append((courses, share))
    at = _starts(np.array([len(courses) for courses, _ in found], dtype=np.int64))
    items = np.array([one for courses, _ in found for one in courses], dtype=np.int64)
    return at, items, np.array([share for _, share in found], dtype=np.int64)


class _Trees:
    """How facts are kept from coming true, one tree after the other, with what is left of all prices."""

    def __init__(
        self,
        lists: Lists,
        asking: Asking,
        price: FloatArray,
        need: FloatArray,
        crux: IntArray,
        left: IntArray,
    ) -> None:
        self.lists, self.asking, self.crux = lists, asking, crux
        self.price, self.need, self.own = price.copy(), need.copy(), left.astype(np.float64)
        self.rows: dict[int, list[int]] = {}
        self.supply: dict[int, int] = {}
        for row, fact in enumerate(asking.fact.tolist()):
            if fact >= 0:
                self.supply.setdefault(fact, row)
                if price[row] > NOTHING:
                    self.rows.setdefault(fact, []).append(row)

    def of_facts(self) -> FloatArray:
        """What of the price of each fact's rows no other row or course asks for."""
        net = np.zeros(len(self.lists.need_at) - 1)
        for row, price in enumerate(self.price):
            if self.asking.fact[row] >= 0:
                net[self.asking.fact[row]] += price
            for fact in self.asking.gate[self.asking.gate_at[row] : self.asking.gate_at[row + 1]]:
                net[fact] -= price
        for fact, price in zip(self.lists.pre, self.need, strict=True):
            net[fact] -= price
        return net

    def grow(self, row: int | None, goal: int | None) -> float:
        """A new tree, and how much of it can be paid for."""
        self.facts: set[int] = set()
        self.courses: set[int] = set()
        self.waiting: list[int] = []
        self.used: tuple[list[int], list[int], list[int]] = [], [], []
        least = float("inf")
        if row is not None:
            self.used[0].append(row)
            least = self._take(row, float(self.price[row]))
        elif goal is not None:
            self._wait(goal)
        while self.waiting and least > NOTHING:
            fact = self.waiting.pop()
            open_rows = [one for one in self.rows.get(fact, []) if self.price[one] > NOTHING]
            if open_rows:
                dearest = max(open_rows, key=lambda one: self.price[one])
                self.used[0].append(dearest)
                least = self._take(dearest, min(least, float(self.price[dearest])))
            elif fact in self.supply:
                least = self._take(self.supply[fact], least)
        return least

    def _wait(self, fact: int) -> None:
        if fact not in self.facts:
            self.facts.add(fact)
            self.waiting.append(fact)

    def _take(self, row: int, least: float) -> float:
        asking, lists = self.asking, self.lists
        for fact in asking.gate[asking.gate_at[row] : asking.gate_at[row + 1]].tolist():
            self._wait(fact)
        for course in asking.course[asking.at[row] : asking.at[row + 1]].tolist():
            if course in self.courses:
                continue
            self.courses.add(course)
            entries = range(lists.pre_at[course], lists.pre_at[course + 1])
            if self.facts & set(lists.pre[entries.start : entries.stop].tolist()):
                continue
            dearest, most = None, float(self.own[course])
            for entry in entries:
                if self.need[entry] > most:
                    dearest, most = entry, float(self.need[entry])
            if most <= NOTHING and self.crux[course] != TRUE:
                self._wait(int(self.crux[course]))
                continue
            least = min(least, most)
            if dearest is None:
                self.used[2].append(course)
            else:
                self.used[1].append(dearest)
                self._wait(int(lists.pre[dearest]))
        return least

    def pay(self, amount: float) -> list[int]:
        """Take `amount` off all that the tree uses; returns the courses that pay themselves."""
        for prices, used in zip((self.price, self.need, self.own), self.used, strict=True):
            prices[used] -= amount
        pre_at, pre = self.lists.pre_at, self.lists.pre
        return sorted(
            one for one in self.used[2] if not self.facts & set(pre[pre_at[one] : pre_at[one + 1]].tolist())
        )


def needed(lists: Lists, at: IntArray, item: IntArray, goals: IntArray) -> tuple[IntArray, IntArray]:
    """See `loops.needed`."""
    kept = np.zeros(len(item), dtype=np.bool_)
    for begin, end in pairwise(at.tolist()):
        allowed = np.ones(len(lists.pre_at) - 1, dtype=np.bool_)
        allowed[item[begin:end]] = False
        holds = reached(lists, allowed)
        takeable = np.logical_and.reduceat(holds[lists.pre], lists.pre_at[:-1])
        kept[begin:end] = takeable[item[begin:end]] & (not holds[goals].all())
    return _starts(np.bincount(_owners(at)[kept], minlength=len(at) - 1)), item[kept]


def dominators(lists: Lists, before: IntArray, use: IntArray) -> IntArray:
    """See `loops.dominators`; sets of facts as bits of Python's integers."""
    size = len(lists.pre_at) - 1
    known = [int.from_bytes(row.tobytes(), "little") for row in before]
    gives = _bits(lists.add_at, lists.add)
    needs = [one & ~(1 << TRUE) for one in _bits(lists.pre_at, lists.pre)]
    resources = list(zip(*use.tolist(), strict=True))
    add = np.split(lists.add, lists.add_at[1:-1])
    give = [one.tolist() for one in np.split(lists.give, lists.give_at[1:-1])]
    stand_in = np.full(size, -1, dtype=np.int64)
    for course in range(size):
        needed = gives[course] & ~known[course]
        fresh = [fact for fact in add[course].tolist() if needed >> fact & 1] or add[course].tolist()[:1]
        for other in give[min(fresh, key=lambda fact: len(give[fact]))]:
            if (
                other != course
                and stand_in[other] < 0
                and not needed & ~gives[other]
                and not needs[other] & ~known[course]
                and all(mine >= its for mine, its in zip(resources[course], resources[other], strict=True))
            ):
                stand_in[course] = other
                break
    return stand_in


def _bits(at: IntArray, item: IntArray) -> list[int]:
    return [sum(1 << fact for fact in row.tolist()) for row in np.split(item, at[1:-1])]


def extract(lists: Lists, giver: IntArray, goals: IntArray, holds: BoolArray, chosen: BoolArray) -> None:
    """See `loops.extract`."""
    seen = holds.copy()
    waiting = goals.tolist()
    while waiting:
        fact = waiting.pop()
        if seen[fact]:
            continue
        seen[fact] = True
        course = int(giver[fact])
        if course >= 0 and not chosen[course]:
            chosen[course] = True
            waiting += lists.pre[lists.pre_at[course] : lists.pre_at[course + 1]].tolist()


def closure(lists: Lists, plan: IntArray, holds: BoolArray) -> IntArray:
    """See `loops.closure`."""
    waiting = plan.tolist()
    order: list[int] = []
    while True:
        later = []
        for course in waiting:
            if holds[lists.pre[lists.pre_at[course] : lists.pre_at[course + 1]]].all():
                order.append(course)
                holds[lists.add[lists.add_at[course] : lists.add_at[course + 1]]] = True
            else:
                later.append(course)
        if len(later) == len(waiting):
            return np.array(order, dtype=np.int64)
        waiting = later


def without_waste(lists: Lists, cost: IntArray, goals: IntArray, plan: IntArray) -> IntArray:
    """See `loops.without_waste`."""
    kept = np.sort(closure(lists, np.sort(plan), _beginning(lists)))
    for course in sorted(kept.tolist(), key=lambda one: (-int(cost[one]), -one)):
        holds = _beginning(lists)
        rest = closure(lists, kept[kept != course], holds)
        if holds[goals].all():
            kept = np.sort(rest)
    return closure(lists, kept, _beginning(lists))


def completed(lists: Lists, goals: IntArray, courses: IntArray, cost: IntArray) -> IntArray:
    """See `loops.completed`."""
    holds = _beginning(lists)
    order = closure(lists, np.sort(courses), holds)
    chosen = np.zeros(len(cost), dtype=np.bool_)
    extract(lists, h_add(lists, cost, holds)[1], goals, holds, chosen)
    chosen[order] = True
    return np.flatnonzero(chosen)


def _beginning(lists: Lists) -> BoolArray:
    holds = np.zeros(len(lists.need_at) - 1, dtype=np.bool_)
    holds[TRUE] = True
    return holds


def leading(lists: Lists, goals: IntArray, seeds: IntArray) -> tuple[BoolArray, BoolArray]:
    """See `loops.leading`."""
    wanted = np.zeros(len(lists.need_at) - 1, dtype=np.bool_)
    wanted[goals] = True
    useful = np.zeros(len(lists.pre_at) - 1, dtype=np.bool_)
    useful[seeds] = True
    owner = _owners(lists.pre_at)
    before = -1
    while len(useful) and (now := int(wanted.sum()) + int(useful.sum())) != before:
        before = now
        useful |= np.logical_or.reduceat(wanted[lists.add], lists.add_at[:-1])
        wanted[lists.pre[useful[owner] & (lists.pre != TRUE)]] = True
    wanted[TRUE] = True
    for course in seeds.tolist():
        wanted[lists.add[lists.add_at[course] : lists.add_at[course + 1]]] = True
    return useful, wanted
