"""Points of a design solved in blocks that stay in a core's cache."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import nan

import numpy as np

from .._typing import FloatArray, Values
from ..errors import ParameterError, suggestion
from ..models import AlignmentModel
from ..models.compile import is_rational
from .design import Design
from .exact_points import exact_answers
from .fused import NUMBERS, OPEN, fused_loop
from .inputs import BatchStatus, blocks, in_threads

__all__ = ["BLOCK", "Job", "job", "solve_cells", "solve_points"]

BLOCK = 16_384
"""Points of a block: with 24 parameters all varying, its numbers take 3 MB."""

Answers = dict[str, np.ndarray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """All that the answers of a sweep depend on; can be sent to another process.

    Attributes
    ----------
    model : AlignmentModel
    values : mapping of str to Fraction
        The parameters that do not vary.
    design : Design
    outputs : tuple of str
    resolve : bool
        Whether points near a tie are decided in rational arithmetic.
    """

    model: AlignmentModel
    values: Mapping[str, Fraction]
    design: Design = field(repr=False)
    outputs: tuple[str, ...]
    resolve: bool


def job(
    model: AlignmentModel,
    values: Values,
    design: Design,
    outputs: tuple[str, ...],
    *,
    resolve: bool,
) -> Job:
    """Return a checked job.

    Raises
    ------
    ParameterError
        If a parameter is unknown, missing, or outside its domain, or values that do not vary
        break a constraint.
    """
    space = model.parameters
    for name in (*values, *design.parameters):
        if name not in space:
            msg = f"unknown parameter {str(name)[:80]!r}{suggestion(name, space)}"
            raise ParameterError(msg)
    design.check(space)
    varying = set(design.parameters)
    fixed = {name: space.number(name, values[name]) for name in values if name not in varying}
    missing = [name for name in space if name not in fixed and name not in varying]
    if missing:
        msg = f"a value is needed for every parameter; missing: {', '.join(missing)}"
        raise ParameterError(msg)
    for constraint in space.constraints:
        if not {constraint.smaller, constraint.larger} & varying:
            constraint.check(fixed)
    return Job(model=model, values=fixed, design=design, outputs=outputs, resolve=resolve)


def solve_points(job: Job, first: int, last: int, workers: int) -> Answers:
    """Return the status and the outputs of the points from `first` to before `last`.

    Beyond the answers, memory is a few megabytes a worker.
    """

    def columns(span: slice) -> FloatArray:
        return job.design.columns(first + span.start, first + span.stop)

    answers = _solve(job, last - first, columns, {}, workers)
    if job.resolve and is_rational(job.model):
        for place in np.flatnonzero(answers["status"] == BatchStatus.DEGENERATE).tolist():
            point = dict(job.values) | job.design.exact(first + place)
            exact = exact_answers(
                job.model, {name: point[name] for name in job.model.parameters}, job.outputs
            )
            if exact is None:
                exact = {name: nan if name in NUMBERS else OPEN for name in job.outputs}
                answers["status"][place] = BatchStatus.BAD_INPUT
            else:
                answers["status"][place] = BatchStatus.RESOLVED
            for name, value in exact.items():
                answers[name][place] = value
    return answers


def solve_cells(
    job: Job, columns: FloatArray, half_sides: Mapping[str, float], workers: int
) -> Answers:
    """Return what holds throughout boxes around some points.

    Parameters
    ----------
    job : Job
        Its design says which parameters the rows of `columns` are.
    columns : ndarray, shape (n_parameters, n_cells)
        The boxes' middles.
    half_sides : mapping of str to float
        Half the length of the boxes' sides along each of these parameters.
    """

    def part(span: slice) -> FloatArray:
        return np.ascontiguousarray(columns[:, span])

    return _solve(job, columns.shape[1], part, half_sides, workers)


def _solve(
    job: Job,
    count: int,
    columns: Callable[[slice], FloatArray],
    distances: Mapping[str, float],
    workers: int,
) -> Answers:
    """Run the loop on blocks of points, each made where it is solved."""
    answers: Answers = {"status": np.empty(count, dtype=np.int8)}
    for name in job.outputs:
        answers[name] = np.empty(count, dtype=np.float64 if name in NUMBERS else np.int8)
    codes = [row for name, row in answers.items() if name not in NUMBERS]
    numbers = [row for name, row in answers.items() if name in NUMBERS]
    loop = fused_loop(job.model, job.outputs)
    names = list(job.model.parameters)
    fixed = np.array([float(job.values.get(name, 0)) for name in names])
    swept = np.array([names.index(name) for name in job.design.parameters], dtype=np.int64)
    far = np.array([float(distances.get(name, 0.0)) for name in names])
    spans = blocks(count, BLOCK, workers)

    def work(worker: int) -> None:
        for span in spans[worker::workers]:
            size = span.stop - span.start
            found = np.empty((len(codes), size), dtype=np.int8)
            measured = np.empty((len(numbers), size))
            loop(fixed, swept, columns(span), far, found, measured)
            for row, own in zip((*codes, *numbers), (*found, *measured), strict=True):
                row[span] = own

    in_threads(work, workers)
    return answers
