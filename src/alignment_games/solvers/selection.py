"""Choosing among equilibria by their payoffs or by the risk of playing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from .._numeric import decimal_text, is_exact
from ..errors import GameError
from ..games import NormalFormGame
from .certify import expected_payoffs, require_normal_form
from .p_dominance import named, pure_places
from .result import Equilibrium, Solution

__all__ = [
    "PayoffDominance",
    "RiskDominance",
    "payoff_dominance",
    "risk_dominance",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoffDominance:
    """How equilibria compare in the payoffs of all players.

    Attributes
    ----------
    equilibria : tuple of Equilibrium
    payoffs : tuple of tuples of Fraction
        Of each equilibrium, one a player.
    better : tuple of tuples of int
        Of each equilibrium: positions of those that Pareto-dominate it (no player earns less,
        one earns more).
    strictly_better : tuple of tuples of int
        Of each equilibrium: positions of those in which every player earns more.
    """

    equilibria: tuple[Equilibrium, ...]
    payoffs: tuple[tuple[Fraction, ...], ...] = field(repr=False)
    better: tuple[tuple[int, ...], ...]
    strictly_better: tuple[tuple[int, ...], ...]

    @property
    def efficient(self) -> tuple[Equilibrium, ...]:
        """Equilibria that no other one Pareto-dominates."""
        return tuple(eq for eq, own in zip(self.equilibria, self.better, strict=True) if not own)

    @property
    def dominant(self) -> Equilibrium | None:
        """The equilibrium in which every player earns more than in any other one, if any.

        This is payoff dominance in the sense of Harsanyi and Selten.
        """
        for k, eq in enumerate(self.equilibria):
            others = (own for j, own in enumerate(self.strictly_better) if j != k)
            if all(k in own for own in others):
                return eq
        return None

    def __str__(self) -> str:
        lines = []
        for k, (eq, own) in enumerate(zip(self.equilibria, self.better, strict=True), start=1):
            values = ", ".join(decimal_text(v) for v in self.payoffs[k - 1])
            by = f"dominated by {', '.join(str(j + 1) for j in own)}" if own else "efficient"
            lines.append(f"{k}. {eq}  payoffs ({values}): {by}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskDominance:
    """The comparison of two strict equilibria by Harsanyi and Selten.

    Attributes
    ----------
    game : NormalFormGame
        The 2 x 2 game in which they were compared.
    whole : bool
        Whether that is the whole game. If not, it is the part of a larger game that the two
        equilibria span. For larger games Harsanyi and Selten define risk dominance by their
        tracing procedure, which may decide otherwise and is not computed here.
    first, second : tuple of str
        The equilibria.
    losses : tuple of two tuples of Fraction
        What each player loses by deviating from either equilibrium to its strategy in the
        other one.
    """

    game: NormalFormGame = field(repr=False)
    whole: bool
    first: tuple[str, ...]
    second: tuple[str, ...]
    losses: tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]

    @property
    def products(self) -> tuple[Fraction, Fraction]:
        """The Nash products of deviation losses of either equilibrium."""
        (a, b), (c, d) = self.losses
        return a * b, c * d

    @property
    def dominant(self) -> tuple[str, ...] | None:
        """The equilibrium with the larger product; None if they are equal."""
        first, second = self.products
        if first == second:
            return None
        return self.first if first > second else self.second

    def __str__(self) -> str:
        a, b = (f"({', '.join(own)})" for own in (self.first, self.second))
        values = tuple(decimal_text(v) for v in self.products)
        if self.dominant is None:
            text = f"neither of {a} and {b} risk-dominates the other (products {values[0]})"
        elif self.dominant == self.first:
            text = f"{a} risk-dominates {b} (products {values[0]} and {values[1]})"
        else:
            text = f"{b} risk-dominates {a} (products {values[1]} and {values[0]})"
        return text if self.whole else f"{text}, in the 2 x 2 game that they span"


def payoff_dominance(solution: Solution) -> PayoffDominance:
    """Compare equilibria by the payoffs of all players.

    Parameters
    ----------
    solution : Solution
        Of a normal form. Mixed equilibria must be exact, so that a tie is a tie: solve with
        ``exact=True``. Where equilibria come in continua, only the listed ones are compared.

    Returns
    -------
    PayoffDominance

    Raises
    ------
    GameError
        If `solution` is no Solution of a normal form, or holds mixed equilibria in floats.

    References
    ----------
    .. [1] J. C. Harsanyi and R. Selten (1988), A General Theory of Equilibrium Selection in
       Games, MIT Press.

    Examples
    --------
    >>> import alignment_games as ag
    >>> stag_hunt = ag.NormalFormGame.from_bimatrix([[5, 0], [4, 2]], [[5, 4], [0, 2]],
    ...                                             strategies=[["stag", "hare"]] * 2)
    >>> comparison = ag.solvers.payoff_dominance(ag.solve(stag_hunt))
    >>> print(comparison.dominant)
    player_1: stag; player_2: stag
    """
    unchecked: object = solution
    if not isinstance(unchecked, Solution):
        msg = f"`solution` must be a Solution, got {type(unchecked).__name__}; solve the game first"
        raise GameError(msg)
    game = solution.game
    if not isinstance(game, NormalFormGame):
        msg = f"`solution` must be of a normal form, got one of a {type(game).__name__}"
        raise GameError(msg)
    for eq in solution.equilibria:
        if not (eq.is_pure or all(is_exact(p) for vector in eq.profile for p in vector)):
            remedy = (
                "This one is irrational, so its payoffs cannot be compared exactly: leave it out, "
                "with dataclasses.replace(solution, equilibria=...)"
                if solution.parameters.get("exact") or game.exact
                else "Solve with `exact=True`"
            )
            msg = (
                "`solution` must hold exact equilibria, because ties decide; got floats in "
                f"{eq}. {remedy}"
            )
            raise GameError(msg)
    exact = game.as_exact()
    payoffs = [
        tuple(Fraction(v) for v in expected_payoffs(exact, _exact_profile(eq)))
        for eq in solution.equilibria
    ]
    pareto = [
        [j for j, other in enumerate(payoffs) if other != own and _at_least(other, own)]
        for own in payoffs
    ]
    strict = [
        [j for j in better if all(a > b for a, b in zip(payoffs[j], own, strict=True))]
        for own, better in zip(payoffs, pareto, strict=True)
    ]
    return PayoffDominance(
        equilibria=solution.equilibria,
        payoffs=tuple(payoffs),
        better=tuple(map(tuple, pareto)),
        strictly_better=tuple(map(tuple, strict)),
    )


def risk_dominance(
    game: NormalFormGame,
    first: Sequence[str | int] | None = None,
    second: Sequence[str | int] | None = None,
) -> RiskDominance:
    """Compare two strict equilibria by the product of the losses from deviating.

    Parameters
    ----------
    game : NormalFormGame
        Two players.
    first, second : sequence of str or int, optional
        One strategy for each player. By default the two strict equilibria of the game, if it
        has two. In a game larger than 2 x 2 they are compared in the 2 x 2 game that they
        span, which is not the definition for the larger game, and the result says so.

    Returns
    -------
    RiskDominance

    Raises
    ------
    GameError
        If the game does not have two players, a profile is not a strict equilibrium, or none
        are given and the game does not have exactly two.

    References
    ----------
    .. [1] J. C. Harsanyi and R. Selten (1988), A General Theory of Equilibrium Selection in
       Games, MIT Press.

    Examples
    --------
    >>> import alignment_games as ag
    >>> stag_hunt = ag.NormalFormGame.from_bimatrix([[9, 0], [8, 7]], [[9, 8], [0, 7]],
    ...                                             strategies=[["stag", "hare"]] * 2)
    >>> print(ag.solvers.risk_dominance(stag_hunt))
    (hare, hare) risk-dominates (stag, stag) (products 49 and 1)
    """
    require_normal_form(game)
    if game.n_players != 2:
        msg = f"`game` must have two players, got {game.n_players}: {game.players}"
        raise GameError(msg)
    if (first is None) != (second is None):
        msg = "`first` and `second` must both be given, or neither"
        raise GameError(msg)
    if first is None or second is None:
        strict = _strict_equilibria(game)
        if len(strict) != 2:
            msg = (
                f"`game` must have two strict equilibria to be compared, it has {len(strict)}; "
                "name `first` and `second`, or see p_dominance"
            )
            raise GameError(msg)
        a, b = strict
    else:
        a, b = _strict_place(game, "first", first), _strict_place(game, "second", second)
        if a == b:
            msg = f"`first` and `second` must be two equilibria, got {named(game, a)} twice"
            raise GameError(msg)
    row, column = game.exact_payoffs
    losses = tuple(
        (row[here] - row[there[0], here[1]], column[here] - column[here[0], there[1]])
        for here, there in ((a, b), (b, a))
    )
    part = game.restrict(0, sorted({a[0], b[0]})).restrict(1, sorted({a[1], b[1]}))
    return RiskDominance(
        game=part,
        whole=game.shape == (2, 2),
        first=named(game, a),
        second=named(game, b),
        losses=(losses[0], losses[1]),
    )


def _strict_equilibria(game: NormalFormGame) -> list[tuple[int, ...]]:
    return [place for place in pure_places(game) if _is_strict(game, place)]


def _is_strict(game: NormalFormGame, place: tuple[int, ...]) -> bool:
    for who, own in enumerate(game.exact_payoffs):
        line = own[(*place[:who], slice(None), *place[who + 1 :])].tolist()
        value = line.pop(place[who])
        if any(other >= value for other in line):
            return False
    return True


def _strict_place(
    game: NormalFormGame, argument: str, profile: Sequence[str | int]
) -> tuple[int, ...]:
    unchecked: object = profile
    fits = isinstance(unchecked, (Sequence, np.ndarray)) and not isinstance(unchecked, str)
    if not fits or len(profile) != game.n_players:
        msg = f"`{argument}` must name one strategy for each of {game.players}, got {profile!r}"
        raise GameError(msg)
    place = tuple(game.strategy_index(k, own) for k, own in enumerate(profile))
    if not _is_strict(game, place):
        msg = f"`{argument}` must be a strict equilibrium; {named(game, place)} is not one"
        raise GameError(msg)
    return place


def _exact_profile(eq: Equilibrium) -> list[list[Fraction]]:
    return [[Fraction(p) for p in vector] for vector in eq.profile]


def _at_least(first: tuple[Fraction, ...], second: tuple[Fraction, ...]) -> bool:
    return all(a >= b for a, b in zip(first, second, strict=True))
