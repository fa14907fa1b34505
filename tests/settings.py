"""The suite's settings: a real PostgreSQL and a real Valkey, started before Django reads where they are."""

import os
import re
from pathlib import Path

from scripts import servers

servers.start_for_tests()
_folder = Path(os.environ["GROUNDWORK_TEST_FOLDER"])
os.environ["GROUNDWORK_VAR"] = str(_folder / "var")

from groundwork import environment  # noqa: E402
from groundwork.settings import *  # noqa: E402, F403
from groundwork.settings import CACHES, DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

# Each worker of the run has databases of its own, in PostgreSQL (pytest-django sees to that) and in Valkey.
_worker = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or 0)
REDIS_URL = environment.redis_database(os.environ["REDIS_URL"], offset=2 * _worker)
CELERY_BROKER_URL = CELERY_RESULT_BACKEND = environment.broker_url(REDIS_URL)
CACHES["default"]["LOCATION"] = environment.redis_database(REDIS_URL, offset=1)

# The live server's threads would hold connections beyond the end of their test.
DATABASES["default"]["CONN_MAX_AGE"] = 0

# Slow on purpose in the product; the suite hashes many passwords and attacks none.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
