"""The 1-2 game of strategic probit: one state may challenge, the other gives in or fights."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from ...games import Decision, Terminal
from .._tables import REAL, Row, parameters_from
from ..parameters import ParameterSpace
from ..tree_model import TreeModel
from ._terms import ELICITED, UTILITY, named_quantities

__all__ = ["one_two_game"]

_TABLE: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
    ("first_status_quo", "u1_sq", REAL, UTILITY, "first state's utility of the status quo",
     "utility", ELICITED),
    ("first_capitulation", "u1_cap", REAL, UTILITY,
     "first state's utility if the second capitulates", "utility", ELICITED),
    ("first_war", "u1_war", REAL, UTILITY, "first state's utility of war", "utility", ELICITED),
    ("second_status_quo", "u2_sq", REAL, UTILITY, "second state's utility of the status quo",
     "utility", ELICITED),
    ("second_capitulation", "u2_cap", REAL, UTILITY,
     "second state's utility if it capitulates", "utility", ELICITED),
    ("second_war", "u2_war", REAL, UTILITY, "second state's utility of war", "utility", ELICITED),
)  # fmt: skip


@lru_cache(maxsize=1)
def one_two_game() -> TreeModel:
    """Return the tree behind strategic probit: one decision of each of two states.

    Returns
    -------
    TreeModel
        Players ``first`` and ``second``. The first may keep the ``status_quo`` or ``challenge``;
        then the second may ``capitulate`` or go to ``war``. The closed form ``war_threshold`` is
        the probability of war up to which a challenge pays. Regions: ``status_quo``,
        ``capitulation`` and ``war``, the outcomes if neither state errs.

    Notes
    -----
    Stylised after Signorino [1]_. His states err, and the probabilities of the outcomes are those
    of an agent quantal response; this is the tree with its utilities. A challenge pays up to
    ``(u1_cap - u1_sq) / (u1_cap - u1_war)``.

    References
    ----------
    .. [1] C. S. Signorino (1999), Strategic interaction and the statistical analysis of
       international conflict, American Political Science Review 93, 279-297.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.classics.one_two_game()
    >>> values = {"first_status_quo": -1, "first_capitulation": 0, "first_war": -1.4,
    ...           "second_status_quo": 0, "second_capitulation": 0, "second_war": 0.1}
    >>> model.value("war_threshold", values)
    Fraction(5, 7)
    >>> model.regions_at(values), ag.solve(model.tree(values)).equilibria[0].path
    (('status_quo',), ('status_quo',))
    """
    space = ParameterSpace(parameters_from(_TABLE))
    s = space.symbols
    first, second = (
        {end: s[f"{who}_{end}"] for end in ("status_quo", "capitulation", "war")}
        for who in ("first", "second")
    )
    stay, cap, war = first.values()
    threshold = (cap - stay) / (cap - war)
    meaning = "probability of war up to which a challenge pays"
    fights = second["war"] >= second["capitulation"]
    yields = second["war"] <= second["capitulation"]
    reference = "Signorino 1999"
    return TreeModel(
        name="one_two_game",
        title="The 1-2 game of strategic probit",
        players=("first", "second"),
        parameters=space,
        template=Decision("first", {
            "status_quo": Terminal((stay, second["status_quo"])),
            "challenge": Decision("second", {
                "capitulate": Terminal((cap, second["capitulation"])),
                "war": Terminal((war, second["war"])),
            }),
        }),
        quantities=named_quantities(
            [("war_threshold", threshold, meaning, sp.And(war < stay, stay < cap))], reference
        ),
        regions={
            "status_quo": sp.Or(sp.And(fights, stay >= war), sp.And(yields, stay >= cap)),
            "capitulation": sp.And(yields, cap >= stay),
            "war": sp.And(fights, war >= stay),
        },
        reference=reference,
    )  # fmt: skip
