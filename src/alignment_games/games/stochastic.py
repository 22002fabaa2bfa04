"""Stochastic games: finitely many states, each with a normal form that also moves the state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from .._numeric import decimal_text, exact_number, is_exact, nearest_float, ratio_text
from .._typing import FloatArray, Number, ObjectArray, Vector
from ..errors import GameError, WorkLimitError
from .normal import NormalFormGame, index_of, names_of
from .per_player import ROUNDING, discount_factors, probability_block

__all__ = ["StochasticGame"]

_MAX_TRANSITIONS = 2_000_000


@dataclass(frozen=True, slots=True, init=False, eq=False)
class StochasticGame:
    """A discounted stochastic game with finitely many states, players and strategies.

    In each period the players choose strategies of the current state at once; they earn that
    state's payoffs, and the profile decides with which probabilities each state comes next [1]_.
    A player's payoff is the sum of its payoffs, that of period ``t`` (from 0) times its discount
    factor to the power of ``t``. (Times ``1 - discount`` it is the average payoff.)

    Parameters
    ----------
    payoffs : sequence of array_like, one a state
        ``payoffs[state][player][profile]``, in utility units; strategies may differ in number
        from state to state. A NormalFormGame stands for its payoffs.
    transitions : sequence of array_like, one a state
        ``transitions[state][profile][next_state]``: probabilities, which sum to 1 for each
        profile. Exact numbers must do so exactly; a row with floats may miss 1 by 1e-9, which
        its largest probability then makes up for.
    discount : number or sequence of numbers, one a player
        Discount factors, above 0 and below 1.
    states : sequence of str, optional
        Names; ``state_1``, ... by default.
    players : sequence of str, optional
        Names; ``player_1``, ... by default.
    strategies : sequence of sequences of sequences of str, optional
        ``strategies[state][player]``: names of the strategies; ``s1``, ... by default.

    Attributes
    ----------
    stages : tuple of NormalFormGame, one a state
        What is played and earned in each state, the future left out.
    states, players : tuple of str
    discount : tuple of numbers, one a player
        Fractions if the game is exact, otherwise floats.
    transitions : tuple of ndarray of float64, one a state
        Read-only, shape (n_strategies_1, ..., n_strategies_n, n_states).
    exact : bool
        Whether all numbers were given as exact numbers. A float stands for the shortest decimal
        that prints it, as everywhere.

    Raises
    ------
    GameError
        If payoffs are ragged or not finite real numbers, a transition row does not sum to 1 or
        holds a negative probability, a discount factor is not in (0, 1), or names are repeated or
        of the wrong number.
    WorkLimitError
        If there are more than 2,000,000 transition probabilities.

    References
    ----------
    .. [1] L. S. Shapley (1953), Stochastic games, Proceedings of the National Academy of Sciences
       39, 1095-1100, doi:10.1073/pnas.39.10.1095.

    Examples
    --------
    A prisoners' dilemma that defection ends for good:

    >>> game = StochasticGame(
    ...     payoffs=[[[[2, 0], [3, 1]], [[2, 3], [0, 1]]], [[[0]], [[0]]]],
    ...     transitions=[[[[1, 0], [0, 1]], [[0, 1], [0, 1]]], [[[0, 1]]]],
    ...     discount=Fraction(2, 3), states=["partnership", "over"],
    ...     strategies=[[["cooperate", "defect"]] * 2, [["wait"]] * 2])
    >>> print(game)
    stochastic game of player_1, player_2 with 2 states, discount 0.666667
      partnership: 2 x 2
      over: 1 x 1, absorbing
    >>> print(game.auxiliary_game("partnership", [[6, 6], [0, 0]]))
    player_1, player_2    cooperate    defect
    --------------------  -----------  --------
    cooperate             6, 6         0, 3
    defect                3, 0         1, 1
    """

    stages: tuple[NormalFormGame, ...]
    states: tuple[str, ...]
    discount: Vector
    transitions: tuple[FloatArray, ...] = field(repr=False)
    exact: bool
    _factors: tuple[Fraction, ...] = field(repr=False)
    _fractions: tuple[ObjectArray, ...] = field(repr=False)

    def __init__(
        self,
        payoffs: Sequence[Any],
        transitions: Sequence[Any],
        discount: Number | Sequence[Number],
        *,
        states: Sequence[str] | None = None,
        players: Sequence[str] | None = None,
        strategies: Sequence[Sequence[Sequence[str]]] | None = None,
    ) -> None:
        blocks = _list("payoffs", payoffs)
        if not blocks:
            msg = "`payoffs` must hold the payoffs of at least one state, got none"
            raise GameError(msg)
        names = names_of("states", states, len(blocks), "state_")
        labels: list[Any] = [None] * len(blocks)
        if strategies is not None:
            labels = _list("strategies", strategies, len(blocks))
        stages = tuple(
            _stage(name, block, players, own)
            for name, block, own in zip(names, blocks, labels, strict=True)
        )
        for name, stage in zip(names, stages, strict=True):
            if stage.players != stages[0].players:
                msg = (
                    f"`payoffs` must be of the same players in all states: {names[0]!r} has "
                    f"{stages[0].players}, {name!r} has {stage.players}"
                )
                raise GameError(msg)
        rows = _list("transitions", transitions, len(blocks))
        size = sum(stage.payoffs[0].size for stage in stages) * len(names)
        if size > _MAX_TRANSITIONS:
            msg = (
                f"the game has {size} transition probabilities; the limit is {_MAX_TRANSITIONS}. "
                "Leave out states or strategies"
            )
            raise WorkLimitError(msg)
        moves = [
            _probabilities(k, own, names, stage)
            for k, (own, stage) in enumerate(zip(rows, stages, strict=True))
        ]
        factors, exact_factors = discount_factors(discount, stages[0].players, error=GameError)
        exact = (
            exact_factors
            and all(stage.exact for stage in stages)
            and all(is_exact for _, is_exact in moves)
        )
        self._fill(stages, names, factors, tuple(move for move, _ in moves), exact)

    def _fill(
        self,
        stages: tuple[NormalFormGame, ...],
        states: tuple[str, ...],
        discount: tuple[Fraction, ...],
        fractions: tuple[ObjectArray, ...],
        exact: bool,
    ) -> None:
        floats = tuple(own.astype(np.float64) for own in fractions)
        for array in (*floats, *fractions):
            array.flags.writeable = False
        for name, value in (
            ("stages", stages),
            ("states", states),
            ("discount", discount if exact else tuple(map(nearest_float, discount))),
            ("transitions", floats),
            ("exact", exact),
            ("_factors", discount),
            ("_fractions", fractions),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def _build(
        cls,
        stages: tuple[NormalFormGame, ...],
        states: tuple[str, ...],
        discount: tuple[Fraction, ...],
        fractions: tuple[ObjectArray, ...],
        exact: bool,
    ) -> StochasticGame:
        """Make a game from parts that are known to be well formed."""
        game = object.__new__(cls)
        game._fill(stages, states, discount, fractions, exact)
        return game

    def __reduce__(self) -> tuple[Any, ...]:
        return StochasticGame._build, (
            self.stages,
            self.states,
            self.exact_discount,
            self._fractions,
            self.exact,
        )

    def __deepcopy__(self, memo: dict[int, object]) -> StochasticGame:
        return self

    def as_exact(self) -> StochasticGame:
        """Return the same game, its floats taken for the decimals that they stand for."""
        return StochasticGame._build(
            tuple(stage.as_exact() for stage in self.stages),
            self.states,
            self.exact_discount,
            self._fractions,
            True,
        )

    @property
    def n_states(self) -> int:
        """Number of states."""
        return len(self.states)

    @property
    def n_players(self) -> int:
        """Number of players."""
        return len(self.players)

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the players, the same in all states."""
        return self.stages[0].players

    @property
    def strategies(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """Names of the strategies: of each state, one tuple a player."""
        return tuple(stage.strategies for stage in self.stages)

    @property
    def exact_discount(self) -> tuple[Fraction, ...]:
        """Discount factors as Fractions, one a player."""
        return self._factors

    @property
    def exact_transitions(self) -> tuple[ObjectArray, ...]:
        """Transition probabilities as Fractions, read-only, in the form of `transitions`."""
        return self._fractions

    def state_index(self, state: str | int) -> int:
        """Return a state's position, from its name or position."""
        return index_of("state", state, self.states)

    def player_index(self, player: str | int) -> int:
        """Return a player's position, from its name or position."""
        return self.stages[0].player_index(player)

    def stage(self, state: str | int) -> NormalFormGame:
        """Return what is played and earned in a state, the future left out."""
        return self.stages[self.state_index(state)]

    def auxiliary_game(self, state: str | int, continuation: Any) -> NormalFormGame:
        """Return the game of one state, given what each state is worth afterwards.

        This is Shapley's auxiliary game: the payoff of a profile is what it earns now, plus the
        discount factor times the expected continuation value.

        Parameters
        ----------
        state : str or int
        continuation : array_like, shape (n_states, n_players)
            What each player earns from each state on, if the next period begins there.

        Returns
        -------
        NormalFormGame
            Exact if the game and `continuation` are.

        Raises
        ------
        GameError
            If there is no such state, or `continuation` is not a finite number for each state and
            player.
        """
        place = self.state_index(state)
        values, exact = self.continuation_values(continuation)
        stage, moves = self.stages[place], self._fractions[place]
        payoffs = np.empty((self.n_players, *stage.shape), dtype=object)
        for who, factor in enumerate(self.exact_discount):
            payoffs[who] = stage.exact_payoffs[who] + factor * (moves @ values[:, who])
        return NormalFormGame._from_fractions(
            payoffs, exact and self.exact, self.players, stage.strategies
        )

    def continuation_values(
        self, given: Any, *, argument: str = "continuation"
    ) -> tuple[ObjectArray, bool]:
        """Return values of states as Fractions, and whether all were given as exact numbers.

        Parameters
        ----------
        given : array_like, shape (n_states, n_players)
        argument : str, optional
            What errors call it.

        Raises
        ------
        GameError
            If `given` does not hold one finite real number for each state and player.
        """
        values = np.empty((self.n_states, self.n_players), dtype=object)
        rows = _list(argument, given, self.n_states)
        exact = True
        for s, row in enumerate(rows):
            for who, value in enumerate(_list(f"{argument}[{s}]", row, self.n_players)):
                values[s, who], own = _number(f"{argument}[{s}][{who}]", value)
                exact = exact and own
        return values, exact

    @property
    def absorbing(self) -> tuple[str, ...]:
        """States that no profile leaves."""
        return tuple(
            name
            for k, (name, moves) in enumerate(zip(self.states, self._fractions, strict=True))
            if all(p == 1 for p in moves[..., k].flat)
        )

    def unreachable(self, start: str | int | None = None) -> tuple[str, ...]:
        """Return the states that no play reaches.

        Parameters
        ----------
        start : str or int, optional
            Where play begins: the answer is the states that no sequence of profiles leads to from
            there. Without it: states to which no other state leads, so that only a play that begins
            there is ever there.
        """
        ahead = [
            {int(k) for k in np.flatnonzero((moves != 0).reshape(-1, self.n_states).any(axis=0))}
            for moves in self._fractions
        ]
        if start is None:
            reached = {t for s, own in enumerate(ahead) for t in own if t != s}
        else:
            waiting = [self.state_index(start)]
            reached = set(waiting)
            while waiting:
                new = ahead[waiting.pop()] - reached
                reached |= new
                waiting += new
        return tuple(name for k, name in enumerate(self.states) if k not in reached)

    def __str__(self) -> str:
        shown = self.discount if len(set(self.discount)) > 1 else self.discount[:1]
        count = f"{self.n_states} state{'s' * (self.n_states > 1)}"
        head = (
            f"stochastic game of {', '.join(self.players)} with {count}, "
            f"discount {', '.join(map(decimal_text, shown))}"
        )
        absorbing = set(self.absorbing)
        lines = [
            f"  {name}: {' x '.join(map(str, stage.shape))}{', absorbing' * (name in absorbing)}"
            for name, stage in zip(self.states, self.stages, strict=True)
        ]
        return "\n".join([head, *lines])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StochasticGame):
            return NotImplemented
        return (
            self.states == other.states
            and self.stages == other.stages
            and self._factors == other._factors
            and self.exact == other.exact
            and all(map(np.array_equal, self._fractions, other._fractions))
        )

    def __hash__(self) -> int:
        return hash((self.states, self.stages, self._factors))


