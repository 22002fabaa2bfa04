"""Potential functions: one function whose changes are those of every deviating player.

Monderer and Shapley (1996) [1]_ define four kinds, each weaker than the one before. A profile
that maximizes a potential of any kind is a pure equilibrium. Where there is none, a closed path
of deviations shows it: for exact and weighted potentials one of four steps by two players, for
ordinal ones [2]_ a cycle along which no deviator loses and one gains, for generalized ordinal
ones a cycle along which every deviator gains.

.. [1] D. Monderer and L. S. Shapley (1996), Potential games, Games and Economic Behavior 14,
   124-143, doi:10.1006/game.1996.0044.
.. [2] M. Voorneveld and H. Norde (1997), A characterization of ordinal potential games, Games
   and Economic Behavior 19, 235-242, doi:10.1006/game.1997.0554.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from .._numeric import decimal_text, ratio_text
from .._typing import ObjectArray
from ..errors import GameError, WorkLimitError, suggestion
from ..games import NormalFormGame
from .certify import require_normal_form
from .improvement import improvement_levels

__all__ = ["DeviationCycle", "Potential", "PotentialKind", "potential"]

MAX_PROFILES = 100_000
"""Largest number of profiles of a game whose potential is sought."""


class PotentialKind(enum.Enum):
    """How far a potential tells what deviators gain; the value is what a person reads."""

    EXACT = "exact potential: it changes by what the deviator gains"
    WEIGHTED = "weighted potential: it changes by what the deviator gains, over its weight"
    ORDINAL = "ordinal potential: it rises exactly when the deviator gains"
    GENERALIZED = "generalized ordinal potential: it rises whenever the deviator gains"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviationCycle:
    """A closed path of deviations by one player at a time.

    Attributes
    ----------
    path : tuple of tuples of str
        Profiles; the last is followed by the first.
    deviators : tuple of str
        Who deviates from each profile to the next.
    gains : tuple of Fraction
        What each of these deviations earns its deviator.
    """

    path: tuple[tuple[str, ...], ...]
    deviators: tuple[str, ...]
    gains: tuple[Fraction, ...]

    def __str__(self) -> str:
        steps = (
            f"({', '.join(profile)}) -{who} {decimal_text(gain)}->"
            for profile, who, gain in zip(self.path, self.deviators, self.gains, strict=True)
        )
        return f"{' '.join(steps)} ({', '.join(self.path[0])})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Potential:
    """A potential function, or the proof that there is none.

    Attributes
    ----------
    game : NormalFormGame
    kind : PotentialKind
        The kind that was found; if none was, the weakest kind that was looked for.
    values : ndarray of Fraction, shape ``game.shape``, or None
        The potential of each pure profile, read-only; smallest value 0. An exact potential
        is unique up to a constant; of an ordinal one only the order of deviations counts.
    weights : mapping of str to Fraction
        For exact and weighted potentials: each player's weight.
    obstacles : tuple of DeviationCycle
        If there is no potential: the closed path or paths that rule it out. For an exact one,
        a path whose gains do not sum to 0. For a weighted one, paths whose gains cannot sum to
        0 with any positive weights.
    """

    game: NormalFormGame = field(repr=False)
    kind: PotentialKind
    values: ObjectArray | None = field(repr=False, compare=False)
    weights: Mapping[str, Fraction]
    obstacles: tuple[DeviationCycle, ...]

    @property
    def exists(self) -> bool:
        """Whether there is a potential of this kind."""
        return self.values is not None

    @property
    def maximizers(self) -> tuple[tuple[str, ...], ...]:
        """Profiles at which the potential is largest: pure equilibria.

        They are the same for all exact and weighted potentials of a game, not for ordinal ones.
        """
        if self.values is None:
            return ()
        top = self.values.max()
        return tuple(
            _names(self.game, tuple(int(k) for k in where))
            for where in np.argwhere(np.equal(self.values, top))
        )

    def __str__(self) -> str:
        if self.values is None:
            return "\n".join(
                [f"no {self.kind.value.partition(':')[0]}", *(f"  {o}" for o in self.obstacles)]
            )
        lines = [self.kind.value]
        if self.kind is PotentialKind.WEIGHTED:
            lines.append(
                "weights " + ", ".join(f"{who}: {ratio_text(w)}" for who, w in self.weights.items())
            )
        found = " and ".join(f"({', '.join(profile)})" for profile in self.maximizers)
        return "\n".join([*lines, f"largest at {found}"])


def potential(game: NormalFormGame, *, kind: PotentialKind | str | None = None) -> Potential:
    """Find a potential function, or prove that there is none.

    Parameters
    ----------
    game : NormalFormGame
        Any number of players.
    kind : PotentialKind or str, optional
        ``"exact"``, ``"weighted"``, ``"ordinal"`` or ``"generalized"``. By default the first of
        these that exists.

    Returns
    -------
    Potential
        In rational arithmetic; the floats of a floating game stand for their decimals.

    Raises
    ------
    GameError
        If `kind` is unknown.
    WorkLimitError
        If there are more than 100,000 profiles.

    References
    ----------
    .. [1] D. Monderer and L. S. Shapley (1996), Potential games, Games and Economic Behavior
       14, 124-143, doi:10.1006/game.1996.0044.
    .. [2] M. Voorneveld and H. Norde (1997), A characterization of ordinal potential games,
       Games and Economic Behavior 19, 235-242, doi:10.1006/game.1997.0554.

    Examples
    --------
    >>> import alignment_games as ag
    >>> stag_hunt = ag.NormalFormGame.from_bimatrix([[5, 0], [4, 2]], [[5, 4], [0, 2]],
    ...                                             strategies=[["stag", "hare"]] * 2)
    >>> found = ag.solvers.potential(stag_hunt)
    >>> print(found)
    exact potential: it changes by what the deviator gains
    largest at (hare, hare)
    >>> print(found.values)
    [[Fraction(1, 1) Fraction(0, 1)]
     [Fraction(0, 1) Fraction(2, 1)]]
    >>> pennies = ag.NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> ag.solvers.potential(pennies).exists
    False
    """
    require_normal_form(game)
    chosen = None if kind is None else _kind(kind)
    profiles = game.exact_payoffs[0].size
    if profiles > MAX_PROFILES:
        msg = (
            f"potentials are sought in games of up to {MAX_PROFILES} profiles, got {profiles} "
            f"(shape {game.shape}). Restrict the game with `game.restrict`"
        )
        raise WorkLimitError(msg)
    for known in PotentialKind if chosen is None else (chosen,):
        if known is PotentialKind.EXACT:
            found = _exact(game)
        elif known is PotentialKind.WEIGHTED:
            found = _weighted(game)
        else:
            found = _ordinal(game, known)
        if found.exists:
            break
    return found


def _kind(kind: object) -> PotentialKind:
    if isinstance(kind, PotentialKind):
        return kind
    names = [known.name.lower() for known in PotentialKind]
    if isinstance(kind, str) and kind in names:
        return PotentialKind[kind.upper()]
    known = ", ".join(map(repr, names))
    near = suggestion(kind, names) if isinstance(kind, str) else ""
    msg = f"`kind` must be one of {known}, got {kind!r}{near if 'mean' in near else ''}"
    raise GameError(msg)


def _exact(game: NormalFormGame) -> Potential:
    for i, j in itertools.combinations(range(game.n_players), 2):
        different = np.argwhere(_interaction(game, i, i, j) != _interaction(game, j, i, j))
        if len(different):
            cycle = _square(game, i, j, different[0].tolist())
            return _none(game, PotentialKind.EXACT, (cycle,))
    return _found(game, PotentialKind.EXACT, [Fraction(1)] * game.n_players)


def _weighted(game: NormalFormGame) -> Potential:
    """Make the interactions of all pairs of players agree, or show why they cannot.

    The interaction of i and j in i's payoffs, over i's weight, must be that in j's, over
    j's; so each pair that interacts fixes the ratio of its weights.
    """
    size = game.n_players
    ratios: dict[tuple[int, int], Fraction] = {}
    where: dict[tuple[int, int], list[int]] = {}
    for i, j in itertools.combinations(range(size), 2):
        first, second = _interaction(game, i, i, j), _interaction(game, j, i, j)
        nonzero = np.argwhere((first != 0) | (second != 0))
        if not len(nonzero):
            continue
        place = nonzero[0].tolist()
        a, b = first[tuple(place)], second[tuple(place)]
        if a * b <= 0:
            return _none(game, PotentialKind.WEIGHTED, (_square(game, i, j, place),))
        different = np.argwhere(first * b != second * a)
        if len(different):
            squares = (_square(game, i, j, place), _square(game, i, j, different[0].tolist()))
            return _none(game, PotentialKind.WEIGHTED, squares)
        ratios[i, j], ratios[j, i] = b / a, a / b
        where[i, j] = where[j, i] = place
    weights: dict[int, Fraction] = {}
    parent: dict[int, int] = {}
    for root in range(size):
        if root in weights:
            continue
        weights[root] = Fraction(1)
        queue = [root]
        for i in queue:
            for j in range(size):
                if (i, j) not in ratios:
                    continue
                weight = weights[i] * ratios[i, j]
                if j not in weights:
                    weights[j], parent[j] = weight, i
                    queue.append(j)
                elif weights[j] != weight:
                    pairs = _loop(parent, i, j)
                    loop = (_square(game, min(p), max(p), where[p]) for p in pairs)
                    return _none(game, PotentialKind.WEIGHTED, tuple(loop))
    return _found(game, PotentialKind.WEIGHTED, [weights[k] for k in range(size)])


def _interaction(game: NormalFormGame, who: int, i: int, j: int) -> ObjectArray:
    """Return u(x, y) - u(x, 0) - u(0, y) + u(0, 0) in the strategies of i and j."""
    own: ObjectArray = game.exact_payoffs[who]
    for axis in (i, j):
        own = own - np.take(own, [0], axis)
    return own


def _square(game: NormalFormGame, i: int, j: int, place: list[int]) -> DeviationCycle:
    """Return the path on which i and j leave their first strategies and come back."""
    steps = []
    for mine, theirs in ((0, 0), (place[i], 0), (place[i], place[j]), (0, place[j])):
        profile = list(place)
        profile[i], profile[j] = mine, theirs
        steps.append(tuple(profile))
    return _cycle(game, steps)


def _cycle(game: NormalFormGame, steps: list[tuple[int, ...]]) -> DeviationCycle:
    deviators, gains = [], []
    for here, there in zip(steps, [*steps[1:], steps[0]], strict=True):
        (who,) = (k for k in range(game.n_players) if here[k] != there[k])
        deviators.append(game.players[who])
        gains.append(game.exact_payoffs[(who, *there)] - game.exact_payoffs[(who, *here)])
    return DeviationCycle(
        path=tuple(_names(game, step) for step in steps),
        deviators=tuple(deviators),
        gains=tuple(gains),
    )


def _loop(parent: dict[int, int], i: int, j: int) -> list[tuple[int, int]]:
    """Return the pairs on the loop that the pair (i, j) closes in a tree."""

    def up(k: int) -> list[int]:
        line = [k]
        while line[-1] in parent:
            line.append(parent[line[-1]])
        return line

    left, right = up(i), up(j)
    while len(left) > 1 and len(right) > 1 and left[-2] == right[-2]:
        left.pop()
        right.pop()
    return [*itertools.pairwise(left), *itertools.pairwise(right), (i, j)]


def _found(game: NormalFormGame, kind: PotentialKind, weights: list[Fraction]) -> Potential:
    """Add up the deviator's gains over its weight along paths from the first profile."""
    values = np.full(game.shape, Fraction(0), dtype=object)
    for who, weight in enumerate(weights):
        # Players before `who` play anything, those after it their first strategies.
        own = game.exact_payoffs[who]
        for later in range(who + 1, game.n_players):
            own = np.take(own, [0], later)
        values = values + (own - np.take(own, [0], who)) / weight
    values = values - values.min()
    values.flags.writeable = False
    return Potential(
        game=game,
        kind=kind,
        values=values,
        weights=dict(zip(game.players, weights, strict=True)),
        obstacles=(),
    )


def _ordinal(game: NormalFormGame, kind: PotentialKind) -> Potential:
    levels, cycle = improvement_levels(game, ties=kind is PotentialKind.ORDINAL)
    if cycle:
        return _none(game, kind, (_cycle(game, cycle),))
    values: ObjectArray = np.full(game.shape, Fraction(0), dtype=object) + levels
    values.flags.writeable = False
    return Potential(game=game, kind=kind, values=values, weights={}, obstacles=())


def _none(
    game: NormalFormGame, kind: PotentialKind, obstacles: tuple[DeviationCycle, ...]
) -> Potential:
    return Potential(game=game, kind=kind, values=None, weights={}, obstacles=obstacles)


def _names(game: NormalFormGame, profile: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(own[k] for own, k in zip(game.strategies, profile, strict=True))
