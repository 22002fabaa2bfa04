"""The one way to the module that knows Matplotlib."""

from __future__ import annotations

from typing import Any

from ..errors import OutputError

__all__ = ["renderer"]


def renderer() -> Any:
    """Return the module that draws.

    Raises
    ------
    OutputError
        If Matplotlib is not installed.
    """
    try:
        from . import render
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("matplotlib"):
            raise
        msg = "figures need Matplotlib; install it with: pip install 'alignment-games[figures]'"
        raise OutputError(msg) from None
    return render
