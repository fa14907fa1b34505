"""An assessment asks, adapts, stops, and leaves evidence behind."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from groundwork.accounts import actors
from groundwork.accounts.models import User
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
    assert evidence.sd == pytest.approx((done.level_sd**2 + 1 / 12) ** 0.5), (
        "its own uncertainty and rounding"
    )
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
    # Towards the end the hard ones are used up.
    assert sum(levels[3:6]) > sum(levels[:3])


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


@pytest.fixture
def answered(people: Cast) -> Item:
    """An item with twice as many answers as it takes; half of them right, with the answers beside them."""
    item, other = (Item.objects.filter(skill__slug="cpp", level=level)[0] for level in (3, 4))
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
    return item


def test_enough_answers_are_measured(answered, django_assert_num_queries):
    with django_assert_num_queries(3):
        found = measuring.measure([answered])[answered.pk]
    assert (found.answers, found.exposure, found.drifts) == (60, 1.0, False)
    assert found.statistics
    assert found.statistics.share_right == 0.5
    assert found.statistics.discrimination == pytest.approx(1)


def test_statistics_are_printed_as_csv_and_json(answered, capsys):
    call_command("item_bank", "stats", "foundation-and-core")
    rows = {row["item"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    assert len(rows) == Item.objects.current().count()
    row = rows[answered.code]
    assert (row["answers"], row["share_right"], row["hint"], row["exposure"]) == ("60", "0.5", "good", "1.0")
    assert 0 < float(row["level_sd"]) < 0.8, "answers narrow the author's estimate"
    fresh = rows["python-01"]
    assert (fresh["answers"], fresh["enough_data"]) == ("0", "False")
    assert {fresh[name] for name in ("share_right", "level", "discrimination", "hint", "drifts")} == {""}
    call_command("item_bank", "stats", "foundation-and-core", "--format", "json")
    found = {row["item"]: row for row in json.loads(capsys.readouterr().out)}
    assert found[answered.code]["hint"] == "good"
    assert found["python-01"]["share_right"] is None


def test_stewards_read_them_in_the_administration(answered, client):
    steward = User.objects.create_superuser("steward@example.com", builders.PASSWORD)
    client.force_login(steward)
    page = client.get("/admin/assessments/item/", {"q": answered.code}).content.decode()
    for words in ("50%", "tells people apart", "100%", "±"):
        assert words in page
    page = client.get("/admin/assessments/item/", {"q": "python-01"}).content.decode()
    assert page.count("not enough data") == 4


def test_a_bank_that_changes_under_way_breaks_no_sitting(people):
    one = begin(people)
    asked = one.answers.get().item
    lines = [json.loads(line) for line in SHIPPED.read_text(encoding="utf-8").splitlines()]
    for line in lines[1:]:
        if line["skill"] == "cpp":
            line["stem"] = {"en": line["stem"]["en"] + " (new)", "zh": line["stem"]["zh"] + "（新）"}
    text = "\n".join(json.dumps(line) for line in lines)
    assert importing.import_bank(text, actor=SYSTEM, now=timezone.now()).replaced == 14
    waiting = one.answers.get(answered_at=None)
    assert (waiting.item, waiting.item.stem_en) == (asked, asked.stem_en), "the question that was shown waits"
    while one.finished_at is None:
        one = give(people, one, right=True)
    codes = list(one.answers.values_list("item__code", flat=True))
    assert len(set(codes)) == len(codes), "nothing is asked again in other words"
    assert one.answers.get(position=1).item == asked


@pytest.mark.parametrize(
    ("mean", "sd", "levels"), [(2.2, 0.5, (1, 3)), (0.2, 0.8, (0, 2)), (4.9, 0.8, (4, 5)), (3.0, 0.1, (3, 3))]
)
def test_the_range_of_a_result_lies_on_the_scale(mean, sd, levels):
    assert sitting.range_of(Sitting(level_mean=mean, level_sd=sd)) == levels


def test_there_is_no_range_before_there_is_a_result():
    with pytest.raises(NotFoundError):
        sitting.range_of(Sitting())
