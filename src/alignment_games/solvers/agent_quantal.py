"""Agent quantal response in trees: every information set responds with noise of its own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from .._balls import Ball, ball, bounds, enclosed
from .._numeric import decimal_text, exact_number
from .._typing import Number, Profile
from ..errors import GameError, ParameterError, suggestion
from ..games import ExtensiveGame
from ..games.nodes import History
from ._agent_path import agent_system, trace_to
from ._agent_responses import NOISES, response_balls
from ._agent_tree import AgentTree, agent_tree, expectations, solving_order, utilities
from .quantal import LARGEST_RESIDUAL, checked_precision
from .result import Equilibrium, Solution, Status

__all__ = ["AgentQuantalEquilibrium", "agent_quantal"]

_BITS, _MOST_BITS = 128, 4096
LARGEST_ERROR = 1e-12
"""A play by induction that is not known to this error is not returned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentQuantalEquilibrium(Equilibrium):
    """An agent quantal response equilibrium of a tree.

    Its regret is the most that a player gains at one of its information sets by the best action
    there, given what play makes it believe; it is zero only in the limit of high precision.

    Attributes
    ----------
    precision : float
        In units of 1 / payoff.
    noise : str
        ``logit`` or ``probit``.
    residual : float
        Upper bound of the largest difference between a probability and the noisy response to the
        profile, recomputed from the tree in ball arithmetic.
    error : float
        Upper bound of the distance of each probability from that of the exact equilibrium;
        infinite where none is proved.
    """

    precision: float
    noise: str
    residual: float
    error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unreached(Solution):
    """A solution without equilibrium that says how far the method came, and what to do."""

    cause: str = field(repr=False)

    @property
    def message(self) -> str:
        return f"{self.status.value} {self.cause}"


def agent_quantal(tree: ExtensiveGame, precision: Number, *, noise: str = "logit") -> Solution:
    """Find the agent quantal response equilibrium of a tree at a precision.

    Each information set is an agent that plays the action whose expected payoff plus a
    disturbance is largest, where expectations are taken over what all agents, its player's later
    ones among them, play with their own disturbances, and over where it is, given that it moves.

    Parameters
    ----------
    tree : ExtensiveGame
        With perfect recall. Chance may move.
    precision : float
        At least 0, in units of 1 / payoff. At 0 everybody mixes evenly.
    noise : {"logit", "probit"}, optional
        Disturbances of one agent are independent. ``logit``: an action is played with a
        probability proportional to ``exp(precision * payoff)``. ``probit``: each action's
        disturbance is normal with standard deviation ``1 / precision``, so that with two actions
        the first is played with probability ``Phi(precision * gain / sqrt(2))``.

    Returns
    -------
    Solution
        One `AgentQuantalEquilibrium`. Where no information sets depend on one another in a loop,
        as in all trees with perfect information, there is no other: it is computed by induction,
        with a proved `error`, and the status is COMPLETE. Otherwise the branch of equilibria that
        begins with even play is followed to where it first reaches `precision`, in steps that
        are small but not proved to stay on it; the status is PARTIAL, since others may exist. If
        the branch or the numbers cannot be followed so far, there is none, and `message` says
        how far they were.

    Raises
    ------
    GameError
        If `tree` is not an ExtensiveGame with perfect recall, or chance never leads to an
        information set whose beliefs matter.
    ParameterError
        If `precision` is negative or not finite, or `noise` is unknown.
    WorkLimitError
        If the branch of the tree would take too long to follow.

    References
    ----------
    R. D. McKelvey and T. R. Palfrey (1998), Quantal response equilibria for extensive form games,
    Experimental Economics 1, 9-41, doi:10.1023/A:1009905800005.

    C. S. Signorino (1999), Strategic interaction and the statistical analysis of international
    conflict, American Political Science Review 93, 279-297, doi:10.2307/2585396.

    Examples
    --------
    A state that is attacked may resist; both err, as in a strategic probit:

    >>> import alignment_games as ag
    >>> from alignment_games.games import Decision, ExtensiveGame, Terminal
    >>> tree = ExtensiveGame(
    ...     Decision("hegemon", {"accommodate": Terminal((0, 0)), "attack": Decision(
    ...         "small_state", {"resist": Terminal((-0.5, -1)), "yield": Terminal((2, -1.5))})}),
    ...     players=["hegemon", "small_state"])
    >>> print(ag.solvers.agent_quantal(tree, 1, noise="probit"))
    agent-quantal by agent-quantal-induction: 1 found. All equilibria were found and verified.
      hegemon: accommodate 0.387405 + attack 0.612595; small_state after attack: resist 0.638163 \
+ yield 0.361837  payoffs (0.247851, -0.723425)
    """
    given: object = tree
    if not isinstance(given, ExtensiveGame):
        msg = f"`tree` must be an ExtensiveGame, got {type(given).__name__}"
        raise GameError(msg)
    asked = checked_precision("precision", precision)
    if noise not in NOISES:
        msg = f"`noise` must be one of {NOISES}, got {noise!r}{suggestion(noise, NOISES)}"
        raise ParameterError(msg)
    if not tree.has_perfect_recall:
        msg = (
            "`tree` must have perfect recall: some player forgets what it knew or did, and its "
            "agents' beliefs are then not those of one player. Split the information set, or "
            "make it two players"
        )
        raise GameError(msg)
    agents = agent_tree(tree)
    order = solving_order(agents)
    if order is None:
        return _by_path(agents, asked, noise)
    return _by_induction(agents, order, asked, noise)


