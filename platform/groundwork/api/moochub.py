"""The courses on offer as MOOChub v3, page by page, for the catalogues of others."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from groundwork.api.base import ApiView, query_of
from groundwork.catalogue import exporting
from groundwork.catalogue.models import Course
from groundwork.core.actors import Right


class JsonApiRenderer(JSONRenderer):
    """JSON under the name that JSON:API gives it."""

    media_type = "application/vnd.api+json"
    format = "json-api"


class PageQuery(serializers.Serializer[Any]):
    page = serializers.IntegerField(required=False, min_value=1, help_text="From 1.")
    page_size = serializers.IntegerField(
        required=False, min_value=1, help_text="50 unless asked, 200 at most."
    )


class MoochubCourses(ApiView):
    scopes = {"GET": (Right.READ_CATALOGUE,)}
    renderer_classes = [JsonApiRenderer, JSONRenderer]

    @extend_schema(
        operation_id="listMoochubCourses",
        parameters=[PageQuery],
        responses=OpenApiResponse(OpenApiTypes.OBJECT, description="A document of MOOChub v3 (JSON:API)."),
    )
    def get(self, request: Request) -> Response:
        """The courses on offer, by id, with links to the pages before and after."""
        query_of(request, PageQuery)
        pages = self.pagination_class()
        rows = Course.objects.offered().with_skills().order_by("slug")
        found = pages.paginate_queryset(rows, request, view=self) or []
        last = pages.page.paginator.num_pages if pages.page else 1
        here = request.build_absolute_uri()
        links = {
            "self": here,
            "first": replace_query_param(here, pages.page_query_param, 1),
            "last": replace_query_param(here, pages.page_query_param, last),
            "next": pages.get_next_link(),
            "prev": pages.get_previous_link(),
        }
        data = exporting.resources(found, base_url=request.build_absolute_uri("/").rstrip("/"))
        return Response({"links": {name: link for name, link in links.items() if link}, "data": data})
