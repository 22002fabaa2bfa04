"""Which side a third state takes in a war of two others, if any."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from ...games import Chance, Decision, Terminal
from .._tables import REAL, Row, parameters_from
from ..parameters import ParameterSpace
from ..tree_model import TreeModel
from ._terms import ELICITED, UTILITY, named_quantities

__all__ = ["choosing_sides"]

_TABLE: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
    ("first_capability", "a", (0, None), (0, 20), "capability of the first belligerent",
     "capability", ELICITED),
    ("own_capability", "b", (0, None), (0, 20), "capability of the third state", "capability",
     ELICITED),
    ("second_capability", "c", (0, None), (0, 20), "capability of the second belligerent",
     "capability", ELICITED),
    ("first_victory", "U_A", REAL, UTILITY, "what the first belligerent's victory is worth",
     "utility", ELICITED),
    ("second_victory", "U_C", REAL, UTILITY, "what the second belligerent's victory is worth",
     "utility", ELICITED),
    ("cost_first", "K_A", (0, None), (0, 1), "what it costs to fight beside the first",
     "utility", ELICITED),
    ("cost_second", "K_C", (0, None), (0, 1), "what it costs to fight beside the second",
     "utility", ELICITED),
)  # fmt: skip


@lru_cache(maxsize=1)
def choosing_sides() -> TreeModel:
    """Return a third state's choice to join either side of a war or to stay neutral.

    Returns
    -------
    TreeModel
        One player, ``third_state``, with the actions ``join_first``, ``neutral`` and
        ``join_second``; a side wins in proportion to its capability. Closed forms:

        - ``gain_first``, ``gain_second``: what joining a side adds to the value of neutrality,
          before its cost; neutrality is best where neither gain exceeds its cost;
        - ``cost_advantage``: how much more joining the first may cost than joining the second.

        Regions: ``join_first``, ``neutral``, ``join_second``, where each is a best choice.

    Notes
    -----
    Stylised after Altfeld and Bueno de Mesquita [1]_; neutrality and the formulas are derived
    here. Joining the first raises its chance from ``a / (a + c)`` to ``(a + b) / (a + b + c)``,
    which is worth ``b c (U_A - U_C) / ((a + c)(a + b + c))``: to a small state, little.

    References
    ----------
    .. [1] M. F. Altfeld and B. Bueno de Mesquita (1979), Choosing sides in wars, International
       Studies Quarterly 23, 87-112.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.classics.choosing_sides()
    >>> values = {"first_capability": 10, "own_capability": 1, "second_capability": 8,
    ...           "first_victory": 1, "second_victory": 0, "cost_first": 0.05, "cost_second": 0}
    >>> model.value("gain_first", values)
    Fraction(4, 171)
    >>> model.regions_at(values), model.regions_at(values, own_capability=5)
    (('neutral',), ('join_first',))
    """
    space = ParameterSpace(parameters_from(_TABLE))
    s = space.symbols
    a, b, c = (s[f"{who}_capability"] for who in ("first", "own", "second"))
    first, second = s["first_victory"], s["second_victory"]

    def war(strong: sp.Expr, weak: sp.Expr, cost: sp.Expr) -> Chance:
        ends = {
            "first_wins": Terminal((first - cost,)),
            "second_wins": Terminal((second - cost,)),
        }
        chance = strong / (strong + weak)
        return Chance(ends, {"first_wins": chance, "second_wins": 1 - chance})

    gain = b * (first - second) / ((a + c) * (a + b + c))
    net_first, net_second = c * gain - s["cost_first"], -a * gain - s["cost_second"]
    able = a + c > 0
    rows = (
        ("gain_first", c * gain, "what joining the first adds to neutrality, before its cost",
         able),
        ("gain_second", -a * gain, "what joining the second adds to neutrality, before its cost",
         able),
        ("cost_advantage", b * (first - second) / (a + b + c),
         "how much more joining the first may cost than joining the second", able),
    )  # fmt: skip
    return TreeModel(
        name="choosing_sides",
        title="Choosing sides in wars",
        players=("third_state",),
        parameters=space,
        template=Decision("third_state", {
            "join_first": war(a + b, c, s["cost_first"]),
            "neutral": war(a, c, sp.Integer(0)),
            "join_second": war(a, b + c, s["cost_second"]),
        }),
        quantities=named_quantities(rows, "Altfeld and Bueno de Mesquita 1979"),
        regions={
            "join_first": sp.And(able, net_first >= 0, net_first >= net_second),
            "neutral": sp.And(able, net_first <= 0, net_second <= 0),
            "join_second": sp.And(able, net_second >= 0, net_second >= net_first),
        },
        reference="Altfeld and Bueno de Mesquita 1979",
    )  # fmt: skip
