"""A concept of a published framework becomes a skill of ours: a steward adds what it does not say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from groundwork.core.actors import Actor
from groundwork.core.errors import ConflictError
from groundwork.events import outbox
from groundwork.frameworks.importing import OURS
from groundwork.frameworks.models import Concept, Framework, Skill


@transaction.atomic
def adopt(
    concept: Concept, *, slug: str, name_en: str, name_zh: str, kind: str, half_life: str, actor: Actor
) -> Skill:
    """A skill with the labels and other names of `concept`, linked to it.

    Raises ConflictError where it is retired or adopted already, or the name or short name is taken.
    """
    _check(concept, slug=slug, name_en=name_en, name_zh=name_zh)
    ours, _created = Framework.objects.get_or_create(
        slug=OURS, defaults={"name_en": "Groundwork framework", "name_zh": "筑基技能框架"}
    )
    skill = Skill.objects.create(
        framework=ours,
        slug=slug,
        name_en=name_en,
        name_zh=name_zh,
        aliases_en=_others(concept, "en", than=name_en),
        aliases_zh=_others(concept, "zh", than=name_zh),
        kind=kind,
        half_life=half_life,
        esco_uri=concept.uri if concept.framework.slug == "esco" else "",
        onet=concept.uri if concept.framework.slug == "onet" else "",
        provenance=f"adopted from {concept.framework.name_en} {concept.framework.version}".strip()[:300],
        adopted_from=concept,
    )
    details = {"concept": concept.uri, "framework": concept.framework.slug, "skill": slug}
    outbox.record(actor=actor, action="skill.adopted", subject=skill, details=details)
    return skill


def proposed(concept: Concept) -> dict[str, str]:
    """What a form may begin with."""
    english = _label(concept, "en") or concept.label
    return {"slug": slugify(english)[:80], "name_en": english[:200], "name_zh": _label(concept, "zh")[:200]}


def _check(concept: Concept, *, slug: str, name_en: str, name_zh: str) -> None:
    if concept.retired_on is not None:
        raise ConflictError(_("“%(name)s” has been retired by its publisher.") % {"name": concept.label})
    linked = Skill.objects.filter(adopted_from=concept) | Skill.objects.filter(esco_uri=concept.uri)
    same = linked.first()
    if same is not None:
        raise ConflictError(_("It is a skill already: “%(name)s”.") % {"name": same.name})
    taken = Skill.objects.filter(slug=slug) | Skill.objects.filter(name_en__iexact=name_en)
    taken |= Skill.objects.filter(name_zh=name_zh)
    if taken.exists():
        raise ConflictError(_("A skill has this name or short name already."))


def _texts(concept: Concept, language: str) -> Iterable[dict[str, Any]]:
    return [text for one, text in sorted(concept.texts.items()) if one.partition("-")[0] == language]


def _label(concept: Concept, language: str) -> str:
    return next((str(text["label"]) for text in _texts(concept, language)), "")


def _others(concept: Concept, language: str, *, than: str) -> list[str]:
    names = [
        name
        for text in _texts(concept, language)
        for name in (text["label"], *text["alternatives"], *text["hidden"])
    ]
    return [name for name in dict.fromkeys(names) if name.casefold() != than.casefold()]
