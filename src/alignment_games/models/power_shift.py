"""Power shift: a small state that draws close to a patron, and a hegemon that may attack first.

A good of size 1 is shared in each period. The hegemon's attack, which ends the game, wins all of
it for ever with probability ``l``; war costs the hegemon ``c_G`` and the small state ``c_S``, once.
In a period's share, with ``r = 1 - delta``, war is worth ``l - r c_G`` to the hegemon and leaves
``1 - l - r c_S`` to the small state. Shares between ``max(0, l - r c_G)`` and
``min(1, l + r c_S)`` are better than war for both: the bargaining range. A settled share of the
hegemon lies in it as far up as its bargaining power ``beta``:
``g(l) = (1 - beta) max(0, l - r c_G) + beta min(1, l + r c_S)``.

Today ``l = l_1``. A small state that draws close to its patron cedes the share ``y`` meanwhile, and
is done in each period with probability ``q``; from then on ``l = l_2 <= l_1``. The hegemon that
waits expects ``A = (y + delta q g(l_2) / r) / (1 - delta (1 - q))``, and attacks if
``l_1 / r - c_G > A``. That is the commitment problem: shares may be ceded today, but not the use of
tomorrow's power.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import sympy as sp
from sympy.functions.elementary.piecewise import Piecewise

from ._tables import Row, parameters_from
from .dynamic_model import DynamicModel, Move
from .parameters import Constraint, ParameterSpace, ParameterStatus
from .quantities import Quantity

__all__ = ["power_shift"]

_, _ELICITED, _ASSUMPTION, _ = ParameterStatus

_TABLE: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
    ("discount", "delta", (0, 1), ("0.8", "0.99"),
     "discount factor of a period, above 0 and below 1", "share", _ASSUMPTION),
    ("success_now", "l_1", (0, 1), ("0.5", 1),
     "probability that the hegemon's attack succeeds today", "probability", _ELICITED),
    ("success_later", "l_2", (0, 1), (0, 1),
     "that probability when the small state has joined its patron", "probability", _ELICITED),
    ("arrival", "q", (0, 1), (0, 1),
     "probability in each period that drawing close to the patron is done", "probability",
     _ELICITED),
    ("concession", "y", (0, 1), (0, 1),
     "share that the hegemon is ceded while the small state draws close", "share of the good",
     _ASSUMPTION),
    ("bargaining_power", "beta", (0, 1), (0, 1),
     "how far up the bargaining range the hegemon's share lies", "share", _ASSUMPTION),
    ("hegemon_war_cost", "c_G", (0, None), (0, 2), "the hegemon's cost of war, once",
     "utility; the good is 1 a period", _ELICITED),
    ("small_state_war_cost", "c_S", (0, None), (0, 3), "the small state's cost of war, once",
     "utility; the good is 1 a period", _ELICITED),
    ("stealth", "sigma", (0, 1), (0, "0.5"),
     "probability that drawing close is done before the hegemon can answer", "probability",
     _ELICITED),
    ("breach_cost", "F", (0, None), (0, 2),
     "the small state's cost of leaving its hedge in peace", "utility; the good is 1 a period",
     _ELICITED),
)  # fmt: skip

_ZERO, _ONE = sp.Integer(0), sp.Integer(1)
_WAITS = (("wait",), ("accommodate", "attack"))


@lru_cache(maxsize=1)
def power_shift() -> DynamicModel:
    """Return the game of a shift of power toward a small state, and of preventive war.

    Returns
    -------
    DynamicModel
        Players ``small_state`` and ``hegemon``. States: ``neutral``, where the small state chooses
        to ``hedge`` or to ``balance``; ``drawing``, where it draws close to its patron in sight of
        the hegemon; ``joined``; ``fought``. In all but the last the hegemon chooses to
        ``accommodate`` or to ``attack``. Its closed forms:

        - ``settled_share_now``, ``settled_share_later``: the hegemon's shares g in peace;
        - ``attack_gain``: what it gains by attacking a small state that draws close. Where it is
          positive, the shift itself is the cause of war;
        - ``least_concession``: what would have to be ceded instead. Where it is above 1, nothing
          that can be ceded keeps the peace;
        - ``safe_arrival``, ``safe_success``: the fastest and the largest shift without attack;
        - ``breach_cost_needed``, ``stealth_limit``: what makes a hedge credible;
        - ``fear_gain``: what the hegemon gains by attacking at once if it expects balancing;
        - ``hedge_value``: what hedging for ever is worth to the small state.

    Notes
    -----
    Equation F4e of the model's documentation; the argument is that of Fearon [1]_ and Powell [2]_,
    with the small state and its patron in the part of the rising power. With ``concession`` = 1
    (everything is ceded) and ``bargaining_power`` = 0 (the small state makes the only offer), and
    as long as the hegemon would still fight later, ``l_2 >= r c_G``, it attacks exactly if
    ``delta q (l_1 - l_2) > r (1 - l_1 + r c_G)``. For ``q`` = 1 that is
    ``delta p_2 - p_1 > c_G r^2`` with the small state's chances ``p = 1 - l``.

    A tie goes to peace in the closed forms. Where the hegemon attacks in ``neutral``, the small
    state's posture there makes no difference; then balancing and being attacked may be an
    equilibrium beside hedging in peace. It is one in weakly dominated strategies if the hedge is
    credible.

    References
    ----------
    .. [1] J. D. Fearon (1995), Rationalist explanations for war, International Organization 49,
       379-414, doi:10.1017/S0020818300033324.
    .. [2] R. Powell (2006), War as a commitment problem, International Organization 60, 169-203,
       doi:10.1017/S0020818306060061.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.power_shift()
    >>> values = {"discount": 0.9, "success_now": 0.8, "success_later": 0.5, "arrival": 0.5,
    ...           "concession": 1, "bargaining_power": 0.1, "hegemon_war_cost": 1,
    ...           "small_state_war_cost": 1, "stealth": 0, "breach_cost": 0}
    >>> model.value("attack_gain", values) > 0, model.value("safe_arrival", values)
    (True, Fraction(5, 42))
    >>> (only,) = ag.solvers.markov_perfect(model.game(values)).equilibria
    >>> only.played("neutral"), only.played("drawing")
    ((('hedge',), ('accommodate',)), (('wait',), ('attack',)))
    """
    parts = _Parts(_parameter_space())
    payoffs, transitions = _moves(parts)
    return DynamicModel(
        name="power_shift",
        title="A shift of power, and preventive war",
        players=("small_state", "hegemon"),
        states=("neutral", "drawing", "joined", "fought"),
        strategies={
            "neutral": (("balance", "hedge"), ("accommodate", "attack")),
            "drawing": _WAITS,
            "joined": _WAITS,
            "fought": (("wait",), ("wait",)),
        },
        parameters=parts.space,
        payoffs=payoffs,
        transitions=transitions,
        quantities=_quantities(parts),
        reference="F4e",
    )


def _parameter_space() -> ParameterSpace:
    weaker = Constraint(
        smaller="success_later",
        larger="success_now",
        reason="a patron's help does not make an attack more successful",
    )
    return ParameterSpace(parameters_from(_TABLE), (weaker,))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The expressions that payoffs and closed forms are built of."""

    space: ParameterSpace

    def __getitem__(self, name: str) -> sp.Symbol:
        return self.space[name].symbol

    @property
    def impatience(self) -> sp.Expr:
        return 1 - self["discount"]

    @property
    def reserve(self) -> sp.Expr:
        """The share below which the hegemon would rather fight today."""
        return self["success_now"] - self.impatience * self["hegemon_war_cost"]

    def war(self, success: str) -> tuple[sp.Expr, sp.Expr]:
        """Return what a war is worth to the small state and to the hegemon."""
        won = self[success]
        return (
            (1 - won) / self.impatience - self["small_state_war_cost"],
            won / self.impatience - self["hegemon_war_cost"],
        )

    def settled(self, success: str) -> sp.Expr:
        """Return the hegemon's share in a lasting peace."""
        own, other = self["hegemon_war_cost"], self["small_state_war_cost"]
        least = sp.Max(0, self[success] - self.impatience * own)
        most = sp.Min(1, self[success] + self.impatience * other)
        upward = self["bargaining_power"]
        return (1 - upward) * least + upward * most

    def drawing(self, share: sp.Expr, later: sp.Expr) -> sp.Expr:
        """Return the value of a share until the shift is done, and of another one ever after."""
        delta, arrival = self["discount"], self["arrival"]
        return (share + delta * arrival * later / self.impatience) / (1 - delta * (1 - arrival))


