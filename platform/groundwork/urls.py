"""The one tree of addresses: health, sign-in, Django's admin, then the API and the pages."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from groundwork import health
from groundwork.web import personal

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("i18n/setlang/", personal.set_language, name="set_language"),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("groundwork.api.urls")),
    path("", include("groundwork.web.urls")),
]
