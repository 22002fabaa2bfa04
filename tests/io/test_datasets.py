"""Datasets as files: whole or not at all, and read by anyone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from alignment_games.errors import OutputError
from alignment_games.io import write_netcdf

DS = xr.Dataset(
    {"code": (("a", "b"), np.arange(6, dtype=np.int8).reshape(2, 3)), "one": ((), 1.5)},
    coords={"a": [0.1, 0.2]},
    attrs={"names": ["x", "y"]},
)


def test_a_file_holds_the_dataset(tmp_path: Path) -> None:
    path = write_netcdf(DS, tmp_path / "a.nc")
    read = xr.load_dataset(path, engine="h5netcdf")
    assert read.equals(DS)
    assert read.code.dtype == np.int8
    assert list(read.attrs["names"]) == ["x", "y"]
    write_netcdf(DS + 1, str(path))
    assert int(xr.load_dataset(path, engine="h5netcdf").code[0, 0]) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["a.nc"]


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"`path` must end in \.nc, got"):
        write_netcdf(DS, tmp_path / "a.csv")


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = write_netcdf(DS, tmp_path / "a.nc")
    before = path.read_bytes()
    bad = xr.Dataset({"a": ((), object())})
    with pytest.raises((OutputError, TypeError, ValueError)):
        write_netcdf(bad, path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.nc"]
