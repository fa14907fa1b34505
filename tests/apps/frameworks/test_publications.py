"""Published frameworks come in as their publishers write them; small files of our own in both formats."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from groundwork.core.actors import SYSTEM
from groundwork.events.models import AuditEntry
from groundwork.frameworks import publications, reports
from groundwork.frameworks.models import Concept, ConceptRelation, Framework, Skill
from recommender.formats import esco, onet

pytestmark = pytest.mark.django_db

TODAY = date(2026, 5, 1)

BASE = "http://data.europa.eu/esco"
SKILLS = (
    "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,status,description,extra\r\n"
    f"KnowledgeSkillCompetence,{BASE}/skill/1,knowledge,cross-sector,weaving,"
    '"loom work\ncloth making",released,"By hand, mostly",x\r\n'
    f"KnowledgeSkillCompetence,{BASE}/skill/2,skill/competence,transversal,mend nets ,,released,,x\r\n"
)
OCCUPATIONS = (
    "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,code\n"
    f"Occupation,{BASE}/occupation/a,7318,weaver,,7318.1\n"
)
RELATIONS = (
    "occupationUri,relationType,skillType,skillUri\n"
    f"{BASE}/occupation/a,essential,knowledge,{BASE}/skill/1\n"
    f"{BASE}/occupation/a,optional,,{BASE}/skill/2\n"
    f"{BASE}/occupation/gone,optional,knowledge,{BASE}/skill/2\n"
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "skills_en.csv").write_bytes(SKILLS.encode("utf-8-sig"))
    (tmp_path / "occupations_en.csv").write_text(OCCUPATIONS)
    (tmp_path / "occupationSkillRelations.csv").write_text(RELATIONS)
    return tmp_path


def run(folder, **options):
    return publications.import_publication(
        esco.publication(folder), actor=SYSTEM, **{"on_date": TODAY, **options}
    )


def test_esco_comes_in_with_labels_types_and_relations(folder):
    report = run(folder)
    assert report.counts["skills_en.csv"]["created"] == 2
    weaving = Concept.objects.get(uri=f"{BASE}/skill/1")
    assert weaving.kind == Concept.Kind.KNOWLEDGE
    assert weaving.texts["en"]["alternatives"] == ["loom work", "cloth making"]
    assert Concept.objects.get(uri=f"{BASE}/skill/2").label == "mend nets"
    assert list(ConceptRelation.objects.values_list("kind", flat=True)) == ["essential", "optional"]
    assert Framework.objects.get(slug="esco").attribution.startswith("This service uses")
    assert not Skill.objects.exists(), "our own vocabulary is not touched"


def test_an_unknown_occupation_is_skipped_and_an_empty_type_only_noted(folder):
    report = run(folder)
    told = [(one.line, one.code.value, one.weight.value) for one in report.findings]
    assert told == [(3, "empty", "note"), (4, "unknown", "bad")]
    assert "line 4" in reports.sentence(report.findings[1])
    assert {file: counts["rows"] for file, counts in report.counts.items()} == {
        "skills_en.csv": 2,
        "occupations_en.csv": 1,
        "occupationSkillRelations.csv": 3,
    }


def test_a_second_import_changes_nothing(folder):
    run(folder)
    before = list(Framework.objects.values()), AuditEntry.objects.count()
    report = run(folder)
    assert report.changes == 0
    assert report.total("unchanged") == 5
    assert (list(Framework.objects.values()), AuditEntry.objects.count()) == before


def test_a_dry_run_reports_the_same_and_changes_nothing(folder):
    dry = run(folder, dry_run=True)
    assert not Framework.objects.exists()
    assert not Concept.objects.exists()
    assert not AuditEntry.objects.exists()
    real = run(folder)
    assert (dry.counts, dry.findings) == (real.counts, real.findings)


def test_a_changed_row_is_updated_and_audited(folder):
    run(folder)
    changed = SKILLS.replace("mend nets ", "mend fishing nets")
    (folder / "skills_en.csv").write_text(changed, newline="")
    report = run(folder)
    assert (report.total("updated"), report.total("created")) == (1, 0)
    entry = AuditEntry.objects.filter(action="concepts.imported")[0]
    assert entry.details == {"file": "skills_en.csv", "created": 0, "updated": 1}


def test_an_interrupted_import_goes_on(folder, monkeypatch):
    monkeypatch.setattr(publications, "BATCH", 1)

    def stop(file, rows):
        if rows == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(folder, on_progress=stop)
    assert Concept.objects.count() == 2
    report = run(folder)
    assert (report.total("unchanged"), report.total("created")) == (2, 3)


@pytest.mark.parametrize(
    ("broken", "line", "code"),
    [
        (f'KnowledgeSkillCompetence,"{BASE}/skill/3,knowledge,x,open quote,,released,,x\r\n', 5, "cells"),
        (f"KnowledgeSkillCompetence,{BASE}/skill/3,knowledge,x,too few\r\n", 5, "cells"),
        (f"KnowledgeSkillCompetence,{BASE}/skill/3,craft,x,odd,,released,,x\r\n", 5, "word"),
        (f"KnowledgeSkillCompetence,{BASE}/skill/1,knowledge,x,again,,released,,x\r\n", 5, "duplicate"),
        (f"KnowledgeSkillCompetence,{BASE}/skill/3,knowledge,x,nul \0,,released,,x\r\n", 5, "control"),
    ],
)
def test_a_broken_row_is_named_by_its_line_and_the_rest_comes_in(folder, broken, line, code):
    last = f'KnowledgeSkillCompetence,{BASE}/skill/9,knowledge,x,last,"one\r\ntwo",released,,x\r\n'
    (folder / "skills_en.csv").write_bytes((SKILLS + broken + last).encode())
    report = run(folder)
    (finding,) = [one for one in report.findings if one.file == "skills_en.csv"]
    assert (finding.line, finding.code.value) in {(line, code), (line, "quote")}
    assert Concept.objects.filter(label="last").exists()


def test_bytes_that_are_no_text_cost_their_row_only(folder):
    bad = f'KnowledgeSkillCompetence,{BASE}/skill/3,knowledge,x,caf\xe9,"a\nb",released,,x\r\n'.encode(
        "latin-1"
    )
    (folder / "skills_en.csv").write_bytes(SKILLS.encode() + bad)
    report = run(folder)
    assert [one.code.value for one in report.findings if one.file == "skills_en.csv"] == ["encoding"]


def test_zips_and_another_language_beside_the_first(folder, tmp_path_factory):
    run(folder)
    other = tmp_path_factory.mktemp("de")
    with zipfile.ZipFile(other / "ESCO dataset - v1.2.0 - classification - de - csv.zip", "w") as archive:
        archive.writestr("skills_de.csv", SKILLS.replace("weaving", "Weben"))
    report = run(other)
    weaving = Concept.objects.get(uri=f"{BASE}/skill/1")
    assert report.total("updated") == 2
    assert weaving.label == "weaving"
    assert weaving.texts["de"]["label"] == "Weben"
    assert Framework.objects.get(slug="esco").version == "1.2.0"


RATINGS = (
    "O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\tRecommend Suppress\tNot Relevant\r\n"
    "51-6063.00\t2.A.1.a\tReading\tIM\t3.12\tN\tn/a\r\n"
    "51-6063.00\t2.A.1.a\tReading\tLV\t3.5\tN\tN\r\n"
    "51-6063.00\t2.A.1.b\tListening\tLV\t0.5\tN\tY\r\n"
    "51-6063.00\t2.A.1.c\tWriting\tIM\t2\tY\tn/a\r\n"
    "51-6063.00\t2.A.1.b\tListening\tIM\tmuch\tN\tn/a\r\n"
)


@pytest.fixture
def onet_folder(tmp_path):
    files = {
        "Occupation Data.txt": 'O*NET-SOC Code\tTitle\tDescription\r\n51-6063.00\tWeavers\tRun "looms".\r\n',
        "Job Zones.txt": "O*NET-SOC Code\tJob Zone\r\n51-6063.00\t2\r\n",
        "Alternate Titles.txt": "O*NET-SOC Code\tAlternate Title\r\n51-6063.00\tLoom Fixer\r\n",
        "Skills.txt": RATINGS,
        "Technology Skills.txt": "O*NET-SOC Code\tExample\tCommodity Code\tCommodity Title\tHot Technology\t"
        "In Demand\r\n51-6063.00\tLoomCAD\t43232604\tCAD software\tY\tN\r\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, newline="")
    return tmp_path


def test_onet_comes_in_with_levels_and_technologies(onet_folder):
    publication = onet.publication(onet_folder)
    report = publications.import_publication(publication, actor=SYSTEM, on_date=TODAY)
    weaver = Concept.objects.get(uri="onet:51-6063.00")
    assert weaver.attributes == {"job_zone": "2"}
    assert weaver.texts["en"]["alternatives"] == ["Loom Fixer"]
    assert weaver.texts["en"]["description"] == 'Run "looms".'
    values = {one.kind: one.value for one in weaver.relations.exclude(kind="uses")}
    assert values == {"importance": Decimal("3.12"), "level": Decimal("3.5")}
    assert weaver.relations.get(kind="uses").attributes == {"hot": "yes"}
    assert report.counts["Skills.txt"]["left-out"] == 2
    assert [(one.line, one.code.value) for one in report.findings] == [(6, "number")]
    assert publications.import_publication(publication, actor=SYSTEM, on_date=TODAY).changes == 0


def test_the_command_reports_in_both_languages(folder, capsys):
    call_command("import_framework", "esco", str(folder), "--dry-run", "--language", "zh-hans")
    shown = capsys.readouterr()
    assert "试运行" in shown.out
    assert "第 4 行" in shown.err
    call_command("import_framework", "esco", str(folder))
    assert "skills_en.csv: 2 rows; 2 created" in capsys.readouterr().out


def test_a_folder_without_the_files_is_refused(tmp_path):
    (tmp_path / "notes.csv").write_text("x")
    with pytest.raises(CommandError, match="holds no CSV file of ESCO"):
        call_command("import_framework", "esco", str(tmp_path))
    assert not Framework.objects.exists()
