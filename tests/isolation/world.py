"""Two organisations with everything a route can name, the outsiders, and the words they must never read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from allauth.usersessions.models import UserSession
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from groundwork.accounts import provisioning
from groundwork.accounts.models import Invitation, Membership, ServiceAccount, Team, User
from groundwork.assessments import importing
from groundwork.assessments import sitting as sittings
from groundwork.assessments.models import Answer, Sitting
from groundwork.catalogue.models import Course
from groundwork.core.actors import SYSTEM
from groundwork.credentials import accepting, issuing, receiving
from groundwork.credentials.badges import Badge, BadgeLine
from groundwork.credentials.models import Award
from groundwork.frameworks.models import Role, Skill
from groundwork.learners import recording
from groundwork.learners.models import Clocks, Evidence, Learner, Mark, Proficiency
from groundwork.learners.recording import Observation
from groundwork.notifications import noticing
from groundwork.notifications.kinds import Kind
from groundwork.notifications.models import DeliverySettings, KindChoice, Notification
from groundwork.plans import attempting, jobs, proving, sharing, studying
from groundwork.plans.attempting import Report
from groundwork.plans.enrolments import Enrolment
from groundwork.plans.models import Assignment, Plan, PlanningJob, PlanStep
from groundwork.plans.proofs import Proof
from groundwork.plans.proving import Shown
from groundwork.plans.refusals import CourseRefusal
from groundwork.plans.sessions import StudySession, TimeOff
from groundwork.plans.shares import CalendarFeed, PlanShare
from groundwork.plans.versions import EstimateChoice
from tests import builders, cast
from tests.foreign_badges import Academy

WORDS = "weaves algebraic patterns"
COLLEAGUE = "Cem Colleague"


@dataclass(frozen=True)
class World:
    """Hana's organisation, as routes name it; `theirs_*` is what Otto's has."""

    people: cast.Cast
    colleague: User
    role: Role
    second_role: Role
    plan: Plan
    step: PlanStep
    share: PlanShare
    assignment: Assignment
    sitting: Sitting
    enrolment: Enrolment
    session: StudySession
    days_off: TimeOff
    proof: Proof
    refusal: CourseRefusal
    award: Award
    badge: Badge
    job: PlanningJob
    notification: Notification
    team: Team
    invitation: Invitation
    invitation_secret: str
    account: ServiceAccount
    token: str
    revoked_token: str
    theirs_token: str

    @property
    def learner(self) -> Learner:
        """Ada's."""
        return self.people.ada_learner

    @property
    def line(self) -> Evidence:
        """The evidence about Ada that Hana recorded."""
        return Evidence.objects.get(learner=self.learner, words=WORDS)

    @property
    def read_at(self) -> str:
        """When Ada read what she was told."""
        at = self.notification.read_at
        return at.isoformat() if at else ""

    @cached_property
    def about_ada(self) -> set[str]:
        """What names Ada or is hers: nobody but she and the administrators reads it."""
        ids = (
            self.people.ada.pk,
            self.learner.pk,
            self.plan.pk,
            self.share.pk,
            self.assignment.pk,
            self.job.pk,
            self.sitting.pk,
            self.enrolment.pk,
            self.session.pk,
            self.days_off.pk,
            self.proof.pk,
            self.refusal.pk,
            self.badge.pk,
        )
        return {"Ada Ahlgren", "ada@example.com", "EXT-ADA-77", WORDS, *map(str, ids)}

    @cached_property
    def about_us(self) -> set[str]:
        """What names the organisation or anybody in it: nobody outside reads it."""
        people = self.people
        ids = (
            people.ours.pk,
            people.hana.pk,
            people.ben.pk,
            self.team.pk,
            self.invitation.pk,
            self.account.pk,
        )
        names = {"Hana Hofer", "hana@example.com", "Ben Brandt", "ben@example.com", COLLEAGUE}
        things = {cast.OURS, "Analytical Engine team", "Key of Lovelace", "invited@example.com"}
        return self.about_ada | names | things | {str(one) for one in ids}

    def fingerprint(self) -> str:
        """Changes when any row of the organisation changes."""
        ours = self.people.ours.pk
        rows: list[QuerySet[Any, Any]] = [
            Membership.objects.filter(organisation=ours),
            Team.objects.filter(organisation=ours),
            Team.members.through.objects.filter(team__organisation=ours),
            Invitation.objects.filter(organisation=ours),
            ServiceAccount.objects.filter(organisation=ours),
            Learner.objects.filter(organisation=ours),
            Evidence.objects.filter(learner__organisation=ours),
            Mark.objects.filter(evidence__learner__organisation=ours),
            Proficiency.objects.filter(learner__organisation=ours),
            Clocks.objects.filter(organisation=ours),
            Plan.objects.filter(learner__organisation=ours),
            PlanStep.objects.filter(plan__learner__organisation=ours),
            Assignment.objects.filter(organisation=ours),
            PlanningJob.objects.filter(organisation=ours),
            Enrolment.objects.filter(learner__organisation=ours),
            StudySession.objects.filter(learner__organisation=ours),
            CourseRefusal.objects.filter(learner__organisation=ours),
            Proof.objects.filter(learner__organisation=ours),
            TimeOff.objects.filter(learner__organisation=ours),
            PlanShare.objects.filter(plan__learner__organisation=ours),
            CalendarFeed.objects.filter(learner__organisation=ours),
            EstimateChoice.objects.filter(learner__organisation=ours),
            Sitting.objects.filter(learner__organisation=ours),
            Award.objects.filter(learner__organisation=ours),
            Badge.objects.filter(learner__organisation=ours),
            BadgeLine.objects.filter(badge__learner__organisation=ours),
            Answer.objects.filter(sitting__learner__organisation=ours),
            Notification.objects.filter(user__membership__organisation=ours),
            DeliverySettings.objects.filter(user__membership__organisation=ours),
            KindChoice.objects.filter(user__membership__organisation=ours),
            UserSession.objects.filter(user=self.people.ada),
            User.objects.filter(membership__organisation=ours),
        ]
        content = [list(one.order_by("pk").values()) for one in rows]
        for user in content[-1]:
            # Signing in for a test is no change of anybody's doing.
            user.pop("last_login")
        return hashlib.sha256(json.dumps(content, cls=DjangoJSONEncoder).encode()).hexdigest()


