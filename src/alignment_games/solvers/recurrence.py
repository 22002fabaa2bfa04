"""Where a stochastic game leads under given strategies: its states as those of a Markov chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .._numeric import decimal_text, nearest_float
from .._typing import Number, ProfileLike
from ..games import StochasticGame
from ._markov_values import clean_strategies, require_stochastic
from ._rational import solve_unique
from .markov_result import MarkovEquilibrium

__all__ = ["StateClasses", "state_classes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StateClasses:
    """The states of a stochastic game under stationary strategies.

    Attributes
    ----------
    game : StochasticGame
    recurrent : tuple of tuples of str
        Classes of states that are not left once they are reached, in each of which every state
        comes again and again.
    transient : tuple of str
        The other states: sooner or later they are left for ever.
    shares : tuple of mappings of str to number, one a recurrent class
        The stationary distribution: the share of periods in each state of the class in the long
        run.
    ends : mapping of str to tuple of numbers, one a recurrent class
        From each state the probability of ending in each class.
    reachable : mapping of str to tuple of str
        From each state all states that may come, itself included.
    exact : bool
        Whether the numbers are Fractions.
    """

    game: StochasticGame = field(repr=False)
    recurrent: tuple[tuple[str, ...], ...]
    transient: tuple[str, ...]
    shares: tuple[Mapping[str, Number], ...]
    ends: Mapping[str, tuple[Number, ...]] = field(repr=False)
    reachable: Mapping[str, tuple[str, ...]] = field(repr=False)
    exact: bool

    @property
    def absorbing(self) -> tuple[str, ...]:
        """States that are not left under these strategies."""
        return tuple(own[0] for own in self.recurrent if len(own) == 1)

    def long_run(self, start: str | int) -> dict[str, Number]:
        """Return the share of periods in each state in the long run, if play begins in `start`.

        It is the expected share: where several classes may be reached, play stays in one of them.

        Raises
        ------
        GameError
            If there is no such state.
        """
        first = self.game.states[self.game.state_index(start)]
        found: dict[str, Number] = dict.fromkeys(self.game.states, Fraction(0))
        for weight, own in zip(self.ends[first], self.shares, strict=True):
            found |= {state: weight * share for state, share in own.items()}
        return found if self.exact else {state: float(share) for state, share in found.items()}

    def __str__(self) -> str:
        lines = []
        for own in self.shares:
            if len(own) == 1:
                lines.append(f"absorbing: {next(iter(own))}")
            else:
                shares = ", ".join(f"{state} {decimal_text(p)}" for state, p in own.items())
                lines.append(f"recurrent, with these shares of periods: {shares}")
        if self.transient:
            lines.append(f"transient: {', '.join(self.transient)}")
        return "\n".join(lines)


def state_classes(
    game: StochasticGame,
    strategies: MarkovEquilibrium | Sequence[ProfileLike] | Mapping[str, ProfileLike],
) -> StateClasses:
    """Classify the states of a stochastic game under stationary strategies.

    Parameters
    ----------
    game : StochasticGame
    strategies : MarkovEquilibrium, or one profile for each state
        As for `verify_markov`. Which states some play could reach, whatever the strategies, says
        the game itself: `StochasticGame.unreachable`.

    Returns
    -------
    StateClasses
        Computed in rational arithmetic; rounded if the game or the strategies have floats.

    Raises
    ------
    GameError
        If `game` is not a StochasticGame.
    ProfileError
        If `strategies` do not fit the game.

    References
    ----------
    J. G. Kemeny and J. L. Snell (1960), Finite Markov Chains, Van Nostrand, chapters 2-4.

    Examples
    --------
    A patron that leaves with probability 1/4 and comes back with probability 1/2:

    >>> import alignment_games as ag
    >>> from fractions import Fraction
    >>> game = ag.games.StochasticGame(
    ...     payoffs=[[[1]], [[0]]],
    ...     transitions=[[[Fraction(3, 4), Fraction(1, 4)]], [[Fraction(1, 2), Fraction(1, 2)]]],
    ...     discount=Fraction(9, 10), states=["engaged", "away"])
    >>> print(ag.solvers.state_classes(game, [["s1"], ["s1"]]))
    recurrent, with these shares of periods: engaged 0.666667, away 0.333333
    """
    require_stochastic(game)
    given = strategies.strategies if isinstance(strategies, MarkovEquilibrium) else strategies
    cleaned, exact = clean_strategies(game, given)
    exact = exact and game.exact
    moves = _moves(game, cleaned)
    reached = [_reached(moves, k) for k in range(game.n_states)]
    classes: list[list[int]] = []
    for k, own in enumerate(reached):
        back = all(k in reached[other] for other in own)
        if back and not any(k in known for known in classes):
            classes.append(sorted(own))
    transient = [k for k in range(game.n_states) if not any(k in own for own in classes)]
    shares = [_stationary(moves, own) for own in classes]
    ends = _ends(moves, classes, transient)

    def number(value: Fraction) -> Number:
        return value if exact else nearest_float(value)

    names = game.states
    return StateClasses(
        game=game,
        recurrent=tuple(tuple(names[k] for k in own) for own in classes),
        transient=tuple(names[k] for k in transient),
        shares=tuple(
            {names[k]: number(p) for k, p in zip(own, share, strict=True)}
            for own, share in zip(classes, shares, strict=True)
        ),
        ends={name: tuple(map(number, ends[k])) for k, name in enumerate(names)},
        reachable={
            name: tuple(names[other] for other in sorted(reached[k]))
            for k, name in enumerate(names)
        },
        exact=exact,
    )


def _moves(
    game: StochasticGame, strategies: Sequence[Sequence[Sequence[Fraction]]]
) -> list[list[Fraction]]:
    """Return the transition probabilities of the states."""
    rows = []
    for stage, table, mixed in zip(game.stages, game.exact_transitions, strategies, strict=True):
        row = [Fraction(0)] * game.n_states
        for profile in stage.profiles():
            weight = Fraction(1)
            for vector, k in zip(mixed, profile, strict=True):
                weight *= vector[k]
            if weight:
                row = [own + weight * p for own, p in zip(row, table[profile], strict=True)]
        rows.append(row)
    return rows


def _reached(moves: list[list[Fraction]], start: int) -> set[int]:
    reached, waiting = {start}, [start]
    while waiting:
        new = {k for k, p in enumerate(moves[waiting.pop()]) if p} - reached
        reached |= new
        waiting += new
    return reached


def _stationary(moves: list[list[Fraction]], members: list[int]) -> tuple[Fraction, ...]:
    """Return the stationary distribution of a recurrent class, which is unique."""
    # Inflow equals outflow in all states but the last, and shares sum to 1.
    rows = [[moves[j][k] - int(j == k) for j in members] for k in members[:-1]]
    rows.append([Fraction(1)] * len(members))
    found = solve_unique(rows, [Fraction(0)] * (len(members) - 1) + [Fraction(1)])
    assert found is not None
    return found


def _ends(
    moves: list[list[Fraction]], classes: list[list[int]], transient: list[int]
) -> list[list[Fraction]]:
    """Return from each state the probabilities of ending in each class."""
    ends = [[Fraction(int(k in own)) for own in classes] for k in range(len(moves))]
    rows = [[int(j == k) - moves[j][k] for k in transient] for j in transient]
    for c, members in enumerate(classes if transient else []):
        found = solve_unique(
            rows, [sum((moves[j][k] for k in members), Fraction(0)) for j in transient]
        )
        assert found is not None  # a transient state is left for ever
        for j, p in zip(transient, found, strict=True):
            ends[j][c] = p
    return ends
