"""What every solver returns: a `Solution` with a status and certified equilibria."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from .._numeric import decimal_text
from .._typing import Number, Profile, Vector
from ..errors import ProfileError, suggestion
from ..games import BayesianGame, Chance, ExtensiveGame, NormalFormGame

__all__ = [
    "Equilibrium",
    "EquilibriumComponent",
    "EquilibriumFamily",
    "Game",
    "NashSubset",
    "Solution",
    "SolvedGame",
    "Status",
    "play_text",
]

Game: TypeAlias = NormalFormGame | ExtensiveGame
SolvedGame: TypeAlias = Game | BayesianGame


class Status(enum.Enum):
    """How much a solution claims; the value is the message that a person reads."""

    COMPLETE = "All equilibria were found and verified."
    PARTIAL = "Some equilibria were found; others may exist."
    LIMIT = "The step or time limit was reached."
    NONE = "It is proved that no equilibrium of this kind exists."
    FAILED = "The method found no equilibrium that passes its certificate."


def play_text(
    agents: Sequence[str], actions: Sequence[Sequence[str]], profile: Sequence[Vector]
) -> str:
    """Return what each agent plays, in words; a mixture with its probabilities."""
    parts = []
    for agent, names, vector in zip(agents, actions, profile, strict=True):
        used = [(name, p) for name, p in zip(names, vector, strict=True) if p > 0]
        mixed = [f"{name} {decimal_text(p)}" if len(used) > 1 else name for name, p in used]
        parts.append(f"{agent}: {' + '.join(mixed)}")
    return "; ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Equilibrium:
    """One equilibrium with its certificate.

    Attributes
    ----------
    game : NormalFormGame, ExtensiveGame or BayesianGame
    profile : tuple of tuples of numbers
        One probability vector for each of ``game.agents``: each player of a normal form,
        each information set of a tree, each possible type of a Bayesian game.
    payoffs : tuple of numbers, one a player
    regret : tuple of numbers, one a player (of a Bayesian game: one an agent)
        What each player could still gain by deviating (in a tree: in any subgame, on the path
        or off it; of the method ``sequence-form``, in the whole tree; in a Bayesian game: knowing
        its type), recomputed from the game. It is what `alignment_games.verify` says, except for
        that method, and that the compiled certificate of many floats at once takes probabilities
        for their binary values; the two differ by less than a unit in the last place of the
        payoffs.
    """

    game: SolvedGame = field(repr=False)
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

    def probabilities(self, agent: str | int) -> dict[str, Number]:
        """Return the probabilities with which `agent`, a name or a position, plays its actions.

        Raises
        ------
        ProfileError
            If there is no such agent.
        """
        agents = self.game.agents
        if isinstance(agent, str) and agent in agents:
            k = agents.index(agent)
        elif not isinstance(agent, (str, bool)) and agent in range(len(agents)):
            k = int(agent)
        else:
            msg = f"no agent {agent!r}{suggestion(agent, agents)}"
            raise ProfileError(msg)
        return dict(zip(self.game.actions[k], self.profile[k], strict=True))

    @property
    def path(self) -> tuple[str, ...]:
        """Actions on the path of play of a pure equilibrium, in the order of moves.

        In a normal form: in the order of the players.

        Raises
        ------
        ValueError
            If the equilibrium is not pure, or chance moves on the path (in a
            Bayesian game it always does).
        """
        if not self.is_pure:
            msg = f"a path needs a pure equilibrium; this one mixes: {self.support}"
            raise ValueError(msg)
        if isinstance(self.game, NormalFormGame):
            return tuple(own[0] for own in self.support)
        if isinstance(self.game, BayesianGame):
            msg = "there is no single path: chance draws the types of a Bayesian game"
            raise ValueError(msg)  # noqa: TRY004
        choice = {
            h: own[0]
            for members, own in zip(self.game.information_sets, self.support, strict=True)
            for h in members
        }
        history: tuple[str, ...] = ()
        while history in choice:
            history = (*history, choice[history])
        chance_moves = isinstance(self.game.node(history), Chance)
        if chance_moves:
            msg = f"there is no single path: chance moves after {history}"
            raise ValueError(msg)
        return history

    def __str__(self) -> str:
        return play_text(self.game.agents, self.game.actions, self.profile)


@dataclass(frozen=True, slots=True, kw_only=True)
class NashSubset:
    """A maximal Nash subset of a two-player game: the product of two convex hulls.

    Attributes
    ----------
    vertices : tuple of tuples of vectors, one a player
        Vertices of each player's part; every combination of points of the parts is an
        equilibrium. Of a Bayesian game a vector holds the probabilities of all possible types of
        the player, one type after another, and points inside the hull may be listed too.
    dimension : int
        Dimension of the product; 0 for a single equilibrium.
    blocks : tuple of tuples of int, one a player
        Of a Bayesian game: how many entries of the player's vectors belong to each of its
        possible types. Otherwise empty.
    """

    vertices: tuple[tuple[Vector, ...], ...]
    dimension: int
    blocks: tuple[tuple[int, ...], ...] = ()

    @property
    def representative(self) -> Profile:
        """The equilibrium in which each player mixes its vertices uniformly.

        It lies inside the subset: it uses every strategy that any of its equilibria uses.
        """
        return self._by_agent(tuple(_average(part) for part in self.vertices))

    @property
    def corners(self) -> tuple[Profile, ...]:
        """The equilibria in which each player plays one of its vertices."""
        return tuple(map(self._by_agent, itertools.product(*self.vertices)))

    def _by_agent(self, vectors: tuple[Vector, ...]) -> Profile:
        """Return vectors of players as vectors of agents."""
        if not self.blocks:
            return vectors
        found = []
        for vector, sizes in zip(vectors, self.blocks, strict=True):
            ends = [0, *itertools.accumulate(sizes)]
            found += [vector[start:end] for start, end in itertools.pairwise(ends)]
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class EquilibriumComponent:
    """A connected component of the equilibria of a two-player game.

    Attributes
    ----------
    subsets : tuple of NashSubset
        The maximal Nash subsets whose union it is; neighbors share equilibria. One, of
        dimension 0, for an isolated equilibrium.
    index : int
        The sum of the indices of the equilibria that are near it once payoffs are slightly
        perturbed [1]_. The indices of all components sum to 1; a strict equilibrium has
        index 1, and a component of index 0 can vanish.

    References
    ----------
    .. [1] L. S. Shapley (1974), A note on the Lemke-Howson algorithm, Mathematical
       Programming Study 1, 175-189, doi:10.1007/BFb0121248.
    """

    subsets: tuple[NashSubset, ...]
    index: int

    @property
    def dimension(self) -> int:
        """The largest dimension of a subset; 0 for an isolated equilibrium."""
        return max(part.dimension for part in self.subsets)

    @property
    def representative(self) -> Profile:
        """The uniform-strategy representative of the first subset of largest dimension."""
        return max(self.subsets, key=lambda part: part.dimension).representative


def _count(components: tuple[EquilibriumComponent, ...]) -> str:
    subsets = sum(len(part.subsets) for part in components)
    return (
        f"{subsets} maximal Nash subset{'s' * (subsets > 1)} in {len(components)} "
        f"component{'s' * (len(components) > 1)}"
    )


def _average(vectors: tuple[Vector, ...]) -> Vector:
    if len(vectors) == 1:
        return vectors[0]
    return tuple(sum(column) / len(vectors) for column in zip(*vectors, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class EquilibriumFamily:
    """Equilibria with one support of a game of several players: a point or a continuum.

    Attributes
    ----------
    support : tuple of tuples of str, one a player
        Strategies that are played somewhere in the family.
    dimension : int
        0 for an isolated equilibrium.
    equilibria : tuple of Equilibrium
        Certified members: all vertices of a product of polytopes (where `conditions` cut it,
        the vertices that fulfill them, or another member if none does: corners that the cut
        makes are not listed), the ends and a point inside an arc, samples of anything else.
    vertices : tuple of tuples of vectors, one a player
        The family is the product of the players' hulls, less what `conditions` cut off. Empty
        for an arc.
    conditions : tuple of pairs of str
        Players and strategies whose gain over the support must not be positive, where this cuts
        the hulls nonlinearly.
    formulas : tuple of tuples of str, one a player
        For an arc: all probabilities as functions of ``v``.
    interval : tuple of two numbers, or empty
        For an arc: the range of ``v``.
    index : int or None
        Of an isolated equilibrium with a regular Jacobian and no tie: 1 or -1, the sign of the
        determinant of the payoff gradients, negated. These add up to 1 if all equilibria of
        the game are such.
    complete : bool
        Whether the family is described exactly; if not, only samples of it are known.
    """

    support: tuple[tuple[str, ...], ...]
    dimension: int
    equilibria: tuple[Equilibrium, ...]
    vertices: tuple[tuple[Vector, ...], ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()
    formulas: tuple[tuple[str, ...], ...] = ()
    interval: tuple[Number, ...] = ()
    index: int | None = None
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The answer of a solver.

    Attributes
    ----------
    game : NormalFormGame, ExtensiveGame or BayesianGame
    concept : str
        What was asked, for example ``nash``, ``pure-nash`` or ``subgame-perfect``.
    method : str
        How it was computed, by the name that `solve` takes.
    status : Status
        What the answer claims. Where there is a continuum of equilibria, COMPLETE means
        that `components` (two players) or `families` (several) describe all of them.
    equilibria : tuple of Equilibrium
        Of two players: all extreme equilibria. Of several: the isolated ones, and of each
        continuum the vertices or ends, or one member where these are not known. If nothing is
        degenerate, all there are.
    components : tuple of EquilibriumComponent
        Connected components, for all Nash equilibria of two players; otherwise empty.
    families : tuple of EquilibriumFamily
        For Nash equilibria of several players: isolated equilibria and continua.
    exact : bool
        Whether the numbers are Fractions.
    degenerate : bool
        For Nash equilibria of two players: whether an equilibrium is degenerate, that is,
        a player has more best replies than the opponent uses strategies; of a Bayesian game:
        whether a component is a continuum. Otherwise: whether there are ties.
    undecided : tuple of supports
        For Nash equilibria of several players: the supports (strategies of each player) that
        may carry equilibria that are not in the answer. Empty if the status is COMPLETE.
    parameters : mapping
        Everything needed to run the solver again on `game`.
    """

    game: SolvedGame = field(repr=False)
    concept: str
    method: str
    status: Status
    equilibria: tuple[Equilibrium, ...]
    components: tuple[EquilibriumComponent, ...] = ()
    families: tuple[EquilibriumFamily, ...] = ()
    exact: bool
    degenerate: bool = False
    undecided: tuple[tuple[tuple[str, ...], ...], ...] = ()
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
                f" Some are degenerate: {_count(self.components)}."
                if self.components
                else " There are ties."
            )
        continua = sum(family.dimension > 0 for family in self.families)
        if continua:
            head += f" {continua} famil{'ies are' if continua > 1 else 'y is'} infinite."
        if self.undecided:
            head += f" Open: {len(self.undecided)} support{'s' * (len(self.undecided) > 1)}."
        lines = [
            f"  {eq}  payoffs ({', '.join(decimal_text(v) for v in eq.payoffs)})"
            for eq in self.equilibria
        ]
        return "\n".join([head, *lines])
