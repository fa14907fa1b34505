"""What `loops` does, with numpy alone: for platforms without numba, and to compare with.

Fixed points are computed over all courses at once, one round per layer of the catalogue.
"""

from recommender.planning.arrays.charging import charges, needed
from recommender.planning.arrays.completing import closure, completed, extract, without_waste
from recommender.planning.arrays.cutting import lm_cut
from recommender.planning.arrays.estimating import crux, h_add, h_max, reached, until_goal
from recommender.planning.arrays.gating import gates
from recommender.planning.arrays.halving import halves
from recommender.planning.arrays.pruning import always_before, dominators, leading
from recommender.planning.arrays.reaching import grounded, reach, relevant
from recommender.planning.arrays.rows import inverted, lifted, selected, without

__all__ = [
    "always_before",
    "charges",
    "closure",
    "completed",
    "crux",
    "dominators",
    "extract",
    "gates",
    "grounded",
    "h_add",
    "h_max",
    "halves",
    "inverted",
    "leading",
    "lifted",
    "lm_cut",
    "needed",
    "reach",
    "reached",
    "relevant",
    "selected",
    "until_goal",
    "without",
    "without_waste",
]
