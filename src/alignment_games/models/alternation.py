"""Governments that alternate between two sides, against a steady hedge (F4d)."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from ._tables import REAL, Row, parameters_from
from .dynamic_model import DynamicModel, Move
from .parameters import ParameterSpace, ParameterStatus
from .quantities import Quantity

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
    drawn, flow = _drawn(space), _flows(space)
    payoffs: dict[Move, tuple[sp.Expr, ...]] = {
        ("constitution", ("steady_hedge",)): (_ZERO,),
        ("constitution", ("elections",)): (_ZERO,),
        **{(i, ("govern",)): (flow[i],) for i in drawn},
        ("steady", ("hedge",)): (_ZERO,),
    }
    transitions: dict[Move, dict[str, sp.Expr]] = {
        ("constitution", ("steady_hedge",)): {"steady": _ONE},
        ("constitution", ("elections",)): drawn,
        **{(i, ("govern",)): _next(i, drawn, space["persistence"].symbol) for i in drawn},
        ("steady", ("hedge",)): {"steady": _ONE},
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
        payoffs=payoffs,
        transitions=transitions,
        quantities=_quantities(space),
        reference="F4d",
    )


def _drawn(space: ParameterSpace) -> dict[str, sp.Expr]:
    """Return how likely each kind of government is where one is drawn."""
    s = space.symbols
    siding, lean = 1 - s["hedger_share"], s["patron_lean"]
    return {
        "pro_patron": siding * lean,
        "pro_hegemon": siding * (1 - lean),
        "hedger": s["hedger_share"],
    }


def _changes(space: ParameterSpace) -> dict[str, sp.Expr]:
    """Return how likely a change is after a period of each kind of government."""
    return {i: (1 - space["persistence"].symbol) * (1 - own) for i, own in _drawn(space).items()}


def _bend(space: ParameterSpace) -> sp.Expr:
    """Return what concavity takes from a government that sides."""
    return space["curvature"].symbol / 2 * space["swing"].symbol ** 2


def _flows(space: ParameterSpace) -> dict[str, sp.Expr]:
    """Return what a period of each kind of government is worth, a change after it included."""
    s = space.symbols
    bend, swing, slope = _bend(space), s["swing"], s["slope"]
    utility = {
        "pro_patron": slope * swing - bend + s["alliance_jump"],
        "pro_hegemon": -slope * swing - bend,
        "hedger": _ZERO,
    }
    return {i: utility[i] - s["switching_cost"] * own for i, own in _changes(space).items()}


def _quantities(space: ParameterSpace) -> dict[str, Quantity]:
    s, drawn, change, flow = space.symbols, _drawn(space), _changes(space), _flows(space)
    delta, swing, siding = s["discount"], s["swing"], 1 - s["hedger_share"]
    mean_flow = sum((drawn[i] * flow[i] for i in drawn), _ZERO)
    often = sum((drawn[i] * change[i] for i in drawn), _ZERO)
    mean = swing * (drawn["pro_patron"] - drawn["pro_hegemon"])
    variance = swing**2 * siding - mean**2
    costs = s["switching_cost"] * often
    without_jump = _bend(space) * siding - s["slope"] * mean + costs
    lasting = 1 / (1 - delta * s["persistence"])
    table = [
        ("mean_alignment", mean, "stationary mean of alignment", sp.true),
        ("variance", variance, "stationary variance of alignment", sp.true),
        ("change_probability", often, "stationary probability of a change after a period",
         sp.true),
        ("loss", -mean_flow, "what elections lose a period against a steady hedge, stationary",
         sp.true),
        ("loss_equal_mean", s["curvature"] / 2 * variance + costs,
         "that loss from variance and changes alone",
         sp.And(sp.Eq(mean, 0), sp.Eq(s["alliance_jump"], 0))),
        ("jump_threshold", without_jump / drawn["pro_patron"],
         "gain from a guarantee above which elections are better", drawn["pro_patron"] > 0),
    ]  # fmt: skip
    table += [
        (f"value_{i}", flow[i] * lasting + mean_flow * (1 / (1 - delta) - lasting),
         f"value of elections from a government of the kind {i} on", sp.true)
        for i in drawn
    ]  # fmt: skip
    return {
        name: Quantity(expression=own, meaning=meaning, reference="F4d", condition=condition)
        for name, own, meaning, condition in table
    }


def _next(kind: str, drawn: dict[str, sp.Expr], stay: sp.Symbol) -> dict[str, sp.Expr]:
    """Return which government follows one of a kind."""
    return {i: (1 - stay) * chance + (stay if i == kind else 0) for i, chance in drawn.items()}
