"""Skills: the vocabulary, in both languages."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Q
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from groundwork.api.base import ApiView, one, query_of
from groundwork.core.actors import Right
from groundwork.frameworks.models import Skill


class SkillSerializer(serializers.Serializer[Skill]):
    """One skill. `half_life` names the class of the labelled assumption how fast it fades."""

    id = serializers.CharField(source="slug")
    url = serializers.SerializerMethodField()
    name_en = serializers.CharField()
    name_zh = serializers.CharField()
    aliases_en = serializers.ListField(child=serializers.CharField())
    aliases_zh = serializers.ListField(child=serializers.CharField())
    kind = serializers.ChoiceField(Skill.Kind.choices)
    half_life = serializers.ChoiceField(Skill.HalfLife.choices)
    esco_uri = serializers.CharField(allow_blank=True)
    onet = serializers.CharField(allow_blank=True)
    provenance = serializers.CharField(allow_blank=True)

    def get_url(self, skill: Skill) -> str:
        return reverse("api:skill", args=[skill.slug])


class SkillQuery(serializers.Serializer[Any]):
    q = serializers.CharField(
        required=False, max_length=100, help_text="Part of a name or alias, in English or Chinese."
    )
    kind = serializers.ChoiceField(Skill.Kind.choices, required=False)


class Skills(ApiView):
    scopes = {"GET": (Right.READ_CATALOGUE,)}

    @extend_schema(operation_id="listSkills", parameters=[SkillQuery], responses=SkillSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The skills of the vocabulary, by id."""
        wanted = query_of(request, SkillQuery)
        rows = Skill.objects.all()
        if "kind" in wanted:
            rows = rows.filter(kind=wanted["kind"])
        if "q" in wanted:
            rows = rows.filter(_names(wanted["q"]))
        return self.page(rows, SkillSerializer)


def _names(words: str) -> Q:
    # SQLite keeps JSON as ASCII with escapes, so Chinese aliases are looked for in that form, too.
    escaped = json.dumps(words)[1:-1]
    return (
        Q(slug__icontains=words)
        | Q(name_en__icontains=words)
        | Q(name_zh__icontains=words)
        | Q(aliases_en__icontains=words)
        | Q(aliases_zh__icontains=words)
        | Q(aliases_zh__icontains=escaped)
    )


class OneSkill(ApiView):
    scopes = {"GET": (Right.READ_CATALOGUE,)}

    @extend_schema(operation_id="getSkill", responses=SkillSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """One skill."""
        return self.show(one(Skill.objects.all(), slug=slug), SkillSerializer)
