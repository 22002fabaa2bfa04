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
    from .archive import format_json, parse_json, read_json, write_json
    from .archive_results import (
        StoredResult,
        format_result,
        parse_result,
        read_result,
        write_result,
    )
    from .datasets import write_netcdf
    from .efg import format_efg, parse_efg, read_efg, write_efg
    from .nfg import format_nfg, parse_nfg, read_nfg, write_nfg
    from .tables import game_table, solution_table

_HOME = {
    "StoredResult": "archive_results",
    "format_efg": "efg",
    "format_json": "archive",
    "format_nfg": "nfg",
    "format_result": "archive_results",
    "from_nashpy": "adapters",
    "from_pygambit": "adapters",
    "from_quantecon": "adapters",
    "game_table": "tables",
    "parse_efg": "efg",
    "parse_json": "archive",
    "parse_nfg": "nfg",
    "parse_result": "archive_results",
    "read_efg": "efg",
    "read_json": "archive",
    "read_nfg": "nfg",
    "read_result": "archive_results",
    "solution_table": "tables",
    "to_nashpy": "adapters",
    "to_pygambit": "adapters",
    "to_quantecon": "adapters",
    "write_efg": "efg",
    "write_json": "archive",
    "write_netcdf": "datasets",
    "write_nfg": "nfg",
    "write_result": "archive_results",
}

__all__ = [
    "StoredResult",
    "format_efg",
    "format_json",
    "format_nfg",
    "format_result",
    "from_nashpy",
    "from_pygambit",
    "from_quantecon",
    "game_table",
    "parse_efg",
    "parse_json",
    "parse_nfg",
    "parse_result",
    "read_efg",
    "read_json",
    "read_nfg",
    "read_result",
    "solution_table",
    "to_nashpy",
    "to_pygambit",
    "to_quantecon",
    "write_efg",
    "write_json",
    "write_netcdf",
    "write_nfg",
    "write_result",
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
