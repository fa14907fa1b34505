"""Proficiency as the platform keeps it: what holds for all evidence, and what each kind does to the rows."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from groundwork.core.actors import SYSTEM
from groundwork.learners import answering, clocks, recording
from groundwork.learners.models import Evidence, Learner, Proficiency
from groundwork.learners.recording import Observation
from recommender.estimators.proficiency import DEFAULT_CLOCKS
from tests import builders

DAY = date(2026, 1, 1)
TODAY = date(2026, 11, 1)
KINDS = [kind for kind in Evidence.Kind if kind != Evidence.Kind.CORRECTION]
OWN = {Evidence.Kind.SELF_REPORT, Evidence.Kind.CV}

observations = st.builds(
    Observation,
    skill=st.just("python"),
    level=st.integers(0, 5),
    kind=st.sampled_from(KINDS),
    evidenced_on=st.dates(DAY, TODAY),
)
histories = st.lists(observations, min_size=1, max_size=6)
quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def record(learner: Learner, *pieces: Observation) -> None:
    for piece in pieces:
        recording.record_evidence(actor=SYSTEM, learner=learner, observations=[piece])


def seen(level: int, *, kind: str = "self-report", day: date = DAY, **more) -> Observation:
    return Observation(skill="python", level=level, kind=kind, evidenced_on=day, **more)


def rows(learner: Learner) -> list[dict]:
    columns = [one.name for one in Proficiency._meta.fields if one.name not in ("id", "learner", "evidence")]
    return list(Proficiency.objects.filter(learner=learner).order_by("skill").values(*columns))


def known(learner: Learner, *, on_date: date = TODAY) -> answering.Answer:
    skill = builders.make_skill("python")
    return answering.why(learner, skill=skill, on_date=on_date)


class ForAllEvidence(TestCase):
    """Each example in a transaction of its own."""

    def setUp(self) -> None:
        builders.make_skill("python", half_life="tool")
        self.learner = builders.make_learner()

    @quick
    @given(histories, observations)
    def test_more_evidence_never_raises_the_variance(self, history, more):
        # One's own later word takes the place of an earlier one; about an older day it is a correction.
        ours = [one.evidenced_on for one in history if one.kind in OWN]
        if more.kind in OWN and ours and more.evidenced_on < max(ours):
            more = Observation(skill="python", level=more.level, kind=more.kind, evidenced_on=max(ours))
        record(self.learner, *sorted(history, key=lambda one: one.evidenced_on))
        before = known(self.learner).variance
        record(self.learner, more)
        assert known(self.learner).variance <= before + 1e-9

    @quick
    @given(histories, st.lists(st.integers(0, 3000), min_size=2, max_size=4))
    def test_without_new_evidence_a_level_only_falls(self, history, days):
        record(self.learner, *history)
        found = [
            self.learner.levels(on_date=TODAY + timedelta(days=one)).get("python", 0) for one in sorted(days)
        ]
        assert all(later <= earlier for earlier, later in itertools.pairwise(found))

    @quick
    @given(st.permutations(KINDS), st.lists(st.integers(0, 5), min_size=10, max_size=10), st.data())
    def test_the_order_of_recording_on_one_day_changes_nothing(self, kinds, levels, data):
        # One line of each source: of two words of one's own the later one counts.
        day = [
            seen(level, kind=kind)
            for kind, level in zip(kinds, levels, strict=False)
            if kind != Evidence.Kind.CV
        ]
        record(self.learner, *day)
        other = builders.make_learner()
        record(other, *data.draw(st.permutations(day)))
        assert rows(other) == rows(self.learner)

    @quick
    @given(histories)
    def test_deriving_all_evidence_again_gives_the_same_rows(self, history):
        record(self.learner, *history)
        one_by_one = rows(self.learner)
        clocks.restate([self.learner.pk], clocks=DEFAULT_CLOCKS)
        assert rows(self.learner) == one_by_one
        replayed = builders.make_learner()
        recording.record_evidence(actor=SYSTEM, learner=replayed, observations=history)
        assert rows(replayed) == one_by_one

    @quick
    @given(histories, st.integers(0, 2000))
    def test_rows_and_answers_tell_the_same_level(self, history, days):
        record(self.learner, *history)
        day = TODAY + timedelta(days=days)
        answers = {one.skill.slug: one.level for one in answering.profile(self.learner, on_date=day)}
        assert {slug: level for slug, level in answers.items() if level} == self.learner.levels(on_date=day)

    @quick
    @given(histories, st.integers(0, 3000))
    def test_a_verified_level_is_gone_below_only_openly(self, history, days):
        record(self.learner, *history)
        found = known(self.learner, on_date=TODAY + timedelta(days=days))
        assert found.level >= found.floor or found.due_for_refresh or found.is_contested


@pytest.mark.django_db
def test_a_row_keeps_the_estimate_the_floor_and_the_days():
    builders.make_skill("python")
    learner = builders.make_learner()
    record(learner, seen(2), seen(4, kind="assessment", day=DAY + timedelta(days=30), sd=0.6))
    row = learner.proficiencies.get()
    assert (row.level, row.as_of) == (4, DAY + timedelta(days=30))
    assert (row.floor, row.verified_on) == (4, DAY + timedelta(days=30))
    assert 0 < row.variance < 0.36
    assert row.evidence.kind == "assessment"


@pytest.mark.django_db
def test_a_failed_course_lowers_and_alone_proves_nothing():
    builders.make_skill("python")
    learner = builders.make_learner()
    record(learner, seen(4), seen(2, kind="failed-course", day=DAY + timedelta(days=3)))
    assert learner.levels()["python"] < 4
    alone = builders.make_learner()
    record(alone, seen(3, kind="failed-course"))
    assert alone.levels() == {}


@pytest.mark.django_db
def test_use_after_the_evidence_stops_disuse():
    builders.make_skill("python", half_life="tool")
    idle, busy = builders.make_learner(), builders.make_learner()
    record(idle, seen(4, kind="work-history"))
    record(busy, seen(4, kind="work-history", used_until=TODAY))
    assert known(busy).mean == 4 > known(idle).mean


@pytest.mark.django_db
def test_levels_of_the_day_a_plan_starts_are_lower_after_a_pause():
    builders.make_skill("python", half_life="tool")
    learner = builders.make_learner()
    record(learner, seen(4))
    later = DAY + timedelta(days=900)
    assert learner.levels() == learner.levels(on_date=DAY) == {"python": 4}
    assert learner.levels(on_date=later) == {"python": 1}
    assert learner.levels(on_date=DAY - timedelta(days=9)) == {"python": 4}


@pytest.mark.django_db
def test_what_lapses_before_a_goal_and_the_days_of_a_curve():
    skill = builders.make_skill("python", half_life="tool")
    learner = builders.make_learner()
    record(learner, seen(4))
    goal = DAY + timedelta(days=400)
    [(lapsing, fall)] = answering.lapses_before(learner, on_date=DAY, before=goal, skills={"python"})
    assert (lapsing, fall.level, fall.to_level) == (skill, 4, 2)
    history = answering.history_of(learner, skill=skill)
    curve = answering.curve(history, skill=skill, clocks=DEFAULT_CLOCKS, days=[DAY, goal])
    assert [one.level for one in curve] == [4, 3, 2, 2]
    assert curve[1].on == fall.on
    answer = answering.why(learner, skill=skill, on_date=DAY, before=goal)
    assert [one.on for one in answer.falls] == [one.on for one in curve[1:3]]


@pytest.mark.django_db
def test_ten_times_the_lines_are_derived_anew_with_the_same_queries():
    for number in range(10):
        builders.make_skill(f"skill-{number}")
    assert queries_to_restate(lines=30) == queries_to_restate(lines=300)


def queries_to_restate(*, lines: int) -> int:
    learner = builders.make_learner()
    recording.record_evidence(
        actor=SYSTEM,
        learner=learner,
        observations=[
            Observation(
                skill=f"skill-{number % 10}",
                level=number % 6,
                kind=KINDS[number % len(KINDS)],
                evidenced_on=DAY + timedelta(days=number),
            )
            for number in range(lines)
        ],
    )
    with CaptureQueriesContext(connection) as queries:
        clocks.restate([learner.pk], clocks=DEFAULT_CLOCKS)
    return len(queries)
