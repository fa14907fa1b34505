"""Banks go in and out whole, and what was asked is never changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from groundwork.accounts import actors
from groundwork.assessments import exporting, importing, measuring
from groundwork.assessments.importing import Report
from groundwork.assessments.models import Item, ItemBank
from groundwork.core.actors import SYSTEM, VISITOR
from groundwork.events.models import AuditEntry
from tests import builders, cast

SHIPPED = Path(__file__).parents[3] / "fixtures" / "assessments" / "foundation-and-core.jsonl"
TEXT = SHIPPED.read_text(encoding="utf-8")
ITEMS = len(TEXT.splitlines()) - 1


@pytest.fixture(autouse=True)
def _skills(db: None) -> None:  # rows need the database
    for line in TEXT.splitlines()[1:]:
        builders.make_skill(json.loads(line)["skill"])


def take_in(text: str = TEXT, **options: Any) -> Report:
    return importing.import_bank(text, actor=SYSTEM, now=timezone.now(), **options)


def changed(**fields: Any) -> str:
    lines = TEXT.splitlines()
    lines[1] = json.dumps({**json.loads(lines[1]), **fields})
    return "\n".join(lines)


def test_what_is_imported_is_exported_as_it_came():
    assert take_in() == Report(created=ITEMS)
    assert exporting.export_bank(ItemBank.objects.get()) == TEXT
    assert AuditEntry.objects.filter(action="item-bank.imported").count() == 1


def test_a_second_import_changes_nothing():
    take_in()
    before = list(Item.objects.values())
    assert take_in() == Report(unchanged=ITEMS)
    assert list(Item.objects.values()) == before
    assert AuditEntry.objects.filter(action="item-bank.imported").count() == 1


def test_a_dry_run_reports_the_same_and_writes_nothing():
    assert take_in(dry_run=True) == Report(created=ITEMS)
    assert not ItemBank.objects.exists()
    assert not AuditEntry.objects.filter(action="item-bank.imported").exists()


def test_another_question_under_the_same_id_is_another_row():
    take_in()
    stem = {"en": "Another question?", "zh": "另一个问题？"}
    assert take_in(changed(stem=stem)) == Report(replaced=1, unchanged=ITEMS - 1)
    old, new = Item.objects.filter(code="cpp-01").order_by("pk")
    assert old.retired_at
    assert new.retired_at is None
    assert new.stem_en == "Another question?"


def test_another_level_is_the_same_question():
    take_in()
    before = Item.objects.get(code="cpp-01").pk
    assert take_in(changed(level=3)) == Report(updated=1, unchanged=ITEMS - 1)
    assert (Item.objects.get(code="cpp-01").pk, Item.objects.get(code="cpp-01").level) == (before, 3)


def test_an_item_that_left_the_file_is_retired():
    take_in()
    assert take_in("\n".join(TEXT.splitlines()[:-1])) == Report(unchanged=ITEMS - 1, retired=1)
    assert Item.objects.current().count() == ITEMS - 1


def test_a_bank_with_a_wrong_line_is_refused_whole():
    report = take_in(changed(level=7))
    assert [str(error) for error in report.errors] == ["line 2: level must be a whole number from 1 to 5"]
    assert not ItemBank.objects.exists()


def test_an_organisations_bank_is_seen_by_its_people_alone():
    people = cast.gather()
    take_in(organisation=people.ours)
    ada, otto = actors.of_user(people.ada), actors.of_user(people.otto)
    assert ItemBank.objects.visible_to(ada).count() == 1
    assert Item.objects.visible_to(ada).count() == ITEMS
    for actor in (otto, VISITOR):
        assert not ItemBank.objects.visible_to(actor).exists()
        assert not Item.objects.visible_to(actor).exists()


def test_the_command_checks_imports_and_exports(tmp_path, capsys):
    call_command("item_bank", "check", str(SHIPPED))
    assert not ItemBank.objects.exists()
    call_command("item_bank", "import", str(SHIPPED))
    capsys.readouterr()
    call_command("item_bank", "export", "foundation-and-core")
    assert capsys.readouterr().out == TEXT
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text(changed(level=7), encoding="utf-8")
    with pytest.raises(CommandError, match="line 2: level"):
        call_command("item_bank", "import", str(wrong))


def test_without_answers_there_is_not_enough_data():
    take_in()
    found = measuring.measure(Item.objects.all())
    assert {(one.answers, one.statistics, one.drifts) for one in found.values()} == {(0, None, None)}


# --- what ships with us ---


def ship(root: Path, text: str = TEXT) -> dict[Path, Report]:
    (root / "assessments").mkdir(exist_ok=True)
    (root / "assessments" / "bank.jsonl").write_text(text, encoding="utf-8")
    return importing.import_shipped(root, actor=SYSTEM, now=timezone.now())


def test_shipped_banks_are_loaded_once(tmp_path, django_assert_num_queries):
    assert list(ship(tmp_path).values()) == [Report(created=ITEMS)]
    with django_assert_num_queries(1):
        assert ship(tmp_path) == {}


def test_an_upgrade_brings_new_items_and_new_versions(tmp_path):
    ship(tmp_path, "\n".join(TEXT.splitlines()[:86]))
    upgraded = changed(stem={"en": "Another question?", "zh": "另一个问题？"})
    assert list(ship(tmp_path, upgraded).values()) == [
        Report(created=ITEMS - 85, replaced=1, unchanged=84),
    ]
    assert ship(tmp_path, upgraded) == {}
    assert Item.objects.current().count() == ITEMS
    assert Item.objects.count() == ITEMS + 1


def test_a_stewards_version_stays_until_ours_changes(tmp_path):
    ship(tmp_path)
    take_in(changed(level=5))
    assert ship(tmp_path) == {}
    assert Item.objects.current().get(code="cpp-01").level == 5
    assert list(ship(tmp_path, TEXT + "\n").values()) == [Report(updated=1, unchanged=ITEMS - 1)]


def test_a_wrong_shipped_bank_is_named_and_tried_again(tmp_path):
    for _ in range(2):
        (report,) = ship(tmp_path, changed(level=7)).values()
        assert [error.line for error in report.errors] == [2]
    assert not ItemBank.objects.exists()
    assert list(ship(tmp_path).values()) == [Report(created=ITEMS)]


def test_checking_tells_how_much_the_options_give_away(capsys):
    call_command("item_bank", "check", str(SHIPPED))
    out = capsys.readouterr().out
    for language in ("en", "zh"):
        assert f"{language}: the right option is the longest one in" in out
