"""The cache and the queue searched for a person: entries that name them are removed."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache

from groundwork.privacy.subjects import Subject

_AT_ONCE = 200


def clear_cache(subject: Subject) -> int:
    """Remove what names the person from the cache; returns how many. Without a server it is emptied."""
    if not settings.REDIS_URL:
        cache.clear()
        return 0
    with redis.Redis.from_url(settings.CACHES["default"]["LOCATION"]) as server:
        return _clear_values(server, subject.is_in)


def clear_queue(subject: Subject) -> int:
    """Remove waiting tasks about the person, and the results of such tasks; returns how many."""
    if not settings.REDIS_URL:
        return 0
    with redis.Redis.from_url(settings.REDIS_URL) as server:
        removed = _clear_values(server, subject.is_named_in)
        for key in list(server.scan_iter(count=_AT_ONCE)):
            kind = server.type(key)
            if kind == b"list":
                removed += _clear_list(server, key, subject)
            elif kind == b"hash":
                removed += _clear_hash(server, key, subject)
        return removed


def _clear_values(server: redis.Redis, is_about: Callable[[bytes], bool]) -> int:
    removed = 0
    names = list(server.scan_iter(count=_AT_ONCE, _type="STRING"))
    for start in range(0, len(names), _AT_ONCE):
        keys = names[start : start + _AT_ONCE]
        values: Any = server.mget(keys)
        found = [key for key, one in zip(keys, values, strict=True) if is_about(key + b" " + (one or b""))]
        removed += int(server.delete(*found)) if found else 0
    return removed


def _clear_list(server: redis.Redis, key: bytes, subject: Subject) -> int:
    waiting: Any = server.lrange(key, 0, -1)
    found = [one for one in waiting if subject.is_named_in(_readable(one))]
    return sum(int(server.lrem(key, 0, one)) for one in found)


def _clear_hash(server: redis.Redis, key: bytes, subject: Subject) -> int:
    """Tasks a worker took and has not finished; it will not be given them again."""
    taken: Any = server.hgetall(key)
    found = [name for name, one in taken.items() if subject.is_named_in(_readable(one))]
    return int(server.hdel(key, *found)) if found else 0


def _readable(message: bytes) -> bytes:
    """A message of Celery with its body unpacked: kombu puts it into base64."""
    return b" ".join([message, *_bodies(message)])


def _bodies(message: bytes) -> Iterator[bytes]:
    try:
        parsed = json.loads(message)
        envelope = parsed[0] if isinstance(parsed, list) else parsed
        yield base64.b64decode(envelope["body"])
    except (ValueError, KeyError, TypeError, IndexError):
        return
