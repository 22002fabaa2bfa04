"""The alignment game: a small state's posture against a hegemon that may coerce it.

The small state S balances (B), hedges (H) or bandwagons (W); the hegemon G accommodates or
coerces. The patron is a parameter: it helps an ally with probability ``rho``. With what S keeps
under each posture

- ``Y_B = alpha theta_B + e_P + x_B e_G``,
- ``Y_H = alpha theta_H + (1 - tau)(e_P + e_G)``,
- ``Y_W = alpha theta_W + e_G + y_W e_P``,

the share of the patron's help ``r = (1, eta, 0)``, the tilt toward it ``z = (1, zeta, -beta_w)``
and the hegemon's chance of success ``l_a = l0 - delta r_a rho``, payoffs are

- ``u_S(a, accommodate) = Y_a - c_a``,
- ``u_S(a, coerce) = (1 - l_a) Y_a - l_a L - d - c_a``,
- ``u_G(a, accommodate) = -b z_a``,
- ``u_G(a, coerce) = l_a V - (1 - l_a) b z_a - kappa - rho r_a w``.

G gains from coercing ``a`` where ``T_a = l_a (V + b z_a) - kappa - rho r_a w > 0`` (F1.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import sympy as sp

from ._tables import Row, parameters_from
from .model import AlignmentModel, Comparison
from .parameters import Constraint, ParameterSpace, ParameterStatus

__all__ = ["ALIGNMENT_ROWS", "FULL_SUPPORT", "alignment", "posture_game"]

_MEASURED, _ELICITED, _ASSUMPTION, _NORMALIZATION = ParameterStatus

ALIGNMENT_ROWS: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
    ("autonomy_weight", "alpha", (0, None), (0, 2),
     "value of full autonomy relative to the whole economy", "utility; whole economy = 1",
     _ELICITED),
    ("autonomy_balance", "theta_B", (0, 1), (0, 1),
     "autonomy kept under the patron; fear for the regime lowers it", "share", _ELICITED),
    ("autonomy_hedge", "theta_H", (0, 1), (0, 1),
     "autonomy kept when hedging", "share", _ASSUMPTION),
    ("autonomy_bandwagon", "theta_W", (0, 1), (0, 1),
     "autonomy kept under the hegemon", "share", _ELICITED),
    ("economy_hegemon", "e_G", (0, 1), (0, 1),
     "the hegemon's share in the small state's markets", "utility; shares sum to 1", _MEASURED),
    ("economy_patron", "e_P", (0, 1), (0, 1),
     "the patron's share in the small state's markets", "utility; shares sum to 1", _MEASURED),
    ("market_retention_balance", "x_B", (0, 1), (0, 1),
     "share of the hegemon's market kept when balancing", "share", _MEASURED),
    ("market_retention_bandwagon", "y_W", (0, 1), (0, 1),
     "share of the patron's market kept when bandwagoning", "share", _MEASURED),
    ("hedging_discount", "tau", (0, 1), ("0", "0.5"),
     "loss in both markets from belonging to neither side", "share", _ASSUMPTION),
    ("cost_balance", "c_B", (0, None), ("0", "0.5"),
     "arming, hosting and entrapment cost of balancing", "utility", _ELICITED),
    ("cost_hedge", "c_H", (0, None), ("0", "0.5"),
     "cost of keeping up two sets of relations", "utility", _ELICITED),
    ("cost_bandwagon", "c_W", (0, None), ("0", "0.5"),
     "tribute paid when bandwagoning", "utility", _ELICITED),
    ("coercion_success", "l0", (0, 1), ("0.5", "1"),
     "probability that coercion of an unaided small state succeeds", "probability", _MEASURED),
    ("support_effect", "delta", (0, 1), (0, 1),
     "reduction of that probability by the patron's full help", "probability", _ELICITED),
    ("patron_reliability", "rho", (0, 1), (0, 1),
     "probability that the patron helps an ally; abandonment is one minus it", "probability",
     _ELICITED),
    ("informal_support", "eta", (0, 1), (0, 1),
     "help to a hedger relative to help to an ally", "share", _ELICITED),
    ("stake", "V", (0, None), (0, 2),
     "the hegemon's own gain from overturning the small state", "hegemon's utility", _ELICITED),
    ("alignment_loss", "b", (0, None), (0, 2),
     "the hegemon's loss if the small state joins its rival", "hegemon's utility", _ELICITED),
    ("tilt", "zeta", (0, 1), (0, 1),
     "how far a hedger seems to lean to the patron; an ally leans 1", "share", _ELICITED),
    ("friendship", "beta_w", (0, None), (0, 1),
     "the hegemon's benefit from a bandwagoner", "share of alignment_loss", _ELICITED),
    ("coercion_cost", "kappa", (0, None), (0, 2),
     "the hegemon's cost of coercing", "hegemon's utility", _NORMALIZATION),
    ("escalation_cost", "w", (0, None), (0, 2),
     "the hegemon's further cost if the patron fights", "hegemon's utility", _ELICITED),
    ("overrun_loss", "L", (0, None), (0, 3),
     "the small state's loss if it is overrun", "utility", _ELICITED),
    ("coercion_damage", "d", (0, None), ("0", "0.5"),
     "the small state's loss from being coerced at all", "utility", _ELICITED),
)  # fmt: skip


FULL_SUPPORT = Constraint(
    smaller="support_effect",
    larger="coercion_success",
    reason="the chance of success under full help must not be negative",
)


@lru_cache(maxsize=1)
def alignment() -> AlignmentModel:
    """Return the alignment game of a small state and a hegemon.

    Returns
    -------
    AlignmentModel
        Players ``small_state`` (``balance``, ``hedge``, ``bandwagon``) and ``hegemon``
        (``accommodate``, ``coerce``); 24 parameters. `AlignmentModel.terms` holds the blocks
        ``kept_value`` (Y), ``help_share`` (r), ``tilt`` (z), ``success`` (l) and ``cost`` (c).

    Notes
    -----
    Equation F1 of the model's documentation. Full autonomy of a hedger
    (``autonomy_hedge`` = 1) and a small ``hedging_discount`` are assumptions that do much of
    the work in the model; both are parameters, and so is the hedge's ``tilt``.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.alignment()
    >>> model.payoff("small_state", "hedge", "accommodate")
    alpha*theta_H - c_H + (1 - tau)*(e_G + e_P)
    >>> print(model.parameters["patron_reliability"].meaning)
    probability that the patron helps an ally; abandonment is one minus it
    """
    space = ParameterSpace(parameters_from(ALIGNMENT_ROWS), (FULL_SUPPORT,))
    rho, eta = space.symbols["patron_reliability"], space.symbols["informal_support"]
    help_share = {"balance": sp.Integer(1), "hedge": eta, "bandwagon": sp.Integer(0)}
    return posture_game(
        name="alignment",
        title="The alignment game of a small state and a hegemon",
        parameters=space,
        support={a: rho * share for a, share in help_share.items()},
        blocks={"help_share": help_share},
        reference="F1",
    )


def posture_game(
    *,
    name: str,
    title: str,
    parameters: ParameterSpace,
    support: Mapping[str, sp.Expr],
    blocks: Mapping[str, Mapping[str, sp.Expr]],
    reference: str,
) -> AlignmentModel:
    """Return the game of postures and coercion for given chances of the patron's support.

    Parameters
    ----------
    name, title : str
    parameters : ParameterSpace
        It holds those of `ALIGNMENT_ROWS`, save that support may come from others.
    support : mapping of str to sympy.Expr
        The chance of the patron's support in each posture: ``rho r_a`` in F1.
    blocks : mapping of str to mapping of str to sympy.Expr
        Further terms, by posture.
    reference : str

    Returns
    -------
    AlignmentModel
        Its terms are ``kept_value``, ``tilt``, ``success``, ``cost`` and those of `blocks`.
    """
    s = parameters.symbols
    e_hegemon, e_patron = s["economy_hegemon"], s["economy_patron"]
    loss, stake = s["alignment_loss"], s["stake"]
    kept = {
        "balance": s["autonomy_weight"] * s["autonomy_balance"]
        + e_patron
        + s["market_retention_balance"] * e_hegemon,
        "hedge": s["autonomy_weight"] * s["autonomy_hedge"]
        + (1 - s["hedging_discount"]) * (e_patron + e_hegemon),
        "bandwagon": s["autonomy_weight"] * s["autonomy_bandwagon"]
        + e_hegemon
        + s["market_retention_bandwagon"] * e_patron,
    }
    tilt = {"balance": sp.Integer(1), "hedge": s["tilt"], "bandwagon": -s["friendship"]}
    success = {a: s["coercion_success"] - s["support_effect"] * support[a] for a in kept}
    cost = {a: s[f"cost_{a}"] for a in kept}
    price = {a: s["coercion_cost"] + support[a] * s["escalation_cost"] for a in kept}
    payoffs: dict[tuple[str, ...], tuple[sp.Expr, ...]] = {}
    for a, value in kept.items():
        payoffs[a, "accommodate"] = (value - cost[a], -loss * tilt[a])
        payoffs[a, "coerce"] = (
            (1 - success[a]) * value
            - success[a] * s["overrun_loss"]
            - s["coercion_damage"]
            - cost[a],
            success[a] * stake - (1 - success[a]) * loss * tilt[a] - price[a],
        )
    own = {"kept_value": kept, **blocks, "tilt": tilt, "success": success, "cost": cost}
    return AlignmentModel(
        name=name,
        title=title,
        players=("small_state", "hegemon"),
        strategies=(("balance", "hedge", "bandwagon"), ("accommodate", "coerce")),
        parameters=parameters,
        payoffs=payoffs,
        terms={(block, a): expr for block, each in own.items() for a, expr in each.items()},
        temptations={
            a: Comparison(
                left=success[a] * (stake + loss * tilt[a]),
                right=price[a],
                meaning="the hegemon's expected gain from coercing against its price",
                reference="F1.1",
            )
            for a in kept
        },
        reference=reference,
    )
