"""How tables are set: names, numbers, matrices and lists, as text, Markdown, LaTeX or HTML."""

from __future__ import annotations

import abc
import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .._numeric import decimal_text, exact_number
from .._typing import Number, ObjectArray
from ..errors import GameError
from ._escape import markdown, one_line, tex

__all__ = ["Matrix", "Style", "style_of"]

_MAX_RATIO = 10**8
_CELL = "padding:.2em .6em;text-align:center"
_FIRST = "padding:.2em .6em;text-align:left"
_RULE = "border-bottom:1px solid;"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Payoffs of two players whose names and strategies are already written for a format."""

    caption: str | None
    players: list[str]
    strategies: list[list[str]]
    cells: ObjectArray

    def rows(self) -> Iterator[list[str]]:
        for name, own in zip(self.strategies[0], self.cells.tolist(), strict=True):
            yield [name, *own]


class Style(abc.ABC):
    """How a format writes names, numbers, matrices and lists."""

    @abc.abstractmethod
    def name(self, text: str) -> str:
        """Return a name that means nothing but itself."""

    @abc.abstractmethod
    def mark(self, number: str) -> str:
        """Return a number that stands out."""

    @abc.abstractmethod
    def matrix(self, matrix: Matrix) -> str:
        """Return a matrix with the names of both players."""

    @abc.abstractmethod
    def listing(
        self,
        header: list[str],
        rows: list[list[str]],
        *,
        caption: str | None = None,
        notes: Sequence[str] = (),
    ) -> str:
        """Return a plain table, with lines below it."""

    def number(self, value: Number, *, exact: bool, digits: int | None) -> str:
        """Return a number: a fraction if it is exact, else a decimal."""
        return str(exact_number(value)) if exact else _decimal(value, digits)

    def join(self, payoffs: list[str]) -> str:
        """Return the payoffs of one profile."""
        return ", ".join(payoffs)

    def set(self, number: str) -> str:
        """Return a number that stands alone in text."""
        return number

    def mixture(
        self, names: Sequence[str], vector: Sequence[Number], *, exact: bool, digits: int | None
    ) -> str:
        """Return what is played with positive probability."""
        used = [(self.name(name), p) for name, p in zip(names, vector, strict=True) if p]
        if len(used) == 1:
            return used[0][0]
        return " + ".join(
            f"{self.set(self.number(p, exact=exact, digits=digits))} {name}" for name, p in used
        )

    def several(self, matrices: list[Matrix]) -> str:
        """Return one matrix below the other."""
        return "\n\n".join(self.matrix(matrix) for matrix in matrices)


class _Text(Style):
    kind = "simple"
    item = ""

    def name(self, text: str) -> str:
        return one_line(text)

    def mark(self, number: str) -> str:
        return number + "*"

    def matrix(self, matrix: Matrix) -> str:
        header = [", ".join(matrix.players), *matrix.strategies[1]]
        return self.listing(header, list(matrix.rows()), caption=matrix.caption)

    def listing(
        self,
        header: list[str],
        rows: list[list[str]],
        *,
        caption: str | None = None,
        notes: Sequence[str] = (),
    ) -> str:
        from tabulate import tabulate

        table = tabulate(
            rows, headers=header, tablefmt=self.kind, disable_numparse=True, stralign="left"
        )
        above = "" if caption is None else f"{caption}\n\n"
        # In Markdown, lines that are not set apart run together.
        below = "".join(f"\n{self.item}{note}" for note in notes)
        return above + table + (f"\n{below}" if notes else "")


class _Markdown(_Text):
    kind = "pipe"
    item = "- "

    def name(self, text: str) -> str:
        return markdown(one_line(text))

    def mark(self, number: str) -> str:
        return f"<u>{number}</u>"


class _Latex(Style):
    def name(self, text: str) -> str:
        return tex(one_line(text))

    def number(self, value: Number, *, exact: bool, digits: int | None) -> str:
        if exact:
            ratio = Fraction(exact_number(value))
            sign = "-" if ratio < 0 else ""
            if ratio.denominator == 1:
                return str(ratio)
            return rf"{sign}\frac{{{abs(ratio.numerator)}}}{{{ratio.denominator}}}"
        mantissa, _, exponent = _decimal(value, digits).partition("e")
        return rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else mantissa

    def mark(self, number: str) -> str:
        return rf"\underline{{{number}}}"

    def join(self, payoffs: list[str]) -> str:
        return self.set(r",\; ".join(payoffs))

    def set(self, number: str) -> str:
        return f"${number}$"

    def matrix(self, matrix: Matrix) -> str:
        row, column = matrix.players
        width = len(matrix.strategies[1])
        above = [
            rf" & \multicolumn{{{width}}}{{c}}{{{column}}} \\",
            rf"\cmidrule(l){{2-{width + 1}}}",
        ]
        if matrix.caption is not None:
            above.insert(0, rf"\multicolumn{{{width + 1}}}{{@{{}}l@{{}}}}{{{matrix.caption}}} \\")
        header = [row, *matrix.strategies[1]]
        return self._tabular("l" + "c" * width, header, matrix.rows(), above)

    def listing(
        self,
        header: list[str],
        rows: list[list[str]],
        *,
        caption: str | None = None,
        notes: Sequence[str] = (),
    ) -> str:
        table = self._tabular("l" * len(header), header, rows, [])
        if caption is not None:
            table = f"\\noindent {caption}\n\n\\nopagebreak\\medskip\n\\noindent\n{table}"
        for k, note in enumerate(notes):
            table += "\n\n\\nopagebreak" + ("" if k else "\\medskip") + f"\n\\noindent {note}"
        return table

    def several(self, matrices: list[Matrix]) -> str:
        return "\n\n\\medskip\n".join(f"\\noindent\n{self.matrix(m)}" for m in matrices)

    def _tabular(
        self, columns: str, header: list[str], rows: Iterable[list[str]], above: list[str]
    ) -> str:
        lines = []
        for first, *rest in rows:
            # Fractions are high, and underlined ones would touch the row below.
            high = any(r"\frac" in cell for cell in (first, *rest))
            underlined = any(r"\underline" in cell for cell in rest)
            strut = r"\rule[-1.1ex]{0pt}{3.3ex}" if underlined else ""
            strut = r"\rule[-1.7ex]{0pt}{4.4ex}" if high else strut
            lines.append(" & ".join([first + strut, *rest]) + r" \\")
        return "\n".join(
            [
                rf"\begin{{tabular}}{{@{{}}{columns}@{{}}}}",
                r"\toprule",
                *above,
                " & ".join(header) + r" \\",
                r"\midrule",
                *lines,
                r"\bottomrule",
                r"\end{tabular}",
            ]
        )


class _Html(Style):
    def name(self, text: str) -> str:
        return html.escape(one_line(text))

    def mark(self, number: str) -> str:
        return f"<u>{number}</u>"

    def number(self, value: Number, *, exact: bool, digits: int | None) -> str:
        mantissa, _, exponent = super().number(value, exact=exact, digits=digits).partition("e")
        if exponent:
            mantissa += f" \N{MULTIPLICATION SIGN} 10<sup>{int(exponent)}</sup>"
        return mantissa.replace("-", "\N{MINUS SIGN}")

    def matrix(self, matrix: Matrix) -> str:
        row, column = matrix.players
        above = (
            f'<tr><td></td><th scope="colgroup" colspan="{len(matrix.strategies[1])}" '
            f'style="{_CELL}">{column}'
            "</th></tr>\n"
        )
        rows = (
            [f'<th scope="row" style="{_FIRST}">{name}</th>', *map(_data, cells)]
            for name, *cells in matrix.rows()
        )
        return self._table([row, *matrix.strategies[1]], rows, matrix.caption, above)

    def listing(
        self,
        header: list[str],
        rows: list[list[str]],
        *,
        caption: str | None = None,
        notes: Sequence[str] = (),
    ) -> str:
        cells = ([_data(row[0], _FIRST), *map(_data, row[1:])] for row in rows)
        return self._table(header, cells, caption, "", notes)

    def _table(
        self,
        header: list[str],
        rows: Iterable[list[str]],
        caption: str | None,
        above: str,
        notes: Sequence[str] = (),
    ) -> str:
        heads = "".join(
            f'<th scope="col" style="{_RULE}{_CELL if k else _FIRST}">{name}</th>'
            for k, name in enumerate(header)
        )
        body = "".join(f"<tr>{''.join(row)}</tr>\n" for row in rows)
        title = ""
        if caption is not None:
            title = f'<caption style="text-align:left">{caption}</caption>\n'
        foot = "".join(
            f'<tr><td colspan="{len(header)}" style="{_FIRST}">{note}</td></tr>\n' for note in notes
        )
        foot = f"<tfoot>\n{foot}</tfoot>\n" if notes else ""
        style = "border-collapse:collapse;margin:.5em 0"
        return (
            f'<table class="game" style="{style}">\n{title}<thead>\n{above}<tr>{heads}</tr>\n'
            f"</thead>\n<tbody>\n{body}</tbody>\n{foot}</table>"
        )


def _data(cell: str, style: str = _CELL) -> str:
    return f'<td style="{style}">{cell}</td>'


def _decimal(value: Number, digits: int | None) -> str:
    """Return a decimal of so many digits, or the shortest that stands for the float."""
    if digits is not None:
        return decimal_text(value, digits)
    number, exact = float(value), exact_number(value)
    short = max(abs(exact.numerator), exact.denominator) < _MAX_RATIO
    if short and exact_number(number) != exact:
        return str(exact)  # a Fraction among floats
    text = repr(number).removesuffix(".0")
    return "0" if text == "-0" else text


_STYLES: dict[str, Style] = {
    "text": _Text(),
    "markdown": _Markdown(),
    "latex": _Latex(),
    "html": _Html(),
}


def style_of(name: object) -> Style:
    if not isinstance(name, str) or name not in _STYLES:
        msg = f"`format` must be one of {', '.join(map(repr, _STYLES))}, got {name!r}"
        raise GameError(msg)
    return _STYLES[name]
