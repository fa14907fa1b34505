"""The benchmark's peers give plans, and those that claim the optimum have it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.planner.grounding import ground_task
from benchmarks.planner.peers import fast_downward
from benchmarks.planner.peers.registry import PEERS, absent
from recommender.domain import Catalogue, Constraints, Course, Problem, Profile, Role
from recommender.verify import verify

SECONDS = 20.0
ROOT = Path(__file__).resolve().parents[2]


def _course(name, hours, *, requires, teaches, one_of=()):
    return Course(id=name, hours=hours, price=0, requires=requires, teaches=teaches, one_of=one_of)


COURSES = (
    _course("basics", 4, requires={}, teaches={"sql": 1}),
    _course("dear", 30, requires={}, teaches={"sql": 3}),
    _course("next", 5, requires={"sql": 1}, teaches={"sql": 3}),
    _course("loop-a", 1, requires={"ml": 1}, teaches={"stats": 2}),
    _course("loop-b", 1, requires={"stats": 2}, teaches={"ml": 1}),
    _course("stats", 9, requires={}, teaches={"stats": 2}),
    _course("either", 3, requires={}, teaches={"nlp": 1}, one_of=(({"stats": 2}, {"sql": 3, "ml": 1}),)),
    _course("spare", 1, requires={}, teaches={"art": 1}),
)
SKILLS = frozenset({"sql", "ml", "stats", "nlp", "art"})
OPTIMUM = 4 + 5 + 9 + 1 + 3


def _problem(**limits):
    return Problem(
        id="tiny",
        catalogue=Catalogue(COURSES, SKILLS),
        profile=Profile(levels={"art": 1}),
        role=Role(id="role", requires={"sql": 3, "ml": 1, "nlp": 1, "art": 1}),
        constraints=Constraints(**limits),
    )


def test_the_task_has_only_what_leads_somewhere():
    task = ground_task(_problem())
    assert {action.course for action in task.actions} - {""} == {c.id for c in COURSES} - {"spare"}
    assert sum(not action.course for action in task.actions) == 2, "an action for each alternative"
    assert not ground_task(_problem(exclude=frozenset({"stats"}))).solvable


@pytest.mark.parametrize("name", [name for name in PEERS if not absent(name)])
def test_a_peers_plan_is_a_plan(name):
    problem = _problem()
    answer = PEERS[name](problem, ground_task(problem), SECONDS)
    if name == "greedy-goals":
        assert answer.note == "stuck", "statistics are no goal, and machine learning needs them"
        return
    assert answer.courses is not None
    verdict = verify(problem, answer.courses)
    assert verdict.valid, verdict.errors
    assert verdict.cost is not None
    assert verdict.cost == OPTIMUM if answer.proven else verdict.cost >= OPTIMUM


def test_the_plain_program_keeps_to_a_limit():
    for hours, expected in ((OPTIMUM, OPTIMUM), (OPTIMUM - 1, None)):
        problem = _problem(max_hours=hours)
        answer = PEERS["milp"](problem, ground_task(problem), SECONDS)
        assert answer.proven
        assert (None if answer.courses is None else verify(problem, answer.courses).cost) == expected


def test_heuristics_that_know_no_limits_say_so():
    problem = _problem(max_hours=OPTIMUM)
    for name in ("recursive", "greedy", "greedy-goals", "hff", "fd-lama-first"):
        assert PEERS[name](problem, ground_task(problem), SECONDS).note == "limits are not supported"


def test_the_input_for_fast_downward_states_every_action():
    task = ground_task(_problem())
    lines = list(fast_downward.sas(task))
    assert lines.count("begin_operator") == len(task.actions)
    assert lines.count("begin_variable") == len(task.facts)


# In a process of its own: the one that runs the tests has threads and connections that a fork would copy.
LIMITED = f"""
import os, time
from benchmarks.planner import limited

assert limited.run(lambda: 42, seconds={SECONDS}).value == 42
late = limited.run(lambda: time.sleep(60), seconds=0.2)
assert (late.value, late.failure) == (None, "out of time")
assert late.seconds < 10
# One that is not yet the leader of its group when its time is up.
os.setsid = lambda: time.sleep(60)
late = limited.run(lambda: 42, seconds=0.2)
assert (late.value, late.failure) == (None, "out of time")
"""


def test_work_comes_back_with_its_time_and_is_ended_at_its_limit():
    done = subprocess.run(
        [sys.executable, "-c", LIMITED], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
