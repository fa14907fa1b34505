"""The entry point of WSGI servers."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from recommender import planning
from recommender.matching import tfidf

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "groundwork.settings")

application = get_wsgi_application()

from groundwork.plans import snapshot  # noqa: E402  # its models need the applications to be loaded

# Loaded before the workers are forked and anybody asks.
planning.warm()
tfidf.load()
snapshot.prepare()
# What is loaded by now stays: the collector need not walk it in the middle of a request, nor touch pages that
# the workers share.
gc.collect()
gc.freeze()
