"""The patron's treaty: what it chooses to bind itself with before the triangle is played (F2).

The patron fixes the penalty ``m`` of abandoning an ally, everyone sees it, and the triangle is
played. A treaty deters by what it makes the hegemon expect; once the ally is coerced it only costs
the patron: with ``phi = delta v_P``, the worth of support to it, and its cost ``k``,

- entrapment, ``E[(k - phi) 1(phi < k <= phi + m)]``: it helps though help is not worth its cost,
- abandonment, ``m Pr(k > phi + m)``: it breaks its word and pays the penalty.

In the stage in which a coerced small state may also yield, it is then overrun without a fight: it
keeps nothing, loses ``L`` but not ``d``, the hegemon gets ``V`` for ``kappa``, and the patron,
whom no one has called, loses ``v_P``. A treaty *emboldens* where an ally that would have yielded
resists.

Stylised after Benson's (2012) trade-off between deterrence and moral hazard.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .._numeric import decimal_text, exact_number
from .._typing import Number, Values
from ..errors import ParameterError
from ..games import NormalFormGame
from .triangle import triangle

__all__ = ["TreatyChoice", "TreatyCosts", "TreatyPiece", "treaty_choice", "treaty_costs"]

Outcome = tuple[str, str]
_POSTURES = ("balance", "hedge", "bandwagon")


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatyPiece:
    """Penalties under which the same is played: a single one, or those strictly between two.

    Attributes
    ----------
    lower, upper : Fraction
        Equal for a single penalty; otherwise the piece is the open interval between them.
    outcomes : tuple of (str, str)
        All outcomes of subgame-perfect equilibria: the posture, and ``accommodate``, ``resist``
        or ``yield`` (the last two if it is coerced). More than one where someone is indifferent.
    chosen : (str, str)
        The outcome that is best for the patron, on an open interval near its lower end.
    value : Fraction
        What the patron expects from it: on an open interval of a coerced ally's penalties, on
        which it falls, its limit at ``lower``.
    """

    lower: Fraction
    upper: Fraction
    outcomes: tuple[Outcome, ...]
    chosen: Outcome
    value: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatyChoice:
    """What each penalty leads to, and which are best for the patron.

    Attributes
    ----------
    pieces : tuple of TreatyPiece
        From the smallest penalty to the largest, without gaps.
    value : Fraction
        The most that the patron can expect.
    best : tuple of (Fraction, Fraction)
        All penalties that give it: closed intervals, single penalties where both ends are equal.
    needs_tie : bool
        Whether the patron gets the value only if others who are indifferent choose for it.
    """

    pieces: tuple[TreatyPiece, ...]
    value: Fraction
    best: tuple[tuple[Fraction, Fraction], ...]
    needs_tie: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatyCosts:
    """Support and its price for the patron under several penalties, in their order.

    Attributes
    ----------
    penalties : tuple of Fraction
    support : tuple of Fraction
        The chance that a coerced ally is supported.
    entrapment, abandonment : tuple of Fraction
        What the patron expects to lose, once the ally is coerced, by helping where help is not
        worth its cost, and by penalties.
    temptation : tuple of Fraction
        What the hegemon gains by coercing the ally if it resists; above 0 it is not deterred.
    """

    penalties: tuple[Fraction, ...]
    support: tuple[Fraction, ...]
    entrapment: tuple[Fraction, ...]
    abandonment: tuple[Fraction, ...]
    temptation: tuple[Fraction, ...]


def treaty_choice(
    values: Values | None = None,
    *,
    largest_penalty: Number,
    may_yield: bool = False,
    **overrides: Any,
) -> TreatyChoice:
    """Return the treaty penalties that are best for the patron before the triangle is played.

    Parameters
    ----------
    values : mapping of str to number, optional
        Values of the parameters of `triangle` by name. The penalty of abandoning an ally is what
        is chosen: ``treaty_penalty_balance`` may be left out, and is replaced if it is not.
    largest_penalty : number
        The patron chooses from ``treaty_penalty_hedge`` to this.
    may_yield : bool, optional
        Whether a coerced small state may yield, and be overrun without a fight.
    **overrides : number
        Values that replace those of `values`.

    Returns
    -------
    TreatyChoice
        Exact and complete: all pieces, and all best penalties.

    Raises
    ------
    ParameterError
        If a parameter is unknown, missing or outside its domain, or `largest_penalty` is less
        than ``treaty_penalty_hedge``.

    Notes
    -----
    The hegemon's temptation and the small state's payoffs are linear in the chance of support,
    and that is linear in the penalty until it is 1. So outcomes change at finitely many penalties,
    which are found exactly. Between two of them the patron's payoff is a constant or a quadratic
    that does not rise (proposition ``F2-entrapment``). Where someone is indifferent, the best of
    the equilibria for the patron counts; then a best penalty exists, as the outcomes of
    equilibria at a limit of penalties include the limits of outcomes.

    References
    ----------
    B. V. Benson (2012), Constructing International Security: Alliances, Deterrence, and Moral
    Hazard. Cambridge University Press. Stylised after its chapter 5; the model here is our own.

    Examples
    --------
    From the penalty 8/35 on a treaty deters, and the small state balances instead of hedging.
    To the patron, which counts what coercion costs it, all of this is peace:

    >>> import alignment_games as ag
    >>> shared = dict(ag.load_scenario("ukraine"))
    >>> del shared["patron_reliability"], shared["informal_support"]
    >>> patron = {"patron_stake": 0.4, "largest_support_cost": 1, "treaty_penalty_hedge": 0}
    >>> choice = ag.models.treaty_choice(shared | patron, largest_penalty=1)
    >>> for piece in choice.pieces:
    ...     if piece.lower < piece.upper:
    ...         print(piece.lower, piece.upper, *piece.chosen, piece.value)
    0 8/35 hedge accommodate 0
    8/35 1 balance accommodate 0
    >>> choice.best
    ((Fraction(0, 1), Fraction(1, 1)),)
    """
    numbers = _numbers(values, overrides)
    low, high = numbers["treaty_penalty_balance"], _penalty("largest_penalty", largest_penalty)
    if high < low:
        msg = (
            f"`largest_penalty` must be at least `treaty_penalty_hedge` ({decimal_text(low)}), "
            f"got {decimal_text(high)}"
        )
        raise ParameterError(msg)
    pieces = _pieces(numbers, low, high, may_yield=may_yield)
    best = max(piece.value for piece in pieces if _constant(numbers, piece, piece.chosen))
    optimal = [p for p in pieces if p.value == best and _constant(numbers, p, p.chosen)]
    return TreatyChoice(
        pieces=tuple(pieces),
        value=best,
        best=_joined(optimal),
        needs_tie=all(
            any(_value(numbers, other, p.lower) < best for other in p.outcomes) for p in optimal
        ),
    )


def treaty_costs(
    values: Values | None = None, *, penalties: Iterable[Number], **overrides: Any
) -> TreatyCosts:
    """Return an ally's support and deterrence, and their price for the patron, by penalty.

    Parameters
    ----------
    values : mapping of str to number, optional
        As for `treaty_choice`.
    penalties : iterable of numbers
        Penalties of abandoning an ally, each at least ``treaty_penalty_hedge``.
    **overrides : number
        Values that replace those of `values`.

    Returns
    -------
    TreatyCosts
        Exact.

    Raises
    ------
    ParameterError
        If a parameter is unknown, missing or outside its domain, or a penalty is no number or
        less than ``treaty_penalty_hedge``.

    Notes
    -----
    A coerced ally's patron expects what it would without a treaty, less entrapment and
    abandonment.

    Examples
    --------
    >>> import alignment_games as ag
    >>> shared = dict(ag.load_scenario("ukraine"))
    >>> del shared["patron_reliability"], shared["informal_support"]
    >>> patron = {"patron_stake": 0.4, "largest_support_cost": 1, "treaty_penalty_hedge": 0}
    >>> costs = ag.models.treaty_costs(shared | patron, penalties=[0, 0.4, 0.8])
    >>> [float(x) for x in costs.support]
    [0.2, 0.6, 1.0]
    >>> [float(x) for x in costs.entrapment], [float(x) for x in costs.abandonment]
    ([0.0, 0.08, 0.32], [0.0, 0.16, 0.0])
    >>> [gain > 0 for gain in costs.temptation]
    [True, False, False]
    """
    numbers = _numbers(values, overrides)
    phi = numbers["support_effect"] * numbers["patron_stake"]
    largest = numbers["largest_support_cost"]
    rows = []
    for given in penalties:
        penalty = _penalty("penalties", given)
        game = _game(numbers, penalty)
        chance = _support(numbers, penalty)
        regretted = max(Fraction(0), min(phi + penalty, largest) - phi)
        trapped = regretted**2 / (2 * largest) if regretted else Fraction(0)
        gain = game.exact_payoffs[1, 0, 1] - game.exact_payoffs[1, 0, 0]
        rows.append((penalty, chance, trapped, penalty * (1 - chance), gain))
    if not rows:
        msg = "`penalties` must hold at least one number, got none"
        raise ParameterError(msg)
    columns = [tuple(column) for column in zip(*rows, strict=True)]
    return TreatyCosts(
        penalties=columns[0],
        support=columns[1],
        entrapment=columns[2],
        abandonment=columns[3],
        temptation=columns[4],
    )


def _numbers(values: Values | None, overrides: Values) -> dict[str, Fraction]:
    """Return all values, with the smallest penalty as that of abandoning an ally."""
    space = triangle().parameters
    merged = {**space.mapping({} if values is None else values), **overrides}
    lightest = merged.get("treaty_penalty_hedge", 0)
    return space.complete({**merged, "treaty_penalty_balance": lightest}, {})


def _penalty(argument: str, value: Number) -> Fraction:
    try:
        return exact_number(value)
    except (TypeError, ValueError) as error:
        msg = f"`{argument}` must be a penalty of abandoning an ally: {error}"
        raise ParameterError(msg) from None


def _game(numbers: dict[str, Fraction], penalty: Fraction) -> NormalFormGame:
    return triangle().game(numbers, treaty_penalty_balance=penalty)


def _support(numbers: dict[str, Fraction], penalty: Fraction) -> Fraction:
    reach = numbers["support_effect"] * numbers["patron_stake"] + penalty
    largest = numbers["largest_support_cost"]
    return Fraction(1) if largest <= reach else reach / largest


def _value(numbers: dict[str, Fraction], outcome: Outcome, penalty: Fraction) -> Fraction:
    """Return what the patron expects from an outcome, under a penalty of abandoning an ally."""
    posture, answer = outcome
    stake, success = numbers["patron_stake"], numbers["coercion_success"]
    if answer == "accommodate":
        return Fraction(0)
    if answer == "yield":
        return -stake
    if posture == "bandwagon":
        return -success * stake
    own = penalty if posture == "balance" else numbers["treaty_penalty_hedge"]
    reach = numbers["support_effect"] * stake + own
    largest = numbers["largest_support_cost"]
    saved = reach - largest / 2 if largest <= reach else reach**2 / (2 * largest)
    return saved - own - success * stake


def _constant(numbers: dict[str, Fraction], piece: TreatyPiece, outcome: Outcome) -> bool:
    """Tell whether the patron expects the same from an outcome on the whole piece."""
    return (
        piece.lower == piece.upper
        or outcome != ("balance", "resist")
        or _support(numbers, piece.lower) == 1
    )


def _pieces(
    numbers: dict[str, Fraction], low: Fraction, high: Fraction, *, may_yield: bool
) -> list[TreatyPiece]:
    thresholds = _thresholds(numbers, may_yield=may_yield)
    ends = sorted({low, high, *(m for m in thresholds if low < m < high)})
    surely = numbers["largest_support_cost"] - numbers["support_effect"] * numbers["patron_stake"]

    def between(lower: Fraction, upper: Fraction) -> tuple[Outcome, ...]:
        return _outcomes(numbers, (lower + upper) / 2, may_yield=may_yield)

    # An end at which nothing changes, neither what is played nor its formula, is none.
    kept = [low]
    for before, end, after in zip(ends, ends[1:], ends[2:], strict=False):
        own = between(end, end)
        formula = end == surely and ("balance", "resist") in own
        if formula or not own == between(before, end) == between(end, after):
            kept.append(end)
    if high > low:
        kept.append(high)
    bounds = [(low, low)]
    for lower, upper in itertools.pairwise(kept):
        bounds += [(lower, upper), (upper, upper)]
    return [_piece(numbers, *own, between(*own)) for own in bounds]


def _piece(
    numbers: dict[str, Fraction], lower: Fraction, upper: Fraction, outcomes: tuple[Outcome, ...]
) -> TreatyPiece:
    def rank(outcome: Outcome) -> tuple[Fraction, bool]:
        # What an ally's patron expects falls as the penalty rises: of two that are equal at the
        # lower end the other one is better.
        return _value(numbers, outcome, lower), outcome != ("balance", "resist")

    chosen = max(outcomes, key=rank)
    return TreatyPiece(
        lower=lower,
        upper=upper,
        outcomes=outcomes,
        chosen=chosen,
        value=_value(numbers, chosen, lower),
    )


def _thresholds(numbers: dict[str, Fraction], *, may_yield: bool) -> list[Fraction]:
    """Return penalties at which what is played may change, and the one that makes support sure."""
    n = numbers
    effect, success, overrun = n["support_effect"], n["coercion_success"], n["overrun_loss"]
    payoffs = _game(n, n["treaty_penalty_hedge"]).exact_payoffs
    gained = n["stake"] + n["alignment_loss"]
    at_stake = payoffs[0, 0, 0] + n["cost_balance"] + overrun
    chances = [Fraction(1)]
    if slope := effect * gained + n["escalation_cost"]:
        chances.append((success * gained - n["coercion_cost"]) / slope)
    if effect * at_stake:
        worst = -overrun - n["cost_balance"]
        unaided = worst + (1 - success) * at_stake - n["coercion_damage"]
        rivals = [*payoffs[0, 1:].flat]
        if may_yield:
            rivals += [worst, *(-overrun - n[f"cost_{a}"] for a in _POSTURES[1:])]
        chances += [(rival - unaided) / (effect * at_stake) for rival in rivals]
    return [n["largest_support_cost"] * c - effect * n["patron_stake"] for c in chances]


def _outcomes(
    numbers: dict[str, Fraction], penalty: Fraction, *, may_yield: bool
) -> tuple[Outcome, ...]:
    """Return the outcomes of all subgame-perfect equilibria under a penalty."""
    game = _game(numbers, penalty)
    follows = {
        a: _follows(numbers, a, *game.exact_payoffs[:, row].tolist(), may_yield=may_yield)
        for row, a in enumerate(_POSTURES)
    }
    found = []
    for a, answers in follows.items():
        # Others may be met with whatever equilibrium is worst for the small state.
        needed = max(min(own.values()) for other, own in follows.items() if other != a)
        found += [(a, answer) for answer, worth in answers.items() if worth >= needed]
    return tuple(found)


def _follows(
    numbers: dict[str, Fraction],
    posture: str,
    small_state: list[Fraction],
    hegemon: list[Fraction],
    *,
    may_yield: bool,
) -> dict[str, Fraction]:
    """Return how a posture may be answered in equilibrium, and what each answer leaves it."""
    calm, resisting = small_state
    yielding = -numbers["overrun_loss"] - numbers[f"cost_{posture}"]
    reactions = {}
    if not may_yield or resisting >= yielding:
        reactions["resist"] = (resisting, hegemon[1])
    if may_yield and yielding >= resisting:
        reactions["yield"] = (yielding, numbers["stake"] - numbers["coercion_cost"])
    answers: dict[str, Fraction] = {}
    for reaction, (own, gain) in reactions.items():
        if gain >= hegemon[0]:
            answers[reaction] = own
        if gain <= hegemon[0]:
            answers["accommodate"] = calm
    return answers


def _joined(pieces: list[TreatyPiece]) -> tuple[tuple[Fraction, Fraction], ...]:
    """Return closed intervals that pieces make up, which touch where they belong together."""
    intervals: list[tuple[Fraction, Fraction]] = []
    for piece in pieces:
        if intervals and intervals[-1][1] == piece.lower:
            intervals[-1] = (intervals[-1][0], piece.upper)
        else:
            intervals.append((piece.lower, piece.upper))
    return tuple(intervals)