def _moves(
    parts: _Parts,
) -> tuple[dict[Move, tuple[sp.Expr, ...]], dict[Move, dict[str, sp.Expr]]]:
    """Return payoffs and transition probabilities."""
    now, later = parts.settled("success_now"), parts.settled("success_later")
    ceded, stealth, arrival = parts["concession"], parts["stealth"], parts["arrival"]
    today, tomorrow = parts.war("success_now"), parts.war("success_later")
    payoffs: dict[Move, tuple[sp.Expr, ...]] = {
        ("neutral", ("hedge", "accommodate")): (1 - now, now),
        ("neutral", ("balance", "accommodate")): (1 - now - parts["breach_cost"], now),
        ("neutral", ("hedge", "attack")): today,
        ("neutral", ("balance", "attack")): today,
        ("drawing", ("wait", "accommodate")): (1 - ceded, ceded),
        ("drawing", ("wait", "attack")): today,
        ("joined", ("wait", "accommodate")): (1 - later, later),
        ("joined", ("wait", "attack")): tomorrow,
        ("fought", ("wait", "wait")): (_ZERO, _ZERO),
    }
    transitions: dict[Move, dict[str, sp.Expr]] = {
        ("neutral", ("hedge", "accommodate")): {"neutral": _ONE},
        ("neutral", ("balance", "accommodate")): {"joined": stealth, "drawing": 1 - stealth},
        ("drawing", ("wait", "accommodate")): {"joined": arrival, "drawing": 1 - arrival},
        ("joined", ("wait", "accommodate")): {"joined": _ONE},
    }
    for move in payoffs:
        transitions.setdefault(move, {"fought": _ONE})
    return payoffs, transitions


