"""Uploaded files of one test are no other test's."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_media(request: pytest.FixtureRequest, settings, tmp_path: Path) -> None:
    """A folder of its own, but for a worker process, which has the one of the run."""
    if "celery_worker_process" not in request.fixturenames:
        settings.MEDIA_ROOT = tmp_path / "media"
