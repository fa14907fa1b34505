"""Counts of postings -> demand for roles and skills: shares with intervals, trends where they are sure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from groundwork.core.actors import Actor
from groundwork.events import outbox
from groundwork.frameworks.models import Demand, DemandTerm, PostingCount, PostingSource, Role, Skill
from recommender.estimators import demand
from recommender.estimators.demand import Month, Share, Trend

NOTE_EN = (
    "Counted from {postings} postings, repeats left out, of which {matched} name a role of ours. Shares are "
    "estimates with 95 % intervals. A low count is no sign of low need."
)
NOTE_ZH = (
    "统计自{postings}条招聘信息（已去重），其中{matched}条写明了本平台的岗位；占比为估计值，附95%区间。"
    "数量少并不代表需求低。"
)


@dataclass(slots=True)
class RoleCounts:
    """What the postings of one role say. Months are first days; undated postings are in the totals only."""

    postings: int = 0
    mentions: Counter[int] = field(default_factory=Counter)
    stated: Counter[int] = field(default_factory=Counter)
    levels: Counter[int] = field(default_factory=Counter)
    by_month: Counter[date] = field(default_factory=Counter)
    mentions_by_month: defaultdict[int, Counter[date]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, row: PostingCount) -> None:
        """Count a row."""
        if row.skill_id is None:
            self.postings += row.postings
            if row.month:
                self.by_month[row.month] += row.postings
            return
        self.mentions[row.skill_id] += row.postings
        self.stated[row.skill_id] += row.stated
        self.levels[row.skill_id] += row.levels
        if row.month:
            self.mentions_by_month[row.skill_id][row.month] += row.postings

    def share(self, skill: int, *, everywhere: RoleCounts) -> Share:
        """The share that names `skill`; its prior is the share among the postings of the whole source."""
        parent = everywhere.mentions[skill] / everywhere.postings if everywhere.postings else 0.0
        prior = demand.prior_from(parent)
        return demand.share(self.mentions[skill], postings=self.postings, prior=prior)

    def trend(self, skill: int) -> Trend:
        """How the share of dated postings that name `skill` changes."""
        named = self.mentions_by_month[skill]
        return demand.trend(
            [Month(mentions=named[month], postings=self.by_month[month]) for month in months(self.by_month)]
        )


def months(found: Iterable[date]) -> list[date]:
    """The first days of all months from the first to the last of `found`.

    >>> [str(one) for one in months([date(2024, 1, 1), date(2023, 11, 1)])]
    ['2023-11-01', '2023-12-01', '2024-01-01']
    """
    numbers = [12 * one.year + one.month - 1 for one in found]
    if not numbers:
        return []
    return [date(number // 12, number % 12 + 1, 1) for number in range(min(numbers), max(numbers) + 1)]


def counts_of(source: PostingSource) -> tuple[dict[int, RoleCounts], RoleCounts]:
    """What `source` says by role, and of all its postings together."""
    by_role: defaultdict[int, RoleCounts] = defaultdict(RoleCounts)
    everywhere = RoleCounts()
    for row in source.counts.all():
        everywhere.add(row)
        if row.role_id is not None:
            by_role[row.role_id].add(row)
    return dict(by_role), everywhere


@transaction.atomic
def refresh(source: PostingSource, *, actor: Actor) -> None:
    """Let `source` speak for each role of which no source with enough postings has more to say.

    What the editors counted stays where `source` has too few postings and fewer than they.
    """
    by_role, everywhere = counts_of(source)
    former = {row.role_id: row for row in Demand.objects.select_for_update()}
    names = dict(Skill.objects.values_list("pk", "name_en"))
    written = [
        _write(role, counts, everywhere=everywhere, source=source, names=names)
        for role, counts in by_role.items()
        if _speaks(source, counts, former=former.get(role))
    ]
    if written:
        outbox.record(actor=actor, action="demand.refreshed", subject=source, details={"roles": len(written)})


def _speaks(source: PostingSource, counts: RoleCounts, *, former: Demand | None) -> bool:
    if former is None or former.imported_from_id == source.pk:
        return True
    if former.imported_from_id is None and counts.postings >= Demand.ENOUGH:
        return True
    return counts.postings > former.postings


def _write(
    role: int,
    counts: RoleCounts,
    *,
    everywhere: RoleCounts,
    source: PostingSource,
    names: Mapping[int, str],
) -> Demand:
    figures = {"postings": source.postings, "matched": source.matched}
    row, _created = Demand.objects.update_or_create(
        role_id=role,
        defaults={
            "postings": counts.postings,
            "source": source.name,
            "as_of": source.as_of,
            "note_en": NOTE_EN.format(**figures),
            "note_zh": NOTE_ZH.format(**figures),
            "imported_from": source,
        },
    )
    row.terms.all().delete()
    trends = {str(skill): counts.trend(skill) for skill in counts.mentions}
    directions = demand.directions(trends)
    DemandTerm.objects.bulk_create(
        DemandTerm(
            demand=row,
            term=names[skill],
            skill_id=skill,
            postings=counts.mentions[skill],
            direction=directions[str(skill)].value,
            **thousandths(counts.share(skill, everywhere=everywhere)),
            **_growth(trends[str(skill)], named=directions[str(skill)]),
        )
        for skill in counts.mentions
    )
    return row


def thousandths(share: Share) -> dict[str, int]:
    """The figures of a share as a term keeps them."""
    return {"share": round(1000 * share.mean), "low": int(1000 * share.low), "high": -int(-1000 * share.high)}


def _growth(trend: Trend, *, named: demand.Direction) -> dict[str, int | None]:
    """The growth where its direction is named; nothing that is not sure is shown as a figure."""
    if named is demand.Direction.NOT_ENOUGH_DATA or trend.growth is None:
        return {"growth": None, "growth_low": None, "growth_high": None}
    figures = {"growth": trend.growth, "growth_low": trend.low, "growth_high": trend.high}
    return {name: round(100 * (value or 0)) for name, value in figures.items()}


def by_skill(role: Role) -> dict[str, int]:
    """Skill -> share (per cent) of the role's postings that surely ask for it; nothing without enough."""
    found = getattr(role, "demand", None)
    if found is None or not found.is_enough:
        return {}
    return {
        term.skill.slug: min(100, term.low // 10)
        for term in found.terms.all()
        if term.skill is not None and term.low is not None and term.low >= 10
    }
