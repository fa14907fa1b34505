"""The offer of an assessment says what it would save on the way, for visitors and people with an account."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from groundwork.assessments.models import Item, ItemBank, Sitting
from groundwork.frameworks.models import Skill
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import World
from tests.interfaces.web.test_query_counts import Counter
from tests.interfaces.web.test_visitor import CHINESE, ENGLISH

pytestmark = pytest.mark.django_db


def make_items(skill: str, *, count: int = 8) -> None:
    """Enough questions for an assessment of a skill, for everybody."""
    bank, _made = ItemBank.objects.get_or_create(organisation=None, slug="tests")
    for number in range(count):
        Item.objects.create(
            bank=bank,
            code=f"{skill}-{number}",
            position=number,
            skill=Skill.objects.get(slug=skill),
            level=1 + number % 5,
            options=[{"en": "a", "zh": "a"}, {"en": "b", "zh": "b"}],
            key=0,
        )


@pytest.fixture
def assessable(world: World) -> None:
    """Kernel tuning can be assessed; zig tooling cannot."""
    make_items("kernel-tuning")
    make_items("zig-tooling", count=2)


@pytest.fixture
def tuner(visitor: Client, assessable: None) -> Client:
    """A visitor who says level 3 of kernel tuning: the path takes 30 hours, from level 4 on none."""
    visitor.post("/cv/", {"text": "Kernel tuning, Zig tooling"})
    posted = {"level-kernel-tuning": "3", "level-zig-tooling": "3"}
    visitor.post("/skills/save/", {"skill": ["kernel-tuning", "zig-tooling"], **posted})
    return visitor


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        (
            ENGLISH,
            (
                "Up to 30 hours less on the way to Kernel engineer: 0 instead of 30.",
                "if it shows level 4 (advanced), where the path counts on 3.",
                "the chance is about 3 in 10.",
                "An assessment may also show less",
                "5 to 12 questions each",
            ),
        ),
        (
            CHINESE,
            ("最多可少学 30 小时", "内核工程师", "约为十分之 3", "测评也可能显示更低的等级", "5 至 12 题"),
        ),
    ],
)
def test_a_visitor_is_told_what_it_would_save_and_what_it_takes(
    tuner: Client, headers: dict[str, str], words: tuple[str, ...]
):
    page = tuner.get("/assessments/worth/", headers=headers).content.decode()
    assert [one for one in words if one not in page] == []
    assert "/accounts/signup/?next=/assessments/worth/" in page
    assert "Zig" not in page, "there is no assessment of it"


def test_the_pages_load_the_offer_and_link_to_it(tuner: Client):
    path = tuner.get("/roles/kernel-engineer/path/").content.decode()
    assert 'data-hx-get="/assessments/worth/?role=kernel-engineer&amp;hours=8&amp;languages=en"' in path
    assert 'data-hx-get="/assessments/worth/"' in tuner.get("/skills/").content.decode()
    piece = tuner.get(
        "/assessments/worth/?role=kernel-engineer", headers={"HX-Request": "true"}
    ).content.decode()
    assert piece.lstrip().startswith("<section")
    assert "Up to 30 hours less" in piece


def test_the_wishes_of_the_path_hold(tuner: Client):
    (one,) = tuner.get("/assessments/worth/?role=kernel-engineer&without=second-steps").context["offers"]
    assert (one.saving.now, one.saving.then) == (20, 0)


def test_before_any_skill_is_confirmed_there_is_a_way_to_begin(visitor: Client):
    page = visitor.get("/assessments/worth/").content.decode()
    assert "Confirm your skills first" in page
    assert "worth" not in visitor.get("/skills/").content.decode()


def test_where_nothing_would_be_saved_the_page_says_so_and_the_piece_is_empty(tuner: Client):
    tuner.post("/skills/save/", {"skill": "kernel-tuning", "level-kernel-tuning": "5"})
    assert (
        "No assessment we have would make your path shorter"
        in tuner.get("/assessments/worth/").content.decode()
    )
    piece = tuner.get("/assessments/worth/", headers={"HX-Request": "true"}).content.decode()
    assert piece.strip() == ""


def test_a_learner_begins_at_once_and_goals_go_first(
    ada: Client, people: Cast, world: World, assessable: None
):
    builders.give_levels(people.ada_learner, {"kernel-tuning": 3})
    near = builders.make_role("near", requires={"kernel-tuning": 4})
    builders.make_plan(people.ada_learner, world.role)
    page = ada.get("/assessments/worth/")
    (one,) = page.context["offers"]
    assert one.saving.role == world.role != near
    assert 'action="/assessments/kernel-tuning/start/"' in page.content.decode()
    assert 'data-hx-get="/assessments/worth/"' in ada.get("/me/").content.decode()


def test_what_was_assessed_lately_is_not_offered_again(
    ada: Client, people: Cast, world: World, assessable: None
):
    builders.give_levels(people.ada_learner, {"kernel-tuning": 3})
    assert ada.get("/assessments/worth/").context["offers"]
    now = timezone.now()
    Sitting.objects.create(
        learner=people.ada_learner,
        skill=Skill.objects.get(slug="kernel-tuning"),
        level_before=3,
        seed=1,
        started_at=now,
        finished_at=now,
        level=3,
    )
    assert ada.get("/assessments/worth/").context["offers"] == []


def test_the_offer_costs_the_same_for_one_skill_and_for_four(
    ada: Client, people: Cast, world: World, assessable: None, django_assert_num_queries: Counter
):
    builders.give_levels(people.ada_learner, {"kernel-tuning": 3})
    ada.get("/assessments/worth/")
    with django_assert_num_queries(23):
        assert len(ada.get("/assessments/worth/").context["offers"]) == 1
    more = {f"craft-{number}": 2 for number in range(3)}
    for slug in more:
        builders.make_course(f"course-{slug}", hours=9, teaches={slug: 3})
        make_items(slug)
    builders.make_role("wide", requires={"kernel-tuning": 4, **dict.fromkeys(more, 3)})
    builders.give_levels(people.ada_learner, more)
    ada.get("/assessments/worth/?role=wide")
    with django_assert_num_queries(23):
        assert len(ada.get("/assessments/worth/").context["offers"]) == 3


def test_after_signing_in_the_page_of_the_offer_takes_the_confirmed_skills_over(tuner: Client, people: Cast):
    tuner.force_login(people.ada)
    page = tuner.get("/assessments/worth/").content.decode()
    assert "You confirmed 2 skills before signing in." in page
    kept = tuner.post("/skills/keep/", {"next": "/assessments/worth/"}, follow=True)
    assert "Up to 30 hours less" in kept.content.decode()
