"""Job postings become counts, demand and suggestions; nothing of a posting but a hash is kept."""

from __future__ import annotations

import json
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from groundwork.core.actors import SYSTEM
from groundwork.core.errors import ConflictError
from groundwork.events.models import AuditEntry
from groundwork.frameworks import postings, reports, suggesting
from groundwork.frameworks.models import (
    Demand,
    DemandTerm,
    PostingCount,
    PostingSource,
    RequirementSuggestion,
    Role,
    SeenPosting,
)
from recommender.formats import courses, posting_mappings
from recommender.formats import postings as tables
from recommender.formats.found import Code
from tests import builders

pytestmark = pytest.mark.django_db

HEADER = "job_title,company_name,job_skills,job_posted_date\n"
HOW = posting_mappings.PRESETS["data-jobs"]


@pytest.fixture(autouse=True)
def weaver() -> Role:
    builders.make_skill("loom-tuning", name_en="Loom tuning")
    builders.make_skill("thread-law", name_en="Thread law")
    return builders.make_role(
        "loom-engineer", name_en="Loom engineer", name_zh="织机工程师", requires={"loom-tuning": 3}
    )


def table(tmp_path: Path, rows: list[str], *, name: str = "jobs.csv") -> Path:
    path = tmp_path / name
    path.write_text(HEADER + "\n".join(rows) + "\n")
    return path


def posting(number: int, *, skills: str = "['loom tuning']", day: str = "2025-01-05") -> str:
    return f'Senior Loom Engineer,Mill {number},"{skills}",{day}'


def run(path: Path, **options: object) -> reports.Report:
    read = partial(tables.read, courses.source(path), HOW)
    return postings.import_postings(
        read,
        source="Mill jobs",
        as_of="2025",
        actor=SYSTEM,
        **options,  # type: ignore[arg-type]
    )


def state() -> list[object]:
    models = (PostingSource, SeenPosting, PostingCount, Demand, DemandTerm, RequirementSuggestion, AuditEntry)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_postings_are_counted_by_role_skill_and_month(tmp_path: Path, weaver: Role):
    run(table(tmp_path, [posting(1), posting(2, day="2025-02-01"), "Baker,Mill 9,['loom tuning'],"]))
    source = PostingSource.objects.get()
    assert (source.slug, source.postings, source.matched, source.dated) == ("mill-jobs", 3, 2, 2)
    counts = source.counts.filter(skill__slug="loom-tuning").order_by("month")
    assert [(row.role_id, str(row.month), row.postings) for row in counts] == [
        (weaver.pk, "2025-01-01", 1),
        (weaver.pk, "2025-02-01", 1),
        (None, "None", 1),
    ]


def test_of_a_posting_only_a_hash_and_its_day_are_kept(tmp_path: Path):
    run(table(tmp_path, [posting(1)]))
    kept = json.dumps([list(model.objects.values()) for model in (SeenPosting, PostingCount)], default=str)
    assert "Mill 1" not in kept
    assert "Senior" not in kept
    assert "Mill 1" not in json.dumps(list(AuditEntry.objects.values()), default=str)


def test_the_same_file_again_changes_nothing(tmp_path: Path):
    path = table(tmp_path, [posting(n) for n in range(40)])
    run(path)
    before = state()
    report = run(path)
    assert (report.changes, report.total("unchanged")) == (0, 40)
    assert state() == before


def test_a_dry_run_reports_the_same_and_changes_nothing(tmp_path: Path):
    path = table(tmp_path, [posting(1), posting(2), ",Mill 3,,"])
    before = state()
    dry = run(path, dry_run=True)
    assert state() == before
    real = run(path)
    assert dry.counts == real.counts
    assert dry.findings == real.findings


def test_repeats_within_thirty_days_count_once_whatever_their_order(tmp_path: Path):
    days = ["2025-03-01", "2025-01-05", "2025-01-20", "2025-02-04"]
    report = run(table(tmp_path, [posting(1, day=day) for day in days]))
    kept = sorted(str(row.posted_on) for row in SeenPosting.objects.all())
    assert kept == ["2025-01-05", "2025-02-04"]
    assert report.total("left-out") == 2


def test_a_later_file_does_not_repeat_an_earlier_one(tmp_path: Path):
    run(table(tmp_path, [posting(1, day="2025-01-05")]))
    later = run(table(tmp_path, [posting(1, day="2025-01-25"), posting(1, day="2025-03-01")], name="b.csv"))
    assert (later.total("created"), later.total("left-out")) == (1, 1)


def test_every_bad_row_is_named_and_the_others_come_in(tmp_path: Path):
    rows = [
        posting(1),
        ",Mill 2,,",
        'Loom engineer,Mill 3,"[1, 2",2025-01-01',
        posting(4, day="soon"),
        "torn",
    ]
    report = run(table(tmp_path, rows))
    assert [(one.line, one.code) for one in report.findings] == [
        (3, Code.EMPTY),
        (4, Code.WORD),
        (5, Code.DATE),
        (6, Code.CELLS),
    ]
    assert report.total("created") == 2, "a posting without a readable date is undated"
    assert all(reports.sentence(one) for one in report.findings)


def test_an_import_that_broke_off_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = table(tmp_path, [posting(n) for n in range(60)])
    monkeypatch.setattr(postings, "BATCH", 20)
    with pytest.raises(KeyboardInterrupt):
        run(path, on_progress=_stop_after_the_second())
    assert SeenPosting.objects.count() == 40
    assert not Demand.objects.exists()
    run(path)
    assert Demand.objects.get().postings == 60


