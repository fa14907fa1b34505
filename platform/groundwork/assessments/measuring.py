"""What the answers of many people say of an item."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from groundwork.assessments import sitting as sittings
from groundwork.assessments.models import Answer, Item, Sitting
from recommender.estimators import ability, item_statistics
from recommender.estimators.item_statistics import ItemStatistics, Response

# Below it the share of right answers is off by more than 9 points either way at one standard error.
ENOUGH = 30
# Moves smaller than half a level are no drift worth anybody's time.
DRIFT = ability.LOGITS_PER_LEVEL / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One item: how often it was put, and, with ENOUGH answers, what they say.

    `exposure` is the share of the sittings in its skill that showed it. `drifts` compares the earlier half of
    the answers with the later one; None while one of them is too small.
    """

    answers: int
    exposure: float
    statistics: ItemStatistics | None
    drifts: bool | None


def measure(items: Collection[Item]) -> dict[int, Measured]:
    """Statistics of `items` by their keys, from finished sittings, in a fixed number of queries."""
    responses = _responses({item.skill_id for item in items})
    shown: defaultdict[int, int] = defaultdict(int)
    for pk in Answer.objects.filter(item__in=[item.pk for item in items]).values_list("item", flat=True):
        shown[pk] += 1
    sat: defaultdict[int, int] = defaultdict(int)
    for skill in Sitting.objects.values_list("skill", flat=True).order_by():
        sat[skill] += 1
    return {
        item.pk: _measured(item, responses[item.pk], shown=shown[item.pk], sittings_=sat[item.skill_id])
        for item in items
    }


def table(items: Collection[Item]) -> list[dict[str, object]]:
    """`items` with their statistics as plain values, in the given order; None stands for not enough data.

    Difficulties are in levels of the house scale, like the author's.
    """
    found = measure(items)
    return [_row(item, found[item.pk]) for item in items]


def _row(item: Item, measured: Measured) -> dict[str, object]:
    statistics = measured.statistics
    row: dict[str, object] = {
        "bank": item.bank.slug,
        "item": item.code,
        "skill": item.skill.slug,
        "retired": item.retired_at is not None,
        "author_level": item.level,
        "answers": measured.answers,
        "exposure": round(measured.exposure, 3),
        "enough_data": statistics is not None,
        "drifts": measured.drifts,
    }
    figures = ("share_right", "level", "level_sd", "discrimination", "outfit")
    for name in figures:
        value = getattr(statistics, name, None)
        row[name] = None if value is None else round(value, 3)
    row["hint"] = statistics.hint.value if statistics and statistics.hint else None
    return row


def _measured(item: Item, responses: Sequence[Response], *, shown: int, sittings_: int) -> Measured:
    enough = len(responses) >= ENOUGH
    return Measured(
        answers=len(responses),
        exposure=shown / sittings_ if sittings_ else 0.0,
        statistics=item_statistics.measure(item.as_value(), responses=responses) if enough else None,
        drifts=_drifts(item, responses),
    )


def _drifts(item: Item, responses: Sequence[Response]) -> bool | None:
    half = len(responses) // 2
    if half < ENOUGH:
        return None
    early, late = (
        item_statistics.measure(item.as_value(), responses=part)
        for part in (responses[:half], responses[half:])
    )
    apart = abs(early.difficulty - late.difficulty)
    return apart > max(DRIFT, 2 * math.hypot(early.difficulty_sd, late.difficulty_sd))


def _responses(skills: Collection[int]) -> defaultdict[int, list[Response]]:
    """Each item's answers, oldest first, beside what the other answers of the same sitting show."""
    of_sitting: defaultdict[object, list[Answer]] = defaultdict(list)
    answers = Answer.objects.filter(sitting__skill__in=skills).exclude(sitting__finished_at=None)
    for one in answers.select_related("item").order_by("answered_at", "pk"):
        of_sitting[one.sitting_id].append(one)
    found: list[tuple[Answer, Response]] = []
    for given in of_sitting.values():
        for one in given:
            others = [other for other in given if other is not one]
            believed = sittings.estimate(others).mean
            found.append((one, Response(ability=believed, right=bool(one.right))))
    by_item: defaultdict[int, list[Response]] = defaultdict(list)
    for one, response in sorted(found, key=lambda pair: (pair[0].answered_at, pair[0].pk)):
        by_item[one.item_id].append(response)
    return by_item
