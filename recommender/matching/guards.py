"""Aliases that are also ordinary words: when they mean the skill, and how sure that is.

"R", "C" and "Go" are languages only where the text treats them as such; "excel at" is not a spreadsheet and
an "ethics committee" no ability. Each rule reads the few characters around a match.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from recommender.text.tokens import is_han

CERTAIN = 0.97
CLEAR = 0.9
LIKELY = 0.85
DOUBTFUL = 0.65

# Written like an ordinary English word: taken when capitalised or beside other skills.
_WORDS_TEXT = """
access act ada agile basic beam c cell chef cloud consul crystal dart dash dispatch drift dvc elm
excel fabric fire flow gin go hive julia lean logic lisp make marathon modal motion nest nix pig
prefect prolog prophet puppet r ray ros ruby rust salt sas scan scheme scratch seurat shell slam
solid spark spice storm swift triton tuning unity vault vision word galaxy tableau
"""
_WORDS = frozenset(_WORDS_TEXT.split())

# General enough to be said in passing; certain only beside other skills or where skill is spoken of.
_GENERAL_TEXT = """
algorithms algorithm audit benchmarking chemistry circuits communication compliance copyright
deployment ethics evolution forecasting genetics inference law logistics manipulation monitoring
networks networking observability optimisation optimization perception physics pipelines probability
programming quantisation radiology robotics scheduling security sensors sensor simulation statistics
transformers transportation tooling visualisation visualization weather cloud shell kinematics
localisation localization parallelism transcripts inventory procurement sourcing documentation
meteorology pharmacology agronomy ai
"""
_GENERAL = frozenset(_GENERAL_TEXT.split())

# Acronyms of two or three letters that nothing else in a CV looks like, even in small letters.
_SAFE_TEXT = """
sql nlp cuda git aws gcp gpu fpga vhdl uvm rtl llm llms rag gnn gnns tvm xla rdma hpc mpi plc gis ngs xai
"""
_SAFE_ACRONYMS = frozenset(_SAFE_TEXT.split())

_CUE_BEFORE = re.compile(
    r"(?:\b(?:languages?|programming|framework|library|libraries|tools?|software|knowledge of|skills?|"
    r"skilled in|proficient "
    r"(?:in|with)|experience (?:in|with|of|using)|expert in|fluent in|familiar(?:ity)? with|written in|"
    r"developed in|"
    r"coding in|using|with|microsoft|ms|years? (?:of|with)|apache|build(?:ing)?|in)|"
    r"语言|编程|熟悉|熟练|掌握|精通|使用|利用|运用|了解|擅长|学习|基于|通过|采用|应用|用|年)[\s:(\"'“]*$"
)
_CUE_AFTER = re.compile(
    r"^[\s)\"'”]*(?:(?:programming|language|languages|developers?|development|programmers?|engineers?|"
    "scripting|scripts?|"
    r"packages?|coding|code|framework|macros?|pivot|spreadsheets?|vba|sql|streaming|cluster|jobs|"
    r"kernels?|modules?|"
    r"skills?|experience|course|theory|back-?end)\b|语言|编程|开发|工程师|脚本|程序|框架|建模|分析|函数|"
    r"经验|基础|方向|相关|技术|知识)"
)
_ITEM_BEFORE = re.compile(r"(?:[,，、;；/|•·:：(（&+\n]|\band|\bor|和|与|及|或)\s*$")
_ITEM_AFTER = re.compile(r"^\s*(?:[,，、;；/|•·)）&+\n(（]|\.(?:\s|$)|and\b|or\b|和|与|及|或|等|$)")

_NOT_BEFORE = {
    "c": r"(?:vitamin|grade|section|appendix|hepatitis|type|class|plan|part|series|group|objective|"
    r"objective-|model|"
    r"option|level|block|phase|b|°|\d)[\s-]*$",
    "r": r"(?:&|&\s|and|mr|dr|j|\bfig|\d)[.\s]*$",
    "go": r"(?:to|let's|we|will|can|i|on the|ready to)\s+$|[-]$",
    "excel": r"(?:to|i|will|who|always|students|you|we|can|and)\s+$",
    "ethics": r"(?:work|good|strong)\s+$",
    "statistics": r"(?:usage|sales|collect(?:ed|ing)?|bureau of|office for|national|monthly|daily|"
    r"report(?:ed|ing)?)\s+$",
    "spark": r"(?:to|a|the|will)\s+$",
    "programming": r"(?:tv|extreme|pair|neuro-linguistic)\s+$",
    "control systems": r"(?:access|version|source|revision|traffic|quality)\s+$",
    "control system": r"(?:access|version|source|revision|traffic|quality)\s+$",
    "plc": r"(?:marketing|pricing)\W*$",
    "统计": r"(?:系|传)$",
    "物理": r"(?:生)$",
    "化学": r"(?:电|光|地球|生物)$",
    "法律": r"(?:无)$",
}
_NOT_AFTER = {
    "c": r"^\s*(?:-?\s?(?:level|suite|section|class|corp|[a-z]\b\.)|\.\s?[a-z]|['’&°]|-\w)",
    "r": r"^\s*(?:&|\.\s?[a-z]|['’]|-\w)",
    "go": r"^[\s-]*(?:to|live|through|for|beyond|above|ahead|on|into|over|back|home|out|getter|lang\w)\b|^-",
    "excel": r"^\s+(?:at|in|as|under|within|academically)\b",
    "spark": r"^\s+(?:joy|interest|plug|of|ideas?|discussion|curiosity)\b",
    "rust": r"^\s+(?:removal|proof|protection|prevention)\b",
    "ethics": r"^\s+(?:committee|board|approval|review|application|office|commission)\b",
    "operating systems": r"^\s*[:：]",
    "操作系统": r"^\s*[:：]",
    "quantitative research": r"^\s+methods?\b",
    "伦理": r"^(?:委员会|审批|审查|委员)",
    "law": r"^\s+(?:firm|enforcement|office|school|s\b)",
    "法律": r"^(?:顾问|事务所|部)",
    "cloud": r"^\s+(?:cover|chamber|nine)\b",
    "julia": r"^\s+[a-z]+(?:\s|,|$)",
    "sensor": r"^\s+(?:board|cable)s?\b",
    "物理": r"^(?:机|层|服务器|隔离|内存|地址|治疗|设计|验证|实现)",
    "逻辑": r"^(?:思维|清晰|严密|能力)",
    "化学": r"^(?:品|药剂)",
    "git": r"^\s*(?:hub|lab)\b",
    "spring": r"^\s+(?:term|semester|\d{4})",
}

# Aliases that mean something else to most people: only in this company.
_REQUIRED = {"sass": re.compile(r"\b(?:ptx|cuda|gpu|nvidia|kernels?|disassembl\w+)\b|汇编")}

# What the skill is often named together with, though no skill itself.
_COMPANIONS = {
    "excel": re.compile(r"\b(?:word|powerpoint|outlook|access|office|ppt|vba)\b"),
    "go": re.compile(r"\b(?:kotlin|typescript|ruby|php|erlang|elixir)\b"),
    "ros": re.compile(r"\b(?:gazebo|rviz|robots?|lidar)\b"),
    "spark": re.compile(r"\b(?:hive|flink|hdfs|emr|databricks)\b"),
    "sas": re.compile(r"\b(?:spss|stata)\b"),
}
_BEFORE = {alias: re.compile(pattern) for alias, pattern in _NOT_BEFORE.items()}
_AFTER = {alias: re.compile(pattern) for alias, pattern in _NOT_AFTER.items()}


class Neighbour(Enum):
    """Whether another skill is listed directly beside a match."""

    NONE = "none"
    LISTED = "listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An alias where it stands: `seen` as in the text, `before` and `after` the lower-case text around."""

    written: str
    seen: str
    before: str
    after: str
    neighbour: Neighbour
    opens_sentence: bool

    @property
    def cued(self) -> bool:
        """Whether the words around speak of a skill."""
        return bool(_CUE_BEFORE.search(self.before) or _CUE_AFTER.search(self.after))

    @property
    def listed(self) -> bool:
        """Whether it stands as an item of a list of skills."""
        return self.neighbour is Neighbour.LISTED and bool(
            _ITEM_BEFORE.search(self.before) or _ITEM_AFTER.search(self.after)
        )


