"""Subgame perfection: backward induction, and stage by stage where moves are hidden."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction

from .._typing import Vector
from ..errors import GameError
from ..games import Chance, ExtensiveGame, Terminal
from ..games.nodes import History, exact_payoffs, exact_probabilities
from .certify import certified
from .result import Solution, Status
from .stages import hidden_subgame_perfect

__all__ = ["subgame_perfect"]

Plan = dict[History, str]
Outcome = tuple[Plan, tuple[Fraction, ...]]


def subgame_perfect(game: ExtensiveGame, *, max_equilibria: int = 10_000) -> Solution:
    """Find the subgame-perfect equilibria of a tree.

    A player who is indifferent may choose either way, and what was chosen before may depend
    on how: each combination is an equilibrium of its own.

    Parameters
    ----------
    game : ExtensiveGame
        With perfect recall. With perfect information (every information set holds one
        decision) backward induction lists the pure equilibria. Otherwise all equilibria, pure
        and mixed, are found stage by stage: from the last subgames up, each subgame is solved by
        the Nash equilibria of its reduced normal form, once for each combination of equilibria
        of the subgames that follow it.
    max_equilibria : int, optional
        Stop with status LIMIT when some subgame has more equilibria than this.

    Returns
    -------
    Solution
        With perfect information, method ``backward-induction`` and status COMPLETE. Where no
        player is ever indifferent the equilibrium is unique and the concept is
        ``subgame-perfect``. Under a tie, `degenerate` is set and the concept is
        ``pure-subgame-perfect``: all pure equilibria are listed, and mixtures of tied choices
        are equilibria too as long as earlier choices stay best replies to them.

        Otherwise, method ``subgame-decomposition`` and concept ``subgame-perfect``. Profiles that
        differ only where a player's own play never leads, within a subgame, count as one: the
        player takes its first action there. Status COMPLETE if each subgame has finitely many
        equilibria, all found. Where one has a continuum its extreme equilibria are used (of
        several players those that `nash_nplayer` lists), `degenerate` is set and the status is
        PARTIAL, as it is where an irrational equilibrium of a later subgame had to be rounded.

    Raises
    ------
    GameError
        If some player has no perfect recall.
    WorkLimitError
        If moves are hidden and a subgame's reduced normal form is too large to build or solve.

    Examples
    --------
    >>> import alignment_games as ag
    >>> pie = ag.NormalFormGame([[[1, 0], [0, 0]], [[0, 0], [1, 1]]])
    >>> len(ag.solvers.subgame_perfect(ag.ExtensiveGame.from_normal_form(pie)))
    6
    """
    given: object = game
    if not isinstance(given, ExtensiveGame):
        msg = (
            "`game` must be an ExtensiveGame, for example "
            f"ExtensiveGame.from_normal_form(game), got {type(given).__name__}"
        )
        raise GameError(msg)
    if not game.has_perfect_information:
        return hidden_subgame_perfect(game, max_equilibria=max_equilibria)
    complete = True
    tied = False
    solved: dict[History, list[Outcome]] = {}
    # Moves come depth first, so in reverse every subgame is solved before its parent.
    for history, node in reversed(list(game.moves())):
        actions = tuple(node.branches)
        children: list[list[Outcome]] = [
            [({}, exact_payoffs(child))]
            if isinstance(child, Terminal)
            else solved.pop((*history, action))
            for action, child in node.branches.items()
        ]
        found: list[Outcome] = []
        for plans in itertools.product(*children):
            below: Plan = {}
            for plan, _ in plans:
                below |= plan
            if isinstance(node, Chance):
                found.append((below, _expected(node, [payoffs for _, payoffs in plans])))
            else:
                who = game.players.index(node.player)
                best = max(payoffs[who] for _, payoffs in plans)
                choices = [k for k, (_, payoffs) in enumerate(plans) if payoffs[who] == best]
                tied = tied or len(choices) > 1
                found.extend((below | {history: actions[k]}, plans[k][1]) for k in choices)
            if len(found) > max_equilibria:
                complete = False
                found = found[:max_equilibria]
                break
        solved[history] = found
    outcomes = solved.get((), [({}, ())])
    return Solution(
        game=game,
        concept="pure-subgame-perfect" if tied else "subgame-perfect",
        method="backward-induction",
        status=Status.COMPLETE if complete else Status.LIMIT,
        equilibria=tuple(certified(game, profile) for profile in _profiles(game, outcomes)),
        exact=game.exact,
        degenerate=tied,
        parameters={"max_equilibria": max_equilibria},
    )


def _expected(node: Chance, following: list[tuple[Fraction, ...]]) -> tuple[Fraction, ...]:
    shares = exact_probabilities(node)
    return tuple(
        sum((share * u for share, u in zip(shares, column, strict=True)), Fraction(0))
        for column in zip(*following, strict=True)
    )


def _profiles(game: ExtensiveGame, outcomes: list[Outcome]) -> Iterator[tuple[Vector, ...]]:
    number = Fraction if game.exact else float
    for plan, _ in outcomes:
        yield tuple(
            tuple(number(int(action == plan[history])) for action in names)
            for history, names in zip(game.histories, game.actions, strict=True)
        )
