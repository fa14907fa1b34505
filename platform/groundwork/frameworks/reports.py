"""What an import did, or would do: counts by file and every row that could not be used, in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from recommender.formats.found import Code, Finding, Weight


@dataclass(slots=True, kw_only=True)
class Report:
    """Filled while the import runs. `counts[file]`: rows, created, updated, unchanged, merged, bad, ..."""

    dry_run: bool
    unread: tuple[str, ...] = ()
    counts: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    findings: list[Finding] = field(default_factory=list)
    _last: tuple[str, int] = ("", 0)

    def row(self, file: str, line: int) -> None:
        """Count a row once, however many records it holds."""
        if (file, line) != self._last:
            self._last = (file, line)
            self.counts[file]["rows"] += 1

    def found(self, finding: Finding) -> None:
        """Count a finding; what the format itself asks to leave out is counted and not listed."""
        self.row(finding.file, finding.line)
        self.refused(finding)

    def refused(self, finding: Finding) -> None:
        """Count a finding about a row that has been counted already."""
        self.counts[finding.file][finding.weight.value] += 1
        if finding.weight is not Weight.LEFT_OUT:
            self.findings.append(finding)

    def total(self, what: str) -> int:
        """The sum over all files."""
        return sum(counts[what] for counts in self.counts.values())

    @property
    def changes(self) -> int:
        """Rows of the database that were created, updated or retired."""
        return self.total("created") + self.total("updated") + self.total("retired")


def sentence(finding: Finding) -> str:
    """One finding in the reader's language, with file and line."""
    words = _reasons().get(finding.code, finding.code.value) % {"column": "", **finding.args}
    kept = _("the row is kept") if finding.weight is Weight.NOTE else _("the row is skipped")
    return _("%(file)s, line %(line)d: %(reason)s; %(kept)s.") % {
        "file": finding.file,
        "line": finding.line,
        "reason": words,
        "kept": kept,
    }


def _reasons() -> Mapping[Code, str]:
    return {
        Code.CELLS: _("expected %(expected)d cells, got %(got)d"),
        Code.QUOTE: _("the quotation marks do not match"),
        Code.ENCODING: _("is not UTF-8"),
        Code.CONTROL: _("holds a NUL character"),
        Code.EMPTY: _("“%(column)s” is empty"),
        Code.NUMBER: _("“%(column)s” must be a number, got “%(value)s”"),
        Code.WORD: _("“%(column)s” holds the unknown word “%(value)s”"),
        Code.LENGTH: _("“%(column)s” is longer than %(longest)d characters (%(got)d)"),
        Code.DUPLICATE: _("“%(value)s” stands in these files twice"),
        Code.SYNTAX: _("is no valid JSON"),
        Code.DATE: _("“%(column)s” must be a date such as 2026-01-31, got “%(value)s”"),
        Code.CIRCLE: _("the prerequisites lead in a circle, past which there is another way: %(value)s"),
        Code.CLOSED: _("the prerequisites lead in a circle, and nobody can take these courses: %(value)s"),
        Code.SHAPE: _("is not what stands in such a list (expected: %(expected)s)"),
        Code.ADDRESS: _("“%(column)s” is no web address: “%(value)s”"),
        Code.CLASH: _("“%(value)s” would get the short name of another course"),
        Code.REPEATED: _("another course has the title “%(value)s”, too"),
        Code.UNKNOWN: _("“%(column)s” names “%(value)s”, which is not there"),
    }
