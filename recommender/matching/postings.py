"""From a job posting to the role it is for and the skills it asks for, each only where that is certain."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from recommender.matching.linker import SkillLinker
from recommender.matching.links import Method, ReasonCode, accepted
from recommender.matching.titles import NamedRole
from recommender.text.tokens import is_han, words_of

Words = tuple[str, ...]

_STATED = frozenset((ReasonCode.YEARS, ReasonCode.ADVERB))
_LEAST_LATIN, _LEAST_HAN = 2, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedPosting:
    """The role ("" when the title names none for certain) and the skills asked for.

    A skill's level is None unless the posting says how well it must be known.
    """

    role: str
    skills: Mapping[str, int | None]


class PostingLinker:
    """Links postings; build it once for a framework.

    >>> from recommender.domain import HalfLife, Label, Skill, SkillKind
    >>> skill = Skill(id="sql", name=Label(en="SQL", zh="SQL"), kind=SkillKind.TECHNOLOGY,
    ...               half_life=HalfLife.METHOD)
    >>> role = ("de", Label(en="Data engineer", zh="数据工程师"), ())
    >>> linker = PostingLinker([role], skills=SkillLinker([skill]))
    >>> linker.link(title="Senior Engineer, Data (Leeds)", listed=["sql", "patience"])
    LinkedPosting(role='de', skills={'sql': None})
    """

    def __init__(self, roles: Sequence[NamedRole], *, skills: SkillLinker) -> None:
        self._titles = RoleNames(roles)
        self._skills = skills
        self._roles: dict[str, str] = {}
        self._terms: dict[str, str] = {}

    def link(self, *, title: str, text: str = "", listed: Iterable[str] = ()) -> LinkedPosting:
        """What a posting with this title, prose and list of skills is for and asks for."""
        found: dict[str, int | None] = {}
        for term in listed:
            if skill := self._skill(term):
                found[skill] = None
        for link in accepted(self._skills.link(text, suggest=False)) if text else ():
            found[link.skill] = link.level if link.reason.code in _STATED else found.get(link.skill)
        return LinkedPosting(role=self.role(title), skills=found)

    def role(self, title: str) -> str:
        """The role that a title names; "" for none."""
        role = self._roles.get(title)
        if role is None:
            role = self._roles[title] = self._titles.within(title)
        return role

    def _skill(self, term: str) -> str:
        """The skill of which a listed term is a name; "" for none."""
        skill = self._terms.get(term)
        if skill is None:
            named = [one.skill for one in self._skills.phrase(term, limit=1) if one.method is Method.ALIAS]
            skill = self._terms[term] = named[0] if named else ""
        return skill


class RoleNames:
    """The names of roles, looked for within titles.

    A count of postings must not grow by guesses: what is merely similar ("Software Engineer" to "EDA software
    engineer") is no match here, other than where a person confirms it.
    """

    def __init__(self, roles: Sequence[NamedRole]) -> None:
        owners: dict[Words, set[str]] = {}
        for role, label, aliases in roles:
            for words in map(words_of, (label.en, label.zh, *aliases)):
                if _is_telling(words):
                    owners.setdefault(words, set()).add(role)
        rarity = Counter(word for words in owners for word in set(words))
        self._by_word: dict[str, list[tuple[Words, str]]] = defaultdict(list)
        for words, roles_named in owners.items():
            if len(roles_named) == 1:
                rarest = min(words, key=lambda word: (rarity[word], word))
                self._by_word[rarest].append((words, next(iter(roles_named))))

    def within(self, title: str) -> str:
        """The role whose name with the most words stands in the title; "" for none, or for two such roles.

        The words of a Latin name may stand in any order, the characters of a Chinese one stand together.
        """
        words = words_of(title)
        there = set(words)
        found = [
            (len(name), role)
            for word in there
            for name, role in self._by_word.get(word, ())
            if there.issuperset(name) and (not any(map(is_han, name)) or _holds(words, name))
        ]
        longest = max(found, default=(0, ""))[0]
        roles = {role for length, role in found if length == longest}
        return roles.pop() if len(roles) == 1 else ""


def _is_telling(words: Words) -> bool:
    """Whether a name is long enough to be looked for within a title."""
    han = sum(map(is_han, words))
    return len(words) - han >= _LEAST_LATIN or han >= _LEAST_HAN


def _holds(words: Words, name: Words) -> bool:
    return any(words[start : start + len(name)] == name for start in range(len(words) - len(name) + 1))