def is_ambiguous(written: str) -> bool:
    """Whether an alias needs its surroundings to mean the skill."""
    lower = written.lower()
    if is_han(written):
        return len(written) <= 2
    if lower in _WORDS or lower in _GENERAL:
        return True
    return len(lower) <= 3 and lower.isalpha() and lower not in _SAFE_ACRONYMS


_EMPLOYER = re.compile(
    r"^\s*(?:institute|company|ltd|inc|gmbh|llc|corp|university|college|hospital|bank|studio|start-?up|"
    r"provider|vendor|"
    r"公司|集团|研究所|研究院|医院|大学|学院|平台|企业|厂商|事务所|银行|有限)"
)


def confidence(sighting: Sighting) -> float | None:
    """How sure an exact alias means its skill, 0..1; None when it does not.

    Without ambiguity the answer is 0.97. An ambiguous alias beside other skills or skill words stays
    above the confirmation threshold, otherwise it falls below or out.
    """
    lower = sighting.written.lower()
    if _blocked(lower, sighting):
        return None
    if _EMPLOYER.match(sighting.after):
        return DOUBTFUL
    if not is_ambiguous(sighting.written):
        return CERTAIN
    if is_han(sighting.written) or lower in _GENERAL:
        return LIKELY if sighting.listed or sighting.cued else DOUBTFUL
    if len(lower) == 1:
        return _letter(sighting)
    return _word(sighting)


def _blocked(lower: str, sighting: Sighting) -> bool:
    for table, text in ((_BEFORE, sighting.before), (_AFTER, sighting.after)):
        pattern = table.get(lower)
        if pattern is not None and pattern.search(text):
            return True
    required = _REQUIRED.get(lower)
    return required is not None and required.search(sighting.before + " | " + sighting.after) is None


def _letter(sighting: Sighting) -> float | None:
    if sighting.seen != sighting.written:
        return None
    if sighting.listed:
        return CLEAR
    is_item = _ITEM_AFTER.search(sighting.after) or re.match(r"^\s+(?:for|to|on)\b", sighting.after)
    if _CUE_AFTER.search(sighting.after) or (_CUE_BEFORE.search(sighting.before) and is_item):
        return LIKELY
    return None


def _in_company(sighting: Sighting) -> bool:
    companions = _COMPANIONS.get(sighting.written.lower())
    return companions is not None and bool(companions.search(sighting.before + " | " + sighting.after))


def _word(sighting: Sighting) -> float | None:
    is_word = sighting.written.lower() in _WORDS
    as_written = sighting.seen == sighting.written or sighting.seen[:1].isupper()
    if sighting.listed:
        return CLEAR if as_written else LIKELY
    if not as_written:
        return None
    if len(sighting.written) == 3 and sighting.seen == sighting.written.upper() and not is_word:
        return CLEAR
    if sighting.cued or _in_company(sighting):
        return LIKELY
    return None if sighting.opens_sentence and len(sighting.after.strip()) > 1 else DOUBTFUL
