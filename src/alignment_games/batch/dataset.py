"""Answers with labels: what the dimensions, codes and numbers of a sweep mean, and its origin."""

from __future__ import annotations

import functools
import importlib.metadata
import json
import platform
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .._numeric import exact_number
from .._typing import Values
from .._version import __version__
from ..models import AlignmentModel
from ..models.compile import model_hash
from .design import Design, Grid
from .fused import NONE, NUMBERS, OPEN, OUTPUTS
from .inputs import BatchStatus
from .points import Job

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["coordinates", "flags", "labeled", "origin", "variable_attributes"]

Attributes = dict[str, Any]


def labeled(job: Job, answers: Mapping[str, np.ndarray], attributes: Attributes) -> xr.Dataset:
    """Return the answers of a whole design as a dataset."""
    import xarray as xr

    shape, dims = job.design.shape, job.design.dimensions
    variables = {
        name: (dims, row.reshape(shape), variable_attributes(job.model, name))
        for name, row in answers.items()
    }
    return xr.Dataset(variables, coords=coordinates(job), attrs=attributes)


def coordinates(job: Job) -> dict[str, tuple[tuple[str, ...], np.ndarray, Attributes]]:
    """Return the values of the parameters that vary, each with what it means."""
    design = job.design
    if isinstance(design, Grid):
        return {
            name: ((name,), design.values(name), parameter_attributes(job.model, name))
            for name in design.parameters
        }
    rows = design.columns(0, len(design))
    return {
        name: (design.dimensions, row, parameter_attributes(job.model, name))
        for name, row in zip(design.parameters, rows, strict=True)
    }


def parameter_attributes(model: AlignmentModel, name: str) -> Attributes:
    """Return what a parameter means, in the words of the CF conventions."""
    parameter = model.parameters[name]
    return {
        "long_name": parameter.meaning,
        "units": parameter.unit,
        "symbol": str(parameter.symbol),
    }


def variable_attributes(model: AlignmentModel, name: str) -> Attributes:
    """Return what an output means, its codes as flags of the CF conventions."""
    if name == "status":
        codes = {int(kind): kind.name.lower() for kind in BatchStatus}
        return {"long_name": "what the answers at the point claim"} | flags(codes)
    attributes: Attributes = {"long_name": OUTPUTS[name]}
    if name in NUMBERS:
        return attributes
    if name == "equilibria":
        return attributes | flags({OPEN: "open", NONE: "continuum"})
    if name == "coerced":
        return attributes | flags({OPEN: "open", NONE: "several", 0: "no", 1: "yes"})
    none = "several" if name == "posture" else "none"
    postures = dict(enumerate(model.strategies[0]))
    return attributes | flags({OPEN: "open", NONE: none} | postures)


def flags(meanings: Mapping[int, str]) -> Attributes:
    """Return codes and their words as the CF conventions have them."""
    return {
        "flag_values": np.array(list(meanings), dtype=np.int8),
        "flag_meanings": " ".join(meanings.values()),
    }


def origin(job: Job, values: Values) -> Attributes:
    """Return all that is needed to run a sweep again."""
    model = job.model
    attributes: Attributes = {
        "Conventions": "CF-1.11",
        "title": model.title,
        "model": model.name,
        "model_hash": model_hash(model),
        "postures": list(model.strategies[0]),
        "scenario": "",
        "values": json.dumps({name: str(exact_number(v)) for name, v in values.items()}),
        "design": job.design.describe(),
        "outputs": list(job.outputs),
        "resolve": int(job.resolve),
        "versions": json.dumps(_versions()),
    }
    seed = seed_of(job.design)
    if seed is not None:
        attributes["seed"] = str(seed)
    provenance = getattr(values, "provenance", None)
    return attributes | (provenance() if callable(provenance) else {})


def seed_of(design: Design) -> int | None:
    """Return the seed of a design that has one."""
    seed: int | None = getattr(design, "seed", None)
    return seed


@functools.cache
def _versions() -> dict[str, str]:
    names = ("numba", "numpy", "scipy", "sympy", "xarray")
    return {
        "alignment_games": __version__,
        "python": platform.python_version(),
    } | {name: importlib.metadata.version(name) for name in names}
