"""From rows to a verified, saved plan and back."""

from __future__ import annotations

import gzip
import json
from datetime import date

import pytest
from django.core.cache import cache
from django.utils import timezone

from groundwork.catalogue.models import Course
from groundwork.core.actors import VISITOR
from groundwork.core.errors import ForbiddenError, InvalidError
from groundwork.events.models import AuditEntry
from groundwork.learners import recording
from groundwork.learners.models import Evidence
from groundwork.plans import distances, enrolling, jobs, planning, ranking, snapshot, solutions
from groundwork.plans.clock import countdown
from groundwork.plans.models import CatalogueSnapshot, Plan, PlanningJob, PlanStep
from groundwork.plans.snapshot import Wishes
from recommender import problem_files, verify
from recommender.errors import MalformedInputError
from recommender.verify import Verdict
from tests import builders, cast

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


@pytest.fixture
def role():
    """Reached by basics (20 h) then advanced (30 h); a paid shortcut takes 25 h."""
    builders.make_course("basics", hours=20, teaches={"python": 2})
    builders.make_course("advanced", hours=30, requires={"python": 2}, teaches={"ml": 3}, language="zh")
    builders.make_course("shortcut", hours=25, price=900, teaches={"ml": 3})
    return builders.make_role("engineer", requires={"ml": 3}, optional={"sql": 1})


def courses_of(plan: Plan) -> list[str]:
    return [step.course.slug for step in plan.steps.select_related("course")]


def compute(role, levels=None, **wishes):
    problem = snapshot.take(levels=levels or {}, role=role, wishes=Wishes(**wishes))
    return planning.compute(problem, hours_per_week=10, starts_on=MONDAY)


def test_the_least_effort_wins_and_is_proven(role):
    planned = compute(role)
    assert [step.course for step in planned.steps] == ["shortcut"]
    assert planned.solution.cost == planned.solution.bound == 100 * 25 + 900
    assert (planned.hours, planned.price) == (25, 900)
    assert planned.ends_on == date(2026, 12, 10)


def test_a_price_limit_takes_the_free_way(role):
    planned = compute(role, max_price=0)
    assert [step.course for step in planned.steps] == ["basics", "advanced"]
    assert planned.steps[0].reasons["opens"] == ({"course": "advanced", "skills": ("python",)},)


def test_a_language_nobody_teaches_in_is_named_as_the_reason(role):
    planned = compute(role, languages=("fr",))
    assert planned.solution.status == "infeasible"
    assert planned.solution.unreachable == ("ml",)


def test_a_course_that_is_not_wanted_is_left_out(role):
    planned = compute(role, exclude=frozenset({"shortcut", "long gone"}))
    assert [step.course for step in planned.steps] == ["basics", "advanced"]


def test_optional_requirements_count_on_request_only(role):
    builders.make_course("sql-course", hours=5, teaches={"sql": 1})
    assert len(compute(role).steps) == 1
    assert len(compute(role, with_optional=True).steps) == 2


def test_somebody_who_is_ready_gets_an_empty_plan(role):
    planned = compute(role, levels={"ml": 4})
    assert (planned.steps, planned.hours, planned.ends_on) == ((), 0, None)


@pytest.mark.parametrize("hours", [0, -5, 61])
def test_impossible_hours_per_week_are_refused(role, hours):
    problem = snapshot.take(levels={}, role=role)
    with pytest.raises(InvalidError):
        planning.compute(problem, hours_per_week=hours, starts_on=MONDAY)


def test_a_kept_plan_replays_offline_from_what_is_stored(role, tmp_path):
    learner = builders.make_learner(user=builders.make_user(), levels={"python": 1})
    plan = builders.make_plan(learner, role)
    body = gzip.decompress(bytes(CatalogueSnapshot.objects.get().body))
    (tmp_path / plan.problem["catalogue"]).write_bytes(gzip.compress(body))
    (tmp_path / "problem.json").write_text(json.dumps(plan.problem))
    problem = problem_files.read_problem(tmp_path / "problem.json")
    assert problem.catalogue.digest == plan.catalogue_id
    assert verify.verify(problem, courses_of(plan), cost=plan.cost).valid


