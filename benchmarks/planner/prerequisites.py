"""Prerequisite texts of real catalogues, read into "all of these" and "one of these".

A subject is a skill of one level. Subjects that the catalogue does not have, "permission of instructor" and
"or equivalent" are left out: a choice keeps its other alternatives.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import product

from recommender.domain import Choice

CODE = re.compile(r"\b((?:[A-Z]{4}/)*[A-Z]{4})[ -]?(\d{4})\b")
LABEL = re.compile(
    r"(?:pre|co)-?requisites?(?:\s*(?:/|or|and)\s*(?:pre|co)-?requisites?)?\s*:?", re.IGNORECASE
)
COREQUISITE = re.compile(r"\bco-?requisites?\s*:.*", re.IGNORECASE)
TAIL = re.compile(r"Attributes .*|[^.;]*recommended.*|Recommended.*", re.DOTALL)
WIDEST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Subjects that are all needed, and choices of one alternative each."""

    all_of: frozenset[str]
    one_of: tuple[Choice, ...]


def from_prose(text: str, *, known: Collection[str], own: str) -> Needs:
    """English prose as in "CSCI 1100 and either CSCI 2200 or MATH 4090."; subjects come out as CSCI-1100.

    "and" and ";" bind loosest; within a clause commas mean "or" if the clause has an "or", else "and".

    >>> needs = from_prose("Prerequisites: AAAA 1000 and either BBBB 1000 or BBBB 2000.",
    ...                    known={"AAAA-1000", "BBBB-1000", "BBBB-2000"}, own="")
    >>> sorted(needs.all_of), [[dict(one) for one in choice] for choice in needs.one_of]
    (['AAAA-1000'], [[{'BBBB-1000': 1}, {'BBBB-2000': 1}]])
    """
    text = TAIL.sub("", text).replace("and/or", "or")
    text = COREQUISITE.sub("", LABEL.sub(";", _separated(text)))
    all_of: set[str] = set()
    one_of: list[Choice] = []
    for clause in re.split(r"[;.]|\band\b", text):
        found = [f"{code[1].split('/')[-1]}-{code[2]}" for code in CODE.finditer(clause)]
        usable = [one for one in dict.fromkeys(found) if one in known and one != own]
        if len(usable) > 1 and re.search(r"\bor\b|one of", clause, re.IGNORECASE):
            one_of.append(tuple({one: 1} for one in usable))
        else:
            all_of.update(usable)
    return Needs(all_of=frozenset(all_of), one_of=tuple(one_of))


def _separated(text: str) -> str:
    """Both kinds in one label count as prerequisites; only a label of corequisites alone is dropped."""
    both = re.compile(r"prerequisites?\s*(?:/|or|and)\s*corequisites?\s*:?", re.IGNORECASE)
    return COREQUISITE.sub("", both.sub(";", text))


def from_formula(text: str, *, known: Collection[str], own: str) -> Needs:
    """A formula with "," for and, "/" for or, and parentheses, as in "A, (B/(C, D))".

    >>> needs = from_formula("A, (B/(C, D)), ''permission''", known={"A", "B", "C", "D"}, own="")
    >>> sorted(needs.all_of), [[sorted(one) for one in choice] for choice in needs.one_of]
    (['A'], [[['B'], ['C', 'D']]])
    """
    tokens = re.findall(r"[(),/]|[^(),/]+", re.sub(r"''.*?''|\(GIR\)", " ", text))
    clauses = _Formula([token.strip() for token in tokens if token.strip()], known, own).conjunction()
    all_of: set[str] = set()
    one_of: list[Choice] = []
    for alternatives in clauses:
        if len(alternatives) == 1:
            all_of |= alternatives[0]
        elif alternatives:
            one_of.append(tuple(dict.fromkeys(sorted(one), 1) for one in alternatives[:WIDEST]))
    return Needs(all_of=frozenset(all_of), one_of=tuple(one_of))


Alternatives = list[frozenset[str]]


class _Formula:
    """Recursive descent; what is unknown is an empty list of alternatives and drops out."""

    def __init__(self, tokens: list[str], known: Collection[str], own: str) -> None:
        self._tokens = tokens
        self._known = known
        self._own = own

    def conjunction(self) -> list[Alternatives]:
        clauses = [self._disjunction()]
        while self._tokens and self._tokens[0] == ",":
            self._tokens.pop(0)
            clauses.append(self._disjunction())
        return [clause for clause in clauses if clause]

    def _disjunction(self) -> Alternatives:
        alternatives = self._atom()
        while self._tokens and self._tokens[0] == "/":
            self._tokens.pop(0)
            alternatives = list(dict.fromkeys([*alternatives, *self._atom()]))
        return alternatives

    def _atom(self) -> Alternatives:
        token = self._tokens.pop(0) if self._tokens else ""
        if token == "(":
            inner = self.conjunction()
            if self._tokens and self._tokens[0] == ")":
                self._tokens.pop(0)
            return [frozenset().union(*parts) for parts in product(*inner)] if inner else []
        name = token.removesuffix(" or permission of instructor")
        return [frozenset({name})] if name in self._known and name != self._own else []
