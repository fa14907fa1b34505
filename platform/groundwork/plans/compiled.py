"""Catalogues as the planner's arrays, compiled once per content and mapped by every process.

The first process that plans on a catalogue compiles it into a file named by its digest, under
`settings.COMPILED`; web and worker processes map that file, so that its arrays are in memory once. A file is
written beside and moved into place; what it says is never trusted, because every plan is replayed on the rows
before it is shown. Where files cannot be written, each process compiles for itself.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from recommender import domain
from recommender.errors import MalformedInputError
from recommender.planning import offer
from recommender.planning.offer import Offer

logger = logging.getLogger(__name__)

KEPT = 6
"""Files kept, by their last use: those in use now, and some that running processes may still come for."""

SomeCatalogue = TypeVar("SomeCatalogue", bound=domain.Catalogue)


def prepared(catalogue: SomeCatalogue) -> SomeCatalogue:
    """`catalogue` with its compiled form. Raises MalformedInputError for impossible figures in it."""
    offer.given(catalogue, _offer(catalogue))
    return catalogue


def with_other_hours(catalogue: SomeCatalogue, *, common: domain.Catalogue) -> SomeCatalogue:
    """`catalogue`, which differs from `common` in hours only (one person's estimates), without a file."""
    made = offer.of(common)
    courses = [catalogue.by_id[course] for course in offer.ids(catalogue)]
    hours, practice = made.hours.copy(), made.practice.copy()
    hours[: made.courses] = [course.hours for course in courses]
    practice[: made.courses] = [course.hands_on for course in courses]
    offer.given(catalogue, replace(made, hours=hours, practice=practice))
    return catalogue


def _offer(catalogue: domain.Catalogue) -> Offer:
    path = Path(settings.COMPILED) / f"{catalogue.digest}-{offer.FORMAT}.offer"
    with contextlib.suppress(MalformedInputError):
        found = offer.load(path)
        if found.courses == len(catalogue.courses):
            _used(path)
            return found
    made = offer.compiled(catalogue)
    try:
        offer.save(made, path)
        path.chmod(0o644)
        _clear(path.parent)
        return offer.load(path)
    except (OSError, MalformedInputError):
        logger.warning("catalogue %s is compiled by each process for itself", catalogue.digest, exc_info=True)
        return made


def _used(path: Path) -> None:
    with contextlib.suppress(OSError):
        os.utime(path)


def _clear(folder: Path) -> None:
    """Remove all files but the latest, leftovers of broken writes included; who maps one keeps it."""
    files = sorted(folder.glob("*.offer"), key=_age)[KEPT:]
    leftovers = sorted(folder.glob("*.new"), key=_age)[KEPT:]
    for path in (*files, *leftovers):
        path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    """Less for what was used later; what is gone already counts as oldest."""
    try:
        return -path.stat().st_mtime
    except FileNotFoundError:
        return math.inf
