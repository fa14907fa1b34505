"""Sentences for people: nothing of a data file or of Django stays untranslated in them."""

from __future__ import annotations

import csv
from datetime import date
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from groundwork.web import wording
from tests.interfaces.web.test_visitor import CHINESE


def test_every_source_of_the_catalogue_is_worded():
    rows: list[dict[str, str]] = []
    for path in (settings.FIXTURES / "catalogue" / "courses").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file)
    assert rows
    assert {row["source"] for row in rows} <= set(wording.COURSE_SOURCES)
    assert {one for row in rows for one in wording.clauses_of(row["provenance"])} <= set(wording.PROVENANCE)


def test_a_source_is_a_sentence_in_the_readers_language():
    provenance = "unverified (general knowledge); levels editorial"
    worded = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            worded[language] = wording.course_source("general_knowledge", provenance=provenance)
    assert worded["en"] == "general knowledge of the editors: unverified · levels editorial."
    assert worded["zh-hans"] == "编辑常识：未核实 · 等级由编辑设定。"


def test_an_unknown_source_is_shown_as_it_stands():
    with translation.override("en"):
        assert wording.course_source("someone", provenance="seen; heard") == "someone: seen · heard."


def test_what_will_lapse_comes_before_what_has_lapsed():
    day = date(2026, 5, 1)
    lapses = [SimpleNamespace(skill=SimpleNamespace(name="Old"), level=2, to_level=1, on=day, is_past=True)]
    lapses += [SimpleNamespace(skill=SimpleNamespace(name="New"), level=2, to_level=1, on=day, is_past=False)]
    with translation.override("en"):
        page = render_to_string("web/_lapses.html", {"lapses": lapses})
    assert page.index("New") < page.index("1 has lapsed already") < page.index("Old")


@pytest.mark.django_db
def test_a_short_password_is_refused_in_chinese(client: Client):
    form = {"email": "new@example.com", "password1": "short", "password2": "short"}
    page = client.post("/accounts/signup/", form, headers=CHINESE).content.decode()
    assert "密码太短，至少需要 10 个字符。" in page
    assert "This password" not in page