def test_a_snapshot_knows_practice_language_format_and_provider(role):
    builders.make_course("lab", hours=12, teaches={"ml": 1}, hands_on=True, language="zh", format="project")
    offered = snapshot.catalogue()
    lab, basics = offered.by_id["lab"], offered.by_id["basics"]
    assert (lab.hands_on, lab.language, lab.format, lab.provider) == (12, "zh", "project", "Test provider")
    assert (basics.hands_on, basics.language, basics.format) == (0, "en", "course")


def test_a_course_nobody_is_named_for_has_no_provider(role):
    course = builders.make_course("orphan", teaches={"ml": 1})
    course.provider = None
    course.save()
    assert snapshot.catalogue().by_id["orphan"].provider == ""


def test_the_languages_somebody_reads_are_a_constraint_of_the_problem(role):
    wishes = snapshot.Wishes(languages=("en", "zh"))
    problem = snapshot.take(levels={}, role=role, wishes=wishes)
    assert problem.constraints.languages == frozenset({"en", "zh"})
    assert snapshot.take(levels={}, role=role).constraints.languages is None


def test_the_same_problem_keeps_the_plan_and_new_skills_make_a_new_one(role):
    learner = builders.make_learner(user=builders.make_user())
    first = builders.make_plan(learner, role)
    assert builders.make_plan(learner, role) == first
    builders.give_levels(learner, {"ml": 1})
    second = builders.make_plan(learner, role)
    first.refresh_from_db()
    assert second != first
    assert first.superseded_at is not None
    assert Plan.objects.current().get() == second


def test_a_plan_the_checker_refuses_is_never_saved(role, monkeypatch, caplog):
    refusal = Verdict(valid=False, cost=None, errors=("made up",))
    monkeypatch.setattr(verify, "verify", lambda *args, **kwargs: refusal)
    learner = builders.make_learner(user=builders.make_user())
    with pytest.raises(planning.PlanRefusedError):
        builders.make_plan(learner, role)
    assert not Plan.objects.exists()
    assert "made up" in caplog.text


def test_an_impossible_goal_is_kept_with_its_reason(role):
    hard = builders.make_role("wizard", requires={"magic": 5})
    plan = builders.make_plan(builders.make_learner(user=builders.make_user()), hard)
    assert (plan.status, plan.unreachable, plan.cost) == ("infeasible", ["magic"], None)
    assert plan.progress_percent == 0


def test_nobody_plans_for_people_of_others(role):
    people = cast.gather()
    for user in (people.otto, people.ben):
        actor = people.actor(user)
        if user == people.ben:
            planning.make_plan(actor=actor, learner=people.ada_learner, role=role, starts_on=MONDAY)
        else:
            with pytest.raises(ForbiddenError):
                planning.make_plan(actor=actor, learner=people.ada_learner, role=role, starts_on=MONDAY)
    assert Plan.objects.visible_to(people.actor(people.ada)).count() == 1
    assert Plan.objects.visible_to(people.actor(people.hana)).count() == 1
    assert PlanStep.objects.visible_to(people.actor(people.ada)).count() == 1
    for stranger in (people.actor(people.otto), VISITOR):
        assert not Plan.objects.visible_to(stranger).exists()
        assert not PlanStep.objects.visible_to(stranger).exists()


def test_a_finished_step_is_evidence_and_can_be_undone(role):
    people = cast.gather()
    ada = people.actor(people.ada)
    plan = builders.make_plan(people.ada_learner, role)
    step = plan.steps.get()
    enrolling.complete(actor=ada, step=step, on_date=MONDAY)
    assert people.ada_learner.levels() == {"ml": 3}
    assert people.ada_learner.evidence.get().kind == Evidence.Kind.COURSE
    done = Plan.objects.with_steps().get()
    assert (done.done_hours, done.progress_percent) == (25, 100)
    enrolling.reopen(actor=ada, step=step, on_date=MONDAY)
    assert people.ada_learner.levels() == {}
    assert Plan.objects.with_steps().get().progress_percent == 0


def test_only_the_learner_finishes_steps(role):
    people = cast.gather()
    step = builders.make_plan(people.ada_learner, role).steps.get()
    with pytest.raises(ForbiddenError):
        enrolling.complete(actor=people.actor(people.hana), step=step, on_date=MONDAY)


