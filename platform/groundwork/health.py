"""Whether this process can serve: what a load balancer and the runner ask."""

from __future__ import annotations

import logging

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database and the cache answer, else 503; says which, never why."""
    parts = {"database": _database_answers(), "cache": _cache_answers()}
    healthy = all(parts.values())
    return JsonResponse({"healthy": healthy, **parts}, status=200 if healthy else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("the database does not answer")
        return False
    return True


def _cache_answers() -> bool:
    if not settings.REDIS_URL:
        return True
    try:
        cache.get("healthz")
    except redis.RedisError:
        logger.exception("the cache does not answer")
        return False
    return True