def build() -> World:
    """Everything, for both organisations; Otto's has the same kinds of rows."""
    people = cast.gather()
    builders.make_course("isolation-course", hours=12, teaches={"python": 2})
    role = builders.make_role("isolated-role", requires={"python": 2})
    colleague = builders.make_user("cem@example.com", name=COLLEAGUE, organisation=people.ours)
    _learn(people)
    _sign_in(people)
    plan = builders.make_plan(people.ada_learner, role)
    hana = people.actor(people.hana)
    account, token = builders.make_key(people.ours, name="Key of Lovelace")
    revoked, revoked_token = builders.make_key(people.ours, name="Closed key of Lovelace")
    provisioning.revoke(actor=hana, account=revoked, now=timezone.now())
    invitation, secret = provisioning.invite(actor=hana, email="invited@example.com", kind="member")
    builders.make_plan(people.otto_learner, role)
    builders.make_assignment(people.otto_learner, role)
    return World(
        people=people,
        colleague=colleague,
        role=role,
        second_role=builders.make_role("second-role", requires={"python": 1}),
        plan=plan,
        step=plan.steps.select_related("course").get(),
        share=_open(people, plan),
        assignment=builders.make_assignment(people.ada_learner, role),
        sitting=_sit(people),
        enrolment=_enrol(people),
        session=_study(people),
        days_off=_rest(people),
        proof=_prove(people),
        refusal=CourseRefusal.objects.create(
            learner=people.ada_learner, course=builders.make_course("refused-course"), reason="price"
        ),
        award=_award(people),
        badge=_take_badge(people),
        notification=_tell(people),
        job=jobs.request(actor=hana, pairs=[(people.ada_learner, role)]),
        team=provisioning.form_team(
            actor=hana, name="Analytical Engine team", members=[people.ada.membership]
        ),
        invitation=invitation,
        invitation_secret=secret,
        account=account,
        token=token,
        revoked_token=revoked_token,
        theirs_token=builders.make_key(people.theirs)[1],
    )


def _tell(people: cast.Cast) -> Notification:
    """Ada is told of a role, and has read it."""
    data = {"role": "isolated-role", "due_on": timezone.localdate().isoformat()}
    noticing.tell([people.ada], kind=Kind.ASSIGNED, subject="test", data=data, now=timezone.now())
    Notification.objects.update(read_at=timezone.now())
    return Notification.objects.filter(user=people.ada).latest("pk")


def _sign_in(people: cast.Cast) -> None:
    """Ada is signed in somewhere; not through the page, which lets nobody in thirty times a minute."""
    client = Client()
    client.force_login(people.ada)
    UserSession.objects.create(
        user=people.ada, session_key=client.session.session_key, ip="203.0.113.0", user_agent="Firefox/143.0"
    )


