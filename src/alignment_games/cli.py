"""The command line: ``alignment-games report``, ``sweep``, ``regions``, and more."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from . import __version__
from ._numeric import parse_number
from .errors import AlignmentGamesError, OutputError, ParameterError, suggestion

if TYPE_CHECKING:
    from .scenarios import Scenario

__all__ = ["main"]

FORMATS = ("text", "json", "html", "latex")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        ``sys.argv[1:]`` by default.

    Returns
    -------
    int
        0, or 2 after an error, of which one line was written to standard error.
    """
    options = _parser().parse_args(arguments)
    try:
        _print(options.run(options))
    except AlignmentGamesError as error:
        print(f"alignment-games: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    return 0


def _print(text: str) -> None:
    """Write to standard output, in its encoding; a reader that leaves early is no error."""
    stream: TextIO | None = sys.stdout
    if stream is None:
        msg = "standard output is closed; write to a file with -o FILE"
        raise OutputError(msg)
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:  # a pager, for example, was left
        _discard_output()
    except OSError as error:
        _discard_output()
        msg = f"cannot write to standard output: {error.strerror}"
        raise OutputError(msg) from None


def _discard_output() -> None:
    """Send what is still buffered nowhere, so that the interpreter ends quietly."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="alignment-games",
        description="When does hedging beat balancing and bandwagoning?",
        epilog="Each command has its own --help.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    report = commands.add_parser("report", help="solve a case and explain the answer")
    report.add_argument("scenario", help="a scenario's name, or the path of a TOML file")
    report.add_argument("--format", choices=FORMATS, default="text")
    _add_set(report)
    report.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write to a file instead of the terminal"
    )
    report.set_defaults(run=_report)

    scenarios = commands.add_parser("scenarios", help="list scenarios, or copy one to edit")
    verbs = scenarios.add_subparsers(title="commands", required=True, metavar="COMMAND")
    listing = verbs.add_parser("list", help="names and titles of the scenarios")
    listing.set_defaults(run=_scenario_list)
    new = verbs.add_parser("new", help="copy a scenario to a file of your own")
    new.add_argument("path", help="the new file, ending in .toml")
    new.add_argument("--from", dest="based_on", default="vietnam", metavar="SCENARIO")
    new.add_argument("--force", action="store_true", help="replace an existing file")
    new.set_defaults(run=_scenario_new)

    sweep = commands.add_parser(
        "sweep", help="solve a case at every point of a grid, or at random or Sobol' points"
    )
    sweep.add_argument("scenario", help="a scenario's name, or the path of a TOML file")
    for name, which in (("--x", "the last dimension"), ("--y", "the one before")):
        sweep.add_argument(
            name, metavar="NAME=LOWER:UPPER:POINTS", help=f"values of a parameter: {which}"
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
    sweep.add_argument("--seed", type=int, default=0, help="seed of the --design (default 0)")
    sweep.add_argument(
        "--outputs", metavar="NAME,NAME,...", help="what to find out (default: all codes)"
    )
    _add_set(sweep)
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

    regions = commands.add_parser(
        "regions", help="bound the areas of the regions of a phase map, with certainty"
    )
    regions.add_argument("scenario", help="a scenario's name, or the path of a TOML file")
    for name, default in (("--x", "patron_reliability=0:1"), ("--y", "stake=0:1.6")):
        regions.add_argument(
            name,
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
    regions.add_argument("--max-cells", type=int, help="stop before more cells are solved")
    _add_set(regions)
    regions.add_argument("--workers", type=int, help="threads (default: one a processor)")
    regions.add_argument("--format", choices=("text", "json"), default="text")
    regions.set_defaults(run=_regions)
    _add_analyses(commands)

    figures = commands.add_parser("figures", help="draw the figures")
    figures.add_argument("--only", metavar="NAME", help="one figure, for example phase-map")
    figures.add_argument("--out", type=Path, required=True, metavar="DIR")
    figures.set_defaults(run=_figures)
    return parser


def _add_analyses(commands: Any) -> None:
    """Add the commands that draw from a prior."""

    def command(name: str, run: Callable[..., str], points: int, words: str) -> Any:
        parser = commands.add_parser(name, help=words)
        parser.add_argument("--points", type=int, default=points, metavar="N")
        parser.add_argument("--seed", type=int, metavar="S", help="repeats a run; printed with it")
        parser.add_argument("--confidence", type=float, default=0.95, metavar="LEVEL")
        parser.add_argument("--format", choices=FORMATS[:2], default="text")
        parser.set_defaults(run=run)
        return parser

    share = command("robustness", _robustness, 40_000, "how much of a prior each posture owns")
    effect = command("sensitivity", _sensitivity, 2**14, "which parameters decide under a prior")
    told = command("identify", _identify, 150_000, "what two outcomes say about a counterfactual")
    for parser in (share, effect, told):
        parser.add_argument("--prior", default="base", metavar="NAME", help="base, or an ablation")
        parser.add_argument("--posture", default="hedge")
    effect.add_argument("--claim", default="chosen", help="chosen, dominant, unique, ...")
    told.add_argument("--scheme", metavar="NAME", help="one way to draw two cases; all by default")
    swap = command("swap", _swap, 20_000, "each of two cases with the other's posture")
    swap.add_argument("case", help="a scenario's name, or the path of a TOML file")
    swap.add_argument("other", help="another")


def _robustness(options: argparse.Namespace) -> str:
    from .analysis import prior_robustness

    return _shown(prior_robustness(**_drawn(options)), options)


def _sensitivity(options: argparse.Namespace) -> str:
    from .analysis import sensitivity

    return _shown(sensitivity(**_drawn(options), claim=options.claim), options)


def _identify(options: argparse.Namespace) -> str:
    from .analysis import counterfactual_share, identification_table

    if options.scheme is not None:
        return _shown(counterfactual_share(**_drawn(options), scheme=options.scheme), options)
    return _shown(identification_table(**_drawn(options)), options)


def _swap(options: argparse.Namespace) -> str:
    from .analysis import swap
    from .scenarios import load_scenario

    case, other = load_scenario(options.case), load_scenario(options.other)
    settings = {"points": options.points, "rng": options.seed, "confidence": options.confidence}
    return _shown(swap(case, other, **settings), options)


def _drawn(options: argparse.Namespace) -> dict[str, Any]:
    """Return the arguments that the commands on a prior share."""
    from .models import alignment

    names = ("prior", "posture", "points", "confidence")
    return {"model": alignment(), "rng": options.seed} | {n: getattr(options, n) for n in names}


def _shown(result: Any, options: argparse.Namespace) -> str:
    return str(result.to_json()) if options.format == "json" else f"{result}\n"


def _add_set(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="replace a value, for example patron_reliability=0.7, or a believed one, "
        "for example perceived.patron_reliability=1/2; may be repeated",
    )


def _scenario(options: argparse.Namespace) -> Scenario:
    """Load the scenario with the values of ``--set``."""
    from .scenarios import load_scenario

    scenario = load_scenario(options.scenario)
    truth: dict[str, object] = {}
    belief: dict[str, object] = {}
    for setting in options.set:
        name, equals, text = setting.partition("=")
        if not equals:
            msg = f"`--set` needs NAME=VALUE, for example stake=0.6, got {setting[:80]!r}"
            raise ParameterError(msg)
        try:
            value = parse_number(text)
        except ValueError as error:
            msg = f"`--set {name[:80]}`: {error}"
            raise ParameterError(msg) from None
        block = belief if name.startswith("perceived.") else truth
        key = name.removeprefix("perceived.")
        if key in block:
            msg = f"`--set` names {name[:80]!r} twice; give it once"
            raise ParameterError(msg)
        block[key] = value
    return scenario.replace(**truth).replace_perceived(**belief)


def _report(options: argparse.Namespace) -> str:
    from .analysis import report
    from .io.store import write_whole

    result = report(_scenario(options))
    written = {
        "text": result.to_text,
        "json": result.to_json,
        "html": result.to_html,
        "latex": result.to_latex,
    }[options.format]()
    if options.output is None:
        return written
    write_whole(options.output, lambda path: path.write_text(written, "utf-8"))
    return f"{options.output}\n"


def _scenario_list(_: argparse.Namespace) -> str:
    from .scenarios import load_scenario, scenario_names

    names = scenario_names()
    width = max(map(len, names))
    return "".join(f"{name:{width}}  {load_scenario(name).title}\n" for name in names)


def _scenario_new(options: argparse.Namespace) -> str:
    from .scenarios import new_scenario

    path = new_scenario(options.path, based_on=options.based_on, overwrite=options.force)
    return f"{path}: edit it, then run: alignment-games report {path}\n"


def _sweep(options: argparse.Namespace) -> str:
    from .batch import sweep, sweep_summary
    from .io import write_netcdf
    from .io.store import prepare_folder

    if options.output.suffix not in {".nc", ".zarr"}:
        msg = f"`--output` must end in .nc or .zarr, got {str(options.output)!r}"
        raise OutputError(msg)
    scenario = _scenario(options)
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
    from .batch import Latin, Random, Sobol

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
        axes[name] = _span(text, span.split(":"), 2 if options.design else 3)
    if options.design is None:
        if options.points is not None:
            msg = "`--points` needs a --design; a grid has its points in NAME=LOWER:UPPER:POINTS"
            raise ParameterError(msg)
        return {"axes": axes}
    if options.points is None:
        msg = "`--design` needs --points, for example --points 4096"
        raise ParameterError(msg)
    kinds: dict[str, Any] = {"random": Random, "sobol": Sobol, "latin": Latin}
    return {"design": kinds[options.design](axes, options.points, rng=options.seed)}


def _span(text: str, parts: list[str], size: int) -> tuple[Any, ...]:
    """Read LOWER:UPPER or LOWER:UPPER:POINTS."""
    form = ":".join(("LOWER", "UPPER", "POINTS")[:size])
    try:
        if len(parts) == size:
            ends = parse_number(parts[0]), parse_number(parts[1])
            return ends if size == 2 else (*ends, int(parts[2]))
    except ValueError:
        pass
    example = "stake=0:2" + ":201" * (size - 2)
    msg = f"an axis needs NAME={form}, for example {example}, got {text[:80]!r}"
    raise ParameterError(msg)


def _regions(options: argparse.Namespace) -> str:
    import json

    from .analysis import phase_regions

    more: dict[str, Any] = {}
    for name in ("x", "y"):
        parameter, _, span = getattr(options, name).partition("=")
        more[name] = (parameter, *_span(getattr(options, name), span.split(":"), 2))
    if options.outputs is not None:
        more["outputs"] = options.outputs.split(",")
    if options.max_cells is not None:
        more["max_cells"] = options.max_cells
    try:
        precision = parse_number(options.precision)
    except ValueError as error:
        msg = f"`--precision`: {error}"
        raise ParameterError(msg) from None
    found = phase_regions(_scenario(options), precision=precision, workers=options.workers, **more)
    if options.format == "json":
        return json.dumps(found.to_dict(), indent=2) + "\n"
    return f"{found}\n"


def _figures(options: argparse.Namespace) -> str:
    from .figures import FIGURES, draw

    if options.only is not None and options.only not in FIGURES:
        msg = f"unknown figure {options.only!r}{suggestion(options.only, FIGURES)}"
        raise OutputError(msg)
    names = list(FIGURES) if options.only is None else [options.only]
    return "".join(f"{path}\n" for name in names for path in draw(name, options.out))


if __name__ == "__main__":
    sys.exit(main())
