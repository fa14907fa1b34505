"""A person's data: what is held, all of it as a file, and such a file taken in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from groundwork.accounts.models import User
from groundwork.core.errors import DomainError
from groundwork.learners.models import Learner
from groundwork.privacy import exporting, holdings, reading, taking
from groundwork.privacy.models import Erasure
from groundwork.web import privacy_wording, standing, uses


class ImportForm(forms.Form):
    """The file somebody downloaded here or in another installation."""

    file = forms.FileField(
        label=gettext_lazy("Your export"),
        help_text=gettext_lazy("The ZIP file as you downloaded it, at most 50 MB."),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )


def person_of(request: HttpRequest) -> User:
    """Who is signed in. Raises Http404 for anybody else."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


@login_required
@never_cache
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """What is held, and what a person can do about it."""
    return _page(request, ImportForm())


def _page(request: HttpRequest, form: ImportForm, *, status: int = 200) -> HttpResponse:
    user = person_of(request)
    held = holdings.counts(user)
    context: dict[str, Any] = {
        "form": form,
        "uses": uses.rows(_learner_of(user)),
        "held": [{"words": privacy_wording.words_of(label), "n": n} for label, n in held.items()],
        "erasure": Erasure.objects.open().filter(user_id=user.pk).first(),
        "is_new": not any(held.get(label) for label in holdings.NEEDS_ROOM),
    }
    return render(request, "web/privacy/data.html", context, status=status)


def _learner_of(user: User) -> Learner:
    """The person's own; looking at the page makes none."""
    found = Learner.objects.filter(user=user).first()
    return found or Learner(user=user, created_at=user.date_joined)


@login_required
@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """Everything as a ZIP."""
    user, now = person_of(request), timezone.now()
    packed = exporting.archive(user=user, actor=standing.actor_of(request), now=now)
    answer = HttpResponse(packed, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="groundwork-my-data-{now:%Y-%m-%d}.zip"'
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
@require_POST
def take_in(request: HttpRequest) -> HttpResponse:
    """An export into an account that holds nothing yet: all of it or nothing."""
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        taken = _take_in(request, form.cleaned_data["file"])
    except DomainError as error:
        form.add_error("file", str(error.message))
        return _page(request, form, status=422)
    rows = sum(taken.rows.values())
    messages.success(request, _("Your records are here: %(n)d of them were taken in.") % {"n": rows})
    return redirect("web:me")


def _take_in(request: HttpRequest, upload: Any) -> taking.Taken:
    exported = reading.read(upload.read(reading.MAX_BYTES + 1), signed=True)
    return taking.take_in_own(exported, user=person_of(request), actor=standing.actor_of(request))
