"""People and rows for the audit, in the database of a running site; prints sessions and addresses as JSON.

The isolation tests already say what fills the address of every route; a new page is visited without a word
more. Here stand only the rows that make a page worth looking at.
"""

from __future__ import annotations

import json
import re
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.internal.userkit import user_id_to_str
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from groundwork.accounts import actors
from groundwork.accounts.models import Membership, User
from groundwork.core.actors import SYSTEM
from groundwork.credentials import issuing
from groundwork.credentials.models import Award
from groundwork.frameworks.models import Role
from groundwork.learners import disputing, recording
from groundwork.learners.models import Evidence
from groundwork.learners.recording import Observation
from groundwork.notifications import stopping
from groundwork.notifications.kinds import Kind
from groundwork.plans import enrolling, examples, sharing
from groundwork.plans.models import Plan
from groundwork.privacy import erasing
from tests import builders
from tests.isolation import world as worlds
from tests.isolation.table import TABLE
from tests.isolation.test_every_route import OF_OPERATORS, ROUTES
from tests.isolation.world import World

ROLE = "llm-inference-systems-engineer"
PERSON = "wei-java"


def main() -> None:
    """Make the rows and say where they are."""
    # The demonstration's people have the addresses of the cast.
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(email=f"demo-{user.email}")
    world = worlds.build()
    _name_examples()
    plan = _study(world)
    revoked = _revoke(world)
    disputing.dispute(actor=world.people.actor(world.people.ada), line=world.line, words="It was longer ago.")
    guest, course = _guest()
    TOTP.activate(world.people.ada, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(world.people.ada)
    print(
        json.dumps(
            {
                "sessions": {**_sessions(world), "guest": guest},
                "routes": _addresses(world, plan=plan, course=course),
                "places": {
                    "role": ROLE,
                    "plan": reverse("web:plan", args=[plan.pk]),
                    "small_plan": reverse("web:plan", args=[world.plan.pk]),
                    "join": reverse("web:join", args=[world.invitation_secret]),
                    "revoked": reverse("web:credential", args=[revoked.pk]),
                    "sitting": reverse("web:assessment", args=[world.sitting.pk]),
                    "token": world.award.token,
                },
            }
        )
    )


def _name_examples() -> None:
    """What tests make up stands in the guide's pictures too, and says what it is."""
    for number, slug in enumerate(("isolated-role", "second-role"), start=1):
        Role.objects.filter(slug=slug).update(
            name_en=f"Example role {number}",
            name_zh=f"示例岗位 {number}",
            summary_en="An example, made for these pictures; the catalogue does not hold it.",
            summary_zh="为这些截图而设的示例，课程目录中没有此岗位。",
        )


def _study(world: World) -> Plan:
    """Ada at the skills of an example person, with a real plan in which some steps are over."""
    example = examples.person(PERSON)
    assert example
    builders.give_levels(world.learner, {row.skill: row.level for row in example.levels})
    plan = builders.make_plan(world.learner, Role.objects.with_requirements().get(slug=ROLE))
    ada, today = world.people.actor(world.people.ada), timezone.localdate()
    first, second, third = plan.steps.select_related("plan__learner", "course").order_by("position")[:3]
    enrolling.complete(actor=ada, step=first, on_date=today, hours=12)
    enrolling.fail(actor=ada, step=second, on_date=today)
    enrolling.withdraw(actor=ada, step=third, on_date=today)
    return plan


def _revoke(world: World) -> Award:
    """A second credential of Ada's, revoked."""
    ada, skill = world.people.actor(world.people.ada), builders.make_skill("once-certified")
    shown = Observation(
        skill=skill.slug, level=3, kind=Evidence.Kind.CERTIFICATE, evidenced_on=timezone.localdate()
    )
    recording.record_evidence(
        actor=world.people.actor(world.people.hana), learner=world.learner, observations=[shown]
    )
    award = issuing.issue_for_skill(
        actor=ada, learner=world.learner, skill=skill, with_name=True, now=timezone.now()
    )
    issuing.revoke(actor=ada, award=award, now=timezone.now())
    return award


def _sessions(world: World) -> dict[str, str]:
    newcomer = builders.make_user("nia@example.net", name="Nia Newcomer")
    founder = builders.make_user(
        "fay@example.net",
        name="Fay Founder",
        organisation=builders.make_organisation("Empty Ltd"),
        kind=Membership.Kind.ADMINISTRATOR,
    )
    operator = builders.make_user("oda@example.net", name="Oda Operator")
    # Without a password of her own, as people of a single sign-on are.
    User.objects.filter(pk=operator.pk).update(is_staff=True, is_superuser=True, password="!")
    users = {
        "newcomer": newcomer,
        "learner": world.people.ada,
        "founder": founder,
        "administrator": world.people.hana,
        "operator": operator,
    }
    # The newcomer has not followed the link of the first letter yet, and so gets no second factor.
    for user in users.values():
        defaults = {"primary": True, "verified": user != newcomer}
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults=defaults)
    return {name: _sign_in(user) for name, user in users.items()}


def _sign_in(user: User) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    session = client.session
    # Some pages are only for who has given the password a moment ago; an audit takes longer than a moment.
    given = {"method": "password", "reauthenticated": True, "at": time.time() + 24 * 3600}
    session["account_authentication_methods"] = [given]
    session["account_authentication_methods_user"] = user_id_to_str(user)
    session.save()
    return client.cookies["groundwork_session"].value


def _guest() -> tuple[str, str]:
    """A visitor with an example person's skills, confirmed: the session, and a course of the path."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.post(reverse("web:take_example", args=[PERSON]))
    example = examples.person(PERSON)
    assert example
    levels = {f"level-{row.skill}": row.level for row in example.levels}
    answer = client.post(
        reverse("web:save_skills"), {"skill": [row.skill for row in example.levels], **levels}
    )
    assert answer.status_code == 302, answer
    path = client.get(reverse("web:path", args=[ROLE])).content.decode()
    [course, *_others] = re.findall(rf"/roles/{ROLE}/path/instead/([\w-]+)/", path)
    return client.cookies["groundwork_session"].value, course


def _addresses(world: World, *, plan: Plan, course: str) -> dict[str, str]:
    richer: dict[str, dict[str, Any]] = {
        "web:role": {"slug": ROLE},
        "web:path": {"slug": ROLE},
        "web:alternatives": {"slug": ROLE},
        "web:skill_graph": {"slug": ROLE},
        "web:course": {"slug": course},
        "web:plan": {"pk": plan.pk},
        "web:join": {"secret": world.invitation_secret},
        "web:instead": {"slug": ROLE, "course": course},
        "web:shared": {"secret": _share(world, plan)},
        "web:erasure": {"pk": _leave()},
    }
    stop = stopping.link(world.people.ada, kinds={Kind.ASSIGNED})
    names = [name for name in ROUTES if name not in OF_OPERATORS and name in TABLE]
    addresses = {name: reverse(name, kwargs=richer.get(name, TABLE[name].fill(world))) for name in names}
    return {**addresses, "web:stop_mail": stop}


def _leave() -> UUID:
    """Somebody who has asked for the end of her account; the page that tells how far it is."""
    user = builders.make_user("lea@example.net", name="Lea Leaver")
    recording.learner_of(user, actor=SYSTEM)
    return erasing.request(user=user, actor=actors.of_user(user), now=timezone.now(), at_once=False).pk


def _share(world: World, plan: Plan) -> str:
    now = timezone.now()
    ada = world.people.actor(world.people.ada)
    return sharing.share(actor=ada, plan=plan, ends_at=now + timedelta(days=30), now=now)[1]
