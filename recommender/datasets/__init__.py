"""fixtures/ -> values: what stands in the CSV files, checked field by field, nothing polished away.

Every record keeps where its facts come from (`source`, `provenance`) and whether hours and price are
stated or estimated. An unknown figure is filled from `catalogue/estimates.csv` and marked an estimate.
"""

from __future__ import annotations

from recommender.datasets.assumptions import AttemptAssumptions, load_assumptions
from recommender.datasets.loading import load, load_courses, load_feeders, load_half_lives, load_people
from recommender.datasets.records import (
    CourseRecord,
    DemandRecord,
    DemandTermRecord,
    FeederRecord,
    Fixtures,
    HalfLifeRecord,
    PersonLevel,
    PersonRecord,
    RequirementRecord,
    RoleRecord,
    SkillRecord,
)

__all__ = [
    "AttemptAssumptions",
    "CourseRecord",
    "DemandRecord",
    "DemandTermRecord",
    "FeederRecord",
    "Fixtures",
    "HalfLifeRecord",
    "PersonLevel",
    "PersonRecord",
    "RequirementRecord",
    "RoleRecord",
    "SkillRecord",
    "load",
    "load_assumptions",
    "load_courses",
    "load_feeders",
    "load_half_lives",
    "load_people",
]
