"""Skills, roles, requirements and demand: complete, resolvable, without shared aliases."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest

FRAMEWORKS = Path(__file__).resolve().parents[2] / "fixtures" / "frameworks"
KINDS = {"foundation", "technology", "application", "domain", "cross-cutting"}
SOURCES = set("ENJCG")

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (FRAMEWORKS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SKILLS = rows("skills")
ROLES = rows("roles")
REQUIREMENTS = rows("role_requirements")
DEMAND = rows("demand")
TERMS = rows("demand_terms")
HALF_LIVES = {row["half_life"]: row for row in rows("half_lives")}
SKILL_IDS = {row["id"] for row in SKILLS}
ROLE_IDS = {row["id"] for row in ROLES}


def many(row: Row, column: str) -> list[str]:
    return [item for item in row[column].split("|") if item]


def of_role(role: Row) -> list[Row]:
    return [row for row in REQUIREMENTS if row["role"] == role["id"]]


def shared(named: list[Row]) -> dict[str, set[str]]:
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for row in named:
        for text in (
            row["name_en"],
            row["name_zh"],
            *many(row, "aliases_en"),
            *many(row, "aliases_zh"),
        ):
            owners[text.casefold()].add(row["id"])
    return {text: ids for text, ids in owners.items() if len(ids) > 1}


def test_there_are_enough_skills_and_all_roles() -> None:
    assert len(SKILLS) == len(SKILL_IDS) >= 300
    assert len(ROLES) == len(ROLE_IDS) == len({row["code"] for row in ROLES}) == 29
    assert Counter(row["layer"] for row in ROLES) == {"foundation": 10, "technology": 5, "compound": 14}


def test_no_alias_belongs_to_two_skills_or_two_roles() -> None:
    assert shared(SKILLS) == {}
    assert shared(ROLES) == {}


@pytest.mark.parametrize("skill", SKILLS, ids=lambda row: row["id"])
def test_a_skill_is_complete(skill: Row) -> None:
    assert skill["name_en"].strip()
    assert skill["name_zh"].strip()
    assert skill["provenance"]
    assert skill["kind"] in KINDS
    assert skill["half_life"] in HALF_LIVES
    assert 2 <= len(many(skill, "aliases_en")) <= 25
    assert 1 <= len(many(skill, "aliases_zh")) <= 9
    assert skill["esco_uri"] == "" or skill["esco_uri"].startswith("http://data.europa.eu/esco/skill/")


def test_no_two_skills_share_an_esco_link() -> None:
    linked = Counter(row["esco_uri"] for row in SKILLS if row["esco_uri"])
    assert linked.total() >= 100
    assert max(linked.values()) == 1


def test_half_lives_are_labelled_as_assumptions() -> None:
    assert {name: int(row["months"]) for name, row in HALF_LIVES.items()} == {
        "tool": 18,
        "method": 48,
        "foundation": 120,
    }
    for row in HALF_LIVES.values():
        assert row["basis_en"].startswith("Assumption")
        assert "假设" in row["basis_zh"]


def test_requirements_resolve_and_stay_in_range() -> None:
    pairs = [(row["role"], row["skill"]) for row in REQUIREMENTS]
    assert len(pairs) == len(set(pairs))
    for row in REQUIREMENTS:
        assert row["role"] in ROLE_IDS, row
        assert row["skill"] in SKILL_IDS, row
        assert {int(row["level"]), int(row["weight"])} <= set(range(1, 6)), row
        assert row["essential"] in {"0", "1"}, row
        assert row["part"] in {"ai", "domain", "general"}, row
        assert set(row["source"].split(",")) <= SOURCES, row
        assert row["provenance"], row


@pytest.mark.parametrize("role", ROLES, ids=lambda row: row["id"])
def test_a_role_is_complete(role: Row) -> None:
    for column in ("domain", "name", "aliases", "summary", "priority_reason"):
        assert all(role[f"{column}_{language}"] for language in ("en", "zh")), column
    assert role["priority"] in {"1", "2", "3"}
    assert "doi:10.12267/j.issn.2096-5931.2021.05.002" in role["priority_source"]
    essential = sum(row["essential"] == "1" for row in of_role(role))
    assert 12 <= essential <= 18
    assert any(row["weight"] == "5" for row in of_role(role))


@pytest.mark.parametrize("role", ROLES, ids=lambda row: row["id"])
def test_only_compound_roles_join_two_halves_by_a_project(role: Row) -> None:
    essential_parts = {row["part"] for row in of_role(role) if row["essential"] == "1"}
    if role["layer"] == "compound":
        assert {"ai", "domain"} <= essential_parts
        assert role["integration_course"] == f"prj-integration-{role['code'].lower()}"
    else:
        assert "domain" not in essential_parts
        assert role["integration_course"] == ""


def test_every_role_has_one_demand_row_and_its_terms_resolve() -> None:
    postings = {row["role"]: int(row["postings"]) for row in DEMAND}
    assert postings.keys() == ROLE_IDS
    assert len(DEMAND) == len(ROLE_IDS)
    assert all(row["source"] and row["as_of"] and row["note_en"] and row["note_zh"] for row in DEMAND)
    for row in TERMS:
        assert row["skill"] == "" or row["skill"] in SKILL_IDS, row
        assert 0 < int(row["postings"]) <= postings[row["role"]], row
    assert max(Counter(row["role"] for row in TERMS).values()) <= 12
