"""The way in: exported CVs, skills to confirm in groups, coming back to a half-filled form."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from groundwork.frameworks.models import Skill
from groundwork.web import visiting
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import CV
from tests.interfaces.web.test_query_counts import Counter
from tests.interfaces.web.test_visitor import CHINESE, ENGLISH

pytestmark = pytest.mark.django_db

POSITIONS = (
    b"Company Name,Title,Description,Location,Started On,Finished On\n"
    b"Acme,Kernel tuning engineer,Kernel tuning all day.,,Mar 2015,Dec 2019\n"
)


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_several_tables_of_an_export_are_read_together(visitor: Client):
    files = [upload("Positions.csv", POSITIONS), upload("Skills.csv", b"Name\nZig tooling\n")]
    visitor.post("/cv/", {"file": files})
    rows = {row["skill"].slug: row["found"] for row in visitor.get("/skills/").context["certain"]}
    assert rows["kernel-tuning"].evidenced_on == "2019-12-31"
    assert set(rows) == {"kernel-tuning", "zig-tooling"}


def test_of_several_files_the_refused_one_is_named(visitor: Client):
    files = [upload("Positions.csv", POSITIONS), upload("photo.png", b"\x89PNG\r\n\x1a\n")]
    answer = visitor.post("/cv/", {"file": files})
    assert answer.status_code == 422
    assert "photo.png: We read text" in answer.content.decode()
    assert "found" not in visitor.session


def test_a_pasted_export_is_read_as_one(visitor: Client):
    pasted = '{"basics": {"label": "x"}, "skills": [{"name": "Zig tooling", "level": "Master"}]}'
    visitor.post("/cv/", {"text": pasted})
    (row,) = visitor.get("/skills/").context["certain"]
    assert (row["found"].level, row["found"].reason["code"]) == (4, "adverb")


SECTIONS = (
    "Experience\n2019 - 2024 Kernel tuning engineer, Acme\n- Kernel tuning\n\nSkills\nZig tooling (expert)"
)


def ratings(client: Client) -> dict[str, tuple[bool, int]]:
    """What the page would send now."""
    context = client.get("/skills/").context
    rows = [*context["certain"], *context["suggested"], *context["left_out"], *context["held"]]
    return {row["skill"].slug: (row["ticked"], row["level"]) for row in rows}


def test_skills_stand_in_groups_by_the_part_of_the_cv_they_came_from(visitor: Client):
    visitor.post("/cv/", {"text": SECTIONS})
    page = visitor.get("/skills/", headers=ENGLISH)
    assert [(group.name, len(group.rows)) for group in page.context["certain_groups"]] == [
        ("From your work", 1),
        ("From your list of skills", 1),
    ]
    assert "来自您的工作经历" in visitor.get("/skills/", headers=CHINESE).content.decode()


def test_skills_without_sections_stand_in_groups_by_their_kind(visitor: Client):
    builders.make_skill("wound-care", kind=Skill.Kind.DOMAIN, name_en="Wound care")
    visitor.post("/cv/", {"text": "I know Kernel tuning, Zig tooling and Wound care."})
    groups = visitor.get("/skills/").context["certain_groups"]
    assert [len(group.rows) for group in groups] == [2, 1]
    assert groups[1].name == "Domain"


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        (ENGLISH, ("independent · on my own", "I do the usual work alone", "Step 2 of 3.", "Keep for later")),
        (CHINESE, ("独立 · 我能独立完成", "我能独立完成日常工作", "第 2 步，共 3 步。", "稍后继续")),
    ],
)
def test_levels_are_explained_in_plain_words(
    visitor: Client, headers: dict[str, str], words: tuple[str, ...]
):
    visitor.post("/cv/", {"text": CV})
    page = visitor.get("/skills/", headers=headers).content.decode()
    assert [one for one in words if one not in page] == []


def test_a_half_filled_form_is_as_it_was_left(visitor: Client):
    visitor.post("/cv/", {"text": CV})
    visitor.get("/skills/")
    kept = visitor.post(
        "/skills/draft/",
        {"skill": "zig-tooling", "level-zig-tooling": "1", "level-kernel-tuning": "2"},
        headers={"HX-Request": "true"},
    )
    assert "Nothing is confirmed yet" in kept.content.decode()
    assert ratings(visitor) == {"zig-tooling": (True, 1), "kernel-tuning": (False, 2)}
    assert "levels" not in visitor.session
    assert "This is how you left it." in visitor.get("/skills/").content.decode()


def test_without_scripts_a_button_keeps_the_form_for_later(visitor: Client):
    visitor.post("/cv/", {"text": CV})
    visitor.get("/skills/")
    posted = {"later": "1", "level-zig-tooling": "3", "level-kernel-tuning": "0"}
    answer = visitor.post("/skills/save/", posted, follow=True)
    assert "Kept as it stands for 24 hours." in answer.content.decode()
    assert ratings(visitor) == {"zig-tooling": (False, 3), "kernel-tuning": (False, 0)}
    start = visitor.get("/").content.decode()
    assert "2 skills are waiting for you to confirm them." in start


def test_what_is_confirmed_ends_the_draft(visitor: Client):
    visitor.post("/cv/", {"text": CV})
    visitor.get("/skills/")
    visitor.post("/skills/draft/", {"level-zig-tooling": "1"})
    visitor.post("/skills/save/", {"skill": "zig-tooling", "level-zig-tooling": "4"})
    assert ratings(visitor)["zig-tooling"] == (True, 4)
    assert not visitor.get("/skills/").context["is_draft"]


def test_a_draft_is_forgotten_with_the_visit_and_belongs_to_it_alone(visitor: Client):
    visitor.post("/cv/", {"text": CV})
    visitor.get("/skills/")
    visitor.post("/skills/draft/", {"level-zig-tooling": "1"})
    other = Client()
    other.post("/cv/", {"text": CV})
    assert ratings(other)["zig-tooling"][1] != 1
    key = f"draft:{visitor.session['draft']}"
    assert cache.get(key)
    visitor.post("/forget/")
    assert cache.get(key) is None


def test_a_draft_takes_nothing_that_was_not_asked(visitor: Client):
    assert "could not be kept" in visitor.post("/skills/draft/", {"level-zig-tooling": "1"}).content.decode()
    visitor.post("/cv/", {"text": "Kernel tuning"})
    visitor.get("/skills/")
    visitor.post("/skills/draft/", {"level-zig-tooling": "1", "level-kernel-tuning": "9"})
    assert not visitor.get("/skills/").context["is_draft"]


def test_a_late_draft_cannot_undo_what_was_confirmed(visitor: Client):
    visitor.post("/cv/", {"text": CV})
    visitor.get("/skills/")
    visitor.post("/skills/save/", {"skill": "zig-tooling", "level-zig-tooling": "4"})
    before = dict(visitor.session)
    visitor.post("/skills/draft/", {"level-zig-tooling": "1"})
    assert dict(visitor.session) == before


def test_the_skills_cost_the_same_for_two_and_for_ten(visitor: Client, django_assert_num_queries: Counter):
    visitor.post("/cv/", {"text": CV})
    visitor.get("/skills/")
    with django_assert_num_queries(2):
        assert len(visitor.get("/skills/").context["certain"]) == 2
    for number in range(8):
        builders.make_skill(f"craft-{number}", name_en=f"Craft of number {number}")
    visitor.post("/cv/", {"text": CV + " " + ", ".join(f"Craft of number {n}" for n in range(8))})
    visitor.get("/skills/")
    with django_assert_num_queries(2):
        assert len(visitor.get("/skills/").context["certain"]) == 10


def test_a_signed_in_persons_half_filled_form_waits_too(ada: Client, people: Cast):
    builders.give_levels(people.ada_learner, {"kernel-tuning": 3})
    ada.get("/skills/")
    ada.post("/skills/draft/", {"level-kernel-tuning": "4"})
    assert ratings(ada) == {"kernel-tuning": (False, 4)}
    assert people.ada_learner.levels() == {"kernel-tuning": 3}


def test_looking_at_ones_skills_starts_no_clock_for_what_comes_later(ada: Client, people: Cast):
    builders.give_levels(people.ada_learner, {"kernel-tuning": 3})
    ada.get("/skills/")
    assert visiting.UNTIL not in ada.session


def test_a_draft_ends_with_the_visit(visitor: Client):
    visitor.post("/cv/", {"text": CV})
    visitor.get("/skills/")
    session = visitor.session
    session[visiting.UNTIL] = (timezone.now() + timedelta(seconds=1)).isoformat()
    session.save()
    visitor.post("/skills/draft/", {"level-zig-tooling": "1"})
    key = f"draft:{session['draft']}"
    assert cache.get(key)
    time.sleep(1.1)
    assert cache.get(key) is None
