"""What several commands share: options, and how their texts are read."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from .._numeric import parse_number
from ..errors import ParameterError

if TYPE_CHECKING:
    from ..scenarios import Scenario

__all__ = ["FORMATS", "Once", "add_scenario", "add_set", "read_ends", "scenario_of"]

FORMATS = ("text", "json", "html", "latex")


class Once(argparse.Action):
    """Store an option's text; refuse the option a second time, which would silently win."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        """Store the text, or end with an error."""
        given = vars(namespace).setdefault("given_once", set())
        if self.dest in given:
            parser.error(f"argument {option_string}: given twice; give it once")
        given.add(self.dest)
        setattr(namespace, self.dest, values)


def add_scenario(parser: argparse.ArgumentParser) -> None:
    """Add the scenario that a command is about."""
    parser.add_argument("scenario", help="a scenario's name, or the path of a TOML file")


def add_set(parser: argparse.ArgumentParser) -> None:
    """Add the option that replaces values of the scenario."""
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="replace a value, for example patron_reliability=0.7, or a believed one, "
        "for example perceived.patron_reliability=1/2; may be repeated",
    )


def scenario_of(options: argparse.Namespace, *, model: str | None = None) -> Scenario:
    """Load the scenario, for its own model or another, with the values of ``--set``."""
    from ..scenarios import load_scenario

    scenario = load_scenario(options.scenario)
    if model is not None:
        scenario = scenario.for_model(model)
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


def read_ends(text: str, parts: list[str], size: int) -> tuple[Any, ...]:
    """Read LOWER:UPPER or LOWER:UPPER:POINTS."""
    form = ":".join(("LOWER", "UPPER", "POINTS")[:size])
    try:
        if len(parts) == size:
            ends = parse_number(parts[0]), parse_number(parts[1])
            return ends if size == 2 else (*ends, int(parts[2]))
    except ValueError:
        pass
    example = "stake=0:2" + ":201" * (size - 2)
    where = "here" if size == 2 else "in a grid (a --design has no POINTS)"
    msg = f"an axis needs NAME={form} {where}, for example {example}, got {text[:80]!r}"
    raise ParameterError(msg)
