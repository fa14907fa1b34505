"""Plans: one made inside the request, or read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from groundwork.api import idempotency, problems
from groundwork.api.base import ApiView, Input, body_of, one, query_of
from groundwork.api.people import LANGUAGE
from groundwork.api.problems import Fault, Refusal
from groundwork.catalogue.models import Course
from groundwork.core.actors import Right
from groundwork.frameworks.models import Role
from groundwork.learners.models import Learner
from groundwork.plans import planning, preferring
from groundwork.plans.models import Plan, PlanStep
from groundwork.plans.snapshot import Wishes

MAX_PRICE = 10_000_000
# Dates far away would only prove that calendars end.
EARLIEST, LATEST = timedelta(days=-366), timedelta(days=5 * 366)


class WishesInput(Input):
    """What the plan may use. Without `languages` those of the person count; `max_price` in whole CNY."""

    languages = serializers.ListField(
        child=serializers.RegexField(LANGUAGE), required=False, default=list, max_length=20
    )
    max_price = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=MAX_PRICE
    )
    exclude = serializers.ListField(
        child=serializers.SlugField(max_length=80),
        required=False,
        default=list,
        max_length=1000,
        help_text="Courses not to take.",
    )
    include_optional = serializers.BooleanField(
        required=False, default=False, help_text="Whether optional requirements are goals, too."
    )
    strategic = serializers.IntegerField(
        required=False,
        default=0,
        min_value=0,
        max_value=preferring.MOST,
        help_text="How much to prefer strategic skills; at 1 an hour of others counts a tenth more.",
    )
    demanded = serializers.IntegerField(
        required=False,
        default=0,
        min_value=0,
        max_value=preferring.MOST,
        help_text="How much to prefer what postings for the role ask for; without enough postings, nothing.",
    )
    ties_only = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Let both choose among the cheapest plans only.",
    )


class PlanInput(Input):
    """Whom to plan for, and where to."""

    person = serializers.UUIDField()
    role = serializers.SlugField(max_length=80)
    also = serializers.SlugField(
        required=False, max_length=80, help_text="A second role to reach together with the first."
    )
    wishes = WishesInput(required=False)
    starts_on = serializers.DateField(required=False, help_text="The first day of study; today unless given.")

    def validate_starts_on(self, day: date) -> date:
        today = timezone.localdate()
        if not today + EARLIEST <= day <= today + LATEST:
            raise serializers.ValidationError(_("Choose a day within the last year or the next five years."))
        return day


class GainSerializer(serializers.Serializer[Any]):
    """A skill the course lifts; `needed` is the level the role asks, null when it asks none above."""

    skill = serializers.CharField()
    before = serializers.IntegerField(min_value=0, max_value=5)
    after = serializers.IntegerField(min_value=1, max_value=5)
    needed = serializers.IntegerField(min_value=1, max_value=5, allow_null=True)


class OpeningSerializer(serializers.Serializer[Any]):
    """A later course that needs what this one gives."""

    course = serializers.CharField()
    skills = serializers.ListField(child=serializers.CharField())


class ReasonsSerializer(serializers.Serializer[Any]):
    """Why the course stands in the plan, as data."""

    gains = GainSerializer(many=True)
    opens = OpeningSerializer(many=True)
    on_every_route = serializers.BooleanField()
    alternatives = serializers.ListField(child=serializers.CharField())


class EstimateSerializer(serializers.Serializer[Any]):
    """Why the hours of a step are no declared ones: attempts with hours, attempts that ended, own courses.

    `percent` of attempts are expected to be finished; null where that is not known. `version` names the
    estimates, `as_of` their day.
    """

    declared = serializers.IntegerField(min_value=1)
    expected = serializers.IntegerField(min_value=1)
    timed = serializers.IntegerField(min_value=0)
    ended = serializers.IntegerField(min_value=0)
    own = serializers.IntegerField(min_value=0)
    percent = serializers.IntegerField(min_value=0, max_value=100, allow_null=True)
    basis = serializers.CharField(help_text="assumption, counts or model")
    version = serializers.CharField()
    as_of = serializers.DateField()


class StepSerializer(serializers.Serializer[PlanStep]):
    """One course at its place in the plan."""

    position = serializers.IntegerField(min_value=1)
    course = serializers.CharField(source="course.slug")
    title_en = serializers.CharField(source="course.title_en")
    title_zh = serializers.CharField(source="course.title_zh")
    hours = serializers.IntegerField(min_value=1)
    price = serializers.IntegerField(min_value=0)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    completed_on = serializers.DateField(allow_null=True)
    reasons = ReasonsSerializer()
    estimate = EstimateSerializer(
        source="reasons.estimate", allow_null=True, default=None, help_text="null: declared hours count."
    )


class PlanSummarySerializer(serializers.Serializer[Plan]):
    """A plan without its steps.

    `cost` counts 100 for each hour and 1 for each CNY; no plan can cost less than `bound`, and `gap` is
    (cost - bound) / cost. All three are null where there is no plan; `unreachable` then names the skills
    that nothing in the catalogue brings to the level asked.
    """

    id = serializers.UUIDField()
    url = serializers.SerializerMethodField()
    person = serializers.UUIDField(source="learner_id")
    role = serializers.CharField(source="role.slug")
    also = serializers.CharField(
        source="also.slug", allow_null=True, default=None, help_text="The second role of a plan for two."
    )
    status = serializers.ChoiceField(Plan.Status.choices)
    cost = serializers.IntegerField(allow_null=True)
    bound = serializers.IntegerField(allow_null=True)
    gap = serializers.SerializerMethodField()
    hours = serializers.IntegerField()
    price = serializers.IntegerField()
    hours_per_week = serializers.IntegerField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    unreachable = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    superseded_at = serializers.DateTimeField(allow_null=True)

    def get_url(self, plan: Plan) -> str:
        return reverse("api:plan", args=[plan.pk])

    @extend_schema_field(serializers.FloatField(allow_null=True))
    def get_gap(self, plan: Plan) -> float | None:
        if plan.cost is None or plan.bound is None:
            return None
        return round((plan.cost - plan.bound) / plan.cost, 6) if plan.cost else 0.0


class PlanSerializer(PlanSummarySerializer):
    """A plan with its steps."""

    steps = StepSerializer(many=True)


class PlanQuery(serializers.Serializer[Any]):
    person = serializers.UUIDField(required=False)
    role = serializers.SlugField(required=False, max_length=80)
    current = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Only plans that no later one replaces."
    )


class Plans(ApiView):
    scopes = {"GET": (Right.READ_PLANS,), "POST": (Right.WRITE_PLANS, Right.READ_PEOPLE)}

    @extend_schema(
        operation_id="listPlans", parameters=[PlanQuery], responses=PlanSummarySerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """The plans of the organisation's people, latest first."""
        wanted = query_of(request, PlanQuery)
        rows = (
            Plan.objects.visible_to(self.actor).select_related("role", "also").order_by("-created_at", "pk")
        )
        if wanted["current"] is not None:
            rows = rows.filter(superseded_at__isnull=wanted["current"])
        if "person" in wanted:
            rows = rows.filter(learner=wanted["person"])
        if "role" in wanted:
            rows = rows.filter(role__slug=wanted["role"])
        return self.page(rows, PlanSummarySerializer)

    @extend_schema(
        operation_id="makePlan",
        request=PlanInput,
        responses={201: PlanSerializer, 200: PlanSerializer},
        examples=[
            OpenApiExample(
                "Chinese or English courses, at most 5,000 CNY",
                value={
                    "person": "5f0c9d0e-7a52-4a53-9a39-0e4c6d1f8b11",
                    "role": "gpu-kernel-engineer",
                    "wishes": {"languages": ["en", "zh"], "max_price": 5000},
                },
                request_only=True,
            )
        ],
    )
    @idempotency.once
    def post(self, request: Request) -> Response:
        """Make one plan (201). When nothing changed since a proven plan, that one is the answer (200)."""
        asked_at = timezone.now()
        wanted = body_of(request, PlanInput)
        learner = one(Learner.objects.visible_to(self.actor), pointer="#/person", pk=wanted["person"])
        plan = planning.make_plan(
            actor=self.actor,
            learner=learner,
            role=role_of(wanted["role"], pointer="#/role"),
            also=_second(wanted),
            starts_on=wanted.get("starts_on") or timezone.localdate(),
            wishes=_wishes(wanted.get("wishes"), learner=learner),
        )
        made = one(Plan.objects.with_steps(), pk=plan.pk)
        return self.show(made, PlanSerializer, status=201 if made.created_at >= asked_at else 200)


