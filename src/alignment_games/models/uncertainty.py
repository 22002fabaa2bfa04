"""Uncertain intentions and commitment: a hegemon and a patron of unknown types (F3).

The hegemon is a revisionist, with the stake ``V_R``, with probability ``mu``, and otherwise a
status quo power, with the stake ``V_S <= V_R``; only it knows which. The patron is committed with
probability ``pi``, and no one knows. It helps an ally with probability ``rho_C`` if it is, and
``rho_U`` if not, so that ``rho = pi rho_C + (1 - pi) rho_U`` stands where `alignment` has its
reliability: payoffs are linear in it. A type coerces a posture where its temptation
``T_a = l_a (V + b z_a) - kappa - rho r_a w`` is positive, and a posture is worth

``v_a = y_a - (mu phi_R + (1 - mu) phi_S) Lambda_a``,

with ``y_a = Y_a - c_a`` in peace, what coercion takes, ``Lambda_a = l_a (Y_a + L) + d``, and
``phi`` 1 for a type that coerces and 0 for one that does not.
"""

from __future__ import annotations

import itertools
from functools import lru_cache

import sympy as sp

from ._tables import Row, parameters_from
from .alignment import alignment
from .model import AlignmentModel
from .parameters import Constraint, ParameterSpace, ParameterStatus
from .quantities import Quantity
from .uncertainty_model import HEGEMON_TYPES, UncertaintyModel

__all__ = ["uncertainty"]

_, _ELICITED, _ASSUMPTION, _ = ParameterStatus

_TABLE: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
    ("patron_commitment", "pi", (0, 1), (0, 1),
     "probability that the patron is of the committed type", "probability", _ELICITED),
    ("reliability_committed", "rho_C", (0, 1), (0, 1),
     "probability that a committed patron helps an ally", "probability", _ASSUMPTION),
    ("reliability_uncommitted", "rho_U", (0, 1), (0, 1),
     "probability that an uncommitted patron helps an ally", "probability", _ASSUMPTION),
    ("revisionist_belief", "mu", (0, 1), (0, 1),
     "probability that the hegemon is a revisionist", "probability", _ELICITED),
    ("stake_status_quo", "V_S", (0, None), (0, 2),
     "a status quo power's own gain from overturning the small state", "hegemon's utility",
     _ELICITED),
    ("stake_revisionist", "V_R", (0, None), (0, 2),
     "a revisionist's own gain from overturning the small state", "hegemon's utility", _ELICITED),
)  # fmt: skip

_POSTURES = ("balance", "hedge", "bandwagon")


def _parameter_space() -> ParameterSpace:
    base = alignment().parameters
    kept = (p for name, p in base.items() if name not in ("patron_reliability", "stake"))
    constraints = (
        Constraint(
            smaller="reliability_uncommitted",
            larger="reliability_committed",
            reason="the committed type is the more reliable one",
        ),
        Constraint(
            smaller="stake_status_quo",
            larger="stake_revisionist",
            reason="the revisionist is the type with more to gain",
        ),
    )
    return ParameterSpace((*kept, *parameters_from(_TABLE)), (*base.constraints, *constraints))


