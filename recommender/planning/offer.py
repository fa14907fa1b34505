"""A catalogue as integer arrays, made once per digest, kept in a file, and shared by all who plan on it.

Skills and courses are numbered; skill 0 stands for "nothing" (a course without prerequisites requires level 0
of it). Each either/or prerequisite becomes a skill of its own that every alternative "teaches": the
alternatives stand behind the courses as helpers without effort.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from recommender.domain import Catalogue, Levels, Objective, Preferences
from recommender.errors import MalformedInputError
from recommender.planning.task import IntArray, Rows

MAX_TOTAL = 2**50
"""Above this, sums of costs would not be exact in a solver's floating-point numbers."""
FORMAT = 1
"""Of the files; part of their names, so that another version never reads them."""


class Offered(NamedTuple):
    """What compiled loops read: the levels each course requires and gives, and who needs and gives a skill.

    `pre_*` and `add_*` are rows per course, `need*` and `give*` rows per skill; `*_above` is the level of the
    same skill that the course itself requires.
    """

    pre_at: IntArray
    pre_skill: IntArray
    pre_level: IntArray
    add_at: IntArray
    add_skill: IntArray
    add_level: IntArray
    add_above: IntArray
    need_at: IntArray
    need: IntArray
    need_level: IntArray
    give_at: IntArray
    give: IntArray
    give_level: IntArray
    give_above: IntArray


@dataclass(frozen=True, kw_only=True)
class Offer:
    """The arrays of one catalogue. `hours`, `price` and `practice` (hours hands-on) are per course, helpers
    included; the first `courses` rows are those of the catalogue, ordered by id."""

    rows: Offered
    hours: IntArray
    price: IntArray
    practice: IntArray
    courses: int
    skills: Mapping[str, int]

    @property
    def size(self) -> int:
        """Courses and helpers."""
        return len(self.hours)

    @property
    def width(self) -> int:
        """Skills, the one for "nothing" and those of choices included."""
        return len(self.rows.need_at) - 1

    def levels(self, levels: Levels) -> IntArray:
        """`levels` per skill number; skills the catalogue does not know are left out."""
        found = np.zeros(self.width, dtype=np.int64)
        for skill, level in levels.items():
            number = self.skills.get(skill)
            if number is not None:
                found[number] = level
        return found


def of(catalogue: Catalogue) -> Offer:
    """The compiled form of `catalogue`, kept with it. Raises MalformedInputError for impossible figures."""
    kept: Offer | None = catalogue.__dict__.get("_offer")
    if kept is None:
        kept = compiled(catalogue)
        given(catalogue, kept)
    return kept


def given(catalogue: Catalogue, made: Offer) -> Catalogue:
    """`catalogue` with its compiled form, which somebody has made already."""
    catalogue.__dict__["_offer"] = made
    return catalogue


def compiled(catalogue: Catalogue) -> Offer:
    """Compile `catalogue` anew."""
    _check_sizes(catalogue)
    skills = {skill: number for number, skill in enumerate(sorted(catalogue.skills), start=1)}
    # By id, so that the order of a catalogue cannot change a plan.
    courses = sorted(catalogue.courses, key=lambda course: course.id)
    requires: list[dict[int, int]] = []
    teaches: list[dict[int, int]] = []
    helpers: list[tuple[dict[int, int], int]] = []
    width = len(skills) + 1
    for course in courses:
        needed = {skills[skill]: level for skill, level in course.requires.items()}
        for choice in course.one_of:
            needed[width] = 1
            helpers += [
                ({skills[skill]: level for skill, level in alternative.items()}, width)
                for alternative in choice
            ]
            width += 1
        requires.append(needed)
        teaches.append({skills[skill]: level for skill, level in course.teaches.items()})
    requires += [needed for needed, _ in helpers]
    teaches += [{gives: 1} for _, gives in helpers]
    nothing = [0] * len(helpers)
    return Offer(
        rows=_frozen(_rows(requires, teaches, width=width)),
        hours=_integers([course.hours for course in courses] + nothing),
        price=_integers([course.price for course in courses] + nothing),
        practice=_integers([course.hands_on for course in courses] + nothing),
        courses=len(courses),
        skills=skills,
    )


def costs(offer: Offer, catalogue: Catalogue, objective: Objective) -> IntArray:
    """Cost per course under `objective`; helpers cost nothing. Raises MalformedInputError."""
    weights = objective.hour, objective.price, objective.theory
    if min(weights) < 0 or any(one < 0 for one in objective.extra.values()):
        raise MalformedInputError("objective: weights must not be negative")
    totals = int(offer.hours.sum()), int(offer.price.sum()), int((offer.hours - offer.practice).sum())
    largest = sum(weight * total for weight, total in zip(weights, totals, strict=True))
    most_points = 100 * totals[0] * points_per_hour(objective.prefer)
    if (
        max(largest + sum(objective.extra.values()) + objective.prefer.price * most_points, most_points)
        > MAX_TOTAL
    ):
        raise MalformedInputError(f"the costs of all courses add up to more than {MAX_TOTAL}")
    cost = objective.hour * offer.hours + objective.price * offer.price
    if objective.theory:
        cost = cost + objective.theory * (offer.hours - offer.practice)
    if objective.prefer.price:
        cost = cost + objective.prefer.price * points(offer, objective.prefer) // 100
    for course, extra in objective.extra.items():
        place = positions(catalogue).get(course)
        if place is not None:
            cost[place] += extra
    return cost


