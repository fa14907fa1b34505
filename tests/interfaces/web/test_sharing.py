"""A kept plan leaves: as files, by links that end, by a calendar that follows it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from icalendar import Calendar

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
