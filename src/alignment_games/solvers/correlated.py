"""Correlated and coarse correlated equilibria of games with any number of players.

A mediator draws a pure profile from a known distribution and tells each player its own
strategy. The distribution is a *correlated equilibrium* if obeying is a best reply [1]_, and a
*coarse* one if committing to obey, before being told anything, is [2]_. Either kind forms a
polytope, so that the best and the worst for given weights of the players are linear programs;
every answer carries multipliers that prove it, and all of it is rational arithmetic.

.. [1] R. J. Aumann (1974), Subjectivity and correlation in randomized strategies, Journal of
   Mathematical Economics 1, 67-96, doi:10.1016/0304-4068(74)90037-8.
.. [2] H. Moulin and J.-P. Vial (1978), Strategically zero-sum games: the class of games whose
   completely mixed equilibria cannot be improved upon, International Journal of Game Theory 7,
   201-221, doi:10.1007/BF01769190.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from .._numeric import common_denominator, decimal_text, exact_number, float_or_exact, nearest_float
from .._typing import Number
from ..errors import GameError, suggestion
from ..games import NormalFormGame
from ._double_description import extreme_rays
from ._obedience import (
    Constraint,
    Incentive,
    concept_of,
    constraints,
    dot,
    program,
    proved_bound,
)
from .certify import chosen_exactness, require_normal_form
from .correlated_play import CorrelatedPlay, correlated_play
from .result import Status

__all__ = [
    "CorrelatedSolution",
    "coarse_correlated",
    "correlated",
]

Weights: TypeAlias = Sequence[Number] | Mapping[str, Number]

_UNORDERED = (str, bytes, bytearray, AbstractSet)  # and text, which is no list of numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelatedSolution:
    """The answer of `correlated` and `coarse_correlated`.

    It is not a `Solution`, because its equilibria are distributions over pure profiles, which
    no list of mixed strategies can stand for. The attributes that both have go by one name; it
    has no `components`, `families`, `degenerate` or `undecided`.

    Attributes
    ----------
    game : NormalFormGame
    concept : str
        ``correlated`` or ``coarse-correlated``.
    method : str
    status : Status
        COMPLETE if `equilibria` holds all extreme points, of which all equilibria are mixtures;
        PARTIAL if it holds one that is best for the weights, where others may exist.
    equilibria : tuple of CorrelatedPlay
    value : number or None
        The weighted sum of payoffs in the best (worst) equilibrium; None for extreme points. As
        a float it is infinite beyond their range.
    bound : number or None
        What the multipliers prove that no equilibrium can exceed (fall below); equal to `value`.
    multipliers : mapping of (player, recommended, deviation) to Fraction
        The proof: at every pure profile, the weighted sum of payoffs plus (for the worst: minus)
        the sum of what obeying gains there, each times its multiplier, is at most (at least)
        `bound`. In a coarse equilibrium nothing is recommended: None. Constraints that are not
        listed have multiplier 0.
    exact : bool
        Whether the numbers are Fractions. If not, what is certified is the rational distribution
        before it was rounded (see `CorrelatedPlay`).
    parameters : mapping
        Everything needed to run the solver again on `game`.
    """

    game: NormalFormGame = field(repr=False)
    concept: str
    method: str
    status: Status
    equilibria: tuple[CorrelatedPlay, ...]
    value: Number | None = None
    bound: Number | None = None
    multipliers: Mapping[Incentive, Fraction] = field(default_factory=dict)
    exact: bool
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def max_regret(self) -> Number:
        """Largest regret of any player in any equilibrium."""
        return max((r for eq in self.equilibria for r in eq.regret), default=0)

    @property
    def message(self) -> str:
        """What the status claims."""
        if self.status is Status.COMPLETE:
            return "All extreme equilibria were found and verified."
        return f"It is proved that none is {'better' if self._best else 'worse'}; others may exist."

    @property
    def _best(self) -> bool:
        return self.parameters["select"] == "best"

    def __len__(self) -> int:
        return len(self.equilibria)

    def __str__(self) -> str:
        head = f"{self.concept} by {self.method}: {len(self)} found. {self.message}"
        if self.value is not None:
            head += f" Weighted payoffs: {decimal_text(self.value)}."
        lines = [
            f"  {eq}  payoffs ({', '.join(decimal_text(v) for v in eq.payoffs)})"
            for eq in self.equilibria
        ]
        return "\n".join([head, *lines])


def correlated(
    game: NormalFormGame,
    select: str = "best",
    *,
    weights: Weights | None = None,
    exact: bool | None = None,
) -> CorrelatedSolution:
    """Find correlated equilibria: the best, the worst, or all extreme ones.

    Parameters
    ----------
    game : NormalFormGame
        Any number of players.
    select : str, optional
        ``"best"`` or ``"worst"`` for the weighted sum of payoffs, or ``"extreme"``: all extreme
        points of the polytope of equilibria (small games).
    weights : sequence or mapping of numbers, optional
        One for each player, of any sign; 1 for everybody by default. A mapping names players;
        those it leaves out have weight 0.
    exact : bool, optional
        Whether to return Fractions; by default if the game is exact. The computation is in
        rational arithmetic either way.

    Returns
    -------
    CorrelatedSolution

    Raises
    ------
    GameError
        If `select`, a weight, `exact` or the game's type is wrong.
    WorkLimitError
        If the game is too large.

    References
    ----------
    R. J. Aumann (1974), Subjectivity and correlation in randomized strategies, Journal of
    Mathematical Economics 1, 67-96, doi:10.1016/0304-4068(74)90037-8.

    Examples
    --------
    >>> import alignment_games as ag
    >>> chicken = ag.NormalFormGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    >>> print(ag.solvers.correlated(chicken))
    correlated by correlated-program: 1 found. It is proved that none is better; others may exist.
    Weighted payoffs: 10.5.
      s1, s1: 0.5; s1, s2: 0.25; s2, s1: 0.25  payoffs (5.25, 5.25)
    """
    return _select(game, select, weights, exact, coarse=False)


def coarse_correlated(
    game: NormalFormGame,
    select: str = "best",
    *,
    weights: Weights | None = None,
    exact: bool | None = None,
) -> CorrelatedSolution:
    """Find coarse correlated equilibria: the best, the worst, or all extreme ones.

    A player may commit to one strategy before the mediator speaks, but not deviate after: every
    correlated equilibrium is a coarse one.

    Parameters
    ----------
    game, select, weights, exact
        As for `correlated`.

    Returns
    -------
    CorrelatedSolution

    Raises
    ------
    GameError
        If `select`, a weight, `exact` or the game's type is wrong.
    WorkLimitError
        If the game is too large.

    References
    ----------
    H. Moulin and J.-P. Vial (1978), Strategically zero-sum games, International Journal of Game
    Theory 7, 201-221, doi:10.1007/BF01769190.

    Examples
    --------
    >>> import alignment_games as ag
    >>> table = [[1, 3, 0], [1, 2, 4], [3, 2, 1]]
    >>> game = ag.NormalFormGame.from_bimatrix(table, list(zip(*table)))
    >>> print(ag.solvers.coarse_correlated(game).value, ag.solvers.correlated(game).value)
    6 107/24
    """
    return _select(game, select, weights, exact, coarse=True)


def _select(
    game: NormalFormGame, select: str, weights: Weights | None, exact: bool | None, *, coarse: bool
) -> CorrelatedSolution:
    require_normal_form(game)
    if select not in ("best", "worst", "extreme"):  # a tuple, for what cannot be hashed
        msg = f"`select` must be 'best', 'worst' or 'extreme', got {select!r}"
        raise GameError(msg)
    shares = _weights(game, weights)
    as_exact = chosen_exactness(game, exact)
    bounds = constraints(game, coarse=coarse)
    if select == "extreme":
        if weights is not None:
            msg = "`weights` are for 'best' and 'worst'; all extreme points need none"
            raise GameError(msg)
        return _extreme(game, bounds, as_exact, coarse=coarse)
    sign = 1 if select == "best" else -1
    totals = sum(w * own for w, own in zip(shares, game.exact_payoffs, strict=True))
    values = [Fraction(v) * sign for v in np.asarray(totals, dtype=object).flat]
    unit = common_denominator(values)
    point, prices = program(bounds, len(values)).maximize([int(v * unit) for v in values])
    play = correlated_play(game, point, coarse=coarse, exact=as_exact)
    multipliers = {
        _incentive(game, bound): price * bound.scale / unit
        for bound, price in zip(bounds, prices, strict=True)
        if price
    }
    value = sign * dot(values, point)
    proved = sign * proved_bound(game, [sign * w for w in shares], multipliers)
    return CorrelatedSolution(
        game=game,
        concept=concept_of(coarse),
        method="correlated-program",
        status=Status.PARTIAL if proved == value else Status.FAILED,
        equilibria=(play,),
        value=value if as_exact else nearest_float(value),
        bound=proved if as_exact else nearest_float(proved),
        multipliers=multipliers,
        exact=as_exact,
        parameters={
            "select": select,
            "weights": tuple(shares if as_exact else map(float_or_exact, shares)),
            "exact": None if exact is None else as_exact,
        },
    )


def _extreme(
    game: NormalFormGame, bounds: list[Constraint], exact: bool, *, coarse: bool
) -> CorrelatedSolution:
    polygon = ", or for the polygon of payoffs" if game.n_players == 2 else ""
    rays = extreme_rays(
        [list(bound.row) for bound in bounds],
        math.prod(game.shape),
        remedy=f". Ask for the best and the worst for given weights instead{polygon}",
    )
    plays = (
        correlated_play(game, [Fraction(v, sum(ray)) for v in ray], coarse=coarse, exact=exact)
        for ray in sorted(rays, key=lambda ray: [-Fraction(v, sum(ray)) for v in ray])
    )
    return CorrelatedSolution(
        game=game,
        concept=concept_of(coarse),
        method="double-description",
        status=Status.COMPLETE,
        equilibria=tuple(plays),
        exact=exact,
        parameters={"select": "extreme", "exact": exact},
    )


def _incentive(game: NormalFormGame, bound: Constraint) -> Incentive:
    names = game.strategies[bound.player]
    told = None if bound.recommended is None else names[bound.recommended]
    return game.players[bound.player], told, names[bound.deviation]


def _weights(game: NormalFormGame, weights: Weights | None) -> list[Fraction]:
    if weights is None:
        return [Fraction(1)] * game.n_players
    given: object = weights
    if isinstance(given, Mapping):
        for name in given:
            if name not in game.players:
                msg = f"`weights` names an unknown player {name!r}{suggestion(name, game.players)}"
                raise GameError(msg)
        values = [given.get(name, 0) for name in game.players]
    elif isinstance(given, Iterable) and not isinstance(given, _UNORDERED):
        values = list(given)
    else:
        values = []
    if len(values) != game.n_players:
        msg = f"`weights` must hold one number for each of {game.players}, got {given!r}"
        raise GameError(msg)
    try:
        return [exact_number(value) for value in values]
    except (TypeError, ValueError) as error:
        msg = f"`weights` must be finite real numbers: {error}"
        raise GameError(msg) from None
