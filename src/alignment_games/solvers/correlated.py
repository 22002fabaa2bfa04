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

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from .._numeric import common_denominator, decimal_text, exact_number
from .._typing import Number, Vector
from ..errors import GameError, suggestion
from ..games import NormalFormGame
from ._double_description import extreme_rays
from ._obedience import Constraint, constraints, program
from .certify import require_normal_form
from .correlated_play import CorrelatedPlay, correlated_play
from .result import Status

__all__ = [
    "CorrelatedSolution",
    "PayoffPolygon",
    "coarse_correlated",
    "correlated",
    "correlated_payoffs",
]

Weights: TypeAlias = Sequence[Number] | Mapping[str, Number]
Incentive: TypeAlias = tuple[str, str | None, str]
Corner: TypeAlias = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelatedSolution:
    """The answer of `correlated` and `coarse_correlated`.

    It has the attributes of a `Solution`, but its equilibria are distributions over pure
    profiles, which no list of mixed strategies can stand for.

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
        The weighted sum of payoffs in the best (worst) equilibrium; None for extreme points.
    bound : number or None
        What the multipliers prove that no equilibrium can exceed (fall below); equal to `value`.
    multipliers : mapping of (player, recommended, deviation) to Fraction
        The proof: at every pure profile, the weighted sum of payoffs plus (for the worst: minus)
        the sum of what obeying gains there, each times its multiplier, is at most (at least)
        `bound`. In a coarse equilibrium nothing is recommended: None. Constraints that are not
        listed have multiplier 0.
    exact : bool
        Whether the numbers are Fractions.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoffPolygon:
    """The payoffs of all correlated equilibria of a two-player game.

    Attributes
    ----------
    game : NormalFormGame
    concept : str
        ``correlated`` or ``coarse-correlated``.
    vertices : tuple of pairs of numbers
        Counterclockwise, from the one with the smallest first payoff (of several, the smallest
        second). One for a point, two for a segment.
    equilibria : tuple of CorrelatedPlay
        One equilibrium with these payoffs for each vertex.
    exact : bool
    """

    game: NormalFormGame = field(repr=False)
    concept: str
    vertices: tuple[Vector, ...]
    equilibria: tuple[CorrelatedPlay, ...] = field(repr=False)
    exact: bool

    @property
    def dimension(self) -> int:
        """0 for a point, 1 for a segment, 2 for a polygon."""
        return min(len(self.vertices), 3) - 1


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
        If `select`, a weight or the game's type is wrong.
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
        If `select`, a weight or the game's type is wrong.
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


def correlated_payoffs(
    game: NormalFormGame, *, coarse: bool = False, exact: bool | None = None
) -> PayoffPolygon:
    """Find the polygon of payoffs of all correlated equilibria of a two-player game.

    Each vertex and each edge is the answer of a certified linear program in the direction that
    the known part of the polygon leaves open, so that no list of all equilibria is needed.

    Parameters
    ----------
    game : NormalFormGame
        Two players.
    coarse : bool, optional
        Whether to take coarse correlated equilibria.
    exact : bool, optional
        Whether to return Fractions; by default if the game is exact.

    Returns
    -------
    PayoffPolygon

    Raises
    ------
    GameError
        If the game does not have two players.
    WorkLimitError
        If the game is too large.

    Examples
    --------
    >>> import alignment_games as ag
    >>> chicken = ag.NormalFormGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    >>> polygon = ag.solvers.correlated_payoffs(chicken)
    >>> [f"{a}, {b}" for a, b in polygon.vertices]
    ['2, 7', '18/5, 18/5', '7, 2', '21/4, 21/4']
    """
    require_normal_form(game)
    if game.n_players != 2:
        msg = f"`game` must have two players for a polygon, got {game.n_players}: {game.players}"
        raise GameError(msg)
    ready = program(constraints(game, coarse=coarse), math.prod(game.shape))
    scales, first, second = _integer_payoffs(game)
    known: dict[tuple[int, int], list[Fraction]] = {}

    def farthest(direction: Corner) -> Corner:
        """Return the payoffs, in the integer units, of an equilibrium farthest that way."""
        factor = common_denominator(list(direction))
        a, b = (int(part * factor) for part in direction)
        if (a, b) not in known:
            objective = [a * u + b * v for u, v in zip(first, second, strict=True)]
            known[a, b], _ = ready.maximize(objective)
        point = known[a, b]
        corner = (_dot(first, point), _dot(second, point))
        where[corner] = point
        return corner

    where: dict[Corner, list[Fraction]] = {}
    one, zero = Fraction(1), Fraction(0)
    ends = [farthest(way) for way in ((-one, zero), (zero, -one), (one, zero), (zero, one))]
    outline: list[Corner] = []
    for here, there in itertools.pairwise([*ends, ends[0]]):
        outline += _chain(here, there, farthest)
    corners = _hull(outline)
    as_exact = game.exact if exact is None else exact
    vertices = [
        tuple(
            v / scale if as_exact else float(v / scale)
            for v, scale in zip(corner, scales, strict=True)
        )
        for corner in corners
    ]
    return PayoffPolygon(
        game=game,
        concept=_concept(coarse),
        vertices=tuple(vertices),
        equilibria=tuple(
            correlated_play(game, where[corner], coarse=coarse, exact=as_exact)
            for corner in corners
        ),
        exact=as_exact,
    )


def _chain(here: Corner, there: Corner, farthest: Callable[[Corner], Corner]) -> list[Corner]:
    """Return the corners from `here` up to, but without, `there`, counterclockwise."""
    if here == there:
        return [here]
    outward = (there[1] - here[1], here[0] - there[0])
    beyond = farthest(outward)
    if _dot(outward, beyond) == _dot(outward, here):
        return [here]
    return _chain(here, beyond, farthest) + _chain(beyond, there, farthest)


def _hull(points: Iterable[Corner]) -> list[Corner]:
    """Return the corners of the convex hull, counterclockwise from the smallest."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered

    def half(sequence: Iterable[Corner]) -> list[Corner]:
        side: list[Corner] = []
        for point in sequence:
            while len(side) > 1 and _turn(side[-2], side[-1], point) <= 0:
                side.pop()
            side.append(point)
        return side[:-1]

    return half(ordered) + half(reversed(ordered))


