"""Retrain, evaluate, promote or keep; and freeze what came of it as a version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction

from groundwork.core.actors import Actor
from groundwork.events import outbox
from groundwork.plans import estimating, figures, judging, past
from groundwork.plans.figures import Figures
from groundwork.plans.past import Past
from groundwork.plans.versions import EstimateVersion, ModelCard
from recommender.estimators.effort import Effort

ACTOR = Actor(system="retraining")
Kind = ModelCard.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrained:
    """The cards of this run (earlier ones where the data are the same) and the version in use after it."""

    cards: tuple[ModelCard, ...]
    version: EstimateVersion | None
    is_new: bool


@transaction.atomic
def retrain(*, on_date: date) -> Retrained | None:
    """Learn from all attempts; None while estimates are switched off.

    Run twice on the same data it changes nothing. The statistics follow the data; a model of completion
    takes over only where it is shown better.
    """
    if not settings.ESTIMATES:
        return None
    everything = past.everybody()
    ended = past.released([row for row in everything if row.ended_on])
    timed = past.released([row for row in everything if row.done])
    # Two runs at once queue up here.
    in_use = EstimateVersion.objects.select_for_update(of=("self",)).select_related("model").first()
    cards = (
        _completion(ended, history=everything, current=in_use.model if in_use else None, on_date=on_date),
        _hours(timed, on_date=on_date),
    )
    found = _figures(ended, timed, cards=cards, in_use=in_use)
    return _publish(found, cards=cards, in_use=in_use, on_date=on_date)


def _completion(
    ended: list[Past], *, history: list[Past], current: ModelCard | None, on_date: date
) -> ModelCard:
    data = past.digest([*history, *ended])
    known = ModelCard.objects.filter(kind=Kind.COMPLETION).first()
    if known and known.data_sha256 == data:
        return known
    verdict = judging.completion_verdict(ended, history=history, current=current)
    return _keep(judging.card(Kind.COMPLETION, verdict, rows=ended, data=data, on_date=on_date))


def _hours(timed: list[Past], *, on_date: date) -> ModelCard:
    data = past.digest(timed)
    known = ModelCard.objects.filter(kind=Kind.HOURS).first()
    if known and known.data_sha256 == data:
        return known
    verdict = judging.hours_verdict(timed)
    return _keep(judging.card(Kind.HOURS, verdict, rows=timed, data=data, on_date=on_date))


def _keep(card: ModelCard) -> ModelCard:
    twin = ModelCard.objects.filter(
        kind=card.kind, data_sha256=card.data_sha256, made_on=card.made_on
    ).first()
    if twin:
        return twin
    card.save()
    return card


def _figures(
    ended: list[Past],
    timed: list[Past],
    *,
    cards: tuple[ModelCard, ModelCard],
    in_use: EstimateVersion | None,
) -> tuple[Figures, ModelCard | None]:
    """The statistics of today, and the card of the model that goes with them."""
    completion_card, hours_card = cards
    assumed = estimating.assumptions()
    effort, attempts = figures.time(timed, strength=assumed.hours_strength, spread=assumed.hours_spread)
    if not hours_card.promoted:
        effort, attempts = Effort(spread=assumed.hours_spread), {}
    model = in_use.model if in_use else None
    if completion_card.promoted:
        model = completion_card
    elif completion_card.retired_former:
        model = None
    found = Figures(
        effort=effort, timed=attempts, counted=figures.count(ended), model=model.sha256 if model else ""
    )
    return found, model


def _publish(
    found: tuple[Figures, ModelCard | None],
    *,
    cards: tuple[ModelCard, ModelCard],
    in_use: EstimateVersion | None,
    on_date: date,
) -> Retrained:
    values, model = found
    if values.sha256 == in_use.sha256 if in_use else values.is_empty:
        return Retrained(cards=cards, version=in_use, is_new=False)
    # What the data said earlier on this day is what they say again: the same version becomes the latest one.
    EstimateVersion.objects.filter(sha256=values.sha256, as_of=on_date).delete()
    version = EstimateVersion.objects.create(
        sha256=values.sha256, as_of=on_date, body=values.to_json(), model=model
    )
    outbox.record(
        actor=ACTOR,
        action="estimates.renewed",
        subject=version,
        details={"version": version.name, "model": model.sha256 if model else ""},
    )
    return Retrained(cards=cards, version=version, is_new=True)
