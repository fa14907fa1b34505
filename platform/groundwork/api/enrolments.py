"""Attempts at courses: an HR system brings those of the past and keeps those of today in step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from groundwork.api import idempotency, problems
from groundwork.api.base import ApiView, Input, body_of, one, query_of
from groundwork.api.problems import Fault, Refusal
from groundwork.catalogue.models import Course
from groundwork.core.actors import Right
from groundwork.core.errors import InvalidError
from groundwork.learners.models import Learner
from groundwork.plans import attempting
from groundwork.plans.attempting import Report
from groundwork.plans.enrolments import HOURS, Enrolment, EnrolmentQuerySet

MAX_REPORTS = 500


class EnrolmentInput(Input):
    """One attempt, named by its course and first day; with an end if and only if it is not going on."""

    course = serializers.SlugField(max_length=80)
    started_on = serializers.DateField()
    state = serializers.ChoiceField(Enrolment.State.choices)
    ended_on = serializers.DateField(required=False, allow_null=True, default=None)
    hours = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=HOURS[0],
        max_value=HOURS[1],
        help_text="Hours the attempt took; left out where nobody counted.",
    )


class EnrolmentChange(Input):
    """What changes of an attempt; the rest stays. One that goes on again needs `ended_on` null."""

    state = serializers.ChoiceField(Enrolment.State.choices, required=False)
    ended_on = serializers.DateField(required=False, allow_null=True)
    hours = serializers.IntegerField(required=False, allow_null=True, min_value=HOURS[0], max_value=HOURS[1])


class EnrolmentListInput(Input):
    """Attempts of one person."""

    enrolments: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=EnrolmentInput(), allow_empty=False, max_length=MAX_REPORTS
    )


class EnrolmentSerializer(serializers.Serializer[Enrolment]):
    """An attempt of a person at a course."""

    id = serializers.UUIDField()
    url = serializers.SerializerMethodField()
    person = serializers.UUIDField(source="learner_id")
    course = serializers.CharField(source="course.slug")
    state = serializers.ChoiceField(Enrolment.State.choices)
    started_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)
    hours = serializers.IntegerField(allow_null=True, min_value=HOURS[0], max_value=HOURS[1])
    updated_at = serializers.DateTimeField()

    def get_url(self, enrolment: Enrolment) -> str:
        return reverse("api:enrolment", args=[enrolment.pk])


class EnrolmentListSerializer(serializers.Serializer[Any]):
    """The attempts that were reported, as they are on record now."""

    enrolments = EnrolmentSerializer(many=True)


class EnrolmentQuery(serializers.Serializer[Any]):
    course = serializers.SlugField(required=False, max_length=80)
    state = serializers.ChoiceField(Enrolment.State.choices, required=False)


class PersonEnrolments(ApiView):
    scopes = {"GET": (Right.READ_PEOPLE,), "POST": (Right.WRITE_PEOPLE, Right.READ_PEOPLE)}

    @extend_schema(
        operation_id="listEnrolments",
        parameters=[EnrolmentQuery],
        responses=EnrolmentSerializer(many=True),
    )
    def get(self, request: Request, pk: object) -> Response:
        """The attempts of a person, the latest start first."""
        wanted = query_of(request, EnrolmentQuery)
        learner = one(Learner.objects.visible_to(self.actor), pk=pk)
        rows = self._rows().filter(learner=learner)
        if "course" in wanted:
            rows = rows.filter(course__slug=wanted["course"])
        if "state" in wanted:
            rows = rows.filter(state=wanted["state"])
        return self.page(rows, EnrolmentSerializer)

    @extend_schema(
        operation_id="reportEnrolments",
        request=EnrolmentListInput,
        responses={200: EnrolmentListSerializer},
        examples=[
            OpenApiExample(
                "One finished course, one that is going on",
                value={
                    "enrolments": [
                        {
                            "course": "crs-367",
                            "started_on": "2026-01-12",
                            "state": "finished",
                            "ended_on": "2026-02-20",
                            "hours": 9,
                        },
                        {"course": "crs-368", "started_on": "2026-03-02", "state": "started"},
                    ]
                },
                request_only=True,
            )
        ],
    )
    @idempotency.once
    def post(self, request: Request, pk: object) -> Response:
        """Bring attempts to what is reported: all of them, or none. The same report twice changes nothing.

        An attempt is named by its course and its first day. A finished one is evidence of what the course
        teaches, as of its last day.
        """
        learner = one(Learner.objects.visible_to(self.actor), pk=pk)
        wanted = body_of(request, EnrolmentListInput)["enrolments"]
        reports = _reports(wanted)
        _check(reports)
        rows = attempting.report(
            actor=self.actor, learner=learner, reports=reports, on_date=timezone.localdate()
        )
        return self.show({"enrolments": rows}, EnrolmentListSerializer)

    def _rows(self) -> EnrolmentQuerySet:
        return Enrolment.objects.visible_to(self.actor).select_related("course")


class OneEnrolment(ApiView):
    scopes = {"GET": (Right.READ_PEOPLE,), "PATCH": (Right.WRITE_PEOPLE, Right.READ_PEOPLE)}

    @extend_schema(operation_id="getEnrolment", responses=EnrolmentSerializer)
    def get(self, request: Request, pk: object) -> Response:
        """One attempt."""
        return self.show(self._one(pk), EnrolmentSerializer)

    @extend_schema(
        operation_id="changeEnrolment", request=EnrolmentChange, responses={200: EnrolmentSerializer}
    )
    def patch(self, request: Request, pk: object) -> Response:
        """Say how an attempt stands now. Course and first day stay."""
        enrolment = self._one(pk)
        wanted = replace(_as_it_stands(enrolment), **body_of(request, EnrolmentChange))
        changed = attempting.report(
            actor=self.actor, learner=enrolment.learner, reports=[wanted], on_date=timezone.localdate()
        )
        return self.show(changed[0], EnrolmentSerializer)

    def _one(self, pk: object) -> Enrolment:
        return one(Enrolment.objects.visible_to(self.actor).select_related("course", "learner"), pk=pk)


def _as_it_stands(enrolment: Enrolment) -> Report:
    return Report(
        course=enrolment.course,
        started_on=enrolment.started_on,
        state=enrolment.state,
        ended_on=enrolment.ended_on,
        hours=enrolment.hours,
    )


def _reports(wanted: Sequence[dict[str, Any]]) -> list[Report]:
    slugs = {each["course"] for each in wanted}
    courses = {course.slug: course for course in Course.objects.filter(slug__in=slugs)}
    faults = tuple(
        Fault(pointer=f"#/enrolments/{place}/course", message=_("There is no such course."))
        for place, each in enumerate(wanted)
        if each["course"] not in courses
    )
    if faults:
        raise Refusal(
            status=problems.UNPROCESSABLE,
            code="invalid",
            message=_("Some courses are unknown."),
            faults=faults,
        )
    return [Report(**{**each, "course": courses[each["course"]]}) for each in wanted]


def _check(reports: Sequence[Report]) -> None:
    faults = []
    for place, report in enumerate(reports):
        try:
            report.check(on_date=timezone.localdate())
        except InvalidError as error:
            faults.append(Fault(pointer=f"#/enrolments/{place}", message=str(error.message)))
    if faults:
        raise Refusal(
            status=problems.UNPROCESSABLE,
            code="invalid",
            message=_("Correct the attempts named under errors."),
            faults=tuple(faults),
        )
