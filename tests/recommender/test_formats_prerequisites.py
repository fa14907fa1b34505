"""Prerequisites as catalogues write them become and/or groups; nothing is lost and nothing crashes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.formats.circles import circles, never_open
from recommender.formats.needs import Flag, NeedKind
from recommender.formats.prerequisites import parse

PERMISSION = "permission of instructor"


def groups(text):
    return [[[need.text for need in one] for one in group] for group in parse(text).groups]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("None", []),
        ("", []),
        ("6.100A", [[["6.100A"]]]),
        ("6.100A, (18.05/18.600)", [[["6.100A"]], [["18.05"], ["18.600"]]]),
        ("Calculus II (GIR), 18.03", [[["Calculus II (GIR)"]], [["18.03"]]]),
        (f"(18.03, 2.001)/''{PERMISSION}''", [[["18.03", "2.001"], [PERMISSION]]]),
        ("Prerequisites: MATH 2010 and MATH 2400.", [[["MATH 2010"]], [["MATH 2400"]]]),
        ("CSCI 1100 or CSCI 1200", [[["CSCI 1100"], ["CSCI 1200"]]]),
        ("CSCI 2200, CSCI 2300, and MATH 2010", [[["CSCI 2200"]], [["CSCI 2300"]], [["MATH 2010"]]]),
        ("CHEM 1100, CHEM 1110 or CHEM 1120", [[["CHEM 1100"], ["CHEM 1110"], ["CHEM 1120"]]]),
        ("PHIL/PSYC 2120", [[["PHIL 2120"], ["PSYC 2120"]]]),
        (
            f"MANE 2710 and MANE 2720; or {PERMISSION}.",
            [[["MANE 2710", "MANE 2720"], [PERMISSION]]],
        ),
        (
            "MATH 2400 Introduction to Equations and (PHYS 1200 or PHYS 1250 Physics II).",
            [[["MATH 2400"]], [["PHYS 1200"], ["PHYS 1250"]]],
        ),
    ],
)
def test_what_is_asked_for(text, expected):
    assert groups(text) == expected
    assert not parse(text).flags


def test_corequisites_are_told_apart():
    needs = [group[0][0] for group in parse("Prerequisite: ARCH 2530; Corequisite: ARCH 2820").groups]
    assert [(need.text, need.together) for need in needs] == [("ARCH 2530", False), ("ARCH 2820", True)]


def test_words_nobody_understands_are_kept_and_flagged():
    found = parse("Prerequisite: ARTS 1200 or portfolio review by instructor")
    assert Flag.TEXT in found.flags
    assert found.groups[0][1][0].kind is NeedKind.TEXT
    assert found.raw.endswith("by instructor")


def test_advice_is_no_prerequisite():
    found = parse("CSCI 2300 and CSCI 2600; experience in graphics such as ECSE 4750 is recommended.")
    assert found.courses == ("CSCI 2300", "CSCI 2600")
    assert Flag.NOTE in found.flags


def test_and_beside_or_without_parentheses_is_flagged():
    found = parse("CHEM 2250 and BIOL 1010 or BIOL 2120")
    assert Flag.MIXED in found.flags
    assert len(found.groups) == 2


@given(st.text(alphabet="AB12.,;/()' orandCSMH\n。，或", max_size=60) | st.text(max_size=60))
def test_any_text_is_read_without_an_error(text):
    found = parse(text)
    assert found.raw == text
    assert all(one for group in found.groups for one in group)


def test_circles_and_what_can_never_be_taken():
    assert circles({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["d"], "e": ["a"]}) == [("a", "b", "c"), ("d",)]
    # b may be entered from outside, so the circle of a and b is none in practice.
    assert never_open({"a": [[["b"]]], "b": [[["a"], ["x"]]], "c": [[["c"]]]}) == {"c"}
