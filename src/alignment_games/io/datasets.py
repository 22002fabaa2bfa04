"""Datasets as netCDF files, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import OutputError
from .store import write_whole

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["write_netcdf"]

_COMPRESSION = {"zlib": True, "complevel": 1, "shuffle": False}


def write_netcdf(ds: xr.Dataset, path: str | Path) -> Path:
    """Write a dataset as a compressed netCDF 4 file, through a temporary one.

    Parameters
    ----------
    ds : xarray.Dataset
    path : str or Path
        Ends in ``.nc``; an existing file is replaced.

    Returns
    -------
    Path

    Raises
    ------
    OutputError
        If the name has another ending or the file cannot be written.

    Examples
    --------
    >>> import tempfile, xarray
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_netcdf(xarray.Dataset({"a": ("x", [1, 2])}), folder + "/a.nc")
    ...     xarray.load_dataset(path, engine="h5netcdf").a.values.tolist()
    [1, 2]
    """
    place = Path(path)
    if place.suffix != ".nc":
        msg = f"`path` must end in .nc, got `{place}`"
        raise OutputError(msg)
    encoding = {name: _COMPRESSION for name in ds.variables if ds[name].size > 1}
    write_whole(place, lambda file: ds.to_netcdf(file, engine="h5netcdf", encoding=encoding))
    return place
