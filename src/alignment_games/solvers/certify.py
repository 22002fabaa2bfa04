"""Certificates: regret recomputed from the game alone, independently of every solver."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import numpy as np

from .._numeric import exact_number, is_exact
from .._typing import ObjectArray, Profile, ProfileLike, Vector
from ..errors import GameError, ProfileError, suggestion
from ..games import Chance, ExtensiveGame, NormalFormGame, Terminal
from ..games.nodes import History, Node, exact_payoffs, exact_probabilities
from .result import Equilibrium, Game

__all__ = [
    "certified",
    "clean_profile",
    "expected_payoffs",
    "require_normal_form",
    "require_perfect_information",
    "verify",
]

_SUM_TOLERANCE = Fraction(1, 10**9)


def verify(game: Game, profile: ProfileLike | Equilibrium) -> Vector:
    """Return the regret of each player: what it could still gain by deviating.

    Parameters
    ----------
    game : NormalFormGame or ExtensiveGame
    profile : Equilibrium, sequence or mapping
        One entry for each of ``game.agents`` (the players; in a tree, the information sets):
        a probability vector over its actions, or the name of one action. A mapping names
        the agents.

    Returns
    -------
    tuple of numbers, one a player
        Computed in rational arithmetic and rounded once, so that the certificate is exact.
        Zero for all players exactly at an equilibrium (of a tree: a subgame-perfect one; the
        gain is then the largest of any one-shot deviation at any decision). Fractions if the
        game and the profile are exact.

    Raises
    ------
    ProfileError
        If a vector has the wrong length, a negative entry, or does not sum to 1.
    GameError
        If an information set of a tree holds more than one decision: gains there depend on
        beliefs.

    Examples
    --------
    >>> import alignment_games as ag
    >>> pennies = ag.NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> ag.verify(pennies, [[0.5, 0.5], [0.5, 0.5]])
    (0.0, 0.0)
    >>> ag.verify(pennies, ["s1", "s1"])
    (Fraction(0, 1), Fraction(2, 1))
    """
    if isinstance(game, ExtensiveGame):
        require_perfect_information(game)
    vectors, exact = _distributions(game, profile)
    regret: list[Fraction] = []
    if isinstance(game, NormalFormGame):
        for who, vector in enumerate(vectors):
            own = _against(game.exact_payoffs[who], vectors, who)
            regret.append(max(own) - _mean(vector, own))
    else:
        gains = _one_shot_gains(game, vectors)
        regret = [
            max((g for who, g in gains if who == player), default=Fraction(0))
            for player in game.players
        ]
    return _as_asked(regret, exact=exact)


def expected_payoffs(game: Game, profile: ProfileLike | Equilibrium) -> Vector:
    """Return each player's expected payoff at a profile.

    Parameters
    ----------
    game : NormalFormGame or ExtensiveGame
    profile : Equilibrium, sequence or mapping
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
    vectors, exact = _distributions(game, profile)
    if isinstance(game, NormalFormGame):
        values = [
            _mean(vector, _against(game.exact_payoffs[who], vectors, who))
            for who, vector in enumerate(vectors)
        ]
    else:
        values = list(_values(game, vectors)[()])
    return _as_asked(values, exact=exact)


def require_normal_form(game: object) -> None:
    """Raise `GameError` if `game` is not a normal form."""
    if not isinstance(game, NormalFormGame):
        tail = "; a tree has one by its normal_form()" if isinstance(game, ExtensiveGame) else ""
        msg = f"`game` must be a NormalFormGame, got {type(game).__name__}{tail}"
        raise GameError(msg)


def require_perfect_information(game: ExtensiveGame) -> None:
    """Raise `GameError` if an information set of a tree holds more than one decision."""
    for agent, members in zip(game.agents, game.information_sets, strict=True):
        if len(members) > 1:
            msg = (
                "`game` must have perfect information for this: whoever moves has seen all that "
                f"came before; {agent!r} stands for {len(members)} decisions. Take the normal "
                "form, game.normal_form(), and solve or verify that"
            )
            raise GameError(msg)


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
    given: object = profile
    if isinstance(given, Mapping):
        for name in given:
            if name not in agents:
                msg = f"`profile` names an unknown agent {name!r}{suggestion(name, agents)}"
                raise ProfileError(msg)
        missing = [name for name in agents if name not in given]
        if missing:
            msg = f"`profile` must have an entry for each of {agents}; missing: {missing}"
            raise ProfileError(msg)
        entries: list[object] = [given[name] for name in agents]
    elif isinstance(given, Iterable) and not isinstance(given, str):
        entries = list(given)
    else:
        msg = f"`profile` must hold one vector for each of {agents}, got {given!r}"
        raise ProfileError(msg)
    if len(entries) != len(agents):
        msg = f"`profile` must hold one vector for each of {agents}, got {len(entries)}"
        raise ProfileError(msg)
    return tuple(
        _clean_vector(agent, names, entry)
        for agent, names, entry in zip(agents, actions, entries, strict=True)
    )


