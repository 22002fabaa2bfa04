"""All sequential equilibria of signaling games.

Let ``w`` be the sender's play and ``r`` the replies to all messages. The receiver's optimality
after a message that is sent is linear in ``w``, the sender's is linear in ``r``. After a message
that is not sent, the responses in use must be best at one belief. Both best-reply polyhedra have
finitely many vertices, and (``w``, ``r``) is an equilibrium if and only if

1. every response in use is best against ``w`` (all are, after a message not sent),
2. every message in use is best for its type against ``r``, and
3. the responses in use after each message are jointly best at some belief.

A pair is an equilibrium only if all pairs of vertices of the two smallest faces that hold ``w``
and ``r`` are, because vertices of a face use no more and have at least the same best replies. So
for each choice of a maximal set of jointly best responses after each message, the equilibria are
the maximal products of faces all of whose pairs of vertices fulfill 1 and 2, as for Nash
equilibria [1]_.

Perfect Bayesian and sequential equilibria [2]_ coincide here. All pairs of types have positive
probability, so every information set of the receiver after one message is reached if the message
is sent, and its beliefs are Bayes' rule applied to one belief about the sender's type. Let
``mu`` be any belief after a message that no type sends. If type ``t`` errs toward that message with
probability proportional to ``e (mu(t) + e) / prior(t)``, Bayes' rule gives
``(mu(t) + e) / (1 + n e)`` up to factors that tend to 1, which tends to ``mu(t)`` as ``e`` tends
to 0. Errors toward different messages do not disturb each other. So every belief is consistent,
as long as it is the same for all types of the receiver before they add what they know; and
consistency asks for nothing else.

.. [1] D. Avis, G. D. Rosenberg, R. Savani and B. von Stengel (2010), Enumeration of Nash
   equilibria for two-player games, Economic Theory 42, 9-37, doi:10.1007/s00199-009-0449-x.
.. [2] D. M. Kreps and R. Wilson (1982), Sequential equilibria, Econometrica 50, 863-894,
   doi:10.2307/1912767.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from types import MappingProxyType

from .._numeric import integer_matrix
from ..errors import GameError
from ..games import ExtensiveGame, SignalingGame
from . import _signaling_refinements as refinements
from ._rational import hull_dimension
from ._signaling_system import Belief, Play, Reply, System, check_number, system_of
from .assessment import verify_assessment
from .result import Status
from .sequential_result import (
    SequentialComponent,
    SequentialEquilibrium,
    SequentialSolution,
    SequentialSubset,
)

__all__ = ["sequential"]

_MAX_PAIRS = 200_000
_MAX_EQUILIBRIA = 2_000
_MAX_SUBSETS = 2_000
_MAX_CELLS = 2_000


def sequential(game: SignalingGame | ExtensiveGame) -> SequentialSolution:
    """Find all sequential equilibria of a signaling game, with the beliefs that support them.

    Parameters
    ----------
    game : SignalingGame or ExtensiveGame
        A tree is solved as ``SignalingGame.from_tree(game)``, which is the game of the answer.
        Floats are taken for the decimals that they stand for; the answer is in Fractions.

    Returns
    -------
    SequentialSolution
        Status COMPLETE: `equilibria` holds the extreme ones, each certified on the tree under
        every vertex of its set of beliefs, and `components` all of them.

    Raises
    ------
    GameError
        If `game` is neither a SignalingGame nor a tree of that form.
    WorkLimitError
        If the game is too large: more than 200,000 pairs of vertices, 2,000 extreme equilibria,
        2,000 maximal products or 2,000 combinations of jointly best responses, or too much work
        to find the vertices.

    Notes
    -----
    A refinement judges an outcome, that is, the payoffs u(t) of the sender's types, by the
    messages off the path, with BR(T') the replies that are best at some belief in the types T'.

    - ``intuitive``: remove the types t whose payoff after the message is below u(t) for all replies
      in BR(all types). The outcome fails if some type then gets more than u(t) for all replies in
      BR(the others) [1]_. If all types are removed it stands.
    - ``d1``: remove t if another type t' strictly gains at all replies of BR(all types) at which t
      gains or breaks even (and t' gains at some). The outcome fails if no belief in the types
      that remain has a best reply that keeps all types from the message [1]_.
    - ``universally_divine``: remove t if at all such replies some other type, not always the same,
      strictly gains; repeat with BR(remaining types) until nothing changes. The outcome fails as
      before [2]_.
    - ``off_path_beliefs_only``: the outcome fails if off the path the receiver keeps the prior.

    References
    ----------
    .. [1] I.-K. Cho and D. M. Kreps (1987), Signaling games and stable equilibria, Quarterly
       Journal of Economics 102, 179-221, doi:10.2307/1885060.
    .. [2] J. S. Banks and J. Sobel (1987), Equilibrium selection in signaling games, Econometrica
       55, 647-661, doi:10.2307/1913604.

    Examples
    --------
    Small states of both types hedge, so that the hegemon learns nothing and accommodates. They
    would also pool on balancing, if hedging were read as a sign of leaning away. But only the
    loyal can gain by hedging, and so the intuitive criterion rejects that reading:

    >>> from fractions import Fraction
    >>> from alignment_games.games import SignalingGame
    >>> posture = SignalingGame(
    ...     prior={"loyal": Fraction(9, 10), "leaning": Fraction(1, 10)},
    ...     responses={"hedge": ["accommodate", "coerce"], "balance": ["accommodate", "coerce"]},
    ...     payoffs={("loyal", "hedge", "accommodate"): (3, 1),
    ...              ("loyal", "hedge", "coerce"): (1, 0),
    ...              ("loyal", "balance", "accommodate"): (2, 1),
    ...              ("loyal", "balance", "coerce"): (0, 0),
    ...              ("leaning", "hedge", "accommodate"): (2, 0),
    ...              ("leaning", "hedge", "coerce"): (0, 1),
    ...              ("leaning", "balance", "accommodate"): (3, 0),
    ...              ("leaning", "balance", "coerce"): (1, 1)},
    ...     players=["small_state", "hegemon"])
    >>> solution = sequential(posture)
    >>> pooling = [(eq.sends("loyal")["hedge"], eq.sends("leaning")["hedge"], eq.intuitive)
    ...            for eq in solution.equilibria]
    >>> sorted(set(pooling))
    [(Fraction(0, 1), Fraction(0, 1), False), (Fraction(1, 1), Fraction(1, 1), True)]
    """
    given: object = game
    if isinstance(given, ExtensiveGame):
        given = SignalingGame.from_tree(given)
    if not isinstance(given, SignalingGame):
        msg = (
            "`game` must be a SignalingGame, or an ExtensiveGame of that form, got "
            f"{type(given).__name__}"
        )
        raise GameError(msg)
    game = given
    system = system_of(game)
    beliefs = [system.beliefs(m) for m in range(len(game.messages))]
    products = _products(system, beliefs)
    pairs = list(
        dict.fromkeys(pair for product in products for pair in itertools.product(*product))
    )
    check_number(len(pairs), _MAX_EQUILIBRIA, "extreme sequential equilibria")
    order = {pair: k for k, pair in enumerate(pairs)}
    return SequentialSolution(
        game=game,
        concept="sequential",
        method="belief-cells",
        status=Status.COMPLETE,
        equilibria=_certified(system, beliefs, pairs),
        components=tuple(
            SequentialComponent(
                subsets=tuple(_subset(system, *product) for product in group),
                equilibria=tuple(
                    sorted({order[pair] for own in group for pair in itertools.product(*own)})
                ),
            )
            for group in _connected(products)
        ),
    )


Product = tuple[tuple[Play, ...], tuple[Reply, ...]]


def _products(system: System, beliefs: Sequence[Sequence[Belief]]) -> list[Product]:
    """Return the maximal products of faces of plays and of replies that are all equilibria."""
    everyone = frozenset(range(len(system.prior)))
    cells = [refinements.cells(own, everyone) for own in beliefs]
    combinations = 1
    for own in cells:
        combinations *= len(own)
    check_number(combinations, _MAX_CELLS, "combinations of jointly best responses")
    plays, replies = system.plays(), system.replies()
    check_number(len(plays) * len(replies), 100 * _MAX_PAIRS, "pairs of a play and replies")
    partners = {
        reply: frozenset(
            k
            for k, play in enumerate(plays)
            if reply.used <= play.optimal and play.used <= reply.best
        )
        for reply in replies
    }
    check_number(sum(map(len, partners.values())), _MAX_PAIRS, "pairs of best replies")
    found: set[tuple[frozenset[int], frozenset[Reply]]] = set()
    for chosen in itertools.product(*cells):
        allowed = frozenset().union(*chosen)
        here = {r: own for r, own in partners.items() if own and r.used <= allowed}
        for shared in _closed(set(here.values())):
            found.add((shared, frozenset(r for r, own in here.items() if shared <= own)))
        check_number(len(found), _MAX_SUBSETS, "products of faces of equilibria")
    maximal = [
        (left, right)
        for left, right in found
        if not any(
            (left, right) != (more, others) and left <= more and right <= others
            for more, others in found
        )
    ]
    rank = {reply: k for k, reply in enumerate(replies)}
    ordered = sorted((sorted(left), sorted(rank[r] for r in right)) for left, right in maximal)
    return [
        (tuple(plays[k] for k in left), tuple(replies[k] for k in right)) for left, right in ordered
    ]


def _closed(sets: set[frozenset[int]]) -> set[frozenset[int]]:
    """Return all nonempty intersections."""
    closed: set[frozenset[int]] = set()
    frontier = set(sets)
    while frontier:
        closed |= frontier
        check_number(len(closed), _MAX_SUBSETS, "products of faces of equilibria")
        frontier = {both for known in frontier for own in sets if (both := known & own)} - closed
    return closed


def _connected(products: Sequence[Product]) -> list[list[Product]]:
    """Group the products that are linked by shared vertices."""
    sides = [(frozenset(plays), frozenset(replies)) for plays, replies in products]

    def meet(first: int, second: int) -> bool:
        return all(sides[first][k] & sides[second][k] for k in range(2))

    groups: list[list[int]] = []
    for own in range(len(products)):
        near = [group for group in groups if any(meet(own, other) for other in group)]
        merged = [*itertools.chain.from_iterable(near), own]
        groups = [group for group in groups if group not in near] + [merged]
    return [[products[k] for k in group] for group in groups]


def _subset(
    system: System, plays: tuple[Play, ...], replies: tuple[Reply, ...]
) -> SequentialSubset:
    blocks = [
        system.block(m, s)
        for m in range(len(system.sender))
        for s in range(len(system.game.receiver_types))
    ]
    return SequentialSubset(
        plays=tuple(play.probabilities for play in plays),
        replies=tuple(
            tuple(tuple(reply.probabilities[k] for k in block) for block in blocks)
            for reply in replies
        ),
        dimension=hull_dimension(
            integer_matrix([[p for own in play.probabilities for p in own] for play in plays])
        )
        + hull_dimension(integer_matrix([reply.probabilities for reply in replies])),
    )


def _certified(
    system: System, beliefs: Sequence[Sequence[Belief]], pairs: Sequence[tuple[Play, Reply]]
) -> tuple[SequentialEquilibrium, ...]:
    """Return the extreme equilibria with their beliefs, certificates and refinements."""
    game = system.game
    tree = game.tree()
    flags: dict[tuple[tuple[Fraction, ...], frozenset[int]], tuple[bool, ...]] = {}
    found = []
    for play, reply in pairs:
        vectors = {}
        for t, name in enumerate(game.types):
            vectors[f"{game.players[0]} at {game.sender_set(name)}"] = play.probabilities[t]
        for m, message in enumerate(game.messages):
            for s, side in enumerate(game.receiver_types):
                agent = f"{game.players[1]} at {game.receiver_set(message, side)}"
                own = system.block(m, s)
                vectors[agent] = tuple(reply.probabilities[k] for k in own)
        profile = tuple(vectors[agent] for agent in tree.agents)
        supporting = _supporting(system, beliefs, play, reply)
        most = max(map(len, supporting.values()), default=1)
        checks = [
            verify_assessment(
                game, profile, {m: own[min(k, len(own) - 1)] for m, own in supporting.items()}
            )
            for k in range(most)
        ]
        off = frozenset(range(len(game.messages))) - {m for _, m in play.used}
        pay = tuple(
            max(system.value(t, m, reply.probabilities) for m in range(len(game.messages)))
            for t in range(len(game.types))
        )
        if (pay, off) not in flags:
            flags[pay, off] = _flags(system, beliefs, pay, off)
        intuitive, d1, divine, only = flags[pay, off]
        found.append(
            SequentialEquilibrium(
                game=game,
                tree=tree,
                profile=profile,
                beliefs=MappingProxyType(supporting),
                payoffs=checks[0].payoffs,
                regret=(max(c.regret[0] for c in checks), max(c.regret[1] for c in checks)),
                off_path=tuple(game.messages[m] for m in sorted(off)),
                intuitive=intuitive,
                d1=d1,
                universally_divine=divine,
                off_path_beliefs_only=only,
            )
        )
    return tuple(found)


def _supporting(
    system: System, beliefs: Sequence[Sequence[Belief]], play: Play, reply: Reply
) -> dict[str, tuple[tuple[Fraction, ...], ...]]:
    """Return for each message the vertices of the beliefs that support the replies."""
    found: dict[str, tuple[tuple[Fraction, ...], ...]] = {}
    for m, message in enumerate(system.game.messages):
        if not system.game.responses[message]:
            continue
        sent = [p * own[m] for p, own in zip(system.prior, play.probabilities, strict=True)]
        if any(sent):
            total = sum(sent)
            found[message] = (tuple(weight / total for weight in sent),)
        else:
            needed = reply.used & system.of_message(m)
            found[message] = tuple(
                sorted((b.probabilities for b in beliefs[m] if needed <= b.optimal), reverse=True)
            )
    return found


def _flags(
    system: System,
    beliefs: Sequence[Sequence[Belief]],
    pay: tuple[Fraction, ...],
    off: frozenset[int],
) -> tuple[bool, bool, bool, bool]:
    """Return whether the outcome survives each refinement, and whether the prior destroys it."""
    survives = [
        all(test(system, m, pay, beliefs[m]) for m in off)
        for test in (
            refinements.survives_intuitive,
            refinements.survives_d1,
            refinements.survives_divinity,
        )
    ]
    prior_suffices = all(
        refinements.deterred(system, m, pay, [system.optimal(m, system.prior)]) for m in off
    )
    return survives[0], survives[1], survives[2], not prior_suffices
