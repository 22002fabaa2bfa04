"""Tables of games and of solutions, as text, Markdown, LaTeX or HTML."""

from __future__ import annotations

import abc
import html
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

import numpy as np

from .._numeric import decimal_text, exact_number
from .._typing import Number, ObjectArray, Profile
from ..errors import GameError, WorkLimitError, flag
from ..games import ExtensiveGame, NormalFormGame
from ._escape import markdown, one_line, tex

if TYPE_CHECKING:
    from ..solvers import CorrelatedSolution, Solution

__all__ = ["game_table", "solution_table"]

TableFormat: TypeAlias = Literal["text", "markdown", "latex", "html"]

_MAX_CELLS = 100_000
_MAX_DIGITS = 17  # that tell every float
_MAX_RATIO = 10**8
_CELL = "padding:.2em .6em;text-align:center"
_FIRST = "padding:.2em .6em;text-align:left"
_RULE = "border-bottom:1px solid;"


def game_table(
    game: NormalFormGame,
    format: TableFormat = "text",
    *,
    best_replies: bool = False,
    digits: int | None = None,
) -> str:
    """Return the payoffs of a normal form as a table.

    Parameters
    ----------
    game : NormalFormGame
    format : {'text', 'markdown', 'latex', 'html'}, optional
        LaTeX needs the package ``booktabs`` (names beyond Latin letters also XeLaTeX or LuaLaTeX);
        HTML comes as ``table`` elements without a page around them.
    best_replies : bool, optional
        Whether to underline payoffs of best replies (in text: mark them with a star). A profile
        with all payoffs marked is a pure equilibrium.
    digits : int, optional
        Significant digits of the payoffs of a floating game. By default as many as each needs,
        the shortest decimal that stands for the float, so that different payoffs look different;
        a short Fraction among the floats stays one.

    Returns
    -------
    str
        Two players: a matrix. Three: one matrix for each strategy of the third. Otherwise a list
        of profiles. Payoffs of an exact game are set as fractions.

    Raises
    ------
    GameError
        If `game` is no normal form, the format is unknown, `best_replies` is not a bool or
        `digits` is no positive integer.
    WorkLimitError
        If there are more than 100,000 payoffs.

    Examples
    --------
    >>> import alignment_games as ag
    >>> game = ag.NormalFormGame.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]],
    ...                                        players=["Row", "Column"])
    >>> print(game_table(game, best_replies=True))
    Row, Column    s1      s2
    -------------  ------  ------
    s1             3, 3    1*, 4*
    s2             4*, 1*  0, 0
    """
    style = _style(format)
    _check_digits(digits)
    best_replies = flag("best_replies", best_replies)
    given: object = game
    if not isinstance(given, NormalFormGame):
        tail = "; take its normal_form()" if isinstance(given, ExtensiveGame) else ""
        msg = f"`game` must be a NormalFormGame, got {type(game).__name__}{tail}"
        raise GameError(msg)
    if game.exact_payoffs.size > _MAX_CELLS:
        msg = (
            f"the table would hold {game.exact_payoffs.size} payoffs; the limit is {_MAX_CELLS}. "
            "Restrict the game to some strategies, or write it with write_nfg"
        )
        raise WorkLimitError(msg)
    cells = _cells(game, style, best_replies=best_replies, digits=digits)
    names = [style.name(player) for player in game.players]
    strategies = [[style.name(own) for own in mine] for mine in game.strategies]
    if game.n_players == 2:
        return style.matrix(_Matrix(None, names, strategies, cells))
    if game.n_players == 3:
        return style.several(
            [
                _Matrix(f"{names[2]}: {own}", names[:2], strategies[:2], cells[:, :, k])
                for k, own in enumerate(strategies[2])
            ]
        )
    rows = [
        [*(strategies[k][s] for k, s in enumerate(profile)), cells[profile]]
        for profile in game.profiles()
    ]
    return style.listing([*names, "payoffs"], rows)


