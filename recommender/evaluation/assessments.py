"""Adaptive assessments on simulated people: how far off the level is, how long it takes, what is shown.

The bank is real, the people are not: their levels are drawn, and they answer as the model says, in one
setting with difficulties that are off from the authors' levels. Each skill is sat by `--runs` people one
after the other, so that exposure builds up as it does in use.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from recommender.datasets import item_bank
from recommender.estimators import ability
from recommender.estimators.ability import Ability, Answer, Exposure, Item, StopReason, StopRule

NAME = "assessments"
BANK = Path("fixtures/assessments/foundation-and-core.jsonl")
# A 90 % interval reaches this many standard deviations either way.
Z_90 = 1.645


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How items are chosen: `adaptive` by information, else at random; with or without exposure control.

    `copies` of each item stand for a larger bank of the same kind; `misjudged` is in logits.
    """

    adaptive: bool = True
    control: bool = True
    copies: int = 1
    misjudged: float = 0.0
    rule: StopRule = ability.STOP_RULE


@dataclass(frozen=True, slots=True, kw_only=True)
class Sat:
    """One simulated assessment; `truth` in logits."""

    truth: float
    found: Ability
    items: tuple[str, ...]
    reason: StopReason


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which bank, and how long to simulate."""
    parser.add_argument("--bank", type=Path, default=BANK)
    parser.add_argument("--runs", type=int, default=400, help="simulated people per skill")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: argparse.Namespace) -> int:
    """Simulate and print."""
    bank = item_bank.load(arguments.bank)
    report = evaluate(bank, runs=max(arguments.runs, 50), seed=arguments.seed)
    print(json.dumps(report, indent=2) if arguments.json else _as_text(report))
    return 0


SETTINGS: Mapping[str, Setting] = {
    "as shipped": Setting(),
    "difficulties off by 0.6 logits": Setting(misjudged=0.6),
    "no exposure control": Setting(control=False),
    "items at random": Setting(adaptive=False, control=False),
    "always twelve items": Setting(rule=StopRule(fewest=12, most=12)),
    "always five items": Setting(rule=StopRule(fewest=5, most=5)),
    "three times the items": Setting(copies=3),
}


def evaluate(bank: item_bank.ItemBank, *, runs: int, seed: int) -> dict[str, Any]:
    """Every setting on every skill of the bank, summed up over skills."""
    skills: defaultdict[str, list[Item]] = defaultdict(list)
    for item in bank.items:
        skills[item.skill].append(item.measured())
    return {
        name: summary(
            {
                skill: simulate(items, setting=setting, runs=runs, rng=np.random.default_rng([seed, number]))
                for number, (skill, items) in enumerate(sorted(skills.items()))
            },
            sizes={skill: len(items) * setting.copies for skill, items in skills.items()},
        )
        for name, setting in SETTINGS.items()
    }


def simulate(items: Sequence[Item], *, setting: Setting, runs: int, rng: np.random.Generator) -> list[Sat]:
    """`runs` people after one another on the items of one skill; their levels are as `UNKNOWN` believes."""
    items = [replace(one, id=f"{one.id}/{n}") for one in items for n in range(setting.copies)]
    off = setting.misjudged * rng.standard_normal(len(items))
    real = {
        one.id: replace(one, difficulty=one.difficulty + float(by))
        for one, by in zip(items, off, strict=True)
    }
    shown: Counter[str] = Counter()
    sat = []
    for number in range(runs):
        truth = float(rng.normal(ability.UNKNOWN.mean, ability.UNKNOWN.sd))
        exposure = Exposure(shown=shown, assessments=number) if setting.control else ability.NO_EXPOSURE
        one = _sit(items, real=real, truth=truth, setting=setting, exposure=exposure, rng=rng)
        shown.update(one.items)
        sat.append(one)
    return sat


def _sit(
    items: Sequence[Item],
    *,
    real: Mapping[str, Item],
    truth: float,
    setting: Setting,
    exposure: Exposure,
    rng: np.random.Generator,
) -> Sat:
    given: list[Answer] = []
    believed = ability.UNKNOWN
    reason = None
    while reason is None:
        item = _next(items, given=given, believed=believed, setting=setting, exposure=exposure, rng=rng)
        right = rng.random() < ability.chance_of_right(truth, item=real[item.id])
        given.append(Answer(item=item, right=bool(right)))
        believed = ability.estimate(given)
        reason = ability.stop_reason(
            believed, asked=len(given), left=len(items) - len(given), rule=setting.rule
        )
    return Sat(truth=truth, found=believed, items=tuple(one.item.id for one in given), reason=reason)


def _next(
    items: Sequence[Item],
    *,
    given: Sequence[Answer],
    believed: Ability,
    setting: Setting,
    exposure: Exposure,
    rng: np.random.Generator,
) -> Item:
    asked = {one.item.id for one in given}
    if setting.adaptive:
        seed = int(rng.integers(2**31))
        item = ability.choose(items, ability=believed, asked=asked, seed=seed, exposure=exposure)
        if item is not None:
            return item
    left = [one for one in items if one.id not in asked]
    return left[int(rng.integers(len(left)))]


def summary(by_skill: Mapping[str, Sequence[Sat]], *, sizes: Mapping[str, int]) -> dict[str, Any]:
    """Error in levels, honesty of the interval, length, and how evenly items are shown."""
    everybody = [one for sat in by_skill.values() for one in sat]
    off = np.array([one.found.mean - one.truth for one in everybody]) / ability.LOGITS_PER_LEVEL
    spread = np.array([one.found.sd for one in everybody]) / ability.LOGITS_PER_LEVEL
    true_levels = np.array([Ability(mean=one.truth, sd=1.0).level for one in everybody])
    levels = np.array([one.found.level for one in everybody])
    lengths = np.array([len(one.items) for one in everybody])
    shares = [share for skill, sat in by_skill.items() for share in exposures(sat, items=sizes[skill])]
    reasons = Counter(one.reason.value for one in everybody)
    return {
        "people": len(everybody),
        "rmse_levels": round(float(np.sqrt(np.mean(off**2))), 3),
        "rmse_levels_interval": _interval(off),
        "bias_levels": round(float(off.mean()), 3),
        "within_90": round(float(np.mean(np.abs(off) <= Z_90 * spread)), 3),
        "same_level": round(float(np.mean(levels == true_levels)), 3),
        "within_one_level": round(float(np.mean(np.abs(levels - true_levels) <= 1)), 3),
        "items_mean": round(float(lengths.mean()), 2),
        "items_p10_p50_p90": [int(one) for one in np.quantile(lengths, [0.1, 0.5, 0.9])],
        "exposure_max": round(max(shares), 3),
        "exposure_median": round(float(np.median(shares)), 3),
        "never_shown": sum(share == 0 for share in shares),
        "first_item_max": round(max(_first_items(sat) for sat in by_skill.values()), 3),
        "stopped_by": {name: round(n / len(everybody), 3) for name, n in sorted(reasons.items())},
    }


def exposures(sat: Sequence[Sat], *, items: int) -> list[float]:
    """The share of assessments that showed each of `items` items, unseen ones included, in no fixed order."""
    shown = Counter(name for one in sat for name in one.items)
    return [n / len(sat) for n in shown.values()] + [0.0] * (items - len(shown))


def _first_items(sat: Sequence[Sat]) -> float:
    return max(Counter(one.items[0] for one in sat).values()) / len(sat)


def _interval(off: np.ndarray[Any, np.dtype[np.float64]]) -> list[float]:
    """95 % by the delta method on the mean square: people are independent of one another given the items."""
    square = off**2
    mean, half = float(square.mean()), 1.96 * float(square.std(ddof=1)) / len(square) ** 0.5
    return [round(max(mean - half, 0.0) ** 0.5, 3), round((mean + half) ** 0.5, 3)]


def _as_text(report: Mapping[str, Mapping[str, Any]]) -> str:
    lines = []
    for setting, found in report.items():
        lines += [setting, *(f"    {name:22} {value}" for name, value in found.items())]
    return "\n".join(lines)
