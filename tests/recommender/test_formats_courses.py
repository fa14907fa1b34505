"""Course tables and their durations, in the wordings of several catalogues."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal

import pytest

from recommender.errors import MalformedInputError
from recommender.formats import course_mappings, courses, durations
from recommender.formats.found import Finding


@pytest.mark.parametrize(
    ("text", "hours", "estimated"),
    [
        ("1.5 hours", "1.5", False),
        ("1,5 hours", "1.5", False),
        ("14 total hours", "14", False),
        ("1h 30m", "1.5", False),
        ("45 mins", "0.75", False),
        ("2 小时", "2", False),
        ("PT1H30M", "1.5", False),
        ("pt45m", "0.75", False),
        ("2-4 hours", "3", True),
        ("Approx. 20 hours to complete", "20", True),
        ("Less Than 2 Hours", "2", True),
        ("3 - 6 Months", "78", True),
        ("1 - 4 Weeks", "10", True),
        ("P6W", "24", True),
        ("P3M", "52", True),
        ("6 weeks, 5 hours per week", "30", True),
    ],
)
def test_durations_become_hours(text, hours, estimated):
    found = durations.parse(text, hours_a_week=Decimal(4))
    assert found is not None
    assert (found.hours, found.estimated) == (Decimal(hours), estimated)


@pytest.mark.parametrize("text", ["3 - 6 Months", "P6W", "7 Weeks"])
def test_a_calendar_without_effort_is_unknown(text):
    assert durations.parse(text) is None


@pytest.mark.parametrize(
    "text", ["soon", "", "P", "PT", "5", "0 hours", "3 hours per week", "99999 hours", "-3 hours", "P1.2.3W"]
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(durations.NoDurationError):
        durations.parse(text, hours_a_week=Decimal(4))


def test_effort_is_the_middle_of_its_range():
    assert durations.parse_effort("3–5 hours per week") == 4
    assert durations.parse_effort("6") == 6
    with pytest.raises(durations.NoDurationError):
        durations.parse_effort("much")


def read(tmp_path, text, preset, name="table.csv"):
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    found = list(courses.read(courses.source(path), course_mappings.mapping(preset)))
    records = [one.value for one in found if not isinstance(one, Finding)]
    told = [(one.line, one.code.value, one.weight.value) for one in found if isinstance(one, Finding)]
    return records, told


def test_coursera(tmp_path):
    text = (
        "Title,Organization,course_url,Difficulty,Duration\n"
        "Weaving,Loom School,https://c.example/weaving,Beginner,3 - 6 Months\n"
        "Knots,Loom School,https://c.example/knots,Mixed,\n"
    )
    (weaving, knots), told = read(tmp_path, text, "coursera")
    assert (weaving.hours, weaving.hours_estimated, weaving.level) == (78, True, "beginner")
    assert weaving.slug.startswith("coursera-c-example-weaving-")
    assert (knots.hours, knots.level, knots.price, knots.price_class) == (None, "", None, "")
    assert told == []


def test_edx_takes_effort_and_length_together(tmp_path):
    text = (
        "title,institution,level,subject,language,course_effort,course_length,price,course_url\n"
        "Weaving,L,Introductory,Craft,English,3–5 hours per week,7 Weeks,FREE,https://e.example/1\n"
        "Knots,L,Advanced,Craft,Klingon tongue,,7 Weeks,,https://e.example/2\n"
        "Nets,L,Advanced,Craft,Spanish,,7 Weeks,,https://e.example/3\n"
    )
    (weaving, nets), told = read(tmp_path, text, "edx")
    assert (weaving.hours, weaving.hours_estimated, weaving.language) == (28, True, "en")
    assert (nets.hours, nets.language) == (None, "es")
    assert told == [(3, "word", "bad")]


def test_mit_and_rpi_take_units_and_credits_as_estimates(tmp_path):
    mit = (
        "number,title,department,level,total_units,prerequisites,url\n"
        "1.00,Weaving,1,undergraduate,12,None,\n"
        "1.000,Weaving II,1,graduate,0,1.00,\n"
    )
    (one, two), told = read(tmp_path, mit, "mit", name="courses.csv.gz")
    assert (one.hours, one.hours_estimated, two.hours) == (168, True, None)
    assert one.slug != two.slug
    assert one.price_class == "university"
    rpi = "course_code,title,department,credit_hours,raw_precoreqs\nW-10,Weaving,W,2-4,Prerequisite: W-9.\n"
    (three,), _told = read(tmp_path, rpi, "rpi")
    assert (three.hours, three.hours_estimated, three.prerequisites_text) == (135, True, "Prerequisite: W-9.")
    assert told == []


def test_titles_lose_entities_and_invisible_marks(tmp_path):
    text = "title,url,author_or_provider,section,language\nA &amp; B&rlm;,not a url,P&rlm;,S,pt_BR\n"
    (record,), told = read(tmp_path, text, "free-programming")
    assert (record.title, record.provider, record.url, record.language) == ("A & B", "P", "", "pt-br")
    assert (record.price, record.price_class, record.licence) == (0, "free", "CC BY 4.0")
    assert told == [(2, "address", "note")]


def test_a_row_that_is_broken_costs_that_row(tmp_path):
    text = "course_code,title,department,credit_hours,raw_precoreqs\nA,Too,few\nB,Knots,W,many,\n"
    (record,), told = read(tmp_path, text, "rpi")
    assert (record.title, record.hours) == ("Knots", None)
    assert told == [(2, "cells", "bad"), (3, "number", "note")]


def test_a_missing_column_is_said_at_once(tmp_path):
    with pytest.raises(MalformedInputError, match="has no column"):
        read(tmp_path, "a,b\n1,2\n", "udemy")


@pytest.mark.parametrize(
    "broken",
    [
        {"origin": "Upper Case"},
        {"origin": "seed"},
        {"format": "film"},
        {"levels": {"x": "godlike"}},
        {"hours": {"factor": 0}},
        {"hours": {"unit": "moons"}},
        {"columns": {"id": "x"}},
        {"columns": {"title": "x", "colour": "y"}},
        {"language": ""},
        {"unheard": "of"},
    ],
)
def test_a_mapping_that_is_none_is_refused(tmp_path, broken):
    good = {"origin": "house", "language": "en", "columns": {"title": "name"}}
    path = tmp_path / "how.json"
    path.write_text(json.dumps(good))
    assert course_mappings.mapping(str(path)).origin == "house"
    path.write_text(json.dumps(good | broken))
    with pytest.raises(MalformedInputError):
        course_mappings.mapping(str(path))


def test_a_mapping_may_be_toml(tmp_path):
    path = tmp_path / "how.toml"
    path.write_text(
        'origin = "house"\nlanguage = "en"\n[columns]\ntitle = "name"\n[hours]\na_week = 2.5\n'
        '[levels]\nEasy = "beginner"\n'
    )
    how = course_mappings.mapping(str(path))
    assert (how.hours.a_week, how.levels) == (Decimal("2.5"), {"easy": "beginner"})


@pytest.mark.parametrize("text", ["{", '{"a": []}', '"x"', "[" * 100_000])
def test_json_that_holds_no_courses_is_refused(tmp_path, text):
    with pytest.raises(MalformedInputError):
        read(tmp_path, text, "udemy", name="table.json")


def test_moochub_is_read_by_paths(tmp_path):
    course = {
        "id": "8978f51e-770c-4d0a-a2e3-23fae8f6aa79",
        "type": "Course",
        "attributes": {
            "name": "Weaving",
            "url": "https://m.example/weaving",
            "inLanguage": ["de", "en"],
            "duration": "PT20H",
            "publisher": {"name": "Loom School", "type": "Organization"},
            "license": [{"identifier": "CC-BY-4.0", "url": "https://licence.example"}],
        },
    }
    silent = {"id": "2", "type": "Course", "attributes": {"name": "Knots", "inLanguage": None}}
    text = json.dumps({"links": {}, "data": [course, silent]})
    (record,), told = read(tmp_path, text, "moochub", name="page.json")
    assert (record.title, record.provider, record.language) == ("Weaving", "Loom School", "de")
    assert (record.hours, record.hours_estimated, record.licence) == (20, False, "CC-BY-4.0")
    assert record.slug == "moochub-8978f51e-770c-4d0a-a2e3-23fae8f6aa79"
    assert told == [(2, "empty", "bad")]


def test_a_mapping_of_the_shape_of_moochub_keeps_providers_apart(tmp_path):
    path = tmp_path / "school.toml"
    path.write_text('origin = "loom-school"\nshape = "moochub"\n')
    attributes = {"name": "Weaving", "inLanguage": ["de"], "keywords": ["cloth"]}
    (record,), told = read(
        tmp_path, json.dumps({"data": [{"id": "7", "attributes": attributes}]}), str(path), name="page.json"
    )
    assert (record.slug, record.keywords, told) == ("loom-school-7", ("cloth",), [])
    path.write_text('origin = "loom-school"\nshape = "round"\n[columns]\ntitle = "x"\nlanguage = "y"\n')
    with pytest.raises(MalformedInputError, match="shape"):
        course_mappings.mapping(str(path))


def test_descriptions_and_keywords_are_kept_and_missed_by_nobody(tmp_path):
    header = "Course Name,University,Difficulty Level,Course Rating,Course URL,Course Description,Skills\n"
    row = 'Weaving,Loom,Beginner,5,https://c.example/1,"<p>Cloth &amp; yarn</p>",Cloth  Yarn  Cloth\n'
    (record,), _told = read(tmp_path, header + row, "coursera-2021")
    assert (record.description, record.keywords) == ("Cloth & yarn", ("Cloth", "Yarn"))
    shorter = (
        "Course Name,University,Difficulty Level,Course URL\nWeaving,Loom,Beginner,https://c.example/1\n"
    )
    (record,), _told = read(tmp_path, shorter, "coursera-2021")
    assert (record.description, record.keywords) == ("", ())


def test_microsoft_learn(tmp_path):
    module = {
        "uid": "learn.weaving",
        "title": "Weave",
        "levels": ["beginner"],
        "duration_in_minutes": 45,
        "url": "https://l.example/weave",
        "locale": "en-us",
    }
    (record,), told = read(tmp_path, json.dumps({"modules": [module]}), "microsoft-learn", name="all.json")
    assert (record.hours, record.hours_estimated, record.level) == (1, True, "beginner")
    assert (record.language, record.price, record.price_class) == ("en-us", 0, "free")
    assert told == []
