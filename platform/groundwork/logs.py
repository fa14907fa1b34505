"""One line of JSON for each log record, so that a log collector needs no parser; and no secrets in any."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

# Addresses whose last part is a key: whoever reads it in a log could use it.
_KEYS = re.compile(
    r"((?<!/me)/(?:shared|calendar|join|accounts/confirm-email|accounts/password/reset/key)/)[^/?#\s\"'.]+"
)


def masked(text: str) -> str:
    """The text with three stars for every secret that stands in an address of ours."""
    return _KEYS.sub(r"\1***", text)


class MaskSecrets(logging.Filter):
    """Lets every record through, without secrets; on handlers, where the records of all loggers come by."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), None
        return True


class JsonFormatter(logging.Formatter):
    """Time (UTC), level, logger, message, and the exception where there is one; never the request's data."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        status = getattr(record, "status_code", None)
        if status is not None:
            line["status"] = status
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
