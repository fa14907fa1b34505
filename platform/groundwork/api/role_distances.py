"""How far roles are for a person: ranked, and two of them as one goal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from groundwork.api.base import ApiView, one, query_of
from groundwork.core.actors import Right
from groundwork.frameworks.models import Role
from groundwork.learners.models import Learner
from groundwork.plans import combining, ranking, study_days
from groundwork.plans.combining import Combined, Part
from groundwork.plans.ranking import RankedRole
from groundwork.plans.snapshot import Wishes

MOST_EXACT = 100


class MissingSerializer(serializers.Serializer[Any]):
    """A requirement above what the person has."""

    skill = serializers.CharField(source="skill.slug")
    have = serializers.IntegerField(min_value=0, max_value=5)
    need = serializers.IntegerField(min_value=1, max_value=5)
    essential = serializers.BooleanField()


class RankedRoleSerializer(serializers.Serializer[RankedRole]):
    """One role. `hours` is null until it is measured; `hours_at_least` no plan falls short of."""

    role = serializers.CharField(source="role.slug")
    name_en = serializers.CharField(source="role.name_en")
    name_zh = serializers.CharField(source="role.name_zh")
    layer = serializers.CharField(source="role.layer")
    has_route = serializers.SerializerMethodField()
    hours = serializers.SerializerMethodField()
    hours_at_least = serializers.IntegerField(source="at_least", allow_null=True)
    is_proven = serializers.SerializerMethodField(
        help_text="Whether `hours` are those of the proven cheapest plan."
    )
    coverage_percent = serializers.IntegerField(source="coverage", min_value=0, max_value=100)
    shared = serializers.SerializerMethodField(help_text="Skills held as well as the role asks.")
    missing = MissingSerializer(source="gaps", many=True)

    def get_has_route(self, ranked: RankedRole) -> bool:
        return ranked.distance is None or ranked.distance.has_route

    def get_hours(self, ranked: RankedRole) -> int | None:
        return ranked.distance.hours if ranked.distance and ranked.distance.has_route else None

    def get_is_proven(self, ranked: RankedRole) -> bool:
        return bool(ranked.distance and ranked.distance.is_proven)

    def get_shared(self, ranked: RankedRole) -> list[str]:
        return [skill.slug for skill in ranked.shared]


class RankingSerializer(serializers.Serializer[Any]):
    """All roles, the nearest first."""

    person = serializers.UUIDField()
    roles = RankedRoleSerializer(many=True)


class RankingQuery(serializers.Serializer[Any]):
    exact = serializers.IntegerField(
        required=False,
        default=ranking.FIRST_PAGE,
        min_value=0,
        max_value=MOST_EXACT,
        help_text="How many of the nearest roles are measured exactly; the others have a lower bound.",
    )
    layer = serializers.ChoiceField(Role.Layer.choices, required=False)


class PersonRoles(ApiView):
    scopes = {"GET": (Right.READ_PEOPLE, Right.READ_CATALOGUE)}

    @extend_schema(operation_id="rankRoles", parameters=[RankingQuery], responses=RankingSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """The roles by the hours until this person is ready: proven lower bounds first, exact where asked."""
        wanted = query_of(request, RankingQuery)
        learner = one(Learner.objects.visible_to(self.actor), pk=pk)
        ranked = ranking.rank(
            levels=learner.planning_levels(on_date=timezone.localdate()),
            wishes=Wishes(languages=tuple(learner.languages)),
            learner=learner,
            roles=Role.objects.with_requirements().narrowed(layer=wanted.get("layer", "")),
            exact=wanted["exact"],
        )
        return self.show({"person": learner.pk, "roles": ranked}, RankingSerializer)


class PartSerializer(serializers.Serializer[Part]):
    """One of the two roles alone."""

    role = serializers.CharField(source="role.slug")
    hours = serializers.SerializerMethodField()
    coverage_percent = serializers.IntegerField(source="coverage", min_value=0, max_value=100)

    def get_hours(self, part: Part) -> int | None:
        return part.distance.hours if part.distance.has_route else None


class CombinedSerializer(serializers.Serializer[Combined]):
    """Both roles as one goal; null hours where there is no route."""

    person = serializers.UUIDField(source="learner.pk")
    status = serializers.CharField(source="planned.solution.status.value")
    hours = serializers.SerializerMethodField()
    hours_apart = serializers.IntegerField(source="apart", allow_null=True)
    hours_saved = serializers.IntegerField(source="saved", allow_null=True)
    coverage_percent = serializers.IntegerField(source="coverage", min_value=0, max_value=100)
    shared = serializers.SerializerMethodField(help_text="Skills that both roles require.")
    parts = PartSerializer(many=True)
    courses = serializers.SerializerMethodField(help_text="In their order.")

    def get_hours(self, found: Combined) -> int | None:
        return None if found.planned.solution.cost is None else found.planned.hours

    def get_shared(self, found: Combined) -> list[str]:
        return [skill.slug for skill in found.shared]

    def get_courses(self, found: Combined) -> list[str]:
        return [step.course for step in found.planned.steps]


class PersonCombined(ApiView):
    scopes = {"GET": (Right.READ_PEOPLE, Right.READ_CATALOGUE)}

    @extend_schema(operation_id="combineRoles", responses=CombinedSerializer)
    def get(self, request: Request, pk: UUID, slug: str, also: str) -> Response:
        """What two different roles take together, and what that saves; nothing is kept."""
        learner = one(Learner.objects.visible_to(self.actor), pk=pk)
        found = combining.combine(
            levels=learner.planning_levels(on_date=timezone.localdate()),
            roles=(_role(slug), _role(also)),
            hours_per_week=learner.hours_per_week,
            starts_on=timezone.localdate(),
            days=study_days.of(learner),
            wishes=Wishes(languages=tuple(learner.languages)),
            learner=learner,
        )
        return self.show(found, CombinedSerializer)


def _role(slug: str) -> Role:
    return one(Role.objects.with_requirements(), slug=slug)
