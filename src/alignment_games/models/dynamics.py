"""Time for one small state: a patron that may leave (F4a), governments that alternate (F4d)."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from ._tables import Row, parameters_from
from .dynamic_model import DynamicModel, Quantity
from .parameters import ParameterSpace, ParameterStatus

__all__ = ["abandonment_hazard", "alternating_governments"]

_MEASURED, _ELICITED, _ASSUMPTION, _NORMALIZATION = ParameterStatus
_REAL = (-(10**6), 10**6)

_ONE, _ZERO = sp.Integer(1), sp.Integer(0)

_HAZARD: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
    ("discount", "delta", (0, 1), ("0.8", "0.99"),
     "discount factor of a period, above 0 and below 1", "share", _ELICITED),
    ("hazard", "lambda", (0, 1), (0, "0.2"),
     "probability that the patron, if it is still there, leaves for good after a period",
     "probability", _ELICITED),
    ("flow_balance", "y_B", _REAL, (-2, 2),
     "what a period of balancing is worth while the patron is there", "utility", _ELICITED),
    ("flow_hedge", "y_H", _REAL, (-2, 2),
     "what a period of hedging is worth while the patron is there", "utility", _ELICITED),
    ("abandoned_flow_balance", "y0_B", _REAL, (-2, 2),
     "what a period is worth to an ally that the patron has left", "utility", _ELICITED),
    ("abandoned_flow_hedge", "y0_H", _REAL, (-2, 2),
     "what a period is worth to a hedger when the patron has left", "utility", _ELICITED),
    ("exit_cost", "chi", (0, None), (0, 10),
     "one-time cost at which an ally that the patron has left becomes a hedger, at once",
     "utility", _ASSUMPTION),
)  # fmt: skip

_ALTERNATION: tuple[Row, ...] = (
    ("discount", "delta", (0, 1), ("0.8", "0.99"),
     "discount factor of a period, above 0 and below 1", "share", _ELICITED),
    ("persistence", "s", (0, 1), (0, 1),
     "probability that a government simply stays; otherwise the next one is drawn", "probability",
     _MEASURED),
    ("hedger_share", "q_0", (0, 1), (0, 1),
     "probability that a government that is drawn hedges", "probability", _ELICITED),
    ("patron_lean", "r", (0, 1), (0, 1),
     "probability that one that does not hedge sides with the patron, not the hegemon",
     "probability", _ELICITED),
    ("swing", "h", (0, None), (0, 1),
     "how far a government that sides moves alignment from the hedge, either way",
     "alignment; full alignment = 1", _NORMALIZATION),
    ("slope", "u_1", _REAL, (-1, 1),
     "utility of alignment with the patron, at the hedge", "utility per alignment", _ELICITED),
    ("curvature", "k", _REAL, (-2, 2),
     "concavity of utility in alignment, minus its second derivative; negative if it is convex",
     "utility per squared alignment", _ELICITED),
    ("alliance_jump", "J", (0, None), (0, 2),
     "what alignment with the patron gains on top, as by a guarantee of alliance", "utility",
     _ELICITED),
    ("switching_cost", "chi", (0, None), (0, 1),
     "cost of a change between kinds of government", "utility", _ELICITED),
)  # fmt: skip


@lru_cache(maxsize=1)
def abandonment_hazard() -> DynamicModel:
    """Return the choice between balancing and hedging while the patron may leave for good.

    Returns
    -------
    DynamicModel
        One player, ``small_state``. In the state ``engaged`` it balances or hedges, anew in each
        period; ``abandoned_ally`` may ``stay`` or ``exit``; ``abandoned_hedger`` hedges.

    Notes
    -----
    Equation F4a. With ``y`` the flows before and ``y0`` those after abandonment, ``lambda`` the
    hazard, ``delta`` the discount factor and ``chi`` the cost of the exit, hedging is better
    exactly if ``lambda`` exceeds

    ``lambda* = (1 - delta)(y_B - y_H) / (delta min(y0_H - y0_B, (1 - delta) chi))``.

    That the posture can be chosen anew in every period changes nothing: as long as the patron is
    there every period is like the first, so that what is best once is best always. What does the
    work is that abandonment is final *and* that an ally cannot leave its posture for nothing:
    for ``chi = 0`` no hazard makes hedging better. The exit takes effect at once; where it took a
    period, an ally would lose ``y0_H - y0_B`` once even if it were free.

    Examples
    --------
    The small state hedges although it expects the patron to stay for fifty periods:

    >>> import alignment_games as ag
    >>> model = ag.models.abandonment_hazard()
    >>> values = {
    ...     "discount": 0.95, "hazard": 0.02, "flow_balance": 1.2, "flow_hedge": 1,
    ...     "abandoned_flow_balance": 0.2, "abandoned_flow_hedge": 1, "exit_cost": 20,
    ... }
    >>> model.value("hazard_threshold", values)
    Fraction(1, 76)
    >>> print(ag.solvers.markov_perfect(model.game(values)).equilibria[0])
    engaged: small_state: hedge  values (20)
    abandoned_ally: small_state: stay  values (4)
    abandoned_hedger: small_state: hedge  values (20)
    >>> model.value("hazard_threshold", values, exit_cost=5)
    Fraction(4, 95)
    """
    space = ParameterSpace(parameters_from(_HAZARD))
    s = space.symbols
    delta, hazard, cost = s["discount"], s["hazard"], s["exit_cost"]
    before = {a: s[f"flow_{a}"] for a in ("balance", "hedge")}
    after = {a: s[f"abandoned_flow_{a}"] for a in before}
    left = {"balance": "abandoned_ally", "hedge": "abandoned_hedger"}
    forever = {a: after[a] / (1 - delta) for a in after}
    ally = sp.Max(forever["balance"], forever["hedge"] - cost)
    gap = after["hedge"] - after["balance"]
    lead = before["balance"] - before["hedge"]
    end = {"abandoned_hedger": _ONE}

    def worth(a: str, then: sp.Expr) -> sp.Expr:
        return (before[a] + delta * hazard * then) / (1 - delta * (1 - hazard))

    return DynamicModel(
        name="abandonment_hazard",
        title="Hedging against abandonment",
        players=("small_state",),
        states=("engaged", "abandoned_ally", "abandoned_hedger"),
        strategies={
            "engaged": (("balance", "hedge"),),
            "abandoned_ally": (("stay", "exit"),),
            "abandoned_hedger": (("hedge",),),
        },
        parameters=space,
        payoffs={
            **{("engaged", (a,)): (before[a],) for a in before},
            ("abandoned_ally", ("stay",)): (after["balance"],),
            ("abandoned_ally", ("exit",)): (after["hedge"] - cost,),
            ("abandoned_hedger", ("hedge",)): (after["hedge"],),
        },
        transitions={
            **{("engaged", (a,)): {"engaged": 1 - hazard, left[a]: hazard} for a in before},
            ("abandoned_ally", ("stay",)): {"abandoned_ally": _ONE},
            ("abandoned_ally", ("exit",)): end,
            ("abandoned_hedger", ("hedge",)): end,
        },
        quantities={
            "value_balance": Quantity(
                expression=worth("balance", ally),
                meaning="value of balancing until the patron leaves",
                reference="F4a",
            ),
            "value_hedge": Quantity(
                expression=worth("hedge", forever["hedge"]),
                meaning="value of hedging",
                reference="F4a",
            ),
            "value_abandoned_ally": Quantity(
                expression=ally,
                meaning="value of having been left as an ally",
                reference="F4a",
            ),
            "hazard_threshold": Quantity(
                expression=(1 - delta) * lead / (delta * sp.Min(gap, (1 - delta) * cost)),
                meaning="hazard above which hedging is better; above 1 it never is",
                reference="F4a",
                condition=sp.And(gap > 0, cost > 0),
            ),
            "exit_cost_threshold": Quantity(
                expression=lead / (delta * hazard),
                meaning="cost of the exit above which hedging is better",
                reference="F4a",
                condition=sp.And(hazard > 0, delta * hazard * gap > (1 - delta) * lead),
            ),
        },
        reference="F4a",
    )


@lru_cache(maxsize=1)
def alternating_governments() -> DynamicModel:
    """Return the choice between a steady hedge and governments that side now here, now there.

    Returns
    -------
    DynamicModel
        One player, ``small_state``. In the state ``constitution`` it chooses ``steady_hedge`` or
        ``elections``; the other states are ``pro_patron``, ``pro_hegemon`` and ``hedger``, the
        governments, and ``steady``.

    Notes
    -----
    Equation F4d. A government stays with probability ``s``; otherwise one is drawn, of kind ``i``
    with probability ``q_i``, which may be of the kind before. The stationary distribution is
    ``q``, and a change has the probability ``(1 - s)(1 - sum of q_i squared)``. Elections begin
    with a draw, so that they are stationary from the start. Alignment ``x`` is ``h``, ``-h`` or 0
    and utility is ``u_1 x - k x^2 / 2``, and ``J`` more at ``h``; that of the hedge is normalized
    to 0. A change costs ``chi``, which counts in expectation in the period before it.

    Where ``r = 1/2``, so that alignment is 0 on average, and ``J = 0``, elections lose
    ``(k/2) Var(x) + chi Pr(change)`` a period. A jump, or a convex utility, can turn that around,
    and so can a start that is not drawn: with a friend of the patron in office the mean is not 0
    for some time.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.alternating_governments()
    >>> values = {
    ...     "discount": 0.9, "persistence": 0.5, "hedger_share": 0, "patron_lean": 0.5,
    ...     "swing": 1, "slope": 0, "curvature": 0.4, "alliance_jump": 0, "switching_cost": 0.2,
    ... }
    >>> model.value("loss", values)  # 0.4/2 + 0.2 * 0.25
    Fraction(1, 4)
    >>> model.value("jump_threshold", values)
    Fraction(1, 2)
    >>> game = model.game(values, alliance_jump=0.6)
    >>> ag.solvers.markov_perfect(game).equilibria[0].played("constitution")
    (('elections',),)
    """
    space = ParameterSpace(parameters_from(_ALTERNATION))
    s = space.symbols
    delta, stay, siding = s["discount"], s["persistence"], 1 - s["hedger_share"]
    lean, swing, slope = s["patron_lean"], s["swing"], s["slope"]
    drawn = {
        "pro_patron": siding * lean,
        "pro_hegemon": siding * (1 - lean),
        "hedger": s["hedger_share"],
    }
    bend = s["curvature"] / 2 * swing**2
    utility = {
        "pro_patron": slope * swing - bend + s["alliance_jump"],
        "pro_hegemon": -slope * swing - bend,
        "hedger": _ZERO,
    }
    change = {i: (1 - stay) * (1 - drawn[i]) for i in drawn}
    flow = {i: utility[i] - s["switching_cost"] * change[i] for i in drawn}
    mean_flow = sum((drawn[i] * flow[i] for i in drawn), _ZERO)
    often = sum((drawn[i] * change[i] for i in drawn), _ZERO)
    mean = swing * (drawn["pro_patron"] - drawn["pro_hegemon"])
    variance = swing**2 * siding - mean**2
    without_jump = bend * siding - slope * mean + s["switching_cost"] * often
    lasting = 1 / (1 - delta * stay)
    kinds = {
        f"value_{i}": Quantity(
            expression=flow[i] * lasting + mean_flow * (1 / (1 - delta) - lasting),
            meaning=f"value of elections from a government of the kind {i} on",
            reference="F4d",
        )
        for i in drawn
    }
    return DynamicModel(
        name="alternating_governments",
        title="A steady hedge against alternating governments",
        players=("small_state",),
        states=("constitution", *drawn, "steady"),
        strategies={
            "constitution": (("steady_hedge", "elections"),),
            **dict.fromkeys(drawn, (("govern",),)),
            "steady": (("hedge",),),
        },
        parameters=space,
        payoffs={
            ("constitution", ("steady_hedge",)): (_ZERO,),
            ("constitution", ("elections",)): (_ZERO,),
            **{(i, ("govern",)): (flow[i],) for i in drawn},
            ("steady", ("hedge",)): (_ZERO,),
        },
        transitions={
            ("constitution", ("steady_hedge",)): {"steady": _ONE},
            ("constitution", ("elections",)): drawn,
            **{(i, ("govern",)): _next(i, drawn, stay) for i in drawn},
            ("steady", ("hedge",)): {"steady": _ONE},
        },
        quantities={
            "mean_alignment": Quantity(
                expression=mean, meaning="stationary mean of alignment", reference="F4d"
            ),
            "variance": Quantity(
                expression=variance, meaning="stationary variance of alignment", reference="F4d"
            ),
            "change_probability": Quantity(
                expression=often,
                meaning="stationary probability of a change after a period",
                reference="F4d",
            ),
            "loss": Quantity(
                expression=-mean_flow,
                meaning="what elections lose a period against a steady hedge, stationary",
                reference="F4d",
            ),
            "loss_equal_mean": Quantity(
                expression=s["curvature"] / 2 * variance + s["switching_cost"] * often,
                meaning="that loss from variance and changes alone",
                reference="F4d",
                condition=sp.And(sp.Eq(mean, 0), sp.Eq(s["alliance_jump"], 0)),
            ),
            "jump_threshold": Quantity(
                expression=without_jump / drawn["pro_patron"],
                meaning="gain from a guarantee above which elections are better",
                reference="F4d",
                condition=drawn["pro_patron"] > 0,
            ),
            **kinds,
        },
        reference="F4d",
    )


def _next(kind: str, drawn: dict[str, sp.Expr], stay: sp.Symbol) -> dict[str, sp.Expr]:
    """Return which government follows one of a kind."""
    return {i: (1 - stay) * chance + (stay if i == kind else 0) for i, chance in drawn.items()}
