"""What every resource shares: key, scopes, rate, body limit, paging, language and problem documents."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer
from rest_framework.views import APIView

from groundwork.api import authentication, problems
from groundwork.api.authentication import HasScopes, KeyAuthentication, KeyThrottle
from groundwork.api.problems import Fault, Refusal
from groundwork.core.actors import Actor, Right

MAX_BODY = 1024 * 1024
"""Bytes of a request body; a job of 1,000 plans needs a tenth of it."""

M = TypeVar("M", bound=Model)


class BoundedJSONParser(JSONParser):
    """JSON up to MAX_BYTES, whatever Content-Length promised."""

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            raise Refusal(
                status=413,
                code="too-large",
                message=_("The body of a request holds at most %(limit)d bytes.") % {"limit": MAX_BODY},
            )
        try:
            text = codecs.decode(body, "utf-8")
            return self._load(text)
        except (ValueError, RecursionError) as error:
            raise ParseError(_("The body is not valid JSON: %(error)s") % {"error": error}) from error

    def _load(self, text: str) -> Any:
        from rest_framework.utils import json

        # NaN and Infinity are no JSON, though Python reads them.
        return json.loads(text, parse_constant=json.strict_constant)


class Pages(PageNumberPagination):
    """`?page=` and `?page_size=`, 50 rows unless asked, 200 at most."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class ApiView(APIView):
    """Base of every resource. `scopes` names, per method, what the key must hold; no entry, no access."""

    authentication_classes = [KeyAuthentication]
    permission_classes = [HasScopes]
    throttle_classes = [KeyThrottle]
    parser_classes = [BoundedJSONParser]
    pagination_class = Pages
    # OPTIONS would answer with a description that the schema gives better.
    metadata_class = None
    scopes: ClassVar[Mapping[str, tuple[Right, ...]]] = {}

    @property
    def actor(self) -> Actor:
        """Who calls."""
        return authentication.actor_of(self.request)

    def page(self, rows: QuerySet[Any], serializer: type[Serializer[Any]]) -> Response:
        """One page of `rows`."""
        pages = self.pagination_class()
        found = pages.paginate_queryset(rows, self.request, view=self)
        return pages.get_paginated_response(serializer(found, many=True, context=self._context()).data)

    def show(self, value: object, serializer: type[BaseSerializer[Any]], *, status: int = 200) -> Response:
        """One value; a created one says where it is."""
        data = serializer(value, context=self._context()).data
        headers = {"Location": data["url"]} if status in (201, 202) else None
        return Response(data, status=status, headers=headers)

    def _context(self) -> dict[str, Any]:
        return {"request": self.request}


class Input(Serializer[Any]):
    """What a body or a part of it holds; an unknown member is refused, for it may be a misspelt wish."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """As usual, but for unknown members. Raises ValidationError that names each."""
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, Mapping) else []
        if unknown:
            raise ValidationError({name: [_("There is no such member.")] for name in unknown})
        found: dict[str, Any] = super().to_internal_value(data)
        return found


def body_of(request: Request, serializer: type[Serializer[Any]]) -> dict[str, Any]:
    """The body, checked; ValidationError names every wrong value and unknown member."""
    reader = serializer(data=request.data)
    reader.is_valid(raise_exception=True)
    return dict(reader.validated_data)


def query_of(request: Request, serializer: type[Serializer[Any]]) -> dict[str, Any]:
    """The query string, checked; a wrong value is refused, an unknown parameter too."""
    reader = serializer(data=request.query_params)
    unknown = set(request.query_params) - set(reader.fields) - {"page", "page_size"}
    faults = [Fault(parameter=name, message=_("There is no such parameter.")) for name in sorted(unknown)]
    if not reader.is_valid():
        faults += [
            Fault(parameter=name, message=" ".join(str(message) for message in messages))
            for name, messages in reader.errors.items()
        ]
    if faults:
        raise Refusal(
            status=problems.UNPROCESSABLE,
            code="invalid",
            message=_("Correct the query parameters named under errors."),
            faults=tuple(faults),
        )
    return dict(reader.validated_data)


def one(rows: QuerySet[M], *, pointer: str = "", **lookup: object) -> M:
    """The row, or 404; `pointer` names the place in the body that asked for it."""
    found = rows.filter(**lookup).first()
    if found is None:
        faults = (Fault(pointer=pointer, message=_("There is no such row.")),) if pointer else ()
        raise Refusal(
            status=404,
            code="not-found",
            message=_("There is nothing at this address for you."),
            faults=faults,
        )
    return found
