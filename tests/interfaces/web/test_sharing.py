"""A kept plan leaves: as files, by links that end, by a calendar that follows it."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from groundwork.events.models import AuditEntry
from groundwork.plans.models import Plan
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(people: Cast, world: World) -> Plan:
    return builders.make_plan(people.ada_learner, world.role)


def read(content: bytes) -> Calendar:
    """The parser refuses what is no iCalendar."""
    found = Calendar.from_ical(content)
    assert isinstance(found, Calendar)
    assert not found.errors
    return found


def events(content: bytes) -> dict[str, tuple[str | None, object]]:
    """Title and first day of each event by its UID."""
    return {one.uid: (one.summary, one.start) for one in read(content).events}


# --- files ---


def test_a_kept_plan_is_a_calendar_file(ada: Client, plan: Plan):
    answer = ada.get(f"/me/plans/{plan.pk}/plan.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="groundwork-kernel-engineer.ics"'
    assert sorted(events(answer.content).values()) == [
        ("First steps", plan.starts_on),
        ("Second steps", plan.steps.get(position=2).starts_on),
    ]
    first = read(answer.content).events[0]
    assert first.end == plan.steps.get(position=1).ends_on + timedelta(days=1)
    assert first.description == "20 hours"
    assert first.url == "https://courses.example/first-steps"


def test_words_of_the_catalogue_cannot_break_out_of_the_calendar(ada: Client, people: Cast):
    title = "逗号,分号;\\反斜杠" + "长" * 80 + "\nEND:VEVENT"
    builders.make_course("odd", title_en=title, teaches={"oddness": 1})
    odd = builders.make_plan(people.ada_learner, builders.make_role("odd-role", requires={"oddness": 1}))
    content = ada.get(f"/me/plans/{odd.pk}/plan.ics").content
    assert max(map(len, content.split(b"\r\n"))) <= 75
    assert [one[0] for one in events(content).values()] == [title]


def test_a_kept_plan_is_a_table(ada: Client, plan: Plan):
    answer = ada.get(f"/me/plans/{plan.pk}/plan.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["Number", "Course"]
    assert [(row[1], row[5]) for row in rows[1:]] == [("First steps", "20"), ("Second steps", "30")]


def test_a_kept_plan_is_problem_and_solution_as_the_path_was_before(ada: Client, plan: Plan):
    kept = ada.get(f"/me/plans/{plan.pk}/plan.json").json()
    builders.give_levels(plan.learner, {"zig-tooling": 1})
    unsaved = ada.get("/roles/kernel-engineer/path.json?hours=8").json()
    assert kept["catalogue_digest"] == unsaved["catalogue_digest"] == plan.catalogue_id
    assert kept["solution"] == unsaved["solution"]
    assert kept["solution"]["gap"] == 0.0
    assert kept["problem"] == plan.problem


def test_files_of_a_plan_are_for_those_who_see_it(visitor: Client, hana: Client, otto: Client, plan: Plan):
    for kind in ("ics", "csv", "json"):
        address = f"/me/plans/{plan.pk}/plan.{kind}"
        assert hana.get(address).status_code == 200
        assert otto.get(address).status_code == 404
        assert visitor.get(address).status_code == 302
    assert hana.get(f"/me/plans/{plan.pk}/plan.exe").status_code == 404


# --- a calendar to subscribe to ---


def open_feed(client: Client) -> str:
    """The path of a new address, as its page shows it."""
    page = client.post("/me/calendar/").content.decode()
    [address] = re.findall(r'value="http://testserver(/calendar/[-\w]{43}\.ics)"', page)
    assert f'href="webcal://testserver{address}"' in page
    return str(address)


def test_a_calendar_program_follows_all_current_plans(ada: Client, people: Cast, world: World, plan: Plan):
    assert "There is no address yet." in ada.get("/me/calendar/").content.decode()
    address = open_feed(ada)
    answer = Client().get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert not answer.cookies
    found = read(answer.content)
    assert found.calendar_name == "Learning plans"
    assert found.refresh_interval == timedelta(hours=12)
    assert sorted(one.summary or "" for one in found.events) == ["First steps", "Second steps"]
    for word in ("Ada", str(plan.learner_id), str(plan.pk)):
        assert word not in answer.content.decode()
    before = events(answer.content)
    builders.give_levels(people.ada_learner, {"kernel-tuning": 2})
    builders.make_plan(people.ada_learner, world.role)
    builders.make_course("odd", title_en="Odd", teaches={"oddness": 1})
    builders.make_plan(people.ada_learner, builders.make_role("odd-role", requires={"oddness": 1}))
    after = events(Client().get(address).content)
    assert sorted(title or "" for title, _day in after.values()) == ["Odd", "Second steps"]
    # What is still ahead keeps its identity, so that it moves.
    assert len(before.keys() & after.keys()) == 1
    assert Client().head(address).status_code == 200


def test_a_calendar_program_is_told_that_nothing_is_new(ada: Client, people: Cast, plan: Plan):
    address, program = open_feed(ada), Client()
    first = program.get(address)
    assert first["Cache-Control"] == "private, no-cache"
    for condition in (
        {"if-none-match": first["ETag"]},
        {"if-modified-since": first["Last-Modified"]},
        {"if-none-match": first["ETag"], "if-modified-since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    ):
        answer = program.get(address, headers=condition)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer["ETag"] == first["ETag"]
    course = plan.steps.get(position=1).course
    course.title_en = "Very first steps"
    course.save()
    changed = program.get(address, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert "Very first steps" in changed.content.decode()


def test_the_calendar_speaks_the_language_in_which_it_was_made(people: Cast, plan: Plan):
    ada = Client(headers={"accept-language": "zh-hans"})
    ada.force_login(people.ada)
    answer = Client(headers={"accept-language": "en"}).get(open_feed(ada))
    assert answer["Content-Language"] == "zh-hans"
    assert "学习计划" in answer.content.decode()
    assert "20 小时" in answer.content.decode()


def test_a_new_address_ends_the_former_one_and_off_is_off(ada: Client, plan: Plan):
    first = open_feed(ada)
    second = open_feed(ada)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    assert "Make a new address" in ada.get("/me/calendar/").content.decode()
    ada.post("/me/calendar/close/")
    gone, unknown = Client().get(second), Client().get("/calendar/guessed.ics")
    assert (gone.status_code, unknown.status_code) == (404, 404)
    assert gone.content == unknown.content
    assert gone["Cache-Control"] == "private, no-store"
    assert "There is no address yet." in ada.get("/me/calendar/").content.decode()
    trail = AuditEntry.objects.filter(action__startswith="calendar.").order_by("pk")
    assert list(trail.values_list("action", flat=True)) == [
        "calendar.opened",
        "calendar.renewed",
        "calendar.closed",
    ]


def test_without_a_plan_the_calendar_is_empty_and_says_so(ada: Client):
    assert "no current plan" in ada.get("/me/calendar/").content.decode()
    found = read(Client().get(open_feed(ada)).content)
    assert found.events == []


def test_calendars_cost_a_fixed_number_of_queries(
    ada: Client, people: Cast, plan: Plan, django_assert_num_queries: Any
):
    address = open_feed(ada)
    ada.get("/me/calendar/")
    for number in range(3):
        with django_assert_num_queries(5):
            assert Client().get(address).status_code == 200
        with django_assert_num_queries(12):
            ada.get("/me/calendar/")
        builders.make_course(f"odd-{number}", teaches={f"oddness-{number}": 1})
        role = builders.make_role(f"odd-role-{number}", requires={f"oddness-{number}": 1})
        builders.make_plan(people.ada_learner, role)
