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
from dataclasses import replace
from pathlib import Path
from typing import Any

from recommender.formats import case, course_mappings, courses, esco, onet, prerequisites
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
SLUGS = {"esco_v1_1_1": "esco", "onet_29_2/text": "onet"}
READERS = {"esco_v1_1_1": esco.publication, "onet_29_2/text": onet.publication}
# Folder -> mapping, the column of the id, and the rows its README counts.
CATALOGUES = {
    "mit_courses": ("mit", "number", 5204),
    "rpi_courses": ("rpi", "course_code", 1909),
    "free_programming_courses": ("free-programming", "url", 4570),
    "combined_catalogue": ("collected", "source_id", 12766),
}
EXPRESSIONS = {"mit_courses": "prerequisites", "rpi_courses": "raw_precoreqs"}


def main() -> int:
    """Run everything that is there; the exit code is the number of figures missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    shared = Path(os.environ.get("GROUNDWORK_SHARED", "../shared"))
    parser.add_argument("--data", type=Path, default=shared / "data")
    parser.add_argument("--out", type=Path, help="write the figures as JSON")
    parser.add_argument("--tagged", type=int, default=1000, help="courses in which skills are looked for")
    options = parser.parse_args()
    _database()
    figures: dict[str, Any] = {"machine": platform.platform(), "cores": os.cpu_count()}
    missed: list[str] = []
    for name, reader in READERS.items():
        if (options.data / name).exists():
            figures[name] = _framework(name, reader(options.data / name), missed)
        else:
            print(f"{options.data / name}: not there, left out")
    for name in CATALOGUES:
        if (options.data / name / "courses.csv.gz").exists():
            figures[f"courses of {name}"] = _catalogue(name, options.data / name / "courses.csv.gz", missed)
        else:
            print(f"{options.data / name}: not there, left out")
    for name, column in EXPRESSIONS.items():
        path = options.data / name / "courses.csv.gz"
        if path.exists():
            figures[f"prerequisites of {name}"] = _prerequisites(path, column)
        else:
            print(f"{path}: not there, left out")
    figures |= _exchange([slug for name, slug in SLUGS.items() if name in figures], missed)
    figures["tagging"] = _tagging(options.tagged, missed)
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
    from django.utils import timezone

    from groundwork.core.actors import SYSTEM
    from groundwork.frameworks import publications

    started = time.perf_counter()
    first = publications.import_publication(publication, actor=SYSTEM, on_date=timezone.localdate())
    seconds = time.perf_counter() - started
    started = time.perf_counter()
    second = publications.import_publication(publication, actor=SYSTEM, on_date=timezone.localdate())
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


def _catalogue(name: str, path: Path, missed: list[str]) -> dict[str, Any]:
    from groundwork.catalogue import publications
    from groundwork.catalogue.models import Course
    from groundwork.core.actors import SYSTEM
    from groundwork.frameworks.reports import Report

    preset, column, rows = CATALOGUES[name]
    how = course_mappings.mapping(preset)

    def once(*, dry_run: bool) -> tuple[Report, float]:
        started = time.perf_counter()
        report = publications.import_catalogue(
            courses.read(courses.source(path), how), source=how.name, actor=SYSTEM, dry_run=dry_run
        )
        return report, time.perf_counter() - started

    dry, _seconds = once(dry_run=True)
    first, seconds = once(dry_run=False)
    second, again = once(dry_run=False)
    usable = _usable(path, column)
    stored = Course.objects.filter(origin=how.origin)
    counts = first.counts[path.name]
    wanted = {
        "rows of the README": (counts["rows"], rows),
        "rows created or skipped": (counts["created"] + counts["bad"], rows),
        "courses stored and usable rows of the file": (stored.count(), usable),
        "changes of the second import": (second.changes, 0),
    }
    missed += [f"{name}, {what}: {got} instead of {due}" for what, (got, due) in wanted.items() if got != due]
    if (dry.counts, dry.findings) != (first.counts, first.findings):
        missed.append(f"{name}: the dry run reports something else")
    return {
        "seconds": round(seconds, 1),
        "seconds of the second import": round(again, 1),
        "changed by the second import": second.changes,
        "counts": dict(counts),
        "usable rows of the file": usable,
        "courses stored": stored.count(),
        "with hours": stored.exclude(hours=None).count(),
        "with a price": stored.exclude(price=None).count(),
        "languages": stored.values("language").distinct().order_by().count(),
        "by reason": Counter(f"{one.weight.value}: {one.code.value}" for one in first.findings),
    }


def _exchange(slugs: list[str], missed: list[str]) -> dict[str, Any]:
    """What was imported, out and in again in the formats of exchange."""
    packages = {f"{slug} as a CASE package": _case(slug, missed) for slug in slugs}
    return {**packages, "all courses as MOOChub": _moochub(missed)}


def _case(slug: str, missed: list[str]) -> dict[str, Any]:
    """A framework out, back into itself, and into a copy of its own."""
    from django.utils import timezone

    from groundwork.core.actors import SYSTEM
    from groundwork.frameworks import exporting, publications
    from groundwork.frameworks.models import ConceptRelation, Framework

    framework = Framework.objects.get(slug=slug)
    path = Path(tempfile.mkdtemp(prefix="groundwork-bench-")) / f"{slug}.json"
    started = time.perf_counter()
    with path.open("w", encoding="utf-8") as file:
        file.writelines(exporting.case_package(framework))
    written = time.perf_counter() - started
    package = case.publication(path)
    again = publications.import_publication(package, actor=SYSTEM, on_date=timezone.localdate())
    started = time.perf_counter()
    copied = publications.import_publication(
        replace(package, slug=f"{slug}-copy"), actor=SYSTEM, on_date=timezone.localdate()
    )
    read = time.perf_counter() - started
    counts = {
        one: {
            "concepts": Framework.objects.get(slug=one).concepts.count(),
            "relations": ConceptRelation.objects.filter(origin__framework__slug=one).count(),
        }
        for one in (slug, f"{slug}-copy")
    }
    if again.changes:
        missed.append(f"{slug} as a CASE package: its import changed {again.changes} rows")
    if counts[slug] != counts[f"{slug}-copy"] or copied.total("bad"):
        missed.append(f"{slug} as a CASE package: {counts}, {copied.total('bad')} rows skipped")
    return {
        "seconds of the export": round(written, 1),
        "seconds of the import": round(read, 1),
        "bytes": path.stat().st_size,
        "changed by the import into itself": again.changes,
        "counts": counts,
    }


def _moochub(missed: list[str]) -> dict[str, Any]:
    """All courses out, and in again under an origin of their own."""
    from groundwork.catalogue import exporting, publications
    from groundwork.catalogue.models import Course
    from groundwork.core.actors import SYSTEM

    path = Path(tempfile.mkdtemp(prefix="groundwork-bench-")) / "courses.json"
    started = time.perf_counter()
    with path.open("w", encoding="utf-8") as file:
        file.writelines(exporting.document(base_url="https://groundwork.example"))
    written = time.perf_counter() - started
    there = Course.objects.count()
    how = course_mappings.mapping("moochub")
    started = time.perf_counter()
    first, second = (
        publications.import_catalogue(courses.read(courses.source(path), how), source=how.name, actor=SYSTEM)
        for _each in range(2)
    )
    if (first.total("created"), first.total("bad"), second.changes) != (there, 0, 0):
        missed.append(f"MOOChub: {first.counts} of {there} courses, then {second.changes} changes")
    return {
        "courses": there,
        "seconds of the export": round(written, 1),
        "seconds of two imports": round(time.perf_counter() - started, 1),
        "created": first.total("created"),
        "changed by the second import": second.changes,
    }


def _tagging(limit: int, missed: list[str]) -> dict[str, Any]:
    """Skills looked for in courses without any, by the vocabulary of the fixtures."""
    from django.conf import settings
    from django.utils import timezone

    from groundwork.catalogue import tagging
    from groundwork.catalogue.models import OutcomeSuggestion
    from groundwork.core.actors import SYSTEM
    from groundwork.frameworks import importing
    from recommender import datasets

    importing.import_framework(datasets.load(settings.FIXTURES), digest="bench")
    started = time.perf_counter()
    first = tagging.tag(actor=SYSTEM, now=timezone.now(), limit=limit)
    seconds = time.perf_counter() - started
    suggested = OutcomeSuggestion.objects.all()
    before = first.read
    second = tagging.tag(actor=SYSTEM, now=timezone.now(), limit=1)
    if second.unchanged < before:
        missed.append(f"tagging: a second run passes over {second.unchanged} of {before} courses")
    return {
        "courses read": first.read,
        "seconds": round(seconds, 1),
        "courses a second": round(first.read / seconds),
        "suggestions": suggested.count(),
        "at 0.8 and more": suggested.filter(probability__gte=tagging.LOWEST_ACCEPTED).count(),
    }


def _usable(path: Path, column: str) -> int:
    """The ids of the rows with a title, each once, counted without the reader under test."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return len({row[column].strip() for row in csv.DictReader(file) if row["title"].strip()})


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
