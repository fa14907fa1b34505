"""Course catalogues come in by a mapping; small files of our own."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from groundwork.catalogue import importing, publications
from groundwork.catalogue.models import Course
from groundwork.core.actors import SYSTEM
from groundwork.events.models import AuditEntry
from groundwork.frameworks import reports
from groundwork.frameworks.models import Framework
from groundwork.plans import snapshot
from recommender.formats import course_mappings, courses
from recommender.formats.found import Code
from tests import builders

pytestmark = pytest.mark.django_db

TABLE = (
    "course_id,course_title,url,is_paid,price,level,content_duration,subject\n"
    "1,Weaving by hand,https://u.example/1,True,20,Beginner Level,1.5 hours,Craft\n"
    "2,Nets &amp; knots,https://u.example/2,False,0,All Levels,40 mins,Craft\n"
    "3,,https://u.example/3,False,0,All Levels,2 hours,Craft\n"
    "2,Nets again,https://u.example/2,False,0,All Levels,2 hours,Craft\n"
    "4,Weaving by hand,https://u.example/4,True,20,Wizard,,Craft\n"
)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(TABLE)
    return path


def run(path, **options):
    how = course_mappings.mapping("udemy")
    rows = courses.read(courses.source(path), how)
    return publications.import_catalogue(rows, source=how.name, actor=SYSTEM, **options)


def command(path, *options):
    out, err = StringIO(), StringIO()
    call_command("import_catalogue", str(path), "--mapping", "udemy", *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_courses_come_in_with_what_their_source_states_and_no_more(table):
    run(table)
    hand, nets, other = Course.objects.order_by("slug")
    assert (hand.slug, hand.origin, hand.level, hand.source) == ("udemy-1", "udemy", "beginner", "Udemy")
    assert (hand.hours, hand.hours_basis) == (2, "estimate"), "rounded"
    assert (hand.price_class, hand.price, hand.price_basis) == ("paid", None, ""), "dollars are not converted"
    assert nets.title_en == "Nets & knots"
    assert (nets.price_class, nets.price, nets.price_basis) == ("free", 0, "known")
    assert (other.level, other.hours, other.hours_basis) == ("", None, "")
    assert Course.objects.filter(provider__name="Udemy").count() == 3


def test_rows_that_cannot_be_used_are_told_with_line_and_reason(table):
    report = run(table)
    told = [(one.line, one.code.value, one.weight.value) for one in report.findings]
    assert told == [
        (4, "empty", "bad"),
        (5, "duplicate", "bad"),
        (6, "repeated", "note"),
        (6, "word", "note"),
    ]
    assert dict(report.counts["table.csv"]) == {"rows": 5, "created": 3, "bad": 2, "note": 2}
    assert "line 4" in reports.sentence(report.findings[0])


def test_a_dry_run_reports_the_same_and_changes_nothing(table):
    dry = run(table, dry_run=True)
    assert not Course.objects.exists()
    assert not AuditEntry.objects.exists()
    real = run(table)
    assert (dry.counts, dry.findings) == (real.counts, real.findings)


def test_a_second_import_changes_nothing(table):
    run(table)
    before = list(Course.objects.values()), AuditEntry.objects.count()
    report = run(table)
    assert (report.changes, report.total("unchanged")) == (0, 3)
    assert (list(Course.objects.values()), AuditEntry.objects.count()) == before


def test_a_changed_row_is_updated_and_audited(table):
    run(table)
    table.write_text(TABLE.replace("40 mins", "3 hours"))
    report = run(table)
    assert (report.total("updated"), report.total("created")) == (1, 0)
    assert Course.objects.get(slug="udemy-2").hours == 3
    entry = AuditEntry.objects.filter(action="courses.imported")[0]
    assert entry.details == {"file": "table.csv", "origin": "udemy", "created": 0, "updated": 1}


def test_an_interrupted_import_goes_on(table, monkeypatch):
    monkeypatch.setattr(publications, "BATCH", 1)

    def stop(file, rows):
        if rows == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(table, on_progress=stop)
    assert Course.objects.count() == 2
    report = run(table)
    assert (report.total("unchanged"), report.total("created")) == (2, 1)


def test_a_course_of_another_origin_keeps_its_short_name(table):
    builders.make_course("udemy-1")
    report = run(table)
    assert [one.line for one in report.findings if one.code is Code.CLASH] == [2]
    assert Course.objects.get(slug="udemy-1").title_en == "Udemy 1"


def test_imported_courses_enter_a_plan_only_once_they_teach_something_and_are_known(table):
    builders.make_course("basics")
    run(table)
    assert [course.id for course in snapshot.catalogue().courses] == ["basics"]
    skill = builders.make_skill("python")
    for course in Course.objects.filter(origin="udemy"):
        course.outcomes.create(skill=skill, level=1)
        course.save()
    assert [course.id for course in snapshot.catalogue().courses] == ["basics", "udemy-2"]
    run(table)
    assert Course.objects.get(slug="udemy-2").outcomes.count() == 1, "what people said of it stays"


def test_unknown_figures_of_a_course_are_not_made_up(table):
    run(table)
    with pytest.raises(ValueError, match="unknown"):
        Course.objects.get(slug="udemy-4").as_value()


def test_the_seed_withdraws_only_its_own(table):
    run(table)
    builders.make_course("ours", origin=Course.SEED)
    builders.make_course("by-hand")
    framework = Framework.objects.create(slug="f", name_en="F", name_zh="F")
    importing.import_courses([], framework=framework, on_date=date(2026, 1, 1))
    assert list(Course.objects.exclude(withdrawn_on=None).values_list("slug", flat=True)) == ["ours"]


def test_the_command_runs_dry_and_for_good_in_both_languages(table):
    out, err = command(table, "--dry-run")
    assert "5 rows; 3 created, 0 updated, 0 unchanged" in out
    assert "dry run" in out
    assert "line 4: “course_title” is empty; the row is skipped" in err
    assert not Course.objects.exists()
    out, err = command(table, "--language", "zh-hans")
    assert "5 行" in out
    assert "“Weaving by hand”" in err
    assert "too" not in err
    assert Course.objects.count() == 3


def test_a_mapping_of_ones_own_reads_json(tmp_path):
    how = {
        "origin": "house",
        "language": "zh",
        "items": "courses",
        "columns": {"id": "nr", "title": "name", "hours": "minutes", "price": "yuan"},
        "hours": {"unit": "minutes"},
        "currency": "CNY",
    }
    (tmp_path / "how.json").write_text(json.dumps(how))
    rows = {"courses": [{"nr": 7, "name": "编织", "minutes": 120, "yuan": 99}, "no course"]}
    (tmp_path / "rows.json").write_text(json.dumps(rows))
    err = StringIO()
    call_command(
        "import_catalogue",
        str(tmp_path / "rows.json"),
        "--mapping",
        str(tmp_path / "how.json"),
        stdout=StringIO(),
        stderr=err,
    )
    course = Course.objects.get()
    assert (course.slug, course.title, course.hours, course.price) == ("house-7", "编织", 2, 99)
    assert (course.hours_basis, course.price_basis) == ("known", "known")
    assert "line 2" in err.getvalue()


@pytest.mark.parametrize("mapping", ["nothing", "mit"])
def test_a_wrong_mapping_is_one_sentence(table, mapping):
    with pytest.raises(CommandError):
        call_command("import_catalogue", str(table), "--mapping", mapping)
    assert not Course.objects.exists()
