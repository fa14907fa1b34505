"""Job titles in anyone's words to roles, on a small set of ours. Reported; no figure is required."""

from __future__ import annotations

import argparse
from pathlib import Path

from recommender.evaluation import short_texts

NAME = "titles"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the texts and the framework are."""
    parser.add_argument("--gold", type=Path, default=Path("fixtures/texts/titles.csv"))
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
    from recommender.matching.titles import TitleMatcher

    given = short_texts.read(arguments.gold, text="title", answer="role")
    fixtures = datasets.load(arguments.fixtures)
    roles = [(one.id, one.name, (*one.aliases_en, *one.aliases_zh)) for one in fixtures.roles.values()]
    encoder = encoders.multilingual() if arguments.encoder == "auto" else None
    matcher = TitleMatcher(roles, encoder=encoder)
    rankings = [[one.role for one in matcher.match(row.text, limit=10)] for row in given]
    found = short_texts.report(given, rankings) | {"encoder": encoder.name if encoder else None}
    short_texts.show(found, as_json=arguments.json)
    return 0
