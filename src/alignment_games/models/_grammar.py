"""The grammar of formulas: a text becomes a tree of nodes, within limits.

Nothing is evaluated here, and nothing but numbers, names and the words and signs of the grammar
is read::

    formula     = disjunction
    disjunction = conjunction ("or" conjunction)*
    conjunction = negation ("and" negation)*
    negation    = "not" negation | comparison
    comparison  = sum (("<" | "<=" | ">" | ">=" | "==" | "!=") sum)*
    sum         = product (("+" | "-") product)*
    product     = sign (("*" | "/") sign)*
    sign        = ("-" | "+") sign | power
    power       = atom ["**" sign]
    atom        = number | name | name "(" formula ("," formula)* ")" | "(" formula ")"

As in Python, ``-x**2`` is ``-(x**2)``, ``2**-1`` is allowed, and ``0 < x < 1`` compares twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from ..errors import ModelError

__all__ = ["MAX_DIGITS", "RESERVED", "TRUTHS", "Node", "check_name", "fault", "is_name", "tree"]

MAX_CHARACTERS = 4000
MAX_TOKENS = 1000

MAX_DIGITS = 301
"""Digits of a number: one more than the largest power of ten has zeros."""

MAX_DEPTH = 30
"""Largest depth of brackets, calls, signs and powers within one another: Python's own stack must
bear the parser and SymPy's printers."""

FUNCTIONS: dict[str, tuple[int, int]] = {
    "abs": (1, 1),
    "exp": (1, 1),
    "if": (3, 3),
    "log": (1, 1),
    "max": (2, 8),
    "min": (2, 8),
    "sqrt": (1, 1),
}
"""Smallest and largest number of arguments; the first of ``if`` is a condition."""

RESERVED = frozenset({*FUNCTIONS, "and", "or", "not"})
TRUTHS = frozenset({"and", "or", "not", "comparison"})
"""Kinds of nodes that are true or false; all others are numbers."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}", re.ASCII)
_COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})
_TOKEN = re.compile(
    r"(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|<=|>=|==|!=|[-+*/()<>,])",
    re.ASCII,
)
_BLANK = re.compile(r"[ \t\r\n]*")
_WRITE = {
    "^": "**", "=": "==", "&": "and", "|": "or", "!": "not", "−": "-", "–": "-", "×": "*",
    "·": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "!=",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """One operation, number or name.

    Attributes
    ----------
    kind : str
        ``number``, ``name``, ``sum``, ``product``, ``negative``, ``inverse``, ``power``,
        ``call``, ``comparison``, ``and``, ``or`` or ``not``.
    place : int
        Position of its first character, for messages.
    parts : tuple of Node
    name : str
        The name, the function, or the sign of a comparison.
    value : Fraction
        Of a number.
    """

    kind: str
    place: int
    parts: tuple[Node, ...] = ()
    name: str = ""
    value: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    place: int


def check_name(name: object, what: str) -> str:
    """Return a name that formulas can use.

    Raises
    ------
    ModelError
        If it is not 1 to 60 ASCII letters, digits and underscores that begin with a letter, or
        is a word of the grammar.

    Examples
    --------
    >>> check_name("stake", "a parameter")
    'stake'
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        msg = (
            f"{what} must be named by at most 60 ASCII letters, digits and underscores that "
            f"begin with a letter, got {str(name)[:80]!r}"
        )
        raise ModelError(msg)
    if name in RESERVED:
        msg = f"{what} cannot be named {name!r}, a word of formulas; choose another name"
        raise ModelError(msg)
    return name


def is_name(name: str) -> bool:
    """Tell whether formulas can use a name."""
    return name not in RESERVED and _NAME.fullmatch(name) is not None


def fault(text: str, place: int, message: str) -> ModelError:
    """Return an error that names a place of a text."""
    line = text.count("\n", 0, place)
    column = place - (text.rfind("\n", 0, place) + 1) + 1
    where = f"line {line + 1}, column {column}" if "\n" in text else f"column {column}"
    return ModelError(f"{where}: {message}")


def tree(text: str) -> Node:
    """Return the tree of a formula or condition.

    Raises
    ------
    ModelError
        If the text does not follow the grammar or passes a limit.
    """
    given: object = text
    if not isinstance(given, str):
        msg = f"a formula must be text, got {type(given).__name__}"
        raise ModelError(msg)
    if len(text) > MAX_CHARACTERS:
        msg = f"a formula may have {MAX_CHARACTERS} characters, got {len(text)}"
        raise ModelError(msg)
    parser = _Parser(text, _tokens(text))
    root = parser.disjunction()
    if parser.token.kind != "end":
        raise parser.unexpected("an operator or the end", hint="; write * to multiply")
    return root


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    place = 0
    while True:
        blank = _BLANK.match(text, place)
        place = place if blank is None else blank.end()
        if place == len(text):
            tokens.append(_Token("end", "", place))
            return tokens
        if len(tokens) == MAX_TOKENS:
            raise fault(text, place, f"a formula may have {MAX_TOKENS} numbers, names and signs")
        found = _TOKEN.match(text, place)
        if found is None:
            raise _foreign(text, place)
        kind = str(found.lastgroup)
        word = found.group()
        tokens.append(_Token("word" if word in RESERVED else kind, word, place))
        place = found.end()


def _foreign(text: str, place: int) -> ModelError:
    """Describe a character that no formula holds."""
    letter = text[place]
    what = repr(letter)
    if not letter.isascii():
        name = unicodedata.name(letter, "a character without a name")
        what += f" (U+{ord(letter):04X}, {name})"
    remedy = _WRITE.get(letter)
    tail = (
        f"write {remedy}"
        if remedy
        else "use ASCII letters, digits, _ and + - * / ** ( ) , < <= > >= == != only"
    )
    return fault(text, place, f"{what} is not part of formulas; {tail}")


