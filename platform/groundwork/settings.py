"""Settings, driven by the environment; docs/guide/operator.md lists the variables.

Without any variable this is the embedded production-like set-up of `make run`: SQLite and files under var/.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from groundwork import environment, identity

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("GROUNDWORK_VAR") or ROOT / "var").resolve()
# Vectors of the vocabulary, memory-mapped by all processes; `manage.py encode_vocabulary` fills it.
VECTORS = Path(os.environ.get("GROUNDWORK_VECTORS") or VAR / "vectors").resolve()
FIXTURES = ROOT / "fixtures"
# Compiled catalogues, memory-mapped by all processes; safe to delete.
COMPILED = VAR / "compiled"

DEBUG = environment.flag("GROUNDWORK_DEBUG", default=False)
BASE_URL = os.environ.get("GROUNDWORK_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
HTTPS = BASE_URL.startswith("https://")
SECRET_KEY = environment.secret_key(VAR)
# Signs credentials: a PEM of an Ed25519 key; without one it is made in VAR when the first is issued.
CREDENTIAL_KEY = os.environ.get("GROUNDWORK_CREDENTIAL_KEY", "")
# Installations whose exports of people are taken in like our own: the `x` in their /.well-known/jwks.json.
TRUSTED_KEYS = environment.words("GROUNDWORK_TRUSTED_KEYS")
# Issuers whose badges verify levels here: the id of each, and after a blank where its keys are.
BADGE_ISSUERS = environment.words("GROUNDWORK_BADGE_ISSUERS")
ALLOWED_HOSTS = [
    *environment.words("GROUNDWORK_ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]"),
    urlsplit(BASE_URL).hostname or "localhost",
]

# --- applications, lowest layer last, so that upper apps may replace templates of lower ones ---

INSTALLED_APPS = [
    "groundwork.web",
    "groundwork.api",
    "groundwork.privacy",
    "groundwork.notifications",
    "groundwork.credentials",
    "groundwork.plans",
    "groundwork.assessments",
    "groundwork.learners",
    "groundwork.catalogue",
    "groundwork.frameworks",
    "groundwork.accounts",
    "groundwork.events",
    "groundwork.core",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "groundwork.accounts.listing.SessionsConfig",
    "groundwork.accounts.listing.ProvidersConfig",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pads each answer at random, so that its length tells nothing of a token in it (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "groundwork.web.personal.PersonalMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "groundwork.urls"
WSGI_APPLICATION = "groundwork.wsgi.application"
ASGI_APPLICATION = "groundwork.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "groundwork.web.context.page",
            ],
        },
    },
]

# --- database: SQLite under var/, or what DATABASE_URL names ---

DATABASE_URL = os.environ.get("DATABASE_URL") or f"sqlite:///{VAR / 'groundwork.sqlite3'}"
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True),
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Immediate transactions queue for the one writer instead of failing at the first write; the web server
    # and the worker share the file, so readers must not wait either (WAL).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }

# --- Redis or Valkey: database n is the queue's, n + 1 the cache's ---

REDIS_URL = os.environ.get("REDIS_URL", "")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": environment.redis_database(REDIS_URL, offset=1),
        "KEY_PREFIX": "groundwork",
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# --- background work (why each: docs/decisions/0004-work-in-the-background.md) ---

VISIBILITY_TIMEOUT = 3600
CELERY_BROKER_URL = environment.broker_url(REDIS_URL) if REDIS_URL else "memory://"
CELERY_RESULT_BACKEND = environment.broker_url(REDIS_URL) if REDIS_URL else "cache+memory://"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# All three places: one alone is known to be ignored.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": VISIBILITY_TIMEOUT}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": VISIBILITY_TIMEOUT}
CELERY_VISIBILITY_TIMEOUT = VISIBILITY_TIMEOUT
CELERY_RESULT_EXPIRES = 24 * 3600
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# No soft limit here: a task with a shorter hard limit of its own could then not be sent.
CELERY_TASK_TIME_LIMIT = 1200
CELERY_TASK_TRACK_STARTED = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = float(os.environ.get("GROUNDWORK_SOFT_SHUTDOWN", "30"))
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "relay-the-outbox": {
        "task": "groundwork.events.tasks.relay",
        "schedule": 5.0,
        # A tick that waited longer has been overtaken by the next one.
        "options": {"expires": 5.0},
    },
    "purge-sessions": {
        "task": "groundwork.core.tasks.purge_sessions",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
    "forget-ended-sessions": {
        "task": "groundwork.accounts.tasks.forget_ended_sessions",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
    "suggest-what-courses-teach": {
        "task": "groundwork.catalogue.tasks.tag_courses",
        "schedule": crontab(hour="3", minute="40"),
        "options": {"expires": 12 * 3600.0},
    },
    "send-e-mails-that-are-due": {
        "task": "groundwork.notifications.tasks.send",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "look-for-dates-that-come-near": {
        "task": "groundwork.notifications.tasks.look",
        "schedule": crontab(minute="5"),
        "options": {"expires": 3600.0},
    },
    "erase-who-asked-for-it": {
        "task": "groundwork.privacy.tasks.erase_due",
        # Also goes on with what a killed worker left.
        "schedule": 600.0,
        "options": {"expires": 600.0},
    },
    "retrain-the-estimates": {
        "task": "groundwork.plans.tasks.retrain",
        # A machine that was off at night catches up when it starts.
        "schedule": crontab(hour="2", minute="20"),
        "options": {"expires": 12 * 3600.0},
    },
}

# --- people and sessions ---

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Groundwork] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_ADAPTER = "groundwork.web.entrance.AccountAdapter"
# A new address counts once its owner has followed the link sent to it; until then the old one does.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Whoever did not change it themselves shall hear of it.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# Sign-in at identity providers; who may come in as whom: docs/decisions/0030.
IDENTITY_PROVIDERS = identity.providers()
SOCIALACCOUNT_PROVIDERS = identity.as_allauth(IDENTITY_PROVIDERS)
SOCIALACCOUNT_ADAPTER = "groundwork.web.providers.SocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
MFA_ADAPTER = "groundwork.web.two_factor.TwoFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Groundwork"
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("GROUNDWORK_TRUSTED_PROXIES", "0"))
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# A visitor's CV lives in the session, and must not outlive a day; signing in may lengthen a session.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 24 * 3600
SESSION_COOKIE_NAME = "groundwork_session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "groundwork_csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# --- transport and content security ---

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, where there is no certificate
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # A browser asks this of every address that a form is led to, the provider's included.
        "form-action": [SELF, *(origin for one in IDENTITY_PROVIDERS for origin in one.form_origins)],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

# A CV of 5 MB and the form around it; larger files go to disk while they arrive.
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# --- languages ---

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [ROOT / "locale"]
LANGUAGE_COOKIE_NAME = "groundwork_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- static files: named by their content, so that they may be cached for ever ---

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
MEDIA_ROOT = VAR / "media"

# --- e-mail: to the console unless EMAIL_URL names a server or a folder ---

_email = environment.email(os.environ.get("EMAIL_URL", ""))
EMAIL_BACKEND = _email.backend
EMAIL_FILE_PATH = _email.folder
EMAIL_HOST = _email.host
EMAIL_PORT = _email.port
EMAIL_HOST_USER = _email.user
EMAIL_HOST_PASSWORD = _email.password
EMAIL_USE_SSL = _email.scheme == "smtps"
EMAIL_USE_TLS = _email.scheme == "smtp"
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = os.environ.get("GROUNDWORK_FROM_EMAIL", "Groundwork <no-reply@localhost>")

# --- estimates of hours and completion; off: plans use declared hours, and nothing is learned ---

ESTIMATES = environment.flag("GROUNDWORK_ESTIMATES", default=True)

# --- erasure: days in which a person may take it back ---

ERASURE_GRACE_DAYS = int(os.environ.get("GROUNDWORK_ERASURE_GRACE_DAYS", "7"))

# --- API ---

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    # Fails closed: a view that names no authentication and permission serves nobody.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    # `?format=` filters courses; the form of an answer is chosen by Accept alone.
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "groundwork.api.problems.handle",
    "DEFAULT_THROTTLE_RATES": {"key": os.environ.get("GROUNDWORK_API_RATE", "600/min")},
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Groundwork API",
    "DESCRIPTION": "Roles, skills, courses, people with evidence, and their plans.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "ENFORCE_NON_BLANK_FIELDS": True,
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v[0-9]+",
    "ENUM_NAME_OVERRIDES": {
        "BasisEnum": "groundwork.catalogue.models.Course.Basis",
        "EnrolmentStateEnum": "groundwork.plans.enrolments.Enrolment.State",
        "EvidenceKindEnum": "groundwork.learners.models.Evidence.Kind",
        "StatusEnum": "groundwork.plans.models.Plan.Status",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "groundwork.api.schema.finish",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- logs: one line of JSON each, to standard error ---

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "groundwork.logs.JsonFormatter"}},
    "filters": {"secrets": {"()": "groundwork.logs.MaskSecrets"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["secrets"]}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("GROUNDWORK_LOG_LEVEL", "INFO")},
    "loggers": {
        # Django's own handlers would print each record a second time, in another form.
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
    },
}
