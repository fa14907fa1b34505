"""The people every test speaks of: Ada learns, Ben manages her, Hana runs HR, Otto belongs elsewhere.

people = cast.gather()
client.force_login(people.hana)
"""

from __future__ import annotations

from dataclasses import dataclass

from groundwork.accounts import actors
from groundwork.accounts.models import Membership, Organisation, User
from groundwork.core.actors import SYSTEM, Actor
from groundwork.learners import recording
from groundwork.learners.models import Learner
from tests import builders

OURS = "Lovelace Works"
THEIRS = "Otterbein Ltd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Ada is a member, Ben and Hana are administrators, all of `ours`; Otto administers `theirs`.

    Each of them has a learner of their own; `*_learner` names those that tests use.
    """

    ours: Organisation
    theirs: Organisation
    ada: User
    ben: User
    hana: User
    otto: User
    ada_learner: Learner
    otto_learner: Learner

    def actor(self, user: User) -> Actor:
        """The actor a signed-in `user` is."""
        return actors.of_user(user)


def gather() -> Cast:
    """Make both organisations and the four people; everybody signs in with `builders.PASSWORD`."""
    ours, theirs = builders.make_organisation(OURS), builders.make_organisation(THEIRS)
    administrator = Membership.Kind.ADMINISTRATOR
    hana = builders.make_user("hana@example.com", name="Hana Hofer", organisation=ours, kind=administrator)
    ben = builders.make_user("ben@example.com", name="Ben Brandt", organisation=ours, kind=administrator)
    ada = builders.make_user("ada@example.com", name="Ada Ahlgren", organisation=ours)
    otto = builders.make_user("otto@example.org", name="Otto Olsen", organisation=theirs, kind=administrator)
    learners = {user.pk: recording.learner_of(user, actor=SYSTEM) for user in (ada, ben, hana, otto)}
    return Cast(
        ours=ours,
        theirs=theirs,
        ada=ada,
        ben=ben,
        hana=hana,
        otto=otto,
        ada_learner=learners[ada.pk],
        otto_learner=learners[otto.pk],
    )
