"""Model files: a user's model in TOML, with payoffs as formulas. Nothing in them is evaluated."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from ..errors import ModelError, suggestion
from ..io.store import read_text, write_whole
from ..io.toml import convert, number_of, read_toml, toml_key, toml_string
from ._expressions import formula_text
from .formulas import parse_formula
from .model import AlignmentModel, model_of
from .own import build_model
from .own_parameters import build_parameter
from .parameters import Constraint, Interval, Parameter

__all__ = ["load_model", "model_document", "parse_model", "save_model"]

MAX_BYTES = 1_048_576
SCHEMA_VERSION = 1


class _ParameterFile(msgspec.Struct, forbid_unknown_fields=True):
    domain: list[Any]
    usual: list[Any] | None = None
    symbol: str | None = None
    meaning: str = ""
    unit: str = ""
    status: str = "assumption"


class _ConstraintFile(msgspec.Struct, forbid_unknown_fields=True):
    smaller: str
    larger: str
    reason: str


class _ModelFile(msgspec.Struct, forbid_unknown_fields=True):
    schema: int
    name: str
    players: dict[str, list[str]]
    payoffs: dict[str, Any]
    parameters: dict[str, Any] = msgspec.field(default_factory=dict)
    title: str = ""
    reference: str = ""
    definitions: dict[str, Any] = msgspec.field(default_factory=dict)
    constraints: list[Any] = msgspec.field(default_factory=list)


def load_model(path: str | os.PathLike[str]) -> AlignmentModel:
    """Read a model of your own from a TOML file.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    AlignmentModel

    Raises
    ------
    ModelError
        If there is no such file, it is larger than a megabyte, or it breaks a rule of the
        format; the message names the file, the key and, in a formula, the column.

    Examples
    --------
    >>> import tempfile
    >>> import alignment_games as ag
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = ag.models.save_model(ag.models.alignment(), Path(folder) / "mine.toml")
    ...     model = load_model(path)
    >>> model.payoff("hegemon", "hedge", "accommodate")
    -b*zeta
    """
    try:
        place = Path(path)
    except TypeError:
        msg = f"`path` must name a file, got {type(path).__name__}"
        raise ModelError(msg) from None
    text = read_text(
        place,
        limit=MAX_BYTES,
        error=ModelError,
        kind="a model file",
        hint="write one with save_model(model, path)",
    )
    return parse_model(text, origin=f"`{place}`")


def parse_model(text: str, *, origin: str = "model") -> AlignmentModel:
    """Return the model that a TOML text describes.

    Parameters
    ----------
    text : str
    origin : str, optional
        What error messages call the text.

    Returns
    -------
    AlignmentModel

    Raises
    ------
    ModelError
        As for `load_model`.

    Examples
    --------
    >>> parse_model("schema = 1", origin="text")
    Traceback (most recent call last):
    ...
    alignment_games.errors.ModelError: text: in the file: Object missing required field `name`
    """
    return read_toml(
        text,
        _ModelFile,
        _build,
        kind="model",
        origin=origin,
        schema=SCHEMA_VERSION,
        error=ModelError,
    )


def model_document(model: AlignmentModel) -> str:
    """Write a model as a TOML text that reads back as the same model.

    Terms and temptations of the model are not written: a model that is read has the temptations
    that its payoffs imply.

    Parameters
    ----------
    model : AlignmentModel

    Returns
    -------
    str

    Raises
    ------
    ModelError
        If a payoff holds what formulas do not, or a name what files do not.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.build_model("toss", players={"nature": ["heads", "tails"]},
    ...     parameters={"prize": (0, 1)}, payoffs={"heads": ("prize/2",), "tails": (0.25,)})
    >>> print(model_document(model))
    schema = 1
    name = "toss"
    title = "toss"
    <BLANKLINE>
    [players]
    nature = ["heads", "tails"]
    <BLANKLINE>
    [parameters.prize]
    domain = [0, 1]
    meaning = "prize"
    status = "assumption"
    <BLANKLINE>
    [payoffs.heads]
    nature = "prize/2"
    <BLANKLINE>
    [payoffs.tails]
    nature = "1/4"
    <BLANKLINE>
    """
    model_of(model)
    lines = [f"schema = {SCHEMA_VERSION}"]
    _add(lines, name=model.name, title=model.title, reference=model.reference)
    lines += ["", "[players]"]
    for player, own in zip(model.players, model.strategies, strict=True):
        words = ", ".join(map(toml_string, own))
        lines.append(f"{toml_key(player)} = [{words}]")
    for parameter in model.parameters.values():
        lines += ["", f"[parameters.{parameter.name}]", *_parameter_lines(parameter)]
    for pair in model.parameters.constraints:
        lines += ["", "[[constraints]]"]
        _add(lines, smaller=pair.smaller, larger=pair.larger)
        lines.append(f"reason = {toml_string(pair.reason)}")
    names = {parameter.symbol: name for name, parameter in model.parameters.items()}
    known = model.parameters.symbols
    for profile, payoffs in model.payoffs.items():
        lines += ["", f"[payoffs.{'.'.join(map(toml_key, profile))}]"]
        for player, payoff in zip(model.players, payoffs, strict=True):
            formula = formula_text(payoff, names)
            if parse_formula(formula, known) != payoff:
                msg = f"the payoff of {player} at {profile} does not read back: {formula[:80]}"
                raise ModelError(msg)
            lines.append(f"{toml_key(player)} = {toml_string(formula)}")
    return "\n".join(lines) + "\n"


def save_model(
    model: AlignmentModel, path: str | os.PathLike[str], *, overwrite: bool = False
) -> Path:
    """Write a model to a TOML file that `load_model` reads back.

    Parameters
    ----------
    model : AlignmentModel
    path : str or path-like
        The file; its name should end in ``.toml``.
    overwrite : bool, optional
        Whether an existing file may be replaced.

    Returns
    -------
    Path

    Raises
    ------
    ModelError
        As for `model_document`.
    OutputError
        If the file exists or cannot be written; nothing is left half written.

    Examples
    --------
    >>> import tempfile
    >>> import alignment_games as ag
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_model(ag.models.alignment(), Path(folder) / "mine.toml").name
    'mine.toml'
    """
    model_of(model)
    place = Path(path)
    try:
        data = model_document(model).encode("utf-8")
    except UnicodeEncodeError:
        msg = f"a name or text of {model.name!r} cannot be written as UTF-8"
        raise ModelError(msg) from None
    write_whole(place, lambda temporary: temporary.write_bytes(data), overwrite=overwrite)
    return place


def _add(lines: list[str], **fields: str) -> None:
    lines += [f"{key} = {toml_string(value)}" for key, value in fields.items() if value]


def _parameter_lines(parameter: Parameter) -> list[str]:
    lines = [f"domain = {_bounds(parameter.domain)}"]
    if parameter.usual != parameter.domain:
        lines.append(f"usual = {_bounds(parameter.usual)}")
    if parameter.symbol.name != parameter.name:
        lines.append(f"symbol = {toml_string(parameter.symbol.name)}")
    _add(lines, meaning=parameter.meaning, unit=parameter.unit, status=parameter.status.value)
    return lines


def _bounds(interval: Interval) -> str:
    return f"[{_number_text(interval.lower)}, {_number_text(interval.upper)}]"


def _number_text(value: Fraction | None) -> str:
    if value is None:
        return "inf"
    return str(value) if value.denominator == 1 else toml_string(str(value))


def _build(file: _ModelFile) -> AlignmentModel:
    return build_model(
        file.name,
        players=file.players,
        parameters={name: _parameter(name, raw) for name, raw in file.parameters.items()},
        payoffs=_profiles(file.payoffs, list(file.players.values())),
        definitions=file.definitions,
        constraints=[_constraint(k, raw) for k, raw in enumerate(file.constraints)],
        title=file.title,
        reference=file.reference,
    )


def _parameter(name: str, raw: Any) -> Parameter:
    where = f"parameters.{name}"
    entry = convert(raw, _ParameterFile, where, ModelError)
    return build_parameter(
        name,
        _numbers(entry.domain, f"{where}.domain"),
        usual=None if entry.usual is None else _numbers(entry.usual, f"{where}.usual"),
        symbol=entry.symbol,
        meaning=entry.meaning,
        unit=entry.unit,
        status=entry.status,
    )


def _numbers(values: list[Any], where: str) -> list[Any]:
    """Read texts; other values, of which one may be infinite, are checked with the parameter."""
    return [
        number_of(value, where, ModelError) if isinstance(value, str) else value for value in values
    ]


def _constraint(position: int, raw: Any) -> Constraint:
    where = f"constraints[{position}]"
    entry = convert(raw, _ConstraintFile, where, ModelError)
    return Constraint(smaller=entry.smaller, larger=entry.larger, reason=entry.reason)


def _profiles(raw: dict[str, Any], strategies: list[list[str]]) -> dict[tuple[str, ...], Any]:
    """Return the payoffs of nested tables by profile: one level for each player's strategies."""
    found: dict[tuple[str, ...], Any] = {(): raw}
    for own in strategies:
        inner = {}
        for profile, table in found.items():
            place = ".".join(("payoffs", *profile))
            if not isinstance(table, dict):
                msg = f"`{place}` must be a table with the keys {', '.join(own)[:200]}"
                raise ModelError(msg)
            for strategy, value in table.items():
                if strategy not in own:
                    msg = f"unknown key {strategy[:80]!r} in {place}{suggestion(strategy, own)}"
                    raise ModelError(msg)
                inner[*profile, strategy] = value
        found = inner
    return found
