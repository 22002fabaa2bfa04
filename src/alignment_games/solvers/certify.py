"""Certificates: regret recomputed from the game alone, independently of every solver."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from operator import mul, truediv
from typing import Any

import numpy as np

from .._numeric import (
    decimal_text,
    exact_number,
    integers,
    is_exact,
    nearest_float,
    quotient,
    rounded,
)
from .._typing import FloatArray, IntArray, ObjectArray, Profile, ProfileLike, Vector
from ..errors import GameError, ProfileError, suggestion
from ..games import BayesianGame, Chance, ExtensiveGame, NormalFormGame, Terminal
from ..games.nodes import History, Node, exact_payoffs, exact_probabilities
from ._interim import action_payoffs, ex_ante_payoffs
from .result import Equilibrium, SolvedGame
from .stage_regret import stage_regrets, whole_regrets

__all__ = [
    "as_asked",
    "certified",
    "certified_floats",
    "certified_nash",
    "certified_profiles",
    "certified_weights",
    "chosen_exactness",
    "clean_profile",
    "distributions",
    "expected_payoffs",
    "require_normal_form",
    "verify",
]

_SUM_TOLERANCE = Fraction(1, 10**9)


def verify(game: SolvedGame, profile: ProfileLike | Equilibrium) -> Vector:
    """Return the regret of each player: what it could still gain by deviating.

    Parameters
    ----------
    game : NormalFormGame, ExtensiveGame or BayesianGame
    profile : Equilibrium, sequence or mapping
        One entry for each of ``game.agents`` (the players; in a tree, the information sets; in a
        Bayesian game, the possible types): a probability vector over its
        actions, or the name of one action. A mapping names the agents.

    Returns
    -------
    tuple of numbers, one a player (of a Bayesian game: one an agent)
        Computed in rational arithmetic and rounded once, so that the certificate is exact.
        Zero for all players exactly at an equilibrium (of a tree: a subgame-perfect one). In a
        tree the gain is the largest, over all subgames, of any deviation in the subgame's
        first stage: before the next subgames begin, in which the profile is followed again.
        With perfect information a stage is one decision, and a deviation one-shot. Of a Bayesian
        game it is zero at a Bayes-Nash equilibrium: what a type expects that knows itself alone.
        Fractions if the game and the profile are exact.

    Raises
    ------
    ProfileError
        If a vector has the wrong length, a negative entry, or does not sum to 1.
    GameError
        If some player of a tree has no perfect recall.

    Examples
    --------
    >>> import alignment_games as ag
    >>> pennies = ag.NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> ag.verify(pennies, [[0.5, 0.5], [0.5, 0.5]])
    (0.0, 0.0)
    >>> ag.verify(pennies, ["s1", "s1"])
    (Fraction(0, 1), Fraction(2, 1))
    """
    if isinstance(game, NormalFormGame):
        weights, exact = _weights(game, profile)
        _, regrets, scales = _accounts(game, weights)
        return tuple(map(_fraction if exact else quotient, regrets, scales))
    vectors, exact = distributions(game, profile)
    if isinstance(game, BayesianGame):
        levels = action_payoffs(game, vectors)
        gains = [max(row) - _mean(own, row) for own, row in zip(vectors, levels, strict=True)]
        return as_asked(gains, exact=exact)
    if not game.has_perfect_information:
        return as_asked(stage_regrets(game, vectors, _values(game, vectors)), exact=exact)
    deviations = _one_shot_gains(game, vectors)
    regret = [
        max((g for who, g in deviations if who == player), default=Fraction(0))
        for player in game.players
    ]
    return as_asked(regret, exact=exact)


def expected_payoffs(game: SolvedGame, profile: ProfileLike | Equilibrium) -> Vector:
    """Return each player's expected payoff at a profile.

    Parameters
    ----------
    game : NormalFormGame, ExtensiveGame or BayesianGame
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
    if isinstance(game, NormalFormGame):
        weights, exact = _weights(game, profile)
        means, _, scales = _accounts(game, weights)
        return tuple(map(_fraction if exact else quotient, means, scales))
    vectors, exact = distributions(game, profile)
    if isinstance(game, BayesianGame):
        return as_asked(ex_ante_payoffs(game, vectors), exact=exact)
    return as_asked(list(_values(game, vectors)[()]), exact=exact)


