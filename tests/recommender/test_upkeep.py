"""Decay along the plan: what lapses before it is needed, and what brings it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import planning
from recommender.domain import Course, HalfLife, Levels, Problem, Solution, Status, Step
from recommender.errors import MalformedInputError
from recommender.estimators import decay
from recommender.planning import fading, timetable
from recommender.planning.calendar import StudyTime
from recommender.planning.fading import HalfLives, Memory
from recommender.planning.placing import FINISH
from recommender.planning.refreshing import Lapse, RefresherKind, Remedies
from recommender.planning.upkeep import Upkeep, keep_up
from tests.recommender.dated_cases import MONDAY, half_lives, offerings, plans, study_times
from tests.recommender.planning_cases import Watch, course, problem

TOOLS = {"git": HalfLife.TOOL, "docker": HalfLife.TOOL}
GIT = course("git", {"git": 4}, hours=10, price=7)
LONG = course("long", {"maths": 2}, requires={"git": 4}, hours=300)
NEXT = course("next", {"ml": 2}, requires={"maths": 2, "git": 3}, hours=300)
WEEKS = StudyTime(start=MONDAY, hours_per_week=10)


def solved(case: Problem, *courses: str) -> Solution:
    cost = sum(case.objective.cost(case.catalogue.by_id[one]) for one in courses)
    steps = tuple(Step(course=one) for one in courses)
    return Solution(status=Status.OPTIMAL, cost=cost, bound=cost, steps=steps)


def names(upkeep: Upkeep) -> list[str]:
    return [step.course for step in upkeep.timetable.steps]


def test_a_level_that_lapses_by_the_finish_is_refreshed_at_the_end():
    case = problem(GIT, LONG, goal={"git": 4, "maths": 2})
    upkeep = keep_up(case, solved(case, "git", "long"), time=WEEKS, half_lives=TOOLS)
    assert names(upkeep) == ["git", "long", "refresh:git:4:"]
    (refresher,) = upkeep.refreshers
    assert refresher.is_estimate
    assert (refresher.hours, refresher.price, refresher.cost) == (3, 0, 3)
    lapsed_on = MONDAY + timedelta(days=7 * 31 - 1)
    assert refresher.lapses == (Lapse(skill="git", needed=4, kept=3, on=lapsed_on, before=FINISH),)
    assert (upkeep.bound, upkeep.cost, upkeep.cost_true, upkeep.is_kept_up) == (310, 310, 313, True)


def test_a_level_that_a_later_course_needs_is_refreshed_just_before_it():
    case = problem(GIT, LONG, NEXT, goal={"ml": 2})
    steps = solved(case, "git", "long", "next")
    slowly = replace(WEEKS, hours_per_week=5)
    upkeep = keep_up(case, steps, time=slowly, half_lives=TOOLS)
    assert names(upkeep) == ["git", "long", "refresh:git:3:next", "next"]
    assert upkeep.is_kept_up


def test_what_a_person_had_at_the_start_fades_too():
    case = problem(GIT, LONG, goal={"git": 4, "maths": 2}, have={"git": 4})
    upkeep = keep_up(case, solved(case, "long"), time=WEEKS, half_lives=TOOLS)
    assert names(upkeep) == ["long", "refresh:git:4:"]


def test_taking_a_fast_fading_course_late_saves_the_refresher():
    free = course("free", {"maths": 2}, hours=300)
    case = problem(GIT, free, goal={"git": 4, "maths": 2})
    upkeep = keep_up(case, solved(case, "git", "free"), time=WEEKS, half_lives=TOOLS)
    assert names(upkeep) == ["free", "git"]
    assert upkeep.cost_true == upkeep.cost


def test_one_course_taken_again_stands_for_several_estimates_when_it_costs_no_more():
    both = course("both", {"git": 4, "docker": 4}, hours=5)
    dear = course("dear", {"git": 4, "docker": 4}, hours=12)
    case = problem(both, dear, LONG, goal={"git": 4, "docker": 4, "maths": 2})
    plan = solved(case, "both", "long")
    estimated = keep_up(case, plan, time=WEEKS, half_lives=TOOLS)
    assert [one.kind for one in estimated.refreshers] == [RefresherKind.ESTIMATE] * 2
    three = {**TOOLS, "k8s": HalfLife.TOOL}
    both = replace(both, teaches={"git": 4, "docker": 4, "k8s": 4}, hours=6)
    case = problem(both, LONG, goal={"git": 4, "docker": 4, "k8s": 4, "maths": 2})
    retaken = keep_up(case, solved(case, "both", "long"), time=WEEKS, half_lives=three)
    (refresher,) = retaken.refreshers
    assert (refresher.id, refresher.course, refresher.is_estimate) == ("retake:both:", "both", False)
    assert retaken.cost_true == retaken.cost + 6
    dated = keep_up(
        case, solved(case, "both", "long"), time=WEEKS, half_lives=three, offerings={"both": [MONDAY]}
    )
    assert [one.kind for one in dated.refreshers] == [RefresherKind.ESTIMATE] * 3


def test_a_waived_skill_may_lapse():
    case = problem(GIT, LONG, goal={"git": 4, "maths": 2}, waivers={"git": 1})
    plan = replace(solved(case, "git", "long"), waived=("git",))
    assert keep_up(case, plan, time=WEEKS, half_lives=TOOLS).refreshers == ()


def test_a_level_that_was_never_reached_is_kept_where_it_was():
    case = problem(GIT, LONG, goal={"git": 5, "maths": 2, "law": 3})
    upkeep = keep_up(case, solved(case, "git", "long"), time=WEEKS, half_lives=TOOLS)
    assert [one.id for one in upkeep.refreshers] == ["refresh:git:4:"]


def test_of_alternative_prerequisites_the_one_held_or_cheapest_to_bring_back_is_used():
    either = Course(
        id="either", hours=9, price=0, requires={}, teaches={"ml": 1}, one_of=(({"git": 4}, {"maths": 2}),)
    )
    case = problem(GIT, LONG, either, goal={"ml": 1})
    upkeep = keep_up(case, solved(case, "git", "long", "either"), time=WEEKS, half_lives=TOOLS)
    assert upkeep.refreshers == ()
    faded = {"git": HalfLife.TOOL, "maths": HalfLife.TOOL}
    case = problem(GIT, either, course("pause", {"law": 1}, hours=600), goal={"ml": 1}, have={"maths": 2})
    upkeep = keep_up(case, solved(case, "git", "pause", "either"), time=WEEKS, half_lives=faded)
    assert names(upkeep) == ["git", "pause", "refresh:git:4:either", "either"]


def test_a_lapse_that_nothing_on_offer_mends_is_left_as_a_finding():
    case = problem(LONG, goal={"git": 4, "maths": 2}, have={"git": 4})
    upkeep = keep_up(case, solved(case, "long"), time=WEEKS, half_lives=TOOLS)
    assert not upkeep.is_kept_up
    assert [(one.skill, one.needed, one.kept, one.before) for one in upkeep.lapses] == [("git", 4, 3, FINISH)]


def test_too_few_hours_a_week_to_keep_up_is_a_finding_and_ends():
    tools = {f"tool{number}": HalfLife.TOOL for number in range(4)}
    courses = [course(name, {name: 5}, hours=60) for name in tools]
    case = problem(*courses, goal=dict.fromkeys(tools, 5))
    upkeep = keep_up(case, solved(case, *tools), time=replace(WEEKS, hours_per_week=1), half_lives=tools)
    assert not upkeep.is_kept_up
    assert upkeep.lapses


def test_a_plan_without_a_start_date_is_not_kept_up():
    case = problem(GIT, LONG, goal={"maths": 2})
    plan = solved(case, "git", "long")
    upkeep = keep_up(case, plan, time=WEEKS, half_lives=TOOLS, offerings={"long": []})
    assert not upkeep.is_kept_up
    assert [one.course for one in upkeep.timetable.unplaced] == ["long"]


def test_a_solution_without_a_plan_is_refused():
    case = problem(goal={"git": 4})
    with pytest.raises(MalformedInputError, match="no plan"):
        keep_up(case, Solution(status=Status.INFEASIBLE), time=WEEKS, half_lives=TOOLS)


@pytest.mark.parametrize(("level", "at_least"), [(6, 1), (3, 4), (3, 0)])
def test_levels_off_the_scale_are_refused(level, at_least):
    with pytest.raises(MalformedInputError, match="level <= 5"):
        fading.days_kept(level, at_least=at_least, half_life_months=18)


@given(st.integers(1, 5), st.sampled_from(HalfLife))
@settings(deadline=None)
def test_the_first_lapse_is_that_of_the_estimator(level, half_life):
    days = decay.days_until_lapse(level, half_life_months=half_life.months)
    assert fading.days_kept(level, at_least=level, half_life_months=half_life.months) == days
    kept = [fading.level_kept(level, days=one, half_life=half_life) for one in (0, days - 1, days)]
    assert kept == [level, level, level - 1]


@given(st.integers(0, 5), st.sampled_from(HalfLife), st.integers(0, 9000))
@settings(deadline=None)
def test_levels_only_fall_and_fall_by_the_formula(level, half_life, days):
    kept = fading.level_kept(level, days=days, half_life=half_life)
    assert fading.level_kept(level, days=days + 1, half_life=half_life) <= kept <= level
    assert counts(level, kept, days=days, half_life=half_life)
    assert kept == level or not counts(level, kept + 1, days=days, half_life=half_life)


def counts(level: int, at_least: int, *, days: int, half_life: HalfLife | None) -> bool:
    """level * 2 ** (-days / H) >= at_least - 1/2, in integers."""
    if at_least == 0 or half_life is None:
        return level >= at_least
    whole = decay.half_life_days(half_life.months)
    return (2 * level) ** whole >= (2 * at_least - 1) ** whole << days


@given(plans(longest=90), study_times(), half_lives)
@settings(max_examples=60, deadline=None)
def test_decay_on_never_yields_less_cost_than_decay_off(plan, time, fading_skills):
    decay_off = keep_up(plan.problem, plan.solution, time=time, half_lives={})
    decay_on = keep_up(plan.problem, plan.solution, time=time, half_lives=fading_skills)
    assert decay_off.refreshers == ()
    assert decay_off.is_kept_up
    assert decay_on.cost_true >= decay_off.cost_true == decay_on.cost >= decay_on.bound
    assert type(decay_on.cost_true) is int


@given(st.data(), plans(longest=90), study_times(), half_lives)
@settings(max_examples=60, deadline=None)
def test_what_is_kept_up_is_there_whenever_it_is_needed(data, plan, time, fading_skills):
    dates = data.draw(st.one_of(st.just({}), offerings(plan)))
    upkeep = keep_up(plan.problem, plan.solution, time=time, half_lives=fading_skills, offerings=dates)
    begins = {step.course: step.starts_on for step in upkeep.timetable.steps}
    ends = {step.course: step.ends_on for step in upkeep.timetable.steps}
    for refresher in upkeep.refreshers:
        needed_on = begins.get(refresher.before)
        assert needed_on is None or ends[refresher.id] <= needed_on
    if not upkeep.is_kept_up:
        assert upkeep.lapses or upkeep.timetable.unplaced
        return
    shown = _shown(plan.problem, upkeep)
    for name in plan.courses:
        levels = _levels(shown, begins[name], fading_skills)
        assert plan.problem.catalogue.by_id[name].can_be_taken(levels)
    at_the_finish = _levels(shown, upkeep.timetable.ends_on or MONDAY, fading_skills)
    assert all(at_the_finish.get(s, 0) >= level for s, level in plan.problem.role.requires.items())


def _shown(case: Problem, upkeep: Upkeep) -> list[tuple[str, int, date]]:
    """Every level shown, and when: at the start, or at the end of a step."""
    refreshers = {one.id: one for one in upkeep.refreshers}
    shown = [(skill, level, MONDAY) for skill, level in case.profile.levels.items()]
    for step in upkeep.timetable.steps:
        refresher = refreshers.get(step.course)
        taught: Levels
        if refresher is not None and refresher.is_estimate:
            taught = {lapse.skill: lapse.needed for lapse in refresher.lapses}
        else:
            taught = case.catalogue.by_id[refresher.course if refresher else step.course].teaches
        shown += [(skill, level, step.ends_on) for skill, level in taught.items()]
    return shown


def _levels(shown: list[tuple[str, int, date]], on: date, fading_skills: HalfLives) -> dict[str, int]:
    levels: dict[str, int] = {}
    for skill, level, day in shown:
        if day > on:
            continue
        days, half_life = (on - day).days, fading_skills.get(skill)
        kept = max(one for one in range(level + 1) if counts(level, one, days=days, half_life=half_life))
        levels[skill] = max(kept, levels.get(skill, 0))
    return levels


@given(plans(longest=90), study_times(), half_lives)
@settings(max_examples=20, deadline=None)
def test_the_bound_of_the_solver_stays_below_the_true_cost(plan, time, fading_skills):
    solution = planning.solve(plan.problem, stop=Watch())
    upkeep = keep_up(plan.problem, solution, time=time, half_lives=fading_skills)
    assert upkeep.cost_true >= upkeep.cost >= upkeep.bound
    assert (upkeep.cost, upkeep.bound) == (solution.cost, solution.bound)


@given(plans(), study_times())
@settings(deadline=None)
def test_without_half_lives_the_dates_are_those_of_the_plan(plan, time):
    upkeep = keep_up(plan.problem, plan.solution, time=time, half_lives={})
    assert upkeep.timetable == timetable.lay_out(plan.problem, plan.courses, time=time)


def test_the_highest_of_what_was_shown_counts():
    memory = Memory({"git": 4}, on=MONDAY, half_lives=TOOLS)
    later = MONDAY + timedelta(days=200)
    memory.learn("git", 2, on=later)
    assert memory.standing(on=later) == {"git": 3}
    memory.learn("git", 2, on=MONDAY)
    assert memory.level("git", on=later + timedelta(days=226)) == 2


def test_a_refresher_is_cut_from_the_cheapest_course_that_is_allowed():
    case = problem(
        course("cheap", {"git": 4}, hours=4),
        course("fair", {"git": 5}, hours=21),
        goal={"git": 4},
        exclude=frozenset({"cheap"}),
    )
    estimate = Remedies(case, dated=()).estimate("git", 4)
    assert estimate is not None
    assert (estimate.id, estimate.hours, estimate.price) == ("fair", 6, 0)
    assert Remedies(case, dated=()).estimate("maths", 1) is None
