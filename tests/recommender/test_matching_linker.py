"""Skills in free text: what is found, what is not, and where."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.domain import HalfLife, Label, Skill, SkillKind
from recommender.matching.linker import MOST_SUGGESTIONS, SkillLinker
from recommender.matching.links import CONFIRMATION_THRESHOLD, Method, SkillLink, accepted


def make_skill(
    key: str,
    en: str,
    zh: str,
    *,
    aliases_en: Sequence[str] = (),
    aliases_zh: Sequence[str] = (),
    half_life: HalfLife = HalfLife.METHOD,
) -> Skill:
    return Skill(
        id=key,
        name=Label(en=en, zh=zh),
        kind=SkillKind.TECHNOLOGY,
        half_life=half_life,
        aliases_en=tuple(aliases_en),
        aliases_zh=tuple(aliases_zh),
    )


VOCABULARY = [
    make_skill("python", "Python", "Python语言"),
    make_skill("java", "Java", "Java语言"),
    make_skill("cpp", "C++", "C++语言"),
    make_skill("c-language", "C (programming language)", "C语言"),
    make_skill("r-language", "R (programming language)", "R语言"),
    make_skill("go-language", "Go (programming language)", "Go语言", aliases_en=["Golang"]),
    make_skill("sql", "SQL", "SQL"),
    make_skill("sas", "SAS", "SAS软件"),
    make_skill("excel", "Microsoft Excel", "Excel表格", aliases_en=["Excel"]),
    make_skill("ros", "ROS / ROS 2", "机器人操作系统", aliases_en=["ROS", "ROS 2"]),
    make_skill("linux", "Linux", "Linux"),
    make_skill("kubernetes", "Kubernetes", "容器编排", aliases_en=["K8s"]),
    make_skill("pytorch", "PyTorch", "PyTorch框架"),
    make_skill("apache-spark", "Apache Spark", "Spark计算", aliases_en=["Spark"]),
    make_skill("machine-learning", "Machine learning", "机器学习", aliases_en=["ML models"]),
    make_skill("deep-learning", "Deep learning", "深度学习"),
    make_skill("statistics", "Statistics", "统计学", aliases_zh=["统计"], half_life=HalfLife.FOUNDATION),
    make_skill("physics", "Physics", "物理学", aliases_zh=["物理"], half_life=HalfLife.FOUNDATION),
    make_skill("ethics", "Ethics", "伦理学", aliases_zh=["伦理"], half_life=HalfLife.FOUNDATION),
    make_skill("algorithms", "Algorithms", "算法", half_life=HalfLife.FOUNDATION),
    make_skill(
        "data-structures", "Data structures", "数据结构", aliases_en=["data structures and algorithms"]
    ),
    make_skill("medical-image-segmentation", "Medical image segmentation", "医学图像分割"),
    make_skill("mathematical-optimisation", "Mathematical optimisation", "数学优化"),
    make_skill("programming-basics", "Programming fundamentals", "程序设计基础"),
]
LINKER = SkillLinker(VOCABULARY)


def linked(text: str) -> dict[str, SkillLink]:
    """Skill -> link; the implied one is left out, it has tests of its own."""
    return {link.skill: link for link in LINKER.link(text) if link.skill != "programming-basics"}


def test_a_skill_is_found_by_name_in_any_case_with_the_words_it_rests_on():
    text = "Wrote services in PYTHON for years"
    link = linked(text)["python"]
    assert (link.method, link.words, link.span) == (Method.ALIAS, "PYTHON", (18, 24))
    assert not link.needs_confirmation


def test_a_chinese_line_without_blanks_yields_its_skills():
    assert set(linked("熟悉Python和C++，做过机器学习与深度学习项目")) == {
        "python",
        "cpp",
        "machine-learning",
        "deep-learning",
    }


def test_full_width_letters_are_read_and_the_words_are_those_of_the_text():
    assert linked("精通Ｐｙｔｈｏｎ")["python"].words == "Ｐｙｔｈｏｎ"


def test_the_longest_alias_wins_and_its_named_part_is_not_lost():
    found = linked("data structures and algorithms")
    assert found["data-structures"].words == "data structures and algorithms"
    assert found["algorithms"].words == "algorithms"


def test_plurals_hyphens_and_american_spelling_are_the_same_skill():
    assert set(linked("mathematical optimization; machine-learning; medical image segmentations")) == {
        "mathematical-optimisation",
        "machine-learning",
        "medical-image-segmentation",
    }


def test_a_version_number_does_not_hide_a_skill():
    assert {"python", "ros"} <= set(linked("Python3, ROS2, Linux"))


def test_an_alias_is_no_part_of_a_longer_word():
    assert linked("JavaScript, Pythonic, SQLite, Linuxbrew, pythonista") == {}


def test_all_mentions_of_one_skill_are_one_link_with_all_spans():
    text = "Python at work; at home Python too"
    link = linked(text)["python"]
    assert [text[start:end] for start, end in link.spans] == ["Python", "Python"]


def test_one_letter_languages_count_in_a_list_of_languages():
    assert {"c-language", "r-language", "go-language"} <= set(linked("Languages: Python, R, C, Go"))


def test_one_letter_languages_count_beside_words_of_programming():
    assert "r-language" in linked("five years of programming in R.")
    assert "c-language" in linked("drivers written in C.")


@pytest.mark.parametrize(
    "text",
    [
        "R&D manager",
        "reports to C-level executives",
        "Vitamin C and hepatitis C",
        "J. R. Smith and John C. Miller",
        "We go live every month",
        "Go-getter who can go far",
        "I always excel at delivery",
        "Excel at communication",
        "Does this spark joy?",
        "a spark of interest",
        "member of the ethics committee",
        "伦理委员会秘书",
        "系统计算平台",
        "物理机部署",
        "collected statistics",
        "leaning on others; leaping ahead",
    ],
)
def test_ordinary_words_are_no_skills(text):
    assert linked(text) == {}


def test_excel_and_go_are_skills_where_they_are_meant():
    assert {"excel", "go-language"} <= set(linked("Go developer who lives in Word, Excel and PowerPoint"))


def test_a_doubtful_word_must_be_confirmed():
    link = linked("Led SAS flights to Oslo")["sas"]
    assert link.needs_confirmation
    assert link.confidence < CONFIRMATION_THRESHOLD


def test_a_name_of_an_employer_must_be_confirmed():
    assert linked("某机器学习公司")["machine-learning"].needs_confirmation


@pytest.mark.parametrize(
    ("text", "skill"),
    [("kuberntes", "kubernetes"), ("Pytorh", "pytorch"), ("machin learning", "machine-learning")],
)
def test_a_slip_of_the_pen_is_understood_but_must_be_confirmed(text, skill):
    link = linked(f"used {text} daily")[skill]
    assert (link.method, link.words) == (Method.TYPO, text)
    assert link.needs_confirmation


@pytest.mark.parametrize("text", ["statistical", "physical", "pyth", "Jave", "casual learning"])
def test_another_word_is_no_typo(text):
    assert linked(f"There were some {text} things in a report that I read last year") == {}
    assert linked(f"some {text} things") == {}


def test_words_in_another_order_are_suggested_and_must_be_confirmed():
    link = linked("Most of the work was segmentation of medical images")["medical-image-segmentation"]
    assert link.method is Method.WORDS
    assert (link.words, link.label) == ("segmentation of medical images", "Medical image segmentation")
    assert link.needs_confirmation


def test_a_short_text_is_read_as_one_phrase_and_answered_with_the_nearest_name():
    link = linked("learning machines")["machine-learning"]
    assert (link.method, link.label, link.words) == (Method.NEAREST, "Machine learning", "learning machines")
    assert 0.5 <= link.confidence < 1


def test_suggestions_stay_few_however_long_the_text():
    text = "\n".join(f"Year {n}: segmentation of the medical images of ward {n}" for n in range(300))
    assert len(LINKER.link(text)) <= 1 + MOST_SUGGESTIONS


def test_nothing_is_suggested_where_a_name_stands_or_was_refused():
    for text in ("machine learning for machines that go on learning", "I excel at excelling in Excelsior"):
        assert all(link.method is Method.ALIAS for link in LINKER.link(text))


def test_names_alone_can_be_asked_for():
    text = "Most of the work was segmentation of medical images, in Python"
    assert {link.skill for link in LINKER.link(text, suggest=False)} == {"python", "programming-basics"}


def test_a_text_is_read_for_skills_and_for_what_is_none_of_ours_at_once():
    read = LINKER.read("Skills: Python, SQL, Frobnicator, Linux.")
    assert read.links == LINKER.link("Skills: Python, SQL, Frobnicator, Linux.")
    assert [one.words for one in read.outside] == ["Frobnicator"]


def test_another_vocabulary_is_another_version_of_the_linker():
    assert LINKER.version == SkillLinker(VOCABULARY).version != SkillLinker(VOCABULARY[1:]).version


def test_a_chinese_paraphrase_is_suggested():
    assert linked("从事医学图像的分割与配准研究")["medical-image-segmentation"].method is Method.WORDS


def test_a_common_word_alone_suggests_nothing():
    assert linked("learning the ropes of medical billing") == {}


@pytest.mark.parametrize(
    "text",
    [
        "no experience with Kubernetes, Python or Java",
        "I have never used Python",
        "I am not familiar with Linux",
        "without any knowledge of SQL",
        "I would like to learn Python and PyTorch",
        "I'd love to get into machine learning",
        "Python: none",
        "不熟悉Python",
        "没有Java经验",
        "Python不熟悉，Java了解较少",
        "没有用过Kubernetes",
        "希望学习深度学习",
        "对机器学习感兴趣",
        "求职意向：机器学习工程师",
        "Objective: a position in machine learning",
    ],
)
def test_what_is_denied_or_only_wished_for_is_no_skill(text):
    assert linked(text) == {}


@pytest.mark.parametrize(
    ("text", "skills"),
    [
        ("No experience with Kubernetes, but I know Java well.", {"java"}),
        ("Not only Python but also C++", {"python", "cpp"}),
        ("没有Java经验，但熟悉Python", {"python"}),
        ("做过无监督的机器学习", {"machine-learning"}),
        ("熟悉Linux，但对Kubernetes不太了解", {"linux"}),
    ],
)
def test_a_denial_ends_where_a_claim_begins(text, skills):
    assert set(linked(text)) == skills


def test_nothing_is_read_out_of_contact_details():
    assert linked("python.dev@java.example.org, https://example.org/sql/linux, github.com/excel") == {}


def test_who_writes_a_language_well_can_program():
    links = {link.skill: link for link in LINKER.link("6 years of Java")}
    basics = links["programming-basics"]
    assert (basics.words, basics.level, basics.needs_confirmation) == ("Java", 4, False)


def test_a_language_at_a_low_level_shows_only_that_a_start_was_made():
    links = {link.skill: link for link in LINKER.link("familiar with Python")}
    assert links["programming-basics"].level == 1


def test_a_language_without_a_skill_of_its_own_does_not_hide_what_another_shows():
    skills = [
        make_skill("java", "Java", "Java"),
        make_skill(
            "programming-basics", "Programming fundamentals", "程序设计基础", aliases_en=("JavaScript", "C#")
        ),
    ]
    links = {one.skill: one for one in SkillLinker(skills).link("6 years of Java. Familiar with JavaScript.")}
    assert (links["programming-basics"].words, links["programming-basics"].level) == ("Java", 4)
    links = {one.skill: one for one in SkillLinker(skills).link("6 years of C#. Familiar with Java.")}
    assert (links["programming-basics"].words, links["programming-basics"].level) == ("C#", 4)


def test_only_exact_aliases_above_the_threshold_are_accepted():
    links = LINKER.link("Python, kuberntes; some segmentation of medical images; led SAS flights to Oslo")
    assert {link.skill for link in accepted(links)} == {"python", "programming-basics"}
    assert {link.skill: link.method for link in accepted(links)} == {
        "python": Method.ALIAS,
        "programming-basics": Method.IMPLIED,
    }


def test_an_empty_vocabulary_and_an_empty_text_find_nothing():
    assert SkillLinker([]).link("Python 机器学习") == ()
    assert LINKER.link("") == ()
    assert LINKER.link(" \n\t ") == ()


PIECES = st.sampled_from(
    [
        "Python",
        "C++",
        "R",
        "机器学习",
        "Ｇｏ",
        "不熟悉",
        "5年",
        "精通",
        "2018-2024",
        "\n",
        "，",
        " ",
        "Skills:",
        "技能",
        "(",
        "ﬁ",
        "\u200b",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=40).map("".join)))
def test_any_text_is_read_without_fail_and_every_span_reproduces_its_words(text):
    for link in LINKER.link(text):
        assert text[slice(*link.span)] == link.words
        assert link.span in link.spans
        assert all(0 <= start < end <= len(text) for start, end in link.spans)
        assert 1 <= link.level <= 4
        assert 0 <= link.confidence <= 1


@settings(max_examples=50, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_the_same_text_gives_the_same_links(text):
    assert LINKER.link(text) == SkillLinker(VOCABULARY).link(text)


def test_what_is_listed_beside_skills_and_unknown_is_kept_for_a_steward():
    text = "Skills: Python, SQL, Frobnicator, Linux. We like Quuxlang."
    found = LINKER.outside(text)
    assert [one.words for one in found] == ["Frobnicator"]
    assert text[slice(*found[0].span)] == "Frobnicator"


def test_a_sentence_without_known_skills_says_nothing_of_unknown_ones():
    assert LINKER.outside("We offer coffee, fruit and a garden") == ()


def test_a_phrase_is_met_by_its_name_first_and_by_the_nearest_otherwise():
    assert [(one.skill, one.score) for one in LINKER.phrase("机器学习", limit=1)] == [
        ("machine-learning", 1.0)
    ]
    assert LINKER.phrase("深度学习模型训练", limit=1)[0].skill == "deep-learning"
