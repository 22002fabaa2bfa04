"""The crisis signaling game of Lewis and Schultz: all its equilibria, and their correspondence."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

from .._balls import bounds, working_precision
from .._numeric import decimal_text, exact_number
from .._typing import Number, Values
from ..errors import ParameterError
from ._crisis_roots import crisis_roots, outcomes, serious_share, utilities
from ._tables import REAL, Row, parameters_from
from .parameters import ParameterSpace, ParameterStatus

__all__ = [
    "CrisisCorrespondence",
    "CrisisEquilibria",
    "CrisisEquilibrium",
    "CrisisSignalingModel",
    "crisis_signaling",
]

_, _ELICITED, _, _ = ParameterStatus
_USUAL = (-3, 3)

_TABLE: tuple[Row, ...] = (
    # name, symbol, (domain), (usual range), meaning, unit, status
    ("status_quo", "S_A", REAL, _USUAL,
     "what the challenger has without a challenge", "utility", _ELICITED),
    ("concession", "V_A", REAL, _USUAL,
     "what the challenger has if the target concedes; more than status_quo", "utility", _ELICITED),
    ("war", "W_A", REAL, _USUAL,
     "what the challenger expects of war, before its disturbance", "utility", _ELICITED),
    ("back_down", "a", REAL, _USUAL,
     "what the challenger has if it backs down, before its disturbance", "utility", _ELICITED),
    ("concede", "C_B", REAL, _USUAL,
     "what the target has if it concedes", "utility", _ELICITED),
    ("bluff_called", "V_B", REAL, _USUAL,
     "what the target has if the challenger backs down", "utility", _ELICITED),
    ("target_war", "W_B", REAL, _USUAL,
     "what the target expects of war, before its disturbance", "utility", _ELICITED),
)  # fmt: skip

_LARGEST = 20
"""Utilities farther from one another are refused: probabilities leave the range of doubles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisEquilibrium:
    """One equilibrium of a crisis signaling game.

    Attributes
    ----------
    resist : float
        The probability that the target resists a challenge.
    interval : tuple of two Fractions
        An interval that is proved to hold exactly one equilibrium, which is this one; `resist`
        is its middle.
    challenge : float
        The probability of a challenge.
    fight : float
        The probability that the challenger fights, given that it has challenged.
    outcomes : dict of str to float
        The probabilities of ``status_quo``, ``concession``, ``back_down`` and ``war``.
    """

    resist: float
    interval: tuple[Fraction, Fraction]
    challenge: float
    fight: float
    outcomes: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisEquilibria:
    """The equilibria of a crisis signaling game.

    Attributes
    ----------
    equilibria : tuple of CrisisEquilibrium
        In the order of the probability of resistance.
    undecided : tuple of pairs of Fractions
        Intervals of the probability of resistance in which it is not decided whether there are
        equilibria, as next to a fold or where the target resists with a probability that is
        within 1e-12 of 0 or 1. Outside of them all are proved to be listed.
    """

    equilibria: tuple[CrisisEquilibrium, ...]
    undecided: tuple[tuple[Fraction, Fraction], ...]

    @property
    def complete(self) -> bool:
        """Whether it is proved that there are no other equilibria."""
        return not self.undecided

    def __len__(self) -> int:
        return len(self.equilibria)

    def __str__(self) -> str:
        found = ", ".join(decimal_text(own.resist, 12) for own in self.equilibria)
        tail = "there are no others" if self.complete else f"{len(self.undecided)} parts are open"
        if not self.equilibria:
            return f"no equilibrium was found; {tail}"
        count = "1 equilibrium" if len(self) == 1 else f"{len(self)} equilibria"
        return f"{count}, in which the target resists with {found}; {tail}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisCorrespondence:
    """The equilibria of crisis signaling games along one parameter.

    Attributes
    ----------
    parameter : str
    values : tuple of Fractions
    equilibria : tuple of CrisisEquilibria
        One a value.
    folds : tuple of pairs of Fractions
        Intervals of the parameter, each between two of `values` next to one another, at whose
        ends the number of equilibria differs, narrowed by bisection: in each of them equilibria
        appear or vanish. An interval is left wider where the number at its middle is undecided;
        two folds between the same two values can escape.
    """

    parameter: str
    values: tuple[Fraction, ...]
    equilibria: tuple[CrisisEquilibria, ...]
    folds: tuple[tuple[Fraction, Fraction], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisSignalingModel:
    """The crisis signaling game with its parameters.

    Attributes
    ----------
    name, title : str
    parameters : ParameterSpace
    """

    name: str
    title: str
    parameters: ParameterSpace = field(repr=False)

    def equilibria(self, values: Values | None = None, **changes: Any) -> CrisisEquilibria:
        """Find all equilibria, with a proof that there are no others.

        Parameters
        ----------
        values : mapping, optional
            A value for each parameter.
        **changes : number
            Values of parameters by name, in place of those in `values`.

        Returns
        -------
        CrisisEquilibria

        Raises
        ------
        ParameterError
            If a parameter is unknown, missing or outside its domain, ``concession`` is not above
            ``status_quo``, or two utilities are more than 20 apart.

        Examples
        --------
        The values with which Jo (2011) showed that there can be several equilibria:

        >>> import alignment_games as ag
        >>> model = ag.models.crisis_signaling()
        >>> values = {"status_quo": 0, "concession": 1, "war": -1.9, "back_down": -1.2,
        ...           "concede": 0, "bluff_called": 1, "target_war": -2.8}
        >>> print(model.equilibria(values))
        3 equilibria, in which the target resists with 0.296451824275, 0.47242323109, \
0.874031428284; there are no others
        """
        numbers = self.parameters.complete({} if values is None else values, changes)
        _require_range(numbers)
        own = utilities(numbers)
        roots, undecided = crisis_roots(own)
        found = []
        for low, high in roots:
            middle = (low + high) / 2
            with working_precision(128):
                parts = {name: _float(value) for name, value in outcomes(own, middle).items()}
            challenge = parts.pop("challenge")
            fight = parts.pop("fight")
            found.append(
                CrisisEquilibrium(
                    resist=float(middle),
                    interval=(low, high),
                    challenge=challenge,
                    fight=fight,
                    outcomes=parts,
                )
            )
        return CrisisEquilibria(equilibria=tuple(found), undecided=tuple(undecided))

    def target_war_at(self, resist: Sequence[Number], values: Values) -> tuple[float, ...]:
        """Return the ``target_war`` with which the target resists so often in an equilibrium.

        Each probability of resistance is an equilibrium for one ``target_war`` alone. So this is
        the whole correspondence, without a search: where it turns back there are several
        equilibria.

        Parameters
        ----------
        resist : sequence of numbers
            Probabilities of resistance, above 0 and below 1.
        values : mapping
            Of the other parameters; ``target_war`` is not looked at.

        Returns
        -------
        tuple of float

        Raises
        ------
        ParameterError
            As for `equilibria`, or if a probability is not above 0 and below 1.

        Examples
        --------
        >>> import alignment_games as ag
        >>> model = ag.models.crisis_signaling()
        >>> values = {"status_quo": 0, "concession": 1, "war": -1.9, "back_down": -1.2,
        ...           "concede": 0, "bluff_called": 1}
        >>> [round(own, 6) for own in model.target_war_at([0.1, 0.2964518242752], values)]
        [-3.504146, -2.8]
        """
        from scipy.special import ndtri

        numbers = self.parameters.complete({**self.parameters.mapping(values), "target_war": 0}, {})
        _require_range({name: own for name, own in numbers.items() if name != "target_war"})
        own = utilities(numbers)
        found = []
        for given in resist:
            share = exact_number(given)
            if not 0 < share < 1:
                msg = f"`resist` must hold probabilities above 0 and below 1, got {given!r}"
                raise ParameterError(msg)
            with working_precision(64):
                serious = _float(serious_share(own, share))
            gap = float(own.bluff_called - own.concede)
            found.append(float(ndtri(float(share))) + float(own.bluff_called) - gap / serious)
        return tuple(found)

    def correspondence(
        self, parameter: str, points: Sequence[Number], values: Values, *, digits: int = 6
    ) -> CrisisCorrespondence:
        """Find all equilibria for several values of a parameter, and where their number changes.

        Parameters
        ----------
        parameter : str
            The name of the parameter that varies.
        points : sequence of numbers
            Its values, increasing.
        values : mapping
            Of the other parameters.
        digits : int, optional
            Folds are narrowed to intervals no longer than ``10 ** -digits``; 1 to 8.

        Returns
        -------
        CrisisCorrespondence

        Raises
        ------
        ParameterError
            As for `equilibria`, or if `points` do not increase or `digits` is out of range.
        """
        numbers = tuple(self.parameters.number(parameter, point) for point in points)
        if not numbers or any(a >= b for a, b in itertools.pairwise(numbers)):
            msg = f"`points` must be one or more increasing numbers, got {points!r}"
            raise ParameterError(msg)
        if digits not in range(1, 9):
            msg = f"`digits` must be an integer from 1 to 8, got {digits!r}"
            raise ParameterError(msg)

        def at(point: Fraction) -> CrisisEquilibria:
            return self.equilibria({**self.parameters.mapping(values), parameter: point})

        found = tuple(at(point) for point in numbers)
        folds = []
        for k, ends in enumerate(itertools.pairwise(numbers)):
            counts = (len(found[k]), len(found[k + 1]))
            if counts[0] == counts[1] or not (found[k].complete and found[k + 1].complete):
                continue
            folds.append(self._fold(at, ends, counts[0], Fraction(1, 10**digits)))
        return CrisisCorrespondence(
            parameter=parameter, values=numbers, equilibria=found, folds=tuple(folds)
        )

    @staticmethod
    def _fold(
        at: Callable[[Fraction], CrisisEquilibria],
        ends: tuple[Fraction, Fraction],
        count: int,
        width: Fraction,
    ) -> tuple[Fraction, Fraction]:
        """Bisect between ends, of which only the first has `count` equilibria."""
        low, high = ends
        while high - low > width:
            middle = (low + high) / 2
            here = at(middle)
            if not here.complete:
                break
            low, high = (middle, high) if len(here) == count else (low, middle)
        return low, high


@lru_cache(maxsize=1)
def crisis_signaling() -> CrisisSignalingModel:
    """Return the crisis signaling game, which may have several equilibria.

    Returns
    -------
    CrisisSignalingModel
        Its `equilibria` are all perfect Bayesian equilibria in which every outcome has positive
        probability, enclosed and proved to be complete.

    Notes
    -----
    A challenger may challenge a target, which concedes or resists; if it resists, the challenger
    fights or backs down. The challenger alone knows its utilities of war and of backing down, the
    target alone that of war: each is the sum of a known part and a standard normal disturbance,
    all independent. A challenge is a signal of what the challenger will do [1]_. An equilibrium is
    the probability with which the target resists; there can be one or three [2]_.

    References
    ----------
    .. [1] J. B. Lewis and K. A. Schultz (2003), Revealing preferences: empirical estimation of a
       crisis bargaining game with incomplete information, Political Analysis 11, 345-367,
       doi:10.1093/pan/mpg021.
    .. [2] J. Jo (2011), Nonuniqueness of the equilibrium in Lewis and Schultz's model, Political
       Analysis 19, 351-362.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.crisis_signaling()
    >>> print(model.parameters["back_down"].meaning)
    what the challenger has if it backs down, before its disturbance
    """
    return CrisisSignalingModel(
        name="crisis_signaling",
        title="Crisis signaling with several equilibria",
        parameters=ParameterSpace(parameters_from(_TABLE)),
    )


def _require_range(numbers: dict[str, Fraction]) -> None:
    if numbers["concession"] <= numbers["status_quo"]:
        msg = (
            "`concession` must be above `status_quo`, or the challenger has nothing to gain from "
            f"a concession, got {decimal_text(numbers['concession'])} and "
            f"{decimal_text(numbers['status_quo'])}"
        )
        raise ParameterError(msg)
    spread = max(numbers.values()) - min(numbers.values())
    if spread > _LARGEST:
        msg = (
            f"utilities must lie within {_LARGEST} of one another, since disturbances have "
            f"variance 1, got a spread of {decimal_text(spread)}; rescale them"
        )
        raise ParameterError(msg)


def _float(value: Any) -> float:
    low, high = bounds(value)
    return float((low + high) / 2)
