"""An assessment asks, adapts, stops, and leaves evidence behind."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from groundwork.accounts import actors
from groundwork.assessments import importing, measuring, sitting
from groundwork.assessments.models import Answer, Item, Sitting
from groundwork.core.actors import SYSTEM
from groundwork.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from groundwork.events.models import AuditEntry
from groundwork.frameworks.models import Skill
from groundwork.learners.models import Evidence, Learner
from tests import builders, cast
from tests.cast import Cast

SHIPPED = Path(__file__).parents[3] / "fixtures" / "assessments" / "foundation-and-core.jsonl"
SKILLS = (
    "cpp python linear-algebra operating-systems computer-architecture compiler-construction cuda "
    "distributed-training machine-learning"
)


@pytest.fixture
def people(db: None) -> Cast:  # rows need the database
    for slug in SKILLS.split():
        builders.make_skill(slug)
    importing.import_bank(SHIPPED.read_text(encoding="utf-8"), actor=SYSTEM, now=timezone.now())
    return cast.gather()


def begin(people: Cast, *, seed: int = 7) -> Sitting:
    return sitting.start(
        actor=actors.of_user(people.ada),
        learner=people.ada_learner,
        skill=Skill.objects.get(slug="cpp"),
        now=timezone.now(),
        seed=seed,
    )


def give(people: Cast, one: Sitting, *, right: bool) -> Sitting:
    waiting = one.answers.get(answered_at=None)
    choice = waiting.item.key if right else None
    return sitting.answer(
        actor=actors.of_user(people.ada),
        sitting=one,
        position=waiting.position,
        choice=choice,
        now=timezone.now(),
    )


def to_the_end(people: Cast, *, right: bool, seed: int = 7) -> Sitting:
    one = begin(people, seed=seed)
    while one.finished_at is None:
        one = give(people, one, right=right)
    return one


def test_right_answers_end_in_a_high_level_and_its_evidence(people):
    done = to_the_end(people, right=True)
    evidence = Evidence.objects.get(learner=people.ada_learner, skill__slug="cpp")
    assert done.level == evidence.level
    assert evidence.level >= 4
    assert (evidence.kind, evidence.evidenced_on) == ("assessment", timezone.localdate())
    assert done.level_sd is not None
    assert done.level_sd < 1
    assert people.ada_learner.levels()["cpp"] == done.level
    assert AuditEntry.objects.filter(action="assessment.finished", subject_id=str(done.pk)).count() == 1


def test_wrong_answers_end_low_and_what_was_claimed_does_not_help(people):
    builders.give_levels(people.ada_learner, {"cpp": 5})
    level = to_the_end(people, right=False).level
    assert level is not None
    assert level <= 1


def test_right_answers_are_followed_by_harder_questions(people):
    to_the_end(people, right=True)
    levels = list(Answer.objects.order_by("position").values_list("item__level", flat=True))
    assert sum(levels[-3:]) > sum(levels[:3])


def test_coming_back_meets_the_same_question(people):
    one = give(people, begin(people), right=True)
    assert begin(people, seed=99) == one
    assert one.answers.count() == 2


def test_a_second_click_changes_nothing(people):
    one = begin(people)
    give(people, one, right=True)
    sitting.answer(actor=actors.of_user(people.ada), sitting=one, position=1, choice=None, now=timezone.now())
    assert list(one.answers.values_list("position", "right")) == [(1, True), (2, None)]


def test_there_is_no_retake_before_its_day(people):
    done = to_the_end(people, right=True)
    with pytest.raises(ConflictError):
        begin(people)
    Sitting.objects.filter(pk=done.pk).update(finished_at=timezone.now() - timedelta(days=31))
    assert begin(people) != done


def test_others_may_not_take_it_for_her(people):
    one = begin(people)
    for user in (people.hana, people.otto):
        with pytest.raises(ForbiddenError):
            sitting.answer(actor=actors.of_user(user), sitting=one, position=1, choice=0, now=timezone.now())
    assert Sitting.objects.visible_to(actors.of_user(people.hana)).count() == 1
    assert not Sitting.objects.visible_to(actors.of_user(people.otto)).exists()
    assert not Answer.objects.visible_to(actors.of_user(people.otto)).exists()


def test_an_option_that_is_not_there_is_refused(people):
    one = begin(people)
    with pytest.raises(InvalidError):
        sitting.answer(
            actor=actors.of_user(people.ada), sitting=one, position=1, choice=4, now=timezone.now()
        )


def test_a_skill_without_questions_has_no_assessment(people):
    with pytest.raises(NotFoundError):
        sitting.start(
            actor=actors.of_user(people.ada),
            learner=people.ada_learner,
            skill=builders.make_skill("juggling"),
            now=timezone.now(),
            seed=1,
        )
    offers = sitting.offers(actor=actors.of_user(people.ada), learner=people.ada_learner)
    assert {offer.skill.slug for offer in offers} == set(SKILLS.split())


def test_enough_answers_are_measured(people):
    item = Item.objects.filter(skill__slug="cpp", level=3).first()
    assert item is not None
    other = Item.objects.filter(skill__slug="cpp", level=4).first()
    assert other is not None
    now = timezone.now()
    for number in range(2 * measuring.ENOUGH):
        right = number % 2 == 0
        one = Sitting.objects.create(
            learner=Learner.objects.create(name=f"Learner {number}"),
            skill=item.skill,
            level_before=0,
            seed=1,
            started_at=now,
            finished_at=now,
        )
        for position, (asked, is_right) in enumerate([(item, right), (other, right)], start=1):
            Answer.objects.create(sitting=one, position=position, item=asked, answered_at=now, right=is_right)
    found = measuring.measure([item])[item.pk]
    assert (found.answers, found.exposure, found.drifts) == (60, 1.0, False)
    assert found.statistics
    assert found.statistics.share_right == 0.5
    assert found.statistics.discrimination == pytest.approx(1)
