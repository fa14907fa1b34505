"""Fast Downward (Helmert, JAIR 26, 2006), by the program in the package up-fast-downward.

Its input is written here, already grounded, so its translator is neither needed nor timed. LAMA-first is
the driver's alias of that name (Richter and Westphal, JAIR 39, 2010), spelled out; every cost counts as one.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.planner.grounding import Task
from benchmarks.planner.peers import running
from benchmarks.planner.peers.answer import OUT_OF_TIME, UNSUPPORTED, Answer
from recommender.domain import Problem

PROGRAM = "downward/builds/release/bin/downward"
LAMA_FIRST = (
    "let(hlm, eval_modify_costs(landmark_sum(lm_factory=lm_reasonable_orders_hps(lm_rhw()),pref=false),"
    "cost_type=one),let(hff, eval_modify_costs(ff(),cost_type=one),"
    "lazy_greedy([hff,hlm],preferred=[hff,hlm],cost_type=one,reopen_closed=false)))"
)
A_STAR_LMCUT = "astar(lmcut())"


def lama_first(problem: Problem, task: Task, seconds: float) -> Answer:
    """The first plan of LAMA; no proof."""
    del problem
    return _solve(task, search=LAMA_FIRST, seconds=seconds, optimal=False)


def a_star(problem: Problem, task: Task, seconds: float) -> Answer:
    """A* with the LM-cut heuristic: the optimum, if time allows."""
    del problem
    return _solve(task, search=A_STAR_LMCUT, seconds=seconds, optimal=True)


def program() -> Path | None:
    """Where the program lies; None when the package is not installed."""
    found = importlib.util.find_spec("up_fast_downward")
    places = found.submodule_search_locations if found else None
    return next((Path(place) / PROGRAM for place in places or ()), None)


def _solve(task: Task, *, search: str, seconds: float, optimal: bool) -> Answer:
    if task.limited:
        return UNSUPPORTED
    path = program()
    assert path is not None
    with tempfile.TemporaryDirectory(prefix="groundwork-bench-") as folder:
        source, plan = Path(folder, "task.sas"), Path(folder, "plan")
        source.write_text("\n".join(sas(task)) + "\n")
        with source.open() as file:
            try:
                subprocess.run(
                    [str(path), "--search", search, "--internal-plan-file", str(plan)],
                    stdin=file,
                    capture_output=True,
                    timeout=seconds,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                return OUT_OF_TIME
        if not plan.exists():
            return Answer(courses=None, note="no plan found")
        chosen = [int(number) for number in re.findall(r"^\(a(\d+)\)", plan.read_text(), re.MULTILINE)]
    order = chosen if optimal else running.run(task, chosen)[0]
    return Answer(courses=tuple(task.courses(order)), proven=optimal)


def sas(task: Task) -> Iterator[str]:
    """The task in the translator's output format, version 3: one variable with two values a fact."""
    yield from ("begin_version", "3", "end_version", "begin_metric", "1", "end_metric", str(len(task.facts)))
    for fact in range(len(task.facts)):
        yield from ("begin_variable", f"var{fact}", "-1", "2", f"Atom f{fact}()", f"NegatedAtom f{fact}()")
        yield "end_variable"
    yield from ("0", "begin_state", *("1" for _ in task.facts), "end_state")
    yield from ("begin_goal", str(len(task.goals)), *(f"{goal} 0" for goal in task.goals), "end_goal")
    useful = {n: [f for f in a.adds if f not in a.needs] for n, a in enumerate(task.actions)}
    useful = {number: adds for number, adds in useful.items() if adds}
    yield str(len(useful))
    for number, adds in useful.items():
        action = task.actions[number]
        yield from ("begin_operator", f"a{number}")
        yield from (str(len(action.needs)), *(f"{need} 0" for need in action.needs))
        yield from (str(len(adds)), *(f"0 {fact} -1 0" for fact in adds))
        yield from (str(action.cost), "end_operator")
    yield "0"
