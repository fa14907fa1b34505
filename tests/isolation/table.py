"""Every route of the site, what fills its address and body, and whose it is.

A route that is missing here fails the suite: whoever adds one says what an outsider may get from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from allauth.usersessions.models import UserSession
from django.utils import timezone

from groundwork.learners.models import Clocks
from tests.isolation.world import World, badge_text

Values = Callable[[World], dict[str, Any]]


class Whose(Enum):
    """Who may use a route."""

    ANYBODY = "open to all; holds nothing of anybody"
    SELF = "each their own; the address names no row"
    MEMBERS_ROW = "the address names a row of Ada's; only she and the administrators"
    ADMINISTRATORS = "pages of an organisation; everybody's own, 404 for members"
    ADMINISTRATORS_ROW = "the address names a row of the organisation; only its administrators"
    KEY = "the API, each key its own organisation; the address names no row"
    KEYS_BODY = "the API; the body names a row of the organisation"
    KEYS_ROW = "the API; the address names a row of the organisation"
    CATALOGUE = "the API, the same for every key"


@dataclass(frozen=True, kw_only=True)
class Route:
    """`fill` makes the arguments of the address, `body` what is sent with POST, PUT and PATCH."""

    whose: Whose
    fill: Values = lambda _world: {}
    body: Values = lambda _world: {}


def anybody(**fixed: Any) -> Route:
    return Route(whose=Whose.ANYBODY, fill=lambda _world: fixed)


def _role(world: World) -> dict[str, Any]:
    return {"slug": world.role.slug}


def _plan(world: World) -> dict[str, Any]:
    return {"pk": world.plan.pk}


def _step(world: World) -> dict[str, Any]:
    return {"pk": world.plan.pk, "step": world.step.pk}


def _person(world: World) -> dict[str, Any]:
    return {"pk": world.learner.pk}


def _assignment(world: World) -> dict[str, Any]:
    return {"pk": world.assignment.pk}


def _sitting(world: World) -> dict[str, Any]:
    return {"pk": world.sitting.pk}


def _award(world: World) -> dict[str, Any]:
    return {"pk": world.award.pk}


def _link(world: World) -> dict[str, Any]:
    return {"pk": world.share.pk}


def _job(world: World) -> dict[str, Any]:
    return {"pk": world.job.pk}


def _goal(world: World) -> dict[str, Any]:
    return {"person": str(world.learner.pk), "role": world.role.slug}


def _assigned(world: World) -> dict[str, Any]:
    due_on = timezone.localdate() + timedelta(days=99)
    return {**_goal(world), "due_on": due_on.isoformat()}


def _skill(_world: World) -> dict[str, Any]:
    return {"slug": "python"}


def _months() -> dict[str, Any]:
    return dict.fromkeys(Clocks.CLOCKS, 12)


def _evidence(_world: World) -> dict[str, Any]:
    observed = {"skill": "python", "level": 5, "kind": "manager", "evidenced_on": "2026-01-01"}
    return {"evidence": [observed]}


def _enrolments(_world: World) -> dict[str, Any]:
    attempt = {"course": "isolation-course", "started_on": "2026-01-01", "state": "finished"}
    return {"enrolments": [{**attempt, "ended_on": "2026-02-01"}]}


PAGES: dict[str, Route] = {
    "healthz": anybody(),
    "set_language": anybody(),
    "web:start": anybody(),
    "web:read_cv": Route(whose=Whose.ANYBODY, body=lambda _world: {"text": "Python for ten years"}),
    "web:take_example": anybody(person="wei-java"),
    "web:skills": anybody(),
    "web:save_skills": anybody(),
    "web:keep_draft": anybody(),
    "web:keep_visit": Route(whose=Whose.SELF),
    "web:restore": anybody(),
    "web:forget": anybody(),
    "web:theme": anybody(),
    "web:about": anybody(),
    "web:style": anybody(),
    "web:roles": anybody(),
    "web:courses": anybody(),
    "web:course": anybody(slug="isolation-course"),
    "web:combine": anybody(),
    "web:compare": anybody(),
    "web:keep_combined": Route(whose=Whose.SELF),
    "web:role": Route(whose=Whose.ANYBODY, fill=_role),
    "web:path": Route(whose=Whose.ANYBODY, fill=_role),
    "web:download": Route(whose=Whose.ANYBODY, fill=lambda world: {**_role(world), "kind": "json"}),
    "web:instead": Route(
        whose=Whose.ANYBODY, fill=lambda world: {**_role(world), "course": world.step.course.slug}
    ),
    "web:alternatives": Route(whose=Whose.ANYBODY, fill=_role),
    "web:skill_graph": Route(whose=Whose.ANYBODY, fill=_role),
    "web:refuse_on_path": Route(
        whose=Whose.ANYBODY,
        fill=lambda world: {**_role(world), "course": "isolation-course"},
        body=lambda _world: {"reason": "price"},
    ),
    "web:accept_on_path": Route(
        whose=Whose.ANYBODY, fill=lambda world: {**_role(world), "course": "isolation-course"}
    ),
    "web:keep_plan": Route(whose=Whose.SELF, fill=_role),
    "web:account": Route(whose=Whose.SELF, body=lambda _world: {"name": "Me", "theme": "dark"}),
    "web:sessions": Route(whose=Whose.SELF),
    "web:end_session": Route(
        whose=Whose.MEMBERS_ROW, fill=lambda world: {"pk": UserSession.objects.get(user=world.people.ada).pk}
    ),
    "web:end_other_sessions": Route(whose=Whose.SELF),
    "web:me": Route(whose=Whose.SELF),
    "web:my_data": Route(whose=Whose.SELF),
    "web:download_data": Route(whose=Whose.SELF),
    "web:delete_account": Route(whose=Whose.SELF),
    "web:keep_account": Route(whose=Whose.SELF),
    # Names nobody; whoever is told the address may look.
    "web:erasure": anybody(pk="00000000-0000-4000-8000-000000000000"),
    "web:choose_use": Route(whose=Whose.SELF, body=lambda _world: {"use": "words", "given": "no"}),
    "web:import_data": Route(whose=Whose.SELF),
    "web:history": Route(whose=Whose.SELF),
    "web:my_skills": Route(whose=Whose.SELF),
    "web:my_skill": Route(whose=Whose.SELF, fill=_skill),
    "web:say_level": Route(
        whose=Whose.SELF, fill=_skill, body=lambda _world: {"level": "2", "on": "2026-01-01"}
    ),
    "web:mark_evidence": Route(
        whose=Whose.MEMBERS_ROW,
        fill=lambda world: {"pk": world.line.pk},
        body=lambda _world: {"act": "dispute", "words": "Not so"},
    ),
    "web:change_hours": Route(whose=Whose.SELF, body=lambda _world: {"hours": 9}),
    "web:plan": Route(whose=Whose.MEMBERS_ROW, fill=_plan),
    "web:download_plan": Route(whose=Whose.MEMBERS_ROW, fill=lambda world: {**_plan(world), "kind": "json"}),
    "web:share_plan": Route(whose=Whose.MEMBERS_ROW, fill=_plan, body=lambda _world: {"life": "30"}),
    "web:withdraw_link": Route(whose=Whose.MEMBERS_ROW, fill=_link),
    "web:restore_link": Route(whose=Whose.MEMBERS_ROW, fill=_link),
    # Public by its nature; what the true secret shows has tests of its own.
    "web:shared": anybody(secret="guessed"),
    "web:calendar": Route(whose=Whose.SELF),
    "web:close_calendar": Route(whose=Whose.SELF),
    "web:calendar_feed": anybody(secret="guessed"),
    "web:complete_step": Route(whose=Whose.MEMBERS_ROW, fill=_step),
    "web:reopen_step": Route(whose=Whose.MEMBERS_ROW, fill=_step),
    "web:start_step": Route(whose=Whose.MEMBERS_ROW, fill=_step),
    "web:undo_step": Route(whose=Whose.MEMBERS_ROW, fill=_step),
    "web:renew_plan": Route(whose=Whose.MEMBERS_ROW, fill=_plan),
    "web:dismiss_offer": Route(whose=Whose.MEMBERS_ROW, fill=_plan),
    "web:bring_back": Route(whose=Whose.MEMBERS_ROW, fill=_plan),
    "web:refuse_course": Route(whose=Whose.MEMBERS_ROW, fill=_step, body=lambda _world: {"reason": "price"}),
    "web:accept_course": Route(
        whose=Whose.MEMBERS_ROW, fill=lambda world: {**_plan(world), "refusal": world.refusal.pk}
    ),
    "web:add_proof": Route(
        whose=Whose.MEMBERS_ROW, fill=_step, body=lambda _world: {"link": "https://example.com/"}
    ),
    "web:proof": Route(whose=Whose.MEMBERS_ROW, fill=lambda world: {"pk": world.proof.pk}),
    "web:delete_proof": Route(whose=Whose.MEMBERS_ROW, fill=lambda world: {"pk": world.proof.pk}),
    "web:activity": Route(whose=Whose.SELF),
    "web:refresh": Route(whose=Whose.SELF),
    "web:take_course": Route(
        whose=Whose.MEMBERS_ROW, fill=lambda world: {**_plan(world), "slug": "isolation-course"}
    ),
    "web:week": Route(whose=Whose.SELF),
    "web:log": Route(
        whose=Whose.SELF,
        fill=lambda _world: {"slug": "isolation-course"},
        body=lambda _world: {"on": "2026-01-01", "hours": "1.5"},
    ),
    "web:unlog": Route(whose=Whose.MEMBERS_ROW, fill=lambda world: {"pk": world.session.pk}),
    "web:take_off": Route(
        whose=Whose.SELF, body=lambda _world: {"first": "2026-01-01", "last": "2026-01-02"}
    ),
    "web:work_after_all": Route(whose=Whose.MEMBERS_ROW, fill=lambda world: {"pk": world.days_off.pk}),
    "web:stop_step": Route(whose=Whose.MEMBERS_ROW, fill=_step, body=lambda _world: {"how": "failed"}),
    "web:choose_estimates": Route(whose=Whose.SELF, body=lambda _world: {"wanted": "no"}),
    "web:notifications": Route(whose=Whose.SELF),
    "web:notification_settings": Route(whose=Whose.SELF),
    # The signed address is the permission; what the true one does has tests of its own.
    "web:stop_mail": anybody(token="guessed"),
    "web:mark_notifications": Route(whose=Whose.SELF),
    "web:unmark_notifications": Route(whose=Whose.SELF, body=lambda world: {"at": world.read_at}),
    "web:notification": Route(whose=Whose.MEMBERS_ROW, fill=lambda world: {"pk": world.notification.pk}),
    "web:mark_notification": Route(
        whose=Whose.MEMBERS_ROW,
        fill=lambda world: {"pk": world.notification.pk},
        body=lambda _world: {"act": "unread"},
    ),
    "web:my_credentials": Route(whose=Whose.SELF),
    "web:issue_credential": Route(
        whose=Whose.SELF, body=lambda world: {"what": f"plan:{world.plan.pk}", "with_name": "yes"}
    ),
    "web:revoke_credential": Route(whose=Whose.MEMBERS_ROW, fill=_award),
    "web:badges": Route(whose=Whose.SELF),
    "web:read_badge": Route(whose=Whose.SELF, body=lambda _world: {"text": badge_text()}),
    "web:accept_badge": Route(
        whose=Whose.SELF, body=lambda _world: {"text": badge_text(), "level-python": "2"}
    ),
    "web:remove_badge": Route(whose=Whose.MEMBERS_ROW, fill=lambda world: {"pk": world.badge.pk}),
    "web:verify_credential": Route(whose=Whose.ANYBODY, body=lambda world: {"text": world.award.token}),
    "web:credential_issuer": anybody(),
    "web:credential_status": Route(
        whose=Whose.ANYBODY, fill=lambda world: {"pk": world.award.status_list_id}
    ),
    # Public by its nature; it names its holder only where they wanted that, and Ada did not.
    "web:credential": Route(whose=Whose.ANYBODY, fill=_award),
    "web:credential_file": Route(whose=Whose.ANYBODY, fill=lambda world: {**_award(world), "kind": "json"}),
    "web:jwks": anybody(),
    "web:assessments": Route(whose=Whose.SELF),
    "web:worth": anybody(),
    "web:start_assessment": Route(whose=Whose.SELF, fill=lambda _world: {"slug": "python"}),
    "web:assessment": Route(whose=Whose.MEMBERS_ROW, fill=_sitting),
    "web:answer_assessment": Route(
        whose=Whose.MEMBERS_ROW, fill=_sitting, body=lambda _world: {"position": 1, "choice": "0"}
    ),
    "web:organisation": Route(whose=Whose.ADMINISTRATORS),
    "web:found_organisation": Route(whose=Whose.SELF, body=lambda _world: {"name": "Second home"}),
    "web:add_person": Route(whose=Whose.ADMINISTRATORS, body=lambda _world: {"name": "Nobody of yours"}),
    "web:person": Route(whose=Whose.ADMINISTRATORS_ROW, fill=_person),
    "web:invite": Route(
        whose=Whose.ADMINISTRATORS, body=lambda _world: {"email": "x@example.net", "kind": "member"}
    ),
    "web:add_team": Route(
        whose=Whose.ADMINISTRATORS,
        body=lambda world: {"name": "Raiders", "member": str(world.people.ada.membership.pk)},
    ),
    "web:assign": Route(
        whose=Whose.ADMINISTRATORS,
        body=lambda world: {**_assigned(world), "who": f"person:{world.learner.pk}"},
    ),
    "web:withdraw": Route(whose=Whose.ADMINISTRATORS_ROW, fill=_assignment),
    "web:disputes": Route(whose=Whose.ADMINISTRATORS),
    "web:settle_dispute": Route(
        whose=Whose.ADMINISTRATORS_ROW,
        fill=lambda world: {"pk": world.line.pk},
        body=lambda _world: {"act": "strike"},
    ),
    "web:half_lives": Route(whose=Whose.ADMINISTRATORS, body=lambda _world: _months()),
    "web:keys": Route(whose=Whose.ADMINISTRATORS),
    "web:add_key": Route(
        whose=Whose.ADMINISTRATORS, body=lambda _world: {"name": "Mine", "scopes": ["people:read"]}
    ),
    "web:revoke_key": Route(whose=Whose.ADMINISTRATORS_ROW, fill=lambda world: {"pk": world.account.pk}),
    # The secret is the door; what happens with the true one in the wrong hands has a test of its own.
    "web:join": Route(whose=Whose.SELF, fill=lambda _world: {"secret": "guessed"}),
}

SIGN_IN: dict[str, Route] = {
    **{
        f"account_{name}": anybody()
        for name in (
            "login",
            "logout",
            "inactive",
            "signup",
            "reauthenticate",
            "email",
            "email_verification_sent",
            "change_password",
            "set_password",
            "reset_password",
            "reset_password_done",
            "reset_password_from_key_done",
            "confirm_login_code",
        )
    },
    "account_confirm_email": anybody(key="guessed"),
    **{
        f"mfa_{name}": Route(whose=Whose.SELF)
        for name in (
            "index",
            "reauthenticate",
            "activate_totp",
            "deactivate_totp",
            "view_recovery_codes",
            "generate_recovery_codes",
            "download_recovery_codes",
        )
    },
    **{f"socialaccount_{name}": anybody() for name in ("login_cancelled", "login_error", "signup")},
    "socialaccount_connections": Route(whose=Whose.SELF),
    "openid_connect_login": anybody(provider_id="nobody-we-know"),
    "openid_connect_callback": anybody(provider_id="nobody-we-know"),
    # The second step of signing in: without the first it leads back to it.
    "mfa_authenticate": anybody(),
    "account_reset_password_from_key": anybody(uidb36="1", key="guessed"),
}

API: dict[str, Route] = {
    **{f"api:{name}": anybody() for name in ("index", "docs", "schema", "problems")},
    "api:nothing-here": anybody(rest="nowhere/"),
    "api:roles": Route(whose=Whose.CATALOGUE),
    "api:role": Route(whose=Whose.CATALOGUE, fill=_role),
    "api:feeders": Route(whose=Whose.CATALOGUE, fill=_role),
    "api:skills": Route(whose=Whose.CATALOGUE),
    "api:skill": Route(whose=Whose.CATALOGUE, fill=lambda _world: {"slug": "python"}),
    "api:courses": Route(whose=Whose.CATALOGUE),
    "api:course": Route(whose=Whose.CATALOGUE, fill=lambda _world: {"slug": "isolation-course"}),
    "api:frameworks": Route(whose=Whose.CATALOGUE),
    "api:framework": Route(whose=Whose.CATALOGUE, fill=lambda _world: {"slug": "test"}),
    "api:concepts": Route(whose=Whose.CATALOGUE, fill=lambda _world: {"slug": "test"}),
    "api:framework-case": Route(whose=Whose.CATALOGUE, fill=lambda _world: {"slug": "test"}),
    "api:moochub-courses": Route(whose=Whose.CATALOGUE),
    "api:people": Route(whose=Whose.KEY, body=lambda _world: {"name": "X", "external_id": "EXT-ADA-77"}),
    "api:person": Route(whose=Whose.KEYS_ROW, fill=_person),
    "api:person-roles": Route(whose=Whose.KEYS_ROW, fill=_person),
    "api:person-roles-combined": Route(
        whose=Whose.KEYS_ROW,
        fill=lambda world: {**_person(world), **_role(world), "also": world.second_role.slug},
    ),
    "api:evidence": Route(whose=Whose.KEYS_ROW, fill=_person, body=_evidence),
    "api:evidence-withdrawal": Route(
        whose=Whose.KEYS_ROW, fill=lambda world: {"pk": world.learner.pk, "line": world.line.pk}
    ),
    "api:proficiency": Route(whose=Whose.KEYS_ROW, fill=_person),
    "api:proficiency-in-skill": Route(
        whose=Whose.KEYS_ROW, fill=lambda world: {**_person(world), **_skill(world)}
    ),
    "api:enrolments": Route(whose=Whose.KEYS_ROW, fill=_person, body=_enrolments),
    "api:enrolment": Route(
        whose=Whose.KEYS_ROW,
        fill=lambda world: {"pk": world.enrolment.pk},
        body=lambda _world: {"state": "withdrawn", "ended_on": timezone.localdate().isoformat()},
    ),
    "api:plans": Route(whose=Whose.KEYS_BODY, body=_goal),
    "api:plan": Route(whose=Whose.KEYS_ROW, fill=_plan),
    "api:planning-jobs": Route(whose=Whose.KEYS_BODY, body=lambda world: {"items": [_goal(world)]}),
    "api:planning-job": Route(whose=Whose.KEYS_ROW, fill=_job),
    "api:planning-job-results": Route(whose=Whose.KEYS_ROW, fill=_job),
    "api:assignments": Route(whose=Whose.KEYS_BODY, body=_assigned),
    "api:assignment": Route(whose=Whose.KEYS_ROW, fill=_assignment),
    "api:assignment-progress": Route(whose=Whose.KEYS_ROW, fill=_assignment),
    "api:progress": Route(whose=Whose.KEY),
}

TABLE = {**PAGES, **SIGN_IN, **API}