def points(offer: Offer, prefer: Preferences) -> IntArray:
    """`Preferences.points` per course; helpers have none."""
    found = 100 * prefer.hands_on * (offer.hours - offer.practice)
    levels = _sums(offer.rows.add_level, offer.rows.add_at)
    for merit in prefer.merits:
        of_skill = np.zeros(offer.width, dtype=np.int64)
        for skill, value in merit.skills.items():
            of_skill[offer.skills.get(skill, 0)] = value
        earned = _sums(offer.rows.add_level * of_skill[offer.rows.add_skill], offer.rows.add_at)
        found = found + merit.weight * offer.hours * (100 - earned // np.maximum(levels, 1))
    return found


def points_per_hour(prefer: Preferences) -> int:
    """The most hundreds of points an hour can have. Raises MalformedInputError for impossible weights."""
    weights = [prefer.price, prefer.hands_on, *(merit.weight for merit in prefer.merits)]
    merits = [value for merit in prefer.merits for value in merit.skills.values()]
    if min(weights) < 0 or not all(0 <= value <= 100 for value in merits):
        raise MalformedInputError("objective: weights must not be negative, merits from 0 to 100")
    return sum(weights[1:])


def _sums(values: IntArray, at: IntArray) -> IntArray:
    """Sums of the rows of `values`, which may be empty."""
    upto = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(values)])
    sums: IntArray = upto[at[1:]] - upto[at[:-1]]
    return sums


def ids(catalogue: Catalogue) -> Sequence[str]:
    """The ids of the courses in the order of the arrays."""
    kept: list[str] | None = catalogue.__dict__.get("_ids")
    if kept is None:
        kept = catalogue.__dict__["_ids"] = sorted(catalogue.by_id)
    return kept


def positions(catalogue: Catalogue) -> Mapping[str, int]:
    """Course id -> place in the arrays."""
    kept: dict[str, int] | None = catalogue.__dict__.get("_positions")
    if kept is None:
        kept = {course: place for place, course in enumerate(ids(catalogue))}
        catalogue.__dict__["_positions"] = kept
    return kept


def save(offer: Offer, path: Path) -> None:
    """Write `offer` where `load` finds it; whoever reads meanwhile sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = [*offer.rows, offer.hours, offer.price, offer.practice]
    names = np.array(sorted(offer.skills, key=offer.skills.__getitem__), dtype=np.str_)
    lengths = np.array([FORMAT, offer.courses, *map(len, arrays)], dtype=np.int64)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".new", delete=False) as file:
        np.save(file, lengths)
        np.save(file, names)
        np.save(file, np.concatenate(arrays))
    Path(file.name).replace(path)


def load(path: Path) -> Offer:
    """The offer in `path`, its arrays mapped from the file: every process shares the same memory.

    Raises MalformedInputError when the file is not one of ours.
    """
    try:
        with path.open("rb") as file:
            lengths = np.load(file)
            names = np.load(file)
            np.lib.format.read_magic(file)
            shape, _, _ = np.lib.format.read_array_header_1_0(file)
            everything = np.memmap(path, dtype=np.int64, mode="r", offset=file.tell(), shape=shape)
    except (OSError, ValueError) as error:
        raise MalformedInputError(f"{path}: not a compiled catalogue ({error})") from error
    if lengths[0] != FORMAT or lengths[2:].sum() != len(everything):
        raise MalformedInputError(f"{path}: a compiled catalogue of another version; delete it")
    arrays = np.split(np.asarray(everything), np.cumsum(lengths[2:])[:-1])
    return Offer(
        rows=Offered(*arrays[:-3]),
        hours=arrays[-3],
        price=arrays[-2],
        practice=arrays[-1],
        courses=int(lengths[1]),
        skills={str(name): number for number, name in enumerate(names.tolist(), start=1)},
    )


def _rows(requires: list[dict[int, int]], teaches: list[dict[int, int]], *, width: int) -> Offered:
    pre, pre_level = _pairs([needed or {0: 0} for needed in requires])
    add, add_level = _pairs(teaches)
    above = _integers(
        required.get(skill, 0)
        for required, given in zip(requires, teaches, strict=True)
        for skill in sorted(given)
    )
    need, need_order = _by_skill(pre, width=width)
    give, give_order = _by_skill(add, width=width)
    return Offered(
        *(pre.at, pre.item, pre_level, add.at, add.item, add_level, above),
        *(need.at, need.item, pre_level[need_order]),
        *(give.at, give.item, add_level[give_order], above[give_order]),
    )


def _pairs(rows: list[dict[int, int]]) -> tuple[Rows, IntArray]:
    pairs = [pair for row in rows for pair in sorted(row.items())]
    lengths = _integers([len(row) for row in rows])
    skills = _integers([skill for skill, _ in pairs])
    return Rows.of(lengths, skills), _integers([level for _, level in pairs])


def _by_skill(rows: Rows, *, width: int) -> tuple[Rows, IntArray]:
    """The rows turned round, a row per skill, and the order in which their items now stand."""
    order = np.argsort(rows.item, kind="stable")
    return Rows.of(np.bincount(rows.item, minlength=width), rows.owner[order]), order


def _frozen(rows: Offered) -> Offered:
    """Arrays that cannot be written, as mapped ones cannot: compiled loops then take both alike."""
    for array in rows:
        array.flags.writeable = False
    return rows


def _integers(values: Iterable[int]) -> IntArray:
    return np.fromiter(values, dtype=np.int64)


def _check_sizes(catalogue: Catalogue) -> None:
    hours = price = 0
    for course in catalogue.courses:
        if course.hours < 0 or course.price < 0:
            raise MalformedInputError(f"course {course.id!r}: hours and price must not be negative")
        if not 0 <= course.hands_on <= course.hours:
            raise MalformedInputError(f"course {course.id!r}: hands-on hours must be among its hours")
        hours += course.hours
        price += course.price
    if max(hours, price) > MAX_TOTAL:
        raise MalformedInputError(f"the hours or prices of all courses add up to more than {MAX_TOTAL}")
