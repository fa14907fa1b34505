"""What the re-ranker for our own vocabulary learns from: rows of candidates with what is known of them.

Three sources. *Labelled*: sentences with ESCO labels, for the skills of ours that name an ESCO concept.
*Hidden*: sentences in which one of our own names stands, read with half of all names hidden, so that every
skill gives examples of being called by a name the vocabulary lacks. *Decided*: what people made of links
(`manage.py export_link_decisions`). Skills that a name of ours finds in a sentence are left out of it: in use
the ranking is only asked about the rest.
"""

from __future__ import annotations

import ast
import csv
import gzip
import json
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recommender.domain import Skill
from recommender.evaluation.gold_labels import read_gold
from recommender.matching import guards, lists
from recommender.matching.candidates import CandidateFinder, encode_targets
from recommender.matching.encoders import TokenEncoder
from recommender.matching.linker import SkillLinker
from recommender.matching.reading import Reading
from recommender.matching.retrievers import LexicalIndex, Scores
from recommender.matching.suggesting import NEAREST
from recommender.matching.targets import Target, from_skills, read_targets
from recommender.text.tokens import words_of

ESCO = "esco_v1_1_1/ESCO dataset - v1.1.1 - classification - en - csv.zip"
SYNTHETIC = 2500
BESIDE = 800
SEEDS = (1, 2)
POSITIVE = ("confirmed", "changed")
NEGATIVE = ("rejected",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A sentence, the skills it names, and those of which it is known whether it names them (None: all)."""

    sentence: str
    named: frozenset[str]
    judged: frozenset[str] | None = None
    passed_over: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Candidates of many sentences: features, whether the skill is named, and which skill it is."""

    features: Scores
    named: NDArray[np.bool_]
    skills: NDArray[np.str_]

    def part(self, chosen: NDArray[np.bool_]) -> Rows:
        """Those rows alone."""
        return Rows(features=self.features[chosen], named=self.named[chosen], skills=self.skills[chosen])


def joined(parts: Sequence[Rows]) -> Rows:
    """All rows of all parts."""
    return Rows(
        features=np.vstack([one.features for one in parts]),
        named=np.concatenate([one.named for one in parts]),
        skills=np.concatenate([one.skills for one in parts]),
    )


class Names:
    """Which names of ours stand in a sentence, by skill, and whether beyond doubt."""

    def __init__(self, skills: Sequence[Skill]) -> None:
        self._linker = SkillLinker(skills)

    def of(self, sentence: str) -> dict[str, list[tuple[str, bool]]]:
        """Skill -> its names as the vocabulary writes them, each with whether it is certain."""
        reading = Reading(sentence, this_year=None)
        matches = list(self._linker._matches(reading.tokens, reading.folded.lower))
        beside = lists.neighbours(matches, reading.folded.text)
        found: dict[str, list[tuple[str, bool]]] = {}
        for match, neighbour in zip(matches, beside, strict=True):
            sure = guards.confidence(reading.sighting(match, neighbour)) or 0.0
            certain = sure >= guards.LIKELY and not match.corrected
            found.setdefault(match.alias.skill, []).append((match.alias.written, certain))
        return found


def finder_of(targets: Sequence[Target], encoder: TokenEncoder | None) -> CandidateFinder:
    """As in use, with the vectors computed here."""
    vectors = encode_targets(targets, encoder) if encoder is not None else None
    return CandidateFinder(LexicalIndex(targets), encoder=encoder, vectors=vectors, candidates=NEAREST)


def rows_of(asked: Sequence[Asked], targets: Sequence[Target], finder: CandidateFinder) -> Rows:
    """The candidates of which something is known."""
    features, named, skills = [], [], []
    for start in range(0, len(asked), 64):
        batch = asked[start : start + 64]
        for one, found in zip(batch, finder.find([one.sentence for one in batch]), strict=True):
            for place, values in zip(found.targets, found.features, strict=True):
                skill = targets[place].id
                known = one.judged is None or skill in one.judged
                if known and skill not in one.passed_over:
                    features.append(values)
                    named.append(skill in one.named)
                    skills.append(skill)
    return Rows(features=np.array(features, np.float32), named=np.array(named), skills=np.array(skills))


def labelled(data: Path, skills: Sequence[Skill], names: Names) -> list[Asked]:
    """Sentences with ESCO labels, told in our skills."""
    concepts = {one.id: one.label for one in read_targets(data / ESCO)}
    by_label: dict[str, set[str]] = {}
    for skill in skills:
        if skill.esco_uri in concepts:
            by_label.setdefault(concepts[skill.esco_uri], set()).add(skill.id)
    judged = frozenset(skill for found in by_label.values() for skill in found)
    return [
        Asked(
            sentence=sentence,
            named=frozenset(skill for label in labels for skill in by_label.get(label, ())),
            judged=judged,
            passed_over=frozenset(names.of(sentence)),
        )
        for sentence, labels in _esco_labelled(data).items()
    ]


def _esco_labelled(data: Path) -> dict[str, frozenset[str]]:
    synthetic = _synthetic(data)
    chosen = random.Random(7).sample(sorted(synthetic), SYNTHETIC)
    found = {sentence: synthetic[sentence] for sentence in chosen}
    for name in ("tech", "house"):
        found |= read_gold(data / f"skill_extraction_esco/{name}_validation_annotations.csv")
    return found


def _synthetic(data: Path) -> dict[str, frozenset[str]]:
    with gzip.open(data / "skillskape/train.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {
            row["sentence"]: frozenset(one.strip() for one in ast.literal_eval(row["skills"])) for row in rows
        }


def sentences_of_postings(data: Path) -> list[str]:
    """Of real postings (SkillSpan's training part), without any label."""
    with gzip.open(data / "skillspan/train.jsonl.gz", "rt", encoding="utf-8") as file:
        texts = (" ".join(json.loads(line)["tokens"]) for line in file)
        return [text for text in dict.fromkeys(texts) if text.count(" ") > 2]


def hidden(
    sentences: Sequence[str], skills: Sequence[Skill], names: Names, *, seed: int
) -> tuple[list[Asked], list[Target]]:
    """Sentences that hold a name which is hidden, some that do not, and what is left of the vocabulary."""
    chance = random.Random(seed)
    targets = [_halved(one, chance) for one in from_skills(skills)]
    left = {one.id: {words_of(name) for name in (one.label, *one.alternatives)} for one in targets}
    met = {sentence: names.of(sentence) for sentence in sentences}
    called = {sentence: frozenset(_called(found, left)) for sentence, found in met.items()}
    with_hidden = [sentence for sentence in sentences if called[sentence]]
    without = [sentence for sentence in sentences if not called[sentence]]
    asked = [
        Asked(sentence=one, named=called[one], passed_over=frozenset(met[one]) - called[one])
        for one in (*with_hidden, *chance.sample(without, min(BESIDE, len(without))))
    ]
    return asked, targets


def _halved(target: Target, chance: random.Random) -> Target:
    names = [target.label, *target.alternatives]
    kept = [name for name in names if chance.random() < 0.5] or [chance.choice(names)]
    return replace(target, label=kept[0], alternatives=tuple(kept[1:]))


def _called(
    found: Mapping[str, Sequence[tuple[str, bool]]], left: Mapping[str, Collection[tuple[str, ...]]]
) -> Iterator[str]:
    for skill, written in found.items():
        known = left.get(skill, ())
        if any(certain for _, certain in written) and not any(words_of(one) in known for one, _ in written):
            yield skill


def decided(path: Path) -> list[Asked]:
    """Rows of `manage.py export_link_decisions`: of each only the one skill is known."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            Asked(
                sentence=row["sentence"],
                named=frozenset([row["skill"]] if row["decision"] in POSITIVE else []),
                judged=frozenset([row["skill"]]),
            )
            for row in csv.DictReader(file)
            if row["decision"] in (*POSITIVE, *NEGATIVE)
        ]
