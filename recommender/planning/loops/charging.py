"""Prices of the relaxation's rows taken apart into landmarks: see `planning.charging`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recommender.planning.loops.compiling import compiled
from recommender.planning.loops.estimating import reached
from recommender.planning.task import NOBODY, TRUE, Asking, FloatArray, IntArray, Lists

NOTHING = 1e-6
"""A price up to this is none."""


class _Left(NamedTuple):
    """What is left of the price of each row, of each prerequisite, and of what each course can pay itself."""

    row: FloatArray
    need: FloatArray
    own: FloatArray


class _Tree(NamedTuple):
    """How a fact is kept from coming true: `fact` and `course` hold the number of the last tree that has
    them, the first `used` of the others what this one uses: rows, prerequisites, courses; facts that wait."""

    fact: IntArray
    course: IntArray
    rows: IntArray
    needs: IntArray
    owns: IntArray
    waiting: IntArray
    used: IntArray


@compiled
def charges(
    lists: Lists,
    asking: Asking,
    price: FloatArray,
    need: FloatArray,
    crux: IntArray,
    left: IntArray,
    goals: IntArray,
) -> tuple[IntArray, IntArray, IntArray]:
    """Landmarks that charge what the rows (`asking`) and prerequisites (`need`, as `lists.pre`) cost.

    The first row about a fact is that of its suppliers. Courses that cannot pay what is asked of them and
    have no priced prerequisite are kept from being taken by their `crux`, whatever that costs. `left` is the
    cost of the courses; the shares are taken off. Returns where each landmark begins and ends among the
    courses, the courses (ascending), the shares.
    """
    facts, size = len(lists.need_at) - 1, len(lists.pre_at) - 1
    row_at, row_of = _rows_of(asking, price, facts)
    supply = _supply_of(asking, facts)
    rest = _Left(price.copy(), need.copy(), left.astype(np.float64))
    tree = _no_tree(facts, size, len(asking.fact))
    wanted = _of_goals(lists, asking, price, need, goals)
    most = len(asking.fact) + len(need) + size
    at, shares = np.zeros(most + 1, dtype=np.int64), np.empty(most, dtype=np.int64)
    courses = np.empty(max(size, 1), dtype=np.int64)
    count, turn = 0, 0
    for root in range(len(asking.fact) + len(goals)):
        is_row = root < len(asking.fact)
        if is_row and asking.fact[root] != NOBODY:
            continue
        goal = -1 if is_row else goals[root - len(asking.fact)]
        demand = price[root] if is_row else wanted[root - len(asking.fact)]
        while demand > NOTHING and count < most:
            amount = _grow(
                lists, asking, row_at, row_of, supply, crux, rest, tree, root if is_row else -1, goal, turn
            )
            if amount <= NOTHING:
                turn += 1
                break
            amount = min(amount, demand)
            demand -= amount
            _pay(rest, tree, amount)
            found = _payers(lists, tree, turn)
            turn += 1
            share = _share(found, left, amount)
            if share <= 0:
                continue
            begin, end = at[count], at[count] + len(found)
            if end > len(courses):
                more = np.empty(2 * end, dtype=np.int64)
                more[:begin] = courses[:begin]
                courses = more
            for place in range(len(found)):
                courses[begin + place] = found[place]
                left[found[place]] -= share
            shares[count] = share
            count += 1
            at[count] = end
    return at[: count + 1], courses[: at[count]], shares[:count]


@compiled
def _no_tree(facts: int, size: int, rows: int) -> _Tree:
    return _Tree(
        np.full(facts, -1, dtype=np.int64),
        np.full(size, -1, dtype=np.int64),
        np.empty(rows, dtype=np.int64),
        np.empty(size, dtype=np.int64),
        np.empty(size, dtype=np.int64),
        np.empty(facts, dtype=np.int64),
        np.zeros(4, dtype=np.int64),
    )


@compiled
def _supply_of(asking: Asking, facts: int) -> IntArray:
    """For each fact the row of its suppliers: the first about it (-1: nobody gives it)."""
    supply = np.full(facts, -1, dtype=np.int64)
    for row in range(len(asking.fact)):
        if asking.fact[row] != NOBODY and supply[asking.fact[row]] < 0:
            supply[asking.fact[row]] = row
    return supply


@compiled
def _share(courses: IntArray, left: IntArray, amount: float) -> np.int64:
    """The amount as a whole number, as far as each of the courses has that left; 0 without courses."""
    share = np.int64(np.ceil(amount - NOTHING)) if len(courses) else np.int64(0)
    for course in courses:
        share = min(share, left[course])
    return share


@compiled
def _rows_of(asking: Asking, price: FloatArray, facts: int) -> tuple[IntArray, IntArray]:
    """For each fact the rows about it that cost something."""
    at = np.zeros(facts + 1, dtype=np.int64)
    for row in range(len(asking.fact)):
        if asking.fact[row] != NOBODY and price[row] > NOTHING:
            at[asking.fact[row] + 1] += 1
    for fact in range(facts):
        at[fact + 1] += at[fact]
    rows, place = np.empty(at[facts], dtype=np.int64), at[:-1].copy()
    for row in range(len(asking.fact)):
        if asking.fact[row] != NOBODY and price[row] > NOTHING:
            rows[place[asking.fact[row]]] = row
            place[asking.fact[row]] += 1
    return at, rows


@compiled
def _of_goals(
    lists: Lists, asking: Asking, price: FloatArray, need: FloatArray, goals: IntArray
) -> FloatArray:
    """What of the price of each goal's rows nobody else asks for."""
    net = np.zeros(len(lists.need_at) - 1, dtype=np.float64)
    for row in range(len(asking.fact)):
        if asking.fact[row] != NOBODY:
            net[asking.fact[row]] += price[row]
        for place in range(asking.gate_at[row], asking.gate_at[row + 1]):
            net[asking.gate[place]] -= price[row]
    for place in range(len(need)):
        net[lists.pre[place]] -= need[place]
    return net[goals]


