"""How a loop becomes machine code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

FAR = 2**52
WORD = 64

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop) -> Loop:
    """Machine code, made at the first call for the types of its arguments, and kept on disk."""
    compiler: Any = njit(cache=True, nogil=True)
    made: Loop = compiler(loop)
    return made
