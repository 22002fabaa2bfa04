"""A counterexample as a scenario, so that the game in which a claim fails can be looked at."""

from __future__ import annotations

import json
import re
from pathlib import Path

from ..errors import ModelError, ScenarioError
from ..io.store import write_whole
from ..models import AlignmentModel
from ..scenarios import load_scenario
from ..scenarios.schema import MODELS
from ..symbolic import Proof

__all__ = ["write_counterexample"]

_MAX_DIGITS = 60
"""Digits of a whole number that a scenario file may hold."""


def write_counterexample(
    proof: Proof, path: str | Path, *, claim: str = "a claim", overwrite: bool = False
) -> Path:
    """Write the counterexample of a refuted claim as a scenario file.

    Parameters
    ----------
    proof : Proof
        Refuted, and about a model.
    path : str or Path
        The new file, ending in ``.toml``.
    claim : str
        What the file calls the claim, for example ``F1.4 without exposed``.
    overwrite : bool
        Whether an existing file may be replaced.

    Returns
    -------
    Path

    Raises
    ------
    ModelError
        If there is no counterexample, or the claim is about no model.
    ScenarioError
        If the path does not end in ``.toml``, or a value is too long for a file.
    OutputError
        If the file exists or cannot be written.

    Examples
    --------
    Where help does not count, balancing has no threshold of deterrence:

    >>> import tempfile
    >>> import alignment_games as ag
    >>> stronger = ag.symbolic.proposition("F1.7").leave_out("help")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = write_counterexample(
    ...         stronger.prove(), Path(folder) / "f1-7.toml", claim=stronger.label
    ...     )
    ...     scenario = ag.load_scenario(file)
    >>> scenario.title
    'Counterexample to F1.7 without help'
    >>> ag.report(scenario).verdict is None
    False
    """
    point, model = proof.counterexample, proof.model
    if point is None:
        msg = f"`proof` must hold a counterexample, but its claim is {proof.status.name.lower()}"
        raise ModelError(msg)
    if model is None:
        msg = "`proof` must be about a model; a claim about formulas alone has no scenario"
        raise ModelError(msg)
    if model.name not in MODELS:
        msg = (
            f"a scenario's model is one of {', '.join(MODELS)}, but `proof` is about {model.name}; "
            "give `proof.counterexample` to `model.game` instead"
        )
        raise ModelError(msg)
    target = Path(path)
    if target.suffix != ".toml":
        msg = f"`path` must end in .toml, got {str(target)!r}"
        raise ScenarioError(msg)
    for name, value in point.items():
        if max(len(str(abs(value.numerator))), len(str(value.denominator))) > _MAX_DIGITS:
            msg = f"`{name}` has more than {_MAX_DIGITS} digits, which a scenario cannot hold"
            raise ScenarioError(msg)
    text = _toml(proof, model, claim, re.sub(r"[^A-Za-z0-9_-]+", "-", target.stem))
    write_whole(target, lambda temporary: temporary.write_text(text, "utf-8"), overwrite=overwrite)
    load_scenario(target)
    return target


def _toml(proof: Proof, model: AlignmentModel, claim: str, name: str) -> str:
    point = proof.counterexample or {}
    spoken_of = set().union(*(f.free_symbols for f in (proof.claim, *proof.given)))
    others = ", ".join(f"{key} = {v}" for key, v in point.items() if key not in model.parameters)
    summary = "A point at which the claim is not true, checked in exact arithmetic."
    notes = [f"Not true here: {proof.claim}"]
    if others:
        notes.append(f"Symbols of the claim that are no parameters: {others}.")
    lines = [
        f"# A counterexample, found by: {proof.method}. Run: alignment-games report {name}.toml",
        "",
        "schema = 1",
        f"name = {_quoted(name or 'counterexample')}",
        f"title = {_quoted(f'Counterexample to {claim}')}",
        f"model = {_quoted(model.name)}",
        f"summary = {_quoted(summary)}",
    ]
    for note in notes:
        lines += ["", "[[notes]]", f"text = {_quoted(note)}", 'sources = ["proof"]']
    for key, parameter in model.parameters.items():
        value, usual = point[key], parameter.usual
        lower = min(value, usual.lower)
        upper = max(value, value if usual.upper is None else usual.upper)
        own = parameter.symbol in spoken_of
        why = "Where the claim fails." if own else "Not in the claim: middle of the usual range."
        lines += [
            "",
            f"[parameters.{key}]",
            f"value = {_quoted(str(value))}",
            f"range = [{_quoted(str(lower))}, {_quoted(str(upper))}]",
            'status = "assumption"',
            f"note = {_quoted(why)}",
            'sources = ["proof"]',
        ]
    lines += [
        "",
        "[sources.proof]",
        'kind = "misc"',
        'author = "{alignment_games}"',
        f"title = {_quoted(f'Counterexample to {claim}, found by {proof.method}')}",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Return a basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
