"""A tripartite crisis, in which the protege may threaten to change sides."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from ...games import Chance, Decision, Terminal
from ...games.nodes import Node
from .._tables import REAL, Row, parameters_from
from ..parameters import Constraint, ParameterSpace
from ..tree_model import TreeModel
from ._terms import ELICITED, SHARE, UTILITY, named_quantities

__all__ = ["tripartite_crisis"]

_TABLE: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
    ("support_without_threat", "s_0", SHARE, SHARE,
     "probability that the defender supports a protege that would not realign", "probability",
     ELICITED),
    ("support_under_threat", "s_1", SHARE, SHARE,
     "probability that the defender supports a protege that would realign", "probability",
     ELICITED),
    ("concession_gain", "g", (0, None), (0, 10),
     "what the challenger gains if the protege gives in", "utility", ELICITED),
    ("realignment_gain", "h", (0, None), (0, 10),
     "what the challenger gains besides if the protege changes sides", "utility", ELICITED),
    ("conflict_loss", "k", (0, None), (0, 10),
     "what a conflict with both costs the challenger", "utility", ELICITED),
    ("realignment_value", "e", REAL, UTILITY,
     "what realigning is worth more than giving in to a protege that is not supported", "utility",
     ELICITED),
    ("support_cost", "c", (0, None), (0, 10),
     "what the defender loses by support, if it is firm", "utility", ELICITED),
    ("concession_loss", "l", (0, None), (0, 10),
     "what the defender loses if the protege gives in", "utility", ELICITED),
    ("realignment_loss", "m", (0, None), (0, 10),
     "what the defender loses besides if the protege changes sides", "utility", ELICITED),
    ("extra_cost", "d", (0, None), (0, 10),
     "what support costs besides if the defender is wavering; twice as much if it is weak",
     "utility", ELICITED),
)  # fmt: skip

_KINDS = ("firm", "wavering", "weak")


@lru_cache(maxsize=1)
def tripartite_crisis() -> TreeModel:
    """Return a crisis in which the protege realigns, if that pays, when its defender leaves it.

    Returns
    -------
    TreeModel
        Players ``challenger``, ``protege`` and ``defender``. The challenger may ``stay`` or
        ``press``. The defender, ``firm``, ``wavering`` or ``weak``, which it alone knows, may
        ``support`` the protege or ``withhold`` support; then the protege may ``give_in`` or
        ``realign``. Closed forms:

        - ``initiation_without_threat``, ``initiation_under_threat``: what the challenger expects
          of pressing, if the protege would give in (``e < 0``) or realign (``e > 0``);
        - ``provocation_threshold``: the gain from realignment above which the threat makes
          pressing more attractive than it was; below, less.

        Regions: ``status_quo`` and ``crisis``.

    Notes
    -----
    Stylised after Zagare and Kilgour [1]_, of which the abstract was read; the tree is our own.
    A firm defender supports in any case, a wavering one if the protege would realign, a weak one
    never; that is so if ``c < l``, ``l < c + d < l + m`` and ``l + m < c + 2 d``. The threat to
    realign raises support from ``s_0`` to ``s_1``, which deters, but where support is withheld
    all the same it adds ``h`` to the challenger's gain, which provokes. Pressing becomes less
    attractive exactly if ``(1 - s_1) h < (s_1 - s_0)(g + k)``: the threat deters a challenger that
    has little to gain from realignment, and provokes one that has much.

    References
    ----------
    .. [1] F. C. Zagare and D. M. Kilgour (2003), Alignment patterns, crisis bargaining, and
       extended deterrence, International Studies Quarterly 47.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.classics.tripartite_crisis()
    >>> values = {"support_without_threat": 0.4, "support_under_threat": 0.6,
    ...           "concession_gain": 1, "realignment_gain": 0.4, "conflict_loss": 1,
    ...           "realignment_value": 1, "support_cost": 1, "concession_loss": 2,
    ...           "realignment_loss": 2, "extra_cost": 2}
    >>> model.value("provocation_threshold", values)
    Fraction(1, 1)
    >>> model.regions_at(values), model.regions_at(values, realignment_gain=2)
    (('status_quo',), ('crisis',))
    """
    constraint = Constraint(
        smaller="support_without_threat", larger="support_under_threat",
        reason="a threat to realign lowers no defender's interest in support",
    )  # fmt: skip
    space = ParameterSpace(parameters_from(_TABLE), (constraint,))
    s = space.symbols
    before, after = s["support_without_threat"], s["support_under_threat"]
    gain, extra, loss = s["concession_gain"], s["realignment_gain"], s["conflict_loss"]
    cost, more = s["support_cost"], s["extra_cost"]
    given, lost = s["concession_loss"], s["concession_loss"] + s["realignment_loss"]
    order = sp.And(
        cost < given, given < cost + more, cost + more < lost, lost < cost + 2 * more
    )  # fmt: skip
    answers: dict[str, Node] = {}
    for step, kind in enumerate(_KINDS):
        left = Decision("protege", {
            "give_in": Terminal((gain, sp.Integer(0), -given)),
            "realign": Terminal((gain + extra, s["realignment_value"], -lost)),
        })  # fmt: skip
        answers[kind] = Decision("defender", {
            "support": Terminal((-loss, sp.Integer(0), -cost - step * more)),
            "withhold": left,
        })  # fmt: skip
    zero = sp.Integer(0)
    chances = dict(zip(_KINDS, (before, after - before, 1 - after), strict=True))
    plain = (1 - before) * gain - before * loss
    threat = (1 - after) * (gain + extra) - after * loss
    turn = s["realignment_value"]
    rows = (
        ("initiation_without_threat", plain,
         "what the challenger expects of pressing if the protege would give in", order),
        ("initiation_under_threat", threat,
         "what the challenger expects of pressing if the protege would realign", order),
        ("provocation_threshold", (after - before) * (gain + loss) / (1 - after),
         "gain from realignment above which the threat to realign provokes",
         sp.And(order, after < 1)),
    )  # fmt: skip
    reference = "Zagare and Kilgour 2003"
    cases = ((turn <= 0, plain), (turn >= 0, threat))
    return TreeModel(
        name="tripartite_crisis",
        title="Tripartite crisis with a threat to realign",
        players=("challenger", "protege", "defender"),
        parameters=space,
        template=Decision("challenger", {
            "stay": Terminal((zero, zero, zero)),
            "press": Chance(answers, chances),
        }),
        quantities=named_quantities(rows, reference),
        regions={
            "status_quo": sp.And(order, sp.Or(*(sp.And(case, own <= 0) for case, own in cases))),
            "crisis": sp.And(order, sp.Or(*(sp.And(case, own >= 0) for case, own in cases))),
        },
        reference=reference,
    )  # fmt: skip
