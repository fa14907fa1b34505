"""Cycles: the 0/1 model ignores order, so every answer is executed and a missed goal becomes a landmark."""

from __future__ import annotations

from collections.abc import Collection

from benchmarks.planner.grounding import Task
from benchmarks.planner.peers import running


def missed_landmark(task: Task, chosen: Collection[int]) -> list[int] | None:
    """Actions of which every plan takes one and `chosen` none; None when `chosen` reaches every goal.

    Of all that can be taken besides, as much as leaves a goal out of reach is let in; what is not is the
    landmark.
    """
    _order, reached = running.run(task, chosen)
    missed = [goal for goal in task.goals if goal not in reached]
    if not missed:
        return None
    zone = _Zone(task, chosen, goal=missed[0])
    return [one for one in range(len(task.actions)) if one not in zone.inside and not zone.take_in(one)]


class _Zone:
    """A set of actions that does not reach the goal, and grows as long as it does not."""

    def __init__(self, task: Task, chosen: Collection[int], *, goal: int) -> None:
        self._actions = task.actions
        self._needing = task.needing()
        self._goal = goal
        self.inside = set(chosen)
        self._reached = running.run(task, chosen)[1]

    def take_in(self, action: int) -> bool:
        """Let `action` in unless the goal would be reached; whether it is in."""
        new: set[int] = set()
        waiting = [action]
        while waiting:
            one = waiting.pop()
            if any(need not in self._reached and need not in new for need in self._actions[one].needs):
                continue
            fresh = [
                fact for fact in self._actions[one].adds if fact not in self._reached and fact not in new
            ]
            if self._goal in fresh:
                return False
            new.update(fresh)
            waiting += [n for fact in fresh for n in self._needing[fact] if n in self.inside or n == action]
        self.inside.add(action)
        self._reached |= new
        return True
