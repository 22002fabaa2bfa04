"""Certificates: regret recomputed from the game alone, independently of every solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from .._numeric import exact_number, is_exact
from .._typing import Number, ObjectArray, Profile, ProfileLike, Vector
from ..errors import ProfileError, suggestion
from ..games import Decision, ExtensiveGame, NormalFormGame
from ..games.extensive import History, Node
from .result import Equilibrium, Game

__all__ = ["certified", "clean_profile", "expected_payoffs", "verify"]

_SUM_TOLERANCE = Fraction(1, 10**9)


def verify(game: Game, profile: ProfileLike) -> Vector:
    """Return the regret of each player: what it could still gain by deviating.

    Parameters
    ----------
    game : NormalFormGame or ExtensiveGame
    profile : sequence or mapping
        One entry for each of ``game.agents`` (the players; in a tree, the decisions): a
        probability vector over its actions, or the name of one action. A mapping names
        the agents.

    Returns
    -------
    tuple of numbers, one a player
        Zero for all players exactly at an equilibrium (of a tree: a subgame-perfect one; the
        gain is then the largest of any one-shot deviation at any decision). Fractions if the
        game and the profile are exact.

    Raises
    ------
    ProfileError
        If a vector has the wrong length, a negative entry, or does not sum to 1.

    Examples
    --------
    >>> import alignment_games as ag
    >>> pennies = ag.NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> ag.verify(pennies, [[0.5, 0.5], [0.5, 0.5]])
    (0.0, 0.0)
    >>> ag.verify(pennies, ["s1", "s1"])
    (Fraction(0, 1), Fraction(2, 1))
    """
    vectors = clean_profile(game, profile)
    exact = game.exact and all(is_exact(p) for vector in vectors for p in vector)
    if isinstance(game, NormalFormGame):
        payoffs = game.exact_payoffs if exact else game.payoffs
        deviations = [
            _against(payoffs[who], vectors, who, exact=exact) for who in range(game.n_players)
        ]
        regret = [
            max(own) - sum(p * u for p, u in zip(vector, own, strict=True))
            for own, vector in zip(deviations, vectors, strict=True)
        ]
        return tuple(r if exact else max(0.0, float(r)) for r in regret)
    gains = _one_shot_gains(game, vectors, exact=exact)
    return tuple(
        max((g for who, g in gains if who == player), default=Fraction(0) if exact else 0.0)
        for player in game.players
    )


def expected_payoffs(game: Game, profile: ProfileLike) -> Vector:
    """Return each player's expected payoff at a profile.

    Parameters
    ----------
    game : NormalFormGame or ExtensiveGame
    profile : sequence or mapping
        As for `verify`.

    Returns
    -------
    tuple of numbers, one a player
        Fractions if the game and the profile are exact.

    Raises
    ------
    ProfileError
        As for `verify`.

    Examples
    --------
    >>> import alignment_games as ag
    >>> pennies = ag.NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> ag.solvers.expected_payoffs(pennies, ["s1", "s2"])
    (Fraction(-1, 1), Fraction(1, 1))
    """
    vectors = clean_profile(game, profile)
    exact = game.exact and all(is_exact(p) for vector in vectors for p in vector)
    if isinstance(game, NormalFormGame):
        payoffs = game.exact_payoffs if exact else game.payoffs
        values = []
        for who in range(game.n_players):
            own = _against(payoffs[who], vectors, who, exact=exact)
            values.append(sum(p * u for p, u in zip(vectors[who], own, strict=True)))
        return tuple(values if exact else map(float, values))
    return _tree_value(game, (), game.root, dict(zip(game.histories, vectors, strict=True)), exact)


def certified(game: Game, profile: Profile) -> Equilibrium:
    """Return the equilibrium record of a profile, its payoffs and regret computed here."""
    return Equilibrium(
        game=game,
        profile=profile,
        payoffs=expected_payoffs(game, profile),
        regret=verify(game, profile),
    )


def clean_profile(game: Game, profile: ProfileLike) -> Profile:
    """Check a profile against its game and return one probability vector an agent."""
    agents, actions = game.agents, game.actions
    if isinstance(profile, Mapping):
        for name in profile:
            if name not in agents:
                msg = f"`profile` names an unknown agent {name!r}{suggestion(name, agents)}"
                raise ProfileError(msg)
        missing = [name for name in agents if name not in profile]
        if missing:
            msg = f"`profile` must have an entry for each of {agents}; missing: {missing}"
            raise ProfileError(msg)
        entries: Sequence[Sequence[Number] | str] = [profile[name] for name in agents]
    else:
        entries = list(profile)
    if len(entries) != len(agents):
        msg = f"`profile` must hold one vector for each of {agents}, got {len(entries)}"
        raise ProfileError(msg)
    return tuple(
        _clean_vector(agent, names, entry)
        for agent, names, entry in zip(agents, actions, entries, strict=True)
    )


def _clean_vector(agent: str, names: tuple[str, ...], entry: Sequence[Number] | str) -> Vector:
    if isinstance(entry, str):
        if entry not in names:
            msg = f"{agent} has no action {entry!r}{suggestion(entry, names)}"
            raise ProfileError(msg)
        return tuple(Fraction(int(name == entry)) for name in names)
    vector: Vector = tuple(v.item() if isinstance(v, np.generic) else v for v in entry)
    if len(vector) != len(names):
        msg = f"the vector of {agent} must have one entry for each of {names}, got {len(vector)}"
        raise ProfileError(msg)
    try:
        values = [exact_number(v) for v in vector]
    except (TypeError, ValueError) as error:
        msg = f"the vector of {agent} must hold probabilities: {error}"
        raise ProfileError(msg) from None
    tolerance = Fraction(0) if all(is_exact(v) for v in vector) else _SUM_TOLERANCE
    total = sum(values, Fraction(0))
    if min(values) < 0 or abs(total - 1) > tolerance:
        msg = (
            f"the vector of {agent} must hold probabilities that sum to 1, got "
            f"{[float(v) for v in values]} with sum {float(total)}"
        )
        raise ProfileError(msg)
    return vector


def _against(payoffs: ObjectArray, vectors: Profile, who: int, *, exact: bool) -> list[Any]:
    """Return the expected payoff of each pure strategy of `who` against the others."""
    table = payoffs
    for k in reversed(range(len(vectors))):
        if k != who:
            weights = np.array(vectors[k], dtype=object if exact else np.float64)
            table = np.tensordot(table, weights, axes=(k, 0))
    return list(table)


def _one_shot_gains(
    game: ExtensiveGame, vectors: Profile, *, exact: bool
) -> list[tuple[str, Number]]:
    plan = dict(zip(game.histories, vectors, strict=True))
    gains: list[tuple[str, Number]] = []
    for history, node in game.decisions():
        who = game.players.index(node.player)
        values = [
            _tree_value(game, (*history, action), child, plan, exact)[who]
            for action, child in node.branches.items()
        ]
        here = sum(p * v for p, v in zip(plan[history], values, strict=True))
        gain = max(values) - here
        gains.append((node.player, gain if exact else max(0.0, float(gain))))
    return gains


def _tree_value(
    game: ExtensiveGame, history: History, node: Node, plan: Mapping[History, Vector], exact: bool
) -> Vector:
    """Return the expected payoffs from a node on, by playing the plan forward."""
    total: list[Number] = [Fraction(0) if exact else 0.0 for _ in game.players]
    stack: list[tuple[History, Node, Number]] = [(history, node, 1)]
    while stack:
        past, here, weight = stack.pop()
        if isinstance(here, Decision):
            stack.extend(
                ((*past, action), child, weight * p)
                for (action, child), p in zip(here.branches.items(), plan[past], strict=True)
                if p
            )
            continue
        for k, payoff in enumerate(here.payoffs):
            total[k] += weight * (exact_number(payoff) if exact else float(payoff))
    return tuple(total)
