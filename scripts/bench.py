"""Runs the benchmarks, all or those named: `make bench ARGS="planning"`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "benchmarks"
# In full it takes hours: that is `make bench-planner`.
OPTIONS = {"planning": ["--quick", "--peers", "none"]}


def main() -> int:
    """Run each to its end; exit code is the number that failed."""
    # Training writes the models that ship: nothing to do by the way.
    there = {path.stem: path for path in sorted(FOLDER.glob("*.py")) if not path.stem.endswith("_training")}
    names = sys.argv[1:] or list(there)
    failed = 0
    for name in names:
        if name not in there:
            sys.exit(f"make bench: there is no benchmark {name!r}; there are {', '.join(there)}")
        print(f"\n--- {name}", flush=True)
        command = [sys.executable, str(there[name]), *OPTIONS.get(name, [])]
        failed += subprocess.run(command, check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
