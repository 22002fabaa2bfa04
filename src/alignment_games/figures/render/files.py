"""Figures as files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from ..._version import __version__
from ...io.store import write_whole
from ..fingerprint import fingerprint
from .style import STYLE

__all__ = ["save"]


def save(
    figure: Figure, folder: Path, name: str, *, title: str, parameters: dict[str, Any]
) -> list[Path]:
    """Write a figure as PDF and PNG with its parameters and its fingerprint in their metadata.

    Raises
    ------
    OutputError
        If a file cannot be written; each file is whole or absent.
    """
    text = json.dumps(parameters, sort_keys=True)
    shown = f"Shows {fingerprint(figure)}"
    creator = f"alignment_games {__version__}"
    metadata: dict[str, dict[str, Any]] = {
        "pdf": {
            "Title": title,
            "Keywords": text,
            "Subject": shown,
            "Creator": creator,
            "CreationDate": None,
        },
        "png": {"Title": title, "Parameters": text, "Comment": shown, "Software": creator},
    }
    paths = []
    for ending, fields in metadata.items():
        path = folder / f"{name}.{ending}"

        def write(temporary: Path, ending: str = ending, fields: dict[str, Any] = fields) -> None:
            with mpl.rc_context(STYLE):
                figure.savefig(temporary, format=ending, dpi=200, metadata=fields)

        write_whole(path, write)
        paths.append(path)
    return paths
