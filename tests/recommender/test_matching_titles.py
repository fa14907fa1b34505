"""Job titles in anyone's words lead to roles."""

from __future__ import annotations

import pytest

from recommender.domain import Label
from recommender.matching.links import Method
from recommender.matching.titles import TitleMatcher

MATCHER = TitleMatcher(
    [
        (
            "ai-compiler-engineer",
            Label(en="AI compiler engineer", zh="AI编译器工程师"),
            ["ML compiler engineer"],
        ),
        ("kernel-engineer", Label(en="GPU kernel engineer", zh="算子开发工程师"), ["CUDA engineer"]),
        ("ai-credit-risk", Label(en="AI credit risk engineer", zh="智能信贷风控工程师"), ["credit modeller"]),
    ]
)


@pytest.mark.parametrize(
    "title", ["AI Compiler Engineer", "Senior ML compiler engineer (remote)", "高级AI编译器工程师"]
)
def test_a_name_of_a_role_is_exact_whatever_the_rank(title):
    best = MATCHER.match(title)[0]
    assert (best.role, best.score, best.method) == ("ai-compiler-engineer", 1.0, Method.ALIAS)


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Engineer for compilers", "ai-compiler-engineer"),
        ("kernel developer, GPU", "kernel-engineer"),
        ("credit risk analyst", "ai-credit-risk"),
        ("信贷风控分析师", "ai-credit-risk"),
        ("算子工程师", "kernel-engineer"),
    ],
)
def test_other_words_lead_to_the_nearest_role_below_certainty(title, role):
    best = MATCHER.match(title)[0]
    assert (best.role, best.method) == (role, Method.NEAREST)
    assert best.score < 1


def test_a_title_of_another_world_leads_nowhere():
    assert MATCHER.match("Pastry chef") == ()
    assert MATCHER.match("") == ()
    assert TitleMatcher([]).match("AI compiler engineer") == ()


def test_each_role_is_named_once_and_the_limit_holds():
    found = MATCHER.match("engineer", limit=2)
    assert len(found) == len({one.role for one in found}) <= 2
