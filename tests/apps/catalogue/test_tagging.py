"""Courses without skills are read by the linker; a steward decides, and decisions stay."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from groundwork.accounts.models import User
from groundwork.catalogue import suggestions, tagging, tasks
from groundwork.catalogue.models import Course, CourseTagging, Outcome, OutcomeSuggestion
from groundwork.core.actors import SYSTEM
from groundwork.core.errors import ConflictError
from groundwork.events.models import AuditEntry
from groundwork.plans import snapshot
from tests import builders

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 1, tzinfo=UTC)
State = OutcomeSuggestion.State


@pytest.fixture
def course():
    builders.make_skill("python", aliases_en=["Python"])
    builders.make_skill("kubernetes", aliases_en=["Kubernetes"])
    builders.make_skill("sql", name_en="SQL", name_zh="结构化查询语言")
    return without_skills("course", description="You deploy on Kubernetes. Prerequisites: SQL.")


def without_skills(slug, *, title="Programming in Python", **fields):
    made = builders.make_course(slug, title_en=title, title_zh=title, **fields)
    made.outcomes.all().delete()
    return made


def tag(**options):
    return tagging.tag(actor=SYSTEM, **{"now": NOW, **options})


def suggested():
    return set(OutcomeSuggestion.objects.values_list("course__slug", "skill__slug"))


def test_skills_of_title_and_description_are_suggested_not_taught(course):
    tally = tag()
    assert (tally.read, tally.suggested, tally.accepted) == (1, 2, 0)
    python = OutcomeSuggestion.objects.get(skill__slug="python")
    assert (python.level, python.state, python.words) == (1, State.SUGGESTED, "Python")
    assert python.probability >= 0.8
    assert "Programming in Python" in python.context
    assert python.reason == {"method": "alias", "level": "beginner"}
    assert ("course", "sql") not in suggested(), "what is needed beforehand is not taught"
    assert not Outcome.objects.exists()
    entry = AuditEntry.objects.get(action="courses.tagged")
    assert entry.details == {"courses": 1, "suggestions": 2}


def test_a_second_run_reads_nothing_and_writes_nothing(course):
    tag()
    before = list(OutcomeSuggestion.objects.values()), AuditEntry.objects.count()
    tally = tag()
    assert (tally.read, tally.unchanged, tally.suggested) == (0, 1, 0)
    assert (list(OutcomeSuggestion.objects.values()), AuditEntry.objects.count()) == before


def test_a_changed_text_and_a_changed_vocabulary_are_read_anew(course):
    tag()
    Course.objects.filter(pk=course.pk).update(description="")
    tally = tag()
    assert (tally.read, tally.withdrawn) == (1, 1)
    assert suggested() == {("course", "python")}
    builders.make_skill("programming", aliases_en=["Programming"])
    assert tag().read == 1
    assert ("course", "programming") in suggested()


def test_a_run_that_was_stopped_goes_on(course, monkeypatch):
    monkeypatch.setattr(tagging, "BATCH", 1)
    for number in range(3):
        without_skills(f"more-{number}")
    assert not tag(limit=2).finished
    assert CourseTagging.objects.count() == 2
    tally = tag()
    assert (tally.read, tally.unchanged, tally.finished) == (2, 2, True)


def test_an_accepted_suggestion_becomes_an_outcome_and_enters_plans(course):
    tag()
    assert "course" not in snapshot.catalogue().by_id
    python = OutcomeSuggestion.objects.get(skill__slug="python")
    suggestions.accept(python, actor=SYSTEM, now=NOW)
    assert dict(snapshot.catalogue().by_id["course"].teaches) == {"python": 1}
    entry = AuditEntry.objects.get(action="outcome.accepted")
    assert entry.details["skill"] == "python"
    with pytest.raises(ConflictError):
        suggestions.reject(python, actor=SYSTEM, now=NOW)


def test_decisions_stay_on_a_new_run(course):
    tag()
    suggestions.accept(OutcomeSuggestion.objects.get(skill__slug="python"), actor=SYSTEM, now=NOW)
    suggestions.reject(OutcomeSuggestion.objects.get(skill__slug="kubernetes"), actor=SYSTEM, now=NOW)
    Course.objects.filter(pk=course.pk).update(description="Python, Kubernetes and SQL.")
    tally = tag()
    assert (tally.read, tally.suggested) == (1, 1)
    states = dict(OutcomeSuggestion.objects.values_list("skill__slug", "state"))
    assert states == {"python": State.ACCEPTED, "kubernetes": State.REJECTED, "sql": State.SUGGESTED}
    assert [one.skill.slug for one in course.outcomes.all()] == ["python"]


def test_courses_that_say_what_they_teach_are_left_alone(course):
    builders.make_course("taught", title_en="Kubernetes", teaches={"python": 2})
    tag()
    assert {slug for slug, _skill in suggested()} == {"course"}


def test_nothing_unsure_is_accepted_without_a_person(course):
    with pytest.raises(ValueError, match=r"below 0\.8"):
        tag(accept_from=0.7)
    with pytest.raises(CommandError):
        call_command("tag_courses", "--accept-from", "0.5")
    tally = tag(accept_from=0.8)
    kept = OutcomeSuggestion.objects.filter(state=State.ACCEPTED)
    assert tally.accepted == kept.count() == Outcome.objects.count() > 0
    assert all(one.probability >= 0.8 for one in kept)


def test_the_task_and_the_command_do_the_same(course, capsys):
    tasks.tag_courses()
    assert len(suggested()) == 2
    call_command("tag_courses", "-v", "2")
    assert "0 courses read, 1 passed over" in capsys.readouterr().out


@pytest.fixture
def steward(client):
    user = User.objects.create_superuser("root@example.com", builders.PASSWORD)
    client.force_login(user)
    return user


def test_a_steward_decides_in_the_admin(client, steward, course, django_assert_max_num_queries):
    tag()
    url = reverse("admin:catalogue_outcomesuggestion_changelist")
    for number in range(4):
        without_skills(f"more-{number}")
    tag()
    with django_assert_max_num_queries(12):
        page = client.get(url, {"state__exact": "suggested", "band": "high"})
    assert "Programming in Python" in page.content.decode()
    rows = OutcomeSuggestion.objects.filter(course=course)
    python, kubernetes = (rows.get(skill__slug=slug) for slug in ("python", "kubernetes"))
    client.post(url, {"action": "accept", "_selected_action": [python.pk]})
    client.post(url, {"action": "reject", "_selected_action": [python.pk, kubernetes.pk]})
    python.refresh_from_db()
    kubernetes.refresh_from_db()
    assert (python.state, kubernetes.state) == (State.ACCEPTED, State.REJECTED)
    assert python.decided_by == f"user:{steward.pk}"
    actors = AuditEntry.objects.filter(action__startswith="outcome.").values_list("action", "actor")
    assert sorted(actors) == [
        ("outcome.accepted", f"user:{steward.pk}"),
        ("outcome.rejected", f"user:{steward.pk}"),
    ]
    assert (
        client.get(reverse("admin:catalogue_outcomesuggestion_change", args=[python.pk])).status_code == 200
    )
    assert client.get(url, {"band": "low"}).status_code == 200


def test_a_steward_corrects_the_level_before_accepting(client, steward, course):
    tag()
    python = OutcomeSuggestion.objects.get(skill__slug="python")
    url = reverse("admin:catalogue_outcomesuggestion_change", args=[python.pk])
    assert client.post(url, {"level": "3"}).status_code == 302
    python.refresh_from_db()
    assert suggestions.accept(python, actor=SYSTEM, now=NOW).level == 3
    assert AuditEntry.objects.filter(action="admin.changed").exists()
