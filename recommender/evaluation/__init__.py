"""Evaluations anybody can repeat: `python -m recommender evaluate NAME`. One module per evaluation."""
