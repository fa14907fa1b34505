"""How tables of job postings are read: ready-made mappings of their columns, or one from a file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from recommender.errors import MalformedInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingMapping:
    """The column of each thing, or "" where the source has none; in JSON it may be a path (`a.b.0`).

    `skills` is a column that lists skills (as JSON or Python writes a list, or with commas); `text` are
    columns of prose. Without `posted` nobody knows when, and no trend is computed. `items` names the list in
    a JSON file that is not the list itself.
    """

    title: str
    employer: str = ""
    text: tuple[str, ...] = ()
    skills: str = ""
    posted: str = ""
    items: str = ""

    def columns(self) -> tuple[str, ...]:
        """Those that are given."""
        single = (self.title, self.employer, self.skills, self.posted)
        return tuple(name for name in (*single, *self.text) if name)


PRESETS: Mapping[str, PostingMapping] = {
    "data-jobs": PostingMapping(
        title="job_title", employer="company_name", skills="job_skills", posted="job_posted_date"
    ),
    "djinni": PostingMapping(
        title="Position", employer="Company Name", text=("Long Description",), posted="Published"
    ),
    "schema-org": PostingMapping(
        title="title",
        employer="hiringOrganization.name",
        text=("description", "qualifications", "experienceRequirements"),
        skills="skills",
        posted="datePosted",
    ),
    "usajobs": PostingMapping(
        title="MatchedObjectDescriptor.PositionTitle",
        employer="MatchedObjectDescriptor.OrganizationName",
        text=(
            "MatchedObjectDescriptor.QualificationSummary",
            "MatchedObjectDescriptor.UserArea.Details.JobSummary",
        ),
        posted="MatchedObjectDescriptor.PublicationStartDate",
        items="SearchResult.SearchResultItems",
    ),
}


def mapping(name: str) -> PostingMapping:
    """A preset by its name, or the mapping in the JSON or TOML file `name`. Raises MalformedInputError."""
    if name in PRESETS:
        return PRESETS[name]
    path = Path(name)
    if path.suffix not in (".json", ".toml") or not path.is_file():
        raise MalformedInputError(f"{name}: neither a mapping file nor one of {', '.join(sorted(PRESETS))}")
    try:
        text = path.read_text(encoding="utf-8")
        return _mapping(tomllib.loads(text) if path.suffix == ".toml" else json.loads(text))
    except (OSError, ValueError, TypeError) as error:
        raise MalformedInputError(f"{name}: is no mapping of columns of postings ({error})") from error


def _mapping(raw: Any) -> PostingMapping:
    """The mapping in `raw`. Raises ValueError or TypeError for what is none."""
    if not isinstance(raw, dict):
        raise TypeError("an object with the names of the columns is needed")
    known = {one.name for one in fields(PostingMapping)}
    if unknown := raw.keys() - known:
        raise ValueError(f"{sorted(unknown)[0]} is none of {', '.join(sorted(known))}")
    text = raw.get("text", [])
    made = PostingMapping(**{**raw, "text": tuple([text] if isinstance(text, str) else text)})
    if not all(isinstance(one, str) for one in (*made.columns(), made.items)):
        raise TypeError("names of columns must be text")
    if not made.title or not (made.skills or made.text):
        raise ValueError("a column for the title and one for skills or text are needed")
    return made
