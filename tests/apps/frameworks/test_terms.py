"""Words of texts that no skill is called: counted without their people, decided on by a steward."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from groundwork.accounts.models import User
from groundwork.core.actors import SYSTEM
from groundwork.events.models import AuditEntry
from groundwork.frameworks import terms, vocabulary
from groundwork.frameworks.models import Skill, UnknownTerm
from groundwork.learners import linking
from tests import builders

pytestmark = pytest.mark.django_db
DAY, LATER = date(2026, 3, 1), date(2026, 4, 1)
LIST = "admin:frameworks_unknownterm_changelist"


@pytest.fixture
def python():
    return builders.make_skill("python", name_en="Python", name_zh="Python 语言")


@pytest.fixture
def steward(client):
    user = User.objects.create_superuser("root@example.com", builders.PASSWORD)
    client.force_login(user)
    return user


def collected(*words, text="one text", day=DAY):
    terms.collect(words, text=text, on_date=day)


def test_a_text_leaves_what_it_lists_beside_known_skills(python):
    builders.make_skill("sql", name_en="SQL", name_zh="SQL")
    text = "Skills: Python, SQL, Frobnicator. Mail me: a@b.example"
    said = linking.read(text, on_date=DAY)
    linking.collect_unknown(said.unknown, text=text, on_date=DAY)
    row = UnknownTerm.objects.get()
    assert (row.term, row.example, row.language, row.texts, row.plain) == (
        "frobnicator",
        "Frobnicator",
        "en",
        1,
        True,
    )


def test_spellings_of_one_term_are_one_row_counted_by_text():
    collected("Quux Modelling", text="one")
    collected("quux-modeling", text="two", day=LATER)
    collected("Quux modelling", text="two", day=LATER)
    row = UnknownTerm.objects.get()
    assert (row.texts, row.first_seen, row.last_seen) == (2, DAY, LATER)


def test_what_may_be_somebodys_is_not_kept():
    collected("ada@example", "138 0013 8000", "110105199003074567", "www.example.org", "*****")
    assert not UnknownTerm.objects.exists()


def test_a_term_with_a_digit_is_shown_only_after_a_second_text():
    collected("Web3", "腾讯文档", text="one")
    assert [row.example for row in UnknownTerm.objects.presentable()] == ["腾讯文档"]
    collected("Web3", text="two")
    assert {row.example for row in UnknownTerm.objects.presentable()} == {"Web3", "腾讯文档"}


def test_an_alias_is_known_in_the_next_text_and_on_the_trail(python):
    collected("Serpentine")
    row = UnknownTerm.objects.get()
    assert not vocabulary.linker().link("I write Serpentine")
    terms.make_alias(row, skill=python, actor=SYSTEM)
    (link,) = vocabulary.linker().link("I write Serpentine")
    assert (link.skill, link.label) == ("python", "Serpentine")
    row.refresh_from_db()
    assert (row.state, row.skill) == (UnknownTerm.State.ALIASED, python)
    assert {"skill.alias-added", "unknown-term.aliased"} == set(
        AuditEntry.objects.values_list("action", flat=True)
    )


def test_a_chinese_term_becomes_a_chinese_name(python):
    collected("蟒蛇编程")
    terms.make_alias(UnknownTerm.objects.get(), skill=python, actor=SYSTEM)
    assert Skill.objects.get().aliases_zh == ["蟒蛇编程"]


def test_the_name_of_another_skill_is_refused(python):
    builders.make_skill("snake", name_en="Snake care", name_zh="养蛇")
    collected("snake care")
    with pytest.raises(terms.TakenAliasError, match="Snake care"):
        terms.make_alias(UnknownTerm.objects.get(), skill=python, actor=SYSTEM)
    assert UnknownTerm.objects.get().state == UnknownTerm.State.OPEN


def test_the_steward_sees_only_what_may_be_shown_and_decides(client, steward, python):
    collected("Serpentine", "Nonsense", "Secret 7")
    page = client.get(reverse(LIST)).content.decode()
    assert "Serpentine" in page
    assert "Secret 7" not in page
    row = {one.example: one for one in UnknownTerm.objects.all()}
    chosen = {"action": "add_as_alias", "_selected_action": [row["Serpentine"].pk], "skill": python.pk}
    client.post(reverse(LIST), chosen)
    assert Skill.objects.get().aliases_en == ["Serpentine"]
    client.post(reverse(LIST), {"action": "ignore", "_selected_action": [row["Nonsense"].pk]})
    row["Nonsense"].refresh_from_db()
    assert row["Nonsense"].state == UnknownTerm.State.IGNORED
    assert AuditEntry.objects.filter(actor=f"user:{steward.pk}").count() == 3


def test_a_name_a_steward_gave_outlives_an_import_that_does_not_know_it(python):
    collected("Serpentine", "蟒蛇编程")
    for row in UnknownTerm.objects.all():
        terms.make_alias(row, skill=python, actor=SYSTEM)
    Skill.objects.update(aliases_en=["CPython"], aliases_zh=[])
    assert terms.give_back() == 2
    skill = Skill.objects.get()
    assert (skill.aliases_en, skill.aliases_zh) == (["CPython", "Serpentine"], ["蟒蛇编程"])
    assert terms.give_back() == 0


def test_without_a_skill_nothing_is_added(client, steward, python):
    collected("Serpentine")
    pk = UnknownTerm.objects.get().pk
    for skill in ("", "x", "999999"):
        data = {"action": "add_as_alias", "_selected_action": [pk], "skill": skill}
        client.post(reverse(LIST), data, follow=True)
    assert Skill.objects.get().aliases_en == []


def test_the_list_asks_a_fixed_number_of_queries(client, steward, django_assert_max_num_queries):
    collected(*(f"term {chr(97 + n)}" for n in range(20)))
    with django_assert_max_num_queries(12):
        answer = client.get(reverse(LIST))
    assert answer.content.decode().count('name="_selected_action"') == 20


def test_learners_do_not_see_the_terms(client):
    client.force_login(builders.make_user())
    assert client.get(reverse(LIST)).status_code == 302