def _quantities(parts: _Parts) -> dict[str, Quantity]:
    now, later = parts.settled("success_now"), parts.settled("success_later")
    delta, rate, ceded = parts["discount"], parts.impatience, parts["concession"]
    arrival, stealth = parts["arrival"], parts["stealth"]
    loser, attacker = parts.war("success_now")
    waiting = parts.drawing(ceded, later)
    gain = attacker - waiting
    reserve = parts.reserve
    needed = reserve + delta * arrival * (reserve - later) / rate
    # The success at which the settled share is the one that just repays waiting, if that share
    # is not cut off at an end of the bargaining range.
    own, other = parts["hegemon_war_cost"], parts["small_state_war_cost"]
    repaying = reserve + rate * (reserve - ceded) / (delta * arrival)
    bounded = repaying + rate * own - parts["bargaining_power"] * rate * (own + other)
    drawn = Piecewise((loser, gain > 0), (parts.drawing(1 - ceded, 1 - later), True))
    peace, joined = (1 - now) / rate, (1 - later) / rate
    table = (
        ("settled_share_now", now, "the hegemon's share in peace before the shift", sp.true),
        ("settled_share_later", later, "the hegemon's share in peace after the shift", sp.true),
        ("attack_gain", gain,
         "what the hegemon gains by attacking while the small state draws close", sp.true),
        ("least_concession", needed,
         "the smallest share, ceded in each period of drawing close, that prevents the attack",
         sp.true),
        ("safe_arrival", rate * (ceded - reserve) / (delta * (reserve - later)),
         "the largest arrival probability that provokes no attack", reserve > later),
        ("safe_success", bounded, "the smallest later success that provokes no attack",
         sp.And(arrival > 0, bounded >= rate * own, bounded <= 1 - rate * other)),
        ("breach_cost_needed", delta * (stealth * joined + (1 - stealth) * drawn - peace),
         "the smallest breach cost at which the small state does not gain by leaving its hedge",
         sp.true),
        ("stealth_limit", (peace + parts["breach_cost"] / delta - loser) / (joined - loser),
         "the largest stealth at which the hedge is credible, if drawing close is attacked",
         sp.And(gain > 0, joined > loser)),
        ("fear_gain", attacker - now
         - delta * (stealth * later / rate + (1 - stealth) * sp.Max(attacker, waiting)),
         "what the hegemon gains by attacking at once if it expects balancing", sp.true),
        ("hedge_value", peace, "what hedging for ever is worth to the small state", sp.true),
    )  # fmt: skip
    return {
        name: Quantity(expression=own, meaning=meaning, reference="F4e", condition=condition)
        for name, own, meaning, condition in table
    }
