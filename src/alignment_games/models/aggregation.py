"""To join the stronger, to join the weaker, or to wait: how strengths add up decides.

A hegemon of strength ``X`` fights a target of strength ``Y <= X``. A small state of strength ``s``
joins one of them or waits. A side of strength ``x`` wins against one of strength ``y`` with
probability ``p(x, y) = x^m / (x^m + y^m)``; who wins together shares by strength; and who waited
has to face the winner, which then has the strength of both.
"""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from ._tables import Row, parameters_from
from .model import AlignmentModel
from .parameters import Constraint, ParameterSpace, ParameterStatus

__all__ = ["balance_bandwagon_wait"]

_MEASURED, _, _ASSUMPTION, _ = ParameterStatus

_TABLE: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
    ("hegemon_strength", "X", (0, None), (0, 2), "strength of the hegemon", "strength", _MEASURED),
    ("target_strength", "Y", (0, None), (0, 2), "strength of the state that it fights", "strength",
     _MEASURED),
    ("small_state_strength", "s", (0, None), (0, 1), "strength of the small state", "strength",
     _MEASURED),
    ("returns", "m", (0, 100), (0, 3), "returns to scale in adding up strengths; 1 is constant",
     "exponent", _ASSUMPTION),
)  # fmt: skip


@lru_cache(maxsize=1)
def balance_bandwagon_wait() -> AlignmentModel:
    """Return the small state's choice between two sides of a war and waiting.

    Returns
    -------
    AlignmentModel
        One player, ``small_state``, that may ``balance`` (join the target), ``bandwagon`` (join the
        hegemon) or ``wait``. All that is fought about is worth 1.

    Notes
    -----
    Benchmark C5: an analogue, not a reproduction, of the choice in the alignment chapter of
    Powell [1]_, which was not read. With constant returns, ``m`` = 1, all three are worth
    ``s / (s + X + Y)``. If ``X > Y``, a small state that is weak enough joins the stronger side
    where returns are increasing, and waits, or else balances, where they are decreasing. A strong
    one need not: for ``m`` = 2 balancing is better than bandwagoning exactly if
    ``s^2 > X^2 + Y^2``.

    Values are exact if ``returns`` is a whole number.

    References
    ----------
    .. [1] R. Powell (1999), In the shadow of power: states and strategies in international
       politics, Princeton University Press.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.balance_bandwagon_wait()
    >>> values = {"hegemon_strength": 2, "target_strength": 1, "small_state_strength": 0.5}
    >>> for returns in (0.5, 1, 2):
    ...     game = model.game(values, returns=returns)
    ...     print([round(float(v), 3) for v in game.payoffs[0]])
    [0.155, 0.123, 0.29]
    [0.143, 0.143, 0.143]
    [0.12, 0.172, 0.027]
    """
    weaker = Constraint(
        smaller="target_strength",
        larger="hegemon_strength",
        reason="the hegemon is the stronger of the two",
    )
    space = ParameterSpace(parameters_from(_TABLE), (weaker,))
    hegemon, target, own, returns = space.symbols.values()

    def wins(first: sp.Expr, second: sp.Expr) -> sp.Expr:
        return first**returns / (first**returns + second**returns)

    payoffs = {
        "balance": own / (target + own) * wins(target + own, hegemon),
        "bandwagon": own / (hegemon + own) * wins(hegemon + own, target),
        "wait": wins(own, hegemon + target),
    }
    return AlignmentModel(
        name="balance_bandwagon_wait",
        title="Balance, bandwagon or wait",
        players=("small_state",),
        strategies=(tuple(payoffs),),
        parameters=space,
        payoffs={(posture,): (value,) for posture, value in payoffs.items()},
        reference="C5",
    )
