"""Whom a challenger attacks of two states that have promised to help each other."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from ...games import Chance, Decision, Terminal
from ...games.nodes import Node
from .._tables import REAL, Row, parameters_from
from ..parameters import ParameterSpace
from ..tree_model import TreeModel
from ._terms import ELICITED, SHARE, UTILITY, named_quantities

__all__ = ["extended_deterrence"]

_TABLE: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
    ("reliability_defender", "r_D", SHARE, SHARE,
     "probability that the defender helps the protege", "probability", ELICITED),
    ("reliability_protege", "r_P", SHARE, SHARE,
     "probability that the protege helps the defender", "probability", ELICITED),
    ("gain_defender", "g_D", (0, None), (0, 10),
     "challenger's gain from attacking the defender alone", "utility", ELICITED),
    ("gain_protege", "g_P", (0, None), (0, 10),
     "challenger's gain from attacking the protege alone", "utility", ELICITED),
    ("multilateral_loss", "k", (0, None), (0, 10),
     "challenger's loss in a war with both", "utility", ELICITED),
    ("victim_loss", "h", (0, None), (0, 10),
     "what a state loses that is attacked and not helped", "utility", ELICITED),
    ("help_reliable", "e+", REAL, UTILITY,
     "what helping is worth more than standing aside to an ally that helps", "utility", ELICITED),
    ("help_unreliable", "e-", REAL, UTILITY,
     "the same to an ally that does not", "utility", ELICITED),
)  # fmt: skip

_OTHER = {"defender": "protege", "protege": "defender"}


@lru_cache(maxsize=1)
def extended_deterrence() -> TreeModel:
    """Return a challenger's choice between two allies that may or may not help each other.

    Returns
    -------
    TreeModel
        Players ``challenger``, ``defender`` and ``protege``. The challenger may ``stay``,
        ``attack_defender`` or ``attack_protege``. The ally of the victim is ``reliable`` or
        ``unreliable``, which it alone knows, and may ``help`` or ``stand_aside``. Closed forms:

        - ``attack_defender``, ``attack_protege``: what the challenger expects of each attack;
        - ``deterrent_defender``, ``deterrent_protege``: how reliable each must be to deter an
          attack on the other.

        Regions: ``deterrence``, ``attack_defender`` and ``attack_protege``.

    Notes
    -----
    Stylised after Quackenbush [1]_, of which the abstract was read. A victim's danger depends on
    its ally: an attack on the protege is worth ``(1 - r_D) g_P - r_D k`` to the challenger, one on
    the defender ``(1 - r_P) g_D - r_P k``. So a state that becomes more reliable protects the
    other, and draws the attack onto itself: as the abstract says, the challenger attacks the more
    reliable state in order to avoid a multilateral war. Where the gains are equal, this is exact.

    References
    ----------
    .. [1] S. L. Quackenbush (2006), Not only whether but whom: Three-party extended deterrence,
       Journal of Conflict Resolution 50, 562-583, doi:10.1177/0022002706290431.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.classics.extended_deterrence()
    >>> values = {"reliability_defender": 0.2, "reliability_protege": 0.3, "gain_defender": 1,
    ...           "gain_protege": 1, "multilateral_loss": 1, "victim_loss": 1,
    ...           "help_reliable": 1, "help_unreliable": -1}
    >>> model.regions_at(values), model.regions_at(values, reliability_defender=0.9)
    (('attack_protege',), ('attack_defender',))
    >>> model.value("deterrent_defender", values)
    Fraction(1, 2)
    """
    space = ParameterSpace(parameters_from(_TABLE))
    s = space.symbols
    loss, zero = s["multilateral_loss"], sp.Integer(0)

    def attack(victim: str) -> Node:
        """Return the tree after an attack, with payoffs of challenger, defender, protege."""
        ally, gain = _OTHER[victim], s[f"gain_{victim}"]
        answers: dict[str, Node] = {}
        for kind in ("reliable", "unreliable"):
            helped = {victim: zero, ally: s[f"help_{kind}"]}
            alone = {victim: -s["victim_loss"], ally: zero}
            answers[kind] = Decision(ally, {
                "help": Terminal((-loss, helped["defender"], helped["protege"])),
                "stand_aside": Terminal((gain, alone["defender"], alone["protege"])),
            })  # fmt: skip
        chance = s[f"reliability_{ally}"]
        return Chance(answers, {"reliable": chance, "unreliable": 1 - chance})

    order = sp.And(s["help_unreliable"] < 0, s["help_reliable"] > 0)
    worth, rows = {}, []
    for victim, ally in _OTHER.items():
        chance, gain = s[f"reliability_{ally}"], s[f"gain_{victim}"]
        worth[victim] = (1 - chance) * gain - chance * loss
        rows += [
            (f"attack_{victim}", worth[victim],
             f"what the challenger expects of attacking the {victim}", order),
            (f"deterrent_{ally}", gain / (gain + loss),
             f"reliability of the {ally} from which an attack on the {victim} does not pay",
             sp.And(order, gain + loss > 0)),
        ]  # fmt: skip
    onto = {
        f"attack_{victim}": sp.And(order, worth[victim] >= 0, worth[victim] >= worth[other])
        for victim, other in _OTHER.items()
    }
    deterred = sp.And(order, *(own <= 0 for own in worth.values()))
    return TreeModel(
        name="extended_deterrence",
        title="Three-party extended deterrence",
        players=("challenger", "defender", "protege"),
        parameters=space,
        template=Decision("challenger", {
            "stay": Terminal((zero, zero, zero)),
            "attack_defender": attack("defender"),
            "attack_protege": attack("protege"),
        }),
        quantities=named_quantities(rows, "Quackenbush 2006"),
        regions={"deterrence": deterred, **onto},
        reference="Quackenbush 2006",
    )  # fmt: skip
