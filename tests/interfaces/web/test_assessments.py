"""An assessment in the browser: without JavaScript, in both languages, and nothing lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import expect

from groundwork.assessments import importing
from groundwork.assessments.models import Answer, Sitting
from groundwork.core.actors import SYSTEM
from tests import builders

SHIPPED = Path(__file__).parents[3] / "fixtures" / "assessments" / "foundation-and-core.jsonl"
SKILLS = (
    "cpp python linear-algebra operating-systems computer-architecture compiler-construction cuda "
    "distributed-training machine-learning"
)


@pytest.fixture(autouse=True)
def _bank(db: None) -> None:  # rows need the database
    for slug in SKILLS.split():
        builders.make_skill(slug)
    importing.import_bank(SHIPPED.read_text(encoding="utf-8"), actor=SYSTEM, now=timezone.now())


def begin(client: Client) -> str:
    return client.post("/assessments/cpp/start/").headers["Location"]


def test_the_skills_page_leads_to_the_assessments(ada):
    assert 'href="/assessments/"' in ada.get("/skills/").content.decode()
    page = ada.get("/assessments/").content.decode()
    assert page.count("/start/") == 9


def test_a_visitor_has_to_sign_in(visitor):
    assert visitor.get("/assessments/").status_code == 302


def test_a_question_is_asked_and_waits(ada):
    address = begin(ada)
    page = ada.get(address).content.decode()
    assert "Question 1, at most 12" in page
    assert page.count('type="radio"') == 5
    assert begin(ada) == address
    ada.post(f"{address}answer/", {"position": "1", "choice": "unknown"})
    assert "You are at question 2." in ada.get("/assessments/").content.decode()
    assert "Question 2, at most 12" in ada.get(address).content.decode()
    assert "第 2 题，最多 12 题" in ada.get(address, headers={"accept-language": "zh-hans"}).content.decode()


@pytest.mark.parametrize("choice", ["", "9", "²", "-1", "abc"])
def test_what_is_no_answer_is_refused_and_the_question_waits(ada, choice):
    address = begin(ada)
    assert ada.post(f"{address}answer/", {"position": "1", "choice": choice}, follow=True).status_code == 200
    assert Answer.objects.get().answered_at is None


def test_the_result_shows_level_uncertainty_and_why(ada):
    address = begin(ada)
    wrong = (Answer.objects.get().item.key + 1) % 4
    Answer.objects.update(answered_at=timezone.now(), right=False, choice=wrong)
    Sitting.objects.update(
        finished_at=timezone.now(), stop_reason="precise", level=2, level_mean=2.2, level_sd=0.5
    )
    page = ada.get(address).content.decode()
    for words in ("2.2 ± 0.5", "level 2", "Your answer", "Right answer", "The result is precise enough."):
        assert words in page
    assert "2 <small>assisted</small>" in page
    assert "1 – 3 <small>aware – independent</small>" in page, "nine of ten, in whole levels and in words"
    assert "0 <small>/ 1</small>" in page
    assert "new plans start from level 0 of this skill; before, it was level 0" in page
    chinese = ada.get(address, headers={"accept-language": "zh-hans"}).content.decode()
    assert "新的计划将以该技能的 0 级为起点" in chinese
    assert "Last result: level 2" in ada.get("/assessments/").content.decode()


def test_nobody_else_reads_it(ada, otto, hana):
    address = begin(ada)
    for client in (otto, hana):
        assert client.get(address).status_code == 404
        assert client.post(f"{address}answer/", {"position": "1", "choice": "0"}).status_code == 404


def test_a_question_fits_a_telephone(open_page, people):
    client = Client()
    client.force_login(people.ada)
    address = begin(client)
    cookie = client.cookies["groundwork_session"].value
    for locale in ("en-GB", "zh-CN"):
        for width in (320, 1280):
            page = open_page(width=width, locale=locale)
            page.goto("/about/")
            root = page.url.removesuffix("about/")
            page.context.add_cookies([{"name": "groundwork_session", "value": cookie, "url": root}])
            for path in ("/assessments/", address):
                page.goto(path)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert page.locator("input[type=radio]").count() == 5
            # By keyboard alone; what was answered stays answered, so the next visit meets the next question.
            place = page.locator("input[name=position]")
            asked = place.input_value()
            page.locator("input[type=radio]").first.focus()
            page.keyboard.press("Space")
            page.keyboard.press("Enter")
            expect(place).not_to_have_value(asked)


def test_the_list_takes_as_many_queries_with_many_assessments_open(ada):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert ada.get("/assessments/").status_code == 200
        return len(found)

    begin(ada)
    ada.get("/assessments/")
    one = queries()
    for slug in SKILLS.split():
        ada.post(f"/assessments/{slug}/start/")
    assert Sitting.objects.count() == 9
    assert queries() == one
