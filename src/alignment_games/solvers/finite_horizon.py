"""Stochastic games with finitely many periods: backward induction over the auxiliary games."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .._numeric import decimal_text, is_exact
from .._typing import Number, Vector
from ..errors import GameError, WorkLimitError, suggestion, whole
from ..games import StochasticGame
from ._markov_values import require_stochastic
from .bimatrix import nash
from .result import Equilibrium, Solution, Status

__all__ = ["FiniteHorizonSolution", "SeveralEquilibria", "finite_horizon"]

MAX_PERIODS = 10_000
"""Largest horizon."""

_MAX_BITS = 20_000  # of the denominator of an exact value
_RULES = ("first", "payoff-dominant", "unique", "utilitarian")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralEquilibria:
    """An auxiliary game with more than one equilibrium, among which the rule chose.

    Attributes
    ----------
    period : int
    state : str
    payoffs : tuple of tuples of numbers
        Of the equilibria that the solver lists, one a player.
    """

    period: int
    state: str
    payoffs: tuple[Vector, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FiniteHorizonSolution:
    """A Markov-perfect equilibrium of a stochastic game with finitely many periods.

    Attributes
    ----------
    game : StochasticGame
    horizon : int
    select : str
        The rule that chose among several equilibria of an auxiliary game.
    status : Status
        COMPLETE if every auxiliary game had a single equilibrium: then so has the game. PARTIAL
        if the rule chose somewhere, or an auxiliary game was not proved to have no other one.
    stages : tuple of tuples of Equilibrium
        ``stages[period][state]``: the equilibrium played in the auxiliary game, with its payoffs
        (the values of that state and period) and its regret.
    terminal : tuple of tuples of numbers
        ``terminal[state][player]``: what the end of the last period is worth, in each state.
    several : tuple of SeveralEquilibria
        Where the rule chose.
    exact : bool
        Whether all numbers are Fractions.
    """

    game: StochasticGame = field(repr=False)
    horizon: int
    select: str
    status: Status
    stages: tuple[tuple[Equilibrium, ...], ...] = field(repr=False)
    terminal: tuple[Vector, ...] = field(repr=False)
    several: tuple[SeveralEquilibria, ...]
    exact: bool

    @property
    def method(self) -> str:
        """How it was found."""
        return "backward-induction-over-states"

    @property
    def values(self) -> tuple[Vector, ...]:
        """``values[state][player]`` when the first period begins."""
        return tuple(eq.payoffs for eq in self.stages[0]) if self.stages else self.terminal

    @property
    def max_regret(self) -> Number:
        """Largest gain from deviating in one period, of any player, period and state."""
        return max((r for own in self.stages for eq in own for r in eq.regret), default=0)

    def stage(self, period: int, state: str | int) -> Equilibrium:
        """Return what is played in a period, from 0, and a state."""
        if not self.horizon:
            msg = f"`period` must be one that is played; the horizon is 0, got {period!r}"
            raise GameError(msg)
        place = whole("period", period, 0, self.horizon - 1, error=GameError)
        return self.stages[place][self.game.state_index(state)]

    def __str__(self) -> str:
        head = (
            f"{self.horizon} period{'s' * (self.horizon != 1)} by backward induction: "
            f"{self.status.value}"
        )
        if self.several:
            head += f" The rule {self.select!r} chose {len(self.several)} times."
        lines = [
            f"  {name}: values ({', '.join(map(decimal_text, own))})"
            for name, own in zip(self.game.states, self.values, strict=True)
        ]
        return "\n".join([head, *lines])


def finite_horizon(
    game: StochasticGame, horizon: int, *, select: str = "unique", terminal: Any = None
) -> FiniteHorizonSolution:
    """Solve a stochastic game with finitely many periods by backward induction.

    In the last period each state's auxiliary game is solved for all Nash equilibria, then in the
    period before it, and so on. One equilibrium of each is carried on.

    Parameters
    ----------
    game : StochasticGame
    horizon : int
        Number of periods, from 0 (nothing is played, and values are `terminal`) to 10,000.
    select : str, optional
        Which equilibrium is carried on where an auxiliary game has several. ``unique``, the
        default: none, that is an error, unless all of them pay every player the same; then the
        first. ``payoff-dominant``: the one in which every player earns more than in any other, an
        error if there is none. ``utilitarian``: that with the largest sum of payoffs, the first if
        several have it. ``first``: the first in the order of `nash`. Where equilibria come in
        continua, the rules look at those that `nash` lists.
    terminal : array_like, shape (n_states, n_players), optional
        What each state is worth after the last period; zero by default.

    Returns
    -------
    FiniteHorizonSolution
        Of exact games with Fractions, as long as equilibria are rational. Of games with floats
        each period's values are rounded to floats.

    Raises
    ------
    GameError
        If `game` is not a StochasticGame, the rule is unknown or does not decide, or
        `terminal` does not fit the game.
    WorkLimitError
        If an auxiliary game is too large for `nash`, or exact values have more than 20,000 bits.

    Examples
    --------
    >>> import alignment_games as ag
    >>> from fractions import Fraction
    >>> game = ag.games.StochasticGame(
    ...     payoffs=[[[[2, 0], [3, 1]], [[2, 3], [0, 1]]], [[[0]], [[0]]]],
    ...     transitions=[[[[1, 0], [0, 1]], [[0, 1], [0, 1]]], [[[0, 1]]]],
    ...     discount=Fraction(2, 3), states=["partnership", "over"])
    >>> print(ag.solvers.finite_horizon(game, 5))
    5 periods by backward induction: All equilibria were found and verified.
      partnership: values (1, 1)
      over: values (0, 0)
    """
    require_stochastic(game)
    horizon = whole("horizon", horizon, 0, MAX_PERIODS, error=GameError)
    if select not in _RULES:
        msg = f"no rule {select!r} to `select` by{suggestion(select, _RULES)}"
        raise GameError(msg)
    zero = [[0] * game.n_players] * game.n_states
    checked, exact = game.continuation_values(
        zero if terminal is None else terminal, argument="terminal"
    )
    exact = exact and game.exact
    final: tuple[Vector, ...] = tuple(
        tuple(v if exact else float(v) for v in row) for row in checked
    )
    values: Sequence[Vector] = final
    stages: list[tuple[Equilibrium, ...]] = []
    several: list[SeveralEquilibria] = []
    complete = True
    for period in range(horizon - 1, -1, -1):
        played = []
        for state in game.states:
            auxiliary = game.auxiliary_game(state, values)
            solution = nash(auxiliary)
            chosen, ambiguous = _selected(solution, select, period, state)
            if ambiguous:
                listed = tuple(eq.payoffs for eq in solution.equilibria)
                several.append(SeveralEquilibria(period=period, state=state, payoffs=listed))
            complete = complete and not ambiguous and solution.status is Status.COMPLETE
            _check_length(chosen, period, state)
            played.append(chosen)
        stages.append(tuple(played))
        values = [eq.payoffs for eq in played]
        exact = exact and all(is_exact(v) for row in values for v in row)
    return FiniteHorizonSolution(
        game=game,
        horizon=horizon,
        select=select,
        status=Status.COMPLETE if complete else Status.PARTIAL,
        stages=tuple(reversed(stages)),
        terminal=final,
        several=tuple(reversed(several)),
        exact=exact,
    )


def _selected(solution: Solution, rule: str, period: int, state: str) -> tuple[Equilibrium, bool]:
    """Return the equilibrium that is carried on, and whether there were several."""
    found = solution.equilibria
    where = f"in period {period} and state {state!r}"
    if not found:
        msg = f"no equilibrium was found {where}: {solution.message}"
        raise WorkLimitError(msg)
    continua = any(part.dimension for part in solution.components)
    continua = continua or any(family.dimension for family in solution.families)
    if len(found) == 1 and not continua:
        return found[0], False
    if rule == "first":
        return found[0], True
    if rule == "utilitarian":
        return max(found, key=lambda eq: sum(Fraction(v) for v in eq.payoffs)), True
    # Payoffs are multilinear: if the vertices of a continuum pay the same, so does all of it. Of
    # a continuum that is no product of polytopes only samples are known.
    known = all(family.complete and not family.formulas for family in solution.families)
    if rule == "unique":
        if known and len({eq.payoffs for eq in found}) == 1:
            return found[0], True
        others = ", ".join(own for own in _RULES if own != rule)
        listed = "; ".join(f"({', '.join(map(decimal_text, eq.payoffs))})" for eq in found[:4])
        msg = (
            f"the auxiliary game {where} has several equilibria ({len(found)} listed), with "
            f"payoffs {listed}{', ...' * (len(found) > 4)}; say with `select` which is "
            f"carried on: {others}"
        )
        raise GameError(msg)
    for eq in found:
        if all(other is eq or _all_above(eq.payoffs, other.payoffs) for other in found):
            return eq, True
    msg = f"no equilibrium of the auxiliary game {where} is payoff-dominant; use another rule"
    raise GameError(msg)


def _all_above(first: Vector, second: Vector) -> bool:
    return all(a > b for a, b in zip(first, second, strict=True))


def _check_length(equilibrium: Equilibrium, period: int, state: str) -> None:
    """Raise a WorkLimitError where the digits of exact values grow beyond use."""
    for value in equilibrium.payoffs:
        if isinstance(value, Fraction) and value.denominator.bit_length() > _MAX_BITS:
            msg = (
                f"the exact values in period {period} and state {state!r} have more than "
                f"{_MAX_BITS} bits, the limit: where players mix they grow fourfold each period. "
                "Give one payoff as a float, so that values are rounded"
            )
            raise WorkLimitError(msg)
