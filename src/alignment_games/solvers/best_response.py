"""Best replies to a profile or a belief, in rational arithmetic."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from .._numeric import decimal_text, exact_number, is_exact
from .._typing import Number, ObjectArray, ProfileLike
from ..errors import ProfileError, suggestion
from ..games import NormalFormGame
from .certify import clean_profile, require_normal_form
from .result import Equilibrium

__all__ = [
    "BestResponses",
    "best_responses",
]

Belief: TypeAlias = (
    ProfileLike
    | Equilibrium
    | Mapping[tuple[str, ...], Number]
    | Mapping[str, Mapping[str, Number]]
)

_SUM_TOLERANCE = Fraction(1, 10**9)


@dataclass(frozen=True, slots=True, kw_only=True)
class BestResponses:
    """What a player earns against a belief, and its best replies.

    Attributes
    ----------
    game : NormalFormGame
    player : str
    payoffs : mapping of str to Fraction
        Expected payoff of each pure strategy.
    value : Fraction
        The largest of them.
    strategies : tuple of str
        All pure best replies; a mixture of them is a best reply as well, and no other is.
    """

    game: NormalFormGame = field(repr=False)
    player: str
    payoffs: Mapping[str, Fraction]
    value: Fraction
    strategies: tuple[str, ...]

    @property
    def margin(self) -> Fraction | None:
        """How much worse the best of the other strategies is; None if all are best replies."""
        rest = [v for v in self.payoffs.values() if v != self.value]
        return self.value - max(rest) if rest else None

    def __str__(self) -> str:
        return f"{self.player}: {', '.join(self.strategies)} (payoff {decimal_text(self.value)})"


def best_responses(
    game: NormalFormGame,
    player: str | int,
    belief: Belief,
) -> BestResponses:
    """Return a player's pure best replies to a profile or a belief; ties are exact.

    Parameters
    ----------
    game : NormalFormGame
        Any number of players.
    player : str or int
    belief : Equilibrium, sequence or mapping
        What the others do, each independently: one entry for each player as for `verify`
        (the player's own is ignored), or for each of the others (a mapping names them). An
        entry of a mapping may itself map strategies to probabilities, absent ones being 0, as
        `Justification.independent` does. Or a
        correlated belief: a mapping of tuples, one strategy for each of the others in order,
        to probabilities; absent ones are 0.

    Returns
    -------
    BestResponses

    Raises
    ------
    GameError
        If there is no such player.
    ProfileError
        If the belief does not fit the game.

    Examples
    --------
    >>> import alignment_games as ag
    >>> chicken = ag.NormalFormGame.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]],
    ...                                           strategies=[["swerve", "straight"]] * 2)
    >>> print(ag.solvers.best_responses(chicken, "player_1", {"player_2": "swerve"}))
    player_1: straight (payoff 4)
    >>> ag.solvers.best_responses(chicken, "player_1", [[0.5, 0.5]]).strategies
    ('swerve', 'straight')
    """
    require_normal_form(game)
    who = game.player_index(player)
    weights = _joint(game, who, belief)
    table = np.moveaxis(game.exact_payoffs[who], who, 0).reshape(game.shape[who], -1)
    used = np.flatnonzero(weights)
    earned = [
        sum((v * p for v, p in zip(row, weights[used], strict=True)), Fraction(0))
        for row in table[:, used]
    ]
    names, best = game.strategies[who], max(earned)
    return BestResponses(
        game=game,
        player=game.players[who],
        payoffs=dict(zip(names, earned, strict=True)),
        value=best,
        strategies=tuple(s for s, value in zip(names, earned, strict=True) if value == best),
    )


def _joint(
    game: NormalFormGame,
    who: int,
    belief: Belief,
) -> ObjectArray:
    """Return the exact probabilities of the others' profiles, in order."""
    given: object = belief.profile if isinstance(belief, Equilibrium) else belief
    others = [k for k in range(game.n_players) if k != who]
    if isinstance(given, Mapping) and given and all(isinstance(key, tuple) for key in given):
        return _correlated(game, others, given)
    player, first = game.players[who], game.strategies[who][0]
    if isinstance(given, Mapping):
        entries_by_name = {
            name: _vector(game, name, entry) if isinstance(entry, Mapping) else entry
            for name, entry in given.items()
        }
        full: object = {player: first} | entries_by_name
    elif isinstance(given, Iterable) and not isinstance(given, str):
        entries = list(given)
        full = [*entries[:who], first, *entries[who + (len(entries) > len(others)) :]]
    else:
        full = given
    _refuse_negative(full)
    try:
        vectors = clean_profile(game, full)  # type: ignore[arg-type]
    except ProfileError as error:
        msg = str(error).replace("`profile`", "`belief`", 1)
        raise ProfileError(msg if "`belief`" in msg else f"`belief`: {msg}") from None
    joint = np.array([Fraction(1)], dtype=object)
    for other in others:
        values = [exact_number(p) for p in vectors[other]]
        total = sum(values, Fraction(0))
        joint = np.outer(joint, np.array([p / total for p in values], dtype=object)).reshape(-1)
    return joint


def _refuse_negative(full: object) -> None:
    """Name a negative entry, which a sum of 1 would hide."""
    entries = full.values() if isinstance(full, Mapping) else full
    for entry in entries if isinstance(entries, Iterable) else ():
        if isinstance(entry, (list, tuple, np.ndarray)):
            for value in entry:
                if isinstance(value, numbers.Real) and value < 0:
                    msg = f"`belief` must hold probabilities, got the negative {value} in {entry}"
                    raise ProfileError(msg)


def _vector(game: NormalFormGame, name: object, given: Mapping[str, Number]) -> object:
    """Return the probabilities that a mapping of strategies holds, in order; absent ones are 0."""
    if name not in game.players:
        return given  # refused by name later
    known = game.strategies[game.players.index(str(name))]
    for own in given:
        if own not in known:
            near = suggestion(own, known)
            msg = f"`belief` names an unknown strategy {own!r} of {name}{near}"
            raise ProfileError(msg)
    return [given.get(own, 0) for own in known]


def _correlated(
    game: NormalFormGame, others: list[int], given: Mapping[tuple[str, ...], Number]
) -> ObjectArray:
    sizes = [game.shape[k] for k in others]
    joint = np.full(math.prod(sizes), Fraction(0), dtype=object)
    names = tuple(game.players[k] for k in others)
    exact = True
    for key, value in given.items():
        if len(key) != len(others):
            msg = f"`belief` must name one strategy for each of {names}, got {key}"
            raise ProfileError(msg)
        place = 0
        for k, name in zip(others, key, strict=True):
            if name not in game.strategies[k]:
                known = suggestion(name, game.strategies[k])
                msg = f"`belief` names an unknown strategy {name!r} of {game.players[k]}{known}"
                raise ProfileError(msg)
            place = place * game.shape[k] + game.strategies[k].index(name)
        try:
            joint[place] = exact_number(value)
        except (TypeError, ValueError) as error:
            msg = f"`belief[{key}]` must be a probability: {error}"
            raise ProfileError(msg) from None
        exact = exact and is_exact(value)
        if joint[place] < 0:
            msg = f"`belief[{key}]` must be a probability, got the negative {value}"
            raise ProfileError(msg)
    total = sum(joint, Fraction(0))
    if abs(total - 1) > (0 if exact else _SUM_TOLERANCE):
        msg = f"`belief` must hold probabilities that sum to 1, got the sum {float(total)}"
        raise ProfileError(msg)
    joint /= total
    return joint
