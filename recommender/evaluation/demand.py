"""Demand statistics on simulated postings: do intervals cover, is "rising" said falsely, is a rise seen.

Shares and trends are known because they are simulated; the seed makes the run repeatable. Overdispersed
months (bursts of hiring) are included: there the variance is `BURSTS` times that of independent postings.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from recommender.estimators import demand, resampling
from recommender.estimators.demand import Direction, Month

NAME = "demand"
SHARES = (0.005, 0.02, 0.1, 0.3)
POSTINGS = (50, 200, 1000, 5000)
MONTHS = (12, 24)
MONTHLY = ((200, 0.1), (1000, 0.02), (1000, 0.1), (5000, 0.02))
BURSTS = 2.0
GROWTH = 0.4
SKILLS = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How long to simulate."""
    parser.add_argument("--runs", type=int, default=500, help="simulated cases per setting")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: argparse.Namespace) -> int:
    """Simulate and print."""
    report = evaluate(runs=max(arguments.runs, 10), seed=arguments.seed)
    print(json.dumps(report, indent=2) if arguments.json else _as_text(report))
    return 0


def evaluate(*, runs: int, seed: int) -> dict[str, Any]:
    """Coverage of the interval of a share; false and true directions of a trend; false ones among many."""
    rng = np.random.default_rng(seed)
    covered = {
        f"share {true:g}, {postings} postings": _covered(true, postings=postings, runs=runs, rng=rng)
        for true in SHARES
        for postings in POSTINGS
    }
    steady = {
        f"{postings} a month, share {true:g}, {months} months, variance x {bursts:g}": _directions(
            true, postings=postings, months=months, bursts=bursts, growth=0.0, runs=runs, rng=rng
        )
        for postings, true in MONTHLY
        for months in MONTHS
        for bursts in (1.0, BURSTS)
    }
    growing = {
        f"{postings} a month, share {true:g}": _directions(
            true, postings=postings, months=12, bursts=1.0, growth=GROWTH, runs=runs, rng=rng
        )
        for postings, true in MONTHLY
    }
    return {
        "coverage": _summary(covered, seed=seed, worst=min),
        "false_rising": _summary(_said(steady, Direction.RISING), seed=seed, worst=max),
        "false_falling": _summary(_said(steady, Direction.FALLING), seed=seed, worst=max),
        "false_direction_among_many": _among_many(runs=max(runs // 5, 10), rng=rng, seed=seed),
        "rise_of_40_percent_a_year_seen": _summary(_said(growing, Direction.RISING), seed=seed, worst=min),
    }


def _covered(true: float, *, postings: int, runs: int, rng: np.random.Generator) -> list[bool]:
    """A parent skill is up to three times as common as the skill or a third as common: its prior is off."""
    found = []
    for mentions in rng.binomial(postings, true, size=runs):
        parent = min(0.9, true * float(np.exp(rng.uniform(-np.log(3), np.log(3)))))
        one = demand.share(int(mentions), postings=postings, prior=demand.prior_from(parent))
        found.append(one.low <= true <= one.high)
    return found


def _months(
    true: float, *, postings: int, months: int, bursts: float, growth: float, rng: np.random.Generator
) -> list[Month]:
    totals = np.maximum(rng.poisson(postings * rng.uniform(0.7, 1.3, size=months)), 1)
    means = totals * true * (1 + growth) ** (np.arange(months) / 12)
    if bursts > 1:
        # Gamma-mixed Poisson with variance `bursts` times the mean.
        means = rng.gamma(means / (bursts - 1), bursts - 1)
    mentions = np.minimum(rng.poisson(means), totals)
    return [Month(mentions=int(y), postings=int(n)) for y, n in zip(mentions, totals, strict=True)]


def _directions(
    true: float,
    *,
    postings: int,
    months: int,
    bursts: float,
    growth: float,
    runs: int,
    rng: np.random.Generator,
) -> list[Direction]:
    return [
        demand.trend(
            _months(true, postings=postings, months=months, bursts=bursts, growth=growth, rng=rng)
        ).direction
        for _ in range(runs)
    ]


def _said(found: dict[str, list[Direction]], direction: Direction) -> dict[str, list[bool]]:
    return {setting: [one is direction for one in said] for setting, said in found.items()}


def _among_many(*, runs: int, rng: np.random.Generator, seed: int) -> dict[str, Any]:
    """How often any of `SKILLS` steady skills of one role is given a direction after Benjamini-Hochberg."""
    any_false = []
    for _ in range(runs):
        trends = {
            str(skill): demand.trend(_months(0.05, postings=1000, months=12, bursts=1.0, growth=0.0, rng=rng))
            for skill in range(SKILLS)
        }
        said = demand.directions(trends).values()
        any_false.append(any(one is not Direction.NOT_ENOUGH_DATA for one in said))
    return {"skills": SKILLS, "n": runs, **_rate(any_false, seed=seed)}


def _summary(found: dict[str, list[bool]], *, seed: int, worst: Any) -> dict[str, Any]:
    rates = {setting: sum(hits) / len(hits) for setting, hits in found.items()}
    pooled = [hit for hits in found.values() for hit in hits]
    return {
        "n": len(pooled),
        **_rate(pooled, seed=seed),
        "worst": {"setting": (setting := worst(rates, key=rates.__getitem__)), "value": rates[setting]},
        "by": {setting: round(rate, 4) for setting, rate in rates.items()},
    }


def _rate(hits: Sequence[bool], *, seed: int) -> dict[str, float]:
    values = np.array(hits, dtype=np.float64)
    return resampling.interval(
        lambda rows: float(values[rows].mean()), groups=range(len(values)), seed=seed
    ).rounded()


def _as_text(report: dict[str, Any]) -> str:
    lines = []
    for name, figures in report.items():
        span = f"{100 * figures['value']:.1f} % [{100 * figures['low']:.1f}, {100 * figures['high']:.1f}]"
        worst = figures.get("worst")
        tail = f"; worst {100 * worst['value']:.1f} % ({worst['setting']})" if worst else ""
        lines.append(f"{name.replace('_', ' '):34} n={figures['n']:6d}  {span}{tail}")
    return "\n".join(lines)
