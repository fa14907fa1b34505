"""Installs Debian's packages where this process may: as root, with apt-get."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence


def install(packages: Sequence[str]) -> bool:
    """Whether `packages` are there afterwards; False without a word where they cannot be had."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        try:
            done = subprocess.run(
                ["apt-get", "-qq", *command], env=environment, capture_output=True, timeout=300, check=False
            )
        except subprocess.TimeoutExpired:
            return False
        if done.returncode:
            return False
    return True
