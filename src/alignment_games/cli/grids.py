"""The commands on many points: ``sweep`` and ``regions``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from .._numeric import parse_number
from ..errors import OutputError, ParameterError
from .common import Once, add_scenario, add_set, read_ends, scenario_of

__all__ = ["add_regions", "add_sweep"]


def add_sweep(commands: Any) -> None:
    """Add the command that solves a grid or another design."""
    sweep = commands.add_parser(
        "sweep", help="solve a case at every point of a grid, or at random or Sobol' points"
    )
    add_scenario(sweep)
    for name, which in (("--x", "the last dimension"), ("--y", "the one before")):
        sweep.add_argument(
            name,
            action=Once,
            metavar="NAME=LOWER:UPPER:POINTS",
            help=f"values of a parameter: {which}",
        )
    sweep.add_argument(
        "--axis",
        action="append",
        default=[],
        metavar="NAME=LOWER:UPPER[:POINTS]",
        help="one more parameter; without POINTS, the range of a --design; may be repeated",
    )
    sweep.add_argument("--design", choices=("random", "sobol", "latin"), help="instead of a grid")
    sweep.add_argument("--points", type=int, help="points of the --design")
    sweep.add_argument("--seed", type=int, help="seed of the --design (default 0)")
    sweep.add_argument(
        "--outputs", metavar="NAME,NAME,...", help="what to find out (default: all codes)"
    )
    add_set(sweep)
    sweep.add_argument(
        "--resolve", action="store_true", help="decide points near a tie in rational arithmetic"
    )
    sweep.add_argument("--workers", type=int, help="threads (default: one a processor)")
    sweep.add_argument("--quiet", action="store_true", help="no progress bar")
    sweep.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help="a netCDF file (.nc), or a zarr store (.zarr) for results larger than memory; an "
        "interrupted command goes on with the same store",
    )
    sweep.set_defaults(run=_sweep)


def add_regions(commands: Any) -> None:
    """Add the command that bounds areas."""
    regions = commands.add_parser(
        "regions", help="bound the areas of the regions of a phase map, with certainty"
    )
    add_scenario(regions)
    for name, default in (("--x", "patron_reliability=0:1"), ("--y", "stake=0:1.6")):
        regions.add_argument(
            name,
            action=Once,
            default=default,
            metavar="NAME=LOWER:UPPER",
            help=f"a parameter and its ends (default {default})",
        )
    regions.add_argument(
        "--precision",
        default="0.001",
        metavar="SHARE",
        help="largest side of an undecided cell, as a share of each axis (default 0.001)",
    )
    regions.add_argument(
        "--outputs", metavar="NAME,NAME,...", help="what tells regions apart (posture,coerced)"
    )
    regions.add_argument(
        "--max-cells", type=int, help="stop before more are solved (default 10 million)"
    )
    add_set(regions)
    regions.add_argument("--workers", type=int, help="threads (default: one a processor)")
    regions.add_argument("--format", choices=("text", "json"), default="text")
    regions.set_defaults(run=_regions)


def _sweep(options: argparse.Namespace) -> str:
    from ..batch import sweep, sweep_summary
    from ..io import write_netcdf
    from ..io.store import prepare_folder

    if options.output.suffix not in {".nc", ".zarr"}:
        msg = f"`--output` must end in .nc or .zarr, got {str(options.output)!r}"
        raise OutputError(msg)
    scenario = scenario_of(options)
    more: dict[str, Any] = {}
    if options.outputs is not None:
        more["outputs"] = options.outputs.split(",")
    if options.output.suffix == ".zarr":
        more["store"] = options.output
    points = _points(options)
    prepare_folder(options.output.parent)  # now, not when all is computed
    ds = sweep(
        scenario.model,
        scenario,
        **points,
        **more,
        resolve=options.resolve,
        workers=options.workers,
        progress=False if options.quiet else None,
    )
    if options.output.suffix == ".nc":
        write_netcdf(ds, options.output)
    return f"{options.output}: {sweep_summary(ds)}"


def _points(options: argparse.Namespace) -> dict[str, Any]:
    """Return the axes or the design that the options name."""
    from ..batch import Latin, Random, Sobol

    texts = [*options.axis, *(text for text in (options.y, options.x) if text is not None)]
    if not texts:
        msg = "`--x` is needed, for example --x patron_reliability=0:1:201"
        raise ParameterError(msg)
    axes: dict[str, tuple[Any, ...]] = {}
    for text in texts:
        name, _, span = text.partition("=")
        if name in axes:
            msg = f"`{name[:80]}` has two axes; give it one"
            raise ParameterError(msg)
        axes[name] = read_ends(text, span.split(":"), 2 if options.design else 3)
    for setting in options.set:
        name = setting.partition("=")[0]
        if name in axes:
            msg = f"`--set {name[:80]}` has no effect, because an axis gives {name[:80]}; drop one"
            raise ParameterError(msg)
    if options.design is None:
        for option in ("points", "seed"):
            if getattr(options, option) is not None:
                msg = f"`--{option}` needs a --design; a grid is NAME=LOWER:UPPER:POINTS"
                raise ParameterError(msg)
        return {"axes": axes}
    if options.points is None:
        msg = "`--design` needs --points, for example --points 4096"
        raise ParameterError(msg)
    kinds: dict[str, Any] = {"random": Random, "sobol": Sobol, "latin": Latin}
    return {"design": kinds[options.design](axes, options.points, rng=options.seed or 0)}


def _regions(options: argparse.Namespace) -> str:
    from ..analysis import phase_regions

    more: dict[str, Any] = {}
    for name in ("x", "y"):
        parameter, _, span = getattr(options, name).partition("=")
        more[name] = (parameter, *read_ends(getattr(options, name), span.split(":"), 2))
    if options.outputs is not None:
        more["outputs"] = options.outputs.split(",")
    if options.max_cells is not None:
        more["max_cells"] = options.max_cells
    try:
        precision = parse_number(options.precision)
    except ValueError as error:
        msg = f"`--precision`: {error}"
        raise ParameterError(msg) from None
    found = phase_regions(
        scenario_of(options), precision=precision, workers=options.workers, **more
    )
    if options.format == "json":
        return json.dumps(found.to_dict(), indent=2) + "\n"
    return f"{found}\n"
