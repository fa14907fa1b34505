"""The PDF that LinkedIn makes of a profile, whose entries follow one another without a gap.

There a job's title stands above its dates, so without a gap it would be read as the end of the job before.
"""

from __future__ import annotations

import re

_PROFILE = "linkedin.com/in/"
_DURATION = r"\(\s*(?:less than a year|\d+\s*(?:years?|months?|个?年|年|个月)[^()\n]{0,20})\s*\)"
_DATED = re.compile(rf"^[^\n()]{{0,40}}(?:19|20)\d\d[^\n()]{{0,40}}{_DURATION}\s*$")
_PAGE = re.compile(r"^\s*Page \d+ of \d+\s*$")


def apart(text: str) -> str:
    """`text` with a blank line before each job's title; any other text as it stands."""
    if _PROFILE not in text:
        return text
    found: list[str] = []
    for line in text.split("\n"):
        if _PAGE.match(line):
            continue
        if found and _DATED.match(line.strip()):
            found.insert(len(found) - 1, "")
        found.append(line)
    return "\n".join(found)
