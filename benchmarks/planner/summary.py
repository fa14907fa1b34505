"""What a family's rows come to: medians, shares, ratios; and how time grows with the catalogue."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from benchmarks.planner.measuring import BATCH_GAP, Measured, Row

SIZES = ("1k", "10k", "100k")
PROVEN = ("optimal", "infeasible")


def of_family(measured: Measured) -> dict[str, Any]:
    """One line of the table. Seconds; gaps as fractions of the cost; memory in MiB."""
    rows = measured.ours
    seconds = [row["seconds"] for row in rows]
    first_gaps = [gap for gap in map(_first_gap, rows) if gap is not None]
    verified = [row["verified_gap"] for row in rows if row["verified_gap"] is not None]
    within = sum(_in_batch(row) for row in rows)
    agreeing = [row["agrees"] for row in rows if row["agrees"] is not None]
    return {
        "family": measured.family,
        "courses": measured.courses,
        "problems": len(rows),
        "median_seconds": statistics.median(seconds),
        "p95_seconds": _quantile(seconds, 0.95),
        "worst_seconds": max(seconds),
        "proven_share": sum(row["status"] in PROVEN for row in rows) / len(rows),
        "verified_proof_share": sum(row["proof"] == "verified" for row in rows) / len(rows),
        "infeasible": sum(row["status"] == "infeasible" for row in rows),
        "worst_gap": max((row["gap"] for row in rows if row["gap"] is not None), default=None),
        "first_median_seconds": statistics.median(row["first_seconds"] for row in rows),
        "first_mean_true_gap": statistics.mean(first_gaps) if first_gaps else None,
        "first_gap_is_proven": all(row["status"] in PROVEN for row in rows),
        "verified_gap_median": statistics.median(verified) if verified else None,
        "verified_gap_worst": max(verified, default=None),
        "batch_plans_per_second": within / sum(row["batch_seconds"] for row in rows),
        "batch_share": within / len(rows),
        "cold_seconds": measured.cold_seconds,
        "load_seconds": measured.load_seconds,
        "memory_peak": measured.memory_peak,
        "memory_before": measured.memory_before,
        "violations": sum(len(row["violations"]) for row in rows),
        "known_answers": len(agreeing),
        "known_answers_met": sum(agreeing),
        "peers": of_peers(measured.peers),
    }


def of_peers(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """One line for each peer. Ratios are to our solve with proof on the same problems in the same run; a peer
    that was stopped counts with the time until then, so its ratio is at least the one stated."""
    by_peer: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["note"] != "limits are not supported":
            by_peer[row["peer"]].append(row)
    return [_of_peer(name, of_one) for name, of_one in by_peer.items()]


def _of_peer(name: str, rows: Sequence[Row]) -> dict[str, Any]:
    ratios = [row["cost_ratio"] for row in rows if row["cost_ratio"] is not None and not row["violations"]]
    return {
        "peer": name,
        "problems": len(rows),
        "answered_share": sum(row["cost"] is not None or row["proven"] for row in rows) / len(rows),
        "proven_share": sum(row["proven"] for row in rows) / len(rows),
        "stopped_share": sum(row["stopped"] for row in rows) / len(rows),
        "median_seconds": statistics.median(row["seconds"] for row in rows),
        "median_time_ratio": statistics.median(row["time_ratio"] for row in rows),
        "mean_excess_cost": statistics.mean(ratios) - 1 if ratios else None,
        "violations": sum(bool(row["violations"]) for row in rows),
        "contradictions": sum(row["contradicts"] for row in rows),
    }


def growth(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Median seconds of a kind by size, and the factor from each size to the next."""
    by_kind: dict[str, dict[str, float]] = defaultdict(dict)
    for line in lines:
        kind, _, size = line["family"].rpartition("-")
        if size in SIZES:
            by_kind[kind][size] = line["median_seconds"]
    return [
        {
            "kind": kind,
            "median_seconds": {size: medians[size] for size in SIZES if size in medians},
            "factors": {
                f"{small}->{large}": medians[large] / medians[small]
                for small, large in pairwise(SIZES)
                if small in medians and large in medians
            },
        }
        for kind, medians in by_kind.items()
        if len(medians) > 1
    ]


def _first_gap(row: Row) -> float | None:
    """To the optimum; to the proven bound, so at most this, where the optimum is not known."""
    if not row["bound"] or row["first_cost"] is None:
        return None
    return float((row["first_cost"] - row["bound"]) / row["bound"])


def _in_batch(row: Row) -> bool:
    return row["status"] == "infeasible" or (
        row["batch_verified_gap"] is not None and 1000 * row["batch_verified_gap"] <= BATCH_GAP
    )


def _quantile(values: Sequence[float], share: float) -> float:
    """The least value that at least `share` of the values do not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
