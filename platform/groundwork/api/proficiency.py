"""What a person can do on a day, why, and what would lapse; lines withdrawn and brought back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from groundwork.api import idempotency
from groundwork.api.base import ApiView, one, query_of
from groundwork.core.actors import Right
from groundwork.frameworks.models import Skill
from groundwork.learners import answering, disputing
from groundwork.learners.answering import Answer, Line
from groundwork.learners.models import Evidence, Learner, Mark

COUNTS = "counts"
STATUSES = (COUNTS, *Mark.Kind.values)
ROLES = ("counted", "lowers-nothing", "raises-nothing", "overtaken", "withdrawn")


class DayQuery(serializers.Serializer[Any]):
    """`on` defaults to today; with `before`, what would lapse until that day is told as well."""

    on = serializers.DateField(required=False)
    before = serializers.DateField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        on: date = attrs.get("on", timezone.localdate())
        if "before" in attrs and attrs["before"] <= on:
            raise serializers.ValidationError(
                {"before": _("This day must come after the day of the answer.")}
            )
        return {"on_date": on, "before": attrs.get("before")}


class FallSerializer(serializers.Serializer[Any]):
    """From `on` on the planner reads `to_level` instead of `level`, if nothing more is shown."""

    on = serializers.DateField()
    level = serializers.IntegerField(min_value=0, max_value=5)
    to_level = serializers.IntegerField(min_value=0, max_value=5)


class LevelSerializer(serializers.Serializer[Answer]):
    """One skill on a day.

    `level` is what plans start from: the whole level nearest to the upper end of the lower 40 per cent of
    what is believed. `mean`, `sd` and `faded` are in levels. `verified_level` was verified on `verified_on`;
    the level falls below it only when it is due for refresh or contested by later evidence.
    """

    skill = serializers.CharField(source="skill.slug")
    name_en = serializers.CharField(source="skill.name_en")
    name_zh = serializers.CharField(source="skill.name_zh")
    level = serializers.IntegerField(min_value=0, max_value=5)
    mean = serializers.SerializerMethodField()
    sd = serializers.SerializerMethodField()
    shown_on = serializers.DateField(allow_null=True)
    shown_level = serializers.IntegerField(min_value=0, max_value=5)
    verified_level = serializers.IntegerField(source="floor", min_value=0, max_value=5)
    verified_on = serializers.DateField(allow_null=True)
    due_for_refresh = serializers.BooleanField()
    contested = serializers.BooleanField(source="is_contested")
    lapses = FallSerializer(source="falls", many=True)

    def get_mean(self, found: Answer) -> float:
        return round(found.mean, 3)

    def get_sd(self, found: Answer) -> float:
        return round(found.sd, 3)


class LineSerializer(serializers.Serializer[Line]):
    """A line of evidence and what it did: its `weight` is the share (0 to 1) of the mean that rests on it."""

    id = serializers.IntegerField(source="evidence.pk")
    kind = serializers.ChoiceField(Evidence.Kind.choices, source="evidence.kind")
    level = serializers.IntegerField(source="evidence.level", min_value=0, max_value=5)
    evidenced_on = serializers.DateField(source="evidence.evidenced_on")
    used_until = serializers.DateField(source="evidence.used_until", allow_null=True)
    recorded_at = serializers.DateTimeField(source="evidence.recorded_at")
    words = serializers.CharField(source="evidence.words", allow_blank=True)
    status = serializers.SerializerMethodField()
    role = serializers.ChoiceField(ROLES)
    weight = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(STATUSES))
    def get_status(self, line: Line) -> str:
        return line.evidence.last_mark or COUNTS

    def get_weight(self, line: Line) -> float:
        return round(line.weight, 3)


class ReasonedSerializer(LevelSerializer):
    """One skill on a day with its reasons: every line of evidence until then, and the two clocks."""

    faded = serializers.SerializerMethodField()
    currency = serializers.SerializerMethodField()
    disuse_months = serializers.IntegerField(help_text="Half-life without use.")
    currency_months = serializers.IntegerField(help_text="Half-life of how up to date the evidence is.")
    evidence = LineSerializer(source="lines", many=True)

    def get_faded(self, found: Answer) -> float:
        return round(found.faded, 3)

    def get_currency(self, found: Answer) -> float:
        return round(found.currency, 3)


class ProfileSerializer(serializers.Serializer[Any]):
    """All a person has shown until a day."""

    person = serializers.UUIDField()
    on = serializers.DateField()
    proficiencies = LevelSerializer(many=True)


class PersonProficiency(ApiView):
    scopes = {"GET": (Right.READ_PEOPLE,)}

    @extend_schema(operation_id="getProficiency", parameters=[DayQuery], responses=ProfileSerializer)
    def get(self, request: Request, pk: object) -> Response:
        """What the person can do on a day, as the evidence until that day tells it."""
        learner = one(Learner.objects.visible_to(self.actor), pk=pk)
        wanted = query_of(request, DayQuery)
        found = answering.profile(learner, **wanted)
        profile = {"person": learner.pk, "on": wanted["on_date"], "proficiencies": found}
        return self.show(profile, ProfileSerializer)


class PersonSkill(ApiView):
    scopes = {"GET": (Right.READ_PEOPLE,)}

    @extend_schema(operation_id="getProficiencyInSkill", parameters=[DayQuery], responses=ReasonedSerializer)
    def get(self, request: Request, pk: object, slug: str) -> Response:
        """One skill on a day, with the evidence behind it, how much each line weighs, and the clocks."""
        learner = one(Learner.objects.visible_to(self.actor), pk=pk)
        skill = one(Skill.objects.all(), slug=slug)
        return self.show(
            answering.why(learner, skill=skill, **query_of(request, DayQuery)), ReasonedSerializer
        )


class EvidenceWithdrawal(ApiView):
    """Lines that an HR system or an administrator recorded; the person's own lines are theirs."""

    scopes = {
        "POST": (Right.WRITE_PEOPLE, Right.READ_PEOPLE),
        "DELETE": (Right.WRITE_PEOPLE, Right.READ_PEOPLE),
    }

    @extend_schema(operation_id="withdrawEvidence", request=None, responses={200: ReasonedSerializer})
    @idempotency.once
    def post(self, _request: Request, pk: object, line: int) -> Response:
        """Withdraw a line, such as a revoked certificate: it stays on record and no longer counts."""
        return self._change(pk, line, disputing.withdraw)

    @extend_schema(operation_id="restoreEvidence", responses={200: ReasonedSerializer})
    def delete(self, _request: Request, pk: object, line: int) -> Response:
        """Undo a withdrawal."""
        return self._change(pk, line, disputing.restore)

    def _change(self, pk: object, line: int, act: Callable[..., None]) -> Response:
        rows = Evidence.objects.visible_to(self.actor).select_related("learner", "skill")
        found = one(rows, learner=pk, pk=line)
        act(actor=self.actor, line=found)
        answer = answering.why(found.learner, skill=found.skill, on_date=timezone.localdate())
        return self.show(answer, ReasonedSerializer)
