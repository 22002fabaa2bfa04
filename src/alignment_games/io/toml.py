"""TOML documents: read within limits, checked key by key, and written. Nothing is evaluated."""

from __future__ import annotations

import json
import re
import tomllib
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from ..errors import AlignmentGamesError, suggestion

__all__ = ["check_keys", "convert", "parse_toml", "toml_key", "toml_string"]

_MAX_NUMBER = 100
_LONG_KEY = re.compile(r"""(?<![\w"'-])(?:[\w"'-]++[ \t]*+\.[ \t]*+){16}""")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)

_T = TypeVar("_T")


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
    if _LONG_KEY.search(text):
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


def check_keys(
    raw: Any, shape: type[msgspec.Struct], where: str, error: type[AlignmentGamesError]
) -> None:
    """Raise an error unless `raw` is a table with keys of `shape` only.

    Examples
    --------
    >>> from alignment_games.errors import ModelError
    >>> class Point(msgspec.Struct):
    ...     east: int
    >>> check_keys({"east": 1}, Point, "the file", ModelError)
    """
    known = shape.__struct_fields__
    if not isinstance(raw, dict):
        msg = f"`{where}` must be a table with the keys {', '.join(known)}"
        raise error(msg)
    for key in raw:
        if key not in known:
            msg = f"unknown key {key[:80]!r} in {where}{suggestion(key, known)}"
            raise error(msg)


def convert(
    raw: dict[str, Any], shape: type[_T], where: str, error: type[AlignmentGamesError]
) -> _T:
    """Return a table as a `shape`, after checking the types of its values.

    Examples
    --------
    >>> from alignment_games.errors import ModelError
    >>> class Point(msgspec.Struct):
    ...     east: int
    >>> convert({"east": 1}, Point, "the file", ModelError)
    Point(east=1)
    """
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as problem:
        msg = f"in {where}: {problem}"
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
