"""What an encoder adds, by one of the tests' own: vectors are kept, reused and understood everywhere.

Whether the real weights do their work is asked by `make test-embed`.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from recommender import datasets
from recommender.errors import MalformedInputError
from recommender.matching import encoders, phrases, vectors
from recommender.matching.candidates import CandidateFinder, feature_names
from recommender.matching.encoders import Encoder, TokenEncoder
from recommender.matching.linker import SkillLinker
from recommender.matching.links import Method
from recommender.matching.phrases import PhraseMatcher
from recommender.matching.retrievers import LexicalIndex
from recommender.matching.targets import from_skills
from recommender.matching.titles import TitleMatcher
from tests.recommender.letters_encoder import LettersEncoder
from tests.recommender.test_matching_linker import VOCABULARY

FIXTURES = datasets.load(Path(__file__).parents[2] / "fixtures")
TEXTS = ["machine learning", "graphs", "machine learning"]


def test_the_encoder_of_the_tests_is_one_of_both_kinds():
    of_texts: Encoder = LettersEncoder()
    of_tokens: TokenEncoder = LettersEncoder()
    assert of_texts.encode(["graph"]) @ of_tokens.encode(["graphs"]).T > 0.7


def test_vectors_are_computed_once_and_mapped_from_the_file(tmp_path):
    encoder = LettersEncoder()
    first = vectors.of_texts(TEXTS, encoder, folder=tmp_path)
    again = vectors.of_texts(TEXTS, encoder, folder=tmp_path)
    assert encoder.encoded == ["machine learning", "graphs"]
    assert np.array_equal(first, again)
    assert np.allclose(again, LettersEncoder().encode(TEXTS))
    assert isinstance(again.base if again.base is not None else again, np.memmap)


def test_a_new_text_alone_is_encoded_anew(tmp_path):
    encoder = LettersEncoder()
    vectors.of_texts(TEXTS, encoder, folder=tmp_path)
    changed = ["compilers", *TEXTS]
    assert vectors.missing(changed, encoder, folder=tmp_path) == 1
    encoder.encoded.clear()
    found = vectors.of_texts(changed, encoder, folder=tmp_path)
    assert encoder.encoded == ["compilers"]
    assert vectors.missing(changed, encoder, folder=tmp_path) == 0
    assert np.allclose(found, LettersEncoder().encode(changed))


def test_another_use_or_encoder_never_meets_these_vectors(tmp_path):
    encoder, other = LettersEncoder(), LettersEncoder()
    other.name = "letters 2"
    vectors.of_texts(TEXTS, encoder, folder=tmp_path)
    assert vectors.missing(TEXTS, other, folder=tmp_path) == 2
    assert vectors.missing(TEXTS, encoder, folder=tmp_path, use="labels") == 2


def test_a_list_that_does_not_fit_its_matrix_is_refused(tmp_path):
    encoder = LettersEncoder()
    vectors.of_texts(TEXTS, encoder, folder=tmp_path)
    (listed,) = tmp_path.glob("*.json")
    kept = json.loads(listed.read_text(encoding="utf-8"))
    listed.write_text(json.dumps(kept | {"texts": TEXTS[:1]}), encoding="utf-8")
    with pytest.raises(MalformedInputError, match="does not fit"):
        vectors.of_texts(["other"], encoder, folder=tmp_path)


def test_vectors_of_targets_are_kept_part_by_part(tmp_path):
    encoder, targets = LettersEncoder(), from_skills(VOCABULARY)
    assert vectors.missing_of_targets(targets, encoder, folder=tmp_path) > 0
    kept = vectors.of_targets(targets, encoder, folder=tmp_path)
    assert vectors.missing_of_targets(targets, encoder, folder=tmp_path) == 0
    computed = vectors.of_targets(targets, encoder, folder=None)
    for part in ("labels", "names", "documents"):
        assert np.allclose(getattr(kept, part), getattr(computed, part))


def test_with_an_encoder_candidates_have_the_features_of_its_model():
    encoder, targets = LettersEncoder(), from_skills(VOCABULARY)
    finder = CandidateFinder(
        LexicalIndex(targets),
        encoder=encoder,
        vectors=vectors.of_targets(targets, encoder, folder=None),
        candidates=5,
    )
    found = next(iter(finder.find(["Segments medical images for surgeons"])))
    assert found.features.shape == (5, len(feature_names(encoded=True)))
    assert np.isfinite(found.features).all()


def test_a_linker_with_encoders_links_names_as_one_without(tmp_path):
    text = "Skills: Python, SQL, 机器学习. No experience with Kubernetes. I excel at delivery."
    encoder = LettersEncoder()
    with_encoders = SkillLinker(VOCABULARY, encoder=encoder, sentence_encoder=encoder, folder=tmp_path)
    plain = SkillLinker(VOCABULARY)
    assert with_encoders.link(text, suggest=False) == plain.link(text, suggest=False)
    named = [link for link in with_encoders.link(text) if link.method in (Method.ALIAS, Method.IMPLIED)]
    assert named == list(plain.link(text, suggest=False))
    assert with_encoders.version != plain.version


def test_a_second_process_encodes_nothing_of_the_vocabulary(tmp_path):
    text = "Responsible for the segmentation of medical images"
    for encoder in (LettersEncoder(), LettersEncoder()):
        linker = SkillLinker(VOCABULARY, encoder=encoder, sentence_encoder=encoder, folder=tmp_path)
        linker.link(text)
        linker.phrase("machine vision")
    assert set(encoder.encoded) == {text, "machine vision"}


def test_phrases_with_an_encoder_still_answer_names_with_certainty(tmp_path):
    skills = [one.skill for one in FIXTURES.skills.values()][:60]
    matcher = PhraseMatcher(skills, encoder=LettersEncoder(), folder=tmp_path)
    for skill, name in phrases.names_of(skills)[:40]:
        assert (matcher.match(name)[0].skill, matcher.match(name)[0].probability) == (skill, 1.0)


def test_titles_with_an_encoder_are_ranked_by_it_and_names_stay_certain(tmp_path):
    roles = [(one.id, one.name, (*one.aliases_en, *one.aliases_zh)) for one in FIXTURES.roles.values()]
    matcher = TitleMatcher(roles, encoder=LettersEncoder(), folder=tmp_path)
    for role, name, _ in roles:
        assert (matcher.match(name.zh)[0].role, matcher.match(name.zh)[0].score) == (role, 1.0)
    assert matcher.match("engineering of compilers for AI")[0].role == "ai-compiler-engineer"


def test_without_its_package_there_is_no_encoder(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    for found in (encoders.english, encoders.multilingual):
        found.cache_clear()
        assert found() is None
        found.cache_clear()
