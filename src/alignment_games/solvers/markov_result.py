"""What the solvers of stochastic games return: stationary profiles with their certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .._numeric import decimal_text
from .._typing import Number, Vector
from ..games import StochasticGame
from ._markov_values import Strategies, Worth, as_asked
from .result import Status

__all__ = ["MarkovEquilibrium", "MarkovSolution", "recorded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkovEquilibrium:
    """A Markov-perfect equilibrium in stationary strategies, with its certificate.

    Attributes
    ----------
    game : StochasticGame
    strategies : tuple of tuples of tuples of numbers
        ``strategies[state][player]``: the probability of each strategy.
    values : tuple of tuples of numbers
        ``values[state][player]``: the discounted sum of payoffs from that state on.
    gains : tuple of tuples of numbers
        ``gains[state][player]``: what a player gains at most by another action there, once.
        Computed from the game in rational arithmetic, then rounded if the game has floats. It is
        a Markov-perfect equilibrium exactly if all are zero.
    """

    game: StochasticGame = field(repr=False)
    strategies: Strategies
    values: tuple[Vector, ...]
    gains: tuple[Vector, ...]

    @property
    def is_pure(self) -> bool:
        """Whether each player plays one strategy for certain in each state."""
        return all(max(vector) == 1 for own in self.strategies for vector in own)

    @property
    def regret(self) -> Vector:
        """The most that each player could gain by any strategy, from any state: a bound.

        The largest one-shot gain over ``1 - discount``: who gains it in every period from now on
        gains no more than that.
        """
        return tuple(
            max(own[who] for own in self.gains) / (1 - factor)
            for who, factor in enumerate(self.game.exact_discount)
        )

    def probabilities(self, state: str | int, player: str | int) -> dict[str, Number]:
        """Return the probabilities with which a player plays its strategies in a state."""
        s, who = self.game.state_index(state), self.game.player_index(player)
        names = self.game.strategies[s][who]
        return dict(zip(names, self.strategies[s][who], strict=True))

    def played(self, state: str | int) -> tuple[tuple[str, ...], ...]:
        """Return the strategies that each player plays with positive probability in a state."""
        s = self.game.state_index(state)
        return tuple(
            tuple(name for name, p in zip(names, vector, strict=True) if p > 0)
            for names, vector in zip(self.game.strategies[s], self.strategies[s], strict=True)
        )

    def __str__(self) -> str:
        lines = []
        for state, labels, own, values in zip(
            self.game.states, self.game.strategies, self.strategies, self.values, strict=True
        ):
            players = []
            for name, names, vector in zip(self.game.players, labels, own, strict=True):
                used = [(label, p) for label, p in zip(names, vector, strict=True) if p > 0]
                mixed = [f"{a} {decimal_text(p)}" if len(used) > 1 else a for a, p in used]
                players.append(f"{name}: {' + '.join(mixed)}")
            worth = ", ".join(map(decimal_text, values))
            lines.append(f"{state}: {'; '.join(players)}  values ({worth})")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkovSolution:
    """Markov-perfect equilibria of a stochastic game.

    Attributes
    ----------
    game : StochasticGame
    concept : str
        ``pure-markov-perfect`` or ``markov-perfect``.
    method : str
    status : Status
        COMPLETE: these are all pure ones. NONE: it is proved that there is no pure one. PARTIAL:
        one was found, others may exist. LIMIT and FAILED: none was found, which proves nothing.
    equilibria : tuple of MarkovEquilibrium
    exact : bool
        Whether the numbers are Fractions.
    parameters : mapping
        Everything needed to run the solver again.
    """

    game: StochasticGame = field(repr=False)
    concept: str
    method: str
    status: Status
    equilibria: tuple[MarkovEquilibrium, ...]
    exact: bool
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def max_gain(self) -> Number:
        """Largest one-shot gain of any player in any state and equilibrium; 0 if there is none."""
        return max((g for eq in self.equilibria for own in eq.gains for g in own), default=0)

    @property
    def message(self) -> str:
        """What the status claims, for the concept that was solved for."""
        if self.status is Status.COMPLETE:
            return "All pure stationary equilibria were found and verified; mixed ones may exist."
        if self.status is Status.NONE:
            return "It is proved that no pure stationary equilibrium exists; a mixed one does."
        return str(self.status.value)

    def __len__(self) -> int:
        return len(self.equilibria)

    def __str__(self) -> str:
        head = f"{self.concept} by {self.method}: {len(self)} found. {self.message}"
        lines = [
            f"  {k}. " + str(eq).replace("\n", "\n     ")
            for k, eq in enumerate(self.equilibria, start=1)
        ]
        return "\n".join([head, *lines])


def recorded(
    game: StochasticGame,
    strategies: Sequence[Sequence[Sequence[Number]]],
    worth: Worth,
    *,
    exact: bool,
) -> MarkovEquilibrium:
    """Return the record of an evaluated profile, in Fractions or in floats."""
    return MarkovEquilibrium(
        game=game,
        strategies=tuple(
            tuple(tuple(vector) if exact else tuple(map(float, vector)) for vector in own)
            for own in strategies
        ),
        values=as_asked(worth.values, exact=exact),
        gains=as_asked(worth.gains, exact=exact),
    )
