"""Terms that texts list beside known skills and no skill is called: counted, then decided on by a steward."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from groundwork.core import searching
from groundwork.core.actors import Actor
from groundwork.core.errors import DomainError
from groundwork.events import outbox
from groundwork.frameworks.deciding import language_of
from groundwork.frameworks.models import Skill, UnknownTerm
from groundwork.frameworks.words import Language
from recommender.text.tokens import words_of

LONGEST = 80
MOST_PER_TEXT = 40
_NEVER_KEPT = re.compile(r"[@＠*]|\d{5}|\d[\d .\-/]{5,}\d|://|www\.")
_NOT_PLAIN = re.compile(r"[\d@＠]")


class TakenAliasError(DomainError):
    """The term is a name of another skill already."""


def collect(terms: Iterable[str], *, text: str, on_date: date) -> int:
    """Count the terms of one text; returns how many were kept.

    What looks like an address or a number of somebody is never kept. The text itself leaves a keyed hash.
    """
    found = {_key(term): " ".join(term.split())[:120] for term in terms if not _NEVER_KEPT.search(term)}
    found = {key: term for key, term in list(found.items())[:MOST_PER_TEXT] if 0 < len(key) <= LONGEST}
    if not found:
        return 0
    mark = salted_hmac("unknown-terms", text, secret=settings.SECRET_KEY).hexdigest()[:32]
    with transaction.atomic():
        known = UnknownTerm.objects.select_for_update().in_bulk(list(found), field_name="term")
        again = [
            _seen(known[key], term, mark=mark, on_date=on_date) for key, term in found.items() if key in known
        ]
        UnknownTerm.objects.bulk_update(again, ["example", "texts", "last_text", "last_seen"])
        UnknownTerm.objects.bulk_create(
            [
                _first(key, term, mark=mark, on_date=on_date)
                for key, term in found.items()
                if key not in known
            ],
            ignore_conflicts=True,
        )
    return len(found)


def _key(term: str) -> str:
    return " ".join(words_of(term))


def _seen(row: UnknownTerm, term: str, *, mark: str, on_date: date) -> UnknownTerm:
    if row.last_text != mark:
        row.texts += 1
        row.last_text = mark
    row.example = term
    row.last_seen = on_date
    return row


def _first(key: str, term: str, *, mark: str, on_date: date) -> UnknownTerm:
    return UnknownTerm(
        term=key,
        example=term,
        language=language_of(term),
        texts=1,
        last_text=mark,
        plain=_NOT_PLAIN.search(term) is None,
        first_seen=on_date,
        last_seen=on_date,
    )


@transaction.atomic
def make_alias(row: UnknownTerm, *, skill: Skill, actor: Actor) -> None:
    """Give the skill the term as a name; the next text is read with it.

    Raises TakenAliasError when another skill is called so.
    """
    skill = Skill.objects.select_for_update().get(pk=skill.pk)
    owner = next((one for one in Skill.objects.exclude(pk=skill.pk) if row.term in _names(one)), None)
    if owner is not None:
        raise TakenAliasError(
            _("“%(term)s” is a name of “%(skill)s” already.") % {"term": row.example, "skill": owner.name}
        )
    if row.term not in _names(skill):
        _name(skill, row)
        outbox.record(
            actor=actor,
            action="skill.alias-added",
            subject=skill,
            details={"skill": skill.slug, "term": row.pk},
        )
    _decide(row, state=UnknownTerm.State.ALIASED, skill=skill, actor=actor)


def give_back() -> int:
    """Give skills back the names that stewards made of terms, where an import does not know them."""
    rows = UnknownTerm.objects.filter(state=UnknownTerm.State.ALIASED, skill__isnull=False)
    # Two rows may be names of the same skill, which is then one object.
    skills = Skill.objects.in_bulk([row.skill_id for row in rows if row.skill_id is not None])
    lost = [
        (skills[row.skill_id], row)
        for row in rows
        if row.skill_id is not None and row.term not in _names(skills[row.skill_id])
    ]
    for skill, row in lost:
        _name(skill, row)
    return len(lost)


def _name(skill: Skill, row: UnknownTerm) -> None:
    field = "aliases_zh" if row.language == Language.ZH else "aliases_en"
    setattr(skill, field, [*getattr(skill, field), row.example])
    skill.save(update_fields=[field, "updated_at", *searching.COLUMNS])


def ignore(rows: Iterable[UnknownTerm], *, actor: Actor) -> int:
    """Ask no more about these terms; returns how many there were."""
    with transaction.atomic():
        decided = [_decide(row, state=UnknownTerm.State.IGNORED, skill=None, actor=actor) for row in rows]
    return len(decided)


def _decide(row: UnknownTerm, *, state: UnknownTerm.State, skill: Skill | None, actor: Actor) -> UnknownTerm:
    row.state, row.skill = state, skill
    row.save(update_fields=["state", "skill"])
    outbox.record(actor=actor, action=f"unknown-term.{state.value}", subject=row)
    return row


def _names(skill: Skill) -> set[str]:
    names = (skill.name_en, skill.name_zh, *skill.aliases_en, *skill.aliases_zh)
    return {_key(name) for name in names}