def _open(people: cast.Cast, plan: Plan) -> PlanShare:
    """Ada shares her plan and has a calendar address."""
    ada, now = people.actor(people.ada), timezone.now()
    sharing.open_feed(actor=ada, learner=people.ada_learner, language="en", now=now)
    return sharing.share(actor=ada, plan=plan, ends_at=now + timedelta(days=30), now=now)[0]


def _learn(people: cast.Cast) -> None:
    builders.make_skill("python")
    Learner.objects.filter(pk=people.ada_learner.pk).update(external_id="EXT-ADA-77")
    people.ada_learner.refresh_from_db()
    recording.record_evidence(
        actor=people.actor(people.hana),
        learner=people.ada_learner,
        observations=[
            Observation(
                skill="python",
                level=1,
                kind=Evidence.Kind.CV,
                evidenced_on=timezone.localdate() - timedelta(days=9),
                words=WORDS,
            )
        ],
    )


def _enrol(people: cast.Cast) -> Enrolment:
    today = timezone.localdate()
    began = Report(
        course=Course.objects.get(slug="isolation-course"),
        started_on=today - timedelta(days=3),
        state=Enrolment.State.STARTED,
    )
    [enrolment] = attempting.report(
        actor=people.actor(people.hana), learner=people.ada_learner, reports=[began], on_date=today
    )
    return enrolment


def _study(people: cast.Cast) -> StudySession:
    today = timezone.localdate()
    return studying.log(
        actor=people.actor(people.ada),
        learner=people.ada_learner,
        course=Course.objects.get(slug="isolation-course"),
        on=today,
        minutes=90,
        on_date=today,
        note=WORDS,
    )


def _prove(people: cast.Cast) -> Proof:
    return proving.add(
        actor=people.actor(people.ada),
        learner=people.ada_learner,
        course=Course.objects.get(slug="isolation-course"),
        shown=Shown(content=b"%PDF-1.7 " + WORDS.encode(), name="certificate.pdf", result=WORDS),
    )


def badge_text() -> str:
    """Somebody's badge in Python, in which no address stands: anybody may say it is theirs."""
    return Academy().issue(name="Python", to=None, level=None)


def _take_badge(people: cast.Cast) -> Badge:
    received = receiving.read(
        Academy(name=WORDS).issue(name="Python", level=None).encode(), user=people.ada, now=timezone.now()
    )
    return accepting.accept(
        actor=people.actor(people.ada),
        learner=people.ada_learner,
        received=received,
        levels={"python": 1},
    )


def _rest(people: cast.Cast) -> TimeOff:
    today = timezone.localdate()
    return studying.take_off(
        actor=people.actor(people.ada), learner=people.ada_learner, first=today, last=today
    )


def _award(people: cast.Cast) -> Award:
    """Of a skill of its own, so that Ada's level of the other stays what it is."""
    skill = builders.make_skill("certified")
    recording.record_evidence(
        actor=people.actor(people.hana),
        learner=people.ada_learner,
        observations=[
            Observation(
                skill=skill.slug,
                level=3,
                kind=Evidence.Kind.CERTIFICATE,
                evidenced_on=timezone.localdate() - timedelta(days=9),
            )
        ],
    )
    return issuing.issue_for_skill(
        actor=people.actor(people.ada),
        learner=people.ada_learner,
        skill=skill,
        with_name=False,
        now=timezone.now(),
    )


def _sit(people: cast.Cast) -> Sitting:
    words = {"en": "A question", "zh": "一道题"}
    options = [{"en": f"option {n}", "zh": f"选项 {n}"} for n in range(4)]
    head = {"format": "groundwork-item-bank/1", "id": "isolation", "name": words}
    terms = {"author": "test", "licence": "none", "difficulty_basis": words}
    rows: list[dict[str, Any]] = [{**head, **terms}]
    for number in range(6):
        stem = {"en": f"Question {number}?", "zh": f"第 {number} 题？"}
        item = {"id": f"python-{number}", "skill": "python", "level": 2, "stem": stem}
        rows.append({**item, "options": options, "key": "a", "why": words})
    importing.import_bank("\n".join(map(json.dumps, rows)), actor=SYSTEM, now=timezone.now())
    return sittings.start(
        actor=people.actor(people.ada),
        learner=people.ada_learner,
        skill=Skill.objects.get(slug="python"),
        now=timezone.now(),
        seed=1,
    )
