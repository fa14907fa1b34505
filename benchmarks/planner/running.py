"""The command: `make bench-planner`, or `python benchmarks/planning.py` with the same options."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.planner import manifest, measuring, report, sets, summary
from benchmarks.planner.measuring import Effort
from benchmarks.planner.peers.registry import PEERS, absent

PACKAGES = Path(__file__).resolve().parents[2] / "var" / "bench-packages"
QUICK = Effort(problems=3, peer_problems=1, seconds=10.0, peer_seconds=3.0, peers=tuple(PEERS))
FULL = Effort(problems=25, peer_problems=3, seconds=30.0, peer_seconds=30.0, peers=tuple(PEERS))
QUICK_FAMILIES = "*-1k,*-10k,given-tiny,given-cyclic-small,real-*"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it. 1 when a plan or certificate is refused, an answer differs from a known one or a peer's proof,
    or a generated family is not the published one."""
    if PACKAGES.is_dir():
        sys.path.append(str(PACKAGES))
    options = _options(arguments)
    effort, missing = _effort(options)
    for name, package in missing.items():
        print(f"peer {name} is absent: {package} is not installed")
    lines: list[dict[str, Any]] = []
    rows: dict[str, Any] = {}
    failures: list[str] = []
    print(report.HEAD)
    for family in options.families:
        if not family.is_here:
            print(
                f"{family.name:20} left out: {family.needs} is not here; GROUNDWORK_SHARED names its parent"
            )
            continue
        outcome = measuring.measure(family, effort)
        if outcome.value is None:
            failures.append(f"{family.name}: {outcome.failure}")
            continue
        line = summary.of_family(outcome.value)
        lines.append(line)
        rows[family.name] = {"ours": outcome.value.ours, "peers": outcome.value.peers}
        failures += _failures(line)
        print(report.family_line(line), flush=True)
        _print_all([report.PEER_HEAD, *report.peer_lines(line)] if line["peers"] else [])
    growth = summary.growth(lines)
    _print_all(report.growth_lines(growth))
    failures += manifest.differences([line["family"] for line in lines])
    _print_all(failures)
    if options.out:
        document = report.document(
            lines, growth=growth, rows=rows, settings=asdict(effort), absent=missing
        ) | {"failures": failures}
        options.out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 1 if failures else 0


def _print_all(lines: Sequence[str]) -> None:
    for line in lines:
        print(line, flush=True)


def _failures(line: dict[str, Any]) -> list[str]:
    found = []
    if line["violations"]:
        found.append(f"{line['family']}: {line['violations']} violations in our plans or certificates")
    if line["known_answers"] != line["known_answers_met"]:
        found.append(f"{line['family']}: {line['known_answers_met']} of {line['known_answers']} answers met")
    found += [
        f"{line['family']}: {peer['peer']} proves another optimum"
        for peer in line["peers"]
        if peer["contradictions"]
    ]
    return found


def _effort(options: argparse.Namespace) -> tuple[Effort, dict[str, str]]:
    """What is measured, and the peers that cannot run with the package each lacks."""
    default = QUICK if options.quick else FULL
    wanted = {"all": tuple(PEERS), "none": ()}.get(options.peers, tuple(options.peers.split(",")))
    missing = {name: absent(name) for name in wanted if absent(name)}
    return Effort(
        problems=options.limit or default.problems,
        peer_problems=options.peer_limit or default.peer_problems,
        seconds=options.seconds or default.seconds,
        peer_seconds=options.peer_seconds or default.peer_seconds,
        peers=tuple(name for name in wanted if name not in missing),
    ), missing


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-planner", description="The planner beside its peers.")
    parser.add_argument("--families", help="comma-separated patterns, as near-*,real-rpi; default all")
    parser.add_argument("--limit", type=int, help="problems a family")
    parser.add_argument("--peers", default="all", help=f"all, none, or some of {', '.join(PEERS)}")
    parser.add_argument("--peer-limit", type=int, help="problems a family that the peers get")
    parser.add_argument("--seconds", type=float, help="our time limit for a problem")
    parser.add_argument("--peer-seconds", type=float, help="a peer's time limit for a problem")
    parser.add_argument("--quick", action="store_true", help="a few minutes: no 100k, few problems")
    parser.add_argument("--out", type=Path, help="write everything as JSON")
    options = parser.parse_args(arguments)
    unknown = set(options.peers.split(",")) - {"all", "none", *PEERS}
    if unknown:
        parser.error(f"there is no peer {min(unknown)!r}; there are {', '.join(PEERS)}")
    try:
        options.families = sets.named(options.families or (QUICK_FAMILIES if options.quick else "*"))
    except ValueError as error:
        parser.error(str(error))
    return options
