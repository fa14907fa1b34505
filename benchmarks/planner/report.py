"""The table people read and the JSON document machines read."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FORMAT = "groundwork-planner-benchmark/1"
PACKAGES = ("numpy", "scipy", "numba", "ortools", "up-fast-downward")
HEAD = (
    f"{'family':20} {'n':>4} {'median s':>9} {'p95 s':>9} {'proven':>7} {'first s':>8} {'true gap':>8} "
    f"{'verified gap':>12} {'plans/s':>8} {'MiB':>6} {'wrong':>5}"
)
PEER_HEAD = (
    f"    {'peer':16} {'n':>4} {'median s':>9} {'time':>9} {'cost':>8} {'answered':>8} {'proven':>7} "
    f"{'wrong':>5}"
)


def document(
    lines: Sequence[dict[str, Any]],
    *,
    growth: Sequence[dict[str, Any]],
    rows: dict[str, Any],
    settings: dict[str, Any],
    absent: dict[str, str],
) -> dict[str, Any]:
    """Everything of a run, with what it ran on."""
    return {
        "format": FORMAT,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions(),
        "commit": commit(),
        "settings": settings,
        "absent": absent,
        "families": list(lines),
        "growth": list(growth),
        "rows": rows,
    }


def family_line(line: dict[str, Any]) -> str:
    """One family in the table."""
    gap = line["first_mean_true_gap"]
    mark = "" if line["first_gap_is_proven"] or gap is None else "<"
    return (
        f"{line['family']:20} {line['problems']:4d} {line['median_seconds']:9.4f} {line['p95_seconds']:9.4f} "
        f"{line['proven_share']:7.0%} {line['first_median_seconds']:8.4f} {mark + _percent(gap):>8} "
        f"{_percent(line['verified_gap_median']):>12} {line['batch_plans_per_second']:8.1f} "
        f"{line['memory_peak']:6.0f} {line['violations']:5d}"
    )


def peer_lines(line: dict[str, Any]) -> list[str]:
    """The peers of one family."""
    return [
        f"    {peer['peer']:16} {peer['problems']:4d} {peer['median_seconds']:9.4f} "
        f"{_ratio(peer):>9} {_signed(peer['mean_excess_cost']):>8} "
        f"{peer['answered_share']:8.0%} {peer['proven_share']:7.0%} "
        f"{peer['violations'] + peer['contradictions']:5d}"
        for peer in line["peers"]
    ]


def growth_lines(growth: Sequence[dict[str, Any]]) -> list[str]:
    """How the median grows with the catalogue, kind by kind."""
    return [
        f"{one['kind']:20} "
        + "  ".join(f"{size} {seconds:.4f} s" for size, seconds in one["median_seconds"].items())
        + "   "
        + "  ".join(f"{step} x{factor:.1f}" for step, factor in one["factors"].items())
        for one in growth
    ]


def machine() -> dict[str, Any]:
    """Processor, cores and memory, as far as the system tells."""
    info = Path("/proc/cpuinfo")
    names = [line.partition(":")[2].strip() for line in _lines(info) if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.machine(),
        "cores": os.cpu_count(),
        "memory_mebibytes": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // (1 << 20),
        "system": platform.system(),
    }


def versions() -> dict[str, str]:
    """Python's and the packages'; "absent" where one is not installed."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "absent"
    return found


def commit() -> str:
    """The commit that is checked out, marked when files differ from it; empty outside a checkout."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _ratio(peer: dict[str, Any]) -> str:
    """At least this where half of the problems or more were stopped."""
    mark = ">" if peer["stopped_share"] >= 1 / 2 else ""
    return f"{mark}x{peer['median_time_ratio']:.2f}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.2%}"


def _signed(share: float | None) -> str:
    return "-" if share is None else f"{share:+.1%}"
