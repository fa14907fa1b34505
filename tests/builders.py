"""Small rows for tests: every builder has sensible defaults, so that a test names only what it is about."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.utils import timezone

from groundwork.accounts import provisioning
from groundwork.accounts.models import Membership, Organisation, ServiceAccount, User
from groundwork.catalogue.models import Course, Outcome, Prerequisite, Provider
from groundwork.core.actors import ADMINISTRATOR_RIGHTS, SYSTEM, Actor
from groundwork.frameworks.models import Demand, DemandTerm, Framework, Role, RoleRequirement, Skill
from groundwork.learners import recording
from groundwork.learners.models import Evidence, Learner
from groundwork.learners.recording import Observation
from groundwork.plans import assigning, planning
from groundwork.plans.models import Assignment, Plan

PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


def make_framework() -> Framework:
    """The one framework of a test; every call marks it as changed, so that no cache outlives a test."""
    framework, _created = Framework.objects.update_or_create(
        slug="test",
        defaults={"name_en": "Test framework", "name_zh": "测试框架", "digest": uuid.uuid4().hex},
    )
    return framework


def make_skill(slug: str = "", *, name_en: str = "", name_zh: str = "", **fields: object) -> Skill:
    """A skill; its names follow from the slug unless given. The same slug twice is the same skill."""
    slug = slug or f"skill-{next(_numbers)}"
    found = Skill.objects.filter(slug=slug).first()
    if found:
        return found
    values: dict[str, object] = {
        "kind": Skill.Kind.TECHNOLOGY,
        "half_life": Skill.HalfLife.METHOD,
        "provenance": "made for a test",
        **fields,
    }
    return Skill.objects.create(
        framework=make_framework(),
        slug=slug,
        name_en=name_en or slug.replace("-", " ").capitalize(),
        name_zh=name_zh or f"技能 {slug}",
        **values,
    )


def make_course(
    slug: str = "",
    *,
    hours: int = 20,
    price: int = 0,
    requires: Mapping[str, int] | None = None,
    teaches: Mapping[str, int] | None = None,
    **fields: object,
) -> Course:
    """A course on offer; skills it names are made where they are missing."""
    slug = slug or f"course-{next(_numbers)}"
    provider, _created = Provider.objects.get_or_create(name="Test provider")
    values: dict[str, object] = {
        "title_en": slug.replace("-", " ").capitalize(),
        "title_zh": f"课程 {slug}",
        "language": "en",
        "level": Course.Level.BEGINNER,
        "format": Course.Format.COURSE,
        "hours_basis": Course.Basis.KNOWN,
        "price_class": Course.PriceClass.PAID if price else Course.PriceClass.FREE,
        "price_basis": Course.Basis.KNOWN,
        "hands_on": False,
        "url": f"https://courses.example/{slug}",
        "source": "test",
        "provenance": "made for a test",
        **fields,
    }
    course = Course.objects.create(slug=slug, provider=provider, hours=hours, price=price, **values)
    for skill, level in (requires or {}).items():
        Prerequisite.objects.create(course=course, skill=make_skill(skill), level=level)
    for skill, level in (teaches or {"python": 2}).items():
        Outcome.objects.create(course=course, skill=make_skill(skill), level=level)
    return course


def make_role(
    slug: str = "",
    *,
    requires: Mapping[str, int] | None = None,
    optional: Mapping[str, int] | None = None,
    postings: int | None = None,
    **fields: object,
) -> Role:
    """A role asking for `requires` (essential) and `optional`; with demand when `postings` is given."""
    number = next(_numbers)
    slug = slug or f"role-{number}"
    values: dict[str, object] = {
        "code": f"X{number}",
        "layer": Role.Layer.FOUNDATION,
        "domain_en": "AI systems",
        "domain_zh": "人工智能系统",
        "name_en": slug.replace("-", " ").capitalize(),
        "name_zh": f"岗位 {slug}",
        "summary_en": "Made for a test.",
        "summary_zh": "为测试而设。",
        "priority": 2,
        "priority_reason_en": "Made for a test.",
        "priority_reason_zh": "为测试而设。",
        "priority_source": "test",
        **fields,
    }
    role = Role.objects.create(framework=make_framework(), slug=slug, **values)
    wanted = [
        *((skill, level, True) for skill, level in (requires or {"python": 2}).items()),
        *((skill, level, False) for skill, level in (optional or {}).items()),
    ]
    for skill, level, essential in wanted:
        RoleRequirement.objects.create(
            role=role,
            skill=make_skill(skill),
            level=level,
            weight=3,
            essential=essential,
            part=RoleRequirement.Part.AI,
        )
    if postings is not None:
        make_demand(role, postings=postings)
    # Read as the product reads it: with everything a plan needs.
    return Role.objects.with_requirements().get(pk=role.pk)


def make_demand(role: Role, *, postings: int = 120, terms: Mapping[str, int] | None = None) -> Demand:
    """What postings say of a role."""
    demand = Demand.objects.create(
        role=role,
        postings=postings,
        source="test postings",
        as_of="2026-01",
        note_en="Test.",
        note_zh="测试。",
    )
    for term, count in (terms or {}).items():
        skill = Skill.objects.filter(slug=term).first()
        DemandTerm.objects.create(demand=demand, term=term, skill=skill, postings=count)
    return demand


def make_organisation(name: str = "") -> Organisation:
    """An organisation without members."""
    return Organisation.objects.create(name=name or f"Organisation {next(_numbers)}")


def make_user(
    email: str = "",
    *,
    name: str = "",
    organisation: Organisation | None = None,
    kind: str = Membership.Kind.MEMBER,
    password: str = PASSWORD,
) -> User:
    """Somebody who can sign in with PASSWORD; a member of `organisation` where one is given."""
    email = email or f"person{next(_numbers)}@example.com"
    user = User.objects.create_user(email, password, name=name or email.split("@")[0].capitalize())
    if organisation:
        provisioning.join(user=user, organisation=organisation, kind=kind, actor=SYSTEM)
    return User.objects.get(pk=user.pk)


def administrator_of(organisation: Organisation) -> Actor:
    """An actor with every right in `organisation` and no row of its own."""
    return Actor(organisation_id=organisation.pk, rights=ADMINISTRATOR_RIGHTS, system="test")


def make_key(
    organisation: Organisation, *, scopes: Sequence[str] | None = None, name: str = "HR system"
) -> tuple[ServiceAccount, str]:
    """A service account and its token, with every scope unless `scopes` says otherwise."""
    return provisioning.open_service_account(
        actor=administrator_of(organisation),
        name=name,
        scopes=[str(scope) for scope in (ServiceAccount.SCOPES if scopes is None else scopes)],
    )


def make_learner(
    *,
    organisation: Organisation | None = None,
    user: User | None = None,
    name: str = "",
    levels: Mapping[str, int] | None = None,
    hours_per_week: int = 8,
    external_id: str = "",
) -> Learner:
    """A learner at `levels`, recorded as evidence of today; skills are made where they are missing."""
    learner = Learner.objects.create(
        user=user,
        organisation=organisation,
        name=name or (str(user) if user else f"Learner {next(_numbers)}"),
        hours_per_week=hours_per_week,
        external_id=external_id,
    )
    give_levels(learner, levels or {})
    return learner


def give_levels(learner: Learner, levels: Mapping[str, int], *, on_date: date | None = None) -> None:
    """Record `levels` as evidence of `on_date` (today)."""
    for slug in levels:
        make_skill(slug)
    if levels:
        recording.record_evidence(
            actor=SYSTEM,
            learner=learner,
            observations=[
                Observation(
                    skill=slug,
                    level=level,
                    kind=Evidence.Kind.SELF_REPORT,
                    evidenced_on=on_date or timezone.localdate(),
                )
                for slug, level in levels.items()
            ],
        )


def make_plan(learner: Learner, role: Role, *, starts_on: date | None = None) -> Plan:
    """The computed and saved plan of `learner` for `role`."""
    actor = Actor(
        organisation_id=learner.organisation_id,
        rights=ADMINISTRATOR_RIGHTS,
        user_id=learner.user_id,
        system="test",
    )
    return planning.make_plan(
        actor=actor, learner=learner, role=role, starts_on=starts_on or timezone.localdate()
    )


def make_assignment(learner: Learner, role: Role, *, due_in_days: int = 365) -> Assignment:
    """`role` assigned to `learner` by its organisation."""
    if learner.organisation is None:
        raise ValueError("only people of an organisation can be assigned to")
    today = timezone.localdate()
    return assigning.assign(
        actor=administrator_of(learner.organisation),
        learner=learner,
        role=role,
        due_on=today + timedelta(days=due_in_days),
        on_date=today,
    )