def _by_induction(tree: AgentTree, order: Sequence[int], precision: float, noise: str) -> Solution:
    method = "agent-quantal-induction"
    scale = exact_number(precision)

    def solved() -> list[Ball]:
        play: dict[int, Sequence[Ball]] = {}
        known: dict[History, list[Ball]] = {}
        for who in order:
            worth = utilities(tree, who, play, known)
            if worth is None:
                msg = (
                    f"chance never leads to {tree.game.agents[who]!r}, so that what it believes "
                    "there is not determined. Remove the events of probability 0"
                )
                raise GameError(msg)
            play[who] = response_balls([ball(scale) * own for own in worth], noise)
        return [chance for k in range(len(tree.players)) for chance in play[k]]

    # Integrals to the relative precision of the smallest floats would take minutes.
    integrals = noise == "probit" and any(len(own) > 2 for own in tree.game.actions)
    floor = Fraction(1, 10 ** (20 if integrals else 300))
    balls = enclosed(solved, bits=_BITS, most=_MOST_BITS, floor=floor)
    middles = [max(0.0, _middle(value)) if value.is_finite() else 0.0 for value in balls]
    error = max((_distance(p, value) for p, value in zip(middles, balls, strict=True)), default=0)
    if error > LARGEST_ERROR:
        cause = "Some probability could not be enclosed: ask for less precision."
        return _unreached(tree, method, precision, noise, cause)
    found = _record(tree, _profile(tree, middles), precision, noise, _rounded_up(Fraction(error)))
    return _solution(tree, method, Status.COMPLETE, found)


def _by_path(tree: AgentTree, precision: float, noise: str) -> Solution:
    method = "agent-quantal-path"
    system = agent_system(tree, noise)
    point, reached, farthest = trace_to(system, precision * system.unit)
    end = decimal_text(farthest / system.unit)
    if not reached:
        cause = f"The branch was followed to precision {end}: ask for no more than that."
        return _unreached(tree, method, precision, noise, cause)
    chances = np.exp(point[:-1])
    sums = np.add.reduceat(chances, system.starts[:-1])
    chances /= np.repeat(sums, np.diff(system.starts))
    profile = _profile(tree, [float(p) for p in chances])
    found = _record(tree, profile, precision, noise, math.inf)
    if not found.residual <= LARGEST_RESIDUAL:
        cause = (
            f"At precision {end} rounding hides whether the end of the branch is an equilibrium, "
            "or some probability is below the range of floats: ask for less precision."
        )
        return _unreached(tree, method, precision, noise, cause)
    if precision:
        return _solution(tree, method, Status.PARTIAL, found)
    # Even play is the only response to anything, and the residual the distance from it.
    return _solution(tree, method, Status.COMPLETE, replace(found, error=found.residual))


