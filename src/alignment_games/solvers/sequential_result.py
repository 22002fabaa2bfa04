"""What `sequential` returns: equilibria with their beliefs, and the sets that they form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from .._numeric import decimal_text, exact_number
from ..errors import ParameterError, ProfileError, suggestion
from ..games import ExtensiveGame, SignalingGame
from .result import Status, play_text

__all__ = [
    "SequentialComponent",
    "SequentialEquilibrium",
    "SequentialSolution",
    "SequentialSubset",
]

Shares: TypeAlias = tuple[Fraction, ...]
Strategies: TypeAlias = tuple[Shares, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SequentialEquilibrium:
    """A sequential equilibrium of a signaling game, with all beliefs that support it.

    Attributes
    ----------
    game : SignalingGame
    tree : ExtensiveGame
        The game as a tree, whose information sets are the agents.
    profile : tuple of tuples of Fraction
        One probability vector for each of ``tree.agents``.
    beliefs : mapping from str to tuple of tuples of Fraction
        For each message that does not end the game, the vertices of the set of beliefs about the
        sender's type that support the replies: one, by Bayes' rule, if the message is sent. A
        receiver's type multiplies the belief by its own probability given the sender's type.
    payoffs : tuple of two Fractions
    regret : tuple of two Fractions
        What each player could still gain at any information set under any of the vertices of
        `beliefs`, as `verify_assessment` recomputes it on the tree.
    off_path : tuple of str
        Messages that no type sends.
    intuitive, d1, universally_divine : bool
        Whether the outcome survives the refinement, as `sequential` defines it.
    off_path_beliefs_only : bool
        Whether the outcome needs beliefs after some message off the path that differ from the
        prior: no equilibrium with this outcome believes the prior after all of them.
    """

    game: SignalingGame = field(repr=False)
    tree: ExtensiveGame = field(repr=False)
    profile: Strategies
    beliefs: Mapping[str, tuple[Shares, ...]]
    payoffs: Shares
    regret: Shares
    off_path: tuple[str, ...]
    intuitive: bool
    d1: bool
    universally_divine: bool
    off_path_beliefs_only: bool

    def probabilities(self, agent: str) -> dict[str, Fraction]:
        """Return the probabilities with which an agent of the tree plays its actions.

        Raises
        ------
        ProfileError
            If there is no such agent.
        """
        agents = self.tree.agents
        if agent not in agents:
            msg = f"no agent {agent!r}{suggestion(agent, agents)}"
            raise ProfileError(msg)
        k = agents.index(agent)
        return dict(zip(self.tree.actions[k], self.profile[k], strict=True))

    def sends(self, sender_type: str) -> dict[str, Fraction]:
        """Return the probabilities with which a sender's type sends each message."""
        sender = self.game.players[0]
        return self.probabilities(f"{sender} at {self.game.sender_set(sender_type)}")

    def answers(self, message: str, receiver_type: str = "") -> dict[str, Fraction]:
        """Return the probabilities of the responses to a message that does not end the game."""
        receiver = self.game.players[1]
        return self.probabilities(f"{receiver} at {self.game.receiver_set(message, receiver_type)}")

    @property
    def assessment(self) -> dict[str, Shares]:
        """The belief after each message that is the mean of the vertices of `beliefs`."""
        return {
            m: tuple(sum(column, Fraction(0)) / len(points) for column in zip(*points, strict=True))
            for m, points in self.beliefs.items()
        }

    def perturbation(self, epsilon: float | Fraction) -> Strategies:
        """Return a completely mixed profile near the equilibrium.

        As `epsilon` goes to 0 it converges to `profile`, and the beliefs that Bayes' rule draws
        from it converge to `assessment`: this is what makes the assessment consistent.

        Parameters
        ----------
        epsilon : number
            Above 0 and at most 1.

        Raises
        ------
        ParameterError
            If `epsilon` is no such number.
        """
        try:
            step = exact_number(epsilon)
        except (TypeError, ValueError) as error:
            msg = f"`epsilon` must be a number above 0 and at most 1, got {epsilon!r}"
            raise ParameterError(msg) from error
        if not 0 < step <= 1:
            msg = f"`epsilon` must be a number above 0 and at most 1, got {epsilon!r}"
            raise ParameterError(msg)
        game = self.game
        even = (Fraction(1, len(game.types)),) * len(game.types)
        means = dict.fromkeys(game.messages, even) | self.assessment
        mixed = {}
        for t, name in enumerate(game.types):
            own = sum(game.prior[name, s] for s in game.receiver_types)
            mixed[f"{game.players[0]} at {game.sender_set(name)}"] = _normalized(
                # A type errs toward a message off the path in proportion to the belief in it.
                tuple(
                    step * (means[m][t] + step) / own if m in self.off_path else share + step**2
                    for m, share in self.sends(name).items()
                )
            )
        return tuple(
            mixed.get(agent) or _normalized(tuple(share + step for share in vector))
            for agent, vector in zip(self.tree.agents, self.profile, strict=True)
        )

    def __str__(self) -> str:
        return play_text(self.tree.agents, self.tree.actions, self.profile)


