"""What people make of links becomes training rows that point to nobody."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.core.management import call_command

from benchmarks import linking_training
from benchmarks.training import vocabulary_rows
from groundwork.frameworks import vocabulary
from groundwork.frameworks.models import LinkDecision, Skill
from groundwork.learners import linking
from recommender.evaluation.gold_labels import read_gold
from recommender.matching.targets import Target
from tests import builders

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)
TEXT = "Skills: Python at an expert level, SQL. Most of the work was segmentation of medical images."


@pytest.fixture
def found():
    builders.make_skill("python", name_en="Python", name_zh="Python 语言")
    builders.make_skill("sql", name_en="SQL", name_zh="SQL 语言")
    builders.make_skill(
        "medical-image-segmentation", name_en="Medical image segmentation", name_zh="医学图像分割"
    )
    return {one.skill: one for one in linking.find_skills(TEXT, on_date=DAY)}


def decisions():
    return {row.skill.slug: row for row in LinkDecision.objects.select_related("skill")}


def test_each_find_is_noted_with_what_became_of_it(found):
    kept = {"python": found["python"].level, "sql": found["sql"].level + 1}
    linking.record_decisions(found.values(), kept, on_date=DAY)
    rows = decisions()
    assert {slug: row.decision for slug, row in rows.items()} == {
        "python": "confirmed",
        "sql": "changed",
        "medical-image-segmentation": "passed",
    }
    row = rows["medical-image-segmentation"]
    assert (row.words, row.language, row.method) == ("segmentation of medical images", "en", "words")
    assert 0.3 <= row.probability < 0.8
    assert (row.linker, row.decided_on) == (vocabulary.linker().version, DAY)


def test_a_certain_find_that_is_left_out_was_rejected(found):
    linking.record_decisions([found["python"]], {}, on_date=DAY)
    assert decisions()["python"].decision == "rejected"


def test_what_was_decided_is_not_noted_again(found):
    again = linking.record_decisions(found.values(), {"python": 3}, on_date=DAY)
    linking.record_decisions(again, {}, on_date=DAY)
    assert LinkDecision.objects.count() == 3


def test_a_row_holds_no_person_and_no_text():
    names = {field.name for field in LinkDecision._meta.get_fields()}
    assert names == {
        *("id", "words", "language", "skill", "decision", "probability", "method", "linker", "decided_on")
    }


def test_the_export_is_what_the_training_reads(found, tmp_path):
    linking.record_decisions(found.values(), {"python": 3}, on_date=DAY)
    path = tmp_path / "decisions.csv"
    call_command("export_link_decisions", "--out", str(path))
    assert read_gold(path) == {"Python": {"Python"}}
    asked = {one.sentence: one for one in vocabulary_rows.decided(path)}
    assert asked["Python"].named == {"python"}
    assert asked["SQL"].named == frozenset()
    assert asked["SQL"].judged == frozenset({"sql"})
    assert "segmentation of medical images" not in asked


def test_confirmed_words_of_skills_with_a_concept_train_the_large_ranking(found, tmp_path):
    Skill.objects.filter(slug="python").update(esco_uri="uri:python")
    linking.record_decisions(found.values(), {"python": 3, "sql": 3}, on_date=DAY)
    path = tmp_path / "decisions.csv"
    call_command("export_link_decisions", "--out", str(path))
    targets = [Target(id="uri:python", label="Python (computer programming)")]
    assert linking_training.decided(path, targets) == {"Python": {"Python (computer programming)"}}


def test_the_export_goes_to_the_standard_output_as_well(found, capsys):
    linking.record_decisions(found.values(), {}, on_date=DAY)
    call_command("export_link_decisions")
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["skill"] for row in rows} == set(found)
