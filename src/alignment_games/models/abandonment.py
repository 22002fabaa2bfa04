"""A patron that may leave for good, and an alliance that can be left at a cost (F4a)."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from ._tables import REAL, Row, parameters_from
from .dynamic_model import DynamicModel
from .parameters import ParameterSpace, ParameterStatus
from .quantities import Quantity

__all__ = ["abandonment_hazard"]

_, _ELICITED, _ASSUMPTION, _ = ParameterStatus
_ONE = sp.Integer(1)

_TABLE: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
    ("discount", "delta", (0, 1), ("0.8", "0.99"),
     "discount factor of a period, above 0 and below 1", "share", _ELICITED),
    ("hazard", "lambda", (0, 1), (0, "0.2"),
     "probability that the patron, if it is still there, leaves for good after a period",
     "probability", _ELICITED),
    ("flow_balance", "y_B", REAL, (-2, 2),
     "what a period of balancing is worth while the patron is there", "utility", _ELICITED),
    ("flow_hedge", "y_H", REAL, (-2, 2),
     "what a period of hedging is worth while the patron is there", "utility", _ELICITED),
    ("abandoned_flow_balance", "y0_B", REAL, (-2, 2),
     "what a period is worth to an ally that the patron has left", "utility", _ELICITED),
    ("abandoned_flow_hedge", "y0_H", REAL, (-2, 2),
     "what a period is worth to a hedger when the patron has left", "utility", _ELICITED),
    ("exit_cost", "chi", (0, None), (0, 10),
     "what it costs an ally, once, to become a hedger", "utility", _ASSUMPTION),
    ("exit_lag", "ell", (0, 1), (0, 1),
     "how long an ally that the patron has left is still one before it can turn", "periods",
     _ASSUMPTION),
)  # fmt: skip


@lru_cache(maxsize=1)
def abandonment_hazard() -> DynamicModel:
    """Return the choice between balancing and hedging while the patron may leave for good.

    Returns
    -------
    DynamicModel
        One player, ``small_state``. As no ally (state ``engaged``) it may ``balance``, which makes
        it one, or ``hedge``; as an ally (``engaged_ally``, ``abandoned_ally``) it may ``stay`` one
        or ``exit``; ``abandoned_hedger`` hedges. Closed forms:

        - ``value_balance``, ``value_hedge``: values of joining, to leave once the patron has left
          if that pays, and of hedging for ever;
        - ``value_committed``: value of joining for ever; ``exit_value``: what being able to leave
          adds to it;
        - ``value_abandoned_ally``: value of having been left as an ally;
        - ``hazard_threshold``: the hazard above which hedging is better, lambda*;
          ``hazard_threshold_committed``: the same if an alliance is for ever;
        - ``hazard_threshold_leaving``: the hazard above which who is an ally already leaves
          before the patron does;
        - ``exit_cost_threshold``: the exit cost above which hedging is better.

    Notes
    -----
    Equation F4a. With flows ``y`` before and ``y0`` after abandonment, the hazard ``lambda``, the
    discount factor ``delta``, the exit's cost ``chi`` and lag ``l``, hedging is better exactly if

    ``lambda > lambda* = (1 - delta)(y_B - y_H) / (delta min(g, (1 - delta)(chi + l g)))``

    with the gap ``g = y0_H - y0_B``. A posture for ever (``chi`` so large that no one leaves) has
    ``min(...) = g``. One that is chosen anew in each period, for nothing but before it is seen
    whether the patron stays (``chi = 0, l = 1``) has a threshold ``1 / (1 - delta)`` times as
    high. One that is chosen anew for nothing and at once (``chi = l = 0``) has none: then no
    hazard makes hedging better. That an alliance cannot be left in time does all of the work.

    An ally is slower to leave than a state that is none is to stay out. It leaves before the
    patron does only for what it would lose by the lag, if
    ``lambda > (y_B - y_H + (1 - delta) chi) / (delta l g)``; for ``l = 0`` it never does.

    Examples
    --------
    The small state hedges although it expects the patron to stay for fifty periods:

    >>> import alignment_games as ag
    >>> model = ag.models.abandonment_hazard()
    >>> values = {
    ...     "discount": 0.95, "hazard": 0.02, "flow_balance": 1.2, "flow_hedge": 1,
    ...     "abandoned_flow_balance": 0.2, "abandoned_flow_hedge": 1, "exit_cost": 20, "exit_lag": 0
    ... }
    >>> model.value("hazard_threshold", values)
    Fraction(1, 76)
    >>> print(ag.solvers.markov_perfect(model.game(values)).equilibria[0])
    engaged: small_state: hedge  values (20)
    engaged_ally: small_state: stay  values (18.4928)
    abandoned_ally: small_state: stay  values (4)
    abandoned_hedger: small_state: hedge  values (20)
    >>> model.value("hazard_threshold", values, exit_cost=5)
    Fraction(4, 95)
    """
    space = ParameterSpace(parameters_from(_TABLE))
    s = space.symbols
    stays, leaves = 1 - s["hazard"], s["hazard"]
    before, after = (
        {a: s[f"{when}flow_{a}"] for a in ("balance", "hedge")} for when in ("", "abandoned_")
    )
    lost = s["exit_cost"] + s["exit_lag"] * (after["hedge"] - after["balance"])
    allied = {"engaged_ally": stays, "abandoned_ally": leaves}
    free = {"engaged": stays, "abandoned_hedger": leaves}
    end = {"abandoned_hedger": _ONE}
    return DynamicModel(
        name="abandonment_hazard",
        title="Hedging against abandonment",
        players=("small_state",),
        states=("engaged", "engaged_ally", "abandoned_ally", "abandoned_hedger"),
        strategies={
            "engaged": (("balance", "hedge"),),
            "engaged_ally": (("stay", "exit"),),
            "abandoned_ally": (("stay", "exit"),),
            "abandoned_hedger": (("hedge",),),
        },
        parameters=space,
        payoffs={
            ("engaged", ("balance",)): (before["balance"],),
            ("engaged", ("hedge",)): (before["hedge"],),
            ("engaged_ally", ("stay",)): (before["balance"],),
            ("engaged_ally", ("exit",)): (before["hedge"] - s["exit_cost"],),
            ("abandoned_ally", ("stay",)): (after["balance"],),
            ("abandoned_ally", ("exit",)): (after["hedge"] - lost,),
            ("abandoned_hedger", ("hedge",)): (after["hedge"],),
        },
        transitions={
            ("engaged", ("balance",)): allied,
            ("engaged", ("hedge",)): free,
            ("engaged_ally", ("stay",)): allied,
            ("engaged_ally", ("exit",)): free,
            ("abandoned_ally", ("stay",)): {"abandoned_ally": _ONE},
            ("abandoned_ally", ("exit",)): end,
            ("abandoned_hedger", ("hedge",)): end,
        },
        quantities=_quantities(space),
        reference="F4a",
    )


def _quantities(space: ParameterSpace) -> dict[str, Quantity]:
    s = space.symbols
    delta, hazard, cost, lag = (s[name] for name in ("discount", "hazard", "exit_cost", "exit_lag"))
    lead = s["flow_balance"] - s["flow_hedge"]
    gap = s["abandoned_flow_hedge"] - s["abandoned_flow_balance"]
    impatience = 1 - delta
    stuck, hedging = (s[f"abandoned_flow_{a}"] / impatience for a in ("balance", "hedge"))
    price = cost + lag * gap
    freed = sp.Max(stuck, hedging - price)

    def worth(a: str, then: sp.Expr) -> sp.Expr:
        return (s[f"flow_{a}"] + delta * hazard * then) / (1 - delta * (1 - hazard))

    saved = sp.Max(0, gap / impatience - price)
    table = (
        ("value_balance", worth("balance", freed),
         "value of joining, until the patron leaves, and of leaving then if that pays", sp.true),
        ("value_hedge", worth("hedge", hedging), "value of hedging for ever", sp.true),
        ("value_committed", worth("balance", stuck), "value of joining for ever", sp.true),
        ("exit_value", delta * hazard * saved / (1 - delta * (1 - hazard)),
         "what being able to leave adds to the value of joining", sp.true),
        ("value_abandoned_ally", freed, "value of having been left as an ally", sp.true),
        ("hazard_threshold", impatience * lead / (delta * sp.Min(gap, impatience * price)),
         "hazard above which hedging is better; above 1 it never is",
         sp.And(gap > 0, price > 0)),
        ("hazard_threshold_committed", impatience * lead / (delta * gap),
         "hazard above which hedging is better than an alliance for ever; above 1 it never is",
         gap > 0),
        ("hazard_threshold_leaving", (lead + impatience * cost) / (delta * lag * gap),
         "hazard above which an ally leaves before the patron does; above 1 it never does",
         sp.And(lead >= 0, lag * gap > 0)),
        ("exit_cost_threshold", lead / (delta * hazard) - lag * gap,
         "cost of the exit above which hedging is better; below 0 it is for any",
         sp.And(hazard > 0, delta * hazard * gap > impatience * lead)),
    )  # fmt: skip
    return {
        name: Quantity(expression=own, meaning=meaning, reference="F4a", condition=condition)
        for name, own, meaning, condition in table
    }
