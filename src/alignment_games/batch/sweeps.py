"""A model solved at all points of a design: in memory, on disk, here or on many machines."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .._typing import Values
from ..errors import ParameterError, flag, whole
from ..models import AlignmentModel
from ..models.model import model_of
from .chunks import CHUNK, chunks, solved
from .dataset import labeled, origin
from .design import Design, Grid
from .fused import NUMBERS, wanted_outputs
from .inputs import threads
from .points import Job, job
from .zarr_store import SweepStore, open_store

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["DEFAULT_OUTPUTS", "design_of", "sweep", "sweep_summary"]

DEFAULT_OUTPUTS = ("posture", "coerced", "dominant", "equilibria")

Progress = Callable[[int, int], object]


def sweep(
    model: AlignmentModel,
    values: Values | None = None,
    *,
    axes: Mapping[str, Any] | None = None,
    design: Design | None = None,
    outputs: str | Sequence[str] = DEFAULT_OUTPUTS,
    resolve: bool = False,
    store: str | Path | None = None,
    chunk: int = CHUNK,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: bool | Progress | None = None,
) -> xr.Dataset:
    """Solve a model at every point of a grid or of another design.

    Parameters
    ----------
    model : AlignmentModel
        Of two players.
    values : Scenario or mapping of str to number, optional
        Values of the parameters that do not vary.
    axes : mapping of str to (lower, upper, points), array_like of float, or Axis
        A grid: the values of each parameter that varies.
    design : Design, optional
        Other points, in place of `axes`: a `PointList`, or `Random`, `Sobol` or `Latin` points.
    outputs : str or sequence of str
        Of ``posture``, ``coerced``, ``payoff``, ``margin`` (the posture is observed before the
        second player chooses), ``dominant``, ``equilibria`` and ``equilibrium_posture`` (both
        choose at once, up to three strategies each); see Notes.
    resolve : bool
        Whether points near a tie are decided in rational arithmetic, one by one: some thousands
        a second.
    store : str or Path, optional
        A folder (a zarr store; extra ``scale``) that receives the results chunk by chunk, for
        those larger than memory. The same call after an interruption goes on where it was, and
        gives the same numbers, bit by bit.
    chunk : int
        Points that are solved, sent and stored together, at most. A worker needs 3 MB beyond
        the numbers of its chunk.
    executor : concurrent.futures.Executor, optional
        Solves the chunks: of processes, of threads, or dask's (``client.get_executor()``). By
        default they are solved here, one after the other.
    workers : int, optional
        Threads for each chunk: by default one for each processor, with an executor one.
    progress : bool or callable, optional
        Whether to show a bar; by default where standard error is a terminal and it takes more
        than a second. A callable gets the number of points done and of all.

    Returns
    -------
    xarray.Dataset
        Dimensions are the parameters of the grid, or ``point``. Variables are ``status`` (a
        `BatchStatus`) and the outputs. Attributes hold what is needed to run it again: the
        model's hash, all values, the design with its seed, versions.

    Raises
    ------
    ParameterError
        If a parameter is unknown, missing, or outside its domain along an axis or range, or
        another argument is out of place. (Points of a list that lie outside, and all points
        that break a constraint, get the status ``BAD_INPUT``.)
    GameError
        If the model has not two players, or its payoffs cannot be compiled, or `resolve` is not
        a bool.
    ModelError
        If `model` is no model.
    OutputError
        If the store holds something else, or zarr is not installed.

    Notes
    -----
    Each answer is certain in spite of rounding, or open: its code is then -2 and the status
    ``DEGENERATE``. A code of -1 says that several postures are subgame-perfect, that no
    strategy is dominant or played in all equilibria, or that there are infinitely many
    equilibria. ``payoff`` and ``margin`` (by how much the posture is better than the next) are
    the first player's, NaN where a tie leaves them open. See `alignment_games.batch.fused`.

    Examples
    --------
    >>> import alignment_games as ag
    >>> ds = ag.sweep(ag.models.alignment(), ag.load_scenario("vietnam"),
    ...               axes={"stake": (0.3, 0.8, 2), "patron_reliability": (0, 1, 3)})
    >>> ds.posture.values.tolist()
    [[1, 1, 1], [2, 2, 0]]
    """
    model_of(model)
    if executor is not None:
        _check(executor, Executor, "executor", "a concurrent.futures.Executor")
    if store is not None:
        _check(store, (str, Path), "store", "the path of a folder")
    if progress is not None and not callable(progress):
        _check(progress, bool, "progress", "None, True, False or a callable")
    given = model.parameters.mapping({} if values is None else values)
    asked = job(
        model,
        given,
        design_of(axes, design),
        wanted_outputs(outputs),
        resolve=flag("resolve", resolve),
    )
    most = whole("chunk", chunk, 1, 2**28)
    count = 1 if executor is not None and workers is None else threads(workers)
    attributes = origin(asked, given)
    if store is None:
        return labeled(asked, _in_memory(asked, most, executor, count, progress), attributes)
    with open_store(Path(store), asked, most, attributes) as kept:
        _into_store(kept, asked, most, executor, count, progress)
        return kept.dataset()


def _check(value: object, kind: type | tuple[type, ...], name: str, rule: str) -> None:
    if not isinstance(value, kind):
        msg = f"`{name}` must be {rule}, got {value!r}"
        raise ParameterError(msg)


def sweep_summary(ds: xr.Dataset) -> str:
    """Return how many points a sweep holds, what their answers claim, and the share of each code.

    Parameters
    ----------
    ds : xarray.Dataset
        From `sweep`; one in a store is read part by part.

    Returns
    -------
    str

    Examples
    --------
    >>> import alignment_games as ag
    >>> ds = ag.sweep(ag.models.alignment(), ag.load_scenario("vietnam"), outputs="posture",
    ...               axes={"stake": (0.3, 0.8, 2), "patron_reliability": (0, 1, 3)})
    >>> print(ag.batch.sweep_summary(ds), end="")
    6 points (stake 2 x patron_reliability 3): 6 ok
      posture      balance 16.7 %, hedge 50.0 %, bandwagon 33.3 %
    """
    total = ds["status"].size
    sizes = " x ".join(f"{name} {length}" for name, length in ds.sizes.items())
    claims = ", ".join(
        f"{count} {word.replace('_', ' ')}" for word, count in _counts(ds["status"]).items()
    )
    lines = [f"{total} point{'s' * (total != 1)} ({sizes}): {claims}"]
    for name in ds.data_vars:
        if name != "status" and ds[name].dtype.kind == "i":
            shares = (f"{word} {count / total:.1%}" for word, count in _counts(ds[name]).items())
            lines.append(f"  {name:<12} {', '.join(shares).replace('%', ' %')}")
    return "".join(f"{line}\n" for line in lines)


def _counts(variable: xr.DataArray) -> dict[str, int]:
    """Count the codes of a variable, named by its flags where these have a name."""
    codes: Counter[int] = Counter()
    for part in chunks(variable.shape, 2**24):
        counts = np.bincount(variable[part.region].values.ravel().view(np.uint8), minlength=256)
        for byte in np.flatnonzero(counts).tolist():
            codes[byte - 256 * (byte > 127)] += int(counts[byte])
    names = dict(
        zip(
            np.atleast_1d(variable.attrs["flag_values"]).tolist(),
            variable.attrs["flag_meanings"].split(),
            strict=True,
        )
    )
    ordered = sorted(codes, key=lambda code: (code < 0, code))
    return {names.get(code, str(code)): codes[code] for code in ordered}


def design_of(axes: Mapping[str, Any] | None, design: Design | None) -> Design:
    """Return the points that are asked for: a grid, or another design.

    Raises
    ------
    ParameterError
        If not one of the two is given, or it is not what it should be.
    """
    if (axes is None) == (design is None):
        msg = "`axes` (a grid) or `design` (other points) must be given, one of them"
        raise ParameterError(msg)
    if axes is not None:
        return Grid(axes)
    if not isinstance(design, Design):
        msg = (
            "`design` must be a Grid, PointList, Random, Sobol or Latin of alignment_games.batch, "
            f"got {type(design).__name__}"
        )
        raise ParameterError(msg)
    return design


def _in_memory(
    asked: Job,
    most: int,
    executor: Executor | None,
    workers: int,
    progress: bool | Progress | None,
) -> dict[str, np.ndarray]:
    total = len(asked.design)
    answers: dict[str, np.ndarray] = {"status": np.empty(total, dtype=np.int8)}
    for name in asked.outputs:
        answers[name] = np.empty(total, dtype=np.float64 if name in NUMBERS else np.int8)
    with _shown(progress, total, 0) as advance:
        parts = chunks(asked.design.shape, most)
        for part, found in solved(asked, parts, executor, workers):
            for name, row in found.items():
                answers[name][part.first : part.last] = row
            advance(part.last - part.first)
    return answers


def _into_store(
    kept: SweepStore,
    asked: Job,
    most: int,
    executor: Executor | None,
    workers: int,
    progress: bool | Progress | None,
) -> None:
    shape = asked.design.shape
    done = sum(part.last - part.first for part in chunks(shape, most) if kept.has(part))
    with _shown(progress, len(asked.design), done) as advance:
        todo = (part for part in chunks(shape, most) if not kept.has(part))
        for part, found in solved(asked, todo, executor, workers):
            kept.write(part, found)
            advance(part.last - part.first)


@contextmanager
def _shown(
    progress: bool | Progress | None, total: int, done: int
) -> Iterator[Callable[[int], None]]:
    """Give a function that is told how many more points are done."""
    if callable(progress):
        state = done

        def advance(points: int) -> None:
            nonlocal state
            state += points
            progress(state, total)

        yield advance
        return
    if progress is None:
        show = sys.stderr is not None and sys.stderr.isatty()
        delay = 1.0
    else:
        show, delay = flag("progress", progress), 0.0
    if not show:
        yield lambda _: None
        return
    from tqdm import tqdm

    with tqdm(
        total=total, initial=done, unit=" points", unit_scale=True, delay=delay, leave=not delay
    ) as bar:

        def count(points: int) -> None:
            bar.update(points)

        yield count
