"""A patron that engages or withdraws, a threat that comes and goes, and a state that may be allied.

The engagement of the patron (engaged, isolationist) and the power of the hegemon (calm, shock) are
two Markov chains. In each period the small state, which sees both, takes a posture, and the hegemon
answers it as in F1.1: it coerces a posture ``a`` exactly if its temptation ``T_a`` is positive. The
small state then earns ``v_a = Y_a - c_a``, less its exposure ``X_a + d`` where it is coerced
(F1.8). Balancing makes it an ally, and an ally that takes another posture pays ``chi`` to leave.

Let the hegemon's power never change. In a period of engagement an ally earns the *premium*
``D_E = v_B - v_N`` more than with the best other posture ``N``; in isolation it loses
``D_I = v_N - v_B`` in each period until it leaves or the patron returns. One isolation thus costs
it ``K = min(chi, D_I / (1 - gamma (1 - mu)))``, and it is better not to be an ally, in spite of the
premium, exactly if ``D_E < gamma lambda K``: a hedge is an insurance. (Where it is, an isolated
ally that waits has the next isolation before it as well, and lacks more than ``K``.)
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import lru_cache

import sympy as sp
from sympy.functions.elementary.piecewise import Piecewise

from ._tables import Row, parameters_from
from .alignment import alignment
from .dynamic_model import DynamicModel, Move
from .parameters import Constraint, ParameterSpace, ParameterStatus
from .quantities import Quantity

__all__ = ["flow_of", "patron_engagement"]

_, _ELICITED, _ASSUMPTION, _ = ParameterStatus

_TABLE: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
    ("isolationist_reliability", "rho_I", (0, 1), (0, 1),
     "probability that an isolationist patron helps an ally", "probability", _ELICITED),
    ("shock_stake", "V_s", (0, None), (0, 2),
     "the hegemon's gain from overturning the small state in a shock", "hegemon's utility",
     _ELICITED),
    ("discount", "gamma", (0, 1), ("0.8", "0.99"),
     "discount factor of a period, above 0 and below 1", "share", _ASSUMPTION),
    ("hazard", "lambda", (0, 1), (0, "0.2"),
     "probability in each period that an engaged patron turns isolationist", "probability",
     _ELICITED),
    ("reengagement", "mu", (0, 1), (0, "0.5"),
     "probability in each period that an isolationist patron engages again", "probability",
     _ELICITED),
    ("shock", "phi", (0, 1), (0, "0.2"),
     "probability in each period of calm that a shock comes", "probability", _ELICITED),
    ("relief", "psi", (0, 1), (0, "0.5"),
     "probability in each period of shock that calm returns", "probability", _ELICITED),
    ("exit_cost", "chi", (0, None), (0, 10),
     "what it costs an ally to take another posture, once", "utility", _ASSUMPTION),
)  # fmt: skip

_ENGAGEMENTS, _POWERS, _HELD = ("engaged", "isolationist"), ("calm", "shock"), ("free", "allied")


@lru_cache(maxsize=1)
def patron_engagement() -> DynamicModel:
    """Return a small state's choice of postures where its patron may withdraw.

    Returns
    -------
    DynamicModel
        One player, ``small_state``; the hegemon's answers are part of its payoffs. States are
        ``engaged_calm_free`` to ``isolationist_shock_allied``: the patron's engagement, the
        hegemon's power, and whether the small state is an ally. In each it chooses to
        ``balance``, to ``hedge`` or to ``bandwagon``. Parameters are those of `alignment`, where
        ``patron_reliability`` is that of an engaged patron and ``stake`` that in calm times, so
        that a scenario gives most of them, and eight more. Closed forms:

        - ``reliability_needed_calm``, ``reliability_needed_shock``: the reliability from which
          balancing deters, rho_D (F1.7);
        - ``hedge_ceiling_engaged``, ``hedge_ceiling_isolationist``: the stake above which a hedge
          is coerced, V_H (F1.6); ``bandwagon_ceiling``: the same for bandwagoning, V_W (F1.7);
        - ``premium_calm``, ``premium_shock``: what an ally of an engaged patron earns more than
          with another posture;
        - ``isolation_cost_calm``, ``isolation_cost_shock``: what one isolation costs an ally, K;
        - ``hazard_threshold_calm``, ``hazard_threshold_shock``: the hazard above which the small
          state, though it is not yet an ally, does not balance in spite of the premium.

    Notes
    -----
    Equations F1.6 to F1.8 and F4a of the model's documentation. For ``reengagement`` = 0 the
    hazard's threshold is that of F4a. The costs and thresholds in calm hold if no shock ever comes
    (``shock`` = 0), those in shock if it never ends (``relief`` = 0); in between the policy has to
    be solved for, which `alignment_games.analysis.posture_policy` does.

    Examples
    --------
    The Ukraine-like state balances if its patron is reliable at present, unless it fears more than
    a small chance of isolation:

    >>> import alignment_games as ag
    >>> model = ag.models.patron_engagement()
    >>> values = dict(ag.load_scenario("ukraine"), patron_reliability=0.7, shock_stake=0.8,
    ...               isolationist_reliability=0.2, discount=0.9, hazard=0, reengagement=0,
    ...               shock=0, relief=0, exit_cost=1)
    >>> model.value("premium_calm", values), model.value("hazard_threshold_calm", values)
    (Fraction(7, 100), Fraction(7, 90))
    >>> for hazard in (0.07, 0.08):
    ...     (only,) = ag.solvers.markov_perfect(model.game(values, hazard=hazard)).equilibria
    ...     print(only.played("engaged_calm_free"))
    (('balance',),)
    (('hedge',),)
    """
    space = _parameter_space()
    (postures, _) = alignment().strategies
    states = tuple("_".join(own) for own in itertools.product(_ENGAGEMENTS, _POWERS, _HELD))
    payoffs: dict[Move, tuple[sp.Expr, ...]] = {}
    transitions: dict[Move, dict[str, sp.Expr]] = {}
    for engagement, power, held in itertools.product(_ENGAGEMENTS, _POWERS, _HELD):
        state = f"{engagement}_{power}_{held}"
        for posture in postures:
            earned = _flow(space, posture, engagement, power)
            if held == "allied" and posture != "balance":
                earned -= space["exit_cost"].symbol
            payoffs[state, (posture,)] = (earned,)
            kept = "allied" if posture == "balance" else "free"
            transitions[state, (posture,)] = {
                f"{patron}_{threat}_{kept}": p * q
                for patron, p in _next(space, engagement, _ENGAGEMENTS, "hazard", "reengagement")
                for threat, q in _next(space, power, _POWERS, "shock", "relief")
            }
    return DynamicModel(
        name="patron_engagement",
        title="A patron that may withdraw",
        players=("small_state",),
        states=states,
        strategies=dict.fromkeys(states, (postures,)),
        parameters=space,
        payoffs=payoffs,
        transitions=transitions,
        quantities=_quantities(space),
        reference="F1.7, F4a",
    )


def flow_of(posture: str) -> sp.Expr:
    """Return what a posture earns in a period in the alignment game, the hegemon's answer included.

    Examples
    --------
    >>> flow = flow_of("hedge")
    >>> sorted(symbol.name for symbol in flow.free_symbols)[:3]
    ['L', 'V', 'alpha']
    """
    model = alignment()
    at_peace, coerced = (
        model.payoff("small_state", posture, answer) for answer in ("accommodate", "coerce")
    )
    return Piecewise((coerced, model.temptations[posture].difference > 0), (at_peace, True))


def _parameter_space() -> ParameterSpace:
    own = alignment().parameters
    meanings = {
        "patron_reliability": "probability that an engaged patron helps an ally",
        "stake": "the hegemon's gain from overturning the small state in calm times",
    }
    known = tuple(
        replace(parameter, meaning=meanings.get(name, parameter.meaning))
        for name, parameter in own.items()
    )
    constraints = (
        *own.constraints,
        Constraint(
            smaller="isolationist_reliability",
            larger="patron_reliability",
            reason="an isolationist patron is not more reliable than an engaged one",
        ),
        Constraint(
            smaller="stake", larger="shock_stake", reason="a shock does not lower the threat"
        ),
    )
    return ParameterSpace((*known, *parameters_from(_TABLE)), constraints)


def _flow(space: ParameterSpace, posture: str, engagement: str, power: str) -> sp.Expr:
    """Return what a posture earns in a period in one state of the world."""
    return flow_of(posture).xreplace(_world(space, engagement, power))


def _world(space: ParameterSpace, engagement: str, power: str) -> dict[sp.Symbol, sp.Symbol]:
    """Return which symbols stand for reliability and stake in one state of the world."""
    symbols, world = space.symbols, {}
    if engagement == "isolationist":
        world[symbols["patron_reliability"]] = symbols["isolationist_reliability"]
    if power == "shock":
        world[symbols["stake"]] = symbols["shock_stake"]
    return world


def _next(
    space: ParameterSpace, now: str, pair: tuple[str, str], leaving: str, returning: str
) -> list[tuple[str, sp.Expr]]:
    """Return the next states of one of the two chains, with their probabilities."""
    other = pair[1 - pair.index(now)]
    change = space[leaving if now == pair[0] else returning].symbol
    return [(now, 1 - change), (other, change)]


@dataclass(frozen=True, slots=True)
class _Insurance:
    """The closed forms of one power of the hegemon that lasts."""

    premium: sp.Expr
    loss: sp.Expr
    cost: sp.Expr
    threshold: sp.Expr


def _insurance(space: ParameterSpace, power: str) -> _Insurance:
    s = space.symbols
    flows = {
        engagement: {
            posture: _flow(space, posture, engagement, power)
            for posture in ("balance", "hedge", "bandwagon")
        }
        for engagement in _ENGAGEMENTS
    }
    engaged, isolated = flows["engaged"], flows["isolationist"]
    premium = engaged["balance"] - sp.Max(engaged["hedge"], engaged["bandwagon"], evaluate=False)
    loss = sp.Max(isolated["hedge"], isolated["bandwagon"], evaluate=False) - isolated["balance"]
    lasting = loss / (1 - s["discount"] * (1 - s["reengagement"]))
    cost = sp.Min(s["exit_cost"], lasting, evaluate=False)
    return _Insurance(
        premium=premium,
        loss=loss,
        cost=cost,
        threshold=premium / (s["discount"] * cost),
    )


def _quantities(space: ParameterSpace) -> dict[str, Quantity]:
    s = space.symbols
    loss, kappa, escalation = s["alignment_loss"], s["coercion_cost"], s["escalation_cost"]
    success, effect = s["coercion_success"], s["support_effect"]
    helped = s["informal_support"] * s["patron_reliability"]
    ceiling = (kappa + escalation * helped) / (success - effect * helped) - s["tilt"] * loss
    quantities = {
        "bandwagon_ceiling": Quantity(
            expression=kappa / success + s["friendship"] * loss,
            meaning="the stake above which bandwagoning is coerced",
            reference="F1.7",
            condition=success > 0,
        )
    }
    for engagement in _ENGAGEMENTS:
        world = _world(space, engagement, "calm")
        quantities[f"hedge_ceiling_{engagement}"] = Quantity(
            expression=ceiling.xreplace(world),
            meaning=f"the stake above which hedging is coerced, the patron being {engagement}",
            reference="F1.6",
            condition=(success > effect * helped).xreplace(world),
        )
    for power in _POWERS:
        stake = s["stake"].xreplace(_world(space, "engaged", power))
        insurance = _insurance(space, power)
        lasts = sp.Eq(s["shock" if power == "calm" else "relief"], 0)
        price = sp.And(lasts, insurance.loss > 0)
        times = f"in {power} that lasts"
        quantities |= {
            f"reliability_needed_{power}": Quantity(
                expression=(success * (stake + loss) - kappa)
                / (effect * (stake + loss) + escalation),
                meaning=f"the reliability from which balancing deters coercion, in {power}",
                reference="F1.7",
                condition=effect * (stake + loss) + escalation > 0,
            ),
            f"premium_{power}": Quantity(
                expression=insurance.premium,
                meaning="what balancing earns more in a period than any other posture, the patron "
                f"being engaged, in {power}",
                reference="F4a",
            ),
            f"isolation_cost_{power}": Quantity(
                expression=insurance.cost,
                meaning="what one isolation costs an ally: its losses until the patron is back, or "
                f"the exit, whichever is less, {times}",
                reference="F4a",
                condition=price,
            ),
            f"hazard_threshold_{power}": Quantity(
                expression=insurance.threshold,
                meaning=f"the hazard above which a state that is no ally does not balance, {times}",
                reference="F4a",
                condition=sp.And(price, s["exit_cost"] > 0),
            ),
        }
    return quantities
