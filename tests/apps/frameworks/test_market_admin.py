"""A steward accepts or rejects what postings suggest, in the Django admin."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from groundwork.accounts.models import User
from groundwork.events.models import AuditEntry
from groundwork.frameworks.models import PostingSource, Priority, RequirementSuggestion, Role
from tests import builders

pytestmark = pytest.mark.django_db

LIST = "admin:frameworks_requirementsuggestion_changelist"


@pytest.fixture
def suggestion(db: None) -> RequirementSuggestion:  # rows need the database
    source = PostingSource.objects.create(slug="mill", name="Mill", as_of="2025", postings=100, matched=60)
    return RequirementSuggestion.objects.create(
        role=builders.make_role("weaver", requires={"loom": 2}),
        skill=builders.make_skill("thread"),
        kind=RequirementSuggestion.Kind.ADD,
        level=3,
        weight=4,
        mentions=30,
        postings=60,
        low=371,
        high=629,
        source=source,
    )


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root@example.com", builders.PASSWORD))
    return client


def decide(client: Client, action: str, row: RequirementSuggestion) -> str:
    posted = {"action": action, "_selected_action": [str(row.pk)]}
    return client.post(reverse(LIST), posted, follow=True).content.decode()


def test_the_list_says_what_is_suggested_and_how_sure_it_is(operator, suggestion):
    page = operator.get(reverse(LIST)).content.decode()
    assert "37–63 %" in page
    assert "level 3, weight 4" in page


def test_a_steward_accepts(operator, suggestion):
    assert "1 suggestion was accepted." in decide(operator, "accept", suggestion)
    row = Role.objects.get().requirements.get(skill__slug="thread")
    assert (row.level, row.weight, row.essential) == (3, 4, False)
    entry = AuditEntry.objects.get(action="suggestion.accepted")
    assert entry.actor.startswith("user:")


def test_a_steward_rejects_once(operator, suggestion):
    assert "1 suggestion was rejected." in decide(operator, "reject", suggestion)
    assert Role.objects.get().requirements.count() == 1
    assert "has decided on this suggestion already" in decide(operator, "accept", suggestion)
    assert Role.objects.get().requirements.count() == 1


def test_staff_without_the_right_may_not_decide(client, suggestion):
    clerk = User.objects.create_user("clerk@example.com", builders.PASSWORD, is_staff=True)
    client.force_login(clerk)
    assert client.get(reverse(LIST)).status_code == 403
    client.post(reverse(LIST), {"action": "accept", "_selected_action": [str(suggestion.pk)]})
    suggestion.refresh_from_db()
    assert suggestion.state == "open"


@pytest.mark.parametrize("model", [PostingSource, Priority])
def test_the_other_lists_open(operator, suggestion, model):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    assert operator.get(reverse(name)).status_code == 200
