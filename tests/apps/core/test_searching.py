"""Search by words and by pinyin: on the columns at hand, in the database, and who keeps them."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation

from groundwork.catalogue.models import Course
from groundwork.core import pinyin, searching
from groundwork.core.actors import SYSTEM
from groundwork.frameworks import terms
from groundwork.frameworks.models import Role, Skill, UnknownTerm
from tests import builders

NAMES = ("AI芯片架构师", "AI chip architect", "C++ 编程", "重庆数据中心")


def found(said: str) -> bool:
    """Whether any of NAMES is found, as one row."""
    text, spelt = searching.key_of_words(NAMES), searching.key_of_pinyin(NAMES)
    return searching.found_in(said, text=text, pinyin=spelt)


@pytest.mark.parametrize(
    "said",
    ["xinpian", "xp", "XP", "xinpianjia", "xpjgs", "aixp", "jiagoushi", "jgs", "chongqing", "sjzx", "bc"],
)
def test_pinyin_finds_chinese_in_full_and_by_initials(said: str):
    assert found(said)


@pytest.mark.parametrize("said", ["芯片", "架构", "AI 架构师", "ａｉ", "chip", "ARCH", "c++", "芯片 xp", ""])
def test_words_are_found_in_both_languages(said: str):
    assert found(said)


@pytest.mark.parametrize("said", ["hip", "inpian", "ji", "c", "芯片 xq", "zhongqing", "片芯"])
def test_what_is_within_a_word_or_too_short_is_not(said: str):
    assert not found(said)


@pytest.mark.parametrize("word", sorted(pinyin.READINGS))
def test_words_of_the_field_are_read_as_they_are_said(word: str):
    assert " ".join(pinyin.syllables(word)) == pinyin.READINGS[word]
    assert pinyin.syllables(f"性能{word}") == ["xing", "neng", *pinyin.READINGS[word].split()]


def test_punctuation_alone_asks_for_nothing():
    assert searching.asked("% _ ，") == []


def test_names_are_sorted_by_pinyin_for_who_reads_chinese():
    pairs = [(name, searching.key_of_pinyin([name])) for name in ("网络", "编程", "云计算", "AI芯片")]
    with translation.override("zh-hans"):
        ordered = sorted(pairs, key=lambda pair: searching.order_of(pair[0], pinyin=pair[1]))
    assert [name for name, _pinyin in ordered] == ["AI芯片", "编程", "网络", "云计算"]


def test_the_dictionary_stays_away_from_who_only_reads():
    code = (
        "import django, sys; django.setup(); import groundwork.urls;"
        "from groundwork.frameworks.models import Role; str(Role.objects.searched('xinpian').query);"
        "assert 'pypinyin' not in sys.modules"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "groundwork.settings", "PATH": ""}
    paths = [str(settings.ROOT / "platform"), str(settings.ROOT)]
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        env={**environment, "PYTHONPATH": ":".join(paths)},
        timeout=60,
    )


@pytest.mark.django_db
def test_roles_are_found_by_name_field_and_skill():
    builders.make_skill("chips", name_en="Chip design", name_zh="芯片设计", aliases_zh=["集成电路"])
    one = builders.make_role("architect", requires={"chips": 3}, name_zh="架构师", domain_zh="智能硬件")
    builders.make_role("other", requires={"python": 2})
    for said in ("xinpian", "xp", "芯片", "jcdl", "chip architect", "jgs zhinengyingjian"):
        assert list(Role.objects.searched(said)) == [one], said
    assert not Role.objects.searched("xp other").exists()
    assert Role.objects.searched("  ").count() == 2


@pytest.mark.django_db
def test_courses_are_found_by_title_and_by_what_they_teach():
    builders.make_skill("chips", name_en="Chip design", name_zh="芯片设计")
    one = builders.make_course("first", title_zh="入门", title_en="First steps", teaches={"chips": 2})
    builders.make_course("second")
    for said in ("rumen", "rm", "xpsj", "first", "step chip"):
        assert list(Course.objects.searched(said)) == [one], said


@pytest.mark.django_db
def test_every_way_of_writing_names_keeps_the_columns():
    skill = builders.make_skill("chips", name_zh="芯片设计")
    skill.name_zh = "电路设计"
    skill.save()
    assert " dianlusheji " in Skill.objects.get(pk=skill.pk).search_pinyin
    row = UnknownTerm.objects.create(
        term="流片",
        example="流片",
        language="zh",
        plain=True,
        first_seen=date(2026, 1, 1),
        last_seen=date(2026, 1, 1),
    )
    terms.make_alias(row, skill=skill, actor=SYSTEM)
    skill.refresh_from_db()
    assert "流片" in skill.search_text
    assert " liupian " in skill.search_pinyin
    Skill.objects.update(search_text="", search_pinyin="")
    searching.fill(Skill)
    assert " dianlusheji " in Skill.objects.get(pk=skill.pk).search_pinyin


@pytest.mark.django_db
def test_the_real_roles_skills_and_courses_are_found_by_pinyin():
    call_command("seed", verbosity=0)
    assert {"ai-chip-architect", "ai-chip-design-verification-engineer"} <= set(
        Role.objects.searched("xinpian").values_list("slug", flat=True)
    )
    assert Role.objects.searched("xp").count() >= 2
    assert Role.objects.searched("linchuang").exists()
    assert Course.objects.searched("shenduxuexi").exists()
    assert not Skill.objects.filter(search_text="").exists()
    call_command("seed", verbosity=0)
    assert Role.objects.searched("xpjgs").exists()
