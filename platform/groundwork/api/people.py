"""People: enter them with evidence, read what they can do. Only those of the key's organisation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
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
from groundwork.core.actors import Actor, Right
from groundwork.core.errors import InvalidError
from groundwork.learners import recording
from groundwork.learners.models import HOURS_PER_WEEK, Evidence, Learner, LearnerQuerySet, Proficiency
from groundwork.learners.recording import Observation

MAX_EVIDENCE = 500
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$"
# Corrections are written by the platform itself when a finished step is undone.
KINDS = [choice for choice in Evidence.Kind.choices if choice[0] != Evidence.Kind.CORRECTION]


class EvidenceInput(Input):
    """One dated observation: on `evidenced_on` the person showed `skill` at `level` (0 to 5).

    A `failed-course` shows at most `level`. `used_until`: the last day on which the skill was in use.
    """

    skill = serializers.SlugField(max_length=80)
    level = serializers.IntegerField(min_value=0, max_value=5)
    kind = serializers.ChoiceField(KINDS)
    evidenced_on = serializers.DateField()
    used_until = serializers.DateField(required=False, allow_null=True, default=None)
    words = serializers.CharField(
        required=False, max_length=recording.MAX_WORDS, default="", allow_blank=True
    )

    def validate_evidenced_on(self, day: date) -> date:
        if day > timezone.localdate():
            raise serializers.ValidationError(_("Evidence cannot lie in the future."))
        return day

    def validate_used_until(self, day: date | None) -> date | None:
        return day if day is None else self.validate_evidenced_on(day)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["used_until"] and attrs["used_until"] < attrs["evidenced_on"]:
            raise serializers.ValidationError(
                {"used_until": _("Use ends on or after the day of the evidence.")}
            )
        return attrs


class PersonInput(Input):
    """A person to enter. `languages` are the languages of instruction the person can follow; empty: all."""

    name = serializers.CharField(max_length=150)
    external_id = serializers.CharField(required=False, max_length=100, allow_blank=True, default="")
    hours_per_week = serializers.IntegerField(
        required=False, default=8, min_value=HOURS_PER_WEEK[0], max_value=HOURS_PER_WEEK[1]
    )
    languages = serializers.ListField(
        child=serializers.RegexField(LANGUAGE), required=False, default=list, max_length=20
    )
    evidence: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=EvidenceInput(), required=False, default=list, max_length=MAX_EVIDENCE
    )


class EvidenceListInput(Input):
    """More evidence about a person."""

    evidence: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=EvidenceInput(), allow_empty=False, max_length=MAX_EVIDENCE
    )


class ProficiencySerializer(serializers.Serializer[Proficiency]):
    """The level the person stands at in one skill, when it was last shown, and by what kind of evidence."""

    skill = serializers.CharField(source="skill.slug")
    name_en = serializers.CharField(source="skill.name_en")
    name_zh = serializers.CharField(source="skill.name_zh")
    level = serializers.IntegerField(min_value=1, max_value=5)
    as_of = serializers.DateField()
    kind = serializers.ChoiceField(Evidence.Kind.choices, source="evidence.kind")


class PersonSerializer(serializers.Serializer[Learner]):
    """A person of the organisation with what they can do."""

    id = serializers.UUIDField()
    url = serializers.SerializerMethodField()
    name = serializers.CharField()
    external_id = serializers.CharField(allow_blank=True)
    hours_per_week = serializers.IntegerField(min_value=HOURS_PER_WEEK[0], max_value=HOURS_PER_WEEK[1])
    languages = serializers.ListField(child=serializers.CharField())
    has_account = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    proficiencies = ProficiencySerializer(many=True)

    def get_url(self, learner: Learner) -> str:
        return reverse("api:person", args=[learner.pk])

    def get_has_account(self, learner: Learner) -> bool:
        return learner.user_id is not None


class PersonQuery(serializers.Serializer[Any]):
    external_id = serializers.CharField(required=False, max_length=100)
    q = serializers.CharField(required=False, max_length=100, help_text="Part of the name.")


def _everything(rows: LearnerQuerySet) -> LearnerQuerySet:
    return rows.prefetch_related(
        Prefetch("proficiencies", Proficiency.objects.select_related("skill", "evidence"))
    )


class People(ApiView):
    scopes = {"GET": (Right.READ_PEOPLE,), "POST": (Right.WRITE_PEOPLE,)}

    @extend_schema(operation_id="listPeople", parameters=[PersonQuery], responses=PersonSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The people of the organisation, by name."""
        wanted = query_of(request, PersonQuery)
        rows = _everything(Learner.objects.visible_to(self.actor))
        if "external_id" in wanted:
            rows = rows.filter(external_id=wanted["external_id"])
        if "q" in wanted:
            rows = rows.filter(name__icontains=wanted["q"])
        return self.page(rows, PersonSerializer)

    @extend_schema(
        operation_id="enterPerson",
        request=PersonInput,
        responses={201: PersonSerializer},
        examples=[
            OpenApiExample(
                "A Java developer",
                value={
                    "name": "Wei Lin",
                    "external_id": "P-1042",
                    "hours_per_week": 10,
                    "languages": ["en", "zh"],
                    "evidence": [
                        {
                            "skill": "python",
                            "level": 3,
                            "kind": "work-history",
                            "evidenced_on": "2025-11-30",
                        }
                    ],
                },
                request_only=True,
            )
        ],
    )
    @idempotency.once
    def post(self, request: Request) -> Response:
        """Enter a person with evidence. One wrong piece of evidence and nothing is written."""
        wanted = body_of(request, PersonInput)
        evidence = wanted.pop("evidence")
        with transaction.atomic():
            learner = recording.enter_person(actor=self.actor, **wanted)
            _record(learner, evidence, actor=self.actor)
        return self.show(one(_everything(Learner.objects.all()), pk=learner.pk), PersonSerializer, status=201)


class OnePerson(ApiView):
    scopes = {"GET": (Right.READ_PEOPLE,)}

    @extend_schema(operation_id="getPerson", responses=PersonSerializer)
    def get(self, request: Request, pk: object) -> Response:
        """One person with their proficiencies."""
        return self.show(one(_everything(Learner.objects.visible_to(self.actor)), pk=pk), PersonSerializer)


class PersonEvidence(ApiView):
    scopes = {"POST": (Right.WRITE_PEOPLE, Right.READ_PEOPLE)}

    @extend_schema(
        operation_id="recordEvidence", request=EvidenceListInput, responses={200: PersonSerializer}
    )
    @idempotency.once
    def post(self, request: Request, pk: object) -> Response:
        """Add evidence; the answer is the person as they stand now. All of it counts, or none."""
        learner = one(Learner.objects.visible_to(self.actor), pk=pk)
        _record(learner, body_of(request, EvidenceListInput)["evidence"], actor=self.actor)
        return self.show(one(_everything(Learner.objects.visible_to(self.actor)), pk=pk), PersonSerializer)


def _record(learner: Learner, evidence: Sequence[dict[str, Any]], *, actor: Actor) -> None:
    if not evidence:
        return
    observations = [Observation(**piece) for piece in evidence]
    try:
        recording.record_evidence(actor=actor, learner=learner, observations=observations)
    except InvalidError as error:
        unknown = error.details.get("unknown", ())
        faults = (
            Fault(pointer=f"#/evidence/{place}/skill", message=_("There is no such skill."))
            for place, piece in enumerate(evidence)
            if piece["skill"] in unknown
        )
        raise Refusal(
            status=problems.UNPROCESSABLE, code=error.code, message=error.message, faults=tuple(faults)
        ) from error