def test_a_job_makes_every_plan_and_is_safe_to_repeat(role):
    people = cast.gather()
    hana = people.actor(people.hana)
    eve = recording.enter_person(actor=hana, name="Eve")
    job = jobs.request(actor=hana, pairs=[(people.ada_learner, role), (eve, role), (eve, role)])
    jobs.work_off(job.pk)
    jobs.work_off(job.pk)
    job.refresh_from_db()
    assert job.state == PlanningJob.State.DONE
    assert [item.plan and item.plan.status for item in job.items.all()] == ["optimal", "optimal"]
    assert AuditEntry.objects.filter(action="plan.made").count() == 2
    assert not PlanningJob.objects.visible_to(people.actor(people.otto)).exists()


def test_a_job_takes_turns_and_one_bad_item_does_not_stop_it(role, monkeypatch, caplog):
    people = cast.gather()
    hana = people.actor(people.hana)
    eve = recording.enter_person(actor=hana, name="Eve")
    job = jobs.request(actor=hana, pairs=[(people.ada_learner, role), (eve, role)])
    assert not jobs.work_off(job.pk, stop=countdown(0))
    assert job.items.filter(finished_at=None).count() == 2
    make_plan = planning.make_plan

    def fail_for_ada(**values):
        if values["learner"] == people.ada_learner:
            raise MalformedInputError("made up")
        return make_plan(**values)

    monkeypatch.setattr(planning, "make_plan", fail_for_ada)
    assert jobs.work_off(job.pk, stop=countdown(60))
    bad, good = job.items.all()
    assert (bad.plan, good.error) == (None, "")
    assert "made up" not in bad.error
    assert "made up" in caplog.text


def test_a_job_is_about_ones_own_people(role):
    people = cast.gather()
    with pytest.raises(ForbiddenError):
        jobs.request(actor=people.actor(people.otto), pairs=[(people.ada_learner, role)])


def test_a_course_whose_language_was_corrected_counts_at_once(role):
    assert [step.course for step in compute(role, languages=("en",)).steps] == ["shortcut"]
    course = Course.objects.get(slug="shortcut")
    course.language = "zh"
    course.save()
    assert compute(role, languages=("en",)).solution.status == "infeasible"


def test_a_distance_that_is_not_proven_is_not_kept_for_long(role, monkeypatch):
    kept = []
    cache.clear()
    monkeypatch.setattr(cache, "set", lambda key, value, seconds: kept.append(seconds))
    monkeypatch.setattr(distances, "SECONDS_PER_ROLE", 0.0)
    ranking.distance(levels={}, role=role)
    monkeypatch.setattr(distances, "SECONDS_PER_ROLE", 1.0)
    ranking.distance(levels={}, role=role)
    assert kept == [solutions.UNPROVEN_SECONDS, solutions.KEPT_SECONDS]


def test_an_empty_job_is_refused():
    people = cast.gather()
    with pytest.raises(InvalidError):
        jobs.request(actor=people.actor(people.hana), pairs=[])


def test_roles_are_ranked_by_hours_and_those_without_a_route_come_last(role):
    builders.make_role("near", requires={"python": 2})
    builders.make_role("never", requires={"magic": 1})
    ranked = ranking.rank(levels={"python": 1})
    assert [one.role.slug for one in ranked] == ["near", "engineer", "never"]
    assert [one.hours for one in ranked] == [20, 25, None]
    assert ranked[0].coverage == 50
    assert [gap.skill.slug for gap in ranked[1].gaps] == ["ml", "sql"]
    assert ranked[2].distance is not None
    assert not ranked[2].distance.has_route


def test_a_snapshot_takes_a_fixed_number_of_queries(role, django_assert_num_queries):
    for number in range(5):
        builders.make_course(f"more-{number}", teaches={"sql": 1})
    snapshot._catalogue.cache_clear()
    with django_assert_num_queries(7):
        cold = snapshot.take(levels={}, role=role)
    with django_assert_num_queries(1):
        warm = snapshot.take(levels={}, role=role)
    assert len(cold.catalogue.courses) == 8
    assert warm.catalogue is cold.catalogue


def test_all_roles_are_taken_in_the_queries_of_one(role, django_assert_num_queries):
    snapshot.catalogue()
    with django_assert_num_queries(1):
        problems = snapshot.take_all(levels={}, roles=[role, role, role])
    assert [problem.role.id for problem in problems] == ["engineer"] * 3


def test_a_withdrawn_course_leaves_the_next_snapshot(role):
    assert "basics" in snapshot.catalogue().by_id
    course = type(builders.make_course("x")).objects.get(slug="basics")
    course.withdrawn_on = timezone.localdate()
    course.save()
    assert "basics" not in snapshot.catalogue().by_id
