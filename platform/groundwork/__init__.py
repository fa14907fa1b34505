"""The platform: a Django project that tracks what people can do and keeps their plans."""

# Celery's shared tasks bind to the application that is loaded when Django starts.
from groundwork.celery import app as celery_app

__all__ = ["celery_app"]
