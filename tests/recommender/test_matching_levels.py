"""The level guess of a CV: from which words, dates and sections, and never too kind."""

from __future__ import annotations

import pytest

from recommender.domain import HalfLife, Label, Skill, SkillKind
from recommender.matching.cv import CurriculumVitae
from recommender.matching.linker import SkillLinker
from recommender.matching.links import ReasonCode, SectionKind, SkillLink


def make_skill(key: str, en: str, zh: str, half_life: HalfLife = HalfLife.TOOL) -> Skill:
    return Skill(id=key, name=Label(en=en, zh=zh), kind=SkillKind.TECHNOLOGY, half_life=half_life)


LINKER = SkillLinker(
    [
        make_skill("python", "Python", "Python"),
        make_skill("java", "Java", "Java"),
        make_skill("cpp", "C++", "C++"),
        make_skill("sql", "SQL", "SQL"),
        make_skill("cuda", "CUDA", "CUDA"),
        make_skill("deep-learning", "Deep learning", "深度学习"),
        make_skill("linear-algebra", "Linear algebra", "线性代数", HalfLife.FOUNDATION),
    ]
)

ENGLISH_CV = """Ada Example

OBJECTIVE
An engineering position around CUDA.

EXPERIENCE
2019 - present  Java developer, a shop
- services in Java, reports with SQL

03/2015 - 12/2018  Tester, a bank
- SQL checks

PROJECTS
2022  A game in C++

EDUCATION
2011 - 2015  BSc, with linear algebra and Python

INTERESTS
Deep learning podcasts
"""


def level(text: str, skill: str) -> int:
    return next(link.level for link in LINKER.link(text) if link.skill == skill)


def link_of(text: str, skill: str, *, this_year: int | None = None) -> SkillLink:
    return next(link for link in LINKER.link(text, this_year=this_year) if link.skill == skill)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Expert in Python", 4),
        ("精通Python", 4),
        ("Proficient: Java, SQL, Python", 3),
        ("熟练使用Python", 3),
        ("掌握Java、SQL、Python", 3),
        ("strong knowledge of Python", 3),
        ("具有丰富的Python开发经验", 3),
        ("Familiar with Java and Python", 2),
        ("熟悉Python", 2),
        ("Basic knowledge of Python", 1),
        ("basic Python, advanced Java skills", 1),
        ("了解Python", 1),
        ("正在学习Python", 1),
        ("currently learning Python", 1),
        ("Python (expert)", 4),
        ("Python - basic, Java - expert", 1),
        ("Java (basic), Python", 2),
        ("Java精通、Python了解、SQL熟练", 1),
        ("精通Java，熟悉SQL，了解Python", 1),
        ("深入了解Python", 3),
        ("对Python只是略懂", 1),
        ("会一点Python", 1),
        ("I know Java and some Python", 1),
        ("read about Python in a book", 1),
    ],
)
def test_words_of_judgement_set_the_level(text, expected):
    assert level(text, "python") == expected


@pytest.mark.parametrize(
    ("text", "years", "expected"),
    [
        ("8 years of Python", 8, 4),
        ("5+ years of experience in Python", 5, 3),
        ("five years with Python", 5, 3),
        ("Python: 4 years", 4, 3),
        ("Python developer with 6 years of experience", 6, 4),
        ("Python (2 yrs)", 2, 2),
        ("5年Python开发经验", 5, 3),
        ("三年以上Python经验", 3, 3),
        ("十二年Python开发", 12, 4),
        ("eleven years in Python", 11, 4),
    ],
)
def test_years_set_the_level_and_are_the_reason(text, years, expected):
    link = link_of(text, "python")
    assert link.level == expected
    assert (link.reason.code, link.reason.args["years"]) == (ReasonCode.YEARS, years)


@pytest.mark.parametrize(
    "text",
    [
        "graduated 2015, then Python",
        "2015年毕业，会Python",
        "7 years of Java and Python",
        "a 30 years old engineer, Python",
        "deep learning in Python",
        "Master of Science, Visual Basic, Python",
        "an expert system in Python",
    ],
)
def test_numbers_and_words_about_something_else_are_no_reason(text):
    assert level(text, "python") == 2


def test_a_judgement_in_the_list_of_skills_goes_before_the_dates_of_jobs():
    text = "Experience\n2012 - 2024 Java developer\n- Java\n\nSkills\nFamiliar: Java\n"
    assert level(text, "java") == 2


def test_no_text_makes_anyone_an_expert():
    text = "World-class expert in Python, 35 years of Python, mastery of Python\nSkills\nexpert: Python"
    assert level(text, "python") == 4


def test_a_senior_title_suggests_independence():
    link = link_of("Senior Java developer", "java")
    assert (link.level, link.reason.code) == (3, ReasonCode.SENIORITY)
    assert level("高级Java工程师", "java") == 3


def test_dated_jobs_add_up_and_the_running_year_closes_the_last():
    link = link_of(ENGLISH_CV, "sql", this_year=2026)
    assert (link.level, dict(link.reason.args)) == (3, {"years": 10, "entries": 2})
    assert link.evidenced_on == 2026


def test_without_a_running_year_the_latest_year_of_the_text_closes_a_job():
    assert link_of(ENGLISH_CV, "java").evidenced_on == 2022


def test_a_single_project_shows_assisted_use_and_its_year():
    link = link_of(ENGLISH_CV, "cpp", this_year=2026)
    assert (link.level, link.section, link.evidenced_on) == (2, SectionKind.PROJECTS, 2022)


def test_foundations_are_learnt_at_university_tools_only_met_there():
    assert link_of(ENGLISH_CV, "linear-algebra").level == 2
    assert link_of(ENGLISH_CV, "python").level == 1
    assert link_of(ENGLISH_CV, "python").evidenced_on == 2015


def test_an_interest_is_awareness_and_an_objective_is_nothing():
    assert link_of(ENGLISH_CV, "deep-learning").level == 1
    assert "cuda" not in {link.skill for link in LINKER.link(ENGLISH_CV)}


def test_an_objective_ends_with_its_paragraph():
    text = "Objective: to build great things with people who like to build great things\n\nI write Java.\n"
    assert level(text, "java") == 2


def test_a_reason_travels_as_json():
    assert link_of("5 years of Java", "java").reason.to_json() == {
        "code": "years",
        "args": {"years": 5, "cue": "5 years"},
    }


def test_chinese_sections_and_dates_are_read():
    text = (
        "张三\n\n工作经历\n2018年3月-2020年5月　某公司\nJava开发\n"
        "2020.06—至今　另一家公司\nPython\n\n一、专业技能\nSQL\n"
    )
    cv = CurriculumVitae(text, this_year=2026)
    kinds = [section.kind for section in cv.sections]
    assert kinds == [SectionKind.EXPERIENCE, SectionKind.SKILLS]
    assert [(entry.first, entry.last) for entry in cv.entries] == [(2018, 2020), (2020, None)]
    assert cv.years_of(cv.entries[1]) == (2020, 2026)


def test_headings_are_found_where_a_pdf_lost_its_line_breaks():
    text = "Ada Example TECHNICAL SKILLSLanguages: Java Professional Experience: 2020 - now SQL EDUCATIONBSc"
    cv = CurriculumVitae(text)
    assert cv.section_at(text.index("SQL")) is SectionKind.EXPERIENCE
    assert cv.section_at(text.index("BSc")) is SectionKind.EDUCATION


def test_a_range_that_runs_backwards_is_no_entry():
    assert CurriculumVitae("2024 - 2018 somewhere").entries == ()
