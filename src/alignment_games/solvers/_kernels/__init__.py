"""Compiled loops of the solvers: clean arrays in, arrays out, no checks and no texts.

Each module holds one solver's loops. Import them inside the function that needs them, because
Numba takes half a second to load.
"""

from __future__ import annotations

from ..._compiled import compiled

__all__ = ["compiled"]
