"""Governments that alternate between two sides, against a steady hedge (F4d)."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from ._tables import REAL, Row, parameters_from
from .dynamic_model import DynamicModel, Quantity
from .parameters import ParameterSpace, ParameterStatus

__all__ = ["alternating_governments"]

_MEASURED, _ELICITED, _, _NORMALIZATION = ParameterStatus
_ONE, _ZERO = sp.Integer(1), sp.Integer(0)

_TABLE: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
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
    ("slope", "u_1", REAL, (-1, 1),
     "utility of alignment with the patron, at the hedge", "utility per alignment", _ELICITED),
    ("curvature", "k", REAL, (-2, 2),
     "concavity of utility in alignment, minus its second derivative; negative if it is convex",
     "utility per squared alignment", _ELICITED),
    ("alliance_jump", "J", (0, None), (0, 2),
     "what alignment with the patron gains on top, as by a guarantee of alliance", "utility",
     _ELICITED),
    ("switching_cost", "chi", (0, None), (0, 1),
     "cost of a change between kinds of government", "utility", _ELICITED),
)  # fmt: skip


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
    space = ParameterSpace(parameters_from(_TABLE))
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
