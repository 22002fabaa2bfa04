"""What every solver returns: a `Solution` with a status and certified equilibria."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from .._numeric import decimal_text
from .._typing import Number, Profile, Vector
from ..games import Chance, ExtensiveGame, NormalFormGame

__all__ = ["Equilibrium", "EquilibriumComponent", "Game", "Solution", "Status"]

Game: TypeAlias = NormalFormGame | ExtensiveGame


class Status(enum.Enum):
    """How much a solution claims; the value is the message that a person reads."""

    COMPLETE = "All equilibria were found and verified."
    PARTIAL = "Some equilibria were found; others may exist."
    LIMIT = "The step or time limit was reached."
    NONE = "It is proved that no equilibrium of this kind exists."
    FAILED = "The method found no equilibrium that passes its certificate."


@dataclass(frozen=True, slots=True, kw_only=True)
class Equilibrium:
    """One equilibrium with its certificate.

    Attributes
    ----------
    game : NormalFormGame or ExtensiveGame
    profile : tuple of tuples of numbers
        One probability vector for each of ``game.agents``: each player of a normal form,
        each information set of a tree.
    payoffs : tuple of numbers, one a player
    regret : tuple of numbers, one a player
        What each player could still gain by deviating (in a tree: at any decision, on the
        path or off it), recomputed by `alignment_games.verify`.
    """

    game: Game = field(repr=False)
    profile: Profile
    payoffs: Vector
    regret: Vector

    @property
    def support(self) -> tuple[tuple[str, ...], ...]:
        """Actions that each agent plays with positive probability."""
        return tuple(
            tuple(name for name, p in zip(names, vector, strict=True) if p > 0)
            for names, vector in zip(self.game.actions, self.profile, strict=True)
        )

    @property
    def is_pure(self) -> bool:
        """Whether every agent plays one action for certain."""
        return all(len(own) == 1 for own in self.support)

    def probabilities(self, agent: str) -> dict[str, Number]:
        """Return the probabilities with which `agent` plays each of its actions."""
        k = self.game.agents.index(agent)
        return dict(zip(self.game.actions[k], self.profile[k], strict=True))

    @property
    def path(self) -> tuple[str, ...]:
        """Actions on the path of play of a pure equilibrium, in the order of moves.

        In a normal form: in the order of the players.

        Raises
        ------
        ValueError
            If the equilibrium is not pure, or chance moves on the path.
        """
        if not self.is_pure:
            msg = f"a path needs a pure equilibrium; this one mixes: {self.support}"
            raise ValueError(msg)
        if isinstance(self.game, NormalFormGame):
            return tuple(own[0] for own in self.support)
        choice = {h: own[0] for h, own in zip(self.game.histories, self.support, strict=True)}
        history: tuple[str, ...] = ()
        while history in choice:
            history = (*history, choice[history])
        chance_moves = isinstance(self.game.node(history), Chance)
        if chance_moves:
            msg = f"there is no single path: chance moves after {history}"
            raise ValueError(msg)
        return history

    def __str__(self) -> str:
        parts = []
        for agent, names, vector in zip(
            self.game.agents, self.game.actions, self.profile, strict=True
        ):
            mixed = [
                f"{name} {decimal_text(p)}" if p != 1 else name
                for name, p in zip(names, vector, strict=True)
                if p > 0
            ]
            parts.append(f"{agent}: {' + '.join(mixed)}")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class EquilibriumComponent:
    """A maximal Nash subset of a two-player game: the product of two convex hulls.

    Attributes
    ----------
    vertices : tuple of tuples of vectors, one a player
        Vertices of each player's part; every combination of points of the parts is an
        equilibrium.
    dimension : int
        Dimension of the product; 0 for an isolated equilibrium.
    """

    vertices: tuple[tuple[Vector, ...], ...]
    dimension: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The answer of a solver.

    Attributes
    ----------
    game : NormalFormGame or ExtensiveGame
    concept : str
        What was asked, for example ``nash``, ``pure-nash`` or ``subgame-perfect``.
    method : str
        How it was computed, by the name that `solve` takes.
    status : Status
        What the answer claims. Where there is a continuum of equilibria, COMPLETE means
        that `equilibria` holds all extreme ones and `components` describes all others.
    equilibria : tuple of Equilibrium
    components : tuple of EquilibriumComponent
        For ``nash``; empty for other concepts.
    exact : bool
        Whether the numbers are Fractions.
    degenerate : bool
        Whether ties were found that could make equilibria appear in continua.
    parameters : mapping
        Everything needed to run the solver again on `game`.
    """

    game: Game = field(repr=False)
    concept: str
    method: str
    status: Status
    equilibria: tuple[Equilibrium, ...]
    components: tuple[EquilibriumComponent, ...] = ()
    exact: bool
    degenerate: bool = False
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def max_regret(self) -> Number:
        """Largest regret of any player in any equilibrium (0 if there is none)."""
        return max((r for eq in self.equilibria for r in eq.regret), default=0)

    @property
    def message(self) -> str:
        """What the status claims, for the concept that was solved for."""
        if self.status is Status.COMPLETE and self.concept.startswith("pure-"):
            return "All pure equilibria were found and verified; mixed ones may exist."
        return self.status.value

    def __len__(self) -> int:
        return len(self.equilibria)

    def __str__(self) -> str:
        head = f"{self.concept} by {self.method}: {len(self)} found. {self.message}"
        if self.degenerate:
            head += (
                f" The game is degenerate ({len(self.components)} maximal Nash subsets)."
                if (self.components)
                else " There are ties."
            )
        lines = [
            f"  {eq}  payoffs ({', '.join(decimal_text(v) for v in eq.payoffs)})"
            for eq in self.equilibria
        ]
        return "\n".join([head, *lines])
