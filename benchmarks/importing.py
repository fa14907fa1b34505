"""Official files through the importers into PostgreSQL: counts, seconds, and a second run changes nothing.

PYTHONPATH=platform:. python benchmarks/importing.py [--data FOLDER] [--out FILE]

Starts a PostgreSQL of its own unless DATABASE_URL names one (an empty one: the rows stay). Sets that are not
under `--data` are named and left out.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import platform
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from recommender.formats import esco, onet, prerequisites
from recommender.formats.concepts import Publication

ESCO_SECONDS = 60
# What the publisher's own files hold, counted by the READMEs beside them.
EXPECTED = {
    "esco_v1_1_1": {
        "skills_en.csv": 13896,
        "occupations_en.csv": 3007,
        "occupationSkillRelations.csv": 123855,
        "skillSkillRelations.csv": 5899,
        "broaderRelationsSkillPillar.csv": 20656,
    },
    "onet_29_2/text": {
        "Occupation Data.txt": 1016,
        "Skills.txt": 61530,
        "Knowledge.txt": 58014,
        "Technology Skills.txt": 32627,
        "Related Occupations.txt": 18460,
    },
}
READERS = {"esco_v1_1_1": esco.publication, "onet_29_2/text": onet.publication}
EXPRESSIONS = {"mit_courses": "prerequisites", "rpi_courses": "raw_precoreqs"}


def main() -> int:
    """Run everything that is there; the exit code is the number of figures missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    shared = Path(os.environ.get("GROUNDWORK_SHARED", "../shared"))
    parser.add_argument("--data", type=Path, default=shared / "data")
    parser.add_argument("--out", type=Path, help="write the figures as JSON")
    options = parser.parse_args()
    _database()
    figures: dict[str, Any] = {"machine": platform.platform(), "cores": os.cpu_count()}
    missed: list[str] = []
    for name, reader in READERS.items():
        if (options.data / name).exists():
            figures[name] = _framework(name, reader(options.data / name), missed)
        else:
            print(f"{options.data / name}: not there, left out")
    for name, column in EXPRESSIONS.items():
        path = options.data / name / "courses.csv.gz"
        if path.exists():
            figures[f"prerequisites of {name}"] = _prerequisites(path, column)
        else:
            print(f"{path}: not there, left out")
    print(json.dumps(figures, indent=1))
    if options.out:
        options.out.write_text(json.dumps(figures, indent=1))
    for line in missed:
        print(f"MISSED: {line}", file=sys.stderr)
    return len(missed)


def _database() -> None:
    """PostgreSQL with the tables of this checkout."""
    from scripts import servers

    if not os.environ.get("DATABASE_URL"):
        servers.start_for_tests()
    os.environ.setdefault("GROUNDWORK_VAR", tempfile.mkdtemp(prefix="groundwork-bench-"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "groundwork.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _framework(name: str, publication: Publication, missed: list[str]) -> dict[str, Any]:
    from groundwork.core.actors import SYSTEM
    from groundwork.frameworks import publications

    started = time.perf_counter()
    first = publications.import_publication(publication, actor=SYSTEM)
    seconds = time.perf_counter() - started
    started = time.perf_counter()
    second = publications.import_publication(publication, actor=SYSTEM)
    again = time.perf_counter() - started
    for file, rows in EXPECTED[name].items():
        if first.counts[file]["rows"] != rows:
            missed.append(f"{name}, {file}: {first.counts[file]['rows']} rows instead of {rows}")
    if second.changes:
        missed.append(f"{name}: the second import changed {second.changes} rows")
    if name.startswith("esco") and seconds > ESCO_SECONDS:
        missed.append(f"{name}: {seconds:.0f} s instead of {ESCO_SECONDS} s")
    return {
        "seconds": round(seconds, 1),
        "seconds of the second import": round(again, 1),
        "changed by the second import": second.changes,
        "files": {file: dict(counts) for file, counts in first.counts.items()},
        "findings": len(first.findings),
        "by reason": Counter(f"{one.file}: {one.code.value}" for one in first.findings),
    }


def _prerequisites(path: Path, column: str) -> dict[str, Any]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        texts = [row[column] for row in csv.DictReader(file)]
    stated = [prerequisites.parse(text) for text in texts if text.strip()]
    flags = Counter(flag.value for one in stated for flag in one.flags)
    return {
        "courses": len(texts),
        "with a text": len(stated),
        "understood without a flag": sum(not one.flags for one in stated),
        "with words kept as text": flags["text"],
        "flags": dict(flags),
    }


if __name__ == "__main__":
    sys.exit(main())
