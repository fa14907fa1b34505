"""Courses: what can be taken, what each requires and teaches, and how sure its facts are."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from groundwork.api.base import ApiView, one, query_of
from groundwork.catalogue import needing
from groundwork.catalogue.models import Course, PrerequisiteNeed
from groundwork.core.actors import Right


class SkillLevelSerializer(serializers.Serializer[Any]):
    """A skill at a level 1 to 5."""

    skill = serializers.CharField(source="skill.slug")
    name_en = serializers.CharField(source="skill.name_en")
    name_zh = serializers.CharField(source="skill.name_zh")
    level = serializers.IntegerField(min_value=1, max_value=5)


class NeedSerializer(serializers.Serializer[PrerequisiteNeed]):
    """One thing asked for; `together` when it may be taken at the same time (a corequisite).

    `course` is the id of the course the text names, where it is here.
    """

    kind = serializers.ChoiceField(PrerequisiteNeed.Kind.choices)
    text = serializers.CharField()
    together = serializers.BooleanField()
    course = serializers.CharField(source="target.slug", allow_null=True, default=None)


class PrerequisiteGroupSerializer(serializers.Serializer[Any]):
    """Alternatives, of which one is enough; an alternative is all of its needs."""

    alternatives = serializers.ListField(child=NeedSerializer(many=True))


class CourseSerializer(serializers.Serializer[Course]):
    """A course. A `basis` of `estimate` marks hours or price (whole CNY) that no source states.

    Both are null, and their basis is empty, where they are unknown.
    """

    id = serializers.CharField(source="slug")
    url = serializers.SerializerMethodField()
    title_en = serializers.CharField()
    title_zh = serializers.CharField()
    provider = serializers.CharField(source="provider.name", allow_null=True, default=None)
    website = serializers.CharField(source="url", allow_blank=True)
    language = serializers.CharField()
    level = serializers.ChoiceField(Course.Level.choices, allow_blank=True)
    format = serializers.ChoiceField(Course.Format.choices)
    hours = serializers.IntegerField(min_value=1, allow_null=True)
    hours_basis = serializers.ChoiceField(Course.Basis.choices, allow_blank=True)
    price_class = serializers.ChoiceField(Course.PriceClass.choices, allow_blank=True)
    price = serializers.IntegerField(min_value=0, allow_null=True)
    price_basis = serializers.ChoiceField(Course.Basis.choices, allow_blank=True)
    hands_on = serializers.BooleanField()
    requires = SkillLevelSerializer(source="prerequisites", many=True)
    teaches = SkillLevelSerializer(source="outcomes", many=True)
    prerequisites_text = serializers.CharField(allow_blank=True)
    keywords = serializers.ListField(child=serializers.CharField())
    licence = serializers.CharField(allow_blank=True)
    source = serializers.CharField()  # type: ignore[assignment]  # a field may share the name of an option of fields
    provenance = serializers.CharField()
    withdrawn_on = serializers.DateField(allow_null=True)

    def get_url(self, course: Course) -> str:
        return reverse("api:course", args=[course.slug])


class CourseDetailSerializer(CourseSerializer):
    """A course with what its source says of it, in the language of the course, and what was read from that.

    `prerequisites_flags` say why a person should look at `prerequisites_text`.
    """

    description = serializers.CharField(allow_blank=True)
    prerequisites_flags = serializers.ListField(child=serializers.CharField())
    prerequisite_groups = serializers.SerializerMethodField()

    @extend_schema_field(PrerequisiteGroupSerializer(many=True))
    def get_prerequisite_groups(self, course: Course) -> list[dict[str, Any]]:
        """What was read from the text: all groups are needed."""
        groups = [{"alternatives": ways} for ways in needing.grouped(course.needs.all())]
        return list(PrerequisiteGroupSerializer(groups, many=True).data)


class CourseQuery(serializers.Serializer[Any]):
    q = serializers.CharField(
        required=False, max_length=100, help_text="Part of the title, in English or Chinese."
    )
    skill = serializers.SlugField(required=False, max_length=80, help_text="A skill the course teaches.")
    language = serializers.CharField(required=False, max_length=12)
    format = serializers.ChoiceField(Course.Format.choices, required=False)
    hands_on = serializers.BooleanField(required=False, allow_null=True, default=None)


class Courses(ApiView):
    scopes = {"GET": (Right.READ_CATALOGUE,)}

    @extend_schema(
        operation_id="listCourses", parameters=[CourseQuery], responses=CourseSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """The courses on offer, by id."""
        wanted = query_of(request, CourseQuery)
        rows = Course.objects.offered().with_skills()
        if "q" in wanted:
            rows = rows.filter(Q(title_en__icontains=wanted["q"]) | Q(title_zh__icontains=wanted["q"]))
        if "skill" in wanted:
            rows = rows.filter(outcomes__skill__slug=wanted["skill"])
        exact: dict[str, Any] = {name: wanted[name] for name in ("language", "format") if name in wanted}
        if wanted["hands_on"] is not None:
            exact["hands_on"] = wanted["hands_on"]
        return self.page(rows.filter(**exact), CourseSerializer)


class OneCourse(ApiView):
    scopes = {"GET": (Right.READ_CATALOGUE,)}

    @extend_schema(operation_id="getCourse", responses=CourseDetailSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """One course; also one that has been withdrawn, because plans may still name it."""
        return self.show(one(Course.objects.with_skills().with_needs(), slug=slug), CourseDetailSerializer)
