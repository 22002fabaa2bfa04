"""Deterrence by a state whose resolve is not known: one-sided and two-sided uncertainty."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from ...games import Chance, Decision, Terminal
from ...games.nodes import Node
from .._tables import REAL, Row, parameters_from
from ..parameters import ParameterSpace
from ..tree_model import TreeModel
from ._terms import ELICITED, SHARE, UTILITY, named_quantities

__all__ = ["asymmetric_deterrence", "unilateral_deterrence"]

_ASYMMETRIC: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
    ("defender_hard", "p_B", SHARE, SHARE, ("probability that the defender would rather fight "
     "than concede"), "probability", ELICITED),
    ("challenger_status_quo", "a_SQ", REAL, UTILITY, "challenger's payoff if it stays away",
     "utility", ELICITED),
    ("challenger_success", "a_DC", REAL, UTILITY, "challenger's payoff if the defender concedes",
     "utility", ELICITED),
    ("challenger_conflict", "a_DD", REAL, UTILITY, "challenger's payoff of conflict", "utility",
     ELICITED),
    ("defender_status_quo", "b_SQ", REAL, UTILITY, "defender's payoff if the challenger stays away",
     "utility", ELICITED),
    ("defender_concession", "b_DC", REAL, UTILITY, "defender's payoff if it concedes", "utility",
     ELICITED),
    ("defender_conflict_hard", "b_DD+", REAL, UTILITY, "a hard defender's payoff of conflict",
     "utility", ELICITED),
    ("defender_conflict_soft", "b_DD-", REAL, UTILITY, "a soft defender's payoff of conflict",
     "utility", ELICITED),
)  # fmt: skip

_UNILATERAL: tuple[Row, ...] = (
    ("challenger_hard", "p_Ch", SHARE, SHARE, ("probability that the challenger would rather fight "
     "than back down"), "probability", ELICITED),
    ("defender_hard", "p_Def", SHARE, SHARE, ("probability that the defender would rather fight "
     "than concede"), "probability", ELICITED),
    ("challenger_success", "c_DC", REAL, UTILITY, "challenger's payoff if the defender concedes",
     "utility", ELICITED),
    ("challenger_status_quo", "c_SQ", REAL, UTILITY, "challenger's payoff if it stays away",
     "utility", ELICITED),
    ("challenger_retreat", "c_CD", REAL, UTILITY, "challenger's payoff if it backs down", "utility",
     ELICITED),
    ("challenger_conflict_hard", "c_DD+", REAL, UTILITY, "a hard challenger's payoff of conflict",
     "utility", ELICITED),
    ("challenger_conflict_soft", "c_DD-", REAL, UTILITY, "a soft challenger's payoff of conflict",
     "utility", ELICITED),
    ("defender_status_quo", "d_SQ", REAL, UTILITY, "defender's payoff if the challenger stays away",
     "utility", ELICITED),
    ("defender_success", "d_CD", REAL, UTILITY, "defender's payoff if the challenger backs down",
     "utility", ELICITED),
    ("defender_concession", "d_DC", REAL, UTILITY, "defender's payoff if it concedes", "utility",
     ELICITED),
    ("defender_conflict_hard", "d_DD+", REAL, UTILITY, "a hard defender's payoff of conflict",
     "utility", ELICITED),
    ("defender_conflict_soft", "d_DD-", REAL, UTILITY, "a soft defender's payoff of conflict",
     "utility", ELICITED),
)  # fmt: skip


@lru_cache(maxsize=1)
def asymmetric_deterrence() -> TreeModel:
    """Return deterrence of a challenger that does not know whether the defender would fight.

    Returns
    -------
    TreeModel
        Players ``challenger`` and ``defender``. Chance makes the defender ``hard`` or ``soft``;
        the challenger, who does not see it, chooses to ``stay`` or to ``attack``; the defender
        would ``concede`` or ``resist``. Closed form: ``deterrence_threshold``, the probability of
        a hard defender from which the challenger stays. Regions: ``deterrence`` and ``attack``.

    Notes
    -----
    Stylised after the Rudimentary Asymmetric Deterrence Game of Zagare and Kilgour [1]_. With
    ``a_DD < a_SQ < a_DC`` and ``b_DD- < b_DC < b_DD+``, a hard defender resists and a soft one
    concedes, so that the challenger stays exactly if
    ``p_B >= (a_DC - a_SQ) / (a_DC - a_DD)``, and may do either at equality.

    References
    ----------
    .. [1] F. C. Zagare and D. M. Kilgour (2000), Perfect Deterrence, Cambridge University Press,
       appendix 3.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.classics.asymmetric_deterrence()
    >>> values = {"defender_hard": 0.5, "challenger_status_quo": 2, "challenger_success": 3,
    ...           "challenger_conflict": 0, "defender_status_quo": 3, "defender_concession": 1,
    ...           "defender_conflict_hard": 2, "defender_conflict_soft": 0}
    >>> model.value("deterrence_threshold", values)
    Fraction(1, 3)
    >>> model.regions_at(values), model.regions_at(values, defender_hard=0.2)
    (('deterrence',), ('attack',))
    """
    space = ParameterSpace(parameters_from(_ASYMMETRIC))
    s = space.symbols
    status_quo, success, conflict = (
        s[f"challenger_{name}"] for name in ("status_quo", "success", "conflict")
    )
    branches: dict[str, Node] = {}
    for kind in ("hard", "soft"):
        answer = Decision("defender", {
            "concede": Terminal((success, s["defender_concession"])),
            "resist": Terminal((conflict, s[f"defender_conflict_{kind}"])),
        })  # fmt: skip
        ends: dict[str, Node] = {
            "stay": Terminal((status_quo, s["defender_status_quo"])),
            "attack": answer,
        }
        branches[kind] = Decision("challenger", ends, "challenger")
    chance = s["defender_hard"]
    order = sp.And(
        conflict < status_quo,
        status_quo < success,
        s["defender_conflict_soft"] < s["defender_concession"],
        s["defender_concession"] < s["defender_conflict_hard"],
    )
    threshold = (success - status_quo) / (success - conflict)
    meaning = "probability of a hard defender from which the challenger stays"
    reference = "Zagare and Kilgour 2000, appendix 3"
    return TreeModel(
        name="asymmetric_deterrence",
        title="Asymmetric deterrence",
        players=("challenger", "defender"),
        parameters=space,
        template=Chance(branches, {"hard": chance, "soft": 1 - chance}),
        quantities=named_quantities(
            [("deterrence_threshold", threshold, meaning, order)], reference
        ),
        regions={
            "deterrence": sp.And(order, chance >= threshold),
            "attack": sp.And(order, chance <= threshold),
        },
        reference=reference,
    )


@lru_cache(maxsize=1)
def unilateral_deterrence() -> TreeModel:
    """Return deterrence in which neither side knows whether the other would fight.

    Returns
    -------
    TreeModel
        Players ``challenger`` and ``defender``, each ``hard`` or ``soft``, which it alone knows.
        The challenger may ``stay`` or ``attack``, the defender ``concede`` or ``resist``, the
        challenger then ``back_down`` or ``press_on``. Closed forms:

        - ``hard_threshold`` (c_t), ``soft_threshold`` (c_s): chance of resistance up to which a
          hard, a soft challenger attacks;
        - ``resistance_threshold`` (d_n): belief that the attacker is hard up to which a soft
          defender resists;
        - ``bluff_attack`` (x), ``bluff_resistance`` (y): how often a soft challenger attacks and a
          soft defender resists in the region ``bluff``.

        Regions: ``deterrence`` (no one attacks), ``separating`` (the hard challenger attacks),
        ``attack`` (both do) and ``bluff`` (the soft one does with probability x).

    Notes
    -----
    Stylised after the Unilateral Deterrence Game of Zagare and Kilgour [1]_; thresholds and names
    of the regions are derived here. Payoffs are ordered as conflict of the soft below the
    alternative, below conflict of the hard: ``c_DD- < c_CD < c_DD+ < c_SQ < c_DC`` and
    ``d_DD- < d_DC < d_DD+``, ``d_DC < d_CD``.

    The regions cover all probabilities, and name the only equilibrium with attacks, or say that
    there is none; on their borders there are more. Everywhere there are also equilibria in which
    no one attacks because a soft defender would take an attacker for soft, and resist often enough.
    Below ``c_t`` the criterion D1 rejects them; they rest on that belief alone, which nothing that
    happens can refute, where ``p_Ch > d_n``: elsewhere the prior itself lets the soft resist.

    References
    ----------
    .. [1] F. C. Zagare and D. M. Kilgour (2000), Perfect Deterrence, Cambridge University Press.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.classics.unilateral_deterrence()
    >>> values = {
    ...     "challenger_hard": 0.25, "defender_hard": 0.25, "challenger_success": 10,
    ...     "challenger_status_quo": 6, "challenger_retreat": 2, "challenger_conflict_hard": 4,
    ...     "challenger_conflict_soft": 0, "defender_status_quo": 10, "defender_success": 8,
    ...     "defender_concession": 4, "defender_conflict_hard": 5, "defender_conflict_soft": 0,
    ... }
    >>> model.regions_at(values)
    ('bluff',)
    >>> model.value("bluff_attack", values), model.value("bluff_resistance", values)
    (Fraction(1, 3), Fraction(1, 3))
    """
    space = ParameterSpace(parameters_from(_UNILATERAL))
    s = space.symbols
    success, stay, retreat = (
        s[f"challenger_{name}"] for name in ("success", "status_quo", "retreat")
    )
    won, conceded = s["defender_success"], s["defender_concession"]
    fight = {kind: s[f"challenger_conflict_{kind}"] for kind in ("hard", "soft")}
    stand = {kind: s[f"defender_conflict_{kind}"] for kind in ("hard", "soft")}
    order = sp.And(
        fight["soft"] < retreat, retreat < fight["hard"], fight["hard"] < stay, stay < success,
        stand["soft"] < conceded, conceded < stand["hard"], conceded < won,
    )  # fmt: skip
    bold, firm = s["challenger_hard"], s["defender_hard"]
    hard = (success - stay) / (success - fight["hard"])
    soft = (success - stay) / (success - retreat)
    resist = (won - conceded) / (won - stand["soft"])
    bluff = sp.And(order, firm <= soft, bold <= resist)
    rows = (
        ("hard_threshold", hard, "chance of resistance up to which a hard challenger attacks",
         order),
        ("soft_threshold", soft, "chance of resistance up to which a soft challenger attacks",
         order),
        ("resistance_threshold", resist,
         "belief that the attacker is hard up to which a soft defender resists", order),
        ("bluff_attack", bold * (1 - resist) / ((1 - bold) * resist),
         "how often a soft challenger attacks where it bluffs", bluff),
        ("bluff_resistance", (soft - firm) / (1 - firm),
         "how often a soft defender resists where the soft challenger bluffs", bluff),
    )  # fmt: skip
    return TreeModel(
        name="unilateral_deterrence",
        title="Unilateral deterrence",
        players=("challenger", "defender"),
        parameters=space,
        template=_unilateral_tree(s),
        quantities=named_quantities(rows, "Zagare and Kilgour 2000"),
        regions={
            "deterrence": sp.And(order, firm >= hard),
            "separating": sp.And(order, soft <= firm, firm <= hard),
            "attack": sp.And(order, firm <= soft, bold >= resist),
            "bluff": bluff,
        },
        reference="Zagare and Kilgour 2000",
    )


def _unilateral_tree(s: dict[str, sp.Symbol]) -> Node:
    """Return the tree: the types, an attack, resistance, and who backs down."""
    challengers: dict[str, Node] = {}
    for own in ("hard", "soft"):
        defenders: dict[str, Node] = {}
        for other in ("hard", "soft"):
            last = Decision("challenger", {
                "back_down": Terminal((s["challenger_retreat"], s["defender_success"])),
                "press_on": Terminal(
                    (s[f"challenger_conflict_{own}"], s[f"defender_conflict_{other}"])
                ),
            }, f"{own} challenger resisted")  # fmt: skip
            answer = Decision("defender", {
                "concede": Terminal((s["challenger_success"], s["defender_concession"])),
                "resist": last,
            }, f"{other} defender")  # fmt: skip
            defenders[other] = Decision("challenger", {
                "stay": Terminal((s["challenger_status_quo"], s["defender_status_quo"])),
                "attack": answer,
            }, f"{own} challenger")  # fmt: skip
        firm = s["defender_hard"]
        challengers[own] = Chance(defenders, {"hard": firm, "soft": 1 - firm})
    bold = s["challenger_hard"]
    return Chance(challengers, {"hard": bold, "soft": 1 - bold})
