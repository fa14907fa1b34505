"""Job postings: rows of several formats, repeats by the rule of the estimator, and the role a title names."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import datasets
from recommender.errors import MalformedInputError
from recommender.estimators import demand
from recommender.formats import courses, posting_mappings, postings
from recommender.formats.found import Code, Finding, Read
from recommender.formats.postings import PostingRecord
from recommender.matching.postings import RoleNames

DAYS = st.one_of(st.none(), st.integers(0, 120))
ROWS = st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(["Weaver", "weaver ", "Dyer"]), DAYS))


@given(ROWS)
def test_repeats_are_those_of_the_estimator(rows):
    days = [None if day is None else date(2025, 1, 1) + timedelta(days=day) for _, _, day in rows]
    reads = [
        Read("f", line, PostingRecord(title=title, employer=employer, posted_on=day))
        for line, ((employer, title, _), day) in enumerate(zip(rows, days, strict=True), start=2)
    ]
    kept = demand.without_repeats(
        [
            demand.Posting(
                id=f"{read.line:05}",
                employer=read.value.employer,
                title=read.value.title,
                role="",
                skills=frozenset(),
                posted_on=read.value.posted_on,
            )
            for read in reads
        ]
    )
    repeated = postings.repeated_lines(reads, days=demand.SAME_POSTING_DAYS)
    assert {read.line for read in reads} - repeated == {int(one.id) for one in kept}


def test_schema_org_is_read_from_json_and_json_lines(tmp_path: Path):
    item = {
        "title": "Weaver",
        "hiringOrganization": {"name": "Mill"},
        "description": "<p>Looms &amp; law</p>",
    }
    item |= {"skills": ["Looms", "Law"], "datePosted": "2025-02-03T10:00:00Z"}
    expected = PostingRecord(
        title="Weaver",
        employer="Mill",
        text="Looms & law",
        listed=("Looms", "Law"),
        posted_on=date(2025, 2, 3),
    )
    for name, text in {"a.json": json.dumps([item]), "a.jsonl": json.dumps(item) + "\n"}.items():
        path = tmp_path / name
        path.write_text(text)
        (read,) = postings.read(courses.source(path), posting_mappings.PRESETS["schema-org"])
        assert isinstance(read, Read)
        assert read.value == expected


def test_a_day_that_is_none_is_noted_and_the_posting_kept(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("Position,Long Description,Company Name,Published\nWeaver,Looms,Mill,2025-02-30\n")
    note, read = postings.read(courses.source(path), posting_mappings.PRESETS["djinni"])
    assert isinstance(note, Finding)
    assert (note.line, note.code) == (2, Code.DATE)
    assert isinstance(read, Read)
    assert read.value.posted_on is None


@pytest.mark.parametrize(
    "text", ['{"title": "a"}', '{"skills": "b"}', '{"title": "a", "text": "b", "odd": "c"}', "[]", "{"]
)
def test_what_is_no_mapping_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "mapping.json"
    path.write_text(text)
    with pytest.raises(MalformedInputError):
        posting_mappings.mapping(str(path))


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Senior Machine Learning Engineer (Remote)", "machine-learning-engineer"),
        ("Data Scientist - Computer Vision Engineer", "computer-vision-engineer"),
        ("Deep Learning Compiler Engineer II", "ai-compiler-engineer"),
        ("高级算子优化工程师", "gpu-kernel-engineer"),
        ("Software Engineer", ""),
        ("Data Scientist", ""),
        ("", ""),
    ],
)
def test_a_title_counts_for_a_role_only_where_it_names_it(title: str, role: str):
    fixtures = datasets.load(Path("fixtures"))
    names = RoleNames(
        [(one.id, one.name, (*one.aliases_en, *one.aliases_zh)) for one in fixtures.roles.values()]
    )
    assert names.within(title) == role
