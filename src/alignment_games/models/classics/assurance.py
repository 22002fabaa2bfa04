"""Cooperation of two states that do not know whether the other can be trusted."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from ...games import Chance, Decision, Terminal
from ...games.nodes import Node
from .._tables import REAL, Row, parameters_from
from ..parameters import ParameterSpace
from ..tree_model import TreeModel
from ._terms import ELICITED, SHARE, UTILITY, named_quantities

__all__ = ["reassurance"]

_TABLE: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
    ("trust", "t", SHARE, SHARE, ("probability that a state can be trusted: that it would rather "
     "cooperate with one that cooperates"), "probability", ELICITED),
    ("reward", "R", REAL, UTILITY, "payoff of cooperation by both", "utility", ELICITED),
    ("temptation", "T", REAL, UTILITY, "payoff of a trustworthy state that exploits the other",
     "utility", ELICITED),
    ("greed", "T_u", REAL, UTILITY, "payoff of an untrustworthy state that exploits the other",
     "utility", ELICITED),
    ("exploitation", "S", REAL, UTILITY, "payoff of a state that is exploited", "utility",
     ELICITED),
    ("rivalry", "P", REAL, UTILITY, "payoff if neither cooperates", "utility", ELICITED),
)  # fmt: skip

_STATES = ("first", "second")
_KINDS = ("trustworthy", "untrustworthy")
_ACTS = ("cooperate", "defect")


@lru_cache(maxsize=1)
def reassurance() -> TreeModel:
    """Return the assurance game of two states each of which may be one that exploits the other.

    Returns
    -------
    TreeModel
        Players ``first`` and ``second``, each ``trustworthy`` with probability ``trust``,
        independently, which it alone knows. Both choose at once to ``cooperate`` or to ``defect``.
        Closed form: ``trust_threshold``, the trust from which the trustworthy can cooperate.
        Region: ``cooperation``, where an equilibrium exists in which all of them do.

    Notes
    -----
    Stylised after Kydd [1]_. For a trustworthy state ``T < R``, for another ``T_u > R``; for both
    ``S < P``. The untrustworthy defect whatever others do. A trustworthy state that expects its
    like to cooperate does so exactly if ``t R + (1 - t) S >= t T + (1 - t) P``, that is

    ``t >= (P - S) / ((R - T) + (P - S))``.

    Defection by all is an equilibrium at any trust.

    References
    ----------
    .. [1] A. Kydd (2000), Trust, reassurance, and cooperation, International Organization 54,
       325-357.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.classics.reassurance()
    >>> values = {"trust": 0.5, "reward": 5, "temptation": 4, "greed": 6, "exploitation": 0,
    ...           "rivalry": 2}
    >>> model.value("trust_threshold", values)
    Fraction(2, 3)
    >>> model.regions_at(values), model.regions_at(values, trust=0.75)
    ((), ('cooperation',))
    """
    space = ParameterSpace(parameters_from(_TABLE))
    s = space.symbols
    trust, reward, rivalry = s["trust"], s["reward"], s["rivalry"]

    def earned(kind: str, own: str, other: str) -> sp.Expr:
        if own == "cooperate":
            return reward if other == "cooperate" else s["exploitation"]
        if other == "defect":
            return rivalry
        return s["temptation"] if kind == "trustworthy" else s["greed"]

    def ends(kinds: tuple[str, str]) -> Node:
        choices: dict[str, Node] = {}
        for one in _ACTS:
            answers: dict[str, Node] = {
                two: Terminal((earned(kinds[0], one, two), earned(kinds[1], two, one)))
                for two in _ACTS
            }
            choices[one] = Decision(_STATES[1], answers, f"{kinds[1]} second")
        return Decision(_STATES[0], choices, f"{kinds[0]} first")

    chances = dict(zip(_KINDS, (trust, 1 - trust), strict=True))
    template = Chance(
        {one: Chance({two: ends((one, two)) for two in _KINDS}, chances) for one in _KINDS},
        chances,
    )
    harm, loss = rivalry - s["exploitation"], reward - s["temptation"]
    order = sp.And(loss > 0, harm > 0, s["greed"] > reward)
    threshold = harm / (loss + harm)
    meaning = "trust from which the trustworthy can cooperate"
    return TreeModel(
        name="reassurance",
        title="Reassurance and the trust threshold",
        players=_STATES,
        parameters=space,
        template=template,
        quantities=named_quantities([("trust_threshold", threshold, meaning, order)], "Kydd 2000"),
        regions={"cooperation": sp.And(order, trust >= threshold)},
        reference="Kydd 2000",
    )
