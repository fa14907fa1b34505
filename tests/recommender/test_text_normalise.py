"""Folding, tokens and search terms of English, Chinese and mixtures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.text.normalise import fold, spelling
from recommender.text.tokens import sentences, terms, tokenise, words_of


def test_full_width_letters_and_signs_become_ordinary_ones():
    assert fold("Ｃ＋＋／Ｐｙｔｈｏｎ３").text == "C++/Python3"


def test_a_span_of_the_folded_text_leads_back_to_the_original():
    original = "ﬁne-tuning\u200b of ＬＬＭs"
    folded = fold(original)
    start = folded.lower.index("llm")
    assert original[slice(*folded.span(start, start + 3))] == "ＬＬＭ"


def test_a_letter_whose_lower_case_is_longer_does_not_shift_positions():
    folded = fold("İstanbul Python")
    assert len(folded.text) == len(folded.lower)
    start = folded.lower.index("python")
    assert "İstanbul Python"[slice(*folded.span(start, start + 6))] == "Python"


@given(st.text())
def test_folding_never_breaks_and_every_character_knows_its_origin(text):
    folded = fold(text)
    assert len(folded.text) == len(folded.lower) == len(folded.origin)
    assert list(folded.origin) == sorted(folded.origin)
    assert all(0 <= index < len(text) for index in folded.origin)


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("optimisation", "optimization"),
        ("vectorised", "vectorized"),
        ("modelling", "modeling"),
        ("centre", "center"),
        ("behavioural", "behavioral"),
        ("haematology", "hematology"),
    ],
)
def test_british_and_american_spelling_compare_equal(british, american):
    assert spelling(british) == spelling(american)


@pytest.mark.parametrize("word", ["this", "data", "basis", "four", "hour", "rising", "数据"])
def test_words_that_only_look_british_stay(word):
    assert spelling(word) == word


def test_tokens_keep_language_names_whole_and_part_chinese_from_english():
    assert words_of("熟悉Python和C++、C#") == ("熟", "悉", "python", "和", "c++", "、", "c#")


def test_a_version_number_is_left_out_of_the_base_only():
    (token,) = tokenise(fold("Python3"))
    assert (token.text, token.base) == ("python3", "python")


def test_sentences_end_at_points_lines_and_chinese_stops_but_not_inside_names():
    text = "Uses node.js daily. Knows C++\n熟悉Java。了解Go"
    assert [text[start:end].strip() for start, end in sentences(text)] == [
        "Uses node.js daily",
        "Knows C++",
        "熟悉Java",
        "了解Go",
    ]


def test_search_terms_drop_stop_words_numbers_and_plurals():
    assert terms("the analysis of 3 networks") == ["analysis", "network"]


def test_search_terms_of_chinese_are_pairs_of_neighbours():
    assert terms("机器学习") == ["机器", "器学", "学习"]
