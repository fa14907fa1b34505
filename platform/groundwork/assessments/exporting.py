"""Rows -> an item bank's file, equal to the one it was imported from."""

from __future__ import annotations

from groundwork.assessments.models import Item, ItemBank
from recommender.datasets import item_bank
from recommender.datasets.item_bank import BankItem
from recommender.domain import Label


def export_bank(bank: ItemBank) -> str:
    """The bank with its current items as text."""
    items = bank.items.current().select_related("skill").order_by("position", "pk")
    value = item_bank.ItemBank(
        id=bank.slug,
        name=Label(en=bank.name_en, zh=bank.name_zh),
        author=bank.author,
        licence=bank.licence,
        difficulty_basis=Label(en=bank.difficulty_basis_en, zh=bank.difficulty_basis_zh),
        items=tuple(map(_value, items)),
    )
    return item_bank.write(value)


def _value(item: Item) -> BankItem:
    return BankItem(
        id=item.code,
        skill=item.skill.slug,
        level=item.level,
        stem=Label(en=item.stem_en, zh=item.stem_zh),
        options=tuple(Label(en=option["en"], zh=option["zh"]) for option in item.options),
        key=item.key,
        why=Label(en=item.why_en, zh=item.why_zh),
    )
