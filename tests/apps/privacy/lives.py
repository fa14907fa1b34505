"""A person who has used everything: a row in as many tables as the product has for people."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone

from groundwork.accounts import actors, preferences
from groundwork.accounts.models import User
from groundwork.accounts.preferences import Change
from groundwork.assessments import importing, sitting
from groundwork.catalogue.models import Course
from groundwork.core.actors import SYSTEM
from groundwork.credentials import accepting, issuing, receiving
from groundwork.frameworks.models import Role, Skill
from groundwork.learners import disputing, recording
from groundwork.learners.models import Evidence, Learner
from groundwork.learners.recording import Observation
from groundwork.notifications.models import DeliverySettings, KindChoice, Notification
from groundwork.plans import attempting, enrolling, estimating, planning, proving, sharing, studying
from groundwork.plans.attempting import Report
from groundwork.plans.enrolments import Enrolment
from groundwork.plans.models import Plan
from groundwork.plans.proving import Shown
from groundwork.plans.refusals import CourseRefusal
from tests import builders
from tests.foreign_badges import Academy

NAME = "Zenobia Quillfeather"
ADDRESS = "zenobia.quillfeather@example.com"
WORDS = "said Quillfeather over tea"
FILE = b"%PDF-1.7 awarded to Zenobia Quillfeather"
TODAY = date(2026, 11, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """The account, the learner and the roles there are plans for."""

    user: User
    learner: Learner
    role: Role
    second: Role


def make_world() -> tuple[Role, Role]:
    """Courses and two roles; the way to the first is basics (20 h), then advanced (30 h)."""
    builders.make_course("basics", hours=20, teaches={"python": 2})
    builders.make_course("advanced", hours=30, requires={"python": 2}, teaches={"ml": 3})
    builders.make_course("statistics", hours=15, teaches={"stats": 3})
    builders.make_course("shortcut", hours=25, price=9000, teaches={"ml": 3, "stats": 2})
    role = builders.make_role("ml-engineer", requires={"ml": 3, "stats": 3})
    return role, builders.make_role("analyst", requires={"stats": 2, "python": 2})


def live(user: User | None = None) -> Life:
    """Zenobia, or `user`, does everything there is to do."""
    role, second = make_world()
    user = user or builders.make_user(ADDRESS, name=NAME)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    actor = actors.of_user(user)
    wanted = Change(language="zh-hans", time_zone="Asia/Shanghai", theme="dark")
    preferences.change(user=user, wanted=wanted, actor=actor)
    learner = recording.learner_of(user, actor=actor)
    Learner.objects.filter(pk=learner.pk).update(hours_per_week=11, languages=["en", "zh"])
    learner.refresh_from_db()
    _show(learner, actor)
    _plan(learner, actor, role=role, second=second)
    _study(learner, actor)
    _sit(learner, actor)
    _tell(user)
    issuing.issue_for_skill(
        actor=actor,
        learner=learner,
        skill=Skill.objects.get(slug="certified"),
        with_name=True,
        now=timezone.now(),
    )
    _take_badge(learner, actor, user)
    return Life(user=user, learner=learner, role=role, second=second)


def _show(learner: Learner, actor: Any) -> None:
    """Lines of several kinds; one withdrawn, one disputed."""
    builders.make_skill("certified")
    for slug in ("python", "sql", "git"):
        builders.make_skill(slug)
    rows = [("python", 1, "cv", 400), ("python", 2, "self-report", 30), ("sql", 3, "manager", 90)]
    rows += [("git", 2, "self-report", 10), ("certified", 3, "certificate", 60)]
    for skill, level, kind, days in rows:
        one = Observation(
            skill=skill, level=level, kind=kind, evidenced_on=TODAY - timedelta(days=days), words=WORDS
        )
        recording.record_evidence(
            actor=actor if kind == "self-report" else SYSTEM, learner=learner, observations=[one]
        )
    own, theirs = (Evidence.objects.get(learner=learner, skill__slug=skill) for skill in ("git", "sql"))
    disputing.withdraw(actor=actor, line=own)
    disputing.dispute(actor=actor, line=theirs, words=WORDS)


def _plan(learner: Learner, actor: Any, *, role: Role, second: Role) -> None:
    for one in (second, role):
        planning.make_plan(actor=actor, learner=learner, role=one, starts_on=TODAY)
    estimating.choose(actor=actor, learner=learner, wanted=False)
    plan = Plan.objects.get(learner=learner, role=role)
    step = plan.steps.select_related("course").get(position=1)
    enrolling.complete(actor=actor, step=step, on_date=TODAY, hours=14)
    CourseRefusal.objects.create(
        learner=learner, course=Course.objects.get(slug="shortcut"), reason=CourseRefusal.Reason.OTHER
    )
    show = Shown(content=FILE, name=f"{NAME}.pdf", link="https://example.com/quillfeather", result="93 %")
    proving.add(actor=actor, learner=learner, course=Course.objects.get(slug="advanced"), shown=show)
    now = datetime.combine(TODAY, datetime.min.time(), tzinfo=timezone.get_current_timezone())
    sharing.share(actor=actor, plan=plan, ends_at=now + timedelta(days=30), now=now)
    sharing.open_feed(actor=actor, learner=learner, language="en", now=now)


def _study(learner: Learner, actor: Any) -> None:
    course = Course.objects.get(slug="shortcut")
    report = Report(course=course, started_on=TODAY - timedelta(days=3), state=Enrolment.State.STARTED)
    attempting.report(actor=actor, learner=learner, reports=[report], on_date=TODAY)
    studying.log(actor=actor, learner=learner, course=course, on=TODAY, minutes=90, on_date=TODAY, note=WORDS)
    studying.take_off(actor=actor, learner=learner, first=TODAY, last=TODAY + timedelta(days=2))


def _sit(learner: Learner, actor: Any) -> None:
    words = {"en": "A question", "zh": "一道题"}
    options = [{"en": f"option {n}", "zh": f"选项 {n}"} for n in range(4)]
    head = {"format": "groundwork-item-bank/1", "id": "privacy", "name": words}
    rows: list[dict[str, Any]] = [
        {**head, "author": "test", "licence": "none", "difficulty_basis": words},
        *(
            {
                "id": f"python-{number}",
                "skill": "python",
                "level": 2,
                "stem": {"en": f"Question {number}?", "zh": f"第 {number} 题？"},
                "options": options,
                "key": "a",
                "why": words,
            }
            for number in range(6)
        ),
    ]
    importing.import_bank("\n".join(map(json.dumps, rows)), actor=SYSTEM, now=timezone.now())
    sitting.start(
        actor=actor, learner=learner, skill=Skill.objects.get(slug="python"), now=timezone.now(), seed=1
    )


def _take_badge(learner: Learner, actor: Any, user: User) -> None:
    token = Academy(name=NAME).issue(name="Python", to=ADDRESS)
    received = receiving.read(token.encode(), user=user, now=timezone.now())
    accepting.accept(actor=actor, learner=learner, received=received, levels={"python": 2})


def _tell(user: User) -> None:
    DeliverySettings.objects.create(user=user, digest_hour=19)
    KindChoice.objects.create(user=user, kind="lapsing", in_app=False, mail="never")
    Notification.objects.create(user=user, kind="lapsing", subject="skill:python", data={"name": user.name})
