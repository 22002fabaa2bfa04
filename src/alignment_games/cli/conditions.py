"""The command that says when a strategy is better: ``condition``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from .._numeric import parse_number
from ..errors import ParameterError
from .common import Once, add_set, scenario_of

__all__ = ["add_condition"]

FORMATS = ("text", "unicode", "latex", "html", "json")


def add_condition(commands: Any) -> None:
    """Add the command."""
    condition = commands.add_parser(
        "condition",
        help="say when a strategy is better than another, in symbols",
        description="Say when a strategy is better than another, in the parameters of a "
        "model. Without --against: whatever the others do, which is strict dominance.",
    )
    condition.add_argument("strategy", help="for example hedge, or coerce")
    condition.add_argument(
        "--over", metavar="STRATEGY", help="compare with this one; by default with each other"
    )
    condition.add_argument(
        "--against",
        metavar="STRATEGY",
        action=Once,
        help="what the other player does, or probabilities, for example accommodate=0.7,coerce=0.3",
    )
    condition.add_argument(
        "--solve-for", metavar="PARAMETER", help="solve for a parameter; needs --over"
    )
    condition.add_argument(
        "--at", dest="scenario", metavar="SCENARIO", help="evaluate at a case as well"
    )
    condition.add_argument(
        "--model",
        type=Path,
        metavar="FILE",
        help="a model of your own, a TOML file; by default the alignment model",
    )
    add_set(condition)
    condition.add_argument(
        "--full", action="store_true", help="do not write blocks of the payoffs as single symbols"
    )
    condition.add_argument("--format", choices=FORMATS, default="text")
    condition.add_argument(
        "--latex", dest="format", action="store_const", const="latex", help="like --format latex"
    )
    condition.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write to a file instead of the terminal"
    )
    condition.set_defaults(run=_condition)


def _condition(options: argparse.Namespace) -> str:
    from ..io.store import write_whole
    from ..models import alignment, load_model
    from ..symbolic import condition_report

    model, values = alignment() if options.model is None else load_model(options.model), None
    if options.model is not None and options.scenario is not None:
        msg = "`--at` names a case of the alignment model; leave it out with `--model`"
        raise ParameterError(msg)
    if options.scenario is not None:
        values = scenario_of(options)
        model = values.model
    elif options.set:
        msg = "`--set` needs `--at SCENARIO`, whose values it replaces"
        raise ParameterError(msg)
    if options.solve_for is not None and options.over is None:
        msg = "`--solve-for` needs `--over STRATEGY`, the strategy to compare with"
        raise ParameterError(msg)
    report = condition_report(
        model,
        options.strategy,
        over=options.over,
        against=None if options.against is None else _play(options.against),
        solve_for=options.solve_for,
        values=values,
        short=not options.full,
    )
    written = {
        "text": report.to_text,
        "unicode": lambda: report.to_text(pretty=True),
        "latex": report.to_latex,
        "html": report.to_html,
        "json": report.to_json,
    }[options.format]()
    if options.output is None:
        return written
    write_whole(options.output, lambda path: path.write_text(written, "utf-8"))
    return f"{options.output}\n"


def _play(text: str) -> Any:
    """Read a strategy, or probabilities by strategy."""
    if "=" not in text:
        return text
    play = {}
    for part in text.split(","):
        name, equals, number = (piece.strip() for piece in part.partition("="))
        if name in play:
            msg = f"`--against` must name each strategy once, {name!r} is there twice"
            raise ParameterError(msg)
        try:
            play[name] = parse_number(number)
        except ValueError as error:
            msg = f"`--against` needs STRATEGY or STRATEGY=PROBABILITY,..., got {part[:80]!r}"
            raise ParameterError(f"{msg}: {error}" if equals else msg) from None
    if sum(play.values()) != 1 or min(play.values()) < 0:
        msg = f"`--against` needs probabilities that sum to 1, got {text[:80]!r}"
        raise ParameterError(msg)
    return play
