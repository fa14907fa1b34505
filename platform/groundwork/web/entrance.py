"""What allauth asks of us when people sign up, sign in and look after their account."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from groundwork.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Allauth's flows on our pages."""

    def new_user(self, request: HttpRequest) -> User:
        """An account speaks the language its owner signed up in, from its first e-mail on."""
        user: User = super().new_user(request)
        user.language = get_language() or ""
        return user

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the account, by way of signing in with the new password."""
        return reverse("web:account")
