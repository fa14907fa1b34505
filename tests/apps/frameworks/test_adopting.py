"""A steward makes a published concept a skill of ours, and sees which concepts have been retired."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from groundwork.accounts.models import User
from groundwork.core.actors import SYSTEM
from groundwork.core.errors import ConflictError
from groundwork.events.models import AuditEntry
from groundwork.frameworks import adopting, vocabulary
from groundwork.frameworks.models import Concept, ConceptRelation, Framework, Skill
from tests import builders

pytestmark = pytest.mark.django_db

URL = "admin:frameworks_concept_changelist"


def text(label, *others):
    return {
        "label": label,
        "alternatives": list(others),
        "hidden": [],
        "description": "",
        "definition": "",
        "scope_note": "",
    }


@pytest.fixture
def esco():
    return Framework.objects.create(slug="esco", name_en="ESCO", name_zh="ESCO", version="1.2")


@pytest.fixture
def weaving(esco):
    return Concept.objects.create(
        framework=esco,
        uri="http://esco.example/weaving",
        kind="skill",
        label="weave cloth",
        texts={
            "en": text("weave cloth", "Weaving", "loom work"),
            "zh": text("织布", "纺织"),
            "de": text("Weben"),
        },
    )


@pytest.fixture
def steward(client):
    user = User.objects.create_superuser("root@example.com", builders.PASSWORD)
    client.force_login(user)
    return user


def adopt(concept, **fields):
    values = {
        "slug": "weaving",
        "name_en": "Weaving",
        "name_zh": "织布",
        "kind": Skill.Kind.DOMAIN,
        "half_life": Skill.HalfLife.FOUNDATION,
        **fields,
    }
    return adopting.adopt(concept, actor=SYSTEM, **values)


def test_a_skill_takes_labels_other_names_and_the_link(weaving):
    skill = adopt(weaving)
    assert (skill.framework.slug, skill.esco_uri, skill.adopted_from) == ("groundwork", weaving.uri, weaving)
    assert skill.aliases_en == ["weave cloth", "loom work"], "its own name is no other name"
    assert skill.aliases_zh == ["纺织"]
    assert skill.provenance == "adopted from ESCO 1.2"
    entry = AuditEntry.objects.get(action="skill.adopted")
    assert entry.details == {"concept": weaving.uri, "framework": "esco", "skill": "weaving"}
    assert [link.skill for link in vocabulary.linker().link("Ten years of loom work")] == ["weaving"]


def test_a_concept_is_adopted_once_and_no_name_twice(weaving, esco):
    adopt(weaving)
    with pytest.raises(ConflictError, match="skill already"):
        adopt(weaving, slug="again", name_en="Again", name_zh="再")
    other = Concept.objects.create(framework=esco, uri="http://esco.example/2", kind="skill", label="x")
    for fields in ({"slug": "new"}, {"slug": "new", "name_en": "New"}, {"name_en": "New", "name_zh": "新"}):
        with pytest.raises(ConflictError, match="name or short name"):
            adopt(other, **fields)


def test_a_retired_concept_is_not_adopted(weaving):
    weaving.retired_on = date(2026, 1, 1)
    weaving.save()
    with pytest.raises(ConflictError, match="retired"):
        adopt(weaving)
    assert not Skill.objects.exists()


def test_the_list_shows_what_is_retired_and_by_what_it_is_replaced(
    client, steward, weaving, esco, django_assert_max_num_queries
):
    for number in range(5):
        old = Concept.objects.create(
            framework=esco,
            uri=f"http://esco.example/old-{number}",
            kind="skill",
            label=f"old {number}",
            retired_on=date(2026, 1, 1),
        )
        ConceptRelation.objects.create(origin=old, kind="replaced-by", target=weaving)
    with django_assert_max_num_queries(12):
        page = client.get(reverse(URL), {"retired": "yes"}).content.decode()
    assert page.count("weave cloth") == 5
    assert "old 3" in page
    assert "old 3" not in client.get(reverse(URL), {"retired": "no"}).content.decode()
    assert client.get(reverse("admin:frameworks_concept_change", args=[old.pk])).status_code == 200


def test_a_steward_adopts_in_the_admin(client, steward, weaving):
    chosen = {"action": "adopt", "_selected_action": [weaving.pk]}
    page = client.post(reverse(URL), chosen)
    assert page.status_code == 200
    assert 'value="织布"' in page.content.decode()
    key = weaving.pk
    filled = {
        **chosen,
        "confirm": "yes",
        f"{key}-name_en": "Weaving",
        f"{key}-name_zh": "织布",
        f"{key}-slug": "weaving",
        f"{key}-kind": "domain",
    }
    page = client.post(reverse(URL), filled)
    assert "This field is required" in page.content.decode()
    assert client.post(reverse(URL), {**filled, f"{key}-half_life": "foundation"}).status_code == 302
    assert Skill.objects.get().adopted_from == weaving
    assert AuditEntry.objects.get(action="skill.adopted").actor == f"user:{steward.pk}"
    again = {**filled, f"{key}-half_life": "tool", f"{key}-slug": "other", f"{key}-name_en": "Other"}
    assert "skill already" in client.post(reverse(URL), again).content.decode()


def test_too_many_at_once_are_refused(client, steward, esco):
    made = Concept.objects.bulk_create(
        Concept(framework=esco, uri=f"http://esco.example/{n}", kind="skill", label=str(n)) for n in range(21)
    )
    answer = client.post(
        reverse(URL), {"action": "adopt", "_selected_action": [one.pk for one in made]}, follow=True
    )
    assert "Choose 20 at most" in answer.content.decode()
