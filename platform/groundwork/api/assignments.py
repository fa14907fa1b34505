"""Assignments: ask a person to grow into a role by a date, take it back, and see how far they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from groundwork.api import idempotency
from groundwork.api.base import ApiView, Input, body_of, one, query_of
from groundwork.api.plans import role_of
from groundwork.core.actors import Actor, Right
from groundwork.learners.models import Learner
from groundwork.plans import assigning
from groundwork.plans.models import Assignment, AssignmentQuerySet, Plan


class AssignmentInput(Input):
    """Who, which role, and by when: a day after today."""

    person = serializers.UUIDField()
    role = serializers.SlugField(max_length=80)
    due_on = serializers.DateField()


class AssignmentSerializer(serializers.Serializer[Assignment]):
    """An employer asks a person to grow into a role by a date."""

    id = serializers.UUIDField()
    url = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()
    person = serializers.UUIDField(source="learner_id")
    role = serializers.CharField(source="role.slug")
    due_on = serializers.DateField()
    created_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)

    def get_url(self, assignment: Assignment) -> str:
        return reverse("api:assignment", args=[assignment.pk])

    def get_progress(self, assignment: Assignment) -> str:
        return reverse("api:assignment-progress", args=[assignment.pk])


class AssignmentQuery(serializers.Serializer[Any]):
    person = serializers.UUIDField(required=False)
    role = serializers.SlugField(required=False, max_length=80)


def _current(actor: Actor, request: Request) -> AssignmentQuerySet:
    wanted = query_of(request, AssignmentQuery)
    rows = Assignment.objects.visible_to(actor).current().select_related("role")
    if "person" in wanted:
        rows = rows.filter(learner=wanted["person"])
    if "role" in wanted:
        rows = rows.filter(role__slug=wanted["role"])
    return rows.order_by("due_on", "created_at", "pk")


class Assignments(ApiView):
    scopes = {"GET": (Right.READ_PLANS,), "POST": (Right.WRITE_PLANS, Right.READ_PEOPLE)}

    @extend_schema(
        operation_id="listAssignments",
        parameters=[AssignmentQuery],
        responses=AssignmentSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Assignments that have not been withdrawn, the next due first."""
        return self.page(_current(self.actor, request), AssignmentSerializer)

    @extend_schema(operation_id="assign", request=AssignmentInput, responses={201: AssignmentSerializer})
    @idempotency.once
    def post(self, request: Request) -> Response:
        """Assign a role to a person."""
        wanted = body_of(request, AssignmentInput)
        made = assigning.assign(
            actor=self.actor,
            learner=one(Learner.objects.visible_to(self.actor), pointer="#/person", pk=wanted["person"]),
            role=role_of(wanted["role"], pointer="#/role"),
            due_on=wanted["due_on"],
            on_date=timezone.localdate(),
        )
        return self.show(made, AssignmentSerializer, status=201)


class OneAssignment(ApiView):
    scopes = {"GET": (Right.READ_PLANS,), "DELETE": (Right.WRITE_PLANS, Right.READ_PLANS)}

    @extend_schema(operation_id="getAssignment", responses=AssignmentSerializer)
    def get(self, request: Request, pk: object) -> Response:
        """One assignment, also a withdrawn one."""
        rows = Assignment.objects.visible_to(self.actor).select_related("role")
        return self.show(one(rows, pk=pk), AssignmentSerializer)

    @extend_schema(operation_id="withdrawAssignment", request=None, responses={204: None})
    def delete(self, request: Request, pk: object) -> Response:
        """Withdraw an assignment; the person's own plan stays. What is withdrawn already is 404."""
        rows = Assignment.objects.visible_to(self.actor).current().select_related("learner")
        assigning.withdraw(actor=self.actor, assignment=one(rows, pk=pk))
        return Response(status=204)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far somebody is: percent and hours of the current plan, 0 without one.

    `late` says that the plan ends after the due date, or that the due date has passed unfinished.
    """

    assignment: UUID
    person: UUID
    role: str
    due_on: date
    plan: UUID | None
    percent: int
    hours_done: int
    hours_total: int
    planned_end: date | None
    late: bool


class ProgressSerializer(serializers.Serializer[Progress]):
    """How far a person is with an assignment; `percent` counts hours of finished steps.

    `late` says that the plan ends after the due date, or that the due date has passed unfinished.
    """

    assignment = serializers.UUIDField()
    person = serializers.UUIDField()
    role = serializers.CharField()
    due_on = serializers.DateField()
    plan = serializers.UUIDField(allow_null=True)
    percent = serializers.IntegerField(min_value=0, max_value=100)
    hours_done = serializers.IntegerField(min_value=0)
    hours_total = serializers.IntegerField(min_value=0)
    planned_end = serializers.DateField(allow_null=True)
    late = serializers.BooleanField()


def _progress(assignments: Iterable[Assignment], *, actor: Actor) -> list[Progress]:
    assignments = list(assignments)
    plans = Plan.objects.visible_to(actor).filter(also=None).current().prefetch_related("steps")
    goals = {(one.learner_id, one.role_id) for one in assignments}
    found = {
        (plan.learner_id, plan.role_id): plan
        for plan in plans.filter(
            learner__in={learner for learner, _role in goals}, role__in={role for _learner, role in goals}
        )
    }
    today = timezone.localdate()
    return [
        _of(assignment, plan=found.get((assignment.learner_id, assignment.role_id)), today=today)
        for assignment in assignments
    ]


def _of(assignment: Assignment, *, plan: Plan | None, today: date) -> Progress:
    # A plan that could not be made has no hours, and nobody has finished it.
    percent = plan.progress_percent if plan and plan.status in Plan.WITH_STEPS else 0
    planned_end = plan.ends_on if plan else None
    return Progress(
        assignment=assignment.pk,
        person=assignment.learner_id,
        role=assignment.role.slug,
        due_on=assignment.due_on,
        plan=plan.pk if plan else None,
        percent=percent,
        hours_done=plan.done_hours if plan else 0,
        hours_total=plan.hours if plan else 0,
        planned_end=planned_end,
        late=assignment.is_late(plan=plan, on_date=today),
    )


class ProgressList(ApiView):
    scopes = {"GET": (Right.READ_PLANS,)}

    @extend_schema(
        operation_id="listProgress", parameters=[AssignmentQuery], responses=ProgressSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """How far people are with what is assigned to them, the next due first."""
        pages = self.pagination_class()
        found = pages.paginate_queryset(_current(self.actor, request), request, view=self) or []
        rows = [ProgressSerializer(one).data for one in _progress(found, actor=self.actor)]
        return pages.get_paginated_response(rows)


class AssignmentProgress(ApiView):
    scopes = {"GET": (Right.READ_PLANS,)}

    @extend_schema(operation_id="getProgress", responses=ProgressSerializer)
    def get(self, request: Request, pk: object) -> Response:
        """How far the person is with one assignment."""
        assignment = one(Assignment.objects.visible_to(self.actor).select_related("role"), pk=pk)
        return Response(ProgressSerializer(_progress([assignment], actor=self.actor)[0]).data)
