"""What a person is told: the list, reading, and taking it back."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.core.actors import Right
from groundwork.notifications import kinds, wording
from groundwork.notifications.kinds import Kind
from groundwork.notifications.models import Notification, NotificationQuerySet
from groundwork.web import listing, standing


class NarrowForm(forms.Form):
    """Which kind, or all."""

    kind = forms.ChoiceField(label=_("Show"), required=False)

    def __init__(self, *args: object, offered: list[Kind], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments, passed on
        choices = [(kind.value, kind.label) for kind in offered]
        self.fields["kind"] = forms.ChoiceField(
            label=_("Show"), required=False, choices=[("", _("Everything")), *choices]
        )


def _of(request: HttpRequest) -> NotificationQuerySet:
    return Notification.objects.visible_to(standing.actor_of(request))


@login_required
@require_GET
def notifications(request: HttpRequest) -> HttpResponse:
    """Unread first, latest first; of one kind or of all."""
    actor = standing.actor_of(request)
    offered = kinds.offered(to_administrator=actor.may(Right.MANAGE_ORGANISATION))
    form = NarrowForm(request.GET, offered=offered)
    kind = form.cleaned_data["kind"] if form.is_valid() else ""
    rows = Notification.objects.visible_to(actor).in_app()
    if kind:
        rows = rows.filter(kind=kind)
    page: Page[Notification] = listing.page(rows.unread_first(), given=request.GET)
    context = {
        "form": form,
        "kind": kind,
        "page": page,
        "query": listing.query({"kind": kind}),
        "notices": wording.notices(page.object_list, actor=actor),
        "undo": _undo(request),
    }
    return render(request, "web/notifications/list.html", context)


def _undo(request: HttpRequest) -> dict[str, object] | None:
    """What was marked as read a moment ago, at the time that the address names."""
    at = _moment(request.GET.get("read", ""))
    count = _of(request).in_app().filter(read_at=at).count() if at else 0
    return {"at": request.GET["read"], "count": count} if count else None


@login_required
@require_GET
def notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Go where a notification leads; it is read then."""
    found = _of(request).filter(pk=pk).first()
    if found is None:
        raise Http404
    _of(request).filter(pk=pk, read_at=None).update(read_at=timezone.now())
    return redirect(wording.address_of(found))


@login_required
@require_POST
def mark_notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read, or as unread again."""
    found = _of(request).filter(pk=pk)
    if not found.exists():
        raise Http404
    is_read = request.POST.get("act") != "unread"
    found.filter(read_at__isnull=is_read).update(read_at=timezone.now() if is_read else None)
    return redirect(_back(request))


@login_required
@require_POST
def mark_notifications(request: HttpRequest) -> HttpResponse:
    """Mark all as read, or all of a kind; the page that follows can take it back."""
    at, rows = timezone.now(), _of(request).unread()
    kind = request.POST.get("kind", "")
    if kind:
        rows = rows.filter(kind=kind)
    rows.update(read_at=at)
    return redirect(f"{reverse('web:notifications')}?{urlencode({'kind': kind, 'read': at.isoformat()})}")


@login_required
@require_POST
def unmark_notifications(request: HttpRequest) -> HttpResponse:
    """Take back that all were marked as read."""
    at = _moment(request.POST.get("at", ""))
    if at:
        _of(request).filter(read_at=at).update(read_at=None)
    return redirect("web:notifications")


def _moment(text: str) -> datetime | None:
    """A time as an address of ours carries it; None for anything else."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _back(request: HttpRequest) -> str:
    """The page of the list that the form stood on."""
    chosen = {"kind": request.POST.get("kind", ""), "page": request.POST.get("page", "")}
    return f"{reverse('web:notifications')}?{listing.query(chosen)}"