@dataclass(frozen=True, slots=True, kw_only=True)
class SequentialSubset:
    """A maximal product of sets of equilibria: any play of one with any replies of the other.

    Attributes
    ----------
    plays : tuple of tuples of vectors
        Vertices of the sender's part, each one vector over the messages for each of its types.
    replies : tuple of tuples of vectors
        Vertices of the receiver's part, each one vector over the responses for each message and
        each of its types, in this order; ``(1,)`` for a message that ends the game.
    dimension : int
        Of the product; 0 for a single equilibrium.
    """

    plays: tuple[Strategies, ...]
    replies: tuple[Strategies, ...]
    dimension: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SequentialComponent:
    """A connected component of the sequential equilibria of a signaling game.

    Attributes
    ----------
    subsets : tuple of SequentialSubset
        The maximal products whose union it is.
    equilibria : tuple of int
        Positions in ``SequentialSolution.equilibria`` of its extreme equilibria.
    """

    subsets: tuple[SequentialSubset, ...]
    equilibria: tuple[int, ...]

    @property
    def dimension(self) -> int:
        """The largest dimension of a subset."""
        return max(part.dimension for part in self.subsets)


@dataclass(frozen=True, slots=True, kw_only=True)
class SequentialSolution:
    """All sequential equilibria of a signaling game.

    Attributes
    ----------
    game : SignalingGame
    concept : str
        ``sequential``.
    method : str
        ``belief-cells``.
    status : Status
        COMPLETE: `components` hold all sequential equilibria.
    equilibria : tuple of SequentialEquilibrium
        The extreme ones: vertices of the components.
    components : tuple of SequentialComponent
    """

    game: SignalingGame = field(repr=False)
    concept: str
    method: str
    status: Status
    equilibria: tuple[SequentialEquilibrium, ...]
    components: tuple[SequentialComponent, ...]

    @property
    def max_regret(self) -> Fraction:
        """Largest regret of either player in any equilibrium."""
        return max((r for eq in self.equilibria for r in eq.regret), default=Fraction(0))

    def __len__(self) -> int:
        return len(self.equilibria)

    def __str__(self) -> str:
        count = len(self.components)
        head = (
            f"{self.concept} by {self.method}: {len(self)} extreme in {count} "
            f"component{'s' * (count != 1)}. {self.status.value}"
        )
        lines = [
            f"  {eq}  payoffs ({', '.join(decimal_text(v) for v in eq.payoffs)})"
            for eq in self.equilibria
        ]
        return "\n".join([head, *lines])


def _normalized(weights: Shares) -> Shares:
    total = sum(weights)
    return tuple(weight / total for weight in weights)