def chosen_exactness(game: NormalFormGame | BayesianGame, exact: object) -> bool:
    """Return whether to answer in Fractions: as asked, by default if the game is exact."""
    if exact is None:
        return game.exact
    if not isinstance(exact, (bool, np.bool_)):
        msg = f"`exact` must be True, False or None, got {exact!r}"
        raise GameError(msg)
    return bool(exact)


def require_normal_form(game: object) -> None:
    """Raise `GameError` if `game` is not a normal form."""
    if not isinstance(game, NormalFormGame):
        tail = "; a tree has one by its normal_form()" if isinstance(game, ExtensiveGame) else ""
        msg = f"`game` must be a NormalFormGame, got {type(game).__name__}{tail}"
        raise GameError(msg)


def certified(game: SolvedGame, profile: Profile) -> Equilibrium:
    """Return the equilibrium record of a profile, its payoffs and regret computed here."""
    return Equilibrium(
        game=game,
        profile=profile,
        payoffs=expected_payoffs(game, profile),
        regret=verify(game, profile),
    )


def certified_nash(game: ExtensiveGame, profile: Profile) -> Equilibrium:
    """Return the record of a Nash equilibrium of a tree, with the regret of whole plans."""
    vectors, exact = distributions(game, profile)
    regret = whole_regrets(game, vectors, _values(game, vectors))
    return Equilibrium(
        game=game,
        profile=profile,
        payoffs=expected_payoffs(game, profile),
        regret=as_asked(regret, exact=exact),
    )


def certified_profiles(
    game: NormalFormGame, profiles: Iterable[Profile]
) -> tuple[Equilibrium, ...]:
    """Return the equilibrium records of many profiles, as `certified` does of one.

    Parameters
    ----------
    game : NormalFormGame
    profiles : iterable of profiles
        Tuples of tuples of Fractions or of floats in [0, 1]; they are not checked.
    """
    tables, units = game.integer_payoffs
    flat = [np.moveaxis(own, who, 0).ravel().tolist() for who, own in enumerate(tables)]
    found = []
    for profile in profiles:
        exact = True
        weights = []
        for vector in profile:
            rational: Any = vector
            if all(type(p) is Fraction for p in vector):
                weights.append(integers(rational)[0])
            else:
                exact = False
                weights.append(_decimal_weights(vector))
        totals = [sum(own) for own in weights]
        product = math.prod(totals)
        ratio = _fraction if exact and game.exact else quotient
        payoffs, regret = [], []
        for who, own in enumerate(weights):
            levels = flat[who]
            for k in reversed(range(len(weights))):
                if k != who:
                    other = weights[k]
                    size = len(other)
                    levels = [
                        sum(map(mul, other, levels[at : at + size]))
                        for at in range(0, len(levels), size)
                    ]
            mean = sum(map(mul, own, levels))
            scale = units[who] * product
            payoffs.append(ratio(mean, scale))
            regret.append(ratio(max(levels) * totals[who] - mean, scale))
        found.append(
            Equilibrium(game=game, profile=profile, payoffs=tuple(payoffs), regret=tuple(regret))
        )
    return tuple(found)


