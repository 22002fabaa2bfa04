"""The commands that draw from a prior: ``robustness``, ``sensitivity``, ``identify``, ``swap``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from .common import FORMATS

__all__ = ["add_priors"]


def add_priors(commands: Any) -> None:
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
    settings = {"points": options.points, "rng": options.seed, "confidence": options.confidence}
    return _shown(swap(case, other, **settings), options)


def _drawn(options: argparse.Namespace) -> dict[str, Any]:
    """Return the arguments that the commands on a prior share."""
    from ..models import alignment

    names = ("prior", "posture", "points", "confidence")
    return {"model": alignment(), "rng": options.seed} | {n: getattr(options, n) for n in names}


def _shown(result: Any, options: argparse.Namespace) -> str:
    return str(result.to_json()) if options.format == "json" else f"{result}\n"
