"""What needs no key: the index, the schema with its interactive reference, the codes of refusals."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from groundwork.api import problems

RESOURCES = (
    "roles",
    "skills",
    "courses",
    "frameworks",
    "moochub-courses",
    "people",
    "plans",
    "planning-jobs",
    "assignments",
    "progress",
    "problems",
    "schema",
    "docs",
)


class Index(APIView):
    permission_classes = [AllowAny]
    metadata_class = None

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """Where everything is."""
        return Response({name: reverse(f"api:{name}") for name in RESOURCES})


class Problems(APIView):
    permission_classes = [AllowAny]
    metadata_class = None

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """The codes a refusal can carry, with their titles; `type` of a problem leads here."""
        return Response({code: str(title) for code, title in problems.TITLES.items()})


class Schema(SpectacularAPIView):
    metadata_class = None


class Docs(SpectacularSwaggerSplitView):
    """Swagger UI from our own server; its page carries no inline style, so the strict policy stands."""

    url_name = "api:schema"
    template_name = "api/docs.html"
    metadata_class = None


@csrf_exempt  # a program that writes to a wrong address is told so, not asked for a form's token
def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """404 as a problem, for addresses below /api/v1/ that lead nowhere."""
    return problems.answer(
        status=404,
        code="not-found",
        detail=_("There is nothing at this address. All addresses of the API end in a slash."),
    )
