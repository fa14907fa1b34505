"""The Celery application; the queue, limits and schedule stand in the settings."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
from typing import Any

import django
from celery import Celery
from celery.signals import beat_embedded_init, worker_init, worker_process_init

PR_SET_PDEATHSIG = 1

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "groundwork.settings")

app = Celery("groundwork")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
@beat_embedded_init.connect
def end_with_the_worker(**kwargs: Any) -> None:
    """Have Linux end this child of a worker with the worker, which may be killed before it sees to that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))


@worker_init.connect
def load_the_loops(**kwargs: Any) -> None:
    """Load the planner's compiled loops and the catalogue before the worker's children are forked."""
    django.setup()
    # Here, because every process of Django imports this module, and few of them plan.
    from groundwork.plans import snapshot
    from recommender import planning

    planning.warm()
    snapshot.prepare()
    # What is loaded by now stays, as in a web server (`wsgi`).
    gc.collect()
    gc.freeze()
