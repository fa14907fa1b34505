"""Every piece of the pages on one page, for those who build them; the audit looks at it in every light."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from groundwork.frameworks.models import Role
from groundwork.web.presenting import pips
from groundwork.web.rings import Ring
from groundwork.web.wishing import Chip

LEVELS = ((0, 3), (2, 4), (5, 5))


class ExampleForm(forms.Form):
    """One field of each kind; the hours are always refused."""

    hours = forms.IntegerField(
        label=gettext_lazy("Hours a week"), help_text=gettext_lazy("From 1 to 60"), min_value=1
    )
    day = forms.DateField(
        label=gettext_lazy("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    layer = forms.ChoiceField(label=gettext_lazy("Layer"), choices=Role.Layer.choices, required=False)
    words = forms.CharField(label=gettext_lazy("Words"), required=False, widget=forms.Textarea)
    ticked = forms.BooleanField(label=gettext_lazy("Hands-on only"), required=False)


@require_GET
def stylebook(request: HttpRequest) -> HttpResponse:
    """The pieces as the other pages use them, with examples in them."""
    context: dict[str, Any] = {
        "form": ExampleForm({"hours": "-1"}),
        "layers": Role.Layer.choices,
        "levels": [(have, need, pips(have=have, need=need)) for have, need in LEVELS],
        "chips": [Chip(text=_("At most 9000 yuan"), undo=""), Chip(text=_("10 hours a week"), undo="")],
        "rings": [
            Ring(name=_("Done"), kind="done", percent=60, text=_("12 of 20 hours")),
            Ring(name=_("Mastered"), kind="mastered", percent=0, text=_("0 of 4 skills")),
            Ring(name=_("Lapsing"), kind="lapsing", percent=25, text=_("1 of 4 skills")),
        ],
        "page": Paginator(range(60), 20).page(2),
        "lines": [(_("Kernel tuning"), 2, 4), (_("Compilers"), 0, 3)],
        "tags": [name for name in messages.DEFAULT_TAGS.values() if name != "debug"],
    }
    return render(request, "web/stylebook.html", context)