def _solution(
    tree: AgentTree, method: str, status: Status, found: AgentQuantalEquilibrium
) -> Solution:
    return Solution(
        game=tree.game,
        concept="agent-quantal",
        method=method,
        status=status,
        equilibria=(found,),
        exact=False,
        parameters={"precision": found.precision, "noise": found.noise},
    )


def _unreached(tree: AgentTree, method: str, precision: float, noise: str, cause: str) -> Solution:
    return _Unreached(
        game=tree.game,
        concept="agent-quantal",
        method=method,
        status=Status.LIMIT,
        equilibria=(),
        exact=False,
        parameters={"precision": precision, "noise": noise},
        cause=cause,
    )


def _record(
    tree: AgentTree, profile: Profile, precision: float, noise: str, error: float
) -> AgentQuantalEquilibrium:
    """Return the record of a profile, all but its error recomputed from the tree."""
    accounts = enclosed(
        lambda: _accounts(tree, profile, precision, noise),
        bits=_BITS,
        most=_MOST_BITS,
        floor=Fraction(1),
    )
    players = tree.game.n_players
    payoffs, regret, residual = accounts[:players], accounts[players:-1], accounts[-1]
    return AgentQuantalEquilibrium(
        game=tree.game,
        profile=profile,
        payoffs=tuple(map(_middle, payoffs)),
        regret=tuple(max(0.0, _middle(value)) for value in regret),
        precision=precision,
        noise=noise,
        residual=_rounded_up(bounds(residual)[1]) if residual.is_finite() else math.inf,
        error=error,
    )


def _accounts(tree: AgentTree, profile: Profile, precision: float, noise: str) -> list[Ball]:
    """Return the payoffs and regret of each player, and the largest residual of any agent."""
    play: Mapping[int, Sequence[Ball]] = {
        who: [ball(exact_number(p)) for p in own] for who, own in enumerate(profile)
    }
    known: dict[History, list[Ball]] = {}
    payoffs = expectations(tree, (), play, known)
    regret = [ball(0) for _ in tree.game.players]
    residual = ball(0)
    for who, player in enumerate(tree.players):
        worth = utilities(tree, who, play, known)
        if worth is None:
            residual = ball(1) / ball(0)
            continue
        mean = sum((p * u for p, u in zip(play[who], worth, strict=True)), ball(0))
        for own in worth:
            regret[player] = regret[player].max(own - mean)
        scaled = [ball(exact_number(precision)) * own for own in worth]
        for p, answer in zip(play[who], response_balls(scaled, noise), strict=True):
            residual = residual.max(abs(p - answer))
    return [*payoffs, *regret, residual]


def _profile(tree: AgentTree, chances: Sequence[float]) -> Profile:
    left = iter(chances)
    return tuple(tuple(next(left) for _ in own) for own in tree.game.actions)


def _middle(value: Ball) -> float:
    if not value.is_finite():
        return math.nan
    low, high = bounds(value)
    return float((low + high) / 2)


def _distance(number: float, value: Ball) -> Fraction:
    """Return how far a number is at most from what a ball encloses; 1 if nothing is known."""
    if not value.is_finite():
        return Fraction(1)
    low, high = bounds(value)
    return max(high - Fraction(number), Fraction(number) - low)


def _rounded_up(value: Fraction) -> float:
    number = float(value)
    return number if Fraction(number) >= value else math.nextafter(number, math.inf)
