"""What gives the right option of an item away to somebody who knows nothing of its subject.

Item writers tend to qualify the right option until it is the longest one (Haladyna & Downing 1989 list it
among the flaws to avoid), so that a test-wise person scores by length alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from recommender.datasets.item_bank import BankItem
from recommender.domain import Label


def by_length(items: Sequence[BankItem], *, language: str) -> tuple[float, ...]:
    """How often somebody is right who always takes the longest option, the second longest, and so on.

    Shares of `items` (not empty), in the order of ranks by characters; `language` is en or zh. Options of the
    same length share their ranks evenly. With four options every share is 0.25 where length says nothing.

    >>> words = [Label(en=text, zh=text) for text in ("a", "bbb", "cc")]
    >>> item = BankItem(
    ...     id="a", skill="b", level=1, stem=words[0], options=tuple(words), key=1, why=words[0]
    ... )
    >>> by_length([item], language="en")
    (1.0, 0.0, 0.0)
    """
    right = [0.0] * max(len(item.options) for item in items)
    for item in items:
        lengths = [len(_text(option, language)) for option in item.options]
        of_key = lengths[item.key]
        longer = sum(length > of_key for length in lengths)
        alike = lengths.count(of_key)
        for rank in range(longer, longer + alike):
            right[rank] += 1 / alike
    return tuple(share / len(items) for share in right)


def longest(items: Sequence[BankItem], *, language: str) -> list[BankItem]:
    """The items whose right option is longer than every other one."""
    return [item for item in items if _stands_out(item, language)]


def _stands_out(item: BankItem, language: str) -> bool:
    lengths = [len(_text(option, language)) for option in item.options]
    of_key = lengths.pop(item.key)
    return of_key > max(lengths)


def _text(option: Label, language: str) -> str:
    text: str = getattr(option, language)
    return text
