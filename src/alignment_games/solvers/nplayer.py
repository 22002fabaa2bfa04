"""All equilibria of games with three or more players, with a proof of completeness.

Supports are enumerated, those with a conditionally dominated strategy dropped [1]_. With two
mixing players or fewer the equilibria of a support are polytopes, found in rational arithmetic.
With more they are the roots of multilinear equations in a product of simplices, which is cut
into boxes. A box is dropped when an equation or a deviation has one sign on it, shrunk by the
equations' Taylor form times an approximate inverse Jacobian, and settled when this map is a
contraction: then it holds at most one root, and the map sends a small box around that root into
itself (the Krawczyk test [2]_). Bounds are widened by what rounding can do. What floating
bounds cannot decide (a tie, a probability of zero, a singular Jacobian) is left to exact
arithmetic; what that cannot decide either is reported, and the status is then not COMPLETE.

.. [1] R. Porter, E. Nudelman and Y. Shoham (2008), Simple search methods for finding a Nash
   equilibrium, Games and Economic Behavior 63, 642-662, doi:10.1016/j.geb.2006.03.015.
.. [2] R. Krawczyk (1969), Newton-Algorithmen zur Bestimmung von Nullstellen mit
   Fehlerschranken, Computing 4, 187-201, doi:10.1007/BF02234767.
"""

from __future__ import annotations

import functools
import itertools
import math
from fractions import Fraction

from .._typing import FloatArray, IntArray, Profile, Vector
from ..errors import WorkLimitError, whole
from ..games import NormalFormGame
from ._nplayer_exact import canonical_payoffs, support_problem
from ._nplayer_families import Found, Support, best, maximal, pure
from ._nplayer_roots import settle
from ._nplayer_search import Tables, loops, regular_equilibria
from ._nplayer_supports import solve_exactly
from .certify import certified_floats, certified_profiles, chosen_exactness, require_normal_form
from .regular import machine_integers
from .result import Equilibrium, EquilibriumFamily, Solution, Status

__all__ = ["MAX_BOXES", "MAX_PROFILES", "MAX_SUPPORTS", "nash_nplayer"]

MAX_BOXES = 1_000_000
"""Boxes looked at by default: about two seconds for three players with three strategies."""

MAX_SUPPORTS = 100_000
"""Largest number of supports (a 5 x 5 x 5 game has 29,791, one of ten binary players 59,049)."""

MAX_PROFILES = 4096
"""Largest number of pure profiles."""

_MAX_ENTRIES = 1_000_000


