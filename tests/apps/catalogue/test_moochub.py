"""MOOChub v3: courses go out valid and come back with all that the catalogue knows of them."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command

from groundwork.catalogue import exporting, publications
from groundwork.catalogue.models import Course, Outcome, Prerequisite
from groundwork.core.actors import SYSTEM
from recommender.formats import course_mappings, courses
from tests import builders
from tests.apps.catalogue import moochub_schema
from tests.validating import validate

pytestmark = pytest.mark.django_db

HERE = "https://groundwork.example"
SAME = (
    "title_en",
    "title_zh",
    "url",
    "language",
    "level",
    "format",
    "hours",
    "hours_basis",
    "price_class",
    "price",
    "price_basis",
    "hands_on",
    "description",
    "keywords",
    "licence",
    "prerequisites_text",
    "prerequisites_flags",
    "area",
    "provider__name",
)


def run(path, **options):
    how = course_mappings.mapping("moochub")
    return publications.import_catalogue(
        courses.read(courses.source(path), how), source=how.name, actor=SYSTEM, **options
    )


def content():
    """Everything but the names under which each installation keeps a course."""
    levels = [
        sorted(rows.values_list("course__title_en", "skill__slug", "level"))
        for rows in (Outcome.objects, Prerequisite.objects)
    ]
    return sorted(Course.objects.values_list(*SAME), key=str), levels


def a_catalogue():
    builders.make_course(
        "weaving",
        hours=12,
        price=300,
        requires={"yarn": 1},
        teaches={"loom": 3, "pattern": 2},
        level="advanced",
        title_zh="织造",
        hours_basis="estimate",
        price_basis="estimate",
        hands_on=True,
        description="A loom & all that belongs to it.",
        keywords=["cloth", "craft"],
        licence="CC-BY-4.0",
        area="crafts",
        prerequisites_text="Prerequisite: ABC 1000.",
        prerequisites_flags=[],
    )
    builders.make_course("knots", price=0, price_class="freemium", format="book", language="zh")
    builders.make_course("degree", price=0, price_class="university", url="", level="")
    silent = builders.make_course("silent", teaches={})
    silent.outcomes.all().delete()
    Course.objects.filter(pk=silent.pk).update(
        hours=None, hours_basis="", price=None, price_basis="", price_class="", provider=None
    )


def document():
    return "".join(exporting.document(base_url=HERE))


def test_an_export_is_valid(tmp_path):
    a_catalogue()
    data = json.loads(document())
    validate(data, moochub_schema.DOCUMENT)
    weaving = next(one for one in data["data"] if one["attributes"]["courseCode"] == "weaving")
    assert weaving["attributes"]["duration"] == "PT12H"
    taught = {
        one["shortCode"]: one["educationalLevel"]["shortCode"] for one in weaving["attributes"]["teaches"]
    }
    assert taught == {"loom": "3", "pattern": "2"}
    assert weaving["attributes"]["offer"][0]["price"] == 300
    degree = next(one for one in data["data"] if one["attributes"]["courseCode"] == "degree")
    assert degree["attributes"]["url"] == f"{HERE}/api/v1/courses/degree/"


def test_a_catalogue_comes_back_the_same(tmp_path):
    a_catalogue()
    before = content()
    text = document()
    Course.objects.all().delete()
    path = tmp_path / "page.json"
    path.write_text(text)
    report = run(path)
    assert report.counts["page.json"] == {"rows": 4, "created": 4}
    assert content() == before
    again = run(path)
    assert (again.changes, again.total("unchanged")) == (0, 4)
    ids = {one["id"] for one in json.loads(text)["data"]}
    assert {one["id"] for one in json.loads(document())["data"]} == ids, "a course keeps its id on its way"


def test_what_was_corrected_here_survives_the_next_import(tmp_path):
    a_catalogue()
    path = tmp_path / "page.json"
    path.write_text(document())
    Course.objects.all().delete()
    run(path)
    course = Course.objects.get(title_en="Weaving")
    course.outcomes.filter(skill__slug="loom").delete()
    assert run(path).changes == 0
    assert course.outcomes.count() == 1


FOREIGN = {
    "id": "8978f51e-770c-4d0a-a2e3-23fae8f6aa79",
    "type": "Course",
    "attributes": {
        "name": "Netze",
        "url": "https://m.example/netze",
        "inLanguage": ["de"],
        "description": "<p>Knoten <b>und</b> Netze</p>",
        "duration": "P4W",
        "workload": {"timeValue": 3, "timeUnit": "h/week"},
        "publisher": {"name": "Loom School", "type": "Organization"},
        "license": [{"identifier": "CC-BY-4.0", "url": None}],
        "access": ["free", "paid"],
        "keywords": ["fishing"],
        "educationalLevel": [
            {"name": [{"inLanguage": "en", "name": "INTERMEDIATE"}], "educationalFramework": "DigComp"}
        ],
        "teaches": [
            {
                "name": [{"inLanguage": "de", "name": "Knoten"}, {"inLanguage": "en", "name": "Knots"}],
                "shortCode": "python",
                "educationalFramework": "DigComp",
            }
        ],
        "competencyRequired": [
            {"name": [{"inLanguage": "en", "name": "Weaving"}], "educationalFramework": "Course_ID"}
        ],
    },
}


def test_a_course_of_another_catalogue_comes_in_without_skills_of_ours(tmp_path):
    builders.make_skill("python")
    path = tmp_path / "page.json"
    path.write_text(json.dumps({"data": [FOREIGN]}))
    run(path)
    course = Course.objects.get()
    assert (course.hours, course.hours_basis, course.level) == (12, "estimate", "intermediate")
    assert (course.price_class, course.price, course.licence) == ("freemium", 0, "CC-BY-4.0")
    assert course.description == "Knoten und Netze"
    assert course.keywords == ["fishing", "Knots"]
    assert course.prerequisites_text == "Weaving"
    assert not course.outcomes.exists()


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"id": "2", "attributes": {"inLanguage": ["de"]}}, "empty"),
        ({"id": "2", "attributes": 7}, "empty"),
        (7, "shape"),
        (FOREIGN, "duplicate"),
        ({"id": "2", "attributes": {"name": "nul \0", "inLanguage": ["de"]}}, "control"),
    ],
)
def test_a_broken_course_is_named_by_its_number(tmp_path, broken, code):
    last = {**FOREIGN, "id": "3"}
    path = tmp_path / "page.json"
    path.write_text(json.dumps({"data": [FOREIGN, broken, last]}))
    report = run(path)
    bad = [(one.line, one.code.value) for one in report.findings if one.weight.value == "bad"]
    assert bad == [(2, code)]
    assert Course.objects.count() == 2


@pytest.mark.parametrize(
    "attributes",
    [
        {"teaches": 7, "offer": [7, {"price": "x"}], "access": 3, "keywords": {}, "educationalLevel": 4},
        {"teaches": [7, {"name": 3}], "workload": 5, "duration": 7, "offer": [{"price": True}]},
        {"workload": {"timeValue": "x", "timeUnit": "h/week"}, "duration": "P", "educationalLevel": [[]]},
    ],
)
def test_what_is_malformed_within_a_course_is_passed_over(tmp_path, attributes):
    path = tmp_path / "page.json"
    course = {**FOREIGN, "meta": 3, "attributes": {"name": "Netze", "inLanguage": ["de"], **attributes}}
    path.write_text(json.dumps({"data": [course]}))
    report = run(path)
    assert report.counts["page.json"]["created"] == 1


def test_the_commands_lead_round(tmp_path, capsys):
    a_catalogue()
    out = tmp_path / "out.json"
    call_command("export_catalogue", "--out", str(out))
    Course.objects.all().delete()
    call_command("import_catalogue", str(out), "--mapping", "moochub", "--dry-run")
    assert "4 rows; 4 created" in capsys.readouterr().out
    assert not Course.objects.exists()
    call_command("import_catalogue", str(out), "--mapping", "moochub")
    call_command("export_catalogue")
    assert len(json.loads(capsys.readouterr().out.split("\n", 1)[1])["data"]) == 4
