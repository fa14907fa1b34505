"""A person's skills one by one, with a say in every line; and the administrator's side of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from groundwork.events.models import AuditEntry
from groundwork.learners import recording
from groundwork.learners.models import Clocks, Evidence, Mark
from groundwork.learners.recording import Observation
from tests import builders
from tests.cast import Cast

pytestmark = pytest.mark.django_db

SKILL = "/me/skills/kernel-tuning/"
CHINESE = {"Accept-Language": "zh-CN"}


def record(
    people: Cast, level: int, *, by: str = "hana", kind: str = "manager", days: int = 30, **more: object
):
    recording.record_evidence(
        actor=people.actor(getattr(people, by)),
        learner=people.ada_learner,
        observations=[
            Observation(
                skill="kernel-tuning",
                level=level,
                kind=kind,
                evidenced_on=timezone.localdate() - timedelta(days=days),
                **more,  # type: ignore[arg-type]  # fields of an observation
            )
        ],
    )
    return Evidence.objects.latest("pk")


def mark(client: Client, line: Evidence, act: str, **more: object):
    return client.post(f"/me/evidence/{line.pk}/mark/", {"act": act, **more}, follow=True)


def text(client: Client, address: str = SKILL, **more: object) -> str:
    answer = client.get(address, **more)  # type: ignore[arg-type]  # headers
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_evidence_the_pages_say_what_to_do(ada: Client):
    assert "No skills on record yet." in text(ada, "/me/skills/")
    assert "Nothing is on record about this skill yet." in text(ada)
    assert ada.get("/me/skills/no-such-skill/").status_code == 404


def test_the_list_is_searched_narrowed_and_sorted(ada: Client, people: Cast):
    builders.give_levels(people.ada_learner, {"zig-tooling": 4})
    record(people, 2, kind="certificate", days=400)
    page = text(ada, "/me/skills/")
    assert page.index("Kernel tuning") < page.index("Zig tooling")
    page = text(ada, "/me/skills/?sort=level")
    assert page.index("Zig tooling") < page.index("Kernel tuning")
    assert "Zig tooling" not in text(ada, "/me/skills/?q=kernel")
    assert "Zig tooling" not in text(ada, "/me/skills/?state=verified")
    assert "No skill matches." in text(ada, "/me/skills/?q=nothing")
    for state in ("due", "lapsing", "faded", "disputed"):
        text(ada, f"/me/skills/?state={state}&sort=lapse")
    for sort in ("unsure", "oldest", "no-such-order"):
        text(ada, f"/me/skills/?sort={sort}")


def test_what_lapses_before_a_goal_is_named(ada: Client, people: Cast):
    builders.make_course("long-road", hours=2000, teaches={"endurance": 3})
    role = builders.make_role("runner", requires={"endurance": 3, "kernel-tuning": 4})
    record(people, 4, kind="work-history", days=0)
    builders.make_plan(people.ada_learner, role)
    page = text(ada, "/me/skills/")
    assert "What would lapse before your goals" in page
    assert '<a href="/me/skills/kernel-tuning/">' in page.partition("before your goals")[2]


def test_a_skill_shows_level_curve_evidence_and_reasons(ada: Client, people: Cast):
    record(people, 3, kind="self-report", by="ada", days=700, words="Tuned a kernel")
    record(people, 4, kind="assessment", by="ada", days=600, sd=0.5)
    page = text(ada)
    for words in ("Level today", "verified", "due for refresh", "Tuned a kernel", "The drawing as a table"):
        assert words in page, words
    assert '<path class="level" d="M0' in page
    assert "18 months" in page
    assert "% of the estimate" in page
    assert "%的估计" not in page
    assert "今日等级" in text(ada, headers=CHINESE)


def test_a_line_of_others_is_disputed_settled_and_each_step_undone(ada: Client, hana: Client, people: Cast):
    line = record(people, 1)
    assert people.ada_learner.levels() == {"kernel-tuning": 1}
    assert "Say in a few words" in mark(ada, line, "dispute", words=" ").content.decode()
    assert "disputed and does not count" in mark(ada, line, "dispute", words="Not me").content.decode()
    assert people.ada_learner.levels() == {}
    listed = text(ada, "/me/skills/?state=disputed")
    assert "Kernel tuning" in listed
    assert "0 none" in listed
    assert "the line counts again" in mark(ada, line, "drop").content.decode()
    mark(ada, line, "dispute", words="It was Cem")
    page = text(hana, "/organisation/disputes/")
    assert "It was Cem" in page
    settle = f"/organisation/disputes/{line.pk}/settle/"
    assert "struck out" in hana.post(settle, {"act": "strike"}, follow=True).content.decode()
    assert "Let it stand again" in text(hana, "/organisation/disputes/")
    hana.post(settle, {"act": "uphold"})
    assert people.ada_learner.levels() == {"kernel-tuning": 1}
    refused = mark(ada, line, "dispute", words="Still not me").content.decode()
    assert "upheld by an administrator" in refused
    trail = text(hana, "/organisation/keys/")
    for words in ("disputed a line", "took back a dispute", "struck out", "let a disputed line"):
        assert words in trail, words


def test_an_administrator_corrects_the_level_of_a_disputed_line(ada: Client, hana: Client, people: Cast):
    line = record(people, 1)
    mark(ada, line, "dispute", words="Rather three")
    hana.post(f"/organisation/disputes/{line.pk}/settle/", {"act": "correct", "level": "3"})
    assert people.ada_learner.levels() == {"kernel-tuning": 3}
    assert Evidence.objects.latest("pk").kind == "manager"
    assert hana.post("/organisation/disputes/0/settle/", {"act": "strike"}).status_code == 404


def test_ones_own_line_is_withdrawn_at_once_brought_back_and_corrected(ada: Client, people: Cast):
    line = record(people, 3, kind="cv", by="ada")
    mark(ada, line, "withdraw")
    assert people.ada_learner.levels() == {}
    assert "Bring back" in text(ada)
    assert "Withdrawn" in text(ada, "/me/history/")
    mark(ada, line, "restore")
    assert people.ada_learner.levels() == {"kernel-tuning": 3}
    mark(ada, line, "correct", level="2")
    assert people.ada_learner.levels() == {"kernel-tuning": 2}
    assert "cannot be read" in mark(ada, line, "shred").content.decode()
    assert Mark.objects.count() == 3


def test_nobody_marks_lines_of_others_people(otto: Client, ada: Client, hana: Client, people: Cast):
    line = record(people, 3, kind="cv", by="ada")
    for client in (otto, hana):
        assert mark(client, line, "withdraw").status_code == 404
    assert otto.post(f"/organisation/disputes/{line.pk}/settle/", {"act": "strike"}).status_code == 404
    assert not Mark.objects.exists()
    assert (
        "not disputed"
        in hana.post(
            f"/organisation/disputes/{line.pk}/settle/", {"act": "strike"}, follow=True
        ).content.decode()
    )


def test_saying_where_one_stands_counts_at_once(ada: Client, people: Cast):
    today = timezone.localdate()
    assert ada.post(f"{SKILL}say/", {"level": "3", "on": today.isoformat()}).status_code == 302
    assert people.ada_learner.levels() == {"kernel-tuning": 3}
    late = (today + timedelta(days=1)).isoformat()
    answer = ada.post(f"{SKILL}say/", {"level": "9", "on": late})
    assert answer.status_code == 422
    assert "cannot lie in the future" in answer.content.decode()


def test_the_half_lives_of_an_organisation_change_levels_and_the_trail(
    hana: Client, ada: Client, people: Cast
):
    record(people, 4, kind="work-history", days=400)
    before = people.ada_learner.levels(on_date=timezone.localdate())
    months = dict.fromkeys(Clocks.CLOCKS, "600")
    assert hana.post("/organisation/half-lives/", {**months, "disuse_tool": "0"}).status_code == 422
    assert hana.post("/organisation/half-lives/", months).status_code == 302
    assert people.ada_learner.levels(on_date=timezone.localdate()) == {"kernel-tuning": 4} != before
    assert "600 months" in text(ada)
    assert "changed the half-lives" in text(hana, "/organisation/keys/")
    hana.post("/organisation/half-lives/", months)
    assert AuditEntry.objects.filter(action="clocks.changed").count() == 1
    assert ada.get("/organisation/half-lives/").status_code == 404


def test_the_pages_cost_the_same_for_one_line_and_for_many(
    ada: Client, people: Cast, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
):
    def learn(count: int) -> None:
        for number in range(count):
            builders.give_levels(people.ada_learner, {f"many-{number}": 3})
            record(people, 2, days=10 + number)

    learn(1)
    ada.get("/me/skills/")
    counts = {"/me/skills/": LIST_QUERIES, SKILL: SKILL_QUERIES}
    for more in (0, 5):
        learn(more)
        for address, queries in counts.items():
            with django_assert_num_queries(queries):
                page = text(ada, address)
            assert "<table" in page


LIST_QUERIES = 13
SKILL_QUERIES = 12


@pytest.mark.parametrize(
    "address", ["/me/skills/", SKILL, "/organisation/disputes/", "/organisation/half-lives/"]
)
def test_the_pages_speak_chinese(hana: Client, address: str):
    assert '<html lang="zh-Hans">' in text(hana, address, headers=CHINESE)