def nash_nplayer(
    game: NormalFormGame,
    *,
    exact: bool | None = None,
    precision: int = 192,
    max_boxes: int = MAX_BOXES,
) -> Solution:
    """Find all Nash equilibria of a game with any number of players.

    Parameters
    ----------
    game : NormalFormGame
        Meant for three players with up to three strategies each, or four with few.
    exact : bool, optional
        Whether to return rational equilibria as Fractions; by default if the game is exact.
    precision : int, optional
        Bits, from 64 to 4096, to which the roots of nonlinear supports are known at least before
        they are rounded. More are used for long payoffs, where exact results are asked for, and
        where a value may lie midway between two floats.
    max_boxes : int, optional
        Largest number of boxes that the search looks at.

    Returns
    -------
    Solution
        Status COMPLETE if every region of every support was excluded, holds one certified
        root, or was solved exactly; `families` then holds each isolated
        equilibrium and each continuum. PARTIAL if a region is undecided or a continuum is known by
        samples only (`undecided` lists the supports), LIMIT if `max_boxes`
        was reached. Rational equilibria of exact games are Fractions, recognized from their
        digits and verified; irrational ones are floats, correctly rounded, and `exact` then
        tells that not all are Fractions. (A number that 8192 bits do not tell from the middle
        between two floats is rounded to either; a rational whose denominator is longer than
        half the bits used is taken for irrational.) `degenerate` tells whether an equilibrium
        was found that has a tie or a singular Jacobian or is not isolated.

    Raises
    ------
    GameError
        If `game` is not a normal form, or `exact` is neither a bool nor None.
    ParameterError
        If `precision` or `max_boxes` is out of range.
    WorkLimitError
        If a game of several players has more than 100,000 supports or 4,096 profiles, or if the
        best strategies of a single player, as vectors, have more than 1,000,000 entries.

    References
    ----------
    .. [1] R. Porter, E. Nudelman and Y. Shoham (2008), Simple search methods for finding a Nash
       equilibrium, Games and Economic Behavior 63, 642-662, doi:10.1016/j.geb.2006.03.015.

    Examples
    --------
    The only equilibrium of this game of integers is irrational (Nau, Gomez Canovas and Hansen
    2004, section 4): the second player's first probability is (sqrt(601) - 13) / 24.

    >>> import alignment_games as ag
    >>> first = [[[3, 1], [0, 0]], [[0, 0], [1, 2]]]
    >>> second = [[[0, 0], [2, 1]], [[1, 3], [0, 0]]]
    >>> third = [[[2, 0], [0, 0]], [[0, 0], [0, 3]]]
    >>> solution = ag.solvers.nash_nplayer(ag.NormalFormGame([first, second, third]))
    >>> solution.status.name, len(solution)
    ('COMPLETE', 1)
    >>> solution.equilibria[0].probabilities("player_2")["s1"]
    0.47980422267760525
    """
    require_normal_form(game)
    as_exact = chosen_exactness(game, exact)
    exact = None if exact is None else as_exact
    precision = whole("precision", precision, 64, 4096)
    max_boxes = whole("max_boxes", max_boxes, 1, 10**9)
    shape = game.shape
    if len(shape) > 1:
        _check_size(shape)
    parameters: dict[str, object] = {"exact": exact, "precision": precision, "max_boxes": max_boxes}
    solved = game if game.exact or not as_exact else game.as_exact()
    if len(shape) == 1:
        table = canonical_payoffs(game.integer_payoffs[0][0])
        return _solution(solved, as_exact, [_best(table)], [], False, parameters)
    if not as_exact:
        machine = machine_integers(game)
        regular = regular_equilibria(machine, max_boxes)
        if regular is not None and machine is not None:
            return _regular_solution(game, machine, *regular, parameters)
    payoffs = [canonical_payoffs(table) for table in game.integer_payoffs[0]]
    tables = Tables.of(payoffs, shape)
    searched = tables.search(max_boxes)
    found: list[Found] = []
    undecided: list[Support] = []
    limit = False
    supports = searched.supports.tolist()
    status = searched.status.tolist()
    for root in searched.roots():
        if status[root.support]:
            continue  # its whole support is solved exactly
        support = tuple(map(_members, supports[root.support]))
        problem = support_problem(payoffs, shape, support)
        settled = settle(root, problem, tables.bits, precision, as_exact)
        if settled is None:
            undecided.append(support)
        found += settled or []
    # Supports come before those that contain them, as `solve_exactly` needs.
    for masks, state in zip(supports, status, strict=True):
        mixing = sum(mask & (mask - 1) != 0 for mask in masks)
        if mixing > 1 and not state:
            continue
        support = tuple(map(_members, masks))
        if mixing == 0:
            found.append(pure(payoffs, shape, support))
        elif mixing <= 2 or state == loops().UNDECIDED:
            found += solve_exactly(support_problem(payoffs, shape, support), found, undecided)
        else:
            limit = True
            undecided.append(support)
    return _solution(solved, as_exact, found, undecided, limit, parameters)


def _best(payoffs: list[int]) -> Found:
    ties = payoffs.count(max(payoffs))
    if ties * len(payoffs) > _MAX_ENTRIES:
        msg = (
            f"{ties} of one player's {len(payoffs)} strategies are best, which makes vectors with "
            f"{ties * len(payoffs)} entries; the limit is {_MAX_ENTRIES}. Leave out strategies"
        )
        raise WorkLimitError(msg)
    return best(payoffs)


def _check_size(shape: tuple[int, ...]) -> None:
    profiles = math.prod(shape)
    supports = math.prod([2**size - 1 for size in shape])
    if supports > MAX_SUPPORTS or profiles > MAX_PROFILES:
        sizes = " x ".join(map(str, shape))
        msg = (
            f"all equilibria of a {sizes} game need {supports} supports of {profiles} profiles; "
            f"the limits are {MAX_SUPPORTS} and {MAX_PROFILES}. Eliminate dominated strategies "
            "first, or ask for the pure equilibria with solvers.pure_nash"
        )
        raise WorkLimitError(msg)


