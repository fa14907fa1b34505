"""Deleting one's account: asked for with care, taken back in time, followed without an account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groundwork.accounts.models import Membership, User
from groundwork.core.errors import DomainError
from groundwork.privacy import erasing
from groundwork.privacy.models import Erasure
from groundwork.web import standing
from groundwork.web.privacy import person_of

NOW = "now"
LATER = "later"


class DeleteForm(forms.Form):
    """When, and a proof that it is the person: the password, or the address where there is none."""

    when = forms.ChoiceField(label=gettext_lazy("When"), initial=LATER, widget=forms.RadioSelect)
    proof = forms.CharField(max_length=254)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        when, proof = self.fields["when"], self.fields["proof"]
        assert isinstance(when, forms.ChoiceField)  # noqa: S101  # declared above
        days = settings.ERASURE_GRACE_DAYS
        later = _("In %(days)d days. Until then you can change your mind.") % {"days": days}
        when.choices = [(LATER, later), (NOW, _("Now, for good."))]
        if user.has_usable_password():
            proof.label = _("Your password")
            proof.widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        else:
            proof.label = _("Type your e-mail address, %(address)s") % {"address": user.email}
            proof.widget = forms.TextInput(attrs={"autocomplete": "off"})

    def clean_proof(self) -> str:
        """Raises ValidationError for the wrong one."""
        given: str = self.cleaned_data["proof"]
        if self.user.has_usable_password():
            if not self.user.check_password(given):
                raise forms.ValidationError(_("This is not your password. Nothing was deleted."))
        elif given.strip().lower() != self.user.email.lower():
            raise forms.ValidationError(_("This is not your address. Nothing was deleted."))
        return given


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete_account(request: HttpRequest) -> HttpResponse:
    """What goes, what stays, and the question."""
    user = person_of(request)
    form = DeleteForm(request.POST or None, user=user)
    if request.method == "POST" and not ratelimit.consume(request, action="reauthenticate", user=user):
        # Whoever found an open browser is not to try passwords here.
        form.add_error("proof", _("Too many tries. Wait a few minutes."))
    if request.method != "POST" or not form.is_valid():
        return _page(request, user, form)
    try:
        erasure = erasing.request(
            user=user,
            actor=standing.actor_of(request),
            now=timezone.now(),
            at_once=form.cleaned_data["when"] == NOW,
        )
    except DomainError:
        # The page says why.
        return _page(request, user, form, status=409)
    if erasure.due_at <= timezone.now():
        logout(request)
        return redirect("web:erasure", erasure.pk)
    return redirect("web:my_data")


def _page(request: HttpRequest, user: User, form: DeleteForm, *, status: int = 200) -> HttpResponse:
    try:
        erasing.check_possible(user)
        refused = ""
    except DomainError as error:
        refused = str(error.message)
    membership = Membership.objects.select_related("organisation").filter(user=user).first()
    context = {
        "form": form,
        "refused": refused,
        "goes_along": membership.organisation if membership and erasing.is_alone(membership) else None,
    }
    return render(request, "web/privacy/delete.html", context, status=422 if form.errors else status)


@login_required
@require_POST
def keep_account(request: HttpRequest) -> HttpResponse:
    """Take the request back."""
    try:
        erasing.keep(user=person_of(request), actor=standing.actor_of(request))
        messages.success(request, _("Your account stays. Nothing was deleted."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("web:my_data")


@never_cache
@require_safe
def erasure(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far it is, for whoever was given the address: it names nobody."""
    found = Erasure.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    context = {"erasure": found, "done": len(found.steps), "all": erasing.number_of_steps()}
    return render(request, "web/privacy/erasure.html", context)
