"""Lines that are withdrawn, disputed, settled and corrected: what counts, and who may do what."""

from __future__ import annotations

from datetime import date

import pytest

from groundwork.core.actors import SYSTEM, VISITOR
from groundwork.core.errors import ConflictError, ForbiddenError, InvalidError
from groundwork.events.models import AuditEntry
from groundwork.learners import clocks as clocks_of
from groundwork.learners import disputing, following, recording
from groundwork.learners.models import Clocks, Evidence, Mark, Proficiency
from groundwork.learners.recording import Observation
from tests import builders, cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)
LATER = date(2026, 9, 1)


@pytest.fixture
def people() -> cast.Cast:
    builders.make_skill("python", half_life="tool")
    return cast.gather()


def record(people: cast.Cast, level: int, *, by: str = "hana", kind: str = "manager", day: date = DAY):
    recording.record_evidence(
        actor=people.actor(getattr(people, by)),
        learner=people.ada_learner,
        observations=[Observation(skill="python", level=level, kind=kind, evidenced_on=day)],
    )
    return Evidence.objects.latest("pk")


def test_a_withdrawn_certificate_is_as_if_it_had_never_been_until_it_is_restored(people):
    record(people, 2, by="ada", kind="self-report")
    certificate = record(people, 4, kind="certificate", day=LATER)
    hana, ada = people.actor(people.hana), people.actor(people.ada)
    with pytest.raises(ForbiddenError):
        disputing.withdraw(actor=ada, line=certificate)
    disputing.withdraw(actor=hana, line=certificate)
    row = people.ada_learner.proficiencies.get()
    assert (row.level, row.as_of, row.floor) == (2, DAY, 0)
    with pytest.raises(ConflictError):
        disputing.withdraw(actor=hana, line=certificate)
    with pytest.raises(ForbiddenError):
        disputing.restore(actor=ada, line=certificate)
    disputing.restore(actor=hana, line=certificate)
    assert people.ada_learner.proficiencies.get().floor == 4
    with pytest.raises(ConflictError):
        disputing.restore(actor=hana, line=certificate)


def test_a_poor_result_is_not_ones_own_to_withdraw_but_can_be_disputed(people):
    failed = record(people, 1, by="ada", kind="assessment")
    ada = people.actor(people.ada)
    with pytest.raises(ForbiddenError):
        disputing.withdraw(actor=ada, line=failed)
    disputing.dispute(actor=ada, line=failed, words="The page broke off")
    assert people.ada_learner.levels() == {}
    assert Mark.objects.get().words == "The page broke off"


def test_nobody_disputes_for_others_and_nobody_settles_their_own(people):
    line = record(people, 3, kind="manager")
    hana = people.actor(people.hana)
    for actor in (hana, people.actor(people.otto), VISITOR):
        with pytest.raises(ForbiddenError):
            disputing.dispute(actor=actor, line=line, words="No")
    disputing.dispute(actor=people.actor(people.ada), line=line, words="No")
    for actor in (people.actor(people.ada), people.actor(people.otto), VISITOR, SYSTEM):
        for act in (disputing.uphold, disputing.strike):
            with pytest.raises(ForbiddenError):
                act(actor=actor, line=line)
    disputing.strike(actor=hana, line=line)
    with pytest.raises(ConflictError):
        disputing.strike(actor=hana, line=line)
    with pytest.raises(ConflictError):
        disputing.drop(actor=people.actor(people.ada), line=line)


def test_refusals_say_what_to_do(people):
    ada, hana = people.actor(people.ada), people.actor(people.hana)
    own = record(people, 3, by="ada", kind="cv")
    with pytest.raises(ConflictError, match="withdraw it instead"):
        disputing.dispute(actor=ada, line=own, words="Mine")
    line = record(people, 3)
    with pytest.raises(InvalidError):
        disputing.dispute(actor=ada, line=line, words=" ")
    with pytest.raises(ConflictError):
        disputing.uphold(actor=hana, line=line)
    with pytest.raises(InvalidError):
        disputing.correct(actor=ada, line=own, level=6, on_date=DAY)
    assert not Mark.objects.exists(), "a refused correction withdraws nothing"


def test_every_step_is_audited_for_the_organisation_and_marks_never_change(people):
    line, ada = record(people, 3), people.actor(people.ada)
    disputing.dispute(actor=ada, line=line, words="No")
    disputing.drop(actor=ada, line=line)
    entries = AuditEntry.objects.filter(organisation_id=people.ours.pk, action__in=DISPUTES)
    assert [one.action for one in entries.order_by("pk")] == list(DISPUTES)
    assert "No" not in str([one.details for one in entries]), "words are for people, not for the trail"
    mark = Mark.objects.earliest("pk")
    with pytest.raises(TypeError, match="append-only"):
        mark.save()
    assert not Mark.objects.visible_to(people.actor(people.otto)).exists()
    assert Mark.objects.visible_to(ada).count() == 2


DISPUTES = ("evidence.disputed", "dispute.dropped")


def test_half_lives_of_an_organisation_run_for_its_people_only(people):
    record(people, 4, kind="work-history")
    theirs = recording.learner_of(people.otto, actor=SYSTEM)
    builders.give_levels(theirs, {"python": 4}, on_date=DAY)
    months = dict.fromkeys(Clocks.CLOCKS, 240)
    before = people.ada_learner.levels(on_date=LATER), theirs.levels(on_date=LATER)
    for user in (people.ada, people.otto):
        if user == people.ada:
            with pytest.raises(ForbiddenError):
                clocks_of.change(actor=people.actor(user), months=months)
    clocks_of.change(actor=people.actor(people.hana), months=months)
    assert people.ada_learner.levels(on_date=LATER) == {"python": 4} != before[0]
    assert theirs.levels(on_date=LATER) == before[1]
    with pytest.raises(InvalidError):
        clocks_of.change(actor=people.actor(people.hana), months={**months, "disuse_tool": 0})


def test_whoever_leaves_an_organisation_leaves_its_half_lives(people):
    record(people, 4, by="ada", kind="work-history")
    record(people, 4, by="ada", kind="cv", day=LATER)
    usual = Proficiency.objects.values_list("mean", "variance").get()
    clocks_of.change(actor=people.actor(people.hana), months=dict.fromkeys(Clocks.CLOCKS, 6))
    assert Proficiency.objects.values_list("mean", "variance").get() != usual
    people.ada.membership.delete()
    following.follow(user_id=people.ada.pk, actor=SYSTEM)
    assert Proficiency.objects.values_list("mean", "variance").get() == usual
