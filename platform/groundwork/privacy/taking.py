"""An export taken in: the person's choices, evidence, plans and attempts, as they were, under a new account.

Levels are derived anew from the evidence, so nothing in the file can claim one. What rests on others' word of
today is left out: memberships, assignments, links, credentials, sittings, notifications, the audit trail.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from groundwork.accounts.models import User
from groundwork.core.actors import Actor
from groundwork.core.errors import ForbiddenError
from groundwork.events import outbox
from groundwork.learners import consents, recording
from groundwork.learners.models import Evidence, Learner
from groundwork.plans import snapshot
from groundwork.plans.models import CatalogueSnapshot
from groundwork.privacy import exporting, holdings
from groundwork.privacy.reading import Exported
from groundwork.privacy.refusals import NotEmptyError, UnreadableError
from groundwork.privacy.rows import Rows
from recommender import problem_files
from recommender.errors import RecommenderError

PROFILE = ("name", "language", "time_zone", "theme")
WAYS = ("hours_per_week", "courses_at_once", "public_holidays", "languages", "consents")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How many rows of each table were taken in, and of which tables the file holds rows that were not."""

    rows: Mapping[str, int]
    left: tuple[str, ...]


def take_in_own(exported: Exported, *, user: User, actor: Actor) -> Taken:
    """The same by the person, who must have shown that the address in the file is theirs.

    Raises ForbiddenError otherwise, and all that `take_in` raises.
    """
    if exported.address != user.email.lower():
        raise ForbiddenError(
            _("This export is of the address %(theirs)s; your account has another one.")
            % {"theirs": exported.address}
        )
    if not exporting.is_confirmed(user):
        raise ForbiddenError(_("Confirm your e-mail address first: the export is only for its owner."))
    return take_in(exported, user=user, actor=actor)


def take_in(exported: Exported, *, user: User, actor: Actor) -> Taken:
    """Write everything, or nothing.

    Raises NotEmptyError for an account that is in use, UnknownHereError and UnreadableError for rows that
    cannot be here.
    """
    try:
        with transaction.atomic():
            return _take_in(exported, user=user, actor=actor)
    except (DataError, IntegrityError):
        raise UnreadableError(
            _("The rows of this file contradict each other. Nothing was taken in.")
        ) from None


def _take_in(exported: Exported, *, user: User, actor: Actor) -> Taken:
    learner = recording.learner_of(user, actor=actor)
    recording.lock(learner)
    _make_room(user)
    _describe(exported, user=user, learner=learner)
    _keep_catalogues(exported)
    rows = Rows(exported=exported, user=user, learner=learner)
    try:
        written = {label: rows.write(label) for label in _wanted()}
        return _finish(exported, written, learner=learner, actor=actor)
    except Exception:
        # The database forgets by itself, the disk does not.
        rows.remove_files()
        raise


def _finish(exported: Exported, written: Mapping[str, int], *, learner: Learner, actor: Actor) -> Taken:
    skills = set(Evidence.objects.filter(learner=learner).values_list("skill_id", flat=True))
    recording.restate(learner, skills=skills)
    counted = {label: count for label, count in written.items() if count}
    outbox.record(
        actor=actor,
        action="person.imported",
        subject=learner,
        organisation_id=learner.organisation_id,
        details={"rows": counted},
    )
    left = [label for label, held in exported.tables.items() if held and label not in holdings.TAKEN_IN]
    return Taken(rows=counted, left=tuple(left))


def _wanted() -> list[str]:
    wanted = [label for label in holdings.TAKEN_IN if label not in holdings.DESCRIBING]
    return [label for label in wanted if label in holdings.found()]


def _make_room(user: User) -> None:
    """Choices are replaced; whoever has done anything here already keeps it."""
    for label in _wanted():
        own = holdings.found()[label].of(user)
        if holdings.DECIDED[label].is_choice:
            own.delete()
        elif own.exists():
            raise NotEmptyError(
                _("This account already holds records. An export goes into an account that has none yet.")
            )


def _describe(exported: Exported, *, user: User, learner: Learner) -> None:
    """Profile and ways of learning."""
    rows = Rows(exported=exported, user=user, learner=learner)
    rows.fill(user, label=holdings.ACCOUNT, names=PROFILE)
    rows.fill(learner, label="learners.Learner", names=WAYS)
    try:
        consents.of(learner)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise UnreadableError(_("The consents in this file cannot be read. Nothing was taken in.")) from None
    Learner.objects.filter(pk=learner.pk).update(name=(user.name or user.email)[: recording.MAX_NAME])


def _keep_catalogues(exported: Exported) -> None:
    """Those that are not here yet; each must be what its digest says."""
    wanted = {str(row.get("catalogue")) for row in exported.tables.get("plans.Plan", [])}
    known = set(CatalogueSnapshot.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    for digest in sorted(wanted - known):
        body = exported.catalogues.get(digest, b"")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "catalogue.json.gz"
            path.write_bytes(body)
            try:
                catalogue = problem_files.read_catalogue(path)
            except (RecommenderError, OSError, EOFError):
                raise _missing(digest) from None
        if catalogue.digest != digest:
            raise _missing(digest)
        snapshot.store(catalogue)


def _missing(digest: str) -> UnreadableError:
    return UnreadableError(
        _("The catalogue %(digest)s of a plan is missing in the file, or damaged.") % {"digest": digest[:12]}
    )
