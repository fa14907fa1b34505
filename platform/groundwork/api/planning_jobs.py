"""Planning jobs: many plans, made by the worker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from groundwork.api import idempotency, problems
from groundwork.api.base import ApiView, Input, body_of, one
from groundwork.api.problems import Fault, Refusal
from groundwork.core.actors import Actor, Right
from groundwork.frameworks.models import Role
from groundwork.learners.models import Learner
from groundwork.plans import jobs
from groundwork.plans.models import Plan, PlanningJob, PlanningJobItem


class JobItemInput(Input):
    """One plan to make."""

    person = serializers.UUIDField()
    role = serializers.SlugField(max_length=80)


class JobInput(Input):
    """The plans to make, at most 1,000; the same pair twice is made once."""

    items: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=JobItemInput(), allow_empty=False, max_length=jobs.MAX_ITEMS
    )


class JobSerializer(serializers.Serializer[PlanningJob]):
    """How far a job is: `done` of `total` items are finished, `failed` of them without a plan."""

    id = serializers.UUIDField()
    url = serializers.SerializerMethodField()
    results = serializers.SerializerMethodField()
    state = serializers.ChoiceField(PlanningJob.State.choices)
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    failed = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)

    def get_url(self, job: PlanningJob) -> str:
        return reverse("api:planning-job", args=[job.pk])

    def get_results(self, job: PlanningJob) -> str:
        return reverse("api:planning-job-results", args=[job.pk])


class JobItemSerializer(serializers.Serializer[PlanningJobItem]):
    """One item: its plan once it is made, or why there is none."""

    person = serializers.UUIDField(source="learner_id")
    role = serializers.CharField(source="role.slug")
    plan = serializers.UUIDField(source="plan_id", allow_null=True)
    status = serializers.ChoiceField(Plan.Status.choices, source="plan.status", allow_null=True, default=None)
    error = serializers.CharField(allow_blank=True)
    finished_at = serializers.DateTimeField(allow_null=True)


def _counted(actor: Actor) -> QuerySet[PlanningJob]:
    return PlanningJob.objects.visible_to(actor).annotate(
        total=Count("items"),
        done=Count("items", filter=Q(items__finished_at__isnull=False)),
        failed=Count("items", filter=Q(items__finished_at__isnull=False) & ~Q(items__error="")),
    )


class PlanningJobs(ApiView):
    scopes = {
        "GET": (Right.READ_PLANS,),
        "POST": (Right.WRITE_PLANS, Right.READ_PLANS, Right.READ_PEOPLE),
    }

    @extend_schema(operation_id="listPlanningJobs", responses=JobSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The jobs of the organisation, latest first."""
        return self.page(_counted(self.actor).order_by("-created_at", "pk"), JobSerializer)

    @extend_schema(operation_id="requestPlans", request=JobInput, responses={202: JobSerializer})
    @idempotency.once
    def post(self, request: Request) -> Response:
        """Ask for many plans; the answer says where to follow the job."""
        items = body_of(request, JobInput)["items"]
        job = jobs.request(actor=self.actor, pairs=_pairs(items, actor=self.actor))
        return self.show(one(_counted(self.actor), pk=job.pk), JobSerializer, status=202)


def _pairs(items: Sequence[dict[str, Any]], *, actor: Actor) -> Iterator[tuple[Learner, Role]]:
    people = Learner.objects.visible_to(actor).in_bulk([item["person"] for item in items])
    roles = Role.objects.in_bulk([item["role"] for item in items], field_name="slug")
    _refuse(items, "person", known=people, status=404, code="not-found")
    _refuse(items, "role", known=roles, status=problems.UNPROCESSABLE, code="invalid")
    return ((people[item["person"]], roles[item["role"]]) for item in items)


def _refuse(
    items: Sequence[dict[str, Any]], name: str, *, known: dict[Any, Any], status: int, code: str
) -> None:
    faults = tuple(
        Fault(pointer=f"#/items/{place}/{name}", message=_("There is no such row."))
        for place, item in enumerate(items)
        if item[name] not in known
    )
    if faults:
        raise Refusal(
            status=status,
            code=code,
            message=_("Some items name what does not exist. Nothing was queued."),
            faults=faults,
        )


class OnePlanningJob(ApiView):
    scopes = {"GET": (Right.READ_PLANS,)}

    @extend_schema(operation_id="getPlanningJob", responses=JobSerializer)
    def get(self, request: Request, pk: object) -> Response:
        """How far a job is."""
        return self.show(one(_counted(self.actor), pk=pk), JobSerializer)


class PlanningJobResults(ApiView):
    scopes = {"GET": (Right.READ_PLANS,)}

    @extend_schema(operation_id="listPlanningJobResults", responses=JobItemSerializer(many=True))
    def get(self, request: Request, pk: object) -> Response:
        """The items of a job, in the order they were asked for, finished or not."""
        job = one(PlanningJob.objects.visible_to(self.actor), pk=pk)
        return self.page(job.items.select_related("role", "plan"), JobItemSerializer)
