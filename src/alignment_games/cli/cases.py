"""The commands on cases: ``report``, ``scenarios`` and ``figures``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..errors import OutputError, suggestion
from .common import FORMATS, add_scenario, add_set, scenario_of

__all__ = ["add_cases", "add_figures"]


def add_cases(commands: Any) -> None:
    """Add the commands that report a case, and list or copy cases."""
    report = commands.add_parser("report", help="solve a case and explain the answer")
    add_scenario(report)
    report.add_argument("--format", choices=FORMATS, default="text")
    add_set(report)
    report.add_argument(
        "--model", metavar="NAME", help="another model that the scenario has values for: triangle"
    )
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


def add_figures(commands: Any) -> None:
    """Add the command that draws."""
    figures = commands.add_parser("figures", help="draw the figures")
    figures.add_argument("--only", metavar="NAME", help="one figure, for example phase-map")
    figures.add_argument("--out", type=Path, required=True, metavar="DIR")
    figures.add_argument("--quick", action="store_true", help="from fewer points")
    figures.set_defaults(run=_figures)


def _report(options: argparse.Namespace) -> str:
    from ..analysis import report
    from ..io.store import write_whole

    result = report(scenario_of(options, model=options.model))
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
    from ..scenarios import load_scenario, scenario_names

    names = scenario_names()
    width = max(map(len, names))
    return "".join(f"{name:{width}}  {load_scenario(name).title}\n" for name in names)


def _scenario_new(options: argparse.Namespace) -> str:
    from ..scenarios import new_scenario

    path = new_scenario(options.path, based_on=options.based_on, overwrite=options.force)
    return f"{path}: edit it, then run: alignment-games report {path}\n"


def _figures(options: argparse.Namespace) -> str:
    from ..figures import FIGURES, draw

    if options.only is not None and options.only not in FIGURES:
        msg = f"unknown figure {options.only!r}{suggestion(options.only, FIGURES)}"
        raise OutputError(msg)
    names = list(FIGURES) if options.only is None else [options.only]
    return "".join(
        f"{path}\n" for name in names for path in draw(name, options.out, quick=options.quick)
    )
