"""TOML documents: read within limits, checked key by key, and written. Nothing is evaluated."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

import msgspec

from .._numeric import exact_number, parse_number
from ..errors import AlignmentGamesError, suggestion

__all__ = ["convert", "number_of", "parse_toml", "read_toml", "toml_key", "toml_string"]

_MAX_NUMBER = 100
_LONG_KEY = re.compile(r"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){16}")
_TEXT = re.compile(
    r'''"""(?:[^\\]|\\.)*?"""|"(?:[^"\\\n]|\\.)*+"|#[^\n]*+|'''
    r"""'''.*?'''|'[^'\n]*+'""",
    re.DOTALL,
)
"""Texts and remarks, in which dots part nothing."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)

_Shape = TypeVar("_Shape", bound=msgspec.Struct)
_Built = TypeVar("_Built")


def read_toml(
    text: str,
    shape: type[_Shape],
    build: Callable[[_Shape], _Built],
    *,
    kind: str,
    origin: str,
    schema: int,
    error: type[AlignmentGamesError],
    keep: tuple[type[AlignmentGamesError], ...] = (),
) -> _Built:
    r"""Return what is built of a text of one schema; errors begin with where it comes from.

    Parameters
    ----------
    text : str
    shape : type
        A structure with the field ``schema``.
    build : callable
        From the structure.
    kind : str
        What the text should be, for messages: ``scenario``.
    origin : str
        What messages call the text.
    schema : int
        The version that is read.
    error : type
        What to raise.
    keep : tuple of types, optional
        Errors of `build` that are raised as what they are.

    Examples
    --------
    >>> from alignment_games.errors import ModelError
    >>> class Point(msgspec.Struct):
    ...     schema: int
    ...     east: int
    >>> how = {"kind": "point", "origin": "text", "schema": 1, "error": ModelError}
    >>> read_toml("schema = 1\neast = 5", Point, lambda point: point.east, **how)
    5
    >>> read_toml("schema = 2\neast = 5", Point, lambda point: point.east, **how)
    Traceback (most recent call last):
    ...
    alignment_games.errors.ModelError: text: `schema` must be 1, got 2
    """
    try:
        file: Any = convert(parse_toml(text, kind=kind, error=error), shape, "the file", error)
        if file.schema != schema:
            msg = f"`schema` must be {schema}, got {file.schema}"
            raise error(msg)
        return build(file)
    except AlignmentGamesError as problem:
        raised = type(problem) if isinstance(problem, keep) else error
        msg = f"{origin}: {problem}"
        raise raised(msg) from None


def parse_toml(text: str, *, kind: str, error: type[AlignmentGamesError]) -> dict[str, Any]:
    """Return what a text holds, decimals as `Decimal`.

    Parameters
    ----------
    text : str
    kind : str
        What the text should be, for messages: ``scenario``.
    error : type
        What to raise.

    Examples
    --------
    >>> from alignment_games.errors import ModelError
    >>> parse_toml("a = 0.1", kind="model", error=ModelError)
    {'a': Decimal('0.1')}
    """
    # The TOML reader takes time quadratic in the parts of a dotted key: hours for one in a file.
    if _LONG_KEY.search(_TEXT.sub("q", text)):
        msg = f"not a {kind}: a dotted key has more than 16 parts"
        raise error(msg)
    try:
        return tomllib.loads(text, parse_float=_decimal)
    except tomllib.TOMLDecodeError as problem:
        msg = f"not valid TOML: {problem}"
    except ValueError:  # Python refuses integers of more than 4,300 digits
        msg = f"a number has too many digits; at most {_MAX_NUMBER} characters are read"
    except RecursionError:
        msg = f"not a {kind}: values are nested too deeply"
    raise error(msg)


def _decimal(text: str) -> Decimal:
    if len(text) > _MAX_NUMBER:
        raise ValueError(text[:_MAX_NUMBER])
    return Decimal(text)


def convert(raw: Any, shape: type[_Shape], where: str, error: type[AlignmentGamesError]) -> _Shape:
    """Return a table as a `shape`, after checking its keys and the types of its values.

    Examples
    --------
    >>> from alignment_games.errors import ModelError
    >>> class Point(msgspec.Struct):
    ...     east: int
    >>> convert({"east": 1}, Point, "the file", ModelError)
    Point(east=1)
    >>> convert({"esat": 1}, Point, "the file", ModelError)
    Traceback (most recent call last):
    ...
    alignment_games.errors.ModelError: unknown key 'esat' in the file; did you mean 'east'?
    """
    known = shape.__struct_fields__
    if not isinstance(raw, dict):
        msg = f"`{where}` must be a table with the keys {', '.join(known)}"
        raise error(msg)
    for key in raw:
        if key not in known:
            msg = f"unknown key {key[:80]!r} in {where}{suggestion(key, known)}"
            raise error(msg)
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as problem:
        msg = f"in {where}: {problem}"
        raise error(msg) from None


def number_of(raw: Any, where: str, error: type[AlignmentGamesError]) -> Fraction:
    """Return a number, or the ratio or decimal that a text holds: TOML itself has no ratios.

    Examples
    --------
    >>> from alignment_games.errors import ModelError
    >>> number_of("3/7", "usual", ModelError), number_of(Decimal("0.1"), "usual", ModelError)
    (Fraction(3, 7), Fraction(1, 10))
    """
    try:
        return parse_number(raw) if isinstance(raw, str) else exact_number(raw)
    except (TypeError, ValueError) as problem:
        msg = f"`{where}`: {problem}"
        raise error(msg) from None


def toml_string(text: str) -> str:
    r"""Return a text as a TOML string.

    Examples
    --------
    >>> print(toml_string("two\tcolumns"))
    "two\tcolumns"
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_key(text: str) -> str:
    """Return a text as a key of a TOML table.

    Examples
    --------
    >>> print(toml_key("hedge"), toml_key("stand firm"))
    hedge "stand firm"
    """
    return text if _BARE_KEY.fullmatch(text) else toml_string(text)
