"""Roles: what somebody in this job can do, why it matters, and what postings say."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from groundwork.api.base import ApiView, one, query_of
from groundwork.core.actors import Right
from groundwork.frameworks.models import Demand, DemandTerm, Role, RoleRequirement
from groundwork.plans import feeding
from groundwork.plans.feeding import Feeder


class RoleSerializer(serializers.Serializer[Role]):
    """A role as lists show it. `priority` 1 is the highest."""

    id = serializers.CharField(source="slug")
    url = serializers.SerializerMethodField()
    code = serializers.CharField()
    layer = serializers.ChoiceField(Role.Layer.choices)
    domain_en = serializers.CharField()
    domain_zh = serializers.CharField()
    name_en = serializers.CharField()
    name_zh = serializers.CharField()
    summary_en = serializers.CharField()
    summary_zh = serializers.CharField()
    priority = serializers.IntegerField(min_value=1, max_value=3)

    def get_url(self, role: Role) -> str:
        return reverse("api:role", args=[role.slug])


class RequirementSerializer(serializers.Serializer[RoleRequirement]):
    """One skill the role asks for, at a level 1 to 5."""

    skill = serializers.CharField(source="skill.slug")
    name_en = serializers.CharField(source="skill.name_en")
    name_zh = serializers.CharField(source="skill.name_zh")
    level = serializers.IntegerField(min_value=1, max_value=5)
    weight = serializers.IntegerField(min_value=1)
    essential = serializers.BooleanField()
    part = serializers.ChoiceField(RoleRequirement.Part.choices)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a field may share the name of an option of fields
    provenance = serializers.CharField(allow_blank=True)


class DemandTermSerializer(serializers.Serializer[DemandTerm]):
    """How many of the role's postings name a term; `skill` where the term is one of ours."""

    term = serializers.CharField()
    skill = serializers.CharField(source="skill.slug", allow_null=True, default=None)
    postings = serializers.IntegerField()
    percent = serializers.IntegerField()
    low_percent = serializers.SerializerMethodField(help_text="Lower end of the 95 % interval of the share.")
    high_percent = serializers.SerializerMethodField(help_text="Upper end of it.")
    trend = serializers.ChoiceField(
        DemandTerm.Direction.choices,
        source="direction",
        help_text="Named only where the interval of the growth leaves zero out.",
    )
    growth_percent = serializers.IntegerField(
        source="growth",
        allow_null=True,
        help_text="Change of the share in a year; null unless a trend is named.",
    )

    def get_low_percent(self, term: DemandTerm) -> int | None:
        return term.interval[0] if term.interval else None

    def get_high_percent(self, term: DemandTerm) -> int | None:
        return term.interval[1] if term.interval else None


class DemandSerializer(serializers.Serializer[Demand]):
    """What one dated source of postings says; below `is_enough` it says nothing reliable."""

    postings = serializers.IntegerField()
    is_enough = serializers.BooleanField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field may share the name of an option of fields
    as_of = serializers.CharField()
    note_en = serializers.CharField(allow_blank=True)
    note_zh = serializers.CharField(allow_blank=True)
    terms = DemandTermSerializer(many=True)


class RoleDetailSerializer(RoleSerializer):
    """A role with its requirements, priority and demand."""

    aliases_en = serializers.ListField(child=serializers.CharField())
    aliases_zh = serializers.ListField(child=serializers.CharField())
    priority_reason_en = serializers.CharField()
    priority_reason_zh = serializers.CharField()
    priority_source = serializers.CharField()
    priority_as_of = serializers.CharField(allow_blank=True)
    integration_course = serializers.CharField(allow_blank=True)
    esco = serializers.CharField(allow_blank=True)
    onet = serializers.CharField(allow_blank=True)
    csco = serializers.CharField(allow_blank=True)
    provenance = serializers.CharField(allow_blank=True)
    requirements = RequirementSerializer(many=True)
    demand = serializers.SerializerMethodField()

    @extend_schema_field(DemandSerializer(allow_null=True))
    def get_demand(self, role: Role) -> dict[str, Any] | None:
        found = getattr(role, "demand", None)
        return dict(DemandSerializer(found).data) if found else None


class RoleQuery(serializers.Serializer[Any]):
    layer = serializers.ChoiceField(Role.Layer.choices, required=False)
    domain = serializers.CharField(
        required=False, max_length=120, help_text="The whole name of the domain, in either language."
    )


class Roles(ApiView):
    scopes = {"GET": (Right.READ_CATALOGUE,)}

    @extend_schema(operation_id="listRoles", parameters=[RoleQuery], responses=RoleSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The target roles, by code."""
        wanted = query_of(request, RoleQuery)
        rows = Role.objects.all()
        if "layer" in wanted:
            rows = rows.filter(layer=wanted["layer"])
        if "domain" in wanted:
            rows = rows.filter(domain_en__iexact=wanted["domain"]) | rows.filter(domain_zh=wanted["domain"])
        return self.page(rows, RoleSerializer)


class OneRole(ApiView):
    scopes = {"GET": (Right.READ_CATALOGUE,)}

    @extend_schema(operation_id="getRole", responses=RoleDetailSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """One role with requirements, priority and demand."""
        rows = Role.objects.with_requirements().prefetch_related("demand__terms__skill")
        return self.show(one(rows, slug=slug), RoleDetailSerializer)


class FeederSerializer(serializers.Serializer[Feeder]):
    """A role from which another is near; `hours` are those from exactly what it requires to the other."""

    role = serializers.CharField(source="role.slug")
    name_en = serializers.CharField(source="role.name_en")
    name_zh = serializers.CharField(source="role.name_zh")
    hours = serializers.IntegerField(min_value=0)
    courses = serializers.IntegerField(min_value=0)
    coverage_percent = serializers.IntegerField(source="coverage", min_value=0, max_value=100)
    is_proven = serializers.BooleanField()


class FeedersSerializer(serializers.Serializer[Any]):
    """The nearest first. The way back is another figure."""

    role = serializers.CharField()
    feeders = FeederSerializer(many=True)


class Feeders(ApiView):
    scopes = {"GET": (Right.READ_CATALOGUE,)}

    @extend_schema(operation_id="getFeeders", responses=FeedersSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """From which roles a role is nearest, by the planner."""
        role = one(Role.objects.with_requirements(), slug=slug)
        return self.show({"role": role.slug, "feeders": feeding.feeders(role)}, FeedersSerializer)