@lru_cache(maxsize=1)
def uncertainty() -> UncertaintyModel:
    """Return the alignment game with a hegemon and a patron of unknown types.

    Returns
    -------
    UncertaintyModel
        The small state chooses its posture; the hegemon, which knows its type, answers; if it
        coerces, the patron's type comes out. Closed forms, for each posture where one is named:

        - ``peace_hedge``: what the posture is worth if no one coerces it, y;
        - ``exposure_hedge``: what coercion takes, Lambda;
        - ``temptation_revisionist_hedge``, ``temptation_status_quo_hedge``: what a type gains by
          coercing the posture, T; it coerces above 0;
        - ``value_hedge``: what the posture is worth under the beliefs, v;
        - ``belief_deterrence`` (F3.1), ``belief_spiral`` (F3.2): the belief below which hedging is
          the only best posture, where only a revisionist coerces and only a hedger, and where both
          types coerce an ally besides;
        - ``belief_lower``, ``belief_upper`` (F3.3): the beliefs between which hedging is the only
          best posture, where an ally is left alone and a revisionist coerces the other two;
        - ``belief_width``: the upper one less the lower; only above 0 is there something between.

    Notes
    -----
    Equation F3. A committed patron that always helps (``reliability_committed`` = 1) and another
    that never does (``reliability_uncommitted`` = 0) make ``pi`` the expected reliability. That
    the hegemon coerces only if it is strictly tempted breaks ties of the tree in its favor: there
    `subgame_perfect` lists both. The thresholds of F3.1 to F3.3 may lie outside [0, 1], and then
    say that hedging is best for every belief, or for none.

    Examples
    --------
    A small state that hedges under doubt, and not if it is sure of a revisionist and a patron:

    >>> import alignment_games as ag
    >>> model = ag.models.uncertainty()
    >>> values = model.values_of(ag.load_scenario("vietnam"), revisionist_belief=0.2,
    ...                          stake_status_quo=0.2, stake_revisionist=1.2)
    >>> tree = model.tree(values)
    >>> plan = ag.solvers.subgame_perfect(tree).equilibria[0].profile
    >>> tree.actions[0][plan[0].index(1)]
    'hedge'
    >>> worse = {"revisionist_belief": 1, "patron_commitment": 1}
    >>> [model.value(f"value_{a}", values, **worse) for a in ("balance", "hedge")]
    [Fraction(1, 1), Fraction(-41, 50)]
    """
    space = _parameter_space()
    s = space.symbols
    base = alignment()
    expected = (
        s["patron_commitment"] * s["reliability_committed"]
        + (1 - s["patron_commitment"]) * s["reliability_uncommitted"]
    )
    rho, stake = (base.parameters.symbols[name] for name in ("patron_reliability", "stake"))
    known = {kind: {rho: expected, stake: s[f"stake_{kind}"]} for kind in HEGEMON_TYPES}
    return UncertaintyModel(
        name="uncertainty",
        title="Alignment with a hegemon and a patron of unknown types",
        agents=AlignmentModel(
            name="uncertainty_agents",
            title="Alignment under uncertainty: a player for each type of the hegemon",
            players=("small_state", *HEGEMON_TYPES),
            strategies=(_POSTURES, *[("accommodate", "coerce")] * len(HEGEMON_TYPES)),
            parameters=space,
            payoffs=_agent_payoffs(base, known, s["revisionist_belief"]),
            reference="F3",
        ),
        quantities=_quantities(base, known, s["revisionist_belief"]),
        reference="F3",
    )


_Known = dict[str, dict[sp.Symbol, sp.Expr]]


def _agent_payoffs(
    base: AlignmentModel, known: _Known, belief: sp.Symbol
) -> dict[tuple[str, ...], tuple[sp.Expr, ...]]:
    """Return payoffs by posture and the answers of the two types; each type has its own."""
    answers = ("accommodate", "coerce")
    payoffs = {}
    for a, *own in itertools.product(_POSTURES, answers, answers):
        pairs = [
            tuple(part.xreplace(known[kind]) for part in base.payoffs[a, answer])
            for kind, answer in zip(HEGEMON_TYPES, own, strict=True)
        ]
        (small_quiet, quiet), (small_grim, grim) = pairs
        payoffs[a, *own] = ((1 - belief) * small_quiet + belief * small_grim, quiet, grim)
    return payoffs


