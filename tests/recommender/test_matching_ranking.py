"""Ranking skills for a sentence: retrievers, exported trees, the shipped models, short phrases."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from recommender import datasets
from recommender.errors import MalformedInputError
from recommender.matching import reranker, targets
from recommender.matching.candidates import CandidateFinder, feature_names
from recommender.matching.links import Method
from recommender.matching.phrases import PhraseMatcher
from recommender.matching.reranker import Kind
from recommender.matching.retrievers import LexicalIndex, content_words
from recommender.matching.targets import Target
from recommender.matching.trees import exported

ROOT = Path(__file__).parents[2]
TARGETS = (
    Target(
        id="ml", label="machine learning", alternatives=("statistical learning",), description="Learning."
    ),
    Target(id="db", label="design database scheme", alternatives=("draft database schema",)),
    Target(id="team", label="work in teams", alternatives=("teamwork", "cooperate with colleagues")),
    Target(id="py", label="Python (computer programming)", alternatives=("Python",), is_knowledge=True),
    Target(id="risk", label="manage risks", description="Find and reduce what may go wrong."),
)
SENTENCES = ["Cooperate closely with colleagues", "You design the schema of our database", "", "Python"]


@pytest.fixture(scope="module")
def finder() -> CandidateFinder:
    return CandidateFinder(LexicalIndex(TARGETS))


def test_trees_answer_as_the_model_they_were_exported_from():
    rng = np.random.default_rng(5)
    features = rng.normal(size=(400, 4)).astype(np.float32)
    model = HistGradientBoostingClassifier(max_iter=20, random_state=0).fit(
        features, features[:, 0] + features[:, 1] ** 2 > 0.5
    )
    odds = exported(model).raw(features)
    assert np.allclose(1 / (1 + np.exp(-odds)), model.predict_proba(features)[:, 1], atol=1e-5)


def test_the_nearest_run_of_words_is_found_and_shown(finder):
    sentence = "In this job you will design the database schemes of the bank"
    ranked = reranker.load(encoded=False).rank(finder, [sentence])[0]
    best = ranked.targets[0]
    start, end = ranked.spans[0]
    assert TARGETS[best].id == "db"
    assert sentence[start:end] == "design the database schemes"


def test_every_sentence_gets_its_candidates_alone_or_in_a_batch(finder):
    model = reranker.load(encoded=False)
    together = model.rank(finder, SENTENCES)
    for sentence, ranked in zip(SENTENCES, together, strict=True):
        alone = model.rank(finder, [sentence])[0]
        assert list(alone.targets) == list(ranked.targets)
        assert np.allclose(alone.probabilities, ranked.probabilities)
        assert ((ranked.probabilities >= 0) & (ranked.probabilities <= 1)).all()


def test_features_have_the_names_the_card_lists(finder):
    found = next(iter(finder.find(["Python"])))
    assert found.features.shape == (len(TARGETS), len(feature_names(encoded=False)))


@pytest.mark.parametrize("encoded", [False, True])
@pytest.mark.parametrize("kind", Kind)
def test_a_shipped_model_is_the_file_its_card_describes(encoded, kind):
    card = reranker.load(encoded=encoded, kind=kind).card
    assert card["held_out"]
    assert tuple(card["features"]) == feature_names(encoded=encoded)


def test_a_changed_model_file_is_refused(tmp_path):
    shutil.copytree(reranker.FOLDER, tmp_path / "models")
    file = tmp_path / "models" / "reranker_text.npz"
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(MalformedInputError, match="not the file its card describes"):
        reranker.load(encoded=False, folder=tmp_path / "models")


def test_a_model_for_other_features_is_refused(tmp_path):
    shutil.copytree(reranker.FOLDER, tmp_path / "models")
    file = tmp_path / "models" / "reranker_text.json"
    card = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(card | {"features": card["features"][1:]}), encoding="utf-8")
    with pytest.raises(MalformedInputError, match="other features"):
        reranker.load(encoded=False, folder=tmp_path / "models")


def test_words_keep_their_place_in_a_sentence_with_wide_letters():
    sentence = "精通Ｐｙｔｈｏｎ and Linux"
    assert [sentence[word.start : word.end] for word in content_words(sentence)] == ["Ｐｙｔｈｏｎ", "Linux"]


def test_a_label_list_becomes_targets_once_each(tmp_path):
    file = tmp_path / "labels.txt"
    file.write_text("manage risks \n\nPython\nmanage risks\n", encoding="utf-8")
    assert [one.label for one in targets.read_targets(file)] == ["manage risks", "Python"]


def test_other_texts_have_another_digest():
    assert targets.digest(TARGETS) != targets.digest(TARGETS[1:])


def test_a_name_is_exact_and_anything_else_is_near():
    skills = [one.skill for one in datasets.load(ROOT / "fixtures").skills.values()]
    exact, near = PhraseMatcher(skills).match_all(["自动求导", "联邦学习算法研究"])
    assert (exact[0].skill, exact[0].score, exact[0].method) == (
        "automatic-differentiation",
        1.0,
        Method.ALIAS,
    )
    assert (near[0].skill, near[0].method) == ("federated-learning", Method.NEAREST)


def test_chinese_phrases_outside_the_vocabulary_are_met_by_the_default_install():
    skills = [one.skill for one in datasets.load(ROOT / "fixtures").skills.values()]
    with (ROOT / "fixtures/texts/phrases_zh.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = {name for one in skills for name in (one.name.zh, *one.aliases_zh)}
    assert len(rows) >= 200
    assert not [row for row in rows if row["phrase"] in names]
    found = PhraseMatcher(skills).match_all([row["phrase"] for row in rows], limit=1)
    hits = sum(one[0].skill == row["skill"] for one, row in zip(found, rows, strict=True) if one)
    assert hits / len(rows) >= 0.75


def test_every_skill_and_role_can_be_named_in_chinese():
    fixtures = datasets.load(ROOT / "fixtures")
    assert all(one.skill.name.zh and one.skill.aliases_zh for one in fixtures.skills.values())
    assert all(one.name.zh and one.aliases_zh for one in fixtures.roles.values())
