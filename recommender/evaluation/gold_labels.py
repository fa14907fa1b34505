"""Gold files of sentence labelling: CSV with the columns `sentence` and `label`, one row per label."""

from __future__ import annotations

import csv
from pathlib import Path

from recommender.errors import MalformedInputError

NOT_PRESENT = "LABEL NOT PRESENT"
UNDERSPECIFIED = "UNDERSPECIFIED"


def read_gold(path: Path) -> dict[str, frozenset[str]]:
    """Sentence -> its real labels, stripped of blanks; sentences without any are left out.

    Raises MalformedInputError when the file cannot be read or lacks a column.
    """
    found: dict[str, set[str]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                label = (row["label"] or "").strip()
                if label and label not in (NOT_PRESENT, UNDERSPECIFIED):
                    found.setdefault(row["sentence"], set()).add(label)
    except (OSError, UnicodeDecodeError, KeyError, csv.Error) as error:
        raise MalformedInputError(f"{path}: {error!r}; expected columns sentence, label") from error
    return {sentence: frozenset(labels) for sentence, labels in found.items()}
