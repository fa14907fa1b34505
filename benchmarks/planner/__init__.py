"""The planner's benchmark: instances by seed, real catalogues, peers in the same run, one table, one JSON."""
