"""The example people and the typical starting points, as the fixtures tell them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from django.conf import settings

from groundwork.core.languages import pick
from recommender import datasets
from recommender.datasets import FeederRecord, HalfLifeRecord, PersonRecord
from recommender.domain import Label


@cache
def _people() -> Mapping[str, PersonRecord]:
    return datasets.load_people(settings.FIXTURES)


@cache
def _feeders() -> Mapping[str, FeederRecord]:
    return datasets.load_feeders(settings.FIXTURES)


@cache
def _half_lives() -> Mapping[str, HalfLifeRecord]:
    return datasets.load_half_lives(settings.FIXTURES)


def people() -> tuple[PersonRecord, ...]:
    """Every example person."""
    return tuple(_people().values())


def person(name: str) -> PersonRecord | None:
    """One example person by id, or None."""
    return _people().get(name)


def cv_of(example: PersonRecord) -> str:
    """The CV text of an example person."""
    return (settings.FIXTURES / example.cv).read_text(encoding="utf-8")


def shown_on(example: PersonRecord, *, on_date: date) -> dict[str, date]:
    """Skill -> day it was shown, as if the CV had been written on `on_date`: examples must not grow old."""
    latest = max(row.evidenced_on for row in example.levels)
    return {row.skill: row.evidenced_on + (on_date - latest) for row in example.levels}


def feeders_of(role: str) -> tuple[FeederRecord, ...]:
    """The typical starting points of a role."""
    return tuple(feeder for feeder in _feeders().values() if role in feeder.roles)


def half_life_basis() -> dict[str, Label]:
    """What the assumed half-life of each class rests on."""
    return {record.half_life.value: record.basis for record in _half_lives().values()}


def in_readers_language(label: Label) -> str:
    """A label of the fixtures in the active language."""
    return pick(en=label.en, zh=label.zh)