def certified_weights(
    game: NormalFormGame, profiles: Iterable[Sequence[Sequence[int]]], *, exact: bool
) -> tuple[Equilibrium, ...]:
    """Return the equilibrium records of profiles of two players that are given by integers.

    Parameters
    ----------
    game : NormalFormGame
    profiles : iterable of pairs of sequences of int
        For each profile and player, probabilities times any positive integer.
    exact : bool
        Whether the records hold Fractions, or floats with the regret that their rounding
        causes.
    """
    (own, other), units = game.integer_payoffs
    opponents = (other.T.tolist(), own.tolist())
    ratio = _fraction if exact else quotient

    # In a game with ties many equilibria share a strategy.
    @functools.cache
    def read(who: int, weights: tuple[int, ...]) -> tuple[Vector, Sequence[int], int, list[int]]:
        """Return a strategy, its integers, their sum, and what the opponent's strategies earn."""
        vector: Vector = _fractions(weights) if exact else rounded(weights)
        used = weights if exact else _decimal_weights(vector)
        return vector, used, sum(used), [sum(map(mul, row, used)) for row in opponents[who]]

    found = []
    for first, second in profiles:
        x, left, left_total, column_levels = read(0, tuple(first))
        y, right, right_total, row_levels = read(1, tuple(second))
        means = (sum(map(mul, left, row_levels)), sum(map(mul, right, column_levels)))
        regrets = (
            max(row_levels) * left_total - means[0],
            max(column_levels) * right_total - means[1],
        )
        scales = [unit * left_total * right_total for unit in units]
        found.append(
            Equilibrium(
                game=game,
                profile=(x, y),
                payoffs=tuple(map(ratio, means, scales)),
                regret=tuple(map(ratio, regrets, scales)),
            )
        )
    return tuple(found)


def certified_floats(
    game: NormalFormGame, payoffs: IntArray, profiles: FloatArray
) -> tuple[Equilibrium, ...]:
    """Return the equilibrium records of many profiles of floats.

    The regret is computed in doubled precision, with an error below 1e-28 of the payoffs'
    size; unlike `verify`, it takes the floats for their binary values.

    Parameters
    ----------
    game : NormalFormGame
    payoffs : ndarray of int64, shape (n_players, ...)
        The game's integer payoffs.
    profiles : ndarray of float64, shape (k, sum of all strategies)
        Probabilities, player by player.
    """
    shape = payoffs.shape[1:]
    n = len(shape)
    table = np.empty((len(profiles), 2 * n))
    sizes, spans = _layout(shape)
    _compiled_accounts()(payoffs.reshape(n, -1), sizes, profiles, table)
    units = game.integer_payoffs[1]
    if n == 2:  # what follows, written out, because it is most of the time of a small game
        m = shape[0]
        one, two = units
        return tuple(
            [
                Equilibrium(
                    game=game,
                    profile=(tuple(p[:m]), tuple(p[m:])),
                    payoffs=(u / one, v / two),
                    regret=(r / one, s / two),
                )
                for p, (u, v, r, s) in zip(profiles.tolist(), table.tolist(), strict=True)
            ]
        )
    return tuple(
        [
            Equilibrium(
                game=game,
                profile=tuple([tuple(p[first:end]) for first, end in spans]),
                payoffs=tuple(map(truediv, values[:n], units)),
                regret=tuple(map(truediv, values[n:], units)),
            )
            for p, values in zip(profiles.tolist(), table.tolist(), strict=True)
        ]
    )


@functools.lru_cache(maxsize=64)
def _layout(shape: tuple[int, ...]) -> tuple[IntArray, list[tuple[int, int]]]:
    """Return the shape as an array, and where each player's probabilities start and end."""
    ends = [0, *itertools.accumulate(shape)]
    return np.array(shape, dtype=np.int64), list(itertools.pairwise(ends))


@functools.cache
def _compiled_accounts() -> Callable[[IntArray, IntArray, FloatArray, FloatArray], None]:
    from ._kernels.certify import accounts

    return accounts


def _fractions(weights: Sequence[int]) -> tuple[Fraction, ...]:
    total = sum(weights)
    return tuple(_fraction(w, total) for w in weights)


_ZERO, _ONE = Fraction(0), Fraction(1)


def _fraction(numerator: int, denominator: int) -> Fraction:
    if not numerator:
        return _ZERO
    return _ONE if numerator == denominator else Fraction(numerator, denominator)