def _list(argument: str, given: object, size: int | None = None) -> list[Any]:
    listed = isinstance(given, Iterable) and not isinstance(given, (str, Mapping))
    entries: list[Any] = list(given) if listed else []  # type: ignore[call-overload]
    if not listed or (size is not None and len(entries) != size):
        wanted = "a sequence" if size is None else f"a sequence of {size}"
        found = f"{len(entries)}" if listed else repr(given)
        msg = f"`{argument}` must be {wanted}, got {found}"
        raise GameError(msg)
    return entries


def _stage(
    state: str, block: Any, players: Sequence[str] | None, strategies: Any
) -> NormalFormGame:
    if isinstance(block, NormalFormGame):
        if players is not None or strategies is not None:
            msg = (
                f"`payoffs` give state {state!r} as a NormalFormGame, which has its own names; "
                "leave out `players` and `strategies`, or give its payoffs as an array"
            )
            raise GameError(msg)
        return block
    try:
        return NormalFormGame(block, players=players, strategies=strategies)
    except GameError as error:
        msg = f"state {state!r}: {error}"
        raise GameError(msg) from None


def _number(argument: str, value: Any) -> tuple[Fraction, bool]:
    plain = value.item() if isinstance(value, np.generic) else value
    try:
        return exact_number(plain), is_exact(plain)
    except (TypeError, ValueError) as error:
        msg = f"`{argument}` must be a finite real number: {error}"
        raise GameError(msg) from None


