"""CASE packages come in and go out, valid by the rules of the specification, and come back the same."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from groundwork.core.actors import SYSTEM
from groundwork.events.models import AuditEntry
from groundwork.frameworks import exporting, publications, reports
from groundwork.frameworks.models import Concept, ConceptRelation, Framework, Skill
from recommender.errors import MalformedInputError
from recommender.formats import case
from tests import builders
from tests.apps.frameworks import case_schema
from tests.validating import validate

pytestmark = pytest.mark.django_db

TODAY = date(2026, 5, 1)
DOCUMENT = "00000000-0000-4000-8000-000000000000"


def identifier(number):
    return f"00000000-0000-4000-8000-{number:012d}"


def item(number, statement, **fields):
    return {
        "identifier": identifier(number),
        "uri": f"https://skills.example/{number}",
        "fullStatement": statement,
        "lastChangeDateTime": "2026-01-01T00:00:00Z",
        **fields,
    }


def node(number):
    return {"title": "x", "identifier": identifier(number), "uri": f"https://other.example/spelling/{number}"}


def association(number, kind, origin, target):
    return {
        "identifier": identifier(number),
        "uri": f"urn:uuid:{identifier(number)}",
        "associationType": kind,
        "originNodeURI": node(origin),
        "destinationNodeURI": node(target),
        "lastChangeDateTime": "2026-01-01T00:00:00Z",
    }


def package(**lists):
    return {
        "CFDocument": {
            "identifier": DOCUMENT,
            "uri": "https://skills.example/",
            "creator": "House of crafts",
            "title": "Crafts",
            "version": "3",
            "language": "en",
            "lastChangeDateTime": "2026-01-01T00:00:00Z",
            "licenseURI": {"title": "CC BY 4.0", "identifier": identifier(900), "uri": "urn:x:1"},
        },
        "CFItems": [
            item(1, "Weaving", CFItemType="Cluster", humanCodingScheme="W"),
            item(2, "Set up a loom by hand", abbreviatedStatement="set up a loom", CFItemType="Skill"),
            item(3, "Know the fibres", CFItemType="Knowledge", educationLevel=["1", "2"]),
            item(4, "Card wool", CFItemType="Chore", statusEndDate="2025-12-31"),
        ],
        "CFAssociations": [
            association(101, "isChildOf", 1, 0),
            association(102, "isChildOf", 2, 1),
            association(103, "precedes", 3, 2),
            association(104, "isPeerOf", 3, 4),
            association(105, "replacedBy", 4, 3),
        ],
        "CFDefinitions": {"CFLicenses": [{"licenseText": "Name the house of crafts."}]},
        **lists,
    }


@pytest.fixture
def path(tmp_path):
    return tmp_path / "crafts.json"


def run(path, **options):
    return publications.import_publication(
        case.publication(path), actor=SYSTEM, **{"on_date": TODAY, **options}
    )


def export(slug):
    return "".join(exporting.case_package(Framework.objects.get(slug=slug)))


def content(slug):
    concepts = Concept.objects.filter(framework__slug=slug).order_by("uri")
    relations = ConceptRelation.objects.filter(origin__framework__slug=slug)
    return (
        list(concepts.values_list("uri", "kind", "code", "label", "texts", "attributes", "retired_on")),
        sorted(map(str, relations.values_list("origin__uri", "kind", "target__uri", "value", "attributes"))),
    )


def test_items_become_concepts_and_associations_relations(path):
    path.write_text(json.dumps(package()))
    report = run(path)
    framework = Framework.objects.get(slug="case-crafts-00000000")
    assert (framework.name_en, framework.version, framework.licence) == ("Crafts", "3", "CC BY 4.0")
    assert (framework.publisher, framework.attribution) == ("House of crafts", "Name the house of crafts.")
    rows = {row.uri[-1]: row for row in framework.concepts.all()}
    assert [rows[n].kind for n in "1234"] == ["skill-group", "skill", "knowledge", "element"]
    assert (rows["1"].code, rows["2"].label) == ("W", "set up a loom")
    assert rows["2"].texts["en"]["definition"] == "Set up a loom by hand"
    assert rows["3"].attributes == {"item_type": "Knowledge", "education_level": "1 | 2"}
    assert rows["4"].retired_on == date(2025, 12, 31)
    relations = ConceptRelation.objects.values_list("origin__uri", "kind", "target__uri", "attributes")
    assert {(o[-1], kind, t[-1], a.get("association", "")) for o, kind, t, a in relations} == {
        ("2", "broader", "1", ""),
        ("3", "precedes", "2", ""),
        ("3", "related", "4", "isPeerOf"),
        ("4", "replaced-by", "3", ""),
    }
    assert report.total("bad") == 0
    assert report.counts["crafts.json: CFAssociations"]["merged"] == 1


def test_a_second_import_changes_nothing_and_a_dry_run_tells_the_same(path):
    path.write_text(json.dumps(package()))
    dry = run(path, dry_run=True)
    assert not Framework.objects.exists()
    real = run(path)
    assert (dry.counts, dry.findings) == (real.counts, real.findings)
    entries = AuditEntry.objects.count()
    again = run(path)
    assert (again.changes, again.total("unchanged")) == (0, 8)
    assert AuditEntry.objects.count() == entries


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"identifier": identifier(9), "uri": "https://skills.example/9"}, "empty"),
        ({"identifier": identifier(9), "uri": "https://skills.example/9", "fullStatement": 7}, "shape"),
        ({"fullStatement": "no name"}, "empty"),
        (item(2, "again"), "duplicate"),
        (item(9, "x", statusEndDate="soon"), "date"),
        (item(9, "nul \0"), "control"),
        (item(9, "half \ud83d"), "encoding"),
        ("a text", "shape"),
    ],
)
def test_a_broken_item_is_named_by_its_number_and_the_rest_comes_in(path, broken, code):
    data = package()
    data["CFItems"].insert(2, broken)
    path.write_text(json.dumps(data))
    report = run(path)
    (finding,) = report.findings
    assert (finding.file, finding.line, finding.code.value) == ("crafts.json: CFItems", 3, code)
    assert "line 3" in reports.sentence(finding)
    assert Concept.objects.count() == 4


@pytest.mark.parametrize("indent", [None, 1, 2])
def test_an_item_that_is_no_json_costs_itself_only_where_items_have_lines(path, indent):
    text = json.dumps(package(), indent=indent)
    broken = text.replace('"Know the fibres"', '"Know the "fibres"')
    path.write_text(broken)
    if indent is None:
        with pytest.raises(MalformedInputError, match="item 3 of the list 'CFItems'"):
            run(path)
        return
    report = run(path)
    told = {(one.file[13:], one.line, one.code.value) for one in report.findings}
    # The relations of the lost item lead nowhere.
    assert told == {
        ("CFItems", 3, "syntax"),
        ("CFAssociations", 3, "unknown"),
        ("CFAssociations", 4, "unknown"),
        ("CFAssociations", 5, "unknown"),
    }
    assert sorted(Concept.objects.values_list("label", flat=True)) == [
        "Card wool",
        "Weaving",
        "set up a loom",
    ]


def test_the_last_item_of_a_list_can_be_the_broken_one(path):
    text = json.dumps(package(), indent=2)
    path.write_text(text.replace('"Card wool"', '"Card wool'))
    run(path)
    assert Concept.objects.count() == 3
    assert ConceptRelation.objects.count() == 2


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"CFItems": []}', '{"CFDocument": {}}', "<html>"])
def test_what_is_no_package_is_refused(path, text):
    path.write_text(text)
    with pytest.raises(MalformedInputError):
        case.publication(path)


def test_what_a_package_no_longer_holds_is_retired_and_comes_back(path):
    path.write_text(json.dumps(package()))
    run(path)
    data = package()
    fibres = data["CFItems"].pop(2)
    data["CFAssociations"] = data["CFAssociations"][:2]
    path.write_text(json.dumps(data))
    report = run(path)
    assert report.total("retired") == 1
    assert Concept.objects.get(label="Know the fibres").retired_on == TODAY
    assert AuditEntry.objects.filter(action="concepts.retired").count() == 1
    assert run(path, on_date=date(2026, 6, 1)).changes == 0, "the day on which it went stays"
    data["CFItems"].append(fibres)
    path.write_text(json.dumps(data))
    run(path)
    assert Concept.objects.get(label="Know the fibres").retired_on is None


def test_nothing_is_retired_while_a_row_cannot_be_read(path):
    path.write_text(json.dumps(package()))
    run(path)
    data = package()
    data["CFItems"][2] = {"uri": "https://skills.example/3"}
    path.write_text(json.dumps(data))
    report = run(path)
    assert (report.total("retired"), Concept.objects.exclude(retired_on=None).count()) == (0, 1)


def test_an_export_is_valid_and_comes_back_the_same(path):
    path.write_text(json.dumps(package()))
    run(path)
    slug = "case-crafts-00000000"
    text = export(slug)
    validate(json.loads(text), case_schema.PACKAGE)
    path.write_text(text)
    assert run(path).changes == 0, "into the framework that it came from"
    before = content(slug)
    Framework.objects.all().delete()
    run(path)
    assert content(slug) == before


def test_our_own_vocabulary_goes_out_with_levels_and_both_languages(path):
    esco = Framework.objects.create(slug="esco", name_en="ESCO", name_zh="ESCO", uri="http://esco.example/")
    Concept.objects.create(
        framework=esco, uri="http://esco.example/python", kind="skill", label="Python (ESCO)"
    )
    builders.make_skill(
        "python",
        name_zh="派森",
        aliases_en=["py"],
        aliases_zh=["蟒蛇"],
        esco_uri="http://esco.example/python",
    )
    builders.make_skill("sql", esco_uri="http://esco.example/nobody-imported-this")
    role = builders.make_role("engineer", requires={"python": 3}, optional={"sql": 1})
    text = export("test")
    data = json.loads(text)
    validate(data, case_schema.PACKAGE)
    path.write_text(text.replace('"slug":"test"', '"slug":"elsewhere"'))
    report = run(path)
    assert report.total("bad") == 0
    assert report.counts["crafts.json: CFItems"]["created"] == Skill.objects.count() + 1
    python = Concept.objects.get(uri="urn:groundwork:skill:python")
    assert python.texts["zh"]["label"] == "派森"
    assert python.texts["en"]["alternatives"] == ["py"]
    asked = ConceptRelation.objects.filter(origin__uri=f"urn:groundwork:role:{role.slug}")
    assert [(one.kind, one.target.code, int(one.value or 0)) for one in asked.order_by("kind")] == [
        ("essential", "python", 3),
        ("optional", "sql", 1),
    ]
    (match,) = ConceptRelation.objects.filter(kind="exact-match")
    assert match.target.framework == esco
    assert report.counts["crafts.json: CFAssociations"]["left-out"] == 1
    assert run(path).changes == 0


def test_a_package_cannot_pass_for_another_framework(path):
    Framework.objects.create(slug="esco", name_en="ESCO", name_zh="ESCO", uri="http://esco.example/")
    data = package()
    data["CFDocument"]["extensions"] = {"groundwork": {"slug": "esco"}}
    path.write_text(json.dumps(data))
    with pytest.raises(MalformedInputError, match="belongs to another framework"):
        run(path)
    data["CFDocument"]["extensions"] = {"groundwork": {"slug": "groundwork"}}
    path.write_text(json.dumps(data))
    assert case.publication(path).slug == "case-groundwork"


def test_the_commands_lead_round(path, capsys):
    path.write_text(json.dumps(package()))
    call_command("import_framework", "case", str(path))
    assert "4 rows; 4 created" in capsys.readouterr().out
    out = path.with_name("out.json")
    call_command("export_framework", "case-crafts-00000000", "--out", str(out))
    call_command("import_framework", "case", str(out))
    assert "4 rows; 0 created, 0 updated, 4 unchanged" in capsys.readouterr().out
    call_command("export_framework", "case-crafts-00000000")
    assert capsys.readouterr().out == out.read_text()
    with pytest.raises(CommandError, match="there are: case-crafts-00000000"):
        call_command("export_framework", "nothing")
