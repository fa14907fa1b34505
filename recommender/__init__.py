"""Groundwork's engine: from a learner, a role and a catalogue to a proven course sequence.

Pure Python and numpy: no clock, no network, no framework. The values are here; the work is in the modules:
`planning.solve`, `verify.verify`, `gaps.gaps`, `explain.explain`, `planning.schedule.schedule`.

>>> from recommender import Catalogue, Course, Problem, Profile, Role, planning
>>> course = Course(id="intro", hours=30, price=0, requires={}, teaches={"python": 2})
>>> problem = Problem(
...     id="p", catalogue=Catalogue((course,), frozenset({"python"})),
...     profile=Profile(levels={}), role=Role(id="r", requires={"python": 2}),
... )
>>> solution = planning.solve(problem, stop=planning.Unlimited())
>>> solution.status.value, solution.cost, solution.steps[0].course
('optimal', 30, 'intro')
"""

from recommender.domain import (
    LEVELS,
    MAX_LEVEL,
    Catalogue,
    Constraints,
    Course,
    HalfLife,
    Label,
    Levels,
    Merit,
    Objective,
    Preferences,
    Problem,
    Profile,
    Role,
    Skill,
    SkillKind,
    Solution,
    Status,
    Step,
    after,
)
from recommender.errors import (
    InvalidValueError,
    MalformedInputError,
    RecommenderError,
    UnknownSkillError,
)

__all__ = [
    "LEVELS",
    "MAX_LEVEL",
    "Catalogue",
    "Constraints",
    "Course",
    "HalfLife",
    "InvalidValueError",
    "Label",
    "Levels",
    "MalformedInputError",
    "Merit",
    "Objective",
    "Preferences",
    "Problem",
    "Profile",
    "RecommenderError",
    "Role",
    "Skill",
    "SkillKind",
    "Solution",
    "Status",
    "Step",
    "UnknownSkillError",
    "after",
]
