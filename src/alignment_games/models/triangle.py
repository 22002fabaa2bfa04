"""The triangle: a small state, a hegemon, and a patron that decides whether to help (F2).

The small state S takes a posture, the hegemon G accommodates or coerces, and nature draws the
patron's cost ``k`` of supporting, uniform on ``[0, kbar]``. If S is coerced and no bandwagoner,
the patron P sees the cost and supports or abandons; then the lottery of coercion is drawn. In
expectation over that lottery P gets, with ``l1 = l0 - delta``,

- ``-l1 v_P - k`` if it supports,
- ``-l0 v_P - m_a`` if it abandons: ``m_a`` is what breaking its word to an ally (``m_B``) or
  disappointing a hedger (``m_H``) costs.

So it supports exactly if ``k <= delta v_P + m_a``, with the chance
``rho_a = min(1, (delta v_P + m_a) / kbar)``, and S and G play the alignment game F1 with ``rho_a``
in place of ``rho r_a``. In peace P gets 0: its payoffs count what coercion costs it, and not what
it thinks of a posture.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from .._typing import Values
from ..errors import ParameterError
from ..games import Chance, Decision, ExtensiveGame, Terminal
from ..games.nodes import Node
from ._tables import Row, parameters_from
from .alignment import ALIGNMENT_ROWS, FULL_SUPPORT, posture_game
from .model import AlignmentModel
from .parameters import Constraint, ParameterSpace, ParameterStatus

__all__ = ["triangle", "triangle_tree"]

_, _ELICITED, _ASSUMPTION, _ = ParameterStatus
_REPLACED = ("patron_reliability", "informal_support")

_TABLE: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
    ("patron_stake", "v_P", (0, None), (0, 2),
     "what the patron loses if the small state is overrun", "patron's utility", _ELICITED),
    ("largest_support_cost", "kbar", (0, None), (0, 2),
     "the patron's cost of supporting is uniform from 0 to this", "patron's utility", _ASSUMPTION),
    ("treaty_penalty_balance", "m_B", (0, None), (0, 1),
     "what abandoning an ally costs the patron", "patron's utility", _ELICITED),
    ("treaty_penalty_hedge", "m_H", (0, None), (0, 1),
     "what abandoning a hedger costs the patron", "patron's utility", _ELICITED),
)  # fmt: skip


@lru_cache(maxsize=1)
def triangle() -> AlignmentModel:
    """Return the alignment game with a patron that decides whether to help.

    Returns
    -------
    AlignmentModel
        Players ``small_state`` (``balance``, ``hedge``, ``bandwagon``) and ``hegemon``
        (``accommodate``, ``coerce``); the patron's best reply is put into their payoffs, and
        `triangle_tree` has it as a player. 26 parameters: those of `alignment`, with
        ``patron_stake``, ``largest_support_cost``, ``treaty_penalty_balance`` and
        ``treaty_penalty_hedge`` in place of ``patron_reliability`` and ``informal_support``.
        `AlignmentModel.terms` holds the blocks ``kept_value`` (Y), ``support`` (rho),
        ``patron_payoff``, ``tilt`` (z), ``success`` (l) and ``cost`` (c); ``patron_payoff`` is
        what the patron expects, before it knows its cost, if the posture is coerced.

    See Also
    --------
    triangle_tree : The game with the patron and its cost, to be solved from its end.

    Notes
    -----
    Equation F2. The chance that a posture ``a`` other than bandwagoning is supported,
    ``rho_a = min(1, (delta v_P + m_a) / kbar)``, is 1 also where the cost is known to be 0
    (``kbar = 0``). With the reach ``c = delta v_P + m_a`` the patron of a coerced small state
    expects ``-l0 v_P - m_a + c^2 / (2 kbar)`` if ``c < kbar`` and ``-l1 v_P - kbar / 2``
    otherwise. A coerced bandwagoner is not helped, which costs the patron ``l0 v_P``.

    The game is F1 where ``patron_reliability`` is ``rho_B`` and ``informal_support`` is
    ``rho_H / rho_B``. The patron's stake ``v_P`` is the same for an ally and for a hedger, so
    that without a treaty (``m_B = m_H``) both are supported alike.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.triangle()
    >>> model.terms["support", "balance"]
    Piecewise((1, kbar <= delta*v_P + m_B), ((delta*v_P + m_B)/kbar, True))
    >>> shared = {k: v for k, v in ag.load_scenario("vietnam").items() if k in model.parameters}
    >>> patron = {"patron_stake": 0.4, "largest_support_cost": 1,
    ...           "treaty_penalty_balance": 0.2, "treaty_penalty_hedge": 0}
    >>> ag.solve(model.tree({**shared, **patron})).equilibria[0].path
    ('hedge', 'accommodate')
    """
    kept = [row for row in ALIGNMENT_ROWS if row[0] not in _REPLACED]
    binding = Constraint(
        smaller="treaty_penalty_hedge",
        larger="treaty_penalty_balance",
        reason="a treaty does not bind the patron less than ties to a hedger",
    )
    space = ParameterSpace(parameters_from([*kept, *_TABLE]), (FULL_SUPPORT, binding))
    s = space.symbols
    largest, stake = s["largest_support_cost"], s["patron_stake"]
    unaided = -s["coercion_success"] * stake
    support: dict[str, sp.Expr] = {}
    expected: dict[str, sp.Expr] = {}
    for a in ("balance", "hedge"):
        penalty = s[f"treaty_penalty_{a}"]
        reach = s["support_effect"] * stake + penalty
        always = largest <= reach
        support[a] = sp.Piecewise((1, always), (reach / largest, True))
        expected[a] = unaided + sp.Piecewise(
            (s["support_effect"] * stake - largest / 2, always),
            (reach**2 / (2 * largest) - penalty, True),
        )
    support["bandwagon"], expected["bandwagon"] = sp.Integer(0), unaided
    return posture_game(
        name="triangle",
        title="The triangle of a small state, a hegemon and a patron",
        parameters=space,
        support=support,
        blocks={"support": support, "patron_payoff": expected},
        reference="F2",
    )


def triangle_tree(
    values: Values | None = None, *, levels: int | None = None, **overrides: Any
) -> ExtensiveGame:
    """Return the triangle as a tree in which the patron moves, on finitely many costs.

    Parameters
    ----------
    values : Scenario or mapping of str to number, optional
        Values of the parameters of `triangle` by name.
    levels : int, optional
        Cut the patron's costs into this many equally likely intervals, and let each stand for
        its middle. By default costs are cut where the patron's choice changes, into three
        intervals at most.
    **overrides : number
        Values that replace those of `values`.

    Returns
    -------
    ExtensiveGame
        Players ``small_state``, ``hegemon`` and ``patron``, who see all that came before: the
        posture, the hegemon's choice, the patron's cost, its choice, and the lottery of
        coercion. Exact.

    Raises
    ------
    ParameterError
        If a parameter is unknown, missing or outside its domain, or `levels` is not a positive
        integer.
    WorkLimitError
        If so many levels need a tree of more than a million nodes.

    Notes
    -----
    By default the subgame-perfect equilibria are those of ``triangle().tree(values)``, with the
    same payoffs: the payoffs are linear in the cost, so that the mean cost of an interval in
    which the patron chooses the same stands for all of it. With `levels` the chance of support is
    at most ``1 / (2 levels)`` from ``rho_a``, and is ``rho_a`` exactly if ``levels rho_a`` is an
    integer.

    Examples
    --------
    >>> import alignment_games as ag
    >>> shared = dict(ag.load_scenario("vietnam"))
    >>> del shared["patron_reliability"], shared["informal_support"]
    >>> tree = ag.models.triangle_tree(
    ...     shared, patron_stake=0.4, largest_support_cost=1, treaty_penalty_balance=0.2,
    ...     treaty_penalty_hedge=0)
    >>> len(tree.agents)
    10
    >>> [float(u) for u in ag.solve(tree).equilibria[0].payoffs]
    [1.6, -0.2, 0.0]
    """
    model = triangle()
    given: object = levels
    if given is not None and (not isinstance(given, int) or isinstance(given, bool) or given < 1):
        msg = f"`levels` must be a positive integer, or None for as few as are exact, got {given!r}"
        raise ParameterError(msg)
    numbers = model.parameters.complete({} if values is None else values, overrides)
    peace = model.game(numbers).exact_payoffs[:, :, 0]
    costs = _cost_levels(numbers, levels)
    root: dict[str, Node] = {}
    for row, a in enumerate(("balance", "hedge", "bandwagon")):
        calm = Terminal((*peace[:, row], Fraction(0)))
        kept = peace[0, row] + numbers[f"cost_{a}"]
        answer: Node
        if a == "bandwagon":
            answer = _lottery(numbers, a, kept, support=False, charge=Fraction(0))
        else:
            answer = Chance(
                {
                    f"cost {k}": _patron(numbers, a, kept, cost)
                    for k, (cost, _) in enumerate(costs, start=1)
                },
                {f"cost {k}": share for k, (_, share) in enumerate(costs, start=1)},
            )
        root[a] = Decision("hegemon", {"accommodate": calm, "coerce": answer})
    return ExtensiveGame(Decision("small_state", root), players=(*model.players, "patron"))


def _cost_levels(
    numbers: dict[str, Fraction], levels: int | None
) -> list[tuple[Fraction, Fraction]]:
    """Return costs that stand for intervals of costs, each with its probability."""
    largest = numbers["largest_support_cost"]
    if levels is not None:
        share = Fraction(1, levels)
        return [(largest * share * (k + Fraction(1, 2)), share) for k in range(levels)]
    if largest == 0:
        return [(Fraction(0), Fraction(1))]
    reach = numbers["support_effect"] * numbers["patron_stake"]
    inside = {reach + numbers[f"treaty_penalty_{a}"] for a in ("balance", "hedge")}
    ends = [Fraction(0), *sorted(c for c in inside if 0 < c < largest), largest]
    return [((low + high) / 2, (high - low) / largest) for low, high in itertools.pairwise(ends)]


def _patron(numbers: dict[str, Fraction], a: str, kept: Fraction, cost: Fraction) -> Decision:
    penalty = numbers[f"treaty_penalty_{a}"]
    return Decision(
        "patron",
        {
            "support": _lottery(numbers, a, kept, support=True, charge=cost),
            "abandon": _lottery(numbers, a, kept, support=False, charge=penalty),
        },
    )


def _lottery(
    numbers: dict[str, Fraction], a: str, kept: Fraction, *, support: bool, charge: Fraction
) -> Chance:
    """Return the lottery of coercion, in which the patron has paid a charge."""
    tilt = {"balance": Fraction(1), "hedge": numbers["tilt"], "bandwagon": -numbers["friendship"]}
    chance, price = numbers["coercion_success"], numbers["coercion_cost"]
    if support:
        chance, price = chance - numbers["support_effect"], price + numbers["escalation_cost"]
    spent = numbers["coercion_damage"] + numbers[f"cost_{a}"]
    overrun = (
        -numbers["overrun_loss"] - spent,
        numbers["stake"] - price,
        -numbers["patron_stake"] - charge,
    )
    held = (kept - spent, -numbers["alignment_loss"] * tilt[a] - price, -charge)
    return Chance(
        {"overrun": Terminal(overrun), "held": Terminal(held)},
        {"overrun": chance, "held": 1 - chance},
    )