def _clean_vector(agent: str, names: tuple[str, ...], entry: object) -> Vector:
    if isinstance(entry, str):
        if entry not in names:
            msg = f"{agent!r} has no action {entry!r}{suggestion(entry, names)}"
            raise ProfileError(msg)
        return tuple(Fraction(int(name == entry)) for name in names)
    if not isinstance(entry, Iterable):
        msg = f"the entry of {agent!r} must be a vector or the name of an action, got {entry!r}"
        raise ProfileError(msg)
    vector: Vector = tuple(v.item() if isinstance(v, np.generic) else v for v in entry)
    if len(vector) != len(names):
        msg = f"the vector of {agent!r} must have one entry for each of {names}, got {len(vector)}"
        raise ProfileError(msg)
    try:
        values = [exact_number(v) for v in vector]
    except (TypeError, ValueError) as error:
        msg = f"the vector of {agent!r} must hold probabilities: {error}"
        raise ProfileError(msg) from None
    tolerance = Fraction(0) if all(is_exact(v) for v in vector) else _SUM_TOLERANCE
    total = sum(values, Fraction(0))
    if min(values) < 0 or abs(total - 1) > tolerance:
        msg = (
            f"the vector of {agent!r} must hold probabilities that sum to 1, got "
            f"{[float(v) for v in values]} with sum {float(total)}"
        )
        raise ProfileError(msg)
    return vector


def _distributions(
    game: Game, profile: ProfileLike | Equilibrium
) -> tuple[tuple[tuple[Fraction, ...], ...], bool]:
    """Return the exact distributions that a profile stands for, and whether all was exact.

    Floats rarely sum to 1 in the last place, so their vectors are divided by their sum.
    """
    given = profile.profile if isinstance(profile, Equilibrium) else profile
    vectors = clean_profile(game, given)
    exact = game.exact and all(is_exact(p) for vector in vectors for p in vector)
    distributions = []
    for vector in vectors:
        values = [exact_number(p) for p in vector]
        total = sum(values, Fraction(0))
        distributions.append(tuple(p / total for p in values))
    return tuple(distributions), exact


def _as_asked(values: Sequence[Fraction], *, exact: bool) -> Vector:
    """Return Fractions, or floats each rounded once."""
    return tuple(values) if exact else tuple(_float(value) for value in values)


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:  # a difference of payoffs can leave the range of floats
        return math.inf if value > 0 else -math.inf


def _mean(weights: Sequence[Fraction], values: Sequence[Fraction]) -> Fraction:
    return sum((w * v for w, v in zip(weights, values, strict=True)), Fraction(0))


def _against(
    payoffs: ObjectArray, vectors: Sequence[Sequence[Fraction]], who: int
) -> list[Fraction]:
    """Return the expected payoff of each pure strategy of `who` against the others."""
    table = payoffs
    for k in reversed(range(len(vectors))):
        if k != who:
            table = np.tensordot(table, np.array(vectors[k], dtype=object), axes=(k, 0))
    return list(table)


def _values(
    game: ExtensiveGame, vectors: Sequence[Sequence[Fraction]]
) -> dict[History, Sequence[Fraction]]:
    """Return, for each move and the root, the payoffs expected from there on."""
    plan = {
        history: vector
        for members, vector in zip(game.information_sets, vectors, strict=True)
        for history in members
    }
    if isinstance(game.root, Terminal):
        return {(): exact_payoffs(game.root)}
    here: dict[History, Sequence[Fraction]] = {}
    # Moves come depth first, so in reverse what follows a move is known before it.
    for history, node in reversed(list(game.moves())):
        weights = exact_probabilities(node) if isinstance(node, Chance) else plan[history]
        rows = _following(here, history, node.branches)
        here[history] = [_mean(weights, column) for column in zip(*rows, strict=True)]
    return here


def _following(
    here: Mapping[History, Sequence[Fraction]], history: History, branches: Mapping[str, Node]
) -> list[Sequence[Fraction]]:
    """Return the payoffs expected after each action or event."""
    return [
        exact_payoffs(child) if isinstance(child, Terminal) else here[(*history, action)]
        for action, child in branches.items()
    ]


def _one_shot_gains(
    game: ExtensiveGame, vectors: Sequence[Sequence[Fraction]]
) -> list[tuple[str, Fraction]]:
    here = _values(game, vectors)
    gains = []
    for (history, node), vector in zip(game.decisions(), vectors, strict=True):
        who = game.players.index(node.player)
        own = [row[who] for row in _following(here, history, node.branches)]
        gains.append((node.player, max(own) - _mean(vector, own)))
    return gains
