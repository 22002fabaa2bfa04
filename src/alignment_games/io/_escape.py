"""Text that means nothing but itself in LaTeX and Markdown (for HTML there is `html.escape`)."""

from __future__ import annotations

import re

_TEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_\allowbreak{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": "$<$",
    ">": "$>$",
    "|": r"\textbar{}",
    # Both are curved where they are not escaped, and two of them, ?` and !` are other signs.
    "`": r"\textasciigrave{}",
    "'": r"\textquotesingle{}",
    # After the end of a row these two would be taken for its options.
    "[": "{[}",
    "*": "{*}",
}
_LIGATURE = re.compile(r"([-,])(?=\1)")
_MINUS = re.compile(r"(?<![\w.)-])-(?=[\d.])")
_MARKDOWN = re.compile(r"([\\`*_\[\]|~$<>&])")


def tex(text: str) -> str:
    r"""Return LaTeX that prints a text; a minus sign before a digit is set as one.

    Examples
    --------
    >>> print(tex("50% of -1"))
    50\% of $-$1
    """
    escaped = "".join(_TEX.get(character, character) for character in text)
    return _MINUS.sub("$-$", _LIGATURE.sub(r"\1{}", escaped))


def tex_words(name: str) -> str:
    r"""Return LaTeX that prints a name with spaces for its underscores.

    Examples
    --------
    >>> print(tex_words("r&d_budget"))
    r\&d budget
    """
    return tex(name.replace("_", " "))


def markdown(text: str) -> str:
    r"""Return Markdown that prints a text.

    Examples
    --------
    >>> print(markdown("a_b | c"))
    a\_b \| c
    """
    return _MARKDOWN.sub(r"\\\1", text)


def one_line(text: str) -> str:
    r"""Return a text with everything that cannot be seen, line ends above all, written out.

    Examples
    --------
    >>> print(one_line("a\nb"))
    a\nb
    """
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
