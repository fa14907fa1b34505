"""The hot loops, compiled by numba. `arrays` does the same with numpy; both give the same answers.

Every function takes the rows of a task as `Lists`, or those of an offer as `Offered`, and returns plain
arrays. The machine code is kept on disk beside the sources.
"""

from recommender.planning.loops.charging import charges, needed
from recommender.planning.loops.completing import closure, completed, extract, without_waste
from recommender.planning.loops.cutting import lm_cut
from recommender.planning.loops.estimating import crux, h_add, h_max, reached, until_goal
from recommender.planning.loops.gating import gates
from recommender.planning.loops.halving import halves
from recommender.planning.loops.pruning import always_before, dominators, leading
from recommender.planning.loops.reaching import grounded, reach, relevant
from recommender.planning.loops.rows import inverted, lifted, selected, without

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
