"""Compiled loops of the solvers: clean arrays in, arrays out, no checks and no texts.

Each module holds one solver's loops. Import them inside the function that needs them, because
Numba takes half a second to load. No floating-point shortcuts are allowed (`fastmath` stays
off): the proofs of completeness count on IEEE rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

__all__ = ["compiled"]

_Loop = TypeVar("_Loop", bound=Callable[..., Any])


def compiled(loop: _Loop) -> _Loop:
    """Compile a loop, kept on disk for the next process; `loop.py_func` is the definition.

    Where nothing can be written, it is compiled anew in each process.
    """
    try:
        return cast("_Loop", numba.njit(cache=True, error_model="numpy")(loop))
    except RuntimeError:  # "cannot cache function: no locator available"
        return cast("_Loop", numba.njit(error_model="numpy")(loop))
