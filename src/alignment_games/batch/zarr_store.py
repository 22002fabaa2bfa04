"""A sweep on disk that can be interrupted at any moment and goes on where it was: a zarr store.

Each chunk of the sweep is one zarr chunk of each variable, a file that appears whole or not at
all. Where the files of all variables are there the chunk is done; every other is computed again
and its files are replaced.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import OutputError
from .chunks import Chunk, chunk_shape
from .dataset import coordinates, parameter_attributes, variable_attributes
from .design import Grid
from .fused import NUMBERS
from .points import Job

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["SweepStore", "open_store"]

_IDENTITY = "sweep_identity"


class SweepStore:
    """A zarr store that one sweep fills."""

    def __init__(self, path: Path, group: Any, job: Job, chunk: int) -> None:
        self._path = path
        self._group = group
        self._job = job
        self._sides = chunk_shape(job.design.shape, chunk)
        for left_over in path.rglob("*.partial"):  # what a process was writing when it was killed
            left_over.unlink()
        self._done = set.intersection(*(_written(path / name / "c") for name in self._names()))

    def _names(self) -> tuple[str, ...]:
        """Return the variables that have a chunk for each chunk of the sweep."""
        design = self._job.design
        points = () if isinstance(design, Grid) else design.parameters
        return (*self._job.outputs, *points, "status")

    def has(self, chunk: Chunk) -> bool:
        """Tell whether a chunk was written whole."""
        place = (s.start // side for s, side in zip(chunk.region, self._sides, strict=True))
        return tuple(place) in self._done

    def write(self, chunk: Chunk, answers: Mapping[str, np.ndarray]) -> None:
        """Write a chunk, its status last, so that what has a status has answers."""
        shape = tuple(part.stop - part.start for part in chunk.region)
        design = self._job.design
        rows = dict(answers)
        if not isinstance(design, Grid):
            columns = design.columns(chunk.first, chunk.last)
            rows |= dict(zip(design.parameters, columns, strict=True))
        for name in self._names():
            self._group[name][chunk.region] = rows[name].reshape(shape)

    def dataset(self) -> xr.Dataset:
        """Return what the store holds; values are read when they are asked for."""
        import xarray as xr

        ds: xr.Dataset = xr.open_zarr(self._path, chunks=None)
        return ds[["status", *self._job.outputs]]


def _written(folder: Path) -> set[tuple[int, ...]]:
    """Return the places of a variable's chunks that have a file."""
    return {
        tuple(map(int, file.relative_to(folder).parts))
        for file in folder.rglob("*")
        if file.is_file() and file.stat().st_size
    }


@contextmanager
def open_store(
    path: Path, job: Job, chunk: int, attributes: Mapping[str, Any]
) -> Iterator[SweepStore]:
    """Open the store of a sweep, made if it does not exist, and keep other processes out.

    Parameters
    ----------
    path : Path
    job : Job
    chunk : int
        Points of a chunk at most.
    attributes : mapping
        What to write down beside the numbers.

    Raises
    ------
    OutputError
        If zarr is not installed, the place holds something else or another sweep, or another
        process writes to it.
    """
    zarr = _zarr()
    identity = json.dumps({"chunk": chunk, **_plain(attributes)}, sort_keys=True)
    try:
        if not path.exists():
            _create(zarr, path, job, chunk, {**_plain(attributes), _IDENTITY: identity})
        group = _group(zarr, path, identity)
        with _locked(path):
            yield SweepStore(path, group, job, chunk)
    except OSError as error:
        msg = f"cannot write the store `{path}`: {error.strerror or error}; choose another place"
        raise OutputError(msg) from None


def _group(zarr: Any, path: Path, identity: str) -> Any:
    """Open the group of an existing store, if it is that of this sweep."""
    held = None
    if (path / "zarr.json").is_file():
        damage = ""
        try:
            group = zarr.open_group(path, mode="r+")
            held = group.attrs.get(_IDENTITY)
            if held == identity and not _whole(path, group):
                damage = "a variable is missing"
        except (ValueError, KeyError, TypeError, zarr.errors.BaseZarrError) as error:
            damage = str(error)
        if damage:
            msg = f"the store `{path}` is damaged ({damage}); delete it and begin again"
            raise OutputError(msg)
        if held == identity:
            return group
    if held is None:
        msg = f"`{path}` exists and is not the store of a sweep; choose another name"
        raise OutputError(msg)
    old, new = json.loads(held), json.loads(identity)
    different = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    msg = (
        f"`{path}` holds another sweep (other {', '.join(different)}); choose another name, or "
        "delete it to begin again"
    )
    raise OutputError(msg)


def _whole(path: Path, group: Any) -> bool:
    """Tell whether all variables that the group names are there."""
    names = [*json.loads(group.attrs[_IDENTITY])["outputs"], "status"]
    return all((path / name / "zarr.json").is_file() for name in names)


def _create(zarr: Any, path: Path, job: Job, chunk: int, attributes: dict[str, Any]) -> None:
    """Make an empty store under another name, and rename it when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        group = zarr.open_group(temporary, mode="w", zarr_format=3)
        group.attrs.update(attributes)
        design, model = job.design, job.model
        box = {
            "shape": design.shape,
            "chunks": chunk_shape(design.shape, chunk),
            "dimension_names": design.dimensions,
        }
        for name in ("status", *job.outputs):
            dtype, fill = ("float64", np.nan) if name in NUMBERS else ("int8", -128)
            group.create_array(
                name,
                dtype=dtype,
                fill_value=fill,
                attributes=_plain(variable_attributes(model, name)),
                **box,
            )
        if isinstance(design, Grid):
            for name, (dims, values, about) in coordinates(job).items():
                array = group.create_array(
                    name,
                    shape=values.shape,
                    chunks=values.shape,
                    dtype="float64",
                    dimension_names=dims,
                    attributes=about,
                )
                array[:] = values
        else:
            for name in design.parameters:
                group.create_array(
                    name,
                    dtype="float64",
                    fill_value=np.nan,
                    attributes=parameter_attributes(model, name),
                    **box,
                )
            group.attrs["coordinates"] = " ".join(design.parameters)
        with warnings.catch_warnings():
            # Readers of xarray look for consolidated metadata, which zarr calls experimental.
            warnings.filterwarnings("ignore", "Consolidated metadata", UserWarning)
            zarr.consolidate_metadata(temporary)
        temporary.chmod(0o755)
        temporary.rename(path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the store's lock, which the system takes back when the process ends in any way."""
    try:
        import fcntl
    except ModuleNotFoundError:  # Windows: two processes there must not share a store
        yield
        return
    with (path / "status" / "zarr.json").open() as file:  # a file that is never replaced
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            msg = f"another process is writing to `{path}`; wait for it or choose another name"
            raise OutputError(msg) from None
        yield


def _plain(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return attributes as JSON can hold them."""
    return {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in attributes.items()
    }


def _zarr() -> Any:
    try:
        import zarr
    except ModuleNotFoundError as error:
        if error.name != "zarr":
            raise
        msg = "stores need zarr; install it with: pip install 'alignment-games[scale]'"
        raise OutputError(msg) from None
    return zarr
