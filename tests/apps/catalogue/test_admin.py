"""Operators correct the catalogue in the Django admin; each change is on the trail and in the next plan."""

from __future__ import annotations

import pytest
from django.urls import reverse

from groundwork.accounts.models import User
from groundwork.catalogue.models import Course
from groundwork.events.models import AuditEntry
from groundwork.frameworks import vocabulary
from groundwork.frameworks.models import Role, Skill
from groundwork.plans import snapshot
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client):
    user = User.objects.create_superuser("root@example.com", builders.PASSWORD)
    client.force_login(user)
    return user


def form_of(client, url):
    """The fields of a change page as the browser would send them back."""
    page = client.get(url)
    admin_form = page.context["adminform"].form
    data = {name: admin_form[name].value() for name in admin_form.fields}
    for inline in page.context["inline_admin_formsets"]:
        forms = [inline.formset.management_form, *inline.formset.forms]
        data |= {form.add_prefix(name): form[name].value() for form in forms for name in form.fields}
    return {key: "" if value is None else value for key, value in data.items() if value is not False}


@pytest.mark.parametrize("model", [Skill, Role, Course])
def test_lists_and_pages_open(client, operator, model):
    builders.make_role("engineer", requires={"python": 2}, postings=3)
    builders.make_course("basics", teaches={"python": 2}, requires={"sql": 1})
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    row = model.objects.first()
    assert client.get(reverse(f"{name}_changelist"), {"q": "engineer"}).status_code == 200
    assert client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200


def test_a_corrected_course_is_audited_and_in_the_next_snapshot(client, operator):
    course = builders.make_course("basics", hours=20, teaches={"python": 2})
    assert snapshot.catalogue().by_id["basics"].hours == 20
    url = reverse("admin:catalogue_course_change", args=[course.pk])
    data = form_of(client, url) | {"hours": "35"}
    response = client.post(url, data)
    assert response.status_code == 302, response.context["errors"]
    assert snapshot.catalogue().by_id["basics"].hours == 35
    entry = AuditEntry.objects.get(action="admin.changed")
    assert entry.actor == f"user:{operator.pk}"
    assert entry.details == {"fields": ["hours"]}


def test_a_course_with_zero_hours_is_refused(client, operator):
    course = builders.make_course("basics", hours=20)
    url = reverse("admin:catalogue_course_change", args=[course.pk])
    assert client.post(url, form_of(client, url) | {"hours": "0"}).status_code == 200
    course.refresh_from_db()
    assert course.hours == 20


def test_learners_do_not_enter_the_admin(client):
    client.force_login(builders.make_user())
    assert client.get(reverse("admin:catalogue_course_changelist")).status_code == 302


def test_a_corrected_level_and_a_ticked_deletion_are_on_the_trail(client, operator):
    course = builders.make_course("basics", teaches={"python": 2})
    url = reverse("admin:catalogue_course_change", args=[course.pk])
    client.post(url, form_of(client, url) | {"outcomes-0-level": "3"})
    assert course.outcomes.get().level == 3
    recorded = AuditEntry.objects.filter(subject_id=str(course.pk), subject_type="catalogue.course")
    assert ["outcomes"] in [entry.details["fields"] for entry in recorded]
    listing = reverse("admin:catalogue_course_changelist")
    data = {"action": "delete_selected", "_selected_action": [course.pk], "post": "yes"}
    client.post(listing, data)
    assert not Course.objects.exists()
    assert recorded.filter(action="admin.deleted").count() == 1


def test_a_corrected_alias_is_found_in_the_next_text():
    skill = builders.make_skill("kubernetes")
    assert not [link for link in vocabulary.linker().link("I run kubelets", this_year=2026) if link.skill]
    skill.aliases_en = ["kubelets"]
    skill.save()
    (link,) = vocabulary.linker().link("I run kubelets", this_year=2026)
    assert link.skill == "kubernetes"
