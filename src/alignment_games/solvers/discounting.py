"""From which discount factor on a path of play can be sustained: critical discount factors.

A player is kept to a path if what it gains by leaving it once is no more than what the
punishment costs. For a path that repeats a cycle of n periods that is a polynomial inequality of
degree n in the discount factor, whose solution is found exactly.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from .._numeric import decimal_text, exact_number, rational
from ..errors import GameError, WorkLimitError, suggestion
from ..games import NormalFormGame
from ..games.repeated import Positions
from ._tit_for_tat import mirrored, mirrored_threats
from .bimatrix import nash
from .certify import require_normal_form
from .pure import pure_nash
from .result import Status
from .security import security_levels

if TYPE_CHECKING:  # SymPy takes half a second to load
    import sympy as sp

    from .penal_codes import PenalCode

__all__ = ["CriticalDiscount", "DiscountInterval", "Punishment", "critical_discount"]

Punishment: TypeAlias = Literal["nash", "grim", "minmax", "optimal", "tit-for-tat"]

_PUNISHMENTS = ("nash", "grim", "minmax", "optimal", "tit-for-tat")
_LONGEST = 60
"""Periods of a cycle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountInterval:
    """Discount factors from `lower` to `upper`, both included unless they are 0 and 1, or open.

    Attributes
    ----------
    lower, upper : sympy.Expr
        Exact; a root of a polynomial where it is irrational.
    lower_open, upper_open : bool
        Whether that end is left out though it is neither 0 nor 1.
    """

    lower: sp.Expr
    upper: sp.Expr
    lower_open: bool = False
    upper_open: bool = False

    def __contains__(self, discount: object) -> bool:
        number = rational(discount)
        above = self.lower < number if self.lower_open else self.lower <= number
        below = number < self.upper if self.upper_open else number <= self.upper
        return 0 < number < 1 and bool(above) and bool(below)

    def __str__(self) -> str:
        left = "(" if self.lower == 0 or self.lower_open else "["
        right = ")" if self.upper == 1 or self.upper_open else "]"
        return f"{left}{_number(self.lower)}, {_number(self.upper)}{right}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalDiscount:
    """For which common discount factors a path is sustained by a punishment.

    Attributes
    ----------
    stage : NormalFormGame
    path : tuple of tuples of str
        The cycle that is repeated.
    punishment : str
    punished : tuple of Fraction, one a player
        Average payoff of a player that has left the path; with ``optimal`` at the discount
        factor of `code`, or the pure minmax if there is no code; with ``tit-for-tat`` and a path
        that alternates, the better one of those for which it can leave.
    discount : sympy.Expr or None
        The critical one: the least from which on every discount factor below 1 sustains the
        path; 0 if all do, None if there is no such.
    intervals : tuple of DiscountInterval
        All factors that sustain it: none or one, up to 1, except with tit-for-tat; with
        ``optimal`` all that are proved to.
    binding : tuple of str
        The players that would leave the path (with ``optimal``, perhaps a punishment) just below
        `discount`.
    undecided : tuple of DiscountInterval
        Factors of which it is not known whether they sustain it: ends that belong to
        `intervals` are open. Empty except with ``optimal``.
    code : PenalCode or None
        With ``optimal``, the punishments that sustain the path at the lower end of the last of
        `intervals`, with an automaton and its certificate.
    """

    stage: NormalFormGame = field(repr=False)
    path: tuple[tuple[str, ...], ...]
    punishment: str
    punished: tuple[Fraction, ...]
    discount: sp.Expr | None
    intervals: tuple[DiscountInterval, ...]
    binding: tuple[str, ...]
    undecided: tuple[DiscountInterval, ...] = ()
    code: PenalCode | None = None

    @property
    def bracket(self) -> tuple[sp.Expr, sp.Expr] | None:
        """Bounds of the critical factor, equal if it is known; None if there is none.

        No factor below the first sustains the path, and all from the second on do.
        """
        if not self.intervals or self.intervals[-1].upper != 1:
            return None
        least = min(own.lower for own in (*self.intervals, *self.undecided))
        return least, self.intervals[-1].lower

    def __str__(self) -> str:
        path = "; ".join(", ".join(own) for own in self.path)
        how = f"({path}), repeated for ever, punished by {self.punishment}"
        if self.undecided:
            within = " and ".join(map(str, self.intervals)) or "none for certain"
            unknown = " and ".join(map(str, self.undecided))
            return f"{how}: sustained by discount factors in {within}; not decided in {unknown}"
        if self.discount is None:
            within = " and ".join(map(str, self.intervals))
            if not within:
                return f"{how}: sustained by no discount factor"
            return f"{how}: sustained by discount factors in {within} alone"
        if self.discount == 0:
            return f"{how}: sustained by every discount factor"
        who = " and ".join(self.binding)
        return f"{how}: sustained if delta >= {_number(self.discount)}, because of {who}"


