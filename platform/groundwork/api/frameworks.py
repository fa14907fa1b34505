"""Frameworks: what was published by others, our own vocabulary, and each as a package of CASE 1.1."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import StreamingHttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from groundwork.api.base import ApiView, one, query_of
from groundwork.core.actors import Right
from groundwork.frameworks import exporting
from groundwork.frameworks.models import Concept, ConceptRelation, Framework


class FrameworkSerializer(serializers.Serializer[Framework]):
    """A vocabulary. Show its `attribution` wherever you show its words.

    `concepts` are entries as their publisher words them; our own vocabulary has skills and roles instead.
    """

    id = serializers.CharField(source="slug")
    url = serializers.SerializerMethodField()
    name_en = serializers.CharField()
    name_zh = serializers.CharField()
    version = serializers.CharField(allow_blank=True)
    publisher = serializers.CharField(allow_blank=True)
    licence = serializers.CharField(allow_blank=True)
    attribution = serializers.CharField(allow_blank=True)
    uri = serializers.CharField(allow_blank=True)
    concepts = serializers.IntegerField(source="concept_count", min_value=0)
    retired = serializers.IntegerField(source="retired_count", min_value=0)
    case = serializers.SerializerMethodField()

    def get_url(self, framework: Framework) -> str:
        return reverse("api:framework", args=[framework.slug])

    def get_case(self, framework: Framework) -> str:
        return reverse("api:framework-case", args=[framework.slug])


class SuccessorSerializer(serializers.Serializer[ConceptRelation]):
    """The concept that stands in the place of a retired one."""

    uri = serializers.CharField(source="target.uri")
    label = serializers.CharField(source="target.label")  # type: ignore[assignment]  # as below


class ConceptSerializer(serializers.Serializer[Concept]):
    """An entry of a framework. A retired one stays: `retired_on` says since when, `replaced_by` by what."""

    uri = serializers.CharField()
    kind = serializers.ChoiceField(Concept.Kind.choices)
    code = serializers.CharField(allow_blank=True)
    label = serializers.CharField()  # type: ignore[assignment]  # a field may share the name of an option of fields
    labels = serializers.SerializerMethodField()
    retired_on = serializers.DateField(allow_null=True)
    replaced_by = SuccessorSerializer(source="successors", many=True)
    skills = serializers.SerializerMethodField()

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_labels(self, concept: Concept) -> dict[str, str]:
        return {language: text["label"] for language, text in sorted(concept.texts.items())}

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_skills(self, concept: Concept) -> list[str]:
        return [skill.slug for skill in concept.adopted_as.all()]


class ConceptQuery(serializers.Serializer[Any]):
    q = serializers.CharField(
        required=False, max_length=100, help_text="Part of the label, or the whole code."
    )
    kind = serializers.ChoiceField(Concept.Kind.choices, required=False)
    retired = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Only those retired, or only those in use."
    )


def _counted() -> QuerySet[Framework]:
    retired = Count("concepts", filter=Q(concepts__retired_on__isnull=False))
    return Framework.objects.annotate(concept_count=Count("concepts"), retired_count=retired)


class Frameworks(ApiView):
    scopes = {"GET": (Right.READ_CATALOGUE,)}

    @extend_schema(operation_id="listFrameworks", responses=FrameworkSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The frameworks that are here, by id."""
        return self.page(_counted().order_by("slug"), FrameworkSerializer)


class OneFramework(ApiView):
    scopes = {"GET": (Right.READ_CATALOGUE,)}

    @extend_schema(operation_id="getFramework", responses=FrameworkSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """One framework."""
        return self.show(one(_counted(), slug=slug), FrameworkSerializer)


class Concepts(ApiView):
    scopes = {"GET": (Right.READ_CATALOGUE,)}

    @extend_schema(
        operation_id="listConcepts", parameters=[ConceptQuery], responses=ConceptSerializer(many=True)
    )
    def get(self, request: Request, slug: str) -> Response:
        """The entries of a published framework, by URI; the retired ones too, unless asked otherwise."""
        wanted = query_of(request, ConceptQuery)
        successors = ConceptRelation.objects.filter(kind=ConceptRelation.Kind.REPLACED_BY)
        rows = (
            one(Framework.objects.all(), slug=slug)
            .concepts.order_by("uri")
            .prefetch_related(
                Prefetch("relations", successors.select_related("target"), to_attr="successors"), "adopted_as"
            )
        )
        if "q" in wanted:
            rows = rows.filter(Q(label__icontains=wanted["q"]) | Q(code=wanted["q"]))
        if "kind" in wanted:
            rows = rows.filter(kind=wanted["kind"])
        if wanted["retired"] is not None:
            rows = rows.filter(retired_on__isnull=not wanted["retired"])
        return self.page(rows, ConceptSerializer)


class CasePackage(ApiView):
    scopes = {"GET": (Right.READ_CATALOGUE,)}

    @extend_schema(
        operation_id="getCasePackage",
        responses=OpenApiResponse(OpenApiTypes.OBJECT, description="A CFPackage of 1EdTech CASE 1.1."),
    )
    def get(self, request: Request, slug: str) -> StreamingHttpResponse:
        """The whole framework as a package of CASE 1.1, which other systems, and this one, can import."""
        framework = one(Framework.objects.all(), slug=slug)
        return StreamingHttpResponse(exporting.case_package(framework), content_type="application/json")