class _Parser:
    """Descends through the grammar; each method reads what it is named after."""

    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def accept(self, *words: str) -> _Token | None:
        """Return the token and go on, if it is one of some words or signs."""
        token = self.token
        if token.kind in {"sign", "word"} and token.text in words:
            self.at += 1
            return token
        return None

    def unexpected(self, wanted: str, *, hint: str = "") -> ModelError:
        token = self.token
        found = repr(token.text[:40]) if token.kind != "end" else "the end"
        tail = "" if token.kind == "end" else hint
        return fault(self.text, token.place, f"{wanted} is expected here, found {found}{tail}")

    def enter(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            msg = f"a formula may be nested {MAX_DEPTH} deep; name parts of it"
            raise fault(self.text, self.token.place, msg)

    def number(self, node: Node) -> Node:
        """Check that a node is a number."""
        if node.kind in TRUTHS:
            raise fault(self.text, node.place, "a number is needed here, found a condition")
        return node

    def truth(self, node: Node) -> Node:
        """Check that a node is a condition."""
        if node.kind not in TRUTHS:
            msg = "a condition such as x < 1 is needed here, found a number"
            raise fault(self.text, node.place, msg)
        return node

    def disjunction(self) -> Node:
        self.enter()
        node = self.joined("or", self.conjunction)
        self.depth -= 1
        return node

    def conjunction(self) -> Node:
        return self.joined("and", self.negation)

    def joined(self, word: str, part: Callable[[], Node]) -> Node:
        first = part()
        if self.token.kind != "word" or self.token.text != word:
            return first
        parts = [self.truth(first)]
        while self.accept(word):
            parts.append(self.truth(part()))
        return Node(word, first.place, tuple(parts))

    def negation(self) -> Node:
        token = self.accept("not")
        if token is None:
            return self.comparison()
        self.enter()
        node = Node("not", token.place, (self.truth(self.negation()),))
        self.depth -= 1
        return node

    def comparison(self) -> Node:
        left = self.sum()
        found = []
        while sign := self.accept(*_COMPARISONS):
            right = self.number(self.sum())
            found.append(Node("comparison", left.place, (self.number(left), right), sign.text))
            left = right
        if not found:
            return left
        return found[0] if len(found) == 1 else Node("and", found[0].place, tuple(found))

    def sum(self) -> Node:
        first = self.product()
        terms = [first]
        while sign := self.accept("+", "-"):
            term = self.number(self.product())
            terms.append(term if sign.text == "+" else Node("negative", sign.place, (term,)))
        return first if len(terms) == 1 else Node("sum", self.number(first).place, tuple(terms))

    def product(self) -> Node:
        first = self.signed()
        factors = [first]
        while sign := self.accept("*", "/"):
            factor = self.number(self.signed())
            factors.append(factor if sign.text == "*" else Node("inverse", sign.place, (factor,)))
        if len(factors) == 1:
            return first
        return Node("product", self.number(first).place, tuple(factors))

    def signed(self) -> Node:
        token = self.accept("-", "+")
        if token is None:
            return self.power()
        self.enter()
        node = self.number(self.signed())
        self.depth -= 1
        return node if token.text == "+" else Node("negative", token.place, (node,))

    def power(self) -> Node:
        base = self.atom()
        if not self.accept("**"):
            return base
        self.enter()
        exponent = self.number(self.signed())
        self.depth -= 1
        return Node("power", self.number(base).place, (base, exponent))

    def atom(self) -> Node:
        token = self.token
        if token.kind == "number":
            self.at += 1
            return Node("number", token.place, value=self.value(token))
        if token.kind == "name" or token.text in FUNCTIONS:
            self.at += 1
            called = self.accept("(")
            if token.kind == "name":
                if called:
                    known = ", ".join(FUNCTIONS)
                    msg = f"{token.text[:40]!r} is no function; the functions are {known}"
                    raise fault(self.text, token.place, msg)
                return Node("name", token.place, name=token.text)
            if not called:
                raise self.unexpected(f"( after {token.text}")
            return self.call(token)
        if self.accept("("):
            node = self.disjunction()
            if not self.accept(")"):
                raise self.unexpected(f"an operator or ) for the ( at {self.spot(token)}")
            return node
        raise self.unexpected("a number, a name or (")

    def call(self, token: _Token) -> Node:
        parts = [self.disjunction()]
        while self.accept(","):
            parts.append(self.disjunction())
        if not self.accept(")"):
            raise self.unexpected(f"an operator, a comma or ) for {token.text}(")
        least, most = FUNCTIONS[token.text]
        if not least <= len(parts) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            unit = "argument" if wanted == "1" else "arguments"
            msg = f"{token.text} takes {wanted} {unit}, got {len(parts)}"
            raise fault(self.text, token.place, msg)
        if token.text == "if":
            self.truth(parts[0])
        for part in parts[1 if token.text == "if" else 0 :]:
            self.number(part)
        return Node("call", token.place, tuple(parts), token.text)

    def spot(self, token: _Token) -> str:
        return str(fault(self.text, token.place, "")).removesuffix(": ")

    def value(self, token: _Token) -> Fraction:
        mantissa, _, exponent = token.text.lower().partition("e")
        if len(mantissa) > MAX_DIGITS or len(exponent) > 4 or abs(int(exponent or 0)) >= MAX_DIGITS:
            msg = f"numbers have at most {MAX_DIGITS - 1} digits and exponents up to as much"
            raise fault(self.text, token.place, f"{msg}, found {token.text[:40]!r}")
        return Fraction(f"{mantissa}e{exponent or 0}")
