"""The shape of a CV: its sections, and the dated entries of work and study in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from recommender.matching.links import SectionKind

_HEADINGS: dict[SectionKind, str] = {
    SectionKind.SUMMARY: "summary|professional summary|career summary|profile|about|about me|overview|"
    "personal statement|"
    "自我评价|个人简介|个人总结|个人评价|个人优势|自我介绍|个人概述|简介|概述|个人描述",
    SectionKind.OBJECTIVE: "objective|career objective|career goal|career goals|goal|goals|looking for|"
    "target|next step|"
    "求职意向|求职目标|职业目标|职业规划|期望职位|目标岗位|目标职位|应聘职位|应聘岗位|意向岗位|转型目标|"
    "发展方向|求职方向",
    SectionKind.SKILLS: "skills|technical skills|professional skills|key skills|core skills|it skills|"
    "hard skills|computer skills|top skills|"
    "skill set|skills summary|core competencies|competencies|technologies|technical summary|"
    "technical expertise|"
    "tools|tools and methods|methods and tools|technical profile|technical knowledge|skills and tools|"
    "expertise|"
    "programming skills|relevant experience summary|technical background|"
    "专业技能|技能|技能特长|技术栈|技术能力|掌握技能|个人技能|技能清单|职业技能|专业能力|核心能力|"
    "工具与方法|技能与工具|专业特长|技能专长",
    SectionKind.EXPERIENCE: "experience|work experience|professional experience|employment|"
    "employment history|work history|"
    "professional history|career history|career|positions|job experience|military service|army service|"
    "military experience|"
    "工作经历|工作经验|职业经历|实习经历|任职经历|从业经历|工作履历|工作",
    SectionKind.PROJECTS: "projects|personal projects|selected projects|key projects|side projects|"
    "implemented projects|"
    "项目经历|项目经验|个人项目|主要项目|项目|科研经历|研究经历|代表项目",
    SectionKind.EDUCATION: "education|academic background|studies|education and training|"
    "academic education|qualifications|"
    "formal education|教育背景|教育经历|学历|教育|学习经历|教育情况",
    SectionKind.CERTIFICATES: "certificates|certifications|certification|licences|licenses|courses|"
    "training|courses and certificates|"
    "additional education|continuing education|professional development|training and certificates|"
    "further training|"
    "证书|资格证书|培训经历|证书与培训|培训与证书|荣誉证书|获奖情况|获奖经历|培训|在线课程|继续教育|职业资格",
    SectionKind.PUBLICATIONS: "publications|papers|patents|论文|发表论文|专利|论文与专利|科研成果|学术成果",
    SectionKind.LANGUAGES: "languages|language skills|language|spoken languages|foreign languages|"
    "语言能力|外语水平|语言|外语能力|外语",
    SectionKind.INTERESTS: "interests|hobbies|hobbies and interests|interests and hobbies|other|"
    "additional information|"
    "hobbies and other activity|volunteering|references|兴趣爱好|爱好|其他|其他信息|业余爱好|兴趣",
}
_BY_HEADING = {heading: kind for kind, row in _HEADINGS.items() for heading in row.split("|")}
_LONGEST_HEADING = 40
_LONGEST_TITLE = 160
_BULLET = re.compile(r"\s*(?:[-•*·–>]|\d+[.)、])")
_LONGEST_OBJECTIVE = 400
_LONGEST_LEAD = 80
"""Dates further into their line than this stand in running text: nothing before them belongs to the entry."""

# Text taken from a PDF often loses its line breaks: a heading is then known by its colon or its capitals.
_LONG_HEADINGS = [
    heading for heading in _BY_HEADING if len(heading) > 6 and heading.isascii() and heading != "language"
]
_LONGEST_FIRST = sorted(_LONG_HEADINGS, key=len, reverse=True)
_ANY = "|".join(map(re.escape, _LONGEST_FIRST))
_CAPITALS = "|".join(re.escape(heading.upper()) for heading in _LONGEST_FIRST)
_JAMMED = r"(?<=[a-z])(?=[A-Z])"
_AFTER_SIGN = r"(?<![A-Za-z])(?<![A-Za-z][ \t])"
_TWO_WORDS = r"(?<![A-Za-z])(?=[A-Z][A-Za-z]+[ \t]+[A-Za-z])"
_INLINE = re.compile(
    rf"(?:{_AFTER_SIGN}|{_JAMMED}|{_TWO_WORDS})(?P<colon>(?i:{_ANY}))[ \t]*:|"
    rf"(?:(?<![A-Za-z])|{_JAMMED})(?P<capitals>{_CAPITALS})"
)
_ORNAMENT = " \t#*=_~-–—•●■◆▪►【】[]<>《》:：|.．、()（）0123456789"
_CHINESE_NUMBER = re.compile(r"^[一二三四五六七八九十]+[、.．]\s*")

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?,?\s*'?"
_DAY = r"(?:\s?年\s?(?:\d{1,2}\s?月(?:份)?)?|[./-](?:1[0-2]|0?[1-9])(?!\d))?"
_NOW = r"(?:present|now|today|current(?:ly)?|ongoing|to date|date|至今|今|现在|目前|迄今)"


def _point(name: str) -> str:
    return rf"(?:{_MONTH}|\d{{1,2}}\s?[./]\s?)?(?P<{name}>(?:19|20)\d\d){_DAY}"


_RANGE = re.compile(
    rf"(?<!\d)(?:since\s+{_point('since')}|"
    rf"{_point('first')}\s*(?:-+|–|—|~|～|to|until|till|至|到)?\s*(?:{_point('last')}|{_NOW})|"
    rf"自?{_point('from')}\s*(?:起|以来))(?!\d)",
    re.IGNORECASE,
)
_SINGLE = re.compile(
    r"^[\s\-•*·]*(?P<year>(?:19|20)\d\d)(?:\s?年(?:\d{1,2}月)?|\.\d{1,2})?(?=[\s:：,，])(?!\s*[\-~～至到])",
    re.MULTILINE,
)
_YEAR = re.compile(r"(?<![\d.])(?:19[6-9]|20[0-4])\d(?![\d])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a CV: half-open character range, heading line included."""

    kind: SectionKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A dated stretch of work or study; `last` is None while it goes on."""

    start: int
    end: int
    first: int
    last: int | None


class CurriculumVitae:
    """A CV read into sections and dated entries, to be asked by position.

    `this_year` closes what goes on until now; without it the latest year of the text does.
    """

    def __init__(self, text: str, *, this_year: int | None = None) -> None:
        self._text = text
        self.sections = tuple(_sections(text))
        self._section_starts = [section.start for section in self.sections]
        self.entries = tuple(_entries(text, self.sections))
        self._entry_starts = [entry.start for entry in self.entries]
        years = [int(year) for year in _YEAR.findall(text)]
        if this_year is not None:
            years = [year for year in years if year <= this_year]
        self.latest_year = this_year if this_year is not None else max(years, default=None)

    def section_at(self, position: int) -> SectionKind:
        """The kind of section a character stands in."""
        index = bisect_right(self._section_starts, position) - 1
        return self.sections[index].kind if index >= 0 else SectionKind.NONE

    def is_titled(self, entry: Entry, position: int) -> bool:
        """Whether a character stands in the first lines of an entry, where the job is named."""
        head, *rest = self._text[entry.start : entry.start + _LONGEST_TITLE].split("\n")
        second = rest[0] if rest and not _BULLET.match(rest[0]) else ""
        return position - entry.start < len(head) + 1 + len(second)

    def entry_at(self, position: int) -> Entry | None:
        """The dated entry a character stands in, if any."""
        index = bisect_right(self._entry_starts, position) - 1
        if index < 0 or position >= self.entries[index].end:
            return None
        return self.entries[index]

    def years_of(self, entry: Entry) -> tuple[int, int]:
        """First and last year of an entry, the running year put in where it goes on."""
        last = entry.last if entry.last is not None else self.latest_year or entry.first
        return entry.first, max(entry.first, last)


def _sections(text: str) -> Iterator[Section]:
    heads = sorted(dict(_headings(text)).items())
    if not heads:
        return
    ends = [position for position, _ in heads[1:]] + [len(text)]
    for (start, kind), end in zip(heads, ends, strict=True):
        stop = min(end, _end_of_wish(text, start)) if kind is SectionKind.OBJECTIVE else end
        yield Section(kind=kind, start=start, end=stop)
        if stop < end:
            yield Section(kind=SectionKind.NONE, start=stop, end=end)


def _end_of_wish(text: str, start: int) -> int:
    """An objective is a paragraph at most; what follows it under no heading of ours is not lost with it."""
    paragraph = re.compile(r"\S[^\n]*\n\s*\n").search(text, start + _LONGEST_HEADING)
    return min(start + _LONGEST_OBJECTIVE, paragraph.end() if paragraph else len(text))


def _headings(text: str) -> Iterator[tuple[int, SectionKind]]:
    for match in _INLINE.finditer(text):
        yield match.start(), _BY_HEADING[(match.group("colon") or match.group("capitals")).lower()]
    start = 0
    for line in text.splitlines(keepends=True):
        kind = _heading(line)
        if kind is not None:
            yield start, kind
        start += len(line)


def _heading(line: str) -> SectionKind | None:
    for part in (line, *re.split(r"[:：]", line, maxsplit=1)[:1]):
        if len(part) > _LONGEST_HEADING or (part is not line and part == line):
            continue
        name = _CHINESE_NUMBER.sub("", part.strip(_ORNAMENT + "\r\n").lower()).strip(_ORNAMENT)
        name = " ".join(name.replace("&", " and ").replace("/", " and ").split())
        if name in _BY_HEADING:
            return _BY_HEADING[name]
    return None


def _entries(text: str, sections: tuple[Section, ...]) -> Iterator[Entry]:
    """Entries start on the line of their dates, or one line above when that line begins a paragraph."""
    found = sorted(
        {start: (start, first, last) for start, first, last in _dates(text)}.values(), key=itemgetter(0)
    )
    section_starts = [section.start for section in sections]
    for index, (start, first_year, last_year) in enumerate(found):
        following = [found[index + 1][0]] if index + 1 < len(found) else []
        following += section_starts[bisect_right(section_starts, start) :][:1]
        end = min(following, default=len(text))
        if end > start:
            yield Entry(start=start, end=end, first=first_year, last=last_year)


def _dates(text: str) -> Iterator[tuple[int, int, int | None]]:
    """(start, first year, last year) of lines that begin with a year, then of ranges, which go first."""
    for match in _SINGLE.finditer(text):
        year = int(match.group("year"))
        yield text.rfind("\n", 0, match.start("year")) + 1, year, year
    for match in _RANGE.finditer(text):
        first = match.group("first") or match.group("since") or match.group("from")
        last = match.group("last")
        if last is None or int(first) <= int(last):
            yield _entry_start(text, match.start()), int(first), int(last) if last else None


def _entry_start(text: str, position: int) -> int:
    start = text.rfind("\n", 0, position) + 1
    if position - start > _LONGEST_LEAD:
        return position
    if start <= 1:
        return start
    above = text.rfind("\n", 0, start - 1) + 1
    begins_paragraph = above > 0 and not text[text.rfind("\n", 0, above - 1) + 1 : above].strip()
    line = text[above : start - 1]
    if line.strip() and begins_paragraph and len(line) < 100 and _heading(line) is None:
        return above
    return start
