"""What stationary strategies of a stochastic game are worth, in rational arithmetic.

The values of a stationary profile solve linear equations, one a state. By the one-shot deviation
principle the profile is a Markov-perfect equilibrium exactly if in no state a player gains by
another action now, its own later play unchanged.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from .._numeric import exact_number, is_exact, nearest_float
from .._typing import Number, ProfileLike, Vector
from ..errors import GameError, ProfileError, suggestion
from ..games import StochasticGame
from .certify import clean_profile

if TYPE_CHECKING:
    from flint import fmpq, fmpq_mat

__all__ = [
    "ExactRows",
    "Strategies",
    "Worth",
    "as_asked",
    "clean_strategies",
    "pure_strategies",
    "require_stochastic",
]

Strategies: TypeAlias = tuple[tuple[Vector, ...], ...]
"""Of each state, one probability vector a player."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Values and one-shot gains of a stationary profile, as Fractions.

    Attributes
    ----------
    values : tuple of tuples of Fraction
        Of each state, one a player: the discounted sum from there on.
    gains : tuple of tuples of Fraction
        Of each state, one a player: what it gains at most by another action in this period.
    """

    values: tuple[tuple[Fraction, ...], ...]
    gains: tuple[tuple[Fraction, ...], ...]

    @property
    def is_perfect(self) -> bool:
        """Whether the profile is a Markov-perfect equilibrium."""
        return not any(gain for own in self.gains for gain in own)


@dataclass(frozen=True, slots=True)
class ExactRows:
    """A stochastic game as FLINT's rationals: one row for each state and pure profile.

    Attributes
    ----------
    game : StochasticGame
    profiles : tuple of tuples of positions
        Of each state, its pure profiles, in the order of the rows.
    payoffs : tuple of fmpq_mat, shape (n_rows, 1), one a player
    moves : fmpq_mat, shape (n_rows, n_states)
    """

    game: StochasticGame
    profiles: tuple[tuple[tuple[int, ...], ...], ...]
    payoffs: tuple[fmpq_mat, ...]
    moves: fmpq_mat

    @classmethod
    def of(cls, game: StochasticGame) -> ExactRows:
        """Convert a game."""
        from flint import fmpq_mat

        payoffs = []
        for who in range(game.n_players):
            column = [u for stage in game.stages for u in stage.exact_payoffs[who].flat]
            payoffs.append(fmpq_mat(len(column), 1, [_flint(u) for u in column]))
        moves = [_flint(p) for own in game.exact_transitions for p in own.flat]
        return cls(
            game=game,
            profiles=tuple(tuple(stage.profiles()) for stage in game.stages),
            payoffs=tuple(payoffs),
            moves=fmpq_mat(len(moves) // game.n_states, game.n_states, moves),
        )

    def worth(self, strategies: Sequence[Sequence[Sequence[Fraction]]]) -> Worth:
        """Evaluate a stationary profile of Fractions, each vector with sum 1."""
        from flint import fmpq_mat

        game = self.game
        size = game.n_states
        mixed = [[[_flint(p) for p in vector] for vector in own] for own in strategies]
        rows = self.moves.nrows()
        play = fmpq_mat(size, rows)
        row = 0
        for s, profiles in enumerate(self.profiles):
            for profile in profiles:
                weight = math.prod(
                    [own[k] for own, k in zip(mixed[s], profile, strict=True)], start=_flint(1)
                )
                if weight:
                    play[s, row] = weight
                row += 1
        moves = play * self.moves
        identity = fmpq_mat(size, size)
        for s in range(size):
            identity[s, s] = _flint(1)
        values, gains = [], []
        for who, factor in enumerate(map(_flint, game.exact_discount)):
            own = (identity - factor * moves).solve(play * self.payoffs[who])
            after = (self.payoffs[who] + factor * (self.moves * own)).entries()
            values.append([_fraction(v) for v in own.entries()])
            gains.append(
                [_fraction(v) for v in self._gains(who, mixed, after, own.entries())]
            )
        return Worth(
            values=tuple(zip(*values, strict=True)), gains=tuple(zip(*gains, strict=True))
        )

    def _gains(
        self, who: int, mixed: list[list[list[fmpq]]], after: list[fmpq], values: list[fmpq]
    ) -> list[fmpq]:
        """Return what `who` gains at most in each state, from the worth of every row."""
        gains = []
        row = 0
        for s, profiles in enumerate(self.profiles):
            best = [_flint(0)] * len(mixed[s][who])
            for profile in profiles:
                weight = math.prod(
                    [own[k] for j, (own, k) in enumerate(zip(mixed[s], profile, strict=True))
                     if j != who],
                    start=_flint(1),
                )
                if weight:
                    best[profile[who]] += weight * after[row]
                row += 1
            gains.append(max(best) - values[s])
        return gains


def _flint(value: Fraction | int) -> fmpq:
    from flint import fmpq

    return fmpq(value.numerator, value.denominator)


def _fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def as_asked(rows: Sequence[Sequence[Fraction]], *, exact: bool) -> tuple[Vector, ...]:
    """Return Fractions, or floats each rounded once."""
    return tuple(tuple(row) if exact else tuple(map(nearest_float, row)) for row in rows)


def pure_strategies(
    game: StochasticGame, profiles: Sequence[Sequence[int]]
) -> tuple[tuple[tuple[Fraction, ...], ...], ...]:
    """Return a pure stationary profile, one strategy a player in each state, as vectors."""
    return tuple(
        tuple(
            tuple(Fraction(int(k == chosen)) for k in range(size))
            for chosen, size in zip(profile, stage.shape, strict=True)
        )
        for stage, profile in zip(game.stages, profiles, strict=True)
    )


def require_stochastic(game: object) -> None:
    """Raise a GameError if `game` is not a StochasticGame."""
    if not isinstance(game, StochasticGame):
        msg = f"`game` must be a StochasticGame, got {type(game).__name__}"
        raise GameError(msg)


def clean_strategies(
    game: StochasticGame, given: Sequence[ProfileLike] | dict[str, ProfileLike]
) -> tuple[tuple[tuple[tuple[Fraction, ...], ...], ...], bool]:
    """Check a stationary profile; return its exact distributions, and whether all was exact."""
    entries: list[ProfileLike]
    if isinstance(given, dict):
        for name in given:
            if name not in game.states:
                msg = f"`strategies` name an unknown state {name!r}{suggestion(name, game.states)}"
                raise ProfileError(msg)
        missing = [name for name in game.states if name not in given]
        if missing:
            msg = f"`strategies` must have an entry for each state; missing: {missing}"
            raise ProfileError(msg)
        entries = [given[name] for name in game.states]
    else:
        entries = list(given)
    if len(entries) != game.n_states:
        msg = f"`strategies` must hold one profile for each of {game.states}, got {len(entries)}"
        raise ProfileError(msg)
    cleaned = []
    exact = True
    for name, stage, entry in zip(game.states, game.stages, entries, strict=True):
        try:
            profile = clean_profile(stage, entry)
        except ProfileError as error:
            msg = f"state {name!r}: {error}"
            raise ProfileError(msg) from None
        exact = exact and all(is_exact(p) for vector in profile for p in vector)
        cleaned.append(tuple(_distribution(vector) for vector in profile))
    return tuple(cleaned), exact


def _distribution(vector: Sequence[Number]) -> tuple[Fraction, ...]:
    values = [exact_number(p) for p in vector]
    total = sum(values, Fraction(0))
    return tuple(p / total for p in values)