def solution_table(
    solution: Solution | CorrelatedSolution, format: TableFormat = "text", *, digits: int | None = 6
) -> str:
    """Return the equilibria of a solution as a table, below what the solution claims.

    Parameters
    ----------
    solution : Solution or CorrelatedSolution
    format : {'text', 'markdown', 'latex', 'html'}, optional
        As for `game_table`.
    digits : int, optional
        Significant digits of the numbers of a floating game; None for the shortest decimals.

    Returns
    -------
    str
        One row an equilibrium: what each agent plays, and the payoffs. Exact numbers are set as
        fractions. Where equilibria form continua, the last column names the component (of a
        game of several players: the family) that each row belongs to, and lines below the table
        give its dimension and index. Of correlated play: one row a profile that is
        recommended, and the payoffs of each equilibrium below.

    Raises
    ------
    GameError
        If `solution` is none, the format is unknown or `digits` is no positive integer.

    Examples
    --------
    >>> import alignment_games as ag
    >>> game = ag.NormalFormGame.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]])
    >>> print(solution_table(ag.solve(game)))
    Nash by vertex-enumeration: 3 found. All equilibria were found and verified.
    <BLANKLINE>
    player_1         player_2         payoffs
    ---------------  ---------------  ---------
    s1               s2               1, 4
    s2               s1               4, 1
    1/2 s1 + 1/2 s2  1/2 s1 + 1/2 s2  2, 2
    """
    style = _style(format)
    _check_digits(digits)
    equilibria = getattr(solution, "equilibria", None)
    if not isinstance(equilibria, tuple) or not hasattr(solution, "concept"):
        msg = f"`solution` must be a Solution, as solve() returns it, got {type(solution).__name__}"
        raise GameError(msg)
    if not hasattr(solution, "components"):
        return _correlated_table(solution, style, digits)
    solution = cast("Solution", solution)
    kind, members, notes = _continua(solution)
    rows = []
    for equilibrium in solution.equilibria:
        row = [
            _mixture(style, names, vector, exact=solution.exact, digits=digits)
            for names, vector in zip(solution.game.actions, equilibrium.profile, strict=True)
        ]
        payoffs = [
            style.number(u, exact=solution.exact, digits=digits) for u in equilibrium.payoffs
        ]
        rows.append([*row, style.join(payoffs)])
        if notes:
            own = [str(k) for k, profiles in members.items() if equilibrium.profile in profiles]
            rows[-1].append(", ".join(own) or "-")
    header = [*(style.name(agent) for agent in solution.game.agents), "payoffs"]
    return style.listing(
        [*header, kind] if notes else header,
        rows,
        caption=_claim(solution, style),
        notes=[style.name(note) for note in notes],
    )


def _claim(solution: Solution | CorrelatedSolution, style: _Style) -> str:
    claim = str(solution).partition("\n")[0]
    return style.name(claim[:1].upper() + claim[1:])


def _correlated_table(solution: CorrelatedSolution, style: _Style, digits: int | None) -> str:
    def number(value: Number) -> str:
        return style.number(value, exact=solution.exact, digits=digits)

    several = len(solution) > 1
    rows, notes = [], []
    for k, play in enumerate(solution.equilibria, 1):
        head = [str(k)] if several else []
        rows += [
            [*head, *map(style.name, profile), style.set(number(p))]
            for profile, p in play.distribution.items()
        ]
        name = f"Equilibrium {k}" if several else "Equilibrium"
        notes.append(f"{name}: payoffs {style.join(list(map(number, play.payoffs)))}.")
    header = [*(style.name(player) for player in solution.game.players), "probability"]
    return style.listing(
        ["equilibrium", *header] if several else header,
        rows,
        caption=_claim(solution, style),
        notes=notes,
    )


def _continua(solution: Solution) -> tuple[str, dict[int, set[Profile]], list[str]]:
    """Return what continua are called, the equilibria in each, and lines that describe them.

    There are no lines if every equilibrium is isolated.
    """
    members: dict[int, set[Profile]] = {}
    notes = []
    if any(component.dimension for component in solution.components):
        for k, component in enumerate(solution.components, 1):
            members[k] = {
                profile
                for part in component.subsets
                for profile in itertools.product(*part.vertices)
            }
            head = f"Component {k}: dimension {component.dimension}, index {component.index}"
            if not component.dimension:
                notes.append(f"{head}; an isolated equilibrium.")
                continue
            sets = len(component.subsets)
            notes.append(
                f"{head}; its rows are extreme points of "
                + ("a continuum." if sets == 1 else f"{sets} continua that touch.")
            )
        return "component", members, notes
    if any(family.dimension or not family.complete for family in solution.families):
        for k, family in enumerate(solution.families, 1):
            members[k] = {equilibrium.profile for equilibrium in family.equilibria}
            support = " x ".join("{" + ", ".join(own) + "}" for own in family.support)
            head = f"Family {k}: support {support}, dimension {family.dimension}"
            if family.index is not None:
                head += f", index {family.index}"
            if not family.complete:
                head += "; its rows are samples, the others are not described"
            elif family.dimension:
                head += "; its rows are points of a continuum"
            notes.append(f"{head}.")
    return "family", members, notes


