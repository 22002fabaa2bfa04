"""Loops compiled by Numba, written by hand or generated, and kept on disk for the next process.

Import this inside the function that needs it: Numba takes half a second to load. Floating-point
shortcuts (`fastmath`) stay off, because proofs count on IEEE rounding. Compiled loops release
Python's lock, so several threads can run them at once.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar, cast

import numba

__all__ = ["cache_folder", "compiled", "generated"]

_Loop = TypeVar("_Loop", bound=Callable[..., Any])


def compiled(loop: _Loop) -> _Loop:
    """Compile a loop, kept on disk for the next process; `loop.py_func` is the definition.

    Where nothing can be written, it is compiled anew in each process.
    """
    try:
        return cast("_Loop", numba.njit(cache=True, nogil=True, error_model="numpy")(loop))
    except RuntimeError:  # "cannot cache function: no locator available"
        return cast("_Loop", numba.njit(nogil=True, error_model="numpy")(loop))


@functools.cache
def generated(name: str, source: str) -> Callable[..., Any]:
    """Compile the function `name` of a source text that this package generated.

    The text is written to `cache_folder`, under a name with its hash, and Numba keeps the
    compiled loop beside it (or where NUMBA_CACHE_DIR says) for the next process. The file is
    compared with the text and never run: what runs is `source`.

    Parameters
    ----------
    name : str
        A function of `source`.
    source : str
        Python that needs nothing but what it imports.
    """
    digest = hashlib.sha256(f"{numba.__version__}\n{source}".encode()).hexdigest()
    place = cache_folder() / f"{name}_{digest[:24]}.py"
    kept = _written(place, source)
    # Numba asks for the module by its name when it loads a loop that another process compiled.
    module = ModuleType(f"alignment_games_generated_{digest[:24]}")
    module.__file__ = str(place)
    sys.modules[module.__name__] = module
    exec(compile(source, str(place), "exec"), module.__dict__)
    loop: Callable[..., Any] = getattr(module, name)
    if kept:
        return compiled(loop)
    return cast("Callable[..., Any]", numba.njit(nogil=True, error_model="numpy")(loop))


def cache_folder() -> Path:
    """Return the folder of generated sources: of the user's caches, or as the variable says.

    The environment variable ALIGNMENT_GAMES_CACHE names another folder.
    """
    named = os.environ.get("ALIGNMENT_GAMES_CACHE")
    if named:
        return Path(named)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        home = Path(base) if base else Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        home = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME")
        home = Path(base) if base else Path.home() / ".cache"
    return home / "alignment_games"


def _written(place: Path, source: str) -> bool:
    """Write the source through a temporary file, unless it is there; tell whether it is."""
    try:
        if place.exists() and place.read_text(encoding="utf-8") == source:
            return True
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=place.parent, suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(source)
        Path(temporary).replace(place)
    except OSError:
        return False
    return True
