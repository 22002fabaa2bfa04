"""Restraint of a small state and a hegemon that is held by the threat of rivalry for ever (F4b)."""

from __future__ import annotations

import itertools
from functools import lru_cache

import sympy as sp

from ._tables import Row, parameters_from
from .alignment import alignment
from .dynamic_model import DynamicModel
from .parameters import ParameterSpace, ParameterStatus
from .quantities import Quantity

__all__ = ["mutual_restraint"]

_, _ELICITED, _, _ = ParameterStatus

_TABLE: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
    ("discount", "gamma", (0, 1), ("0.8", "0.99"),
     "discount factor of a period, above 0 and below 1", "share", _ELICITED),
    ("turnover", "t", (0, 1), (0, "0.5"),
     "probability, after a period of restraint, that a successor begins the rivalry all the same",
     "probability", _ELICITED),
)  # fmt: skip

_RESTRAINED, _RIVALS = ("hedge", "accommodate"), ("balance", "coerce")
_WHO = ("small_state", "hegemon")


@lru_cache(maxsize=1)
def mutual_restraint() -> DynamicModel:
    """Return the alignment game played for ever, in which restraint once broken is gone.

    Returns
    -------
    DynamicModel
        The players, strategies and parameters are those of `alignment`, so that a scenario gives
        nearly all values; ``discount`` and ``turnover`` come on top. The state ``restraint`` lasts
        as long as the small state hedges and the hegemon accommodates, and no turnover ends it;
        ``rivalry`` is for ever. Closed forms, where *tempted* means the best that a player can get
        by leaving restraint once:

        - ``temptation_small_state``, ``temptation_hegemon``: what it gains in that period;
        - ``discount_small_state``, ``discount_hegemon``: the discount factor from which a player
          does not leave restraint that no turnover ends; below 0 it is not tempted;
        - ``critical_discount``: the discount factor from which restraint is an equilibrium;
        - ``critical_turnover``: the turnover up to which it is;
        - ``value_small_state``, ``value_hegemon``: what restraint is worth.

    Notes
    -----
    Equation F4b. Let a player get ``R`` in restraint, at best ``T`` in the period in which it
    leaves it, and ``P`` ever after, when the small state balances and the hegemon coerces. It does
    not leave restraint exactly if ``gamma (1 - t) >= (T - R) / (T - P)``. This is the grim trigger
    [1]_: what was done is remembered by the state, so that the equilibrium is Markov-perfect.

    Rivalry has to be an equilibrium of the alignment game, or the threat is empty. The closed
    forms hold only if it is, if ``T > P`` for both, and, for ``critical_discount``, if ``t < 1``.

    References
    ----------
    .. [1] J. W. Friedman (1971), A non-cooperative equilibrium for supergames, Review of Economic
       Studies 38, 1-12, doi:10.2307/2296617.

    Examples
    --------
    The Ukraine-like state, where the patron is as unreliable as it turned out to be. Almost any
    shadow of the future is enough:

    >>> import alignment_games as ag
    >>> model = ag.models.mutual_restraint()
    >>> values = {**ag.load_scenario("ukraine"), "patron_reliability": 0.2,
    ...           "discount": 0.5, "turnover": 0}
    >>> model.value("critical_discount", values)
    Fraction(35, 1198)
    >>> model.value("discount_hegemon", values) < 0
    True
    >>> model.value("critical_turnover", values)
    Fraction(564, 599)
    """
    stage = alignment()
    known = stage.parameters
    space = ParameterSpace((*known.values(), *parameters_from(_TABLE)), known.constraints)
    profiles = list(itertools.product(*stage.strategies))
    states = ("restraint", "rivalry")
    turnover = space["turnover"].symbol
    lasting = {"restraint": 1 - turnover, "rivalry": turnover}
    ended = {"rivalry": sp.Integer(1)}
    return DynamicModel(
        name="mutual_restraint",
        title="Mutual restraint under the threat of rivalry",
        players=_WHO,
        states=states,
        strategies=dict.fromkeys(states, stage.strategies),
        parameters=space,
        payoffs={
            (state, own): tuple(stage.payoff(who, *own) for who in _WHO)
            for state in states
            for own in profiles
        },
        transitions={
            (state, own): lasting if (state, own) == ("restraint", _RESTRAINED) else ended
            for state in states
            for own in profiles
        },
        quantities=_quantities(space),
        reference="F4b",
    )


def _quantities(space: ParameterSpace) -> dict[str, Quantity]:
    payoff = alignment().payoff
    gamma, turnover = (space[name].symbol for name in ("discount", "turnover"))
    restrained = {who: payoff(who, *_RESTRAINED) for who in _WHO}
    rival = {who: payoff(who, *_RIVALS) for who in _WHO}
    tempted = {
        "small_state": sp.Max(
            *(payoff("small_state", a, "accommodate") for a in ("balance", "bandwagon")),
            evaluate=False,
        ),
        "hegemon": payoff("hegemon", "hedge", "coerce"),
    }
    threat = sp.And(
        *(
            rival["small_state"] >= payoff("small_state", a, "coerce")
            for a in ("hedge", "bandwagon")
        ),
        rival["hegemon"] >= payoff("hegemon", "balance", "accommodate"),
        *(tempted[who] > rival[who] for who in _WHO),
    )
    least = {who: (tempted[who] - restrained[who]) / (tempted[who] - rival[who]) for who in _WHO}
    patience = sp.Max(0, *least.values(), evaluate=False)
    table = [
        ("critical_discount", patience / (1 - turnover),
         "the discount factor from which restraint is an equilibrium; none does from 1 on",
         sp.And(threat, turnover < 1)),
        ("critical_turnover", 1 - patience / gamma,
         "the turnover up to which restraint is an equilibrium; below 0 it never is", threat),
    ]  # fmt: skip
    for who in _WHO:
        name = who.replace("_", " ")
        table += [
            (f"temptation_{who}", tempted[who] - restrained[who],
             f"what the {name} gains in the period in which it leaves restraint", sp.true),
            (f"discount_{who}", least[who],
             f"the discount factor from which the {name} keeps restraint that no turnover ends",
             threat),
            (f"value_{who}",
             (restrained[who] + gamma * turnover * rival[who] / (1 - gamma))
             / (1 - gamma * (1 - turnover)),
             f"what restraint is worth to the {name}", sp.true),
        ]  # fmt: skip
    return {
        name: Quantity(expression=own, meaning=meaning, reference="F4b", condition=condition)
        for name, own, meaning, condition in table
    }
