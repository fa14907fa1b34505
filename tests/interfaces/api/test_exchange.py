"""Frameworks as CASE packages and courses as MOOChub pages; what was read of prerequisites."""

from __future__ import annotations

import json
from datetime import date

import pytest

from groundwork.catalogue.models import Course, PrerequisiteNeed
from groundwork.core.actors import Right
from groundwork.frameworks.models import Concept, ConceptRelation, Framework
from tests import builders
from tests.apps.catalogue import moochub_schema
from tests.apps.frameworks import case_schema
from tests.validating import validate

pytestmark = pytest.mark.django_db

TEXT = {"alternatives": [], "hidden": [], "description": "", "definition": "", "scope_note": ""}


def make_concepts(count=3):
    framework = Framework.objects.create(
        slug="crafts",
        name_en="Crafts",
        name_zh="手艺",
        attribution="House of crafts",
        uri="https://crafts.example",
    )
    made = [
        Concept.objects.create(
            framework=framework,
            uri=f"https://crafts.example/{number}",
            kind="skill",
            label=f"craft {number}",
            code=f"C{number}",
            texts={"en": {"label": f"craft {number}", **TEXT}},
        )
        for number in range(count)
    ]
    Concept.objects.filter(pk=made[0].pk).update(retired_on=date(2026, 1, 1))
    ConceptRelation.objects.create(origin=made[0], kind="replaced-by", target=made[1])
    return framework


def test_frameworks_are_listed_with_what_must_be_shown_beside_them(api):
    make_concepts()
    (found,) = [one for one in api.get("frameworks/").json()["results"] if one["id"] == "crafts"]
    assert (found["attribution"], found["concepts"], found["retired"]) == ("House of crafts", 3, 1)
    assert api.get("frameworks/crafts/").json() == found
    assert found["case"] == "/api/v1/frameworks/crafts/case/"
    assert api.get("frameworks/nothing/").status_code == 404
    assert api.get("frameworks/nothing/case/").status_code == 404
    assert api.get("frameworks/nothing/concepts/").status_code == 404


def test_concepts_say_that_they_are_retired_and_what_stands_in_their_place(api):
    make_concepts()
    rows = api.get("frameworks/crafts/concepts/").json()["results"]
    assert [row["retired_on"] for row in rows] == ["2026-01-01", None, None]
    assert rows[0]["replaced_by"] == [{"uri": "https://crafts.example/1", "label": "craft 1"}]
    for query, count in (
        ("retired=true", 1),
        ("retired=false", 2),
        ("q=c2", 0),
        ("q=C2", 1),
        ("q=CRAFT 1", 1),
    ):
        assert api.get(f"frameworks/crafts/concepts/?{query}").json()["count"] == count, query
    assert api.get("frameworks/crafts/concepts/?kind=occupation").json()["count"] == 0


def test_the_number_of_queries_does_not_grow_with_the_concepts(api, django_assert_num_queries):
    make_concepts(8)
    with django_assert_num_queries(7):
        answer = api.get("frameworks/crafts/concepts/")
    assert answer.json()["count"] == 8


def test_a_framework_goes_out_as_a_case_package(api):
    make_concepts()
    answer = api.get("frameworks/crafts/case/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    package = json.loads(b"".join(answer.streaming_content))
    validate(package, case_schema.PACKAGE)
    assert len(package["CFItems"]) == 3
    assert package["CFItems"][0]["statusEndDate"] == "2026-01-01"
    assert "replacedBy" in {one["associationType"] for one in package["CFAssociations"]}


def test_our_own_vocabulary_goes_out_as_a_case_package(api, role):
    answer = api.get("frameworks/test/case/")
    package = json.loads(b"".join(answer.streaming_content))
    validate(package, case_schema.PACKAGE)
    assert {one["CFItemType"] for one in package["CFItems"]} == {"skill", "occupation"}


def test_courses_go_out_as_moochub_pages(api):
    for number in range(5):
        builders.make_course(f"course-{number}")
    gone = builders.make_course("gone")
    Course.objects.filter(pk=gone.pk).update(withdrawn_on=date(2026, 1, 1))
    answer = api.get("moochub/courses/?page_size=2&page=2")
    assert answer["Content-Type"] == "application/vnd.api+json"
    page = answer.json()
    validate(page, moochub_schema.DOCUMENT)
    assert [one["attributes"]["courseCode"] for one in page["data"]] == ["course-2", "course-3"]
    assert {name: link.split("?")[1] for name, link in page["links"].items()} == {
        "self": "page_size=2&page=2",
        "first": "page=1&page_size=2",
        "last": "page=3&page_size=2",
        "next": "page=3&page_size=2",
        "prev": "page_size=2",
    }
    assert api.get("moochub/courses/", Accept="application/json")["Content-Type"] == "application/json"
    assert api.get("moochub/courses/?page=x").status_code in (404, 422)
    assert api.get("moochub/courses/?colour=red").status_code == 422


def test_the_number_of_queries_does_not_grow_with_the_courses(api, django_assert_num_queries):
    for number in range(6):
        builders.make_course(f"course-{number}", requires={"sql": 1})
    with django_assert_num_queries(8):
        answer = api.get("moochub/courses/")
    assert len(answer.json()["data"]) == 6


def test_a_course_shows_the_groups_read_from_its_prerequisites(api):
    basics = builders.make_course("basics")
    course = builders.make_course("next", prerequisites_text="BASICS or permission. Corequisite: LAB.")
    rows = [
        (0, 0, "course", "BASICS", False, basics),
        (0, 1, "permission", "permission", False, None),
        (1, 0, "course", "LAB", True, None),
    ]
    for group, alternative, kind, text, together, target in rows:
        PrerequisiteNeed.objects.create(
            course=course,
            group=group,
            alternative=alternative,
            position=0,
            kind=kind,
            text=text,
            together=together,
            target=target,
        )
    found = api.get("courses/next/").json()
    first, second = found["prerequisite_groups"]
    assert [[need["kind"] for need in way] for way in first["alternatives"]] == [["course"], ["permission"]]
    assert first["alternatives"][0][0]["course"] == "basics"
    assert second["alternatives"] == [[{"kind": "course", "text": "LAB", "together": True, "course": None}]]
    assert "description" in found


@pytest.mark.parametrize("path", ["frameworks/", "frameworks/test/case/", "moochub/courses/"])
def test_a_key_without_the_scope_is_refused(path):
    from tests.interfaces.api.conftest import Api

    organisation = builders.make_organisation()
    _account, token = builders.make_key(organisation, scopes=[Right.READ_PEOPLE])
    assert Api(token=token).get(path).status_code == 403
