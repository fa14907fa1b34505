"""Evidence in, proficiency out; nothing else changes a level."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from groundwork.core.actors import SYSTEM, VISITOR, Actor, Right
from groundwork.core.errors import ConflictError, ForbiddenError, InvalidError
from groundwork.events.models import AuditEntry
from groundwork.learners import lapsing, linking, recording
from groundwork.learners.models import Evidence, Learner, Proficiency
from groundwork.learners.recording import Observation
from tests import builders, cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)
LATER = date(2026, 9, 1)


def observe(learner, level, *, skill="python", kind=Evidence.Kind.SELF_REPORT, course=None, day=DAY):
    builders.make_skill(skill)
    recording.record_evidence(
        actor=SYSTEM,
        learner=learner,
        observations=[Observation(skill=skill, level=level, kind=kind, evidenced_on=day, course=course)],
    )


def standing_in(learner, skill="python"):
    return Proficiency.objects.values_list("level", "as_of").get(learner=learner, skill__slug=skill)


def test_the_latest_statement_is_the_level_and_every_one_is_kept():
    learner = builders.make_learner()
    observe(learner, 4)
    observe(learner, 2)
    assert learner.levels() == {"python": 2}
    assert Evidence.objects.filter(learner=learner).count() == 2
    assert AuditEntry.objects.filter(action="evidence.recorded").count() == 2


def test_a_finished_course_never_lowers_a_level():
    learner = builders.make_learner()
    observe(learner, 4)
    observe(learner, 2, kind=Evidence.Kind.COURSE)
    assert learner.levels() == {"python": 4}


def test_level_zero_removes_the_proficiency_and_keeps_the_evidence():
    learner = builders.make_learner()
    observe(learner, 3)
    observe(learner, 0)
    assert learner.levels() == {}
    assert Evidence.objects.filter(learner=learner).count() == 2


def test_a_course_below_the_level_does_not_make_it_fresh_again():
    learner = builders.make_learner()
    observe(learner, 4, day=DAY)
    observe(learner, 2, kind=Evidence.Kind.COURSE, day=LATER)
    assert standing_in(learner) == (4, DAY)
    observe(learner, 4, kind=Evidence.Kind.COURSE, day=LATER)
    assert standing_in(learner) == (4, LATER)


def test_taking_back_a_course_returns_to_what_was_known_before():
    learner, course = builders.make_learner(), builders.make_course()
    observe(learner, 2, day=DAY)
    observe(learner, 4, kind=Evidence.Kind.COURSE, course=course, day=LATER)
    observe(learner, 1, skill="sql", kind=Evidence.Kind.COURSE, course=course, day=LATER)
    recording.take_back(actor=SYSTEM, learner=learner, course=course)
    assert learner.levels() == {"python": 2}
    assert standing_in(learner) == (2, DAY)


def test_two_courses_taken_back_one_after_the_other_leave_nothing_behind():
    learner, one, two = builders.make_learner(), builders.make_course(), builders.make_course()
    for course in (one, two):
        observe(learner, 3, kind=Evidence.Kind.COURSE, course=course)
    recording.take_back(actor=SYSTEM, learner=learner, course=one)
    assert learner.levels() == {"python": 3}
    recording.take_back(actor=SYSTEM, learner=learner, course=two)
    assert learner.levels() == {}
    observe(learner, 3, kind=Evidence.Kind.COURSE, course=one)
    assert learner.levels() == {"python": 3}


def test_courses_of_the_same_title_are_not_mistaken_for_each_other():
    learner = builders.make_learner()
    one, two = (builders.make_course(title_en="Machine learning") for _ in range(2))
    observe(learner, 3, kind=Evidence.Kind.COURSE, course=one)
    observe(learner, 2, skill="sql", kind=Evidence.Kind.COURSE, course=two)
    recording.take_back(actor=SYSTEM, learner=learner, course=one)
    assert learner.levels() == {"sql": 2}


def test_many_observations_take_a_fixed_number_of_queries(django_assert_num_queries):
    learner = builders.make_learner()
    skills = [builders.make_skill(f"skill-of-many-{number}").slug for number in range(40)]
    seen = [Observation(skill=s, level=2, kind=Evidence.Kind.CV, evidenced_on=DAY) for s in skills]
    with django_assert_num_queries(10):
        recording.record_evidence(actor=SYSTEM, learner=learner, observations=seen)
    assert len(learner.levels()) == 40


def test_only_the_person_and_their_employer_write_what_is_known():
    people = cast.gather()
    builders.make_skill("python")
    seen = [Observation(skill="python", level=3, kind=Evidence.Kind.MANAGER, evidenced_on=DAY)]
    reader = Actor(organisation_id=people.ours.pk, rights=frozenset({Right.READ_PEOPLE}))
    for actor in (people.actor(people.otto), reader, VISITOR):
        with pytest.raises(ForbiddenError):
            recording.record_evidence(actor=actor, learner=people.ada_learner, observations=seen)
        with pytest.raises(ForbiddenError):
            recording.change_hours(actor=actor, learner=people.ada_learner, hours_per_week=3)
    for user in (people.ada, people.hana):
        recording.record_evidence(actor=people.actor(user), learner=people.ada_learner, observations=seen)
    assert people.ada_learner.levels() == {"python": 3}


def test_a_long_address_fits_the_name_of_a_learner():
    user = builders.make_user(f"{'a' * 60}@{'b' * 60}.{'c' * 60}.example")
    type(user).objects.filter(pk=user.pk).update(name="")
    user.refresh_from_db()
    assert user.email.startswith(recording.learner_of(user, actor=SYSTEM).name)


@pytest.mark.parametrize("change", [{"skill": "ghost"}, {"level": 6}, {"level": -1}, {"kind": "gossip"}])
def test_one_bad_observation_writes_nothing(change):
    learner = builders.make_learner()
    builders.make_skill("python")
    good = Observation(skill="python", level=3, kind=Evidence.Kind.CV, evidenced_on=DAY)
    values = {"skill": "python", "level": 3, "kind": Evidence.Kind.CV, "evidenced_on": DAY, **change}
    with pytest.raises(InvalidError):
        recording.record_evidence(actor=SYSTEM, learner=learner, observations=[good, Observation(**values)])
    assert not Evidence.objects.filter(learner=learner).exists()
    assert learner.levels() == {}


def test_evidence_is_append_only():
    learner = builders.make_learner(levels={"python": 2})
    evidence = learner.evidence.get()
    evidence.level = 5
    with pytest.raises(TypeError, match="append-only"):
        evidence.save()


def test_the_database_refuses_a_level_out_of_range():
    learner = builders.make_learner(levels={"python": 2})
    with pytest.raises(IntegrityError), transaction.atomic():
        Proficiency.objects.filter(learner=learner).update(level=6)


def test_a_person_is_entered_once_per_external_id():
    people = cast.gather()
    hana = people.actor(people.hana)
    recording.enter_person(actor=hana, name="Eve", external_id="7")
    with pytest.raises(ConflictError):
        recording.enter_person(actor=hana, name="Eve", external_id="7")
    recording.enter_person(actor=people.actor(people.otto), name="Eve", external_id="7")


@pytest.mark.parametrize("hours", [0, -1, 61])
def test_hours_per_week_out_of_range_are_refused(hours):
    people = cast.gather()
    with pytest.raises(InvalidError):
        recording.enter_person(actor=people.actor(people.hana), name="Eve", hours_per_week=hours)
    assert not Learner.objects.filter(name="Eve").exists()


def test_members_cannot_enter_people():
    people = cast.gather()
    with pytest.raises(ForbiddenError):
        recording.enter_person(actor=people.actor(people.ada), name="Eve")


def test_who_sees_whom():
    people = cast.gather()
    builders.give_levels(people.ada_learner, {"python": 3})
    reader = Actor(organisation_id=people.ours.pk, rights=frozenset({Right.READ_PEOPLE}))
    blind = Actor(organisation_id=people.ours.pk, rights=frozenset({Right.READ_CATALOGUE}))
    for model in (Evidence, Proficiency):
        seen = {
            name: model.objects.visible_to(actor).count()
            for name, actor in {
                "ada": people.actor(people.ada),
                "hana": people.actor(people.hana),
                "reader": reader,
                "blind": blind,
                "otto": people.actor(people.otto),
                "visitor": VISITOR,
            }.items()
        }
        assert seen == {"ada": 1, "hana": 1, "reader": 1, "blind": 0, "otto": 0, "visitor": 0}


def test_skills_that_fall_within_a_year_are_named_soonest_first():
    builders.make_skill("docker", half_life="tool")
    builders.make_skill("algebra", half_life="foundation")
    held = {"docker": (3, date(2026, 1, 1)), "algebra": (3, date(2026, 1, 1)), "ghost": (3, DAY)}
    (lapse,) = lapsing.lapses(held, on_date=DAY)
    assert (lapse.skill.slug, lapse.level, lapse.to_level) == ("docker", 3, 2)
    assert lapse.on > DAY


def test_skills_of_a_cv_come_with_their_words_and_without_contacts():
    builders.make_skill("kubernetes", name_en="Kubernetes", name_zh="Kubernetes")
    text = "Mail me: ann@example.com. Five years of  Kubernetes, in production until 2024."
    (found,) = linking.find_skills(text, on_date=DAY)
    assert (found.skill, found.words, found.certain) == ("kubernetes", "Kubernetes", True)
    assert "ann@example.com" not in found.before + found.after
    assert "years of Kubernetes, in" in found.before + found.words + found.after
    assert linking.accepted_levels([found]) == {"kubernetes": found.level}
