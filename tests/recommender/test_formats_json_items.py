"""Lists in JSON are read item by item; a broken one costs itself only, where items stand on lines."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import MalformedInputError
from recommender.formats import json_items
from recommender.formats.files import Source


def walked(tmp_path, text, *, name="list.json"):
    path = tmp_path / name
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return list(json_items.walk(Source(name=name, path=path)))


def items(rows):
    return [
        (row.name, row.number, row.value if row.error is None else row.error.code.value)
        for row in rows
        if isinstance(row, json_items.Item)
    ]


@pytest.mark.parametrize("name", ["list.json", "list.json.gz"])
def test_members_and_items_come_in_their_order(tmp_path, name):
    text = '\ufeff {"a": [1, "x", {"b": [2.50]}], "c": {"d": 1}, "e": [], "f": null} \n'
    rows = walked(tmp_path, text, name=name)
    assert items(rows) == [("a", 1, 1), ("a", 2, "x"), ("a", 3, {"b": [Decimal("2.50")]})]
    members = [(row.name, row.value) for row in rows if isinstance(row, json_items.Member)]
    assert members == [("c", {"d": 1}), ("e", []), ("f", None)]


def test_an_outermost_list_has_no_name(tmp_path):
    assert items(walked(tmp_path, "[1, 2]")) == [("", 1, 1), ("", 2, 2)]


@pytest.mark.parametrize(
    "text",
    ["", "7", "[1", "[1,]", "[1 2]", '{"a" 1}', '{"a": 1', "{1: 2}", "[1] 2", "[NaN]", '{"a": [1, }', "["],
)
def test_what_is_no_json_is_refused(tmp_path, text):
    with pytest.raises(MalformedInputError):
        walked(tmp_path, text)


@pytest.mark.parametrize("piece", [1, 2, 7, 64])
@pytest.mark.parametrize("indent", [None, 0, 1, 4])
def test_pieces_of_any_size_give_the_same(tmp_path, monkeypatch, piece, indent):
    monkeypatch.setattr(json_items, "PIECE", piece)
    values = [{"n": number, "text": '漢字 \U0001f600 \\ " ', "list": [[1], {}]} for number in range(5)]
    text = json.dumps({"head": {"x": "y"}, "rows": values}, ensure_ascii=False, indent=indent)
    assert items(walked(tmp_path, text)) == [("rows", n, value) for n, value in enumerate(values, start=1)]


@pytest.mark.parametrize("piece", [3, 1 << 20])
def test_the_items_behind_a_broken_one_are_read(tmp_path, monkeypatch, piece):
    monkeypatch.setattr(json_items, "PIECE", piece)
    text = (
        '{"a": [\n{"n": 1},\n{"n": 2,,},\n{"n": "3},\n{"n": 4}\n{"n": 5},\n{"n": 6\n],\n"b": [\n{"n": 7}\n]}'
    )
    assert items(walked(tmp_path, text)) == [
        ("a", 1, {"n": 1}),
        ("a", 2, "syntax"),
        ("a", 3, "syntax"),
        ("a", 4, {"n": 4}),
        # No comma stands before it.
        ("a", 5, "syntax"),
        ("a", 6, "syntax"),
        ("b", 1, {"n": 7}),
    ]


def test_a_bracket_left_open_ends_somewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(json_items, "LONGEST_VALUE", 100)
    rows = walked(tmp_path, '[\n{"n": [1,\n{"n": 2}\n]')
    assert items(rows) == [("", 1, "syntax"), ("", 2, {"n": 2})]


@pytest.mark.parametrize(
    ("item", "code"),
    [('{"x": "\\u0000"}', "control"), ('{"x": "\\ud83d"}', "encoding"), ('{"\\u0000": 1}', "control")],
)
def test_texts_that_no_database_takes_cost_their_item(tmp_path, item, code):
    assert items(walked(tmp_path, f"[{item}, 2]")) == [("", 1, code), ("", 2, 2)]


def test_a_pair_of_surrogates_is_one_letter(tmp_path):
    assert items(walked(tmp_path, '["\\ud83d\\ude00"]')) == [("", 1, "\U0001f600")]


def test_bytes_that_are_no_text_cost_their_item(tmp_path):
    assert items(walked(tmp_path, b'["caf\xe9", "tea"]')) == [("", 1, "encoding"), ("", 2, "tea")]


TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(exclude_categories=["Cs"], min_codepoint=1)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3),
    max_leaves=12,
)


@given(values=st.lists(TREES, max_size=5), indent=st.sampled_from([None, 1, 2]))
def test_whatever_json_writes_is_read_as_it_was(tmp_path_factory, values, indent):
    folder = tmp_path_factory.mktemp("json")
    assert [row[2] for row in items(walked(folder, json.dumps(values, indent=indent)))] == values
