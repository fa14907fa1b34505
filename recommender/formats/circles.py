"""Circles among prerequisites: courses that wait for each other, and courses that can never be taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set


def circles(edges: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """The strongly connected parts of a graph with more than one node, and the nodes that name themselves.

    Each sorted, the list sorted; Tarjan (1972), without recursion.

    >>> circles({"a": ["b"], "b": ["a"], "c": ["c"], "d": ["a"]})
    [('a', 'b'), ('c',)]
    """
    graph = {node: tuple(targets) for node, targets in edges.items()}
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[tuple[str, ...]] = []
    for root in sorted(graph):
        if root in index:
            continue
        work: list[tuple[str, Iterator[str]]] = [(root, iter(graph[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, targets = work[-1]
            target = next((one for one in targets if one in graph and one not in index), None)
            if target is not None:
                index[target] = low[target] = len(index)
                stack.append(target)
                on_stack.add(target)
                work.append((target, iter(graph[target])))
                continue
            work.pop()
            reached = [one for one in graph[node] if one in on_stack]
            low[node] = min([low[node], *(low[one] for one in reached)])
            if low[node] == index[node]:
                part = _popped(stack, until=node)
                on_stack.difference_update(part)
                if len(part) > 1 or node in graph[node]:
                    found.append(tuple(sorted(part)))
    return sorted(found)


def _popped(stack: list[str], *, until: str) -> list[str]:
    part = [stack.pop()]
    while part[-1] != until:
        part.append(stack.pop())
    return part


Way = Sequence[str]
"""Courses that are all needed."""


def never_open(courses: Mapping[str, Sequence[Sequence[Way]]]) -> Set[str]:
    """The courses that nobody can ever take, because each way into them leads back to themselves.

    `courses` maps each to its groups, a group being ways of which one is enough; a name that is no key is
    something from outside, and always to be had.

    >>> sorted(never_open({"a": [[["b"]]], "b": [[["a"]]], "c": [[["a"], ["x"]]]}))
    ['a', 'b']
    """
    waiting = dict(courses)
    while True:
        opened = [course for course, groups in waiting.items() if _is_open(groups, waiting.keys())]
        if not opened:
            return frozenset(waiting)
        for course in opened:
            del waiting[course]


def _is_open(groups: Sequence[Sequence[Way]], waiting: Set[str]) -> bool:
    return all(any(not waiting & set(way) for way in group) for group in groups)
