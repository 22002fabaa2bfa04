"""Assessments of signaling games: a profile with beliefs, judged on the tree alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .._numeric import exact_number
from .._typing import Number
from ..errors import GameError, ProfileError
from ..games import ExtensiveGame, SignalingGame, Terminal
from ..games.nodes import History, exact_payoffs

__all__ = ["Assessment", "verify_assessment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The certificate of a profile and its beliefs in a signaling game.

    Attributes
    ----------
    gains : mapping from str to Fraction
        What each agent of the tree, each information set, could gain under its belief.
    regret : tuple of two Fractions
        The largest gain of each player.
    payoffs : tuple of two Fractions
    consistent : bool
        Whether the beliefs after the messages that are sent obey Bayes' rule. After any other
        message every belief about the sender's type is the limit of those of completely mixed
        profiles, so that this is all that consistency asks.
    """

    gains: Mapping[str, Fraction]
    regret: tuple[Fraction, Fraction]
    payoffs: tuple[Fraction, Fraction]
    consistent: bool

    @property
    def is_equilibrium(self) -> bool:
        """Whether this is a sequential equilibrium: no gain anywhere, and consistent beliefs."""
        return self.consistent and not any(self.gains.values())


def verify_assessment(
    game: SignalingGame,
    profile: Sequence[Sequence[Number]],
    beliefs: Mapping[str, Sequence[Number]],
) -> Assessment:
    """Judge a profile and beliefs at every information set of the tree, in exact arithmetic.

    Parameters
    ----------
    game : SignalingGame
    profile : sequence of sequences of numbers
        One probability vector for each of ``game.tree().agents``.
    beliefs : mapping from str to sequence of numbers
        The probability of each of ``game.types`` after each message that does not end the game,
        before a receiver's type adds what it knows.

    Returns
    -------
    Assessment

    Raises
    ------
    GameError
        If `game` is no SignalingGame.
    ProfileError
        If `profile` or `beliefs` do not fit the game.

    Examples
    --------
    >>> from alignment_games.games import SignalingGame
    >>> game = SignalingGame(prior={"loyal": 0.75, "leaning": 0.25},
    ...                      responses={"hedge": ["accommodate", "coerce"], "yield": []},
    ...                      payoffs={("loyal", "hedge", "accommodate"): (3, 2),
    ...                               ("loyal", "hedge", "coerce"): (0, 0),
    ...                               ("loyal", "yield"): (1, 3),
    ...                               ("leaning", "hedge", "accommodate"): (3, 0),
    ...                               ("leaning", "hedge", "coerce"): (0, 1),
    ...                               ("leaning", "yield"): (1, 3)})
    >>> game.tree().agents
    ('sender at type loyal', 'receiver at message hedge', 'sender at type leaning')
    >>> verify_assessment(game, [[0, 1], [0, 1], [0, 1]], {"hedge": [0, 1]}).is_equilibrium
    True
    >>> verify_assessment(game, [[0, 1], [0, 1], [0, 1]], {"hedge": [1, 0]}).regret
    (Fraction(0, 1), Fraction(2, 1))
    """
    given: object = game
    if not isinstance(given, SignalingGame):
        msg = f"`game` must be a SignalingGame, got {type(game).__name__}"
        raise GameError(msg)
    tree = game.tree()
    agents = tree.agents
    strategy = dict(zip(agents, _checked(tree, profile), strict=True))
    means = _checked_beliefs(game, beliefs)
    agent_of = {
        h: agent
        for agent, members in zip(agents, tree.information_sets, strict=True)
        for h in members
    }
    drawn = () if isinstance(tree.root, Terminal) else tree.root.branches
    draws = dict(zip(drawn, game.prior.items(), strict=True))

    def value(history: History) -> tuple[Fraction, ...]:
        node = tree.node(history)
        if isinstance(node, Terminal):
            return exact_payoffs(node)
        following = [value((*history, action)) for action in node.branches]
        return _mean(following, strategy[agent_of[history]])

    gains: dict[str, Fraction] = {}
    regret = [Fraction(0), Fraction(0)]
    for agent, members, actions in zip(agents, tree.information_sets, tree.actions, strict=True):
        player = 0 if len(members[0]) == 1 else 1  # the draw, then the message
        weights = []
        for history in members:
            (t, _), p = draws[history[0]]
            if player == 0:
                weights.append(p)
            else:
                own = sum(game.prior[t, side] for side in game.receiver_types)
                weights.append(means[history[1]][game.types.index(t)] * p / own)
        total = sum(weights, Fraction(0))
        earned = [
            sum(
                (w * value((*h, action))[player] for w, h in zip(weights, members, strict=True)),
                Fraction(0),
            )
            / total
            for action in actions
        ]
        gains[agent] = max(earned) - sum(
            (p * v for p, v in zip(strategy[agent], earned, strict=True)), Fraction(0)
        )
        regret[player] = max(regret[player], gains[agent])
    payoffs = _mean([value((event,)) for event in draws], [p for _, p in draws.values()])
    return Assessment(
        gains=gains,
        regret=(regret[0], regret[1]),
        payoffs=(payoffs[0], payoffs[1]),
        consistent=_obeys_bayes(game, strategy, means),
    )