def critical_discount(
    stage: NormalFormGame,
    path: Sequence[Any],
    *,
    punishment: Punishment = "nash",
    reversion: Sequence[str | int] | None = None,
) -> CriticalDiscount:
    """Return for which discount factors, the same for all players, a path of play is sustained.

    Parameters
    ----------
    stage : NormalFormGame
    path : sequence of str or int, or sequence of such sequences
        A profile that is played in every period, or several that are played in turn, over and
        over.
    punishment : {"nash", "grim", "minmax", "optimal", "tit-for-tat"}
        What a player that leaves the path gets ever after.

        - ``nash``: the stage equilibrium that is worst for it, pure or mixed (Nash reversion [1]_);
        - ``grim``: what `reversion`, one equilibrium for all, gives it;
        - ``minmax``: its pure minmax payoff. Nothing worse can be imposed by pure strategies, so
          that what it does not sustain no pure punishment does; whether the punishers have
          reasons to impose it is not asked;
        - ``optimal``: the worst that pure strategies can impose and have reasons to, without
          lotteries: an optimal penal code [2]_. What is returned is proved in both directions, and
          may leave discount factors open; see the notes;
        - ``tit-for-tat``: each of two players with two strategies does what the other did last.
          The path is one profile, or two in turn between which both change. This makes it a Nash
          equilibrium, in general not a subgame-perfect one.
    reversion : sequence of str or int, optional
        The pure stage equilibrium of ``grim``; by default the only one.

    Returns
    -------
    CriticalDiscount
        With ``nash`` and ``grim`` strategies are subgame-perfect for exactly the discount factors
        in its intervals; with ``optimal`` there are subgame-perfect strategies for all in its
        `intervals` and for none outside these and `undecided`.

    Raises
    ------
    GameError
        If a name is unknown, `reversion` is not an equilibrium, there is not exactly one pure
        equilibrium and none is named, or tit-for-tat does not lead to the path.
    WorkLimitError
        If the cycle is longer than 60 periods, or with ``optimal`` the game has more than 400
        profiles.

    Notes
    -----
    What a fixed punishment sustains, more patience sustains. With w the payoffs less the
    punishment, and ``W[t]`` the sum of ``delta**j * w[t + j]``, no one leaves if ``delta * W[t+1]``
    is at least the temptation at t, so that no W is negative. For ``q = delta' / delta > 1``
    summation by parts gives ``W'[t] = W[t] + sum((q**j - q**(j-1)) * delta**j * W[t+j])``,
    which is at least ``W[t]``.

    The worst punishment that is an equilibrium itself depends on the discount factor, and without
    public lotteries a path that one factor sustains may not be sustained by a larger one. So with
    ``optimal`` punishments are looked for at many discount factors among paths of up to six
    profiles that end in one for ever, or in the target. The conditions of those that are found
    are polynomials, whose solution is the `intervals`. Discount factors below them are excluded
    by profiles that no equilibrium can use, and for two players by the payoff set with lotteries,
    which grows with patience. Where the two meet the critical factor is exact.

    References
    ----------
    .. [1] J. W. Friedman (1971), A non-cooperative equilibrium for supergames, Review of Economic
       Studies 38, 1-12, doi:10.2307/2296617.
    .. [2] D. Abreu (1988), On the theory of infinitely repeated games with discounting,
       Econometrica 56, 383-396, doi:10.2307/1911077.

    Examples
    --------
    >>> import alignment_games as ag
    >>> dilemma = ag.NormalFormGame.from_bimatrix(
    ...     [[3, 0], [5, 1]], [[3, 5], [0, 1]], strategies=[["C", "D"]] * 2
    ... )
    >>> print(critical_discount(dilemma, ("C", "C")))  # doctest: +NORMALIZE_WHITESPACE
    (C, C), repeated for ever, punished by nash: sustained if delta >= 1/2, because of
    player_1 and player_2
    >>> critical_discount(dilemma, ("C", "C"), punishment="tit-for-tat").discount
    2/3
    """
    require_normal_form(stage)
    if punishment not in _PUNISHMENTS:
        msg = f"unknown `punishment` {punishment!r}{suggestion(punishment, _PUNISHMENTS)}"
        raise GameError(msg)
    if reversion is not None and punishment != "grim":
        msg = f"`reversion` is the equilibrium of punishment 'grim', got {punishment!r}"
        raise GameError(msg)
    cycle = cycle_of(stage, path)
    if punishment == "optimal":
        from .penal_codes import optimal_discounts  # built on this module

        return optimal_discounts(stage, cycle)
    if punishment == "tit-for-tat":
        punished, tests = _tit_for_tat(stage, cycle)
    else:
        punished = {"nash": _worst_equilibria, "minmax": _pure_minmax}.get(
            punishment, lambda game: _reverted(game, reversion)
        )(stage)
        tests = [
            (who, _kept(stage, cycle, start, who, punished[who]))
            for who in range(stage.n_players)
            for start in range(len(cycle))
        ]
    intervals, discount, binding = sustained(tests)
    return CriticalDiscount(
        stage=stage,
        path=tuple(
            tuple(own[k] for own, k in zip(stage.strategies, profile, strict=True))
            for profile in cycle
        ),
        punishment=punishment,
        punished=punished,
        discount=discount,
        intervals=intervals,
        binding=tuple(stage.players[who] for who in binding),
    )


