"""Normal forms and the tree of a Bayesian game."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from .._numeric import float_or_exact, integers
from .._typing import Number, ObjectArray
from ..errors import WorkLimitError
from .extensive import ExtensiveGame
from .nodes import Chance, Decision, Node, Terminal
from .normal import NormalFormGame
from .plans import distinct

if TYPE_CHECKING:
    from .bayesian import BayesianGame

__all__ = ["agent_form", "game_tree", "plan_names", "plans_of", "strategic_form"]

_MAX_ENTRIES = 2_000_000
_MAX_TERMS = 40_000_000
_MAX_AGENTS = 31
_MAX_NODES = 1_000_000


def plans_of(game: BayesianGame, who: int) -> list[tuple[int, ...]]:
    """Return a player's plans: positions of an action for each of its possible types."""
    menus = [
        range(len(own))
        for (player, _), own in zip(game.agent_types, game.actions, strict=True)
        if player == who
    ]
    count = math.prod(map(len, menus))
    if count > _MAX_ENTRIES:
        msg = (
            f"{game.players[who]} has {count} plans; the limit is {_MAX_ENTRIES}. Leave out types, "
            "or take the agent form"
        )
        raise WorkLimitError(msg)
    return list(itertools.product(*menus))


def plan_names(game: BayesianGame) -> tuple[tuple[str, ...], ...]:
    """Return the names of each player's plans."""
    found = []
    for who in range(game.n_players):
        menus = [
            own for (k, _), own in zip(game.agent_types, game.actions, strict=True) if k == who
        ]
        plans = [
            tuple(menu[k] for menu, k in zip(menus, plan, strict=True))
            for plan in plans_of(game, who)
        ]
        found.append(distinct([", ".join(plan) for plan in plans], [repr(plan) for plan in plans]))
    return tuple(found)


def _possible(game: BayesianGame) -> list[tuple[tuple[int, ...], Fraction, NormalFormGame]]:
    """Return the type profiles of positive probability, this probability, and their games."""
    places = itertools.product(*(range(len(own)) for own in game.types))
    return [
        (where, chance, stage)
        for where, chance, stage in zip(
            places, game.exact_prior.values(), game.stages.values(), strict=True
        )
        if chance
    ]


def _weighted(
    terms: list[tuple[Fraction, NormalFormGame]], who: int
) -> tuple[list[ObjectArray], int]:
    """Return a player's payoffs times their weights as integers, and their common scale."""
    units = [stage.integer_payoffs[1][who] for _, stage in terms]
    weights, scale = integers(
        [chance / unit for (chance, _), unit in zip(terms, units, strict=True)]
    )
    tables = [
        stage.integer_payoffs[0][who] * weight
        for (_, stage), weight in zip(terms, weights, strict=True)
    ]
    return tables, scale


def _check_size(what: str, shape: tuple[int, ...], terms: int) -> None:
    entries = math.prod(shape) * len(shape)
    if entries > _MAX_ENTRIES or math.prod(shape) * terms > _MAX_TERMS:
        msg = (
            f"the {what} would have {entries} payoffs, made of {math.prod(shape) * terms} terms; "
            f"the limits are {_MAX_ENTRIES} and {_MAX_TERMS}. Leave out types or strategies"
        )
        raise WorkLimitError(msg)


def agent_form(game: BayesianGame) -> NormalFormGame:
    """Return the normal form whose players are the agents."""
    agents = game.agent_types
    if len(agents) > _MAX_AGENTS:
        msg = (
            f"the agent form would have {len(agents)} players, one for each possible type; the "
            f"limit is {_MAX_AGENTS}. Leave out types, or take the strategic form"
        )
        raise WorkLimitError(msg)
    shape = tuple(map(len, game.actions))
    possible = _possible(game)
    _check_size("agent form", shape, len(possible) * game.n_players)
    position = {own: k for k, own in enumerate(agents)}
    payoffs = np.empty((len(agents), *shape), dtype=object)
    scales = []
    for k, (who, own) in enumerate(agents):
        met = [(where, chance, stage) for where, chance, stage in possible if where[who] == own]
        total = sum((chance for _, chance, _ in met), Fraction(0))
        tables, scale = _weighted([(chance / total, stage) for _, chance, stage in met], who)
        payoffs[k] = 0
        for (where, _, _), table in zip(met, tables, strict=True):
            # Agents come player by player, so a stage's axes are in the order of its agents.
            spread = [1] * len(agents)
            for player, type_ in enumerate(where):
                spread[position[player, type_]] = table.shape[player]
            payoffs[k] += table.reshape(spread)
        scales.append(scale)
    return NormalFormGame._build(payoffs, tuple(scales), game.exact, game.agents, game.actions)


def strategic_form(game: BayesianGame) -> NormalFormGame:
    """Return the normal form whose strategies are plans."""
    sizes = [1] * game.n_players
    for (who, _), own in zip(game.agent_types, game.actions, strict=True):
        sizes[who] *= len(own)
    shape = tuple(sizes)
    possible = _possible(game)
    _check_size("strategic form", shape, len(possible) * game.n_players)
    plans = [np.array(plans_of(game, who), dtype=np.int64) for who in range(game.n_players)]
    column: dict[tuple[int, int], int] = {}
    for who, type_ in game.agent_types:
        column[who, type_] = sum(player == who for player, _ in column)
    payoffs = np.empty((game.n_players, *shape), dtype=object)
    scales = []
    for who in range(game.n_players):
        tables, scale = _weighted([(chance, stage) for _, chance, stage in possible], who)
        payoffs[who] = 0
        for (where, _, _), table in zip(possible, tables, strict=True):
            chosen = [plans[k][:, column[k, type_]] for k, type_ in enumerate(where)]
            payoffs[who] += table[np.ix_(*chosen)]
        scales.append(scale)
    return NormalFormGame._build(payoffs, tuple(scales), game.exact, game.players, game.plans)


def game_tree(game: BayesianGame) -> ExtensiveGame:
    """Return the tree in which chance draws the types and the players move unseen."""
    possible = _possible(game)
    nodes = 1 + sum(
        sum(math.prod(stage.shape[:depth]) for depth in range(game.n_players + 1))
        for _, _, stage in possible
    )
    if nodes > _MAX_NODES:
        msg = f"the tree would have {nodes} nodes; the limit is {_MAX_NODES}. Leave out types"
        raise WorkLimitError(msg)
    labels = dict(zip(game.agent_types, game.agents, strict=True))

    def shown(value: Fraction) -> Number:
        return value if game.exact else float_or_exact(value)

    def grow(
        where: tuple[int, ...], stage: NormalFormGame, values: ObjectArray, done: tuple[int, ...]
    ) -> Node:
        who = len(done)
        if who == game.n_players:
            return Terminal(tuple(shown(own[done]) for own in values))
        branches = {
            action: grow(where, stage, values, (*done, k))
            for k, action in enumerate(stage.strategies[who])
        }
        return Decision(game.players[who], branches, labels[who, where[who]])

    drawn = [
        tuple(own[k] for own, k in zip(game.types, where, strict=True)) for where, _, _ in possible
    ]
    events = distinct([", ".join(own) for own in drawn], [repr(own) for own in drawn])
    root = Chance(
        {
            event: grow(where, stage, stage.exact_payoffs, ())
            for event, (where, _, stage) in zip(events, possible, strict=True)
        },
        {event: shown(chance) for event, (_, chance, _) in zip(events, possible, strict=True)},
    )
    return ExtensiveGame(root, players=game.players)
