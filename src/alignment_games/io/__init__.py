"""Reading and writing: game files, other packages' games, tables and documents.

Each name loads what it needs when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .adapters import (
        from_nashpy,
        from_pygambit,
        from_quantecon,
        to_nashpy,
        to_pygambit,
        to_quantecon,
    )
    from .datasets import write_netcdf
    from .efg import format_efg, parse_efg, read_efg, write_efg
    from .nfg import format_nfg, parse_nfg, read_nfg, write_nfg
    from .tables import game_table, solution_table

_HOME = {
    "format_efg": "efg",
    "format_nfg": "nfg",
    "from_nashpy": "adapters",
    "from_pygambit": "adapters",
    "from_quantecon": "adapters",
    "game_table": "tables",
    "parse_efg": "efg",
    "parse_nfg": "nfg",
    "read_efg": "efg",
    "read_nfg": "nfg",
    "solution_table": "tables",
    "to_nashpy": "adapters",
    "to_pygambit": "adapters",
    "to_quantecon": "adapters",
    "write_efg": "efg",
    "write_netcdf": "datasets",
    "write_nfg": "nfg",
}

__all__ = [
    "format_efg",
    "format_nfg",
    "from_nashpy",
    "from_pygambit",
    "from_quantecon",
    "game_table",
    "parse_efg",
    "parse_nfg",
    "read_efg",
    "read_nfg",
    "solution_table",
    "to_nashpy",
    "to_pygambit",
    "to_quantecon",
    "write_efg",
    "write_netcdf",
    "write_nfg",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
