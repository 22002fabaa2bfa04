"""What stationary strategies of a stochastic game are worth, in rational arithmetic.

The values of a stationary profile solve linear equations, one a state. By the one-shot deviation
principle the profile is a Markov-perfect equilibrium exactly if in no state a player gains by
another action now, its own later play unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from .._numeric import decimal_text, exact_number, integers, is_exact, nearest_float
from .._typing import Number, ProfileLike, Vector
from ..errors import GameError, ProfileError, WorkLimitError, suggestion
from ..games import StochasticGame
from ._rational import from_flint, to_flint
from .certify import clean_profile

if TYPE_CHECKING:
    from flint import fmpq, fmpq_mat, fmpz_mat

__all__ = [
    "ExactRows",
    "Strategies",
    "Worth",
    "as_asked",
    "clean_strategies",
    "pure_strategies",
    "require_discounting",
    "require_stochastic",
]

Strategies: TypeAlias = tuple[tuple[Vector, ...], ...]
"""Of each state, one probability vector a player."""


_LEAST_DISCOUNTING = Fraction(1, 10**9)


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
class _Rows:
    """The pure profiles of one state, and what they lead to, in FLINT's numbers.

    Attributes
    ----------
    profiles : tuple of tuples of positions
    payoffs : tuple of fmpq_mat, shape (n_profiles, 1), one a player
    moves : fmpz_mat, shape (n_profiles, n_states)
        Transition probabilities times `scale`.
    scale : int
    """

    profiles: tuple[tuple[int, ...], ...]
    payoffs: tuple[fmpq_mat, ...]
    moves: fmpz_mat
    scale: int


@dataclass(frozen=True, slots=True)
class ExactRows:
    """A stochastic game in FLINT's numbers, to evaluate many stationary profiles.

    Attributes
    ----------
    game : StochasticGame
    rows : tuple of _Rows, one a state
    """

    game: StochasticGame
    rows: tuple[_Rows, ...]

    @classmethod
    def of(cls, game: StochasticGame) -> ExactRows:
        """Convert a game."""
        from flint import fmpq_mat, fmpz_mat

        rows = []
        for stage, moves in zip(game.stages, game.exact_transitions, strict=True):
            numerators, scale = integers(moves.ravel().tolist())
            count = len(numerators) // game.n_states
            rows.append(
                _Rows(
                    profiles=tuple(stage.profiles()),
                    payoffs=tuple(
                        fmpq_mat(count, 1, list(map(to_flint, own.flat)))
                        for own in stage.exact_payoffs
                    ),
                    moves=fmpz_mat(count, game.n_states, numerators),
                    scale=scale,
                )
            )
        return cls(game, tuple(rows))

    def worth(self, strategies: Sequence[Sequence[Sequence[Fraction]]]) -> Worth:
        """Evaluate a stationary profile of Fractions, each vector with sum 1."""
        from flint import fmpq_mat, fmpz_mat

        size = self.game.n_states
        mixed = [[list(map(to_flint, vector)) for vector in own] for own in strategies]
        play = [
            fmpq_mat(1, len(rows.profiles), [_weight(own, p) for p in rows.profiles])
            for rows, own in zip(self.rows, mixed, strict=True)
        ]
        moves = [
            ((chances * fmpq_mat(rows.moves)) / rows.scale).entries()
            for rows, chances in zip(self.rows, play, strict=True)
        ]
        values, gains = [], []
        for who, factor in enumerate(map(to_flint, self.game.exact_discount)):
            system = fmpq_mat(size, size, [-factor * p for row in moves for p in row])
            for s in range(size):
                system[s, s] += 1
            payoffs = [
                (chances * rows.payoffs[who])[0, 0]
                for rows, chances in zip(self.rows, play, strict=True)
            ]
            found = system.solve(fmpq_mat(size, 1, payoffs))
            # All values over one denominator, so that the loops below add integers.
            numerators, denominator = found.numer_denom()
            numerators = fmpz_mat(numerators)
            most = []
            for rows, own in zip(self.rows, mixed, strict=True):
                later = fmpq_mat(rows.moves * numerators) * (factor / (rows.scale * denominator))
                most.append(_best(who, rows.profiles, own, (rows.payoffs[who] + later).entries()))
            values.append([from_flint(v) for v in found.entries()])
            gains.append([from_flint(m - v) for m, v in zip(most, found.entries(), strict=True)])
        return Worth(values=tuple(zip(*values, strict=True)), gains=tuple(zip(*gains, strict=True)))


def _weight(mixed: list[list[fmpq]], profile: tuple[int, ...], but: int | None = None) -> fmpq:
    """Return the probability of a profile, of all players or of all but one."""
    weight = to_flint(1)
    for who, (vector, k) in enumerate(zip(mixed, profile, strict=True)):
        if who != but:
            weight *= vector[k]
    return weight


def _best(
    who: int,
    profiles: tuple[tuple[int, ...], ...],
    mixed: list[list[fmpq]],
    worth: list[fmpq],
) -> fmpq:
    """Return what a player's best action in a state is worth, given what each profile is."""
    levels = [to_flint(0)] * len(mixed[who])
    for profile, value in zip(profiles, worth, strict=True):
        weight = _weight(mixed, profile, who)
        if weight != 0:
            levels[profile[who]] += weight * value
    return max(levels)


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


def require_discounting(game: StochasticGame) -> None:
    """Raise a WorkLimitError if a discount factor is so near 1 that floats bound no values."""
    for name, factor in zip(game.players, game.exact_discount, strict=True):
        if 1 - factor < _LEAST_DISCOUNTING:
            msg = (
                f"`discount` of {name!r} is 1 - {decimal_text(1 - factor)}; this method needs at "
                f"most 1 - {decimal_text(_LEAST_DISCOUNTING)}"
            )
            raise WorkLimitError(msg)


def clean_strategies(
    game: StochasticGame, given: Sequence[ProfileLike] | Mapping[str, ProfileLike]
) -> tuple[tuple[tuple[tuple[Fraction, ...], ...], ...], bool]:
    """Check a stationary profile; return its exact distributions, and whether all was exact."""
    entries: list[ProfileLike]
    if isinstance(given, Mapping):
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
        listed: object = given
        if not isinstance(listed, Iterable) or isinstance(listed, str):
            msg = f"`strategies` must hold one profile for each of {game.states}, got {given!r}"
            raise ProfileError(msg[:200])
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
