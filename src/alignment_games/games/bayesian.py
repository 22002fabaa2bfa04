"""Bayesian games: players with hidden types, drawn from a common prior."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from .._numeric import decimal_text, nearest_float
from .._typing import Number, Profile
from ..errors import GameError
from ._bayesian_arguments import Types, chances_of, prior_table, stages_of
from ._bayesian_forms import agent_form, game_tree, plan_names, plans_of, strategic_form
from .extensive import ExtensiveGame
from .normal import NormalFormGame, index_of
from .plans import distinct

__all__ = ["BayesianGame"]


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class BayesianGame:
    """A finite game of incomplete information: each player knows its own type alone.

    Chance draws a type profile from a prior that all know [1]_; types may be correlated. Each
    player learns its own type, and all choose at once.

    Parameters
    ----------
    payoffs : nested sequence or mapping
        ``payoffs[type_1][type_2]...`` (one level a player) is the game that is played under
        these types: a NormalFormGame, or its payoffs ``[player][profile]`` in utility units. A
        mapping has tuples of types' names as keys. Every type profile needs one. A player's
        strategies may depend on its own type, on nothing else.
    prior : array_like, shape (n_types_1, ..., n_types_n), or mapping
        Probabilities of the type profiles. Their sum must be exactly 1, where a float stands for
        the shortest decimal that prints it, so thirds need Fractions. A mapping has tuples of
        types' names as keys, and needs `types`; a profile that it leaves out has probability 0.
    types : sequence of sequences of str, one a player, optional
        Names of each player's types; ``type_1``, ... by default.
    players : sequence of str, optional
        Names; ``player_1``, ... by default.
    strategies : sequence of sequences of sequences of str, optional
        ``strategies[player][type]``: names of the strategies; ``s1``, ... by default.

    Attributes
    ----------
    players : tuple of str
    types : tuple of tuples of str, one a player
    exact : bool
        Whether all payoffs and probabilities were given as exact numbers.

    Raises
    ------
    GameError
        If the prior has a negative probability or does not sum to 1, a type profile has no
        payoffs, a player's strategies differ between type profiles in which its type is the
        same, or names are repeated or of the wrong number.
    WorkLimitError
        If there are more than 100,000 type profiles.

    Notes
    -----
    A type of probability zero is legal and listed in `types` and `impossible_types`. It has no
    interim beliefs (they would divide by zero), is no agent, and no plan says what it does: what
    it does changes no payoff, and an equilibrium asks nothing of it.

    References
    ----------
    .. [1] J. C. Harsanyi (1967), Games with incomplete information played by "Bayesian" players,
       I-III, Management Science 14, 159-182, doi:10.1287/mnsc.14.3.159.

    Examples
    --------
    A hegemon is resolute with probability 1/4, and then likes to coerce:

    >>> weak = [[[1, -1], [0, 0]], [[0, -1], [0, 0]]]
    >>> strong = [[[1, -1], [0, 0]], [[0, 2], [0, 1]]]
    >>> game = BayesianGame(
    ...     [[weak, strong]], [[Fraction(3, 4), Fraction(1, 4)]],
    ...     players=["state", "hegemon"], types=[["state"], ["weak", "resolute"]],
    ...     strategies=[[["resist", "yield"]], [["accommodate", "coerce"]] * 2])
    >>> game.agents
    ('state', 'hegemon of type weak', 'hegemon of type resolute')
    >>> game.beliefs("state", "state")
    {('weak',): Fraction(3, 4), ('resolute',): Fraction(1, 4)}
    >>> game.strategic_form().strategies[1][1]
    'accommodate, coerce'
    """

    players: tuple[str, ...]
    types: tuple[tuple[str, ...], ...]
    exact: bool
    _stages: tuple[NormalFormGame, ...] = field(repr=False)
    _prior: tuple[Fraction, ...] = field(repr=False)

    def __init__(
        self,
        payoffs: Any,
        prior: Any,
        *,
        types: Sequence[Sequence[str]] | None = None,
        players: Sequence[str] | None = None,
        strategies: Sequence[Sequence[Sequence[str]]] | None = None,
    ) -> None:
        names, table = prior_table(prior, types)
        chances, exact = chances_of(names, table)
        stages = stages_of(names, payoffs, players, strategies)
        exact = exact and all(stage.exact for stage in stages)
        self._fill(names, stages, chances, exact)

    def _fill(
        self,
        types: tuple[Types, ...],
        stages: tuple[NormalFormGame, ...],
        prior: tuple[Fraction, ...],
        exact: bool,
    ) -> None:
        for name, value in (
            ("players", stages[0].players),
            ("types", types),
            ("exact", exact),
            ("_stages", stages),
            ("_prior", prior),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def _build(
        cls,
        types: tuple[Types, ...],
        stages: tuple[NormalFormGame, ...],
        prior: tuple[Fraction, ...],
        exact: bool,
    ) -> BayesianGame:
        """Make a game from parts that are known to be well formed."""
        game = object.__new__(cls)
        game._fill(types, stages, prior, exact)
        return game

    def __reduce__(self) -> tuple[Any, ...]:
        return BayesianGame._build, (self.types, self._stages, self._prior, self.exact)

    def __deepcopy__(self, memo: dict[int, object]) -> BayesianGame:
        return self

    def as_exact(self) -> BayesianGame:
        """Return the same game, its floats taken for the decimals that they stand for."""
        stages = tuple(stage.as_exact() for stage in self._stages)
        return BayesianGame._build(self.types, stages, self._prior, True)

    @property
    def n_players(self) -> int:
        """Number of players."""
        return len(self.players)

    @property
    def stages(self) -> Mapping[Types, NormalFormGame]:
        """The game that is played under each type profile, in the order of the types."""
        return MappingProxyType(
            dict(zip(itertools.product(*self.types), self._stages, strict=True))
        )

    @property
    def prior(self) -> Mapping[Types, Number]:
        """The probability of each type profile: Fractions if the game is exact, else floats."""
        shown = self._prior if self.exact else map(nearest_float, self._prior)
        return MappingProxyType(dict(zip(itertools.product(*self.types), shown, strict=True)))

    @property
    def exact_prior(self) -> Mapping[Types, Fraction]:
        """The probability of each type profile as a Fraction."""
        return MappingProxyType(dict(zip(itertools.product(*self.types), self._prior, strict=True)))

    @property
    def possible_types(self) -> tuple[Types, ...]:
        """Types of positive probability, one tuple a player."""
        live = self._live()
        return tuple(
            tuple(name for k, name in enumerate(own) if k in live[who])
            for who, own in enumerate(self.types)
        )

    @property
    def impossible_types(self) -> tuple[Types, ...]:
        """Types of probability zero, one tuple a player."""
        live = self._live()
        return tuple(
            tuple(name for k, name in enumerate(own) if k not in live[who])
            for who, own in enumerate(self.types)
        )

    def _live(self) -> list[set[int]]:
        """Return the positions of each player's types of positive probability."""
        live: list[set[int]] = [set() for _ in self.types]
        for where, chance in zip(self._places(), self._prior, strict=True):
            if chance:
                for own, k in zip(live, where, strict=True):
                    own.add(k)
        return live

    def _places(self) -> Iterable[tuple[int, ...]]:
        return itertools.product(*(range(len(own)) for own in self.types))

    @property
    def agent_types(self) -> tuple[tuple[int, int], ...]:
        """Positions of the player and of the type that each of `agents` stands for."""
        return tuple((who, k) for who, own in enumerate(self._live()) for k in sorted(own))

    @property
    def agents(self) -> tuple[str, ...]:
        """Who holds the vectors of a profile, in order: one agent for each possible type.

        Player by player; the agent of a player with a single type has the player's name.
        """
        names, others = [], []
        for who, k in self.agent_types:
            player, own = self.players[who], self.types[who]
            names.append(f"{player} of type {own[k]}" if len(own) > 1 else player)
            others.append(f"{player!r} of type {own[k]!r}")
        return distinct(names, others)

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """What each agent's vector ranges over, in order: the strategies of its type."""
        return tuple(self.strategies[who][k] for who, k in self.agent_types)

    @property
    def strategies(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """Names of the strategies: of each player, one tuple a type."""
        found: list[list[tuple[str, ...]]] = [[()] * len(own) for own in self.types]
        for where, stage in zip(self._places(), self._stages, strict=True):
            for who, k in enumerate(where):
                found[who][k] = stage.strategies[who]
        return tuple(map(tuple, found))

    def player_index(self, player: str | int) -> int:
        """Return a player's position, from its name or position."""
        return index_of("player", player, self.players)

    def type_index(self, player: str | int, type: str | int) -> int:
        """Return a type's position among those of `player`, from its name or position."""
        who = self.player_index(player)
        return index_of(f"type of {self.players[who]}", type, self.types[who])

    def beliefs(self, player: str | int, type: str | int) -> dict[Types, Number]:
        """Return what a player of some type believes about the others' types.

        Parameters
        ----------
        player : str or int
        type : str or int

        Returns
        -------
        dict of tuple of str to number
            The probability of each profile of the others' types (in the order of the players),
            given the player's own: Fractions if the game is exact.

        Raises
        ------
        GameError
            If there is no such player or type, or the type has probability zero.
        """
        who, k = self.player_index(player), self.type_index(player, type)
        weights = {
            where[:who] + where[who + 1 :]: chance
            for where, chance in self.exact_prior.items()
            if where[who] == self.types[who][k]
        }
        total = sum(weights.values())
        if not total:
            msg = (
                f"{self.players[who]} of type {self.types[who][k]!r} has probability zero, so that "
                "it has no beliefs; ask for one of "
                f"{self.possible_types[who]}"
            )
            raise GameError(msg)
        found = {others: chance / total for others, chance in weights.items()}
        if self.exact:
            return dict(found)
        return {others: nearest_float(chance) for others, chance in found.items()}

    def agent_form(self) -> NormalFormGame:
        """Return the normal form whose players are the agents, one for each possible type.

        An agent earns what its type expects, given its beliefs. A Nash equilibrium of this game
        is a Bayes-Nash equilibrium, and the reverse; the profiles are the same.

        Raises
        ------
        WorkLimitError
            If it has more than 31 agents or 2,000,000 payoffs.
        """
        return agent_form(self)

    def strategic_form(self) -> NormalFormGame:
        """Return the normal form whose strategies are plans: an action for each possible type.

        Payoffs are expectations over the prior. `from_plans` maps mixtures of plans back.

        Raises
        ------
        WorkLimitError
            If it has more than 2,000,000 payoffs.
        """
        return strategic_form(self)

    def tree(self) -> ExtensiveGame:
        """Return the game as a tree: chance draws the types, then the players move unseen.

        Information sets are labelled with the names of `agents`.

        Raises
        ------
        WorkLimitError
            If the tree has more than a million nodes.
        """
        return game_tree(self)

    @property
    def plans(self) -> tuple[tuple[str, ...], ...]:
        """Names of each player's plans, the strategies of `strategic_form`."""
        return plan_names(self)

    def from_plans(self, profile: Sequence[Sequence[Number]]) -> Profile:
        """Return the type-contingent play that mixtures of plans amount to.

        Parameters
        ----------
        profile : sequence of vectors, one a player
            The probability of each of `plans`, as in an equilibrium of `strategic_form`.

        Returns
        -------
        tuple of tuples of numbers
            One probability vector for each of `agents`. Many mixtures have the same one, and
            all these earn the same. (A profile of `agent_form` needs no map: it is one already.)

        Raises
        ------
        GameError
            If `profile` does not hold one vector a player, with one number a plan.
        """
        vectors = list(profile)
        if len(vectors) != self.n_players:
            msg = (
                f"`profile` must hold one vector for each of {self.players}, got {len(vectors)}; a "
                "vector has one probability a plan"
            )
            raise GameError(msg)
        mixed = [self.from_plan_mixture(who, own) for who, own in enumerate(vectors)]
        return tuple(vector for own in mixed for vector in own)

    def from_plan_mixture(self, player: str | int, mixture: Sequence[Number]) -> Profile:
        """Return the play of each possible type of one player that mixes its plans.

        Parameters
        ----------
        player : str or int
        mixture : sequence of numbers
            The probability of each of the player's `plans`.

        Returns
        -------
        tuple of tuples of numbers
            One probability vector a possible type.

        Raises
        ------
        GameError
            If there is no such player, or `mixture` does not have one number a plan.
        """
        who = self.player_index(player)
        menus = [
            own for (k, _), own in zip(self.agent_types, self.actions, strict=True) if k == who
        ]
        plans, vector = plans_of(self, who), tuple(mixture)
        if len(vector) != len(plans):
            msg = (
                f"`mixture` must hold one probability for each of the {len(plans)} plans of "
                f"{self.players[who]}, got {len(vector)}"
            )
            raise GameError(msg)
        play: list[tuple[Number, ...]] = []
        for place, menu in enumerate(menus):
            weights: list[Number] = [vector[0] * 0] * len(menu)
            for plan, p in zip(plans, vector, strict=True):
                weights[plan[place]] += p
            play.append(tuple(weights))
        return tuple(play)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BayesianGame):
            return NotImplemented
        return (
            self.types == other.types
            and self._prior == other._prior
            and self.exact == other.exact
            and self._stages == other._stages
        )

    def __hash__(self) -> int:
        return hash((self.types, self._prior, self._stages))

    def __repr__(self) -> str:
        counts = map(len, self.types)
        own = [f"{name} ({k})" for name, k in zip(self.players, counts, strict=True)]
        return f"BayesianGame(types of {', '.join(own)})"

    def __str__(self) -> str:
        lines = [f"Bayesian game of {', '.join(self.players)}"]
        for (where, chance), stage in zip(self.exact_prior.items(), self._stages, strict=True):
            shape = " x ".join(map(str, stage.shape))
            lines.append(f"  {', '.join(where)}: probability {decimal_text(chance)}, {shape}")
        return "\n".join(lines)