class OnePlan(ApiView):
    scopes = {"GET": (Right.READ_PLANS,)}

    @extend_schema(operation_id="getPlan", responses=PlanSerializer)
    def get(self, request: Request, pk: object) -> Response:
        """One plan with steps, dates and reasons."""
        return self.show(one(Plan.objects.visible_to(self.actor).with_steps(), pk=pk), PlanSerializer)


def role_of(slug: str, *, pointer: str) -> Role:
    """The role a body names, with its requirements; an unknown one is a wrong value, not a missing page."""
    role = Role.objects.with_requirements().filter(slug=slug).first()
    if role is None:
        raise Refusal(
            status=problems.UNPROCESSABLE,
            code="invalid",
            message=_("Unknown role: %(role)s.") % {"role": slug},
            faults=(Fault(pointer=pointer, message=_("There is no such role.")),),
        )
    return role


def _second(wanted: dict[str, Any]) -> Role | None:
    if "also" not in wanted:
        return None
    if wanted["also"] == wanted["role"]:
        raise Refusal(
            status=problems.UNPROCESSABLE,
            code="invalid",
            message=_("Choose two different roles."),
            faults=(Fault(pointer="#/also", message=_("Choose two different roles.")),),
        )
    return role_of(wanted["also"], pointer="#/also")


def _wishes(wanted: dict[str, Any] | None, *, learner: Learner) -> Wishes | None:
    if wanted is None:
        return None
    _know_courses(wanted["exclude"])
    return Wishes(
        languages=tuple(wanted["languages"] or learner.languages),
        max_price=wanted["max_price"],
        exclude=frozenset(wanted["exclude"]),
        with_optional=wanted["include_optional"],
        strategic=wanted["strategic"],
        demanded=wanted["demanded"],
        ties_only=wanted["ties_only"],
    )


def _know_courses(slugs: Sequence[str]) -> None:
    known = set(Course.objects.filter(slug__in=slugs).values_list("slug", flat=True)) if slugs else set()
    faults = tuple(
        Fault(pointer=f"#/wishes/exclude/{place}", message=_("There is no such course."))
        for place, slug in enumerate(slugs)
        if slug not in known
    )
    if faults:
        raise Refusal(
            status=problems.UNPROCESSABLE,
            code="invalid",
            message=_("Some courses to leave out are unknown."),
            faults=faults,
        )
