"""Postures under beliefs that are intervals: a hegemon's intentions, a patron's commitment (F3.5).

The value of every posture falls, or stays, in the belief that the hegemon is a revisionist, and
rises, or stays, in the chance that the patron is committed. (Proposition F3.5 says the first and
F3.5-patron the second.) So the worst point of a box of beliefs is the same corner for every
posture: who judges by the worst acts on the highest belief and the lowest commitment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from .._numeric import decimal_text, exact_number
from .._typing import Number, Values
from ..errors import ParameterError
from ..models import uncertainty
from .phase import MIXED_POSTURES

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["AmbiguousPosture", "ambiguity_map", "ambiguous_posture"]

_BELIEF, _COMMITMENT = "revisionist_belief", "patron_commitment"


@dataclass(frozen=True, slots=True, kw_only=True)
class AmbiguousPosture:
    """What a small state does that judges each posture by the worst of its beliefs.

    Attributes
    ----------
    belief, commitment : tuple of Fraction
        The intervals.
    values : mapping of str to Fraction
        The least value of each posture over the box: at the upper end of `belief` and the lower
        end of `commitment`.
    postures : tuple of str
        All that are best.
    """

    belief: tuple[Fraction, Fraction]
    commitment: tuple[Fraction, Fraction]
    values: Mapping[str, Fraction]
    postures: tuple[str, ...]

    def __str__(self) -> str:
        box = (
            f"{name} in [{', '.join(map(decimal_text, own))}]"
            for name, own in ((_BELIEF, self.belief), (_COMMITMENT, self.commitment))
        )
        worst = ", ".join(f"{a} {decimal_text(v)}" for a, v in self.values.items())
        return f"{' or '.join(self.postures)} for {' and '.join(box)}; at worst {worst}"


def ambiguous_posture(
    values: Values, *, belief: Sequence[Number], commitment: Sequence[Number]
) -> AmbiguousPosture:
    """Return the maxmin posture over a box of beliefs [1]_.

    Parameters
    ----------
    values : mapping of str to number
        Values of the parameters of `models.uncertainty`, as its ``values_of`` makes them. The two
        that the box is about may be left out.
    belief, commitment : sequence of two numbers
        The least and greatest ``revisionist_belief`` and ``patron_commitment``.

    Returns
    -------
    AmbiguousPosture
        Of pure postures that are seen before the hegemon answers; exact.

    Raises
    ------
    ParameterError
        If a value is missing or outside its domain, or an interval is none.

    Notes
    -----
    The hegemon answers at each point of the box as if that point were what it believes of the
    patron too: its temptation is judged at the same commitment.

    References
    ----------
    .. [1] I. Gilboa and D. Schmeidler (1989), Maxmin expected utility with non-unique prior,
       Journal of Mathematical Economics 18, 141-153, doi:10.1016/0304-4068(89)90018-9.

    Examples
    --------
    Doubt about the patron makes a balancer a hedger:

    >>> import alignment_games as ag
    >>> values = ag.models.uncertainty().values_of(
    ...     ag.load_scenario("ukraine"), revisionist_belief=0.3, patron_commitment=0.5,
    ...     stake_status_quo=0.2, stake_revisionist=1.2)
    >>> for commitment in ((0.5, 0.5), (0.2, 0.8)):
    ...     box = ag.analysis.ambiguous_posture(values, belief=(0.3, 0.3), commitment=commitment)
    ...     print(box.postures)
    ('balance',)
    ('hedge',)
    """
    believed = _interval("belief", _BELIEF, belief)
    committed = _interval("commitment", _COMMITMENT, commitment)
    path = _ends(values, committed[0])
    worst = {a: _between(own, believed[1]) for a, own in path.items()}
    return AmbiguousPosture(
        belief=believed, commitment=committed, values=worst, postures=_best(worst)
    )


def ambiguity_map(
    values: Values,
    *,
    beliefs: Sequence[Number],
    commitments: Sequence[Number],
    belief_spread: Number = 0,
    commitment_spread: Number = 0,
) -> xr.Dataset:
    """Return the posture for each pair of beliefs, without and with ambiguity about them.

    Parameters
    ----------
    values : mapping of str to number
        As of `ambiguous_posture`.
    beliefs, commitments : sequence of numbers
        The ``revisionist_belief`` and the ``patron_commitment`` of the grid.
    belief_spread, commitment_spread : number, optional
        How far the true one may lie on either side of a point of the grid; intervals are cut at 0
        and 1.

    Returns
    -------
    xarray.Dataset
        Dimensions ``revisionist_belief`` and ``patron_commitment``. ``posture`` and
        ``ambiguous_posture``: position of the best posture among the model's, -1 where several
        are. Decided in rational arithmetic.

    Raises
    ------
    ParameterError
        As `ambiguous_posture`, or if a spread lies outside [0, 1].

    Examples
    --------
    >>> import alignment_games as ag
    >>> values = ag.models.uncertainty().values_of(
    ...     ag.load_scenario("ukraine"), revisionist_belief=0.3, patron_commitment=0.5,
    ...     stake_status_quo=0.2, stake_revisionist=1.2)
    >>> ds = ag.analysis.ambiguity_map(values, beliefs=[0.3], commitments=[0.1, 0.5, 0.9],
    ...                                commitment_spread=0.3)
    >>> ds.posture.values.tolist(), ds.ambiguous_posture.values.tolist()
    ([[1, 0, 0]], [[1, 1, 0]])
    """
    import xarray as xr  # here, as it takes a second to import

    space = uncertainty().parameters
    rows = [space.number(_BELIEF, value) for value in beliefs]
    columns = [space.number(_COMMITMENT, value) for value in commitments]
    if not rows or not columns:
        msg = "`beliefs` and `commitments` must hold at least one number each"
        raise ParameterError(msg)
    darker, thinner = (
        _spread(name, value)
        for name, value in (
            ("belief_spread", belief_spread),
            ("commitment_spread", commitment_spread),
        )
    )
    worst = [max(c - thinner, Fraction(0)) for c in columns]
    at = {c: _ends(values, c) for c in {*columns, *worst}}
    one = Fraction(1)
    sure = [[_code(at[c], m) for c in columns] for m in rows]
    doubtful = [[_code(at[c], min(m + darker, one)) for c in worst] for m in rows]
    dims = (_BELIEF, _COMMITMENT)
    return xr.Dataset(
        {"posture": (dims, sure), "ambiguous_posture": (dims, doubtful)},
        coords={
            _BELIEF: [float(value) for value in rows],
            _COMMITMENT: [float(value) for value in columns],
        },
        attrs={
            "model": "uncertainty",
            "belief_spread": float(darker),
            "commitment_spread": float(thinner),
        },
    )


_Ends = dict[str, tuple[Fraction, Fraction]]


def _ends(values: Values, commitment: Fraction) -> _Ends:
    """Return what each posture is worth at the beliefs 0 and 1; it is affine between them."""
    model = uncertainty()
    fixed = {**model.parameters.mapping(values), _COMMITMENT: commitment}
    return {
        a: (
            Fraction(model.value(f"value_{a}", fixed, revisionist_belief=0)),
            Fraction(model.value(f"value_{a}", fixed, revisionist_belief=1)),
        )
        for a in model.agents.strategies[0]
    }


def _between(ends: tuple[Fraction, Fraction], belief: Fraction) -> Fraction:
    return (1 - belief) * ends[0] + belief * ends[1]


def _best(worth: Mapping[str, Fraction]) -> tuple[str, ...]:
    highest = max(worth.values())
    return tuple(a for a, value in worth.items() if value == highest)


def _code(path: _Ends, belief: Fraction) -> int:
    worth = {a: _between(own, belief) for a, own in path.items()}
    best = _best(worth)
    return list(worth).index(best[0]) if len(best) == 1 else MIXED_POSTURES


def _interval(argument: str, name: str, ends: Sequence[Number]) -> tuple[Fraction, Fraction]:
    if len(ends) != 2:
        msg = f"`{argument}` must be a least and a greatest number, got {len(ends)} numbers"
        raise ParameterError(msg)
    low, high = (uncertainty().parameters.number(name, value) for value in ends)
    if low > high:
        msg = (
            f"`{argument}` must be a least and a greatest number in this order, got "
            f"{decimal_text(low)} and {decimal_text(high)}"
        )
        raise ParameterError(msg)
    return low, high


def _spread(argument: str, value: Number) -> Fraction:
    try:
        number = exact_number(value)
    except (TypeError, ValueError) as error:
        msg = f"`{argument}` must lie in [0, 1]: {error}"
        raise ParameterError(msg) from None
    if not 0 <= number <= 1:
        msg = f"`{argument}` must lie in [0, 1], got {decimal_text(number)}"
        raise ParameterError(msg)
    return number