def _turn(a: Corner, b: Corner, c: Corner) -> Fraction:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _dot(first: Iterable[int | Fraction], second: Iterable[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(first, second, strict=True) if b), Fraction(0))


def _select(
    game: NormalFormGame, select: str, weights: Weights | None, exact: bool | None, *, coarse: bool
) -> CorrelatedSolution:
    require_normal_form(game)
    if select not in {"best", "worst", "extreme"}:
        msg = f"`select` must be 'best', 'worst' or 'extreme', got {select!r}"
        raise GameError(msg)
    shares = _weights(game, weights)
    as_exact = game.exact if exact is None else exact
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
    value = sign * _dot(values, point)
    proved = sign * proved_bound(game, [sign * w for w in shares], multipliers)
    return CorrelatedSolution(
        game=game,
        concept=_concept(coarse),
        method="correlated-program",
        status=Status.PARTIAL if proved == value else Status.FAILED,
        equilibria=(play,),
        value=value if as_exact else float(value),
        bound=proved if as_exact else float(proved),
        multipliers=multipliers,
        exact=as_exact,
        parameters={
            "select": select,
            "weights": tuple(shares) if as_exact else tuple(map(float, shares)),
            "exact": exact,
        },
    )


def proved_bound(
    game: NormalFormGame,
    weights: Sequence[Fraction],
    multipliers: Mapping[Incentive, Fraction],
) -> Fraction:
    """Return what no equilibrium's weighted payoffs exceed, from the game and multipliers alone.

    In an equilibrium obeying gains nothing negative on average, so that the largest entry of
    the weighted payoffs plus the multiplied gains bounds it from above.
    """
    best: Fraction | None = None
    for profile in game.profiles():
        value = sum(
            (w * own[profile] for w, own in zip(weights, game.exact_payoffs, strict=True)),
            Fraction(0),
        )
        for (player, recommended, deviation), price in multipliers.items():
            who = game.player_index(player)
            if recommended is not None and game.strategies[who][profile[who]] != recommended:
                continue
            other = list(profile)
            other[who] = game.strategy_index(who, deviation)
            own = game.exact_payoffs[who]
            value += price * (own[profile] - own[tuple(other)])
        best = value if best is None else max(best, value)
    return best if best is not None else Fraction(0)


def _extreme(
    game: NormalFormGame, bounds: list[Constraint], exact: bool, *, coarse: bool
) -> CorrelatedSolution:
    rays = extreme_rays([list(bound.row) for bound in bounds], math.prod(game.shape))
    plays = (
        correlated_play(game, [Fraction(v, sum(ray)) for v in ray], coarse=coarse, exact=exact)
        for ray in sorted(rays, key=lambda ray: [-Fraction(v, sum(ray)) for v in ray])
    )
    return CorrelatedSolution(
        game=game,
        concept=_concept(coarse),
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


def _integer_payoffs(game: NormalFormGame) -> tuple[list[int], list[int], list[int]]:
    """Return each player's payoffs times a factor that makes them integers, and the factors."""
    scales = [common_denominator(list(own.flat)) for own in game.exact_payoffs]
    first, second = (
        [int(v * scale) for v in own.flat]
        for own, scale in zip(game.exact_payoffs, scales, strict=True)
    )
    return scales, first, second


def _concept(coarse: bool) -> str:
    return "coarse-correlated" if coarse else "correlated"


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
    elif isinstance(given, Iterable) and not isinstance(given, str):
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
