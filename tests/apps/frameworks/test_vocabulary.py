"""The linker of a process: with encoders once their vectors are kept, and without them before."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from groundwork.frameworks import vocabulary
from recommender.matching import encoders
from tests import builders
from tests.recommender.letters_encoder import LettersEncoder

pytestmark = pytest.mark.django_db
TEXT = "Responsible for the segmentation of medical images"


@pytest.fixture
def encoder(monkeypatch, settings, tmp_path):
    """As where requirements-embed.txt is installed, with an encoder of the tests'."""
    one = LettersEncoder()
    monkeypatch.setattr(encoders, "english", lambda: one)
    monkeypatch.setattr(encoders, "multilingual", lambda: one)
    settings.VECTORS = tmp_path
    vocabulary._linker.cache_clear()
    yield one
    vocabulary._linker.cache_clear()


def make_skills(count):
    builders.make_skill(
        "medical-image-segmentation", name_en="Medical image segmentation", name_zh="医学图像分割"
    )
    for number in range(count):
        builders.make_skill(f"s{number}", name_en=f"Number {number} theory", name_zh=f"第{number}号理论")


def test_a_whole_vocabulary_is_not_encoded_while_somebody_waits(encoder):
    make_skills(vocabulary.MOST_ENCODED_AT_ONCE)
    assert vocabulary.linker().link(TEXT)
    assert encoder.encoded == []


def test_once_encoded_no_process_encodes_the_vocabulary_again(encoder, capsys):
    make_skills(vocabulary.MOST_ENCODED_AT_ONCE)
    call_command("encode_vocabulary")
    assert "letters 1" in capsys.readouterr().out
    encoder.encoded.clear()
    vocabulary._linker.cache_clear()
    vocabulary.linker().link(TEXT)
    vocabulary.linker().phrase("cutting pictures")
    assert set(encoder.encoded) == {TEXT, "cutting pictures"}


def test_one_new_name_costs_one_encoding_for_each_text_it_stands_in(encoder):
    make_skills(vocabulary.MOST_ENCODED_AT_ONCE)
    vocabulary.encode()
    encoder.encoded.clear()
    builders.make_skill("new", name_en="Entirely new science", name_zh="全新科学")
    vocabulary.linker().phrase("new science")
    assert "Entirely new science" in encoder.encoded
    assert not [text for text in encoder.encoded if "Number" in text]


def test_without_encoders_there_is_nothing_to_encode(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(encoders, "english", lambda: None)
    monkeypatch.setattr(encoders, "multilingual", lambda: None)
    settings.VECTORS = tmp_path
    make_skills(3)
    assert vocabulary.encode() == {}
    assert list(tmp_path.iterdir()) == []
    assert vocabulary.linker().link(TEXT)
