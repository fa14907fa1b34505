"""What a CV may also say: suggestions apart from what is certain, and what becomes of both."""

from __future__ import annotations

import pytest
from django.test import Client

from groundwork.frameworks.models import LinkDecision, UnknownTerm
from groundwork.learners.models import Evidence
from tests import builders
from tests.interfaces.web.conftest import CV
from tests.interfaces.web.test_visitor import CHINESE, ENGLISH

pytestmark = pytest.mark.django_db


def test_suggestions_stand_apart_unticked_with_their_reason_and_chance(visitor: Client):
    builders.make_skill(
        "medical-image-segmentation", name_en="Medical image segmentation", name_zh="医学图像分割"
    )
    text = "Skills: Kernel tuning, Zigg tooling. My work was mostly segmentation of medical images."
    visitor.post("/cv/", {"text": text})
    page = visitor.get("/skills/")
    assert [row["skill"].slug for row in page.context["certain"]] == ["kernel-tuning"]
    suggested = {row["skill"].slug: row["source"] for row in page.context["suggested"]}
    assert "These are the words of “Medical image segmentation”" in suggested["medical-image-segmentation"]
    assert "of 100 such suggestions are right." in page.content.decode()
    shown = page.content.decode().partition("Suggestions")[2]
    assert " checked" not in shown.partition("</table>")[0]


def test_what_becomes_of_a_find_is_noted_without_its_person_once(visitor: Client):
    visitor.post("/cv/", {"text": CV})
    posted = {"skill": "kernel-tuning", "level-kernel-tuning": "1"}
    for _ in range(2):
        visitor.post("/skills/save/", posted)
    rows = LinkDecision.objects.values_list("skill__slug", "words", "decision")
    assert set(rows) == {
        ("kernel-tuning", "Kernel tuning", "changed"),
        ("zig-tooling", "Zig tooling", "rejected"),
    }
    assert len(rows) == 2
    assert [row["skill"].slug for row in visitor.get("/skills/").context["left_out"]] == ["zig-tooling"]


def test_a_signed_in_persons_decisions_are_noted_like_anybodys(ada: Client):
    ada.post("/cv/", {"text": CV})
    ada.post("/skills/save/", {"skill": "zig-tooling", "level-zig-tooling": "4"})
    assert Evidence.objects.filter(skill__slug="zig-tooling").exists()
    assert {row.skill.slug for row in LinkDecision.objects.all()} == {"kernel-tuning", "zig-tooling"}


def test_a_skill_added_by_name_is_no_decision_on_a_link(confirmed: Client):
    assert not LinkDecision.objects.exists()


def test_unknown_terms_of_a_cv_are_counted(visitor: Client):
    for _ in range(2):
        visitor.post("/cv/", {"text": "Skills: Kernel tuning, Zig tooling, Frobnicator."})
    assert [(row.example, row.texts) for row in UnknownTerm.objects.all()] == [("Frobnicator", 1)]


@pytest.mark.parametrize(
    ("headers", "words"),
    [(ENGLISH, "We read it as “Kernel tuning”."), (CHINESE, "我们把它读作“Kernel tuning”。")],
)
def test_how_a_misspelt_name_was_read_is_said_in_both_languages(visitor: Client, headers, words):
    visitor.post("/cv/", {"text": "Skills: Kernal tuning, Zig tooling"})
    assert words in visitor.get("/skills/", headers=headers).content.decode()