@compiled
def _grow(
    lists: Lists,
    asking: Asking,
    row_at: IntArray,
    row_of: IntArray,
    supply: IntArray,
    crux: IntArray,
    left: _Left,
    tree: _Tree,
    row: int,
    fact: int,
    turn: int,
) -> float:
    """Keep the `row` from being met, or without one the `fact` from coming true; returns how much of that can
    be paid for (0: nothing)."""
    tree.used[:] = 0
    if row >= 0:
        tree.rows[0] = row
        tree.used[0] = 1
        least = _take(lists, asking, crux, left, tree, row, left.row[row], turn)
    else:
        least = np.inf
        _wait(tree, fact, turn)
    while tree.used[3] and least > NOTHING:
        tree.used[3] -= 1
        one = tree.waiting[tree.used[3]]
        dearest = -1
        for place in range(row_at[one], row_at[one + 1]):
            other = row_of[place]
            if left.row[other] > NOTHING and (dearest < 0 or left.row[other] > left.row[dearest]):
                dearest = other
        if dearest >= 0:
            tree.rows[tree.used[0]] = dearest
            tree.used[0] += 1
            least = min(least, left.row[dearest])
        elif supply[one] >= 0:
            dearest = supply[one]
        else:
            continue
        least = _take(lists, asking, crux, left, tree, dearest, least, turn)
    return least


@compiled
def _wait(tree: _Tree, fact: int, turn: int) -> None:
    """`fact` is to be kept from coming true, too."""
    if tree.fact[fact] != turn:
        tree.fact[fact] = turn
        tree.waiting[tree.used[3]] = fact
        tree.used[3] += 1


@compiled
def _take(
    lists: Lists,
    asking: Asking,
    crux: IntArray,
    left: _Left,
    tree: _Tree,
    row: int,
    least: float,
    turn: int,
) -> float:
    """Keep `row` from being met: its gates from coming true, and each course from being taken, by itself or
    by a prerequisite. Returns how much of that can be paid for, `least` at most."""
    for place in range(asking.gate_at[row], asking.gate_at[row + 1]):
        _wait(tree, asking.gate[place], turn)
    for place in range(asking.at[row], asking.at[row + 1]):
        course = asking.course[place]
        if tree.course[course] == turn:
            continue
        tree.course[course] = turn
        is_kept, dearest, most = False, -1, left.own[course]
        for entry in range(lists.pre_at[course], lists.pre_at[course + 1]):
            is_kept |= tree.fact[lists.pre[entry]] == turn
            if left.need[entry] > most:
                dearest, most = entry, left.need[entry]
        if is_kept:
            continue
        if most <= NOTHING and crux[course] != TRUE:
            _wait(tree, crux[course], turn)
            continue
        least = min(least, most)
        if dearest < 0:
            tree.owns[tree.used[2]] = course
            tree.used[2] += 1
        else:
            tree.needs[tree.used[1]] = dearest
            tree.used[1] += 1
            _wait(tree, lists.pre[dearest], turn)
    return least


@compiled
def _pay(left: _Left, tree: _Tree, amount: float) -> None:
    for place in range(tree.used[0]):
        left.row[tree.rows[place]] -= amount
    for place in range(tree.used[1]):
        left.need[tree.needs[place]] -= amount
    for place in range(tree.used[2]):
        left.own[tree.owns[place]] -= amount


@compiled
def _payers(lists: Lists, tree: _Tree, turn: int) -> IntArray:
    """The courses of the tree that pay themselves (ascending), without those that need a fact it has."""
    count = 0
    for place in range(tree.used[2]):
        course, is_kept = tree.owns[place], False
        for entry in range(lists.pre_at[course], lists.pre_at[course + 1]):
            is_kept |= tree.fact[lists.pre[entry]] == turn
        if not is_kept:
            tree.owns[count] = course
            count += 1
    return np.sort(tree.owns[:count])


@compiled
def needed(lists: Lists, at: IntArray, item: IntArray, goals: IntArray) -> tuple[IntArray, IntArray]:
    """Of each row of courses those that can be taken without the others; none where the goals can be reached
    without them."""
    starts, kept = np.zeros(len(at), dtype=np.int64), np.empty(len(item), dtype=np.int64)
    allowed = np.ones(len(lists.pre_at) - 1, dtype=np.bool_)
    used = 0
    for row in range(len(at) - 1):
        allowed[item[at[row] : at[row + 1]]] = False
        holds = reached(lists, allowed)
        allowed[item[at[row] : at[row + 1]]] = True
        is_cut = False
        for goal in goals:
            is_cut |= not holds[goal]
        for place in range(at[row], at[row + 1]):
            is_needed = is_cut
            for entry in range(lists.pre_at[item[place]], lists.pre_at[item[place] + 1]):
                is_needed &= holds[lists.pre[entry]]
            if is_needed:
                kept[used] = item[place]
                used += 1
        starts[row + 1] = used
    return starts, kept[:used]