def cycle_of(stage: NormalFormGame, path: Any) -> tuple[Positions, ...]:
    """Return the profiles of a path as positions, or say what is wrong with it."""
    if not isinstance(path, Sequence) or isinstance(path, str) or not path:
        msg = f"`path` must be a profile or a sequence of profiles, got {path!r}"[:200]
        raise GameError(msg)
    single = all(isinstance(own, (str, int)) for own in path)
    profiles = [path] if single else list(path)
    if len(profiles) > _LONGEST:
        msg = f"a cycle of `path` may have {_LONGEST} periods, got {len(profiles)}"
        raise WorkLimitError(msg)
    found = []
    for profile in profiles:
        if not isinstance(profile, Sequence) or len(profile) != stage.n_players:
            names = ", ".join(stage.players)
            msg = f"each profile of `path` must name one strategy for each of {names}"
            raise GameError(f"{msg}, got {profile!r}"[:250])
        found.append(tuple(stage.strategy_index(k, own) for k, own in enumerate(profile)))
    return tuple(found)


def shortest_cycle(cycle: tuple[Positions, ...]) -> tuple[Positions, ...]:
    """Return the part of a cycle of which it is a repetition."""
    n = len(cycle)
    return next(cycle[:k] for k in range(1, n + 1) if n % k == 0 and cycle[:k] * (n // k) == cycle)


def _worst_equilibria(stage: NormalFormGame) -> tuple[Fraction, ...]:
    solution = nash(stage, exact=True)
    if solution.status is not Status.COMPLETE or not solution.exact:
        msg = (
            "the worst stage equilibria are not known exactly; name one by "
            "punishment='grim', reversion=..."
        )
        raise GameError(msg)
    return tuple(
        min(exact_number(own.payoffs[who]) for own in solution.equilibria)
        for who in range(stage.n_players)
    )


def _pure_minmax(stage: NormalFormGame) -> tuple[Fraction, ...]:
    return tuple(own.pure_threat for own in security_levels(stage))


def _reverted(stage: NormalFormGame, reversion: Any) -> tuple[Fraction, ...]:
    if reversion is None:
        pure = pure_nash(stage.as_exact()).equilibria
        if len(pure) != 1:
            msg = (
                f"`reversion` must name the equilibrium of 'grim': the stage game has {len(pure)} "
                "pure ones; punishment='nash' takes mixed ones as well"
            )
            raise GameError(msg)
        return tuple(map(exact_number, pure[0].payoffs))
    (profile,) = cycle_of(stage, reversion)
    payoffs = tuple(stage.exact_payoffs[(who, *profile)] for who in range(stage.n_players))
    regret = [_tempted(stage, profile, who) - own for who, own in enumerate(payoffs)]
    if any(regret):
        who = max(range(stage.n_players), key=regret.__getitem__)
        msg = (
            f"`reversion` must be an equilibrium of the stage game; {stage.players[who]} "
            f"would gain {decimal_text(regret[who])} by leaving {tuple(reversion)!r}"
        )
        raise GameError(msg)
    return payoffs


def _tempted(stage: NormalFormGame, profile: Positions, who: int) -> Fraction:
    """Return the most a player can get against what the others do."""
    worth: Fraction = max(
        stage.exact_payoffs[(who, *profile[:who], own, *profile[who + 1 :])]
        for own in range(stage.shape[who])
    )
    return worth


def _polynomial(coefficients: Sequence[Fraction]) -> sp.Poly:
    """Return a polynomial from its coefficients, the constant first."""
    import sympy as sp

    numbers = [rational(own) for own in reversed(coefficients)]
    return sp.Poly(numbers, sp.Symbol("delta", positive=True), domain="QQ")


def _kept(
    stage: NormalFormGame, cycle: tuple[Positions, ...], start: int, who: int, punished: Fraction
) -> sp.Poly:
    """Return what is not negative if a player does not leave a cycle in one of its periods.

    With n periods, ``u[0] + ... + u[n-1] delta**(n-1)`` against
    ``(1 + ... + delta**(n-1)) ((1 - delta) T + delta P)``.
    """
    n = len(cycle)
    payoffs = [stage.exact_payoffs[(who, *cycle[(start + k) % n])] for k in range(n)]
    tempted = _tempted(stage, cycle[start], who)
    # (1 + ... + delta**(n-1)) (1 - delta) = 1 - delta**n.
    found = [payoffs[0] - tempted, *(own - punished for own in payoffs[1:])]
    found.append(tempted - punished)
    return _polynomial(found)


def _tit_for_tat(
    stage: NormalFormGame, cycle: tuple[Positions, ...]
) -> tuple[tuple[Fraction, ...], list[tuple[int, sp.Poly]]]:
    shortest = shortest_cycle(cycle)
    tests = []
    for own in mirrored(stage.shape, shortest):
        here, away, later, instead = (
            stage.exact_payoffs[(own.who, *at)]
            for at in (own.here, own.away, own.later, own.instead)
        )
        tests.append((own.who, _polynomial([here - away, later - instead])))
    punished = tuple(
        max(stage.exact_payoffs[(who, *at)] for at in mirrored_threats(shortest, who))
        for who in range(2)
    )
    return punished, tests


def sustained(
    tests: Sequence[tuple[int, sp.Poly]],
) -> tuple[tuple[DiscountInterval, ...], sp.Expr | None, list[int]]:
    """Return where in (0, 1) all polynomials are not negative, exactly."""
    import sympy as sp

    irreducible = dict.fromkeys(
        factor
        for _, own in tests
        if not own.is_zero and own.degree() > 0
        for factor, _ in own.factor_list()[1]
    )
    roots = {root: own for own in irreducible for root in own.real_roots() if 0 < root < 1}
    ends = [sp.S.Zero, *sorted(roots), sp.S.One]
    between = [_between(one, two) for one, two in itertools.pairwise(ends)]
    signs = [[int(sp.sign(own.eval(point))) for _, own in tests] for point in between]

    def holds(k: int) -> bool:
        """Tell whether all hold at the k-th end, a root of some; others have the sign beside it."""
        return all(
            own.rem(roots[ends[k]]).is_zero or sign >= 0
            for (_, own), sign in zip(tests, signs[k], strict=True)
        )

    # Ends and the intervals between them in turn; 0 and 1 are no discount factors.
    marks = [False]
    for k, own in enumerate(signs):
        last = k == len(signs) - 1
        marks += [min(own, default=1) >= 0, False if last else holds(k + 1)]
    intervals = []
    for inside, group in itertools.groupby(range(len(marks)), key=marks.__getitem__):
        places = list(group)
        if inside:
            lower, upper = ends[places[0] // 2], ends[(places[-1] + 1) // 2]
            intervals.append(DiscountInterval(lower=lower, upper=upper))
    if not marks[-2]:
        return tuple(intervals), None, []
    critical = intervals[-1].lower
    below = [] if critical == 0 else signs[ends.index(critical) - 1]
    binding = {who for (who, _), sign in zip(tests, below, strict=False) if sign < 0}
    return tuple(intervals), critical, sorted(binding)


def _between(one: sp.Expr, two: sp.Expr) -> sp.Rational:
    """Return a rational number between two real numbers."""
    import sympy as sp

    digits = 5
    while True:
        low, high = (sp.Rational(str(own.evalf(digits + 10))) for own in (one, two))
        middle = (low + high) / 2
        point = sp.Rational(sp.floor(middle * 10**digits), 10**digits)
        if one < point < two:
            return point
        digits *= 2


def _number(value: sp.Expr) -> str:
    return str(value) if value.is_Rational else str(value.evalf(6))
