"""A pledge to hedge, with or without a clause for an emergency that may come (F4c, A10)."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from ._tables import REAL, Row, parameters_from
from .dynamic_model import DynamicModel, Move
from .parameters import ParameterSpace, ParameterStatus
from .quantities import Quantity

__all__ = ["escape_clause"]

_, _ELICITED, _ASSUMPTION, _ = ParameterStatus
_ONE, _ZERO = sp.Integer(1), sp.Integer(0)

_TABLE: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
    ("discount", "delta", (0, 1), ("0.8", "0.99"),
     "discount factor of a period, above 0 and below 1", "share", _ELICITED),
    ("learning", "p", (0, 1), (0, "0.5"),
     "probability in each period of waiting that the hegemon's type comes to light",
     "probability", _ELICITED),
    ("revisionist_share", "mu", (0, 1), (0, 1),
     "probability that the hegemon is revisionist", "probability", _ELICITED),
    ("window_closing", "omega", (0, 1), (0, "0.5"),
     "probability after each period that balancing has become impossible", "probability",
     _ELICITED),
    ("balancing_gain", "g", REAL, (-1, 1),
     "what a period of balancing before an alarm is worth more than one of hedging", "utility",
     _ELICITED),
    ("coercion_loss", "c", (0, None), (0, 3),
     "what a period of coercion takes from the small state before an alarm", "utility", _ELICITED),
    ("temptation_balance", "T_B", REAL, (-1, 1),
     "what the hegemon gains in a period by coercing an ally of the patron before an alarm",
     "hegemon's utility", _ELICITED),
    ("temptation_hedge", "T_H", REAL, (-1, 1),
     "what the hegemon gains in a period by coercing a hedger before an alarm",
     "hegemon's utility", _ELICITED),
    ("verifiability", "v", (0, 1), (0, 1),
     "probability that a false claim of an emergency is found out", "probability", _ELICITED),
    ("breach_cost", "F", (0, None), (0, 2),
     "what a period of balancing costs the small state if its claim is found to be false",
     "utility", _ELICITED),
    ("alarm_flow_balance", "y_B", REAL, (-2, 2),
     "what a period of balancing is worth once the hegemon is known to be revisionist", "utility",
     _ELICITED),
    ("alarm_flow_hedge", "y_H", REAL, (-2, 2),
     "what a period of hedging is worth once the hegemon is known to be revisionist", "utility",
     _ELICITED),
)  # fmt: skip


@lru_cache(maxsize=1)
def escape_clause() -> DynamicModel:
    """Return the choice between a pledge never to balance and one with an escape clause.

    Returns
    -------
    DynamicModel
        Players ``small_state`` and ``hegemon``. In the state ``founding`` the small state pledges
        ``never`` to balance, or to do so only in an ``emergency``. Then it waits
        (``clause_waiting``, ``rigid_waiting``) until the hegemon's type comes to light: a
        revisionist one raises the alarm (``clause_alarm``, ``rigid_alarm``), the other is harmless
        (``clause_assured``, ``rigid_assured``). Under the clause the small state may ``balance``
        before an alarm as well, by a false claim. Closed forms:

        - ``verifiability_needed``: how likely it must be that a false claim is found out for the
          clause to bind;
        - ``option_value``: what a clause that binds adds to the pledge, when waiting begins;
          ``option_value_once``: the same if the type comes to light in the next period or never;
        - ``empty_clause_gain``: what a clause that does not bind adds, mostly less than nothing;
        - ``alarm_gain_needed``: what balancing must be worth more than hedging, in a period of
          alarm, for even such a clause to be better than none;
        - ``value_rigid``: value of the pledge without a clause, when waiting begins.

    Notes
    -----
    Equation F4c. A period of hedging before an alarm counts 0, and coercion of a posture takes
    ``c`` from the small state. The pledge is of the kind of F7: as both players move at once, a
    small state that gains by balancing (``g > 0``) is coerced (``T_B > 0``), which it would not be
    if it were bound to hedge (``T_H < 0``).

    The window for balancing may close after every period, whatever is done; then the small state
    can only hedge. In an alarm it balances at once, so that the window counts no more. With
    ``G = max(0, y_B - y_H) / (1 - delta)`` a clause that binds adds

    ``delta (1 - omega) p mu G / (1 - delta (1 - omega)(1 - p))``.

    The numerator is the value if the type can come to light only once, ``option_value_once``;
    waiting can be repeated, which the denominator counts. The clause binds if ``v F > g``. At
    ``v F = g`` there are equilibria of both kinds, and nothing is claimed.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.escape_clause()
    >>> values = {
    ...     "discount": 0.9, "learning": 0.1, "revisionist_share": 0.3, "window_closing": 0.1,
    ...     "balancing_gain": 0.1, "coercion_loss": 1, "temptation_balance": 0.3,
    ...     "temptation_hedge": -0.1, "verifiability": 0.5, "breach_cost": 1,
    ...     "alarm_flow_balance": 0.2, "alarm_flow_hedge": -0.8,
    ... }
    >>> model.value("verifiability_needed", values)
    Fraction(1, 10)
    >>> model.value("option_value", values), model.value("option_value_once", values)
    (Fraction(243, 271), Fraction(243, 1000))
    >>> model.value("empty_clause_gain", values, verifiability=0) < 0
    True
    >>> for verifiability in (0, 0.5):
    ...     game = model.game(values, verifiability=verifiability)
    ...     print(ag.solvers.markov_perfect(game).equilibria[0].played("founding")[0])
    ('never',)
    ('emergency',)
    """
    space = ParameterSpace(parameters_from(_TABLE))
    strategies: dict[str, tuple[tuple[str, ...], ...]] = {
        "founding": (("never", "emergency"), ("wait",))
    }
    pledges: dict[str, tuple[str, ...]] = {"clause": ("hedge", "balance"), "rigid": ("hedge",)}
    for pledge, postures in pledges.items():
        for when in ("waiting", "assured"):
            strategies[f"{pledge}_{when}"] = (postures, ("accommodate", "coerce"))
    for pledge, postures in pledges.items():
        strategies[f"{pledge}_alarm"] = (postures, ("wait",))
    payoffs, transitions = _moves(space, strategies)
    return DynamicModel(
        name="escape_clause",
        title="A pledge with an escape clause",
        players=("small_state", "hegemon"),
        states=tuple(strategies),
        strategies=strategies,
        parameters=space,
        payoffs=payoffs,
        transitions=transitions,
        quantities=_quantities(space),
        reference="F4c",
    )


def _moves(
    space: ParameterSpace, strategies: dict[str, tuple[tuple[str, ...], ...]]
) -> tuple[dict[Move, tuple[sp.Expr, ...]], dict[Move, dict[str, sp.Expr]]]:
    """Return payoffs and transition probabilities."""
    s = space.symbols
    gain = s["balancing_gain"] - s["verifiability"] * s["breach_cost"]
    flows = {
        ("hedge", "accommodate"): (_ZERO, _ZERO),
        ("hedge", "coerce"): (-s["coercion_loss"], s["temptation_hedge"]),
        ("balance", "accommodate"): (gain, _ZERO),
        ("balance", "coerce"): (gain - s["coercion_loss"], s["temptation_balance"]),
    }
    payoffs: dict[Move, tuple[sp.Expr, ...]] = {}
    transitions: dict[Move, dict[str, sp.Expr]] = {}
    for own, pledge in (("never", "rigid"), ("emergency", "clause")):
        payoffs["founding", (own, "wait")] = (_ZERO, _ZERO)
        transitions["founding", (own, "wait")] = {f"{pledge}_waiting": _ONE}
    for state, (postures, answers) in strategies.items():
        if state == "founding":
            continue
        pledge, when = state.split("_")
        for posture in postures:
            for answer in answers:
                move = (state, (posture, answer))
                earned = (s[f"alarm_flow_{posture}"], _ZERO)
                payoffs[move] = earned if when == "alarm" else flows[posture, answer]
                transitions[move] = _next(space, pledge, when)
    return payoffs, transitions


def _next(space: ParameterSpace, pledge: str, when: str) -> dict[str, sp.Expr]:
    """Return the next states: whether the window closes, and whether the type comes to light."""
    s = space.symbols
    if when == "alarm":
        return {f"{pledge}_alarm": _ONE}
    closing = s["window_closing"] if pledge == "clause" else _ONE
    news = {"assured": _ONE}
    if when == "waiting":
        learning, share = s["learning"], s["revisionist_share"]
        news = {
            "waiting": 1 - learning,
            "alarm": learning * share,
            "assured": learning * (1 - share),
        }
    return {
        f"{kind}_{then}": chance * likely
        for kind, chance in (("clause", 1 - closing), ("rigid", closing))
        for then, likely in news.items()
    }


def _quantities(space: ParameterSpace) -> dict[str, Quantity]:
    s = space.symbols
    delta, learning, share = s["discount"], s["learning"], s["revisionist_share"]
    gain, found, breach = s["balancing_gain"], s["verifiability"], s["breach_cost"]
    kept = delta * (1 - s["window_closing"])
    alarm = sp.Max(0, s["alarm_flow_balance"] - s["alarm_flow_hedge"]) / (1 - delta)
    lasting = 1 / (1 - kept * (1 - learning))
    option = kept * learning * share * alarm
    nash = gain - found * breach - s["coercion_loss"]
    calm = nash * (1 + kept * learning * (1 - share) / (1 - kept))
    left_alone = s["temptation_hedge"] < 0
    empty = sp.And(found * breach < gain, s["temptation_balance"] > 0)
    table = (
        ("verifiability_needed", gain / breach,
         "probability of finding a false claim out above which the clause binds", breach > 0),
        ("option_value", option * lasting,
         "what a clause that binds adds to the pledge, when waiting begins",
         sp.And(found * breach > gain, left_alone)),
        ("option_value_once", option,
         "the same, if the type comes to light in the next period or never",
         sp.And(found * breach > gain, left_alone)),
        ("empty_clause_gain", (calm + option) * lasting,
         "what a clause that does not bind adds to the pledge, when waiting begins",
         sp.And(empty, left_alone)),
        ("alarm_gain_needed", -calm * (1 - delta) / (kept * learning * share),
         "what balancing in an alarm must gain for a clause that does not bind to be worth having",
         sp.And(empty, left_alone, kept * learning * share > 0)),
        ("value_rigid",
         delta * learning * share * s["alarm_flow_hedge"]
         / ((1 - delta) * (1 - delta * (1 - learning))),
         "value of the pledge without a clause, when waiting begins", left_alone),
    )  # fmt: skip
    return {
        name: Quantity(expression=own, meaning=meaning, reference="F4c", condition=condition)
        for name, own, meaning, condition in table
    }