def _quantities(base: AlignmentModel, known: _Known, belief: sp.Symbol) -> dict[str, Quantity]:
    quantities: dict[str, Quantity] = {}

    def add(name: str, expression: sp.Expr, meaning: str) -> sp.Expr:
        quantities[name] = Quantity(expression=expression, meaning=meaning, reference="F3")
        return expression

    peace: dict[str, sp.Expr] = {}
    taken: dict[str, sp.Expr] = {}
    tempted: dict[tuple[str, str], sp.Expr] = {}
    loss, damage = (base.parameters.symbols[n] for n in ("overrun_loss", "coercion_damage"))
    for a in _POSTURES:
        quiet = base.payoff("small_state", a, "accommodate")
        success, kept = (base.terms[block, a] for block in ("success", "kept_value"))
        peace[a] = add(f"peace_{a}", quiet, f"what to {a} is worth if no one coerces")
        taken[a] = add(
            f"exposure_{a}",
            (success * (kept + loss) + damage).xreplace(known["status_quo"]),
            f"what coercion takes from a small state that chose to {a}",
        )
        coerced: sp.Expr = sp.Integer(0)
        for kind, chance in zip(HEGEMON_TYPES, (1 - belief, belief), strict=True):
            words = kind.replace("_", " ")
            tempted[kind, a] = add(
                f"temptation_{kind}_{a}",
                base.temptations[a].difference.xreplace(known[kind]),
                f"what a {words} hegemon gains by coercing a small state that chose to {a}",
            )
            coerced += sp.Piecewise((chance, tempted[kind, a] > 0), (0, True))
        add(f"value_{a}", quiet - coerced * taken[a], f"what to {a} is worth under the beliefs")
    return quantities | _thresholds(peace, taken, tempted)


def _thresholds(
    peace: dict[str, sp.Expr],
    taken: dict[str, sp.Expr],
    tempted: dict[tuple[str, str], sp.Expr],
) -> dict[str, Quantity]:
    """Return the beliefs of F3.1 to F3.3, with the worlds in which they decide."""
    balance, hedge, bandwagon = (peace[a] for a in _POSTURES)

    def coerces(kind: str, a: str) -> sp.Basic:
        return tempted[kind, a] > 0

    def accepts(kind: str, a: str) -> sp.Basic:
        return tempted[kind, a] <= 0

    # A revisionist coerces whatever a status quo power coerces, so one condition speaks for both.
    doubtful = sp.And(
        coerces("revisionist", "hedge"), accepts("status_quo", "hedge"), taken["hedge"] > 0
    )
    friends_safe = accepts("revisionist", "bandwagon")
    ally_safe = accepts("revisionist", "balance")
    friends_lose = sp.And(
        coerces("revisionist", "bandwagon"),
        accepts("status_quo", "bandwagon"),
        taken["bandwagon"] > taken["hedge"],
    )
    interval = sp.And(ally_safe, doubtful, friends_lose)
    lower = (bandwagon - hedge) / (taken["bandwagon"] - taken["hedge"])
    upper = (hedge - balance) / taken["hedge"]
    spiral = sp.Min(
        (hedge - bandwagon) / taken["hedge"], (hedge - balance + taken["balance"]) / taken["hedge"]
    )
    table = (
        ("belief_deterrence", (hedge - sp.Max(balance, bandwagon)) / taken["hedge"],
         "belief below which hedging alone is best where only hedgers are coerced", "F3.1",
         sp.And(ally_safe, doubtful, friends_safe)),
        ("belief_spiral", spiral,
         "belief below which hedging alone is best where both types coerce an ally", "F3.2",
         sp.And(coerces("status_quo", "balance"), doubtful, friends_safe)),
        ("belief_lower", lower, "belief above which hedging beats bandwagoning", "F3.3", interval),
        ("belief_upper", upper, "belief below which hedging beats balancing", "F3.3", interval),
        ("belief_width", upper - lower,
         "width of the beliefs for which hedging alone is best; below 0 there are none", "F3.3",
         interval),
    )  # fmt: skip
    return {
        name: Quantity(expression=own, meaning=meaning, reference=number, condition=where)
        for name, own, meaning, number, where in table
    }
