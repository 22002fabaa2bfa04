"""The words of Gambit's game files: quoted text, numbers, braces; and how they are written.

A file is data from a stranger: nothing in it is evaluated, every number is bounded before it is
computed, and an error says where it is.
"""

from __future__ import annotations

import numbers
import re
from collections.abc import Sequence
from fractions import Fraction

from .._numeric import exact_number
from ..errors import GameError, GameFileError

MAX_BYTES = 16 * 2**20
"""Largest text that is read unless the caller allows more."""

_MAX_DIGITS = 4000
_MAX_BITS = 13_288  # of a number of so many digits
_MAX_EXPONENT = 400
_SPACE = re.compile(r"[ \t\r\n\f\v]*+")
_WORD = re.compile(r"[A-Za-z]++")
_NUMBER = re.compile(r"[ \t\r\n\f\v]*+([-+]?[0-9.][0-9.eE/]*+(?:(?<=[eE])[-+][0-9]*+)?)")
_SHORT = re.compile(r"-?[0-9]{1,300}", re.ASCII)
_INTEGER = re.compile(r"[0-9]{1,18}", re.ASCII)
_DECIMAL = re.compile(r"([-+]?)([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([-+]?[0-9]{1,4}))?", re.ASCII)
_RATIO = re.compile(r"([-+]?[0-9]+)/([0-9]+)", re.ASCII)
_QUOTED = re.compile(r'"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
_ESCAPE = re.compile(r'\\(["\\])')
_TO_ESCAPE = re.compile(r'"|\\(?=["\\])')
_SHOWN = 40


class Tokens:
    """A text read from its start, one token at a time.

    Parameters
    ----------
    text : str
    limit : int
        Largest number of characters.

    Raises
    ------
    GameFileError
        If the text is too long or holds NUL characters, or the limit is no number.
    """

    def __init__(self, text: str, *, limit: int) -> None:
        given: object = text
        if not isinstance(given, str):
            msg = f"`text` must be the text of a game file, got {type(given).__name__}"
            raise GameFileError(msg)
        check_limit(limit)
        if len(text) > limit:
            msg = (
                f"the text has {len(text)} characters, more than the limit of {limit}; pass a "
                "larger `limit` if you trust it and have the memory"
            )
            raise GameFileError(msg)
        self._text = text.removeprefix("\ufeff")
        self._numbers: dict[str, Fraction] = {}  # equal numbers are one object
        self._start = 0  # of the token that was read last, for messages
        self._end = 0
        if "\0" in self._text:
            self._start = self._text.index("\0")
            raise self.error("a NUL character; this is not a text file")

    @property
    def length(self) -> int:
        """Number of characters of the whole text."""
        return len(self._text)

    def error(self, what: str) -> GameFileError:
        """Return an error at the token that was read last."""
        line = self._text.count("\n", 0, self._start) + 1
        column = self._start - self._text.rfind("\n", 0, self._start)
        return GameFileError(f"line {line}, column {column}: {what}")

    def peek(self) -> str:
        """Return the next character that is no space; empty at the end."""
        match = _SPACE.match(self._text, self._end)
        self._end = match.end() if match else self._end
        return self._text[self._end : self._end + 1]

    def mark(self) -> str:
        """Return `peek`, and let errors point there."""
        character = self.peek()
        self._start = self._end
        return character

    def accept(self, character: str) -> bool:
        """Read a brace or a comma if it comes next."""
        if self.mark() == character:
            self._end += 1
            return True
        return False

    def expect(self, character: str, what: str) -> None:
        """Read a brace, or fail."""
        if not self.accept(character):
            raise self.error(f"{what} needs {character!r} here, got {self._next()}")

    def word(self, what: str) -> str:
        """Read an unquoted word."""
        self.mark()
        match = _WORD.match(self._text, self._end)
        if match is None:
            raise self.error(f"{what} is needed here, got {self._next()}")
        self._end = match.end()
        return match.group()

    def quoted(self, what: str) -> str:
        r"""Read text in quotes, in which ``\"`` stands for a quote and ``\\`` for a backslash."""
        if self.mark() != '"':
            raise self.error(f"{what} in double quotes is needed here, got {self._next()}")
        match = _QUOTED.match(self._text, self._end)
        if match is None:
            raise self.error(f"{what} starts here and its closing quote is missing")
        self._end = match.end()
        return _ESCAPE.sub(r"\1", match.group(1))

    def integer(self, what: str) -> int:
        """Read a plain whole number, at most 18 digits."""
        token = self._number_token(what)
        if not _INTEGER.fullmatch(token):
            raise self.error(
                f"{what} must be a whole number of at most 18 digits, not negative, "
                f"got {_cut(token)}"
            )
        return int(token)

    def number(self, what: str) -> Fraction:
        """Read a whole number, a decimal or a ratio, exactly."""
        token = self._number_token(what)
        known = self._numbers.get(token)
        if known is None:
            known = self._numbers[token] = self._value(token, what)
        return known

    def sum(self, first: Fraction, second: Fraction, what: str) -> Fraction:
        """Return a sum, or fail if it needs more digits than a number in a file may have.

        Denominators multiply, so without a bound a few thousand long ratios would take hours.
        """
        total = first + second
        if _bits(total) > _MAX_BITS:
            raise self.error(f"{what} needs more than {_MAX_DIGITS} digits")
        return total

    def finish(self, what: str) -> None:
        """Fail if anything but space is left."""
        if self.mark():
            raise self.error(f"{what} is complete, but the text goes on with {self._next()}")

    def _number_token(self, what: str) -> str:
        match = _NUMBER.match(self._text, self._end)
        if match is None:
            self.mark()
            raise self.error(f"{what} is needed here, got {self._next()}")
        self._start, self._end = match.span(1)
        return match.group(1)

    def _value(self, token: str, what: str) -> Fraction:
        if _SHORT.fullmatch(token):  # the common case, within every bound below
            return Fraction(int(token))
        decimal, ratio = _DECIMAL.fullmatch(token), _RATIO.fullmatch(token)
        if decimal is None and ratio is None:
            raise self.error(
                f"{what} must be a whole number, a decimal such as 0.25 or 1e-3 (exponents up to "
                f"{_MAX_EXPONENT}) or a ratio such as 1/3, got {_cut(token)}"
            )
        if len(token) > 2 * _MAX_DIGITS + 2 or (ratio is None and len(token) > _MAX_DIGITS + 1):
            raise self.error(
                f"{what} has {len(token)} characters; {_MAX_DIGITS} digits are allowed"
            )
        if ratio is not None:
            above, below = ratio.groups()
            if max(len(above.lstrip("+-")), len(below)) > _MAX_DIGITS:
                raise self.error(f"{what} has more than {_MAX_DIGITS} digits")
            if not int(below):
                raise self.error(f"{what} divides by zero: {_cut(token)}")
            value = Fraction(int(above), int(below))
        else:
            assert decimal is not None
            sign, digits, power = decimal.groups()
            exponent = int(power or 0)
            if abs(exponent) > _MAX_EXPONENT:
                raise self.error(f"{what} has an exponent beyond {_MAX_EXPONENT}: {_cut(token)}")
            whole, _, part = digits.partition(".")
            value = Fraction(int(sign + whole + part)) * Fraction(10) ** (exponent - len(part))
        try:
            float(value)
        except OverflowError:
            raise self.error(
                f"{what} must lie within the range of floats, about +-1.8e308, got {_cut(token)}"
            ) from None
        return value

    def _next(self) -> str:
        rest = self._text[self._end : self._end + _SHOWN]
        return repr(rest) if rest else "the end of the text"


def check_limit(limit: object) -> None:
    """Raise if the largest size of a text is no whole number.

    Examples
    --------
    >>> check_limit(10)
    """
    whole = isinstance(limit, numbers.Integral) and not isinstance(limit, bool)
    if not whole or limit < 1:  # type: ignore[operator]
        msg = (
            f"`limit` must be a whole number, 1 or more, got {limit!r}; leave it out for "
            f"{MAX_BYTES}, which is 16 MiB"
        )
        raise GameFileError(msg)


def quote(name: str, what: str) -> str:
    r"""Return a name in quotes, so that `Tokens.quoted` reads it back.

    A backslash is doubled only where it would else be taken for an escape, since Gambit leaves
    others as they are.

    Examples
    --------
    >>> print(quote('say "no"', "a name"))
    "say \"no\""
    """
    given: object = name
    if not isinstance(given, str):
        msg = f"{what} must be text, got {name!r} of type {type(name).__name__}; give a str"
        raise GameError(msg)
    if name.endswith("\\"):
        msg = (
            f"{what} {name!r} ends in a backslash, which Gambit would take for an escape of the "
            "closing quote; choose another name, without a backslash at its end"
        )
        raise GameError(msg)
    if "\0" in name or any("\ud800" <= character <= "\udfff" for character in name):
        msg = f"{what} {name!r} holds characters that no game file can hold; choose another name"
        raise GameError(msg)
    return '"' + _TO_ESCAPE.sub(r"\\\g<0>", name) + '"'


def number_text(value: Fraction, *, exact: bool) -> str:
    """Return a number as a file holds it: exact as an integer or ratio, else as a float prints.

    Examples
    --------
    >>> number_text(Fraction(1, 4), exact=True), number_text(Fraction(1, 4), exact=False)
    ('1/4', '0.25')
    """
    if not exact:
        number = float(value)
        if exact_number(number) == value:
            return repr(number).replace("e+", "e")  # Gambit 16 reads 1e22, but not 1e+22
    text = str(value) if _bits(value) <= _MAX_BITS else ""
    if not text or max(map(len, text.lstrip("-").split("/"))) > _MAX_DIGITS:
        msg = (
            f"a number near {float(value):g} needs more than {_MAX_DIGITS} digits in a game file; "
            "round it first"
        )
        raise GameError(msg)
    return text


def unique(names: Sequence[str]) -> list[str]:
    """Return names that are all different and not empty, in the manner of Gambit 17.

    Repeated names get a number after an underscore, and empty ones become one.

    Examples
    --------
    >>> unique(["x", "x", "", "x_1"])
    ['x_2', 'x_3', '_1', 'x_1']
    """
    used = set(names)
    repeated = {""}
    seen: set[str] = set()
    for name in names:
        if name in seen:
            repeated.add(name)
        seen.add(name)
    counts: dict[str, int] = {}
    result = []
    for name in names:
        if name not in repeated:
            result.append(name)
            continue
        while True:
            counts[name] = counts.get(name, 0) + 1
            candidate = f"{name}_{counts[name]}"
            if candidate not in used:
                break
        used.add(candidate)
        result.append(candidate)
    return result


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def _cut(token: str) -> str:
    return repr(token if len(token) <= _SHOWN else token[:_SHOWN] + "...")
