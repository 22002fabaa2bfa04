"""A short text that changes with what a figure shows, so that a stale picture can be told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from .._typing import FloatArray

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["fingerprint"]

_DECIMALS = 6
"""Of the numbers that count: rounding differs between machines far behind them."""


def fingerprint(figure: Figure) -> str:
    """Return a digest of all words and numbers of a figure, before it is laid out.

    Places of labels, fonts, and the ticks that Matplotlib chooses do not enter.
    """
    digest = hashlib.sha256()
    for part in (*_words(figure), *_numbers(figure)):
        digest.update(part + b"\0")
    return digest.hexdigest()


def _words(figure: Figure) -> Iterator[bytes]:
    legends = [*figure.legends, *(ax.get_legend() for ax in figure.axes)]
    own: list[Any] = [text for legend in legends if legend for text in legend.get_texts()]
    own += figure.texts
    for ax in figure.axes:
        own += [ax.title, ax.xaxis.label, ax.yaxis.label, *ax.texts]
        for table in ax.tables:
            own += [cell.get_text() for _, cell in sorted(table.get_celld().items())]
    for text in own:
        yield text.get_text().encode()


def _numbers(figure: Figure) -> Iterator[bytes]:
    drawn: list[Any] = []
    for ax in figure.axes:
        drawn += [line.get_xydata() for line in ax.lines]
        for patch in ax.patches:
            corners = patch.get_patch_transform().transform(patch.get_path().vertices)
            drawn.append(np.unique(_rounded(corners), axis=0))  # versions differ in their order
        for collection in ax.collections:
            colors = collection.get_array()
            drawn += [p.vertices for p in collection.get_paths()] if colors is None else [colors]
    for numbers in drawn:
        yield _rounded(numbers).tobytes()


def _rounded(numbers: Any) -> FloatArray:
    """Round, less signs of zero and of what is no number."""
    near: FloatArray = np.array(numbers, dtype=np.float64).round(_DECIMALS)
    near += 0.0
    near[np.isnan(near)] = np.nan
    return near