def _mean(
    values: Sequence[tuple[Fraction, ...]], shares: Sequence[Fraction]
) -> tuple[Fraction, ...]:
    return tuple(
        sum((p * v for p, v in zip(shares, column, strict=True)), Fraction(0))
        for column in zip(*values, strict=True)
    )


def _obeys_bayes(
    game: SignalingGame,
    strategy: Mapping[str, Sequence[Fraction]],
    means: Mapping[str, Sequence[Fraction]],
) -> bool:
    """Tell whether the beliefs after every message that is sent are proportional to its weights."""
    for m, belief in means.items():
        k = game.messages.index(m)
        sent = [
            sum(game.prior[t, s] for s in game.receiver_types)
            * strategy[f"{game.players[0]} at {game.sender_set(t)}"][k]
            for t in game.types
        ]
        if any(p * sum(sent) != w for p, w in zip(belief, sent, strict=True)) and any(sent):
            return False
    return True


def _checked(
    tree: ExtensiveGame, profile: Sequence[Sequence[Number]]
) -> tuple[tuple[Fraction, ...], ...]:
    """Return the profile in Fractions."""
    if len(profile) != len(tree.agents):
        msg = f"`profile` must hold one vector for each of {tree.agents}, got {len(profile)}"
        raise ProfileError(msg)
    return tuple(
        _distribution(f"profile[{k}]", vector, names)
        for k, (vector, names) in enumerate(zip(profile, tree.actions, strict=True))
    )


def _checked_beliefs(
    game: SignalingGame, beliefs: Mapping[str, Sequence[Number]]
) -> dict[str, tuple[Fraction, ...]]:
    """Return the beliefs in Fractions."""
    answered = [m for m in game.messages if game.responses[m]]
    if set(beliefs) != set(answered):
        msg = f"`beliefs` must have one vector for each of {answered}, got {list(beliefs)}"
        raise ProfileError(msg)
    return {m: _distribution(f"beliefs[{m!r}]", beliefs[m], game.types) for m in answered}


def _distribution(
    argument: str, vector: Sequence[Number], names: Sequence[str]
) -> tuple[Fraction, ...]:
    try:
        values = tuple(exact_number(value) for value in vector)
    except (TypeError, ValueError) as error:
        msg = f"`{argument}` must hold finite real numbers, got {vector!r}: {error}"
        raise ProfileError(msg) from None
    if len(values) != len(names) or min(values) < 0 or sum(values) != 1:
        msg = (
            f"`{argument}` must be probabilities of {tuple(names)} that sum to exactly 1, got "
            f"{vector!r}"
        )
        raise ProfileError(msg)
    return values
