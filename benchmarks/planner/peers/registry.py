"""All peers by name, and which of them are here."""

from __future__ import annotations

import importlib.util
from types import MappingProxyType

from benchmarks.planner.peers import cpsat, fast_downward, greedy, hff, milp, recursive
from benchmarks.planner.peers.answer import Peer

PEERS: MappingProxyType[str, Peer] = MappingProxyType(
    {
        "recursive": recursive.solve,
        "greedy-goals": greedy.by_goals,
        "greedy": greedy.by_relevance,
        "hff": hff.solve,
        "milp": milp.solve,
        "cpsat-default": cpsat.default,
        "cpsat-tuned": cpsat.tuned,
        "fd-lama-first": fast_downward.lama_first,
        "fd-astar-lmcut": fast_downward.a_star,
    }
)
NEEDS = MappingProxyType({"cpsat": "ortools", "fd": "up_fast_downward"})


def load(name: str) -> None:
    """Import what the peer needs, so that this is not timed."""
    if NEEDS.get(name.partition("-")[0]) == "ortools":
        cpsat.load()


def absent(name: str) -> str:
    """The package that the peer lacks; empty when it can run."""
    package = NEEDS.get(name.partition("-")[0], "")
    return package if package and importlib.util.find_spec(package) is None else ""
