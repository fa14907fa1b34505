"""Short phrases that are no alias to skills, on a set of ours in Chinese."""

from __future__ import annotations

import argparse
from pathlib import Path

from recommender.evaluation import short_texts

NAME = "phrases"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the texts and the framework are."""
    parser.add_argument("--gold", type=Path, default=Path("fixtures/texts/phrases_zh.csv"))
    parser.add_argument("--fixtures", type=Path, default=Path("fixtures"))
    parser.add_argument(
        "--encoder",
        choices=("auto", "none"),
        default="auto",
        help="auto: the multilingual encoder where installed; none: scikit-learn only",
    )
    parser.add_argument("--json", action="store_true", help="print JSON, with every wrong answer")


def run(arguments: argparse.Namespace) -> int:
    """Measure and print; 0 on success."""
    from recommender import datasets
    from recommender.matching import encoders
    from recommender.matching.phrases import PhraseMatcher

    given = short_texts.read(arguments.gold, text="phrase", answer="skill")
    fixtures = datasets.load(arguments.fixtures)
    encoder = encoders.multilingual() if arguments.encoder == "auto" else None
    matcher = PhraseMatcher([one.skill for one in fixtures.skills.values()], encoder=encoder)
    rankings = [
        [one.skill for one in found] for found in matcher.match_all([row.text for row in given], limit=10)
    ]
    found = short_texts.report(given, rankings) | {"encoder": encoder.name if encoder else None}
    short_texts.show(found, as_json=arguments.json)
    return 0
