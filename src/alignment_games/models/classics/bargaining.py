"""A demand made of a state whose cost of war is its own secret."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from ...errors import whole
from ...games import Chance, Decision, Terminal
from ...games.nodes import Node
from .._tables import Row, parameters_from
from ..parameters import ParameterSpace
from ..tree_model import TreeModel
from ._terms import ELICITED, SHARE, named_quantities

__all__ = ["ultimatum_bargaining"]

_TABLE: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
    ("victory", "p", SHARE, SHARE, "probability that the one who demands wins a war",
     "probability", ELICITED),
    ("own_cost", "c_A", (0, None), (0, 1), "what war costs the one who demands",
     "share of what is at stake", ELICITED),
    ("highest_cost", "cbar", (0, None), (0, 1), ("the most that war may cost the other; its cost "
     "is uniform from 0 to this"), "share of what is at stake", ELICITED),
)  # fmt: skip

_MOST_TYPES = 100


def ultimatum_bargaining(types: int = 4) -> TreeModel:
    """Return crisis bargaining by an ultimatum to a state whose cost of war is not known.

    Parameters
    ----------
    types : int
        Into how many equally likely costs the tree divides the uniform distribution: the
        midpoints of as many equal parts. Closed forms are those of the distribution itself.

    Returns
    -------
    TreeModel
        Players ``challenger`` and ``target``. The challenger demands a share of a prize of 1:
        ``demand 0`` is what it expects of war, ``p``, and each further one asks an equal part
        of the highest cost more, but never more than 1. The target, which knows its cost, may
        ``accept`` or ``fight``. Closed forms:

        - ``demand``: the best demand; ``war``: the probability of war that follows;
        - ``peace_low``, ``peace_high``: the shares that both prefer to war if the target's cost
          is known to be ``highest_cost``.

    Raises
    ------
    ParameterError
        If `types` is no integer from 1 to 100.

    Notes
    -----
    Stylised after Fearon [1]_. A demand of ``p + t`` is refused if the cost is below ``t``, so that
    the challenger gets ``(p + t)(1 - t / cbar) + (p - c_A) t / cbar``. This is concave, and best at
    ``t = (cbar - c_A) / 2`` if that lies between 0 and ``1 - p``, otherwise at the nearer end. In
    between, war has probability ``(cbar - c_A) / (2 cbar)``, however strong the challenger is.

    Where the highest cost is above 0 and a demand below 1, no cost of the tree makes the target
    indifferent. The tree's best demand is that of the closed form where that is one of the demands,
    and otherwise within a step of it.

    References
    ----------
    .. [1] J. D. Fearon (1995), Rationalist explanations for war, International Organization 49,
       379-414, doi:10.1017/S0020818300033324.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.classics.ultimatum_bargaining()
    >>> values = {"victory": 0.5, "own_cost": 0.1, "highest_cost": 0.2}
    >>> model.value("demand", values), model.value("war", values)
    (Fraction(11, 20), Fraction(1, 4))
    >>> equilibrium = ag.solve(model.tree(values)).equilibria[0]
    >>> equilibrium.support[0]
    ('demand 1',)
    """
    return _ultimatum(whole("types", types, 1, _MOST_TYPES))


@lru_cache(maxsize=8)
def _ultimatum(types: int) -> TreeModel:
    space = ParameterSpace(parameters_from(_TABLE))
    wins, own, highest = space.symbols.values()
    demands: dict[str, Node] = {}
    even = sp.Rational(1, types)
    for j in range(types + 1):
        share = sp.Min(1, wins + highest * j / types)
        answers: dict[str, Node] = {}
        for k in range(types):
            cost = highest * sp.Rational(2 * k + 1, 2 * types)
            answers[f"cost {k}"] = Decision("target", {
                "accept": Terminal((share, 1 - share)),
                "fight": Terminal((wins - own, 1 - wins - cost)),
            })  # fmt: skip
        demands[f"demand {j}"] = Chance(answers, dict.fromkeys(answers, even))
    best = sp.Max(wins, sp.Min(1, wins + (highest - own) / 2))
    some = highest > 0
    rows = (
        ("demand", best, "the best demand", sp.true),
        ("war", (best - wins) / highest, "probability of war after the best demand", some),
        ("peace_low", sp.Max(0, wins - own),
         "least share that the challenger prefers to war", sp.true),
        ("peace_high", sp.Min(1, wins + highest),
         "greatest share that a target of the highest cost would rather cede than fight",
         sp.true),
    )  # fmt: skip
    return TreeModel(
        name=f"ultimatum_bargaining_{types}",
        title="Ultimatum crisis bargaining",
        players=("challenger", "target"),
        parameters=space,
        template=Decision("challenger", demands),
        quantities=named_quantities(rows, "Fearon 1995"),
        reference="Fearon 1995",
    )
