"""Plain documents of headings, paragraphs, lists, tables and formulas in several formats."""

from __future__ import annotations

import html
import itertools
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import sympy as sp
from tabulate import tabulate

from ._escape import markdown, tex
from .formulas import Form, aligned, drawn, infix, latex, lines, mathml

__all__ = [
    "Block",
    "Bullets",
    "Formula",
    "Heading",
    "Paragraph",
    "Statement",
    "Table",
    "html_body",
    "latex_body",
    "to_html",
    "to_latex",
    "to_markdown",
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
class Statement:
    """A formula in symbols alone, which may be a condition.

    Attributes
    ----------
    formula : sympy expression or Boolean
    """

    formula: sp.Basic


Block: TypeAlias = Heading | Paragraph | Bullets | Table | Formula | Statement


def to_text(blocks: Sequence[Block], *, pretty: bool = False) -> str:
    """Return the document as plain text, some 96 characters wide.

    With `pretty`, statements are drawn in two dimensions, with Unicode signs.
    """
    return "\n\n".join(_text(block, pretty=pretty) for block in blocks) + "\n"


def to_html(blocks: Sequence[Block], *, title: str) -> str:
    """Return the document as one self-contained HTML page; all text is escaped."""
    body = html_body(blocks)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def html_body(blocks: Iterable[Block]) -> str:
    """Return the blocks as HTML without a page around them; all text is escaped."""
    return "\n".join(_html(block) for block in blocks)


def to_latex(blocks: Sequence[Block], *, title: str) -> str:
    """Return the document as a LaTeX article that needs amsmath, booktabs and tabularx."""
    body = latex_body(block for block in blocks if not _is_title(block))
    return (
        "\\documentclass{article}\n\\usepackage[T1]{fontenc}\n\\usepackage[margin=2cm]{geometry}\n"
        "\\usepackage{amsmath,booktabs,tabularx}\n\\allowdisplaybreaks\n"
        f"\\title{{{tex(title)}}}\n\\date{{}}\n"
        f"\\begin{{document}}\n\\maketitle\n{body}\n\\end{{document}}\n"
    )


def latex_body(blocks: Iterable[Block]) -> str:
    """Return the blocks as LaTeX to put into a document that has the same packages."""
    pieces: list[str] = []
    for _, group in itertools.groupby(blocks, key=type):
        run = list(group)
        formulas = [block.formula for block in run if isinstance(block, Statement)]
        pieces += [_equations(formulas)] if formulas else [_latex(block) for block in run]
    return "\n\n".join(pieces)


def to_markdown(blocks: Sequence[Block]) -> str:
    r"""Return the document as Markdown with formulas in LaTeX between dollar signs.

    Examples
    --------
    >>> print(to_markdown([Heading("A_1"), Statement(sp.Symbol("x") > 0)]))
    ## A\_1
    <BLANKLINE>
    $$x > 0$$
    <BLANKLINE>
    """
    return "\n\n".join(_markdown(block) for block in blocks) + "\n"


def _is_title(block: Block) -> bool:
    return isinstance(block, Heading) and block.level == 1


def _text(block: Block, *, pretty: bool = False) -> str:
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
    if isinstance(block, Statement):
        return _drawn(block.formula) if pretty else _infix(block.formula)
    left, right = block.numbers
    symbols = f"{infix(block.left)}  {block.relation}  {infix(block.right)}"
    if len(symbols) > _WIDTH - 4:
        symbols = f"{infix(block.left)}\n      {block.relation}  {infix(block.right)}"
    return f"    {symbols}\n    {left}  {block.relation}  {right}"


def _infix(formula: sp.Basic) -> str:
    whole = infix(formula)
    short = len(whole) <= _WIDTH - 4
    return "\n".join(
        textwrap.fill(
            line,
            _WIDTH,
            initial_indent="    ",
            subsequent_indent="        ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in ([whole] if short else lines(formula, "text"))
    )


def _drawn(formula: sp.Basic) -> str:
    whole = drawn(formula)
    if max(map(len, whole.splitlines())) > _WIDTH - 4:
        whole = "\n".join(lines(formula, "unicode"))
    return textwrap.indent(whole, "    ")


def _html(block: Block) -> str:
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
    if isinstance(block, Statement):
        formulas = _rows(block.formula, "mathml")
        shown = "".join(f'<math display="block">{row}</math>' for row in formulas)
        return f'<p class="formula">{shown}</p>'
    left, right = (mathml(side) for side in (block.left, block.right))
    sign = html.escape(block.relation)
    numbers = f"{block.numbers[0]} {block.relation} {block.numbers[1]}"
    return (
        f'<p class="formula"><math display="block">{left}<mo>{sign}</mo>{right}</math>'
        f"<span>{html.escape(numbers)}</span></p>"
    )


def _latex(block: Block) -> str:
    if isinstance(block, Heading):
        return rf"\{'sub' * (block.level - 2)}section*{{{tex(block.text)}}}"
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
    if isinstance(block, Statement):
        return _equations([block.formula])
    left, right = (latex(side) for side in (block.left, block.right))
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


def _equations(formulas: Iterable[sp.Basic]) -> str:
    """Return LaTeX of formulas that follow each other, aligned at the left."""
    rows = [f"&{row}" for own in formulas for row in _rows(own, "latex")]
    return "\n".join([r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}"])


def _rows(formula: sp.Basic, form: Form) -> list[str]:
    """Return what is set on lines of their own: the parts of a long condition, or the whole."""
    whole = latex(formula)
    if len(whole) > _LONG_FORMULA:
        return lines(formula, form)
    return [whole if form == "latex" else mathml(formula)]


def _markdown(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {markdown(block.text)}"
    if isinstance(block, Paragraph):
        return markdown(block.text)
    if isinstance(block, Bullets):
        return "\n".join(f"- {markdown(item)}" for item in block.items)
    if isinstance(block, Table):
        dashes = ("---:" if side == "right" else "---" for side in _alignment(block))
        rows = [block.header, tuple(dashes), *block.rows]
        return "\n".join(
            f"| {' | '.join(row if k == 1 else map(markdown, row))} |" for k, row in enumerate(rows)
        )
    if isinstance(block, Statement):
        shown = _rows(block.formula, "latex")
        return f"$${shown[0] if len(shown) == 1 else aligned(f'&{row}' for row in shown)}$$"
    left, right = block.numbers
    symbols = f"{latex(block.left)} {block.relation} {latex(block.right)}"
    return f"$${symbols}$$\n\n{markdown(f'{left} {block.relation} {right}')}"


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
    "font-variant-numeric:tabular-nums}.formula{overflow-x:auto;overflow-y:hidden;"
    "padding:.25rem 0;text-align:center}.formula math{padding:.15rem 0}"
)
