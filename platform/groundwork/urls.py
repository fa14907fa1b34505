"""The one tree of addresses: health, sign-in, Django's admin, then the API and the pages."""

from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from groundwork import health
from groundwork.web import personal, providers

# Operators sign in as everybody does, so that a second factor holds for them, too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth documents
# These would show what second factors are made of, and the keys of sessions.
admin.site.unregister(Authenticator)
admin.site.unregister([UserSession, SocialApp, SocialToken, SocialAccount])

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("i18n/setlang/", personal.set_language, name="set_language"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/connections/", include("allauth.socialaccount.urls")),
    # Under allauth's names: it leads people there by them.
    path("accounts/oidc/<slug:provider_id>/", providers.sign_in, name="openid_connect_login"),
    path("accounts/oidc/<slug:provider_id>/back/", providers.come_back, name="openid_connect_callback"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("groundwork.api.urls")),
    path("", include("groundwork.web.urls")),
]