def _stop_after_the_second():
    calls = []

    def on_progress(_file: str, _rows: int) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt

    return on_progress


def test_demand_has_a_share_with_an_interval(tmp_path: Path):
    rows = [posting(n, skills="['loom tuning']" if n % 2 else "[]") for n in range(60)]
    run(table(tmp_path, rows))
    term = DemandTerm.objects.get()
    assert (term.term, term.postings, term.demand.postings) == ("Loom tuning", 30, 60)
    assert term.low is not None
    assert term.high is not None
    assert 370 <= term.low < 500 < term.high <= 630
    assert term.interval == (37, 63)
    assert (term.direction, term.growth) == (DemandTerm.Direction.NOT_ENOUGH_DATA, None)


def test_a_trend_is_named_only_when_its_interval_leaves_zero_out(tmp_path: Path):
    rows = [
        posting(1000 * month + n, skills=skills, day=f"2025-{month:02}-01")
        for month in range(1, 13)
        for n in range(60)
        for skills in [
            "['loom tuning', 'thread law']" if n < 4 * month else "['thread law']" if n % 2 else ""
        ]
    ]
    run(table(tmp_path, rows))
    found = DemandTerm.objects.get(skill__slug="loom-tuning")
    assert found.direction == DemandTerm.Direction.RISING
    figures = [found.growth_low or 0, found.growth or 0, found.growth_high or 0]
    assert figures == sorted(figures)
    assert figures[0] > 0


def test_undated_postings_say_nothing_of_a_trend(tmp_path: Path):
    run(table(tmp_path, [posting(n, day="") for n in range(60)]))
    assert DemandTerm.objects.get().direction == DemandTerm.Direction.NOT_ENOUGH_DATA
    assert PostingSource.objects.get().dated == 0


def test_too_few_postings_leave_what_the_editors_counted(tmp_path: Path, weaver: Role):
    builders.make_demand(weaver, postings=80)
    run(table(tmp_path, [posting(n) for n in range(5)]))
    assert Demand.objects.get().postings == 80
    run(table(tmp_path, [posting(n) for n in range(5, 45)], name="more.csv"))
    assert Demand.objects.get().postings == 45


# --- suggestions ---


def suggested(tmp_path: Path) -> RequirementSuggestion:
    skills = "['thread law', 'loom tuning']"
    run(table(tmp_path, [posting(n, skills=skills) for n in range(40)]))
    return RequirementSuggestion.objects.get(kind="add")


def test_postings_suggest_and_change_nothing_by_themselves(tmp_path: Path, weaver: Role):
    found = suggested(tmp_path)
    assert (found.skill.slug, found.weight, found.level, found.state) == ("thread-law", 5, 3, "open")
    assert [row.skill.slug for row in weaver.requirements.all()] == ["loom-tuning"]
    raised = RequirementSuggestion.objects.get(kind="weight")
    assert (raised.skill.slug, raised.current, raised.weight) == ("loom-tuning", 3, 5)


def test_an_accepted_suggestion_changes_the_profile_and_is_audited(tmp_path: Path, weaver: Role):
    found = suggested(tmp_path)
    suggesting.accept(found, actor=SYSTEM)
    row = weaver.requirements.get(skill__slug="thread-law")
    assert (row.level, row.weight, row.source) == (3, 5, "P")
    assert AuditEntry.objects.get(action="suggestion.accepted").details["skill"] == "thread-law"
    with pytest.raises(ConflictError):
        suggesting.reject(found, actor=SYSTEM)


def test_a_rejected_suggestion_stays_rejected_and_changes_nothing(tmp_path: Path, weaver: Role):
    found = suggested(tmp_path)
    suggesting.reject(found, actor=SYSTEM)
    run(table(tmp_path, [posting(n, skills="['thread law']") for n in range(40, 90)], name="more.csv"))
    assert RequirementSuggestion.objects.get(skill__slug="thread-law").state == "rejected"
    assert weaver.requirements.count() == 1


def test_few_postings_suggest_nothing(tmp_path: Path):
    run(table(tmp_path, [posting(n, skills="['thread law']") for n in range(29)]))
    assert not RequirementSuggestion.objects.exists()


def test_what_postings_do_not_name_is_not_suggested_to_go(tmp_path: Path):
    run(table(tmp_path, [posting(n, skills="['thread law']") for n in range(200)]))
    assert not RequirementSuggestion.objects.filter(skill__slug="loom-tuning").exists()


# --- the command ---


def test_the_command_reads_json_lines_by_schema_org(tmp_path: Path):
    path = tmp_path / "jobs.jsonl"
    item = {
        "title": "织机工程师",
        "hiringOrganization": {"name": "Mill"},
        "description": "<p>5 years of loom tuning</p>",
        "datePosted": "2025-01-01T10:00:00Z",
    }
    path.write_text(json.dumps(item, ensure_ascii=False) + "\nno json\n")
    out, err = StringIO(), StringIO()
    call_command(
        "import_postings", str(path), "--source", "Mill", "--as-of", "2025-01", stdout=out, stderr=err
    )
    assert "2 rows; 1 created" in out.getvalue()
    assert "jobs.jsonl, line 2" in err.getvalue()
    row = PostingCount.objects.get(skill__slug="loom-tuning")
    assert (row.postings, row.stated, row.levels) == (1, 1, 3)


def test_a_file_without_the_columns_is_refused(tmp_path: Path):
    path = tmp_path / "jobs.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="job_title"):
        call_command(
            "import_postings", str(path), "--source", "M", "--as-of", "2025", "--mapping", "data-jobs"
        )
    assert not PostingSource.objects.exists()