@functools.cache
def _members(mask: int) -> tuple[int, ...]:
    return tuple(k for k in range(mask.bit_length()) if mask >> k & 1)


def _solution(
    game: NormalFormGame,
    exact: bool,
    found: list[Found],
    undecided: list[Support],
    limit: bool,
    parameters: dict[str, object],
) -> Solution:
    kept = sorted(maximal(found), key=lambda one: (sum(map(len, one.support)), one.support))
    members = [[_shown(profile, exact=exact) for profile in one.members] for one in kept]
    profiles = list(dict.fromkeys(itertools.chain(*members)))
    records = dict(zip(profiles, certified_profiles(game, profiles), strict=True))
    families = tuple(
        _family(game, one, tuple([records[profile] for profile in own]), exact=exact)
        for one, own in zip(kept, members, strict=True)
    )
    # Of an arc only the ends are listed: the point inside is one of many.
    ends = [own[:-1] if one.formulas else own for one, own in zip(kept, members, strict=True)]
    listed = list(dict.fromkeys(itertools.chain(*ends)))
    status = Status.COMPLETE
    if limit:
        status = Status.LIMIT
    elif undecided:
        status = Status.PARTIAL
    return Solution(
        game=game,
        concept="nash",
        method="support-enumeration",
        status=status,
        equilibria=tuple([records[profile] for profile in listed]),
        families=families,
        exact=exact and all(type(own[0]) is Fraction for profile in profiles for own in profile),
        degenerate=any(one.tied or one.dimension > 0 for one in kept),
        undecided=tuple(_names(game, support) for support in undecided),
        parameters=parameters,
    )


def _shown(profile: Profile, *, exact: bool) -> Profile:
    """Return a profile of Fractions if all of it is rational and this is asked for, or floats."""
    if exact and not any(type(p) is float for own in profile for p in own):
        return profile
    return tuple([tuple(map(float, own)) for own in profile])


def _regular_solution(
    game: NormalFormGame,
    payoffs: IntArray,
    masks: list[list[int]],
    profiles: FloatArray,
    indices: list[int],
    parameters: dict[str, object],
) -> Solution:
    """Write down the equilibria of a game in which each is regular, as `_solution` does."""
    supports = [tuple(map(_members, own)) for own in masks]
    keys = [(sum(map(len, own)), own, k) for k, own in enumerate(supports)]
    order = [k for *_, k in sorted(keys)]
    records = certified_floats(game, payoffs, profiles[order])
    families = tuple(
        [
            EquilibriumFamily(
                support=_names(game, supports[k]),
                dimension=0,
                equilibria=(record,),
                vertices=tuple([(own,) for own in record.profile]),
                index=indices[k],
            )
            for k, record in zip(order, records, strict=True)
        ]
    )
    return Solution(
        game=game,
        concept="nash",
        method="support-enumeration",
        status=Status.COMPLETE,
        equilibria=records,
        families=families,
        exact=False,
        parameters=parameters,
    )


def _family(
    game: NormalFormGame, one: Found, members: tuple[Equilibrium, ...], *, exact: bool
) -> EquilibriumFamily:
    vertices: tuple[tuple[Vector, ...], ...] = ()
    if one.dimension == 0:
        vertices = tuple((own,) for own in members[0].profile)
    elif one.parts:
        whole = exact and all(type(p) is Fraction for own in one.parts for x in own for p in x)
        vertices = tuple(
            tuple(x if whole else tuple(map(float, x)) for x in own) for own in one.parts
        )
    return EquilibriumFamily(
        support=_names(game, one.support),
        dimension=one.dimension,
        equilibria=members,
        vertices=vertices,
        conditions=tuple(
            (game.players[row.player], game.strategies[row.player][row.strategy])
            for row in one.conditions
        ),
        formulas=one.formulas,
        interval=one.interval if exact else tuple(map(float, one.interval)),
        index=one.index,
        complete=one.complete,
    )


def _names(game: NormalFormGame, support: Support) -> tuple[tuple[str, ...], ...]:
    return tuple(
        [
            tuple([labels[s] for s in own])
            for labels, own in zip(game.strategies, support, strict=True)
        ]
    )
