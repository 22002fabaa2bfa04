"""Plain documents: headings, paragraphs, lists, tables and formulas in text, HTML and LaTeX."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import sympy as sp
from tabulate import tabulate

from ._escape import tex

__all__ = [
    "Block",
    "Bullets",
    "Display",
    "Formula",
    "Heading",
    "Paragraph",
    "Table",
    "latex_body",
    "to_html",
    "to_latex",
    "to_text",
]

_WIDTH = 96
_LONG_FORMULA = 120


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the document's title."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of statements."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text cells.

    Attributes
    ----------
    header : tuple of str
    rows : tuple of tuples of str
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """An inequality in symbols and in numbers.

    Attributes
    ----------
    left, right : sympy.Expr
    relation : str
        ``<``, ``>`` or ``=``.
    numbers : tuple of str
        The two sides in numbers.
    """

    left: sp.Expr
    relation: str
    right: sp.Expr
    numbers: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Display:
    """An expression or a condition on a line of its own.

    Attributes
    ----------
    expression : sympy.Basic
        The parts of a conjunction get a line each.
    """

    expression: sp.Basic


Block: TypeAlias = Heading | Paragraph | Bullets | Table | Formula | Display


def to_text(blocks: Sequence[Block], *, pretty: bool = False) -> str:
    """Return the document as plain text, some 96 characters wide.

    With `pretty`, displayed expressions are drawn in two dimensions, with Unicode signs.
    """
    return "\n\n".join(_text(block, pretty=pretty) for block in blocks) + "\n"


def to_html(blocks: Sequence[Block], *, title: str) -> str:
    """Return the document as one self-contained HTML page; all text is escaped."""
    body = "\n".join(_html(block) for block in blocks)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def to_latex(blocks: Sequence[Block], *, title: str) -> str:
    """Return the document as a LaTeX article that needs amsmath, booktabs and tabularx."""
    body = latex_body(block for block in blocks if not _is_title(block))
    return (
        "\\documentclass{article}\n\\usepackage[T1]{fontenc}\n\\usepackage[margin=2cm]{geometry}\n"
        "\\usepackage{amsmath,booktabs,tabularx}\n"
        f"\\title{{{tex(title)}}}\n\\date{{}}\n"
        f"\\begin{{document}}\n\\maketitle\n{body}\n\\end{{document}}\n"
    )


def latex_body(blocks: Iterable[Block]) -> str:
    """Return the blocks as LaTeX to put into a document that has the same packages."""
    return "\n\n".join(_latex(block) for block in blocks)


def _is_title(block: Block) -> bool:
    return isinstance(block, Heading) and block.level == 1


def _parts(display: Display) -> tuple[sp.Basic, ...]:
    """Return the lines of a displayed expression."""
    if isinstance(display.expression, sp.And):
        return tuple(sorted(display.expression.args, key=sp.default_sort_key))
    return (display.expression,)


def _plain(expression: sp.Basic) -> str:
    if isinstance(expression, sp.Eq):
        return f"{sp.sstr(expression.lhs)} = {sp.sstr(expression.rhs)}"
    return str(sp.sstr(expression))


def _text(block: Block, *, pretty: bool = False) -> str:
    if isinstance(block, Display):
        lines = [
            sp.pretty(part, use_unicode=True, wrap_line=False) if pretty else _plain(part)
            for part in _parts(block)
        ]
        return textwrap.indent(("\n\n" if pretty else "\n").join(lines), "    ")
    if isinstance(block, Heading):
        return f"{block.text}\n{('=' if block.level == 1 else '-') * len(block.text)}"
    if isinstance(block, Paragraph):
        return textwrap.fill(block.text, _WIDTH)
    if isinstance(block, Bullets):
        return "\n".join(
            textwrap.fill(item, _WIDTH, initial_indent="- ", subsequent_indent="  ")
            for item in block.items
        )
    if isinstance(block, Table):
        return tabulate(
            block.rows,
            headers=block.header,
            tablefmt="simple",
            disable_numparse=True,
            colalign=_alignment(block),
        )
    left, right = block.numbers
    symbols = f"{sp.sstr(block.left)}  {block.relation}  {sp.sstr(block.right)}"
    if len(symbols) > _WIDTH - 4:
        symbols = f"{sp.sstr(block.left)}\n      {block.relation}  {sp.sstr(block.right)}"
    return f"    {symbols}\n    {left}  {block.relation}  {right}"


def _html(block: Block) -> str:
    if isinstance(block, Display):
        return _display_html(block)
    if isinstance(block, Heading):
        return f"<h{block.level}>{html.escape(block.text)}</h{block.level}>"
    if isinstance(block, Paragraph):
        return f"<p>{html.escape(block.text)}</p>"
    if isinstance(block, Bullets):
        items = "\n".join(f"<li>{html.escape(item)}</li>" for item in block.items)
        return f"<ul>\n{items}\n</ul>"
    if isinstance(block, Table):
        align = [f' class="{side}"' for side in _alignment(block)]
        head = "".join(
            f'<th scope="col"{a}>{html.escape(cell)}</th>'
            for a, cell in zip(align, block.header, strict=True)
        )
        rows = "\n".join(
            "<tr>"
            + "".join(
                f"<td{a}>{html.escape(cell)}</td>" for a, cell in zip(align, row, strict=True)
            )
            + "</tr>"
            for row in block.rows
        )
        return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    left, right = _mathml(block.left), _mathml(block.right)
    sign = html.escape(block.relation)
    numbers = f"{block.numbers[0]} {block.relation} {block.numbers[1]}"
    return (
        f'<p class="formula"><math display="block">{left}<mo>{sign}</mo>{right}</math>'
        f"<span>{html.escape(numbers)}</span></p>"
    )


def _mathml(expression: sp.Basic) -> str:
    from sympy.printing.mathml import mathml

    # SymPy leaves the sign of "less than" as it is, which is markup.
    text: str = mathml(expression, printer="presentation")
    return text.replace("<mo><</mo>", "<mo>&lt;</mo>")


def _display_html(block: Display) -> str:
    formulas = map(_mathml, _parts(block))
    return "\n".join(
        f'<p class="formula"><math display="block">{formula}</math></p>' for formula in formulas
    )


def _latex(block: Block) -> str:
    if isinstance(block, Display):
        lines = [f"&{sp.latex(part)}" for part in _parts(block)]
        return "\n".join([r"\begin{align*}", " \\\\\n".join(lines), r"\end{align*}"])
    if isinstance(block, Heading):
        return rf"\section*{{{tex(block.text)}}}"
    if isinstance(block, Paragraph):
        return tex(block.text)
    if isinstance(block, Bullets):
        items = "\n".join(rf"  \item {tex(item)}" for item in block.items)
        return f"\\begin{{itemize}}\n{items}\n\\end{{itemize}}"
    if isinstance(block, Table):
        rows = [" & ".join(map(tex, row)) + r" \\" for row in (block.header, *block.rows)]
        rows.insert(1, r"\midrule")
        return "\n".join(
            [
                r"\par\medskip",
                rf"\noindent\begin{{tabularx}}{{\linewidth}}{{{_columns(block)}}}",
                r"\toprule",
                *rows,
                r"\bottomrule",
                r"\end{tabularx}",
                r"\par\medskip",
            ]
        )
    left, right = (sp.latex(side) for side in (block.left, block.right))
    numbers = f"{block.numbers[0]} &{block.relation} {block.numbers[1]}"
    if len(left) + len(right) > _LONG_FORMULA:
        lines = [
            rf"&{left} \\",
            rf"{block.relation}\; &{right} \\",
            f"&{numbers.replace('&', '')}",
        ]
    else:
        lines = [left, rf"&{block.relation} {right} \\", numbers]
    return "\n".join([r"\begin{align*}", *lines, r"\end{align*}"])


def _columns(table: Table) -> str:
    """Return LaTeX column types: the widest column of words takes the space that is left."""
    sides = _alignment(table)
    widths = [
        max(len(row[k]) for row in (table.header, *table.rows)) if side == "left" else 0
        for k, side in enumerate(sides)
    ]
    widest = widths.index(max(widths))
    return "".join(
        "r" if side == "right" else r">{\raggedright\arraybackslash}X" if k == widest else "l"
        for k, side in enumerate(sides)
    )


_NUMERIC = re.compile(r"-?[\d.]+(e[+-]?\d+)?|-|")


def _alignment(table: Table) -> tuple[str, ...]:
    """Numbers to the right, words to the left."""
    return tuple(
        "right"
        if all(_NUMERIC.fullmatch(row[k]) for row in table.rows)
        and any(row[k] not in {"", "-"} for row in table.rows)
        else "left"
        for k in range(len(table.header))
    )


_STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0}"
    "main{max-width:60rem;margin:auto;padding:1rem}table{border-collapse:collapse;margin:1rem 0;"
    "display:block;overflow-x:auto}th,td{padding:.25rem .75rem;border-bottom:1px solid #8888;"
    "text-align:left;vertical-align:top}.right{text-align:right;"
    "font-variant-numeric:tabular-nums}.formula{overflow-x:auto;text-align:center}"
)