def _probabilities(
    place: int, given: Any, names: tuple[str, ...], stage: NormalFormGame
) -> tuple[ObjectArray, bool]:
    """Return the transition probabilities of one state, and whether all were exact."""
    argument = f"transitions[{place}]"
    shape = (*stage.shape, len(names))
    block = probability_block(argument, given)
    if block.shape != shape:
        msg = (
            f"`{argument}` (state {names[place]!r}) must have shape {shape}, one axis a player and "
            f"the next state last, got {block.shape if block.size else 'rows of unequal length'}"
        )
        raise GameError(msg)
    chances = np.empty(shape, dtype=object)
    all_exact = True
    for profile in stage.profiles():
        row, exact = [], True
        for k, value in enumerate(block[profile].tolist()):
            where = "".join(f"[{own}]" for own in (place, *profile, k))
            number, own_exact = _number(f"transitions{where}", value)
            row.append(number)
            exact = exact and own_exact
        total = sum(row, Fraction(0))
        if min(row) < 0 or abs(total - 1) > (0 if exact else ROUNDING):
            played = ", ".join(
                labels[own] for labels, own in zip(stage.strategies, profile, strict=True)
            )
            who = f"from state {names[place]!r} after ({played})"
            if min(row) < 0:
                bad = row.index(min(row))
                msg = (
                    f"`{argument}` must hold no negative probability: {who} state "
                    f"{names[bad]!r} has {decimal_text(row[bad])}"
                )
            else:
                shown = ratio_text(total) if exact else decimal_text(total, 12)
                msg = f"`{argument}` must hold rows that sum to 1: {who} the sum is {shown}"
            raise GameError(msg)
        if total != 1:  # Dividing by the sum would give every row a long denominator of its own.
            row[row.index(max(row))] += 1 - total
        chances[profile] = row
        all_exact = all_exact and exact
    return chances, all_exact
