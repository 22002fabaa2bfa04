"""Scenario files: found, read, checked key by key, and copied. Nothing in them is evaluated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from ..citations import Source
from ..errors import ParameterError, ScenarioError, suggestion
from ..io.store import read_text, write_whole
from ..io.toml import convert, number_of, read_toml
from ..models import AlignmentModel, Interval, ParameterStatus
from .schema import MODELS, Note, ParameterValue, Scenario

__all__ = ["load_scenario", "new_scenario", "parse_scenario", "scenario_names"]

MAX_BYTES = 262_144
SCHEMA_VERSION = 1


class _NoteFile(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    sources: list[str] = msgspec.field(default_factory=list)


class _EntryFile(msgspec.Struct, forbid_unknown_fields=True):
    value: Any
    status: str
    range: list[Any] | None = None
    note: str = ""
    sources: list[str] = msgspec.field(default_factory=list)


class _ScenarioFile(msgspec.Struct, forbid_unknown_fields=True):
    schema: int
    name: str
    model: str
    parameters: dict[str, Any]
    title: str = ""
    summary: str = ""
    actors: dict[str, str] = msgspec.field(default_factory=dict)
    perceived: dict[str, Any] = msgspec.field(default_factory=dict)
    models: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)
    notes: list[Any] = msgspec.field(default_factory=list)
    sources: dict[str, dict[str, str]] = msgspec.field(default_factory=dict)


def scenario_names() -> tuple[str, ...]:
    """Return the names of the scenarios that come with the package.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> scenario_names()
    ('ukraine', 'ukraine-dual-hedge', 'ukraine-modest-hedge', 'vietnam')
    """
    folder = resources.files(__package__).joinpath("data")
    return tuple(
        sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))
    )


def load_scenario(name: str | Path) -> Scenario:
    """Load a scenario by its name, or the user's own from a TOML file.

    Parameters
    ----------
    name : str or Path
        The name of a scenario of the package, or a path: a `Path`, or text that ends in
        ``.toml`` or holds a path separator.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        If there is no such scenario or file, or the file breaks a rule of the format; the
        message names the file and the key.
    ParameterError
        If a value lies outside its parameter's domain.

    Examples
    --------
    >>> import alignment_games as ag
    >>> ag.load_scenario("vietnam").actors["hegemon"]
    'China'
    """
    given: object = name
    if not isinstance(given, (str, Path)):
        msg = f"`name` must be a scenario's name or a path, got {type(given).__name__}"
        raise ScenarioError(msg)
    text, origin = _scenario_text(name)
    return parse_scenario(text, origin=origin)


def new_scenario(path: str | Path, *, based_on: str = "vietnam", overwrite: bool = False) -> Path:
    """Write a copy of a scenario to a file of the user's, to be edited.

    Parameters
    ----------
    path : str or Path
        The new file; it should end in ``.toml``.
    based_on : str, optional
        Name or path of the scenario to copy.
    overwrite : bool, optional
        Whether an existing file may be replaced.

    Returns
    -------
    Path

    Raises
    ------
    ScenarioError
        If `based_on` is no scenario, or `path` does not end in ``.toml``.
    OutputError
        If the file exists or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     own = new_scenario(Path(folder) / "mine.toml", based_on="ukraine")
    ...     load_scenario(own).name
    'mine'
    """
    target = Path(path)
    if target.suffix != ".toml":
        msg = f"`path` must end in .toml, got {str(target)!r}"
        raise ScenarioError(msg)
    text, origin = _scenario_text(based_on)
    parse_scenario(text, origin=origin)
    own_name = re.sub(r"[^A-Za-z0-9_-]+", "-", target.stem) or "mine"
    renamed = re.sub(r'(?m)^name = "[^"\n]*"$', f'name = "{own_name}"', text, count=1)
    write_whole(
        target, lambda temporary: temporary.write_text(renamed, "utf-8"), overwrite=overwrite
    )
    return target


def _scenario_text(name: str | Path) -> tuple[str, str]:
    if isinstance(name, str) and not re.search(r"[/\\]|\.toml$", name):
        known = scenario_names()
        if name not in known:
            msg = (
                f"unknown scenario {name[:80]!r} (a file of your own is given by a path that ends "
                f"in .toml){suggestion(name, known)}"
            )
            raise ScenarioError(msg)
        file = resources.files(__package__).joinpath("data").joinpath(f"{name}.toml")
        return file.read_text("utf-8"), f"scenario {name!r}"
    path = Path(name)
    return read_text(path, limit=MAX_BYTES), f"`{path}`"


def parse_scenario(text: str, *, origin: str = "scenario") -> Scenario:
    """Return the scenario that a TOML text describes.

    Parameters
    ----------
    text : str
    origin : str, optional
        What error messages call the text.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError, ParameterError
        As for `load_scenario`.

    Examples
    --------
    >>> parse_scenario("schema = 1", origin="text")
    Traceback (most recent call last):
    ...
    alignment_games.errors.ScenarioError: text: in the file: Object missing required field `name`
    """
    return read_toml(
        text,
        _ScenarioFile,
        _build,
        kind="scenario",
        origin=origin,
        schema=SCHEMA_VERSION,
        error=ScenarioError,
        keep=(ParameterError,),
    )


def _build(file: _ScenarioFile) -> Scenario:
    if file.model not in MODELS:
        msg = f"unknown `model` {file.model!r}{suggestion(file.model, MODELS)}"
        raise ScenarioError(msg)
    model = MODELS[file.model]()
    roles = (*model.players, "patron")
    for role in file.actors:
        if role not in roles:
            msg = f"unknown key `actors.{role}`{suggestion(role, roles)}"
            raise ScenarioError(msg)
    sources = {
        key: Source(
            key, fields.get("kind", "misc"), {k: v for k, v in fields.items() if k != "kind"}
        )
        for key, fields in file.sources.items()
    }
    entries = _entries(model, "parameters", file.parameters, sources)
    scenario = Scenario(
        name=file.name,
        title=file.title or file.name,
        summary=file.summary,
        model_name=file.model,
        actors={role: file.actors.get(role, role.replace("_", " ")) for role in roles},
        entries={name: entries[name] for name in model.parameters if name in entries},
        perceived=_entries(model, "perceived", file.perceived, sources),
        notes=tuple(_note(k, note, sources) for k, note in enumerate(file.notes)),
        sources=sources,
        extensions=_extensions(file, model, sources),
    )
    model.parameters.complete(scenario, {})
    try:
        model.parameters.complete(scenario.beliefs, {})
    except ParameterError as error:
        msg = f"with the perceived values, {error}"
        raise ParameterError(msg) from None
    for name in scenario.extensions:
        scenario.for_model(name)
    return scenario


def _extensions(
    file: _ScenarioFile, model: AlignmentModel, sources: Mapping[str, Source]
) -> dict[str, dict[str, ParameterValue]]:
    """Return the values for other models, each of a parameter that only the other has."""
    found = {}
    for name, block in file.models.items():
        others = [known for known in MODELS if known != file.model]
        if name not in others:
            msg = f"unknown key `models.{name}`{suggestion(name, others)}"
            raise ScenarioError(msg)
        for parameter in block:
            if parameter in model.parameters:
                msg = f"`models.{name}.{parameter}` must stand in [parameters.{parameter}]"
                raise ScenarioError(msg)
        found[name] = _entries(MODELS[name](), f"models.{name}", block, sources)
    return found


def _entries(
    model: AlignmentModel, block: str, raw: Mapping[str, Any], sources: Mapping[str, Source]
) -> dict[str, ParameterValue]:
    entries = {}
    for name, item in raw.items():
        parameter = model.parameters[name]
        where = f"{block}.{name}"
        entry = convert(item, _EntryFile, where, ScenarioError)
        statuses = {status.value: status for status in ParameterStatus}
        if entry.status not in statuses:
            msg = (
                f"`{where}.status` {entry.status!r} is unknown{suggestion(entry.status, statuses)}"
            )
            raise ScenarioError(msg)
        _check_sources(where, entry.sources, sources)
        status = statuses[entry.status]
        if status is ParameterStatus.MEASURED and not entry.sources:
            msg = f"`{where}` is measured, so `sources` must name where; or change its status"
            raise ScenarioError(msg)
        value = model.parameters.number(
            name, number_of(entry.value, f"{where}.value", ScenarioError)
        )
        entries[name] = ParameterValue(
            value=value,
            range=_range(entry, where, parameter.usual, parameter.domain, value),
            status=status,
            note=entry.note,
            sources=tuple(entry.sources),
        )
    return entries


def _range(
    entry: _EntryFile, where: str, usual: Interval, domain: Interval, value: Fraction
) -> Interval:
    if entry.range is None:
        return usual
    if len(entry.range) != 2:
        msg = f"`{where}.range` must be [lowest, highest], got {len(entry.range)} numbers"
        raise ScenarioError(msg)
    lower, upper = (number_of(bound, f"{where}.range", ScenarioError) for bound in entry.range)
    if not lower <= value <= upper or lower not in domain or upper not in domain:
        msg = (
            f"`{where}.range` must hold the value {float(value):g} and lie in {domain}, got "
            f"[{float(lower):g}, {float(upper):g}]"
        )
        raise ScenarioError(msg)
    return Interval(lower, upper)


def _note(position: int, raw: Any, sources: Mapping[str, Source]) -> Note:
    where = f"notes[{position}]"
    note = convert(raw, _NoteFile, where, ScenarioError)
    _check_sources(where, note.sources, sources)
    return Note(text=note.text, sources=tuple(note.sources))


def _check_sources(where: str, keys: list[str], sources: Mapping[str, Source]) -> None:
    for key in keys:
        if key not in sources:
            tail = suggestion(key, sources) if sources else "; the file has no [sources]"
            msg = f"`{where}.sources` names an unknown source {key!r}{tail}"
            raise ScenarioError(msg)
