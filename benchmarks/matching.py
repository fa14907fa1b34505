"""Skill linking: time to build, to link, and what it finds. Prints JSON with machine and date.

The real CVs are read where they lie, at ${GROUNDWORK_SHARED:-../shared}; else only our own are linked.
"""

from __future__ import annotations

import csv
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from recommender.domain import HalfLife, Label, Skill, SkillKind
from recommender.matching.linker import SkillLinker
from recommender.matching.links import Method, SkillLink, accepted
from recommender.text.tokens import sentences

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "fixtures"
SHARED = Path(os.environ.get("GROUNDWORK_SHARED", ROOT.parent / "shared"))
REAL_CVS = SHARED / "data" / "resume_vacancy_matching" / "resumes.jsonl"
LONG_CV_WORDS = 1_500

SENTENCES = 60
SUGGESTED = (Method.WORDS, Method.NEAREST)

Row = dict[str, str]


def main() -> int:
    """Run all measurements and print them."""
    skills = [_skill(row) for row in _rows("frameworks/skills.csv")]
    started = time.perf_counter()
    linker = SkillLinker(skills)
    built = time.perf_counter() - started
    own = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FIXTURES.glob("texts/cv/*.txt"))}
    report: dict[str, object] = {
        "benchmark": "matching",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
        },
        "skills": len(skills),
        "build_seconds": round(built, 3),
        "own_cvs": _measured(linker, list(own.values())) | _agreement(linker, own),
    }
    if REAL_CVS.is_file():
        with REAL_CVS.open(encoding="utf-8") as file:
            real = [str(json.loads(line)["text"]) for line in file]
        report["real_cvs"] = _measured(linker, real)
        report["long_cv_seconds"] = _seconds(linker, " ".join("\n".join(real).split(" ")[:LONG_CV_WORDS]))
        report["cv_of_60_sentences"] = _of_sentences(linker, real)
    json.dump(report, sys.stdout, ensure_ascii=False, indent=2)
    print()
    return 0


def _rows(name: str) -> list[Row]:
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _skill(row: Row) -> Skill:
    return Skill(
        id=row["id"],
        name=Label(en=row["name_en"], zh=row["name_zh"]),
        kind=SkillKind(row["kind"]),
        half_life=HalfLife(row["half_life"]),
        aliases_en=tuple(filter(None, row["aliases_en"].split("|"))),
        aliases_zh=tuple(filter(None, row["aliases_zh"].split("|"))),
    )


def _measured(linker: SkillLinker, texts: Sequence[str]) -> dict[str, object]:
    started = time.perf_counter()
    found: list[tuple[SkillLink, ...]] = [linker.link(text) for text in texts]
    seconds = time.perf_counter() - started
    links = [link for row in found for link in row]
    by_method = {method.value: sum(link.method is method for link in links) for method in Method}
    return {
        "texts": len(texts),
        "links": len(links),
        "links_per_text_median": statistics.median(map(len, found)),
        "texts_without_a_link": sum(not row for row in found),
        "by_method": by_method,
        "share_exact": round(by_method["alias"] / max(1, len(links)), 3),
        "share_accepted": round(sum(len(accepted(row)) for row in found) / max(1, len(links)), 3),
        "suggestions_per_text_most": max(
            (sum(one.method in SUGGESTED for one in row) for row in found), default=0
        ),
        "texts_per_second": round(len(texts) / seconds, 1),
        "links_per_second": round(len(links) / seconds),
    }


def _agreement(linker: SkillLinker, texts: dict[str, str]) -> dict[str, object]:
    """How far accepted links agree with the levels an editor gave our own example people."""
    wanted: dict[str, dict[str, int]] = {}
    for row in _rows("people/levels.csv"):
        wanted.setdefault(row["person"], {})[row["skill"]] = int(row["level"])
    differences: list[int] = []
    for person, text in texts.items():
        levels = {link.skill: link.level for link in accepted(linker.link(text))}
        differences += [
            levels[skill] - level for skill, level in wanted.get(person, {}).items() if skill in levels
        ]
    total = sum(map(len, wanted.values()))
    return {
        "editor_skills": total,
        "recall": round(len(differences) / max(1, total), 3),
        "same_level": round(sum(not one for one in differences) / max(1, len(differences)), 3),
        "level_too_high": sum(one > 0 for one in differences),
        "level_too_low": sum(one < 0 for one in differences),
    }


def _of_sentences(linker: SkillLinker, texts: Sequence[str]) -> dict[str, object]:
    """Seconds for texts of 60 sentences, put together from the CVs in order, on one core."""
    said = [text[start:end] for text in texts for start, end in sentences(text)]
    joined = [". ".join(said[at : at + SENTENCES]) for at in range(0, len(said) - SENTENCES, SENTENCES)]
    linker.link(joined[0])
    times = [_seconds(linker, text) for text in joined]
    return {
        "texts": len(joined),
        "median_seconds": round(statistics.median(times), 3),
        "longest_seconds": max(times),
    }


def _seconds(linker: SkillLinker, text: str) -> float:
    """Median time of five."""
    times = []
    for _ in range(5):
        started = time.perf_counter()
        linker.link(text)
        times.append(time.perf_counter() - started)
    return round(statistics.median(times), 3)


if __name__ == "__main__":
    sys.exit(main())
