"""Example organisations and people to try the product with; everything of theirs is marked as an example."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from groundwork.accounts import actors, provisioning
from groundwork.accounts.models import Membership, Organisation, Team, User
from groundwork.core.actors import SYSTEM
from groundwork.frameworks.models import Role
from groundwork.learners import recording
from groundwork.learners.models import Evidence
from groundwork.learners.recording import Observation
from groundwork.plans import assigning, examples
from recommender.datasets import PersonRecord

ORGANISATION = "Example Works (demo) 示例企业"
OTHER_ORGANISATION = "Other Example (demo) 另一示例"
DUE_IN_DAYS = 540


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One demo account; the password is made on this machine and kept in its var folder."""

    email: str
    password: str
    what: str


CAST = (
    ("hana@example.com", "Hana (example)", "administrator of the example organisation"),
    ("ada@example.com", "Ada (example)", "learner in the example organisation"),
    ("otto@example.com", "Otto (example)", "administrator of another organisation"),
)


def sign_ins(store: Path) -> list[SignIn]:
    """The demo accounts with their passwords, which are made on first use and kept in `store` (0600)."""
    if store.exists():
        passwords: dict[str, str] = json.loads(store.read_text())
    else:
        passwords = {email: secrets.token_urlsafe(9) for email, _name, _what in CAST}
        store.touch(mode=0o600)
        store.write_text(json.dumps(passwords))
    return [SignIn(email=email, password=passwords[email], what=what) for email, _name, what in CAST]


@transaction.atomic
def set_up(*, accounts: list[SignIn], on_date: date) -> bool:
    """Make the example organisations once; False when they are there already."""
    if User.objects.filter(email=CAST[0][0]).exists():
        return False
    passwords = {account.email: account.password for account in accounts}
    users = {email: User.objects.create_user(email, passwords[email], name=name) for email, name, _w in CAST}
    hana, ada, otto = users.values()
    ours = Organisation.objects.create(name=ORGANISATION, is_example=True)
    other = Organisation.objects.create(name=OTHER_ORGANISATION, is_example=True)
    administrator, member = Membership.Kind.ADMINISTRATOR, Membership.Kind.MEMBER
    provisioning.join(user=hana, organisation=ours, kind=administrator, actor=SYSTEM)
    membership = provisioning.join(user=ada, organisation=ours, kind=member, actor=SYSTEM)
    provisioning.join(user=otto, organisation=other, kind=administrator, actor=SYSTEM)
    team = Team.objects.create(organisation=ours, name="Platform (example)")
    team.members.add(membership)
    _teach(ada, examples.people()[0], hana=hana, on_date=on_date)
    return True


def _teach(user: User, person: PersonRecord, *, hana: User, on_date: date) -> None:
    """Give the example learner an example person's skills and an assignment."""
    user.refresh_from_db()
    learner = recording.learner_of(user, actor=actors.of_user(user))
    days = examples.shown_on(person, on_date=on_date)
    recording.record_evidence(
        actor=SYSTEM,
        learner=learner,
        observations=[
            Observation(
                skill=row.skill,
                level=row.level,
                kind=Evidence.Kind.SELF_REPORT,
                evidenced_on=days[row.skill],
            )
            for row in person.levels
        ],
    )
    assigning.assign(
        actor=actors.of_user(hana),
        learner=learner,
        role=Role.objects.get(slug=person.role),
        due_on=on_date + timedelta(days=DUE_IN_DAYS),
        on_date=on_date,
    )
