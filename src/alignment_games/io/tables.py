"""Tables of games and of solutions, as text, Markdown, LaTeX or HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

import numpy as np

from .._typing import Number, ObjectArray, Profile
from ..errors import GameError, WorkLimitError, flag
from ..games import BayesianGame, ExtensiveGame, NormalFormGame, RepeatedGame, StochasticGame
from ._table_styles import Matrix, Style, style_of
from ._time_tables import rows_of

if TYPE_CHECKING:
    from ..solvers import (
        CorrelatedSolution,
        FiniteHorizonSolution,
        MarkovSolution,
        RepeatedPayoffs,
        Solution,
        StochasticValue,
    )

    TableSolution: TypeAlias = (
        Solution
        | CorrelatedSolution
        | MarkovSolution
        | FiniteHorizonSolution
        | StochasticValue
        | RepeatedPayoffs
    )

__all__ = ["game_table", "solution_table"]

TableFormat: TypeAlias = Literal["text", "markdown", "latex", "html"]

_MAX_CELLS = 100_000
_MAX_DIGITS = 17  # that tell every float


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
    style = style_of(format)
    _check_digits(digits)
    best_replies = flag("best_replies", best_replies)
    given: object = game
    if not isinstance(given, NormalFormGame):
        tails = {
            BayesianGame: "strategic_form()",
            ExtensiveGame: "normal_form()",
            RepeatedGame: "stage",
            StochasticGame: "stages",
        }
        tail = f"; take its {tails[type(given)]}" if type(given) in tails else ""
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
        return style.matrix(Matrix(None, names, strategies, cells))
    if game.n_players == 3:
        return style.several(
            [
                Matrix(f"{names[2]}: {own}", names[:2], strategies[:2], cells[:, :, k])
                for k, own in enumerate(strategies[2])
            ]
        )
    rows = [
        [*(strategies[k][s] for k, s in enumerate(profile)), cells[profile]]
        for profile in game.profiles()
    ]
    return style.listing([*names, "payoffs"], rows)


def solution_table(
    solution: TableSolution, format: TableFormat = "text", *, digits: int | None = 6
) -> str:
    """Return the equilibria of a solution as a table, below what the solution claims.

    Parameters
    ----------
    solution : Solution or another result
        Also a CorrelatedSolution, MarkovSolution, FiniteHorizonSolution, StochasticValue or
        RepeatedPayoffs.
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
        recommended, and the payoffs of each equilibrium below. Of stochastic games one row a
        state (and period), with the values from there on; of repeated games one row a corner of
        the set of payoffs.

    Raises
    ------
    WorkLimitError
        If a table of periods and states would have more than 100,000 rows.
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
    style = style_of(format)
    _check_digits(digits)
    if isinstance(getattr(solution, "game", None), (StochasticGame, RepeatedGame)):
        given: Any = solution
        found = rows_of(given, style, digits)
        if found is not None:
            return style.listing(found.header, found.rows, caption=_claim(given, style))
    equilibria = getattr(solution, "equilibria", None)
    if not isinstance(equilibria, tuple) or not hasattr(solution, "concept"):
        msg = f"`solution` must be a Solution, as solve() returns it, got {type(solution).__name__}"
        raise GameError(msg)
    if not hasattr(solution, "components"):
        return _correlated_table(cast("CorrelatedSolution", solution), style, digits)
    solution = cast("Solution", solution)
    kind, members, notes = _continua(solution)
    rows = []
    for equilibrium in solution.equilibria:
        row = [
            style.mixture(names, vector, exact=solution.exact, digits=digits)
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


def _claim(solution: Solution | CorrelatedSolution, style: Style) -> str:
    claim = str(solution).partition("\n")[0]
    return style.name(claim[:1].upper() + claim[1:])


def _correlated_table(solution: CorrelatedSolution, style: Style, digits: int | None) -> str:
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
            members[k] = {profile for part in component.subsets for profile in part.corners}
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


def _cells(
    game: NormalFormGame, style: Style, *, best_replies: bool, digits: int | None
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


def _check_digits(digits: object) -> None:
    whole = isinstance(digits, int) and not isinstance(digits, bool)
    if digits is not None and not (whole and 1 <= digits <= _MAX_DIGITS):  # type: ignore[operator]
        msg = (
            f"`digits` must be a whole number from 1 to {_MAX_DIGITS}, or None for the shortest "
            f"decimals, got {digits!r}"
        )
        raise GameError(msg)
