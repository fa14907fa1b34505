"""What the sign-in page shows besides the form."""

from __future__ import annotations

from django import template
from django.conf import settings

from groundwork.identity import IdentityProvider

register = template.Library()


@register.simple_tag
def identity_providers() -> list[IdentityProvider]:
    """The providers one can sign in at."""
    found: list[IdentityProvider] = settings.IDENTITY_PROVIDERS
    return found
