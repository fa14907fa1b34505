"""Gunicorn's logs without the secrets that stand in some addresses: `--logger-class` of `make run`."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger

from groundwork.logs import MaskSecrets

MASK = MaskSecrets()


class MaskedLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """The request line and the referrer of an access, and the address in an error, go through the mask."""

    def setup(self, cfg: Any) -> None:
        """Called again when the settings are reloaded, which makes new handlers."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.addFilter(MASK)
