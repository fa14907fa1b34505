"""The real encoders: `make test-embed` installs them and runs this file; `make test` does not collect it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from recommender import datasets
from recommender.matching import encoders
from recommender.matching.linker import SkillLinker
from recommender.matching.phrases import PhraseMatcher

ROOT = Path(__file__).parents[1]
SKILLS = [one.skill for one in datasets.load(ROOT / "fixtures").skills.values()]


@pytest.mark.parametrize(
    ("found", "texts"),
    [
        (encoders.english, ("collaborate with coworkers", "cooperate with colleagues", "milk cows")),
        (encoders.multilingual, ("machine learning", "机器学习", "给奶牛挤奶")),
    ],
)
def test_what_means_the_same_lies_nearer_than_what_does_not(found, texts):
    encoder = found()
    assert encoder is not None, "requirements-embed.txt is not installed"
    one, same, other = encoder.encode(list(texts))
    assert one @ same > one @ other + 0.3


def test_chinese_phrases_outside_the_vocabulary_are_met():
    with (ROOT / "fixtures/texts/phrases_zh.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    matcher = PhraseMatcher(SKILLS, encoder=encoders.multilingual())
    found = matcher.match_all([row["phrase"] for row in rows], limit=1)
    hits = sum(one[0].skill == row["skill"] for one, row in zip(found, rows, strict=True) if one)
    assert hits / len(rows) >= 0.8


def test_sentences_are_linked_with_their_model():
    linker = SkillLinker(SKILLS, sentence_encoder=encoders.english())
    text = "For years I have worked on segmenting medical images for surgeons."
    assert "medical-image-segmentation" in {link.skill for link in linker.link(text)}