def _mixture(
    style: _Style,
    names: tuple[str, ...],
    vector: Sequence[Number],
    *,
    exact: bool,
    digits: int | None,
) -> str:
    used = [(style.name(name), p) for name, p in zip(names, vector, strict=True) if p]
    if len(used) == 1:
        return used[0][0]
    return " + ".join(
        f"{style.set(style.number(p, exact=exact, digits=digits))} {name}" for name, p in used
    )


def _cells(
    game: NormalFormGame, style: _Style, *, best_replies: bool, digits: int | None
) -> ObjectArray:
    """Return the text of each profile's payoffs, shape ``game.shape``."""
    cells = np.empty(game.shape, dtype=object)
    best = [own.max(axis=k, keepdims=True) == own for k, own in enumerate(game.exact_payoffs)]
    for profile in game.profiles():
        payoffs = []
        for k, own in enumerate(game.exact_payoffs):
            text = style.number(own[profile], exact=game.exact, digits=digits)
            payoffs.append(style.mark(text) if best_replies and best[k][profile] else text)
        cells[profile] = style.join(payoffs)
    return cells


@dataclass(frozen=True, slots=True)
class _Matrix:
    """Payoffs of two players whose names and strategies are already written for a format."""

    caption: str | None
    players: list[str]
    strategies: list[list[str]]
    cells: ObjectArray

    def rows(self) -> Iterator[list[str]]:
        for name, own in zip(self.strategies[0], self.cells.tolist(), strict=True):
            yield [name, *own]


class _Style(abc.ABC):
    """How a format writes names, numbers, matrices and lists."""

    @abc.abstractmethod
    def name(self, text: str) -> str:
        """Return a name that means nothing but itself."""

    @abc.abstractmethod
    def mark(self, number: str) -> str:
        """Return a number that stands out."""

    @abc.abstractmethod
    def matrix(self, matrix: _Matrix) -> str:
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

    def several(self, matrices: list[_Matrix]) -> str:
        """Return one matrix below the other."""
        return "\n\n".join(self.matrix(matrix) for matrix in matrices)


class _Text(_Style):
    kind = "simple"
    item = ""

    def name(self, text: str) -> str:
        return one_line(text)

    def mark(self, number: str) -> str:
        return number + "*"

    def matrix(self, matrix: _Matrix) -> str:
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


class _Latex(_Style):
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

    def matrix(self, matrix: _Matrix) -> str:
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

    def several(self, matrices: list[_Matrix]) -> str:
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


class _Html(_Style):
    def name(self, text: str) -> str:
        return html.escape(one_line(text))

    def mark(self, number: str) -> str:
        return f"<u>{number}</u>"

    def number(self, value: Number, *, exact: bool, digits: int | None) -> str:
        mantissa, _, exponent = super().number(value, exact=exact, digits=digits).partition("e")
        if exponent:
            mantissa += f" \N{MULTIPLICATION SIGN} 10<sup>{int(exponent)}</sup>"
        return mantissa.replace("-", "\N{MINUS SIGN}")

    def matrix(self, matrix: _Matrix) -> str:
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


def _check_digits(digits: object) -> None:
    whole = isinstance(digits, int) and not isinstance(digits, bool)
    if digits is not None and not (whole and 1 <= digits <= _MAX_DIGITS):  # type: ignore[operator]
        msg = (
            f"`digits` must be a whole number from 1 to {_MAX_DIGITS}, or None for the shortest "
            f"decimals, got {digits!r}"
        )
        raise GameError(msg)


_STYLES: dict[str, _Style] = {
    "text": _Text(),
    "markdown": _Markdown(),
    "latex": _Latex(),
    "html": _Html(),
}


def _style(name: object) -> _Style:
    if not isinstance(name, str) or name not in _STYLES:
        msg = f"`format` must be one of {', '.join(map(repr, _STYLES))}, got {name!r}"
        raise GameError(msg)
    return _STYLES[name]
