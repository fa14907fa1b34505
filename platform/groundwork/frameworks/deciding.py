"""What people make of links becomes rows to train the linker with: bare words, nobody's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from groundwork.frameworks import vocabulary
from groundwork.frameworks.models import LinkDecision, Skill
from groundwork.frameworks.words import Language
from recommender.evaluation.gold_labels import NOT_PRESENT
from recommender.text.contacts import redact

Decision = LinkDecision.Decision
COLUMNS = (
    "sentence",
    "label",
    "skill",
    "esco_uri",
    "decision",
    "probability",
    "method",
    "language",
    "linker",
    "decided_on",
)
"""The first two are what every gold file has; a rejected skill leaves the words without a label."""

_POSITIVE = (Decision.CONFIRMED, Decision.CHANGED)
_LINKED = ("alias", "typo", "words", "nearest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One link of the linker and what somebody made of it."""

    words: str
    skill: str
    decision: LinkDecision.Decision
    probability: float
    method: str


def record(decisions: Iterable[Decided], *, on_date: date) -> int:
    """Keep the decisions on words that the linker itself linked; returns how many were kept.

    Nothing says who decided, so the audit trail stays out of it as well.
    """
    kept = [one for one in decisions if one.words.strip() and one.method in _LINKED]
    if not kept:
        return 0
    skills = dict(Skill.objects.filter(slug__in={one.skill for one in kept}).values_list("slug", "pk"))
    version = vocabulary.linker().version
    rows = [
        _row(one, skill=skills[one.skill], version=version, on_date=on_date)
        for one in kept
        if one.skill in skills
    ]
    LinkDecision.objects.bulk_create(rows)
    return len(rows)


def _row(one: Decided, *, skill: int, version: str, on_date: date) -> LinkDecision:
    words = " ".join(redact(one.words).split())[:200]
    return LinkDecision(
        words=words,
        language=language_of(words),
        skill_id=skill,
        decision=one.decision,
        probability=min(1.0, max(0.0, one.probability)),
        method=one.method,
        linker=version,
        decided_on=on_date,
    )


def language_of(words: str) -> Language:
    """By script: Chinese as soon as one character of it is there."""
    return Language.ZH if any("\u3400" <= one <= "\u9fff" for one in words) else Language.EN


def training_rows() -> Iterator[dict[str, str]]:
    """All decisions by COLUMNS, oldest first, as the training of the linker reads them."""
    for row in LinkDecision.objects.select_related("skill").iterator():
        yield {
            "sentence": row.words,
            "label": row.skill.name_en if row.decision in _POSITIVE else NOT_PRESENT,
            "skill": row.skill.slug,
            "esco_uri": row.skill.esco_uri,
            "decision": row.decision,
            "probability": f"{row.probability:.4f}",
            "method": row.method,
            "language": row.language,
            "linker": row.linker,
            "decided_on": row.decided_on.isoformat(),
        }
