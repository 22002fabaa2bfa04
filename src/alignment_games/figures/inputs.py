"""Whether what a figure is given is of the kind that it draws."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import ParameterError

__all__ = ["require_dataset", "require_titles"]


def require_dataset(argument: str, given: object, source: str) -> None:
    """Raise unless an argument is a dataset.

    Parameters
    ----------
    argument : str
    given : object
    source : str
        The function that returns such datasets.

    Raises
    ------
    ParameterError

    Examples
    --------
    >>> require_dataset("maps", 3, "phase_map")
    Traceback (most recent call last):
    ...
    alignment_games.errors.ParameterError: `maps` must hold datasets from phase_map, got int
    """
    import xarray as xr

    if not isinstance(given, xr.Dataset):
        msg = f"`{argument}` must hold datasets from {source}, got {type(given).__name__}"
        raise ParameterError(msg)


def require_titles(argument: str, given: object) -> None:
    """Raise unless an argument is a mapping from titles.

    Raises
    ------
    ParameterError

    Examples
    --------
    >>> require_titles("found", [])
    Traceback (most recent call last):
    ...
    alignment_games.errors.ParameterError: `found` must be a mapping from titles, got list
    """
    if not isinstance(given, Mapping) or not all(isinstance(title, str) for title in given):
        msg = f"`{argument}` must be a mapping from titles, got {type(given).__name__}"
        raise ParameterError(msg)
