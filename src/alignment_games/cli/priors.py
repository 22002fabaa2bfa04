"""The commands that draw from a prior: ``robustness``, ``sensitivity``, ``identify``, ``swap``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from ..errors import ParameterError
from .common import FORMATS

__all__ = ["add_priors"]


def add_priors(commands: Any) -> None:
    """Add the commands that draw from a prior."""

    def command(name: str, run: Callable[..., str], points: int, words: str) -> Any:
        parser = commands.add_parser(name, help=words)
        parser.add_argument(
            "--points",
            type=int,
            default=points,
            metavar="N",
            help="random points (default: %(default)s)",
        )
        parser.add_argument(
            "--seed",
            type=int,
            metavar="S",
            help="repeats a run (default: a new one, which is printed)",
        )
        parser.add_argument(
            "--confidence",
            type=float,
            default=0.95,
            metavar="LEVEL",
            help="level of the intervals (default: %(default)s)",
        )
        parser.add_argument(
            "--format", choices=FORMATS[:2], default="text", help="(default: %(default)s)"
        )
        parser.set_defaults(run=run)
        return parser

    share = command("robustness", _robustness, 40_000, "how much of a prior each posture owns")
    effect = command("sensitivity", _sensitivity, 2**14, "which parameters decide under a prior")
    told = command("identify", _identify, 150_000, "what two outcomes say about a counterfactual")
    for parser in (share, effect, told):
        parser.add_argument("--prior", default="base", metavar="NAME", help="base, or an ablation")
        parser.add_argument("--posture", default="hedge", help="(default: %(default)s)")
    effect.add_argument(
        "--claim",
        default="chosen",
        metavar="CLAIM",
        help="chosen (default), in_peace, dominant, unique or all",
    )
    told.add_argument("--scheme", metavar="NAME", help="one way to draw two cases; all by default")
    swap = command("swap", _swap, 20_000, "each of two cases with the other's posture")
    swap.add_argument("case", help="a scenario's name, or the path of a TOML file")
    swap.add_argument("other", help="another")


def _robustness(options: argparse.Namespace) -> str:
    from ..analysis import prior_robustness

    return _shown(prior_robustness(**_drawn(options)), options)


def _sensitivity(options: argparse.Namespace) -> str:
    from ..analysis import sensitivity

    return _shown(sensitivity(**_drawn(options), claim=options.claim), options)


def _identify(options: argparse.Namespace) -> str:
    from ..analysis import counterfactual_share, identification_table

    if options.scheme is not None:
        return _shown(counterfactual_share(**_drawn(options), scheme=options.scheme), options)
    return _shown(identification_table(**_drawn(options)), options)


def _swap(options: argparse.Namespace) -> str:
    from ..analysis import swap
    from ..scenarios import load_scenario

    case, other = load_scenario(options.case), load_scenario(options.other)
    return _shown(swap(case, other, **_settings(options)), options)


def _drawn(options: argparse.Namespace) -> dict[str, Any]:
    """Return the arguments that the commands on a prior share."""
    from ..models import alignment

    own = {"model": alignment(), "prior": options.prior, "posture": options.posture}
    return own | _settings(options)


def _settings(options: argparse.Namespace) -> dict[str, Any]:
    """Return the arguments that all commands here share, checked by the names of the options."""
    if options.seed is not None and options.seed < 0:
        msg = f"`--seed` must be a whole number of at least 0, for example 1, got {options.seed}"
        raise ParameterError(msg)
    if not 0 < options.confidence < 1:
        msg = (
            "`--confidence` must be a number between 0 and 1, for example 0.95, got "
            f"{options.confidence:g}"
        )
        raise ParameterError(msg)
    return {"points": options.points, "rng": options.seed, "confidence": options.confidence}


def _shown(result: Any, options: argparse.Namespace) -> str:
    return str(result.to_json()) if options.format == "json" else f"{result}\n"
