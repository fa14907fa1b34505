"""`python -m recommender evaluate NAME`: which evaluations there are, and what each must offer.

An evaluation is a module listed in `EVALUATIONS`; the first line of its docstring is its help. Every run of
the command line imports all of them, so a module imports heavy libraries (scikit-learn) inside `run`, never
at its top.
"""

from __future__ import annotations

import argparse
from typing import Protocol

from recommender.evaluation import assessments, completion, demand, linking, phrases, titles


class Evaluation(Protocol):
    """What a module in `EVALUATIONS` offers."""

    @property
    def NAME(self) -> str:  # noqa: N802
        """What follows `evaluate` on the command line."""

    def add_arguments(self, parser: argparse.ArgumentParser, /) -> None:
        """Say which options it takes."""

    def run(self, arguments: argparse.Namespace, /) -> int:
        """Measure and print; returns the exit code. Raises MalformedInputError on unreadable input."""


EVALUATIONS: tuple[Evaluation, ...] = (assessments, completion, demand, linking, phrases, titles)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One subcommand per evaluation; each sets `run` in the parsed options."""
    names = parser.add_subparsers(required=True, metavar="NAME")
    for evaluation in EVALUATIONS:
        summary = (evaluation.__doc__ or "").split("\n")[0]
        command = names.add_parser(evaluation.NAME, help=summary, description=summary)
        evaluation.add_arguments(command)
        command.set_defaults(run=evaluation.run)
