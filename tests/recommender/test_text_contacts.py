"""Contact details leave a text; everything else stays where it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.text.contacts import redact


@pytest.mark.parametrize(
    "detail",
    [
        "ada@example.org",
        "ada.lovelace+cv@mail.example.co.uk",
        "+44 20 7946 0018",
        "+86 138-0013-8000",
        "13800138000",
        "010-88886666",
        "(555) 010-0199",
        "https://example.org/ada?x=1",
        "www.example.org/ada",
        "linkedin.com/in/ada-lovelace",
        "github.com/ada",
        "t.me/ada_l",
        "11010519491231002X",
        "078-05-1120",
    ],
)
def test_a_contact_detail_is_blotted_out_in_place(detail):
    text = f"Ada Lovelace, {detail}, Python since 2018"
    blotted = redact(text)
    assert len(blotted) == len(text)
    assert detail not in blotted
    assert blotted.startswith("Ada Lovelace, *")
    assert blotted.endswith(", Python since 2018")


@pytest.mark.parametrize(
    "text", ["电话：8888 6666", "手机 010 5555 66", "Tel: 555 0199", "微信：ada_lovelace88", "QQ: 1234567"]
)
def test_a_label_gives_a_short_number_or_handle_away(text):
    assert "*" in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "2018-2024",
        "2018.03-2020.05",
        "03/2018 - 05/2020",
        "2014 2017 2019",
        "01.02.2018 - 03.04.2020",
        "served 1,200,000 users with 35% less latency",
        "ISO 26262, C++17, GB/T 22239",
        "Python@home",
        "SSE4.2 and AVX-512",
        "email marketing, mobile development, phone support since 2019",
    ],
)
def test_dates_and_figures_stay(text):
    assert redact(text) == text


@given(st.text())
def test_any_text_keeps_its_length(text):
    assert len(redact(text)) == len(text)
