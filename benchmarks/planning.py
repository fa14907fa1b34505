"""The planner beside its peers on generated, given and real problems: one table, one JSON.

    make bench-planner ARGS="--quick --out var/bench-planner.json"
    PYTHONPATH=. python benchmarks/planning.py --families near-10k --peers none

What is measured and how to cite it: `benchmarks/README.md`.
"""

from __future__ import annotations

import sys

from benchmarks.planner import running

if __name__ == "__main__":
    sys.exit(running.main())
