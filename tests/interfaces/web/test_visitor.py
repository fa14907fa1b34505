"""A visitor's way from a CV to a path, and that nothing of it is written down."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from groundwork.events.models import AuditEntry, Event
from groundwork.learners.models import Evidence, Learner, Proficiency
from groundwork.plans.models import Plan
from tests import builders
from tests.interfaces.web.conftest import CV, World

pytestmark = pytest.mark.django_db

ENGLISH = {"Accept-Language": "en"}
CHINESE = {"Accept-Language": "zh-CN"}


def rows_about_people() -> int:
    kept = (Learner, Evidence, Proficiency, Plan, AuditEntry, Event)
    return sum(model.objects.count() for model in kept)


@pytest.mark.parametrize(
    ("address", "english", "chinese"),
    [
        ("/", "From your CV to a proven learning path", "从一份简历，到一条有证明的学习路径"),
        ("/about/", "How it works", "工作原理"),
        ("/skills/", "Your skills", "您的技能"),
        ("/roles/", "The roles of the foundation layer", "基础层岗位、技术层岗位"),
        ("/roles/kernel-engineer/", "What the role asks", "岗位要求"),
        ("/roles/kernel-engineer/path/", "A path starts from what you can do", "路径从您现有的能力出发"),
        ("/accounts/login/", "Sign In", "登录"),
        ("/accounts/signup/", "Sign Up", "注册"),
        ("/accounts/password/reset/", "Password Reset", "密码重置"),
    ],
)
def test_every_page_speaks_both_languages(visitor: Client, address: str, english: str, chinese: str):
    assert english in visitor.get(address, headers=ENGLISH).content.decode()
    assert chinese in visitor.get(address, headers=CHINESE).content.decode()


def test_a_pasted_cv_shows_the_words_each_skill_came_from(visitor: Client):
    visitor.post("/cv/", {"text": CV})
    page = visitor.get("/skills/").content.decode()
    assert "<mark>Zig tooling</mark>" in page
    assert "<mark>Kernel tuning</mark>" in page
    assert "5 years" in page


def test_an_uploaded_cv_is_read(visitor: Client):
    from django.core.files.uploadedfile import SimpleUploadedFile

    visitor.post("/cv/", {"file": SimpleUploadedFile("cv.txt", CV.encode())})
    assert b"<mark>Kernel tuning</mark>" in visitor.get("/skills/").content


def test_only_ticked_skills_count_at_the_chosen_level(visitor: Client):
    visitor.post("/cv/", {"text": CV})
    answer = visitor.post(
        "/skills/save/", {"skill": "kernel-tuning", "level-kernel-tuning": "2", "level-zig-tooling": "5"}
    )
    assert answer["Location"] == "/roles/"
    assert visitor.session["levels"].keys() == {"kernel-tuning"}
    page = visitor.get("/roles/kernel-engineer/path/")
    assert page.context["path"].hours == 30


def test_confirmed_levels_are_shown_when_the_visitor_comes_back(visitor: Client):
    visitor.post("/cv/", {"text": CV})
    visitor.post("/skills/save/", {"skill": "kernel-tuning", "level-kernel-tuning": "1"})
    context = visitor.get("/skills/").context
    assert [(row["skill"].slug, row["found"].level) for row in context["certain"]] == [("kernel-tuning", 1)]
    assert [row["skill"].slug for row in context["left_out"]] == ["zig-tooling"]


def test_adding_a_skill_keeps_what_was_corrected(visitor: Client):
    visitor.post("/cv/", {"text": "Skills: expert in Zig tooling."})
    posted = {"skill": "zig-tooling", "level-zig-tooling": "1", "add": "内核调优"}
    visitor.post("/skills/save/", posted)
    rows = visitor.get("/skills/").context["certain"]
    assert [(row["skill"].slug, row["found"].level) for row in rows] == [
        ("kernel-tuning", 2),
        ("zig-tooling", 1),
    ]


def test_a_skill_outside_the_vocabulary_is_refused_by_name(visitor: Client):
    page = visitor.post("/skills/save/", {"add": "juggling"}, follow=True)
    assert "“juggling” is not in our vocabulary" in page.content.decode()


@pytest.mark.parametrize("level", ["6", "-1", "two", ""])
def test_a_level_outside_the_scale_is_refused(visitor: Client, level: str):
    visitor.post("/cv/", {"text": CV})
    page = visitor.post("/skills/save/", {"skill": "zig-tooling", "level-zig-tooling": level}, follow=True)
    assert "A level must be a whole number from 0 to 5. Nothing was changed." in page.content.decode()
    assert "levels" not in visitor.session


def test_roles_are_ranked_by_hours_with_coverage_and_gaps(confirmed: Client, hurried: None):
    waiting = confirmed.get("/roles/").content.decode()
    assert 'hx-get="/roles/?"' in waiting
    ranked = confirmed.get("/roles/", headers={"HX-Request": "true"})
    rows = ranked.context["rows"]
    assert [row["role"].slug for row in rows] == ["kernel-engineer", "far-engineer"]
    assert rows[0]["distance"].hours == 50
    assert rows[0]["coverage"] > 0
    assert not rows[1]["has_route"]
    assert "no route" in ranked.content.decode()


def test_roles_can_be_narrowed_by_layer_and_field(confirmed: Client):
    assert len(confirmed.get("/roles/?layer=foundation&domain=AI+systems").context["rows"]) == 2
    builders.make_role("vision", layer="technology", domain_en="Vision")
    page = confirmed.get("/roles/?layer=foundation&domain=Vision")
    assert page.context["rows"] == []
    assert "No role matches. Choose a wider search." in page.content.decode()
    assert len(confirmed.get("/roles/?layer=nonsense").context["rows"]) == 3


def test_the_path_names_courses_weeks_reasons_and_its_proof(confirmed: Client):
    page = confirmed.get("/roles/kernel-engineer/path/?hours=10").content.decode()
    assert "Proven best." in page
    assert "First steps" in page
    assert "Weeks 1–2" in page
    assert "Weeks 3–5" in page
    assert "Kernel tuning 2→4" in page
    assert 'class="timeline"' in page


def test_wishes_change_the_path_and_say_by_how_much(confirmed: Client):
    page = confirmed.get("/roles/kernel-engineer/path/?without=first-steps")
    assert [step.course.slug for step in page.context["path"].steps] == ["dear-steps"]
    assert (page.context["difference"].hours, page.context["difference"].price) == (-30, 9000)
    assert "Left out at your wish: First steps." in page.content.decode()


def test_what_cannot_be_reached_is_named(confirmed: Client):
    page = confirmed.get("/roles/far-engineer/path/").content.decode()
    assert "This role cannot be reached" in page
    assert '<li>Untaught <span class="day">0→3</span></li>' in page
    assert "First steps" not in page


def test_a_price_limit_without_a_plan_is_explained(confirmed: Client):
    page = confirmed.get("/roles/kernel-engineer/path/?max_price=0&without=first-steps").content.decode()
    assert "not all of them within your limits and wishes" in page


def test_the_role_page_shows_all_four_pillars(confirmed: Client, world: World):
    page = confirmed.get("/roles/kernel-engineer/").content.decode()
    assert "Foundation layer" in page
    assert "Priority 2 of 3" in page
    assert "120 postings name a title of this role" in page
    assert "Hands-on share of the path" in page
    assert "What lapses within 12 months" in page
    assert "Too few postings to say anything" in confirmed.get(f"/roles/{world.far.slug}/").content.decode()


@pytest.mark.parametrize(
    ("kind", "begins"), [("json", b"{"), ("csv", b"\xef\xbb\xbf"), ("ics", b"BEGIN:VCALENDAR")]
)
def test_a_path_can_be_taken_away(confirmed: Client, kind: str, begins: bytes):
    answer = confirmed.get(f"/roles/kernel-engineer/path.{kind}")
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert confirmed.get("/roles/kernel-engineer/path.exe").status_code == 404


def test_nothing_about_a_visitor_is_written_but_the_session(confirmed: Client):
    before = rows_about_people()
    confirmed.post("/cv/", {"text": CV})
    confirmed.get("/roles/", headers={"HX-Request": "true"})
    confirmed.get("/roles/kernel-engineer/path/")
    assert rows_about_people() == before
    assert Session.objects.count() == 1


def test_a_visitors_session_ends_a_day_after_the_cv_whatever_follows(visitor: Client):
    visitor.post("/cv/", {"text": CV})
    first = Session.objects.get().expire_date
    assert timedelta(hours=23, minutes=59) < first - timezone.now() <= timedelta(hours=24)
    visitor.post("/skills/save/", {"skill": "zig-tooling", "level-zig-tooling": "3"})
    assert abs(Session.objects.get().expire_date - first) < timedelta(seconds=1)


def test_an_expired_cv_is_neither_shown_nor_kept(visitor: Client):
    visitor.post("/cv/", {"text": CV})
    session = visitor.session
    session["kept_until"] = (timezone.now() - timedelta(seconds=1)).isoformat()
    session.save()
    assert visitor.get("/skills/").context["certain"] == []
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    call_command("clearsessions")
    assert not Session.objects.exists()


def test_a_visitor_can_be_forgotten_at_once(confirmed: Client):
    page = confirmed.post("/forget/", follow=True)
    assert "Your CV and everything found in it are deleted." in page.content.decode()
    assert not {"found", "levels", "example"} & set(confirmed.session.keys())


@pytest.mark.usefixtures("seeded")
def test_an_example_person_starts_with_a_profile(client: Client):
    assert client.post("/examples/wei-java/").status_code == 302
    page = client.get("/skills/")
    assert len(page.context["certain"]) > 10
    assert max(row["day"] for row in page.context["certain"]) == timezone.localdate()
    assert "Wei Chen" in page.content.decode()
    assert client.post("/examples/nobody/").status_code == 404


def test_the_theme_leads_back_to_our_own_pages_only(visitor: Client):
    assert visitor.post("/theme/", {"theme": "dark", "next": "/about/"})["Location"] == "/about/"
    assert 'data-theme="dark"' in visitor.get("/about/").content.decode()
    for elsewhere in ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"):
        assert visitor.post("/theme/", {"theme": "light", "next": elsewhere})["Location"] == "/"


def test_forms_without_a_token_are_refused_with_a_page(world: World):  # the database is there
    answer = Client(enforce_csrf_checks=True).post("/cv/", {"text": CV})
    assert answer.status_code == 403
    assert "The form was not accepted" in answer.content.decode()


def test_the_pages_allow_no_inline_script_or_style(confirmed: Client):
    answer = confirmed.get("/roles/kernel-engineer/path/")
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert b" style=" not in answer.content
    assert b"<style" not in answer.content


def test_a_visitors_old_word_has_faded_as_a_learners_has(visitor: Client, world: World):
    long_ago = timezone.localdate() - timedelta(days=365 * 4)
    text = f"Experience\n{long_ago.year - 3} - {long_ago.year}: expert in Kernel tuning"
    visitor.post("/cv/", {"text": text})
    visitor.post("/skills/save/", {"skill": "kernel-tuning", "level-kernel-tuning": "4"})
    page = visitor.get("/roles/kernel-engineer/").content.decode()
    assert "lapsed already" in page
    assert visitor.get("/roles/").context["person"].levels.get("kernel-tuning", 0) < 3


@pytest.mark.parametrize(
    ("address", "section"),
    [
        ("/", "Start"),
        ("/skills/", "Skills"),
        ("/roles/", "Roles"),
        ("/roles/kernel-engineer/path/skills/", "Roles"),
        ("/courses/", "Courses"),
    ],
)
def test_the_navigation_says_where_one_is_and_only_that(confirmed: Client, address: str, section: str):
    page = confirmed.get(address)
    assert page.status_code == 200
    assert re.findall(r'aria-current="page">(\w+)', page.content.decode()) == [section]
