"""How firmly to commit to an ally: abandonment against entrapment."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from ...games import Chance, Decision, Terminal
from ...games.nodes import Node
from .._tables import REAL, Row, parameters_from
from ..parameters import ParameterSpace
from ..tree_model import TreeModel
from ._terms import ELICITED, SHARE, UTILITY, named_quantities

__all__ = ["alliance_dilemma"]

_TABLE: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
    ("threat", "q", SHARE, SHARE,
     "probability that the next crisis is a threat to the state, not its ally's quarrel",
     "probability", ELICITED),
    ("abandonment_loss", "A", (0, None), (0, 10),
     "what the state loses if it is threatened and its ally does not help", "utility", ELICITED),
    ("entrapment_loss", "J", (0, None), (0, 10),
     "what the state loses if it is drawn into its ally's quarrel", "utility", ELICITED),
    ("help_committed", "v_1", REAL, UTILITY,
     "what helping is worth more than abandoning, to the ally of a state that is committed",
     "utility", ELICITED),
    ("help_reserved", "v_0", REAL, UTILITY,
     "the same, to the ally of a state that is not", "utility", ELICITED),
    ("firmness_committed", "f_1", REAL, UTILITY,
     ("what standing firm in its quarrel is worth more than yielding, to an ally that counts on "
     "the state"), "utility", ELICITED),
    ("firmness_reserved", "f_0", REAL, UTILITY,
     "the same, to an ally that cannot count on it", "utility", ELICITED),
)  # fmt: skip


@lru_cache(maxsize=1)
def alliance_dilemma() -> TreeModel:
    """Return the choice of a state between a firm and a loose commitment to its ally.

    Returns
    -------
    TreeModel
        Players ``state`` and ``ally``. The state may ``commit`` itself or ``reserve`` its
        position. Then it is threatened, and the ally may ``help`` or ``abandon`` it, or the ally
        has a quarrel, in which it may ``stand_firm`` or ``yield``. Closed form:
        ``threat_threshold``, the probability of a threat from which commitment is best. Regions:
        ``commit`` and ``reserve``.

    Notes
    -----
    Stylised after Snyder [1]_, who gives no numbers; the tree is our own. There is a dilemma if
    the ally's conduct depends on the commitment: ``v_0 < 0 < v_1`` and ``f_0 < 0 < f_1``. A
    committed state is not abandoned, but drawn into the quarrel, which costs ``(1 - q) J``; one
    that is not is abandoned, which costs ``q A``. So it commits exactly if
    ``q >= J / (A + J)``.

    References
    ----------
    .. [1] G. H. Snyder (1984), The security dilemma in alliance politics, World Politics 36,
       461-495.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.classics.alliance_dilemma()
    >>> values = {"threat": 0.5, "abandonment_loss": 3, "entrapment_loss": 1,
    ...           "help_committed": 1, "help_reserved": -1, "firmness_committed": 1,
    ...           "firmness_reserved": -1}
    >>> model.value("threat_threshold", values)
    Fraction(1, 4)
    >>> model.regions_at(values), model.regions_at(values, entrapment_loss=4)
    (('commit',), ('reserve',))
    """
    space = ParameterSpace(parameters_from(_TABLE))
    s = space.symbols
    threat, abandoned, entrapped = s["threat"], s["abandonment_loss"], s["entrapment_loss"]
    zero = sp.Integer(0)

    def crises(kind: str) -> Node:
        drawn = -entrapped if kind == "committed" else zero
        return Chance(
            {
                "threat": Decision("ally", {
                    "help": Terminal((zero, s[f"help_{kind}"])),
                    "abandon": Terminal((-abandoned, zero)),
                }),
                "quarrel": Decision("ally", {
                    "stand_firm": Terminal((drawn, s[f"firmness_{kind}"])),
                    "yield": Terminal((zero, zero)),
                }),
            },
            {"threat": threat, "quarrel": 1 - threat},
        )  # fmt: skip

    order = sp.And(
        s["help_reserved"] < 0, s["help_committed"] > 0,
        s["firmness_reserved"] < 0, s["firmness_committed"] > 0,
    )  # fmt: skip
    meaning = "probability of a threat from which commitment is best"
    threshold = entrapped / (abandoned + entrapped)
    where = sp.And(order, abandoned + entrapped > 0)
    fear, risk = threat * abandoned, (1 - threat) * entrapped
    return TreeModel(
        name="alliance_dilemma",
        title="The alliance dilemma",
        players=("state", "ally"),
        parameters=space,
        template=Decision("state", {"commit": crises("committed"), "reserve": crises("reserved")}),
        quantities=named_quantities(
            [("threat_threshold", threshold, meaning, where)], "Snyder 1984"
        ),
        regions={"commit": sp.And(order, fear >= risk), "reserve": sp.And(order, fear <= risk)},
        reference="Snyder 1984",
    )