def _decimal_weights(vector: Vector) -> list[int]:
    """Return numbers of [0, 1] times one power of ten, floats standing for their decimals."""
    texts = [repr(p) for p in vector]
    if any("e" in text for text in texts):
        return integers([exact_number(p) for p in vector])[0]
    places = max(map(len, texts)) - 2
    return [int(text[0] + text[2:].ljust(places, "0")) for text in texts]


def _accounts(
    game: NormalFormGame, weights: Sequence[Sequence[int]]
) -> tuple[list[int], list[int], list[int]]:
    """Return each player's expected payoff and regret as integers over a common scale.

    Parameters
    ----------
    game : NormalFormGame
    weights : sequence of sequences of int, one a player
        Probabilities times any positive integers.

    Returns
    -------
    tuple of three lists of int, one entry a player
        Payoffs and regrets times the scales, and the scales.
    """
    tables, units = game.integer_payoffs
    totals = [sum(own) for own in weights]
    product = math.prod(totals)
    means, regrets, scales = [], [], []
    for who, own in enumerate(weights):
        levels = _levels(tables[who], weights, who)
        mean = sum(map(mul, own, levels))
        means.append(mean)
        regrets.append(max(levels) * totals[who] - mean)
        scales.append(units[who] * product)
    return means, regrets, scales


def _levels(table: ObjectArray, weights: Sequence[Sequence[int]], who: int) -> list[int]:
    """Return what each pure strategy of `who` earns against the others' weights, in integers."""
    if len(weights) == 2:
        against = weights[1 - who]
        rows = (table if who == 0 else table.T).tolist()
        return [sum(map(mul, row, against)) for row in rows]
    for k in reversed(range(len(weights))):
        if k != who:
            table = np.tensordot(table, np.array(weights[k], dtype=object), axes=(k, 0))
    return list(table)


def clean_profile(game: SolvedGame, profile: ProfileLike) -> Profile:
    """Check a profile against its game and return one probability vector an agent."""
    unchecked: object = game
    if not isinstance(unchecked, (NormalFormGame, ExtensiveGame, BayesianGame)):
        msg = (
            "`game` must be a NormalFormGame, an ExtensiveGame or a BayesianGame, got "
            f"{type(game).__name__}"
        )
        raise GameError(msg)
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
    if not isinstance(entry, Iterable) or (isinstance(entry, np.ndarray) and entry.ndim == 0):
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
            f"[{', '.join(decimal_text(v) for v in values)}] with sum {decimal_text(total)}"
        )
        raise ProfileError(msg)
    return vector


def _weights(
    game: NormalFormGame, profile: ProfileLike | Equilibrium
) -> tuple[list[list[int]], bool]:
    """Return a profile as integers, and whether it and the game are exact.

    A vector is divided by its sum wherever it is used: floats rarely sum to 1 in the last place.
    """
    given = profile.profile if isinstance(profile, Equilibrium) else profile
    vectors = clean_profile(game, given)
    exact = game.exact and all(is_exact(p) for vector in vectors for p in vector)
    return [integers([exact_number(p) for p in vector])[0] for vector in vectors], exact


def distributions(
    game: SolvedGame, profile: ProfileLike | Equilibrium
) -> tuple[tuple[tuple[Fraction, ...], ...], bool]:
    """Return the exact distributions that a profile stands for, and whether all was exact."""
    given = profile.profile if isinstance(profile, Equilibrium) else profile
    vectors = clean_profile(game, given)
    exact = game.exact and all(is_exact(p) for vector in vectors for p in vector)
    found = []
    for vector in vectors:
        values = [exact_number(p) for p in vector]
        total = sum(values, Fraction(0))
        found.append(tuple(p / total for p in values))
    return tuple(found), exact


def as_asked(values: Sequence[Fraction], *, exact: bool) -> Vector:
    """Return Fractions, or floats each rounded once."""
    if exact:
        return tuple(values)
    return tuple(map(nearest_float, values))


def _mean(weights: Sequence[Fraction], values: Sequence[Fraction]) -> Fraction:
    return sum((w * v for w, v in zip(weights, values, strict=True)), Fraction(0))


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
