"""The example people and feeder profiles: complete, resolvable, free of contact details."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
CONTACT_DETAILS = re.compile(
    r"[\w.+-]+@[\w-]+\.\w+"  # e-mail
    r"|(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"  # Chinese mobile number
    r"|\+\d[\d ()-]{6,}\d"  # international number
    r"|(?<!\d)\d{3,4}[ -]\d{3,4}[ -]\d{3,4}(?!\d)"  # grouped number; year ranges have two groups only
)

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ids(name: str) -> set[str]:
    return {row["id"] for row in rows(name)}


PEOPLE = rows("people/people.csv")
FEEDERS = rows("people/feeders.csv")
LEVELS = rows("people/levels.csv")
FEEDER_LEVELS = rows("people/feeder_levels.csv")


def cv_of(person: Row) -> str:
    return (FIXTURES / person["cv"]).read_text(encoding="utf-8")


def test_there_are_at_least_sixteen_people_from_all_three_layers() -> None:
    layers = {row["id"]: row["layer"] for row in rows("frameworks/roles.csv")}
    count = Counter(layers[person["role"]] for person in PEOPLE)

    assert len(PEOPLE) >= 16
    assert count["foundation"] >= 10
    assert count["technology"] >= 1
    assert count["compound"] >= 10


@pytest.mark.parametrize("table", [PEOPLE, FEEDERS], ids=["people", "feeders"])
def test_ids_are_unique_and_both_names_are_there(table: list[Row]) -> None:
    assert max(Counter(row["id"] for row in table).values()) == 1
    assert all(row["name_en"].strip() and row["name_zh"].strip() for row in table)


def test_every_person_is_marked_as_an_example_and_has_both_headlines() -> None:
    for person in PEOPLE:
        assert person["name_en"].endswith("(example)")
        assert person["name_zh"].endswith("（示例）")
        assert person["headline_en"].strip()
        assert person["headline_zh"].strip()


def test_every_role_has_at_least_two_feeders() -> None:
    feeders = Counter(role for feeder in FEEDERS for role in feeder["roles"].split("|"))

    assert set(feeders) == ids("frameworks/roles.csv")
    assert min(feeders.values()) >= 2


def test_people_point_to_a_known_role_and_a_feeder_of_that_role() -> None:
    feeds = {feeder["id"]: feeder["roles"].split("|") for feeder in FEEDERS}

    assert [p["id"] for p in PEOPLE if p["role"] not in feeds[p["feeder"]]] == []


@pytest.mark.parametrize(
    ("table", "owner", "owners"),
    [(LEVELS, "person", PEOPLE), (FEEDER_LEVELS, "feeder", FEEDERS)],
    ids=["people", "feeders"],
)
def test_levels_resolve_and_stand_on_the_scale(table: list[Row], owner: str, owners: list[Row]) -> None:
    pairs = Counter((row[owner], row["skill"]) for row in table)

    assert max(pairs.values()) == 1
    assert {row[owner] for row in table} == {row["id"] for row in owners}
    assert {row["skill"] for row in table} - ids("frameworks/skills.csv") == set()
    assert {row["level"] for row in table} <= set("12345")


def test_evidence_is_dated_and_some_of_it_is_old_enough_to_fade() -> None:
    dates = [date.fromisoformat(row["evidenced_on"]) for row in LEVELS]

    assert min(dates).year <= 2020
    assert all(2019 <= day.year <= 2026 for day in dates)
    assert all(row["provenance"] for row in LEVELS)


def test_people_study_a_plausible_number_of_hours_a_week() -> None:
    assert all(6 <= int(person["hours_per_week"]) <= 15 for person in PEOPLE)


@pytest.mark.parametrize("person", PEOPLE, ids=[person["id"] for person in PEOPLE])
def test_every_cv_is_substantial_and_holds_no_contact_details(person: Row) -> None:
    text = cv_of(person)
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))

    assert len(text) >= 200
    assert (chinese > 200) == (person["language"] == "zh")
    assert CONTACT_DETAILS.search(text) is None


def test_both_languages_are_well_represented() -> None:
    languages = Counter(person["language"] for person in PEOPLE)

    assert min(languages["en"], languages["zh"]) >= len(PEOPLE) // 3


@pytest.mark.parametrize(
    "text",
    ["wei@example.org", "138 0000 0000", "+44 20 7946 0000", "555-010-0199"],
)
def test_the_contact_pattern_catches_what_it_is_for(text: str) -> None:
    assert CONTACT_DETAILS.search(f"Contact: {text}.")


def test_the_contact_pattern_lets_year_ranges_pass() -> None:
    assert CONTACT_DETAILS.search("2014 - 2018, 2019.05 – 2026.06, 2020-2024") is None
