"""The skill vocabulary as the engine reads it, built once per process and state of the skills."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max

from groundwork.frameworks.models import Skill
from recommender import domain as values
from recommender.matching import encoders, phrases, vectors
from recommender.matching.encoders import Encoder, TokenEncoder
from recommender.matching.linker import SkillLinker
from recommender.matching.targets import from_skills

logger = logging.getLogger(__name__)

MOST_ENCODED_AT_ONCE = 64
"""Texts that may be encoded while somebody waits: a few new names, never a whole vocabulary."""


def linker() -> SkillLinker:
    """A linker over all skills; rebuilt when any of them changed.

    It uses the encoders that are installed, once `encode_vocabulary` has kept their vectors.
    """
    state = Skill.objects.aggregate(latest=Max("updated_at"), total=Count("pk"))
    return _linker(state["latest"], state["total"])


def encode() -> dict[str, int]:
    """Compute and keep the vectors of the vocabulary; by encoder how many texts were encoded."""
    skills, folder = _skills(), _folder()
    encoded = {}
    sentences, english = from_skills(skills), encoders.english()
    if english is not None:
        encoded[english.name] = vectors.missing_of_targets(sentences, english, folder=folder)
        vectors.of_targets(sentences, english, folder=folder)
    multilingual = encoders.multilingual()
    if multilingual is not None:
        names = [name for _, name in phrases.names_of(skills)]
        encoded[multilingual.name] = vectors.missing(names, multilingual, folder=folder, use=phrases.USE)
        vectors.of_texts(names, multilingual, folder=folder, use=phrases.USE)
    _linker.cache_clear()
    return encoded


@lru_cache(maxsize=1)
def _linker(_latest: datetime | None, _total: int) -> SkillLinker:
    skills = _skills()
    return SkillLinker(
        skills,
        encoder=_for_phrases(skills),
        sentence_encoder=_for_sentences(skills),
        folder=_folder(),
    )


def _for_phrases(skills: list[values.Skill]) -> Encoder | None:
    encoder = encoders.multilingual()
    if encoder is None:
        return None
    names = [name for _, name in phrases.names_of(skills)]
    missing = vectors.missing(names, encoder, folder=_folder(), use=phrases.USE)
    return encoder if _are_few(missing, encoder) else None


def _for_sentences(skills: list[values.Skill]) -> TokenEncoder | None:
    encoder = encoders.english()
    if encoder is None:
        return None
    missing = vectors.missing_of_targets(from_skills(skills), encoder, folder=_folder())
    return encoder if _are_few(missing, encoder) else None


def _are_few(missing: int, encoder: Encoder) -> bool:
    if missing <= MOST_ENCODED_AT_ONCE:
        return True
    logger.warning("%s is not used: run manage.py encode_vocabulary for %d texts", encoder.name, missing)
    return False


def _skills() -> list[values.Skill]:
    return [skill.as_value() for skill in Skill.objects.order_by("slug")]


def _folder() -> Path:
    return Path(settings.VECTORS)
