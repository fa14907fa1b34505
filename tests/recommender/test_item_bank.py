"""Item banks: what is written is read again, and every wrong line is named at once."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.datasets import item_bank, item_cues, rows
from recommender.datasets.item_bank import BankItem, ItemBank
from recommender.datasets.loading import SKILL_COLUMNS
from recommender.domain import Label
from recommender.errors import MalformedInputError
from recommender.estimators import ability

FIXTURES = Path(__file__).parents[2] / "fixtures"
HEAD: dict[str, Any] = {
    "format": "groundwork-item-bank/1",
    "id": "example",
    "name": {"en": "Example", "zh": "示例"},
    "author": "Groundwork",
    "licence": "Apache-2.0",
    "difficulty_basis": {"en": "The author's estimate.", "zh": "作者的估计。"},
}
ITEM: dict[str, Any] = {
    "id": "cpp-01",
    "skill": "cpp",
    "level": 2,
    "stem": {"en": "Which one?", "zh": "哪一个？"},
    "options": [{"en": f"number {n}", "zh": f"第{n}个"} for n in range(4)],
    "key": "b",
    "why": {"en": "Because.", "zh": "因为。"},
}


def lines(*found: Any) -> str:
    return "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in found)


def problems(text: str, **options: Any) -> list[str]:
    reading = item_bank.read(text, **options)
    assert (reading.bank is None) == bool(reading.errors)
    return [str(error) for error in reading.errors]


def test_a_bank_is_read():
    bank = item_bank.read(lines(HEAD, ITEM), skills={"cpp"}).bank
    assert bank is not None
    assert (bank.id, bank.name.zh, len(bank.items)) == ("example", "示例", 1)
    item = bank.items[0]
    assert (item.skill, item.level, item.key, item.options[1].zh) == ("cpp", 2, 1, "第1个")


def test_an_item_starts_at_the_difficulty_of_its_level_with_the_chance_of_a_guess():
    bank = item_bank.read(lines(HEAD, ITEM)).bank
    assert bank is not None
    measured = bank.items[0].measured()
    assert measured == ability.Item(id="cpp-01", difficulty=ability.difficulty_at(2), chance=0.25)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"level": 6}, "line 2: level must be a whole number from 1 to 5"),
        ({"level": True}, "line 2: level must be a whole number from 1 to 5"),
        ({"level": "3"}, "line 2: level must be a whole number from 1 to 5"),
        ({"key": "e"}, "line 2: key names an option that is not there: there are 4"),
        ({"key": ""}, "line 2: key must be one letter from a to f"),
        ({"key": "ab"}, "line 2: key must be one letter from a to f"),
        ({"skill": "sorcery"}, "line 2: skill sorcery is not in the vocabulary"),
        ({"id": "Cpp 1"}, "line 2: id must be lower-case words joined by hyphens, at most 80 characters"),
        ({"stem": {"en": "Only English"}}, 'line 2: stem must be {"en": "..", "zh": ".."}'),
        ({"stem": {"en": "x", "zh": " "}}, "line 2: stem must be text and not empty"),
        ({"why": {"en": "x" * 1001, "zh": "x"}}, "line 2: why is longer than 1000 characters"),
        ({"why": {"en": "a\0b", "zh": "x"}}, "line 2: why holds a character that cannot be stored"),
        ({"options": ITEM["options"][:2]}, "line 2: options must be a list of 3 to 6 options"),
        ({"options": "abcd"}, "line 2: options must be a list of 3 to 6 options"),
        ({"options": [*ITEM["options"][:3], {"en": "number 0 ", "zh": "别的"}]},
         "line 2: options hold the same text twice"),
        ({"colour": "red"}, "line 2: unknown field colour"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_item_is_said_with_its_line(change, problem):
    assert problems(lines(HEAD, {**ITEM, **change}), skills={"cpp"}) == [problem]


def test_every_wrong_line_is_named_at_once_and_right_ones_are_not():
    without_key = {name: value for name, value in ITEM.items() if name != "key"}
    text = lines(HEAD, {**ITEM, "level": 0, "key": "z"}, "", ITEM, "{broken", without_key, ITEM)
    assert problems(text) == [
        "line 2: level must be a whole number from 1 to 5",
        "line 2: key must be one letter from a to f",
        "line 5: is not JSON (Expecting property name enclosed in double quotes, column 2)",
        "line 6: key is missing",
        "line 7: id is that of line 4",
        "line 7: stem is that of line 4",
        "line 7: stem is that of line 4",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1: the file is empty"),
        (lines(HEAD), "line 1: the bank holds no items"),
        (lines({**HEAD, "format": "qti"}, ITEM), "line 1: format must be groundwork-item-bank/1"),
        (lines({**HEAD, "licence": ""}, ITEM), "line 1: licence must be text and not empty"),
        (lines([1], ITEM), "line 1: expected a JSON object with fields"),
        (lines('{"id": "a", "id": "b"}', ITEM), "line 1: holds a field twice"),
        (lines(HEAD, "[" * 100_000), "line 2: "),
    ],
)
def test_what_is_wrong_with_the_file_is_said(text, problem):
    assert problems(text)[0].startswith(problem)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    broken = tmp_path / "broken.jsonl"
    broken.write_bytes(b"\xff\xfe\xff")
    for path in (broken, tmp_path / "absent.jsonl"):
        with pytest.raises(MalformedInputError, match=re.escape(str(path))):
            item_bank.load(path)
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text(lines(HEAD, {**ITEM, "level": 9}), encoding="utf-8")
    with pytest.raises(MalformedInputError, match="line 2: level"):
        item_bank.load(wrong)


words = st.text(min_size=1, max_size=30).map(str.strip).filter(lambda text: text and "\0" not in text)
labels = st.builds(lambda en, zh: Label(en=en, zh=zh), words, words)


@st.composite
def banks(draw: st.DrawFn) -> ItemBank:
    count = draw(st.integers(1, 4))
    options = draw(st.integers(3, 6))
    items = tuple(
        BankItem(
            id=f"item-{n}",
            skill=draw(st.sampled_from(["cpp", "python"])),
            level=draw(st.integers(1, 5)),
            stem=Label(en=f"{n} {draw(words)}", zh=f"{n} 问 {draw(words)}"),
            options=tuple(Label(en=f"{m} {draw(words)}", zh=f"{m} 选 {draw(words)}") for m in range(options)),
            key=draw(st.integers(0, options - 1)),
            why=draw(labels),
        )
        for n in range(count)
    )
    return ItemBank(
        id="drawn",
        name=draw(labels),
        author=draw(words),
        licence=draw(words),
        difficulty_basis=draw(labels),
        items=items,
    )


@given(banks())
def test_what_is_written_is_read_again(bank):
    assert item_bank.read(item_bank.write(bank)).bank == bank


@given(st.text())
def test_no_text_is_too_strange_to_be_refused_politely(text):
    problems(text)
    # What follows a sound bank either is blank or is complained of, line by line.
    before = lines(HEAD, ITEM).count("\n") + 1
    found = item_bank.read(lines(HEAD, ITEM) + "\n" + text)
    assert (found.bank is None) == bool(found.errors) == bool(text.strip())
    assert all(error.line > before for error in found.errors)


# --- the bank that ships ---

SHIPPED = FIXTURES / "assessments" / "foundation-and-core.jsonl"


@pytest.fixture(scope="module")
def shipped() -> ItemBank:
    skills = {
        row.text("id")
        for row in rows.read_rows(FIXTURES / "frameworks" / "skills.csv", columns=SKILL_COLUMNS)
    }
    return item_bank.load(SHIPPED, skills=skills)


def test_the_shipped_bank_is_written_as_it_stands(shipped):
    assert item_bank.write(shipped) == SHIPPED.read_text(encoding="utf-8")


def of_skills(bank: ItemBank) -> dict[str, list[BankItem]]:
    found = defaultdict(list)
    for item in bank.items:
        found[item.skill].append(item)
    return found


def test_the_shipped_bank_is_large_enough_for_adaptive_assessments(shipped):
    by_skill = of_skills(shipped)
    assert len(by_skill) >= 9
    for skill, items in by_skill.items():
        levels = Counter(item.level for item in items)
        assert len(items) >= 14, skill
        assert all(levels[level] >= 2 for level in range(1, 6)), skill


def test_the_letter_of_the_key_gives_nothing_away(shipped):
    keys = Counter(item.key for item in shipped.items)
    assert max(keys.values()) <= 0.3 * len(shipped.items)
    for items in of_skills(shipped).values():
        of_skill = Counter(item.key for item in items)
        assert set(of_skill) == {0, 1, 2, 3}
        assert max(of_skill.values()) <= 0.3 * len(items)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_length_of_the_key_gives_nothing_away(shipped, language):
    assert len(item_cues.longest(shipped.items, language=language)) <= 0.25 * len(shipped.items)
    for skill, items in of_skills(shipped).items():
        assert len(item_cues.longest(items, language=language)) <= 0.3 * len(items), skill
    # Nor may it always be the shortest, or one of those between.
    assert max(item_cues.by_length(shipped.items, language=language)) <= 0.33


def test_every_item_of_the_shipped_bank_is_in_both_languages(shipped):
    han = re.compile(r"[\u4e00-\u9fff]")
    for item in shipped.items:
        assert len(item.options) == 4
        assert han.search(item.stem.zh), item.id
        assert not han.search(item.stem.en + item.why.en + "".join(option.en for option in item.options))
        assert item.stem.en.count("`") % 2 == item.stem.zh.count("`") % 2 == 0
        # Code is code in either language.
        en, zh = (set(re.findall("`[^`]*`", text)) for text in (item.stem.en, item.stem.zh))
        assert en == zh, item.id
