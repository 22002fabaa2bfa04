"""Logit quantal response: the branch from the centroid, traced, and its points certified.

At precision ``p`` (the ``lambda`` of the literature) each player plays every strategy with a
probability proportional to ``exp(p * payoff)``, payoffs expected against the others' play [1]_.
At precision 0 everybody mixes evenly; the *principal branch* is the curve of equilibria that
begins there, and as the precision grows it approaches a Nash equilibrium. It is followed by
arclength, since it may turn back [2]_.

.. [1] R. D. McKelvey and T. R. Palfrey (1995), Quantal response equilibria for normal form
   games, Games and Economic Behavior 10, 6-38, doi:10.1006/game.1995.1023.
.. [2] T. L. Turocy (2005), A dynamic homotopy interpretation of the logistic quantal response
   equilibrium correspondence, Games and Economic Behavior 51, 243-263,
   doi:10.1016/j.geb.2004.04.003.
"""

from __future__ import annotations

import math
import numbers
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from .._numeric import decimal_text
from .._typing import FloatArray, Number, Profile
from ..errors import ParameterError, WorkLimitError
from ..games import NormalFormGame
from ._logit import LogitGame, approached, logit_game, unique_below
from .certify import certified, require_normal_form
from .result import Equilibrium, Solution, Status

__all__ = ["QuantalEquilibrium", "QuantalPath", "checked_precision", "quantal", "quantal_path"]

MAX_STEPS = 20_000
"""Steps after which a trace gives up; hundreds are many."""

MAX_WORK = 10**11
"""Largest estimate of floating-point operations for one branch."""

_DIGITS = 2e-6  # branch points are found to about six digits

LARGEST_RESIDUAL = 1e-6
"""A point whose recomputed residual is larger is not returned as an equilibrium."""

CARES = (1.0, 0.1, 0.01)
"""Shares of the usual error and smallest step with which a branch is tried, one after another."""

MAX_REGRET = 1e-8
"""Where a path ends by default, as a share of the range of a player's payoffs."""

_REACHED = "The branch was followed to the end asked for; other equilibria may exist off it."
_STEPS = f"The branch was left after {MAX_STEPS} steps, before the end asked for."
_FLOATS = (
    "Float arithmetic ended the branch before the end asked for: its points up to here are "
    "certified, beyond them rounding hides it."
)
_RETRACED = (
    "The branch was left at its last trustworthy point: from there on even small steps led back "
    "to points passed before, which a branch never does."
)
_RANGE = "The branch was left where its precision leaves the range of floats: rescale payoffs."


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantalEquilibrium(Equilibrium):
    """A logit quantal response equilibrium: an `Equilibrium` of the game with errors.

    It is a profile of the game with payoffs and regret, as any `Equilibrium`; its regret is what
    a player loses against a best reply by responding in the logit way, zero only in the limit.

    Attributes
    ----------
    precision : float
        In units of 1 / payoff.
    residual : float
        Largest difference between a probability and the logit response to the profile,
        recomputed from the payoffs.
    """

    precision: float
    residual: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QuantalPath:
    """The principal branch of the logit correspondence, point by point.

    Attributes
    ----------
    game : NormalFormGame
    concept, method : str
    status : Status
        PARTIAL if the branch was followed to the end asked for (other equilibria may exist off
        it); LIMIT if it ended before, by the number of steps or because floats resolve it no
        farther; FAILED if it could not be followed at all. That each point is an equilibrium is
        certified by its residual, at most 1e-6; that all lie on one branch is as sure as the
        steps are small. It is checked that the branch never comes back to a point that it
        passed, nor to precisions at which its equilibrium is proved to be the only one.
    message : str
        What the status claims, and what ended the branch.
    precision : ndarray, shape (n_points,)
        Along the branch, from 0; it falls between a turning point and the next.
    profiles : tuple of ndarray, shape (n_points, n_strategies), one a player
    payoffs, regret : ndarray, shape (n_points, n_players)
        Expected payoffs, and what each player could gain by a best reply (infinite beyond the
        range of floats).
    residual : ndarray, shape (n_points,)
        Largest difference between a probability and the logit response, recomputed.
    turning_points : tuple of float
        Precisions at which the branch turns back or forth.
    branch_points : tuple of float
        Precisions at which other branches cross this one, which is followed straight on; of a
        symmetric game it keeps the symmetry. Found by a change of orientation or of a singular
        vector, to about six digits; branches that come nearer than that count as crossing, and
        two crossings within one step of the path can be overlooked.
    parameters : mapping
        Everything needed to trace the branch again.
    """

    game: NormalFormGame = field(repr=False)
    concept: str
    method: str
    status: Status
    message: str
    precision: FloatArray = field(repr=False)
    profiles: tuple[FloatArray, ...] = field(repr=False)
    payoffs: FloatArray = field(repr=False)
    regret: FloatArray = field(repr=False)
    residual: FloatArray = field(repr=False)
    turning_points: tuple[float, ...]
    branch_points: tuple[float, ...]
    parameters: Mapping[str, object]
    _logit: LogitGame = field(repr=False)
    _points: FloatArray = field(repr=False)
    _tangents: FloatArray = field(repr=False)

    def __len__(self) -> int:
        return len(self.precision)

    def at(self, precision: Number) -> tuple[QuantalEquilibrium, ...]:
        """Return the equilibria of the branch with this precision, in the order of the branch.

        Parameters
        ----------
        precision : float
            Not beyond the traced part of the branch.

        Returns
        -------
        tuple of QuantalEquilibrium
            One, or several where the branch turns back. Equilibria off this branch are not
            among them.

        Raises
        ------
        ParameterError
            If `precision` is negative, not finite, or beyond the traced part.
        """
        asked = checked_precision("precision", precision)
        if asked > float(self.precision.max()):
            msg = (
                f"`precision` must lie on the traced part of the branch, which ends at "
                f"{decimal_text(float(self.precision.max()))}, got {asked}; trace it farther with "
                "`max_precision`"
            )
            raise ParameterError(msg)
        wanted = asked * self._logit.unit
        found = []
        for k, here in enumerate(self._points[:, -1]):
            if self.precision[k] == asked:
                found.append(self._points[k])
            elif k + 1 < len(self) and self.precision[k + 1] != asked:
                ahead = self._points[k + 1, -1]
                if min(here, ahead) < wanted < max(here, ahead):
                    point = self._logit.between(self._points, self._tangents, k, wanted)
                    if point is not None:
                        found.append(point)
        records = (_record(self.game, self._logit, point, asked) for point in found)
        return tuple(eq for eq in records if eq.residual <= LARGEST_RESIDUAL)

    @property
    def limit(self) -> Equilibrium | None:
        """The Nash equilibrium that the end of the branch comes near, if one is certified.

        It differs from the branch's last profile by less than 1e-3 in every probability, and as
        a profile of rational numbers its regret is exactly zero. Of an exact game it is returned
        so; of a game of floats its probabilities are then rounded to floats, and its `regret` is
        that of the rounded profile, of the size of rounding. That the branch converges to it is
        what this suggests, not a proof. None where no equilibrium with rational probabilities is
        found so near: the limit may be irrational, or the branch may have been left too early.
        """
        last = tuple(own[-1] for own in self.profiles)
        return approached(self.game, last)

    def __str__(self) -> str:
        end = decimal_text(float(self.precision[-1]))
        residual = decimal_text(float(self.residual.max()), 2)
        head = (
            f"{self.concept} by {self.method}: {len(self)} points from precision 0 to {end}; "
            f"residual at most {residual}. {self.message}"
        )
        lines = [head]
        for name, places in (("turns", self.turning_points), ("branches", self.branch_points)):
            if places:
                lines.append(f"  {name} at {', '.join(decimal_text(v) for v in places)}")
        players = []
        for who, names, own in zip(
            self.game.players, self.game.strategies, self.profiles, strict=True
        ):
            mixed = (
                f"{name} {decimal_text(float(p))}" for name, p in zip(names, own[-1], strict=True)
            )
            players.append(f"{who}: {' + '.join(mixed)}")
        return "\n".join([*lines, f"  at {end}: {'; '.join(players)}"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unreached(Solution):
    """A solution without equilibrium that says what ended the branch, and what to do."""

    cause: str = field(repr=False)

    @property
    def message(self) -> str:
        return f"{self.status.value} {self.cause}"


def _cause(path: QuantalPath) -> str:
    end = int(np.argmax(path.precision))
    return (
        f"{path.message} It ended at precision {decimal_text(float(path.precision[end]))}, where "
        f"no player can gain more than {decimal_text(float(path.regret[end].max()), 2)}: ask for "
        "less than that precision, or take the Nash equilibrium that the branch comes near, "
        "`quantal_path(game).limit`."
    )


def quantal(game: NormalFormGame, precision: Number) -> Solution:
    """Find the logit quantal response equilibrium of the principal branch at a precision.

    Parameters
    ----------
    game : NormalFormGame
        Any number of players.
    precision : float
        At least 0, in units of 1 / payoff: payoffs ten times as large have the same equilibrium
        at a tenth of the precision. At 0 everybody mixes evenly; as it grows play approaches a
        Nash equilibrium.

    Returns
    -------
    Solution
        One `QuantalEquilibrium`, where the branch from the centroid first reaches `precision`.
        Status COMPLETE if it is proved that there is no other equilibrium at this precision
        (the logit response is then a contraction), otherwise PARTIAL: others may exist, on the
        same branch if it turns back (see `QuantalPath.at`) or off it. If floats or the number
        of steps end the branch before `precision`, there is none, and `message` says where the
        branch ended, why and what to do.

    Raises
    ------
    GameError
        If `game` is not a normal form.
    ParameterError
        If `precision` is negative or not finite.
    WorkLimitError
        If the game is too large for this method, or players' payoffs are more than 308 orders
        of magnitude apart.

    References
    ----------
    R. D. McKelvey and T. R. Palfrey (1995), Quantal response equilibria for normal form games,
    Games and Economic Behavior 10, 6-38, doi:10.1006/game.1995.1023.

    Examples
    --------
    >>> import alignment_games as ag
    >>> pennies = ag.NormalFormGame.from_bimatrix([[9, 0], [0, 1]], [[0, 1], [1, 0]])
    >>> print(ag.solvers.quantal(pennies, 2))
    quantal by logit-path: 1 found. Some equilibria were found; others may exist.
      player_1: s1 0.860754 + s2 0.139246; player_2: s1 0.191078 + s2 0.808922
      payoffs (1.59288, 0.72289)
    """
    asked = checked_precision("precision", precision)
    logit = _prepared(game)
    path = _trace(game, logit, asked, 0.0)
    last = _record(game, logit, path._points[-1], asked)
    if path.status is not Status.PARTIAL or last.residual > LARGEST_RESIDUAL:
        return _Unreached(
            game=game,
            concept="quantal",
            method="logit-path",
            status=Status.LIMIT if path.message == _STEPS else Status.FAILED,
            equilibria=(),
            exact=False,
            parameters={"precision": asked},
            cause=_cause(path),
        )
    unique = asked * logit.unit < unique_below(logit)
    return Solution(
        game=game,
        concept="quantal",
        method="logit-path",
        status=Status.COMPLETE if unique else Status.PARTIAL,
        equilibria=(last,),
        exact=False,
        parameters={"precision": asked},
    )


def quantal_path(
    game: NormalFormGame, *, max_precision: Number | None = None, max_regret: Number | None = None
) -> QuantalPath:
    """Trace the principal branch of the logit correspondence from the centroid.

    Parameters
    ----------
    game : NormalFormGame
        Any number of players.
    max_precision : float, optional
        Where to end. By default the branch is followed until it is close to a Nash equilibrium.
    max_regret : float, optional
        In place of `max_precision`: end where no player can gain more than this share of the
        range of its payoffs, 1e-8 by default. (If mixing evenly is a Nash equilibrium, that is
        at once.)

    Returns
    -------
    QuantalPath

    Raises
    ------
    GameError
        If `game` is not a normal form.
    ParameterError
        If `max_precision` is negative or not finite, `max_regret` is not positive and finite, or
        both are given.
    WorkLimitError
        If the game is too large for this method, or players' payoffs are more than 308 orders
        of magnitude apart.

    References
    ----------
    T. L. Turocy (2005), A dynamic homotopy interpretation of the logistic quantal response
    equilibrium correspondence, Games and Economic Behavior 51, 243-263,
    doi:10.1016/j.geb.2004.04.003.

    Examples
    --------
    >>> import alignment_games as ag
    >>> stag_hunt = ag.NormalFormGame.from_bimatrix([[5, 0], [4, 2]], [[5, 4], [0, 2]])
    >>> path = ag.solvers.quantal_path(stag_hunt)
    >>> print(path.limit)
    player_1: s2; player_2: s2
    >>> path.at(0)[0].profile
    ((0.5, 0.5), (0.5, 0.5))
    """
    end = None if max_precision is None else checked_precision("max_precision", max_precision)
    if end is not None and max_regret is not None:
        msg = (
            "`max_precision` and `max_regret` are two ways to say where the path ends; leave one "
            f"out, got {max_precision!r} and {max_regret!r}"
        )
        raise ParameterError(msg)
    regret = MAX_REGRET if max_regret is None else _real("max_regret", max_regret)
    if not 0 < regret < math.inf:
        msg = f"`max_regret` must be positive and finite as a float, got {max_regret!r}"
        raise ParameterError(msg)
    return _trace(game, _prepared(game), end, regret)


def _prepared(game: NormalFormGame) -> LogitGame:
    require_normal_form(game)
    strategies, profiles = sum(game.shape), math.prod(game.shape)
    work = 500 * (strategies**3 + profiles * game.n_players**3)
    if work > MAX_WORK:
        msg = (
            f"the logit branch of a {' x '.join(map(str, game.shape))} game needs about "
            f"{work:.0e} operations; the limit is {MAX_WORK:.0e}. Eliminate dominated strategies "
            "first, or restrict the game"
        )
        raise WorkLimitError(msg)
    return logit_game(game)


def _trace(game: NormalFormGame, logit: LogitGame, end: float | None, regret: float) -> QuantalPath:
    from ._kernels import quantal as kernel
    from ._kernels.quantal_certify import certificates

    allowed = regret * logit.ranges if end is None else np.full(game.n_players, -1.0)
    # Where precision, in units of the game's payoffs, would leave the range of floats.
    farthest = sys.float_info.max * min(logit.unit, 1.0)
    wanted = farthest if end is None else end * logit.unit
    for care in CARES:
        ended, points, tangents, turns, branches = kernel.trace(
            logit.gains, logit.sizes, logit.starts, wanted, allowed, MAX_STEPS, care
        )
        keep = logit.trusted(points, tangents, turns)
        if keep == len(points):
            break
    message = {kernel.DONE: _REACHED, kernel.LIMIT: _STEPS}.get(ended, _FLOATS)
    if keep < len(points):
        message = _RETRACED
    elif ended == kernel.DONE and end is None and points[-1, -1] >= farthest:
        message = _RANGE
        keep = int(np.argmax(points[:, -1] >= farthest))
    elif ended == kernel.DONE and end is not None and len(points) > 1:
        point = logit.between(points, tangents, len(points) - 2, wanted)
        if point is None:
            message = _FLOATS
            keep -= 1
        else:
            if points[-1, -1] > wanted:  # a turn that lies beyond the end
                turns = turns[turns < len(points) - 1]
            points[-1] = point
    points, tangents = points[:keep], tangents[:keep]
    chances, residual, gains, payoffs = certificates(
        logit.gains, logit.payoffs, logit.sizes, logit.starts, points
    )
    if float(residual.max()) > LARGEST_RESIDUAL:
        message = _FLOATS
        keep = int(np.argmax(residual > LARGEST_RESIDUAL))
        points, tangents, residual = points[:keep], tangents[:keep], residual[:keep]
        chances, gains, payoffs = chances[:keep], gains[:keep], payoffs[:keep]
    precision = points[:, -1] / logit.unit
    status = Status.LIMIT if keep > 1 else Status.FAILED
    if message == _REACHED:
        status = Status.PARTIAL
        if end is not None:
            precision[-1] = end
    crossed, places = branches[:, -2], branches[:, -1]  # a branch point at the end counts
    inside = (places < keep - 1) | ((places < keep) & (crossed <= points[-1, -1] * (1 + _DIGITS)))
    parts = tuple(chances[:, logit.starts[k] : logit.starts[k + 1]] for k in range(game.n_players))
    with np.errstate(over="ignore"):  # a difference of payoffs can leave the range of floats
        regrets = gains * logit.unit
    for array in (precision, *parts, payoffs, regrets, residual):
        array.flags.writeable = False
    return QuantalPath(
        game=game,
        concept="quantal",
        method="logit-path",
        status=status,
        message=message,
        precision=precision,
        profiles=parts,
        payoffs=payoffs,
        regret=regrets,
        residual=residual,
        turning_points=tuple(float(v) for v in precision[turns[turns < keep]]),
        branch_points=tuple(float(v) for v in crossed[inside] / logit.unit),
        parameters={"max_precision": end} if end is not None else {"max_regret": regret},
        _logit=logit,
        _points=points,
        _tangents=tangents,
    )


def _record(
    game: NormalFormGame, logit: LogitGame, point: FloatArray, precision: float
) -> QuantalEquilibrium:
    """Return the record of a point, its payoffs and regret recomputed in exact arithmetic."""
    from ._kernels.quantal_certify import certificates

    chances, residual, _, _ = certificates(
        logit.gains, logit.payoffs, logit.sizes, logit.starts, point[None, :]
    )
    profile: Profile = tuple(
        tuple(float(p) for p in chances[0, logit.starts[k] : logit.starts[k + 1]])
        for k in range(game.n_players)
    )
    plain = certified(game, profile)
    return QuantalEquilibrium(
        game=game,
        profile=profile,
        payoffs=plain.payoffs,
        regret=plain.regret,
        precision=precision,
        residual=float(residual[0]),
    )


def _real(argument: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (numbers.Real, Decimal)):
        msg = f"`{argument}` must be a number, got {value!r}"
        raise ParameterError(msg)
    if isinstance(value, Decimal) and value.is_nan():
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf


def checked_precision(argument: str, value: object) -> float:
    """Return a precision as a float, or raise `ParameterError` if it is none."""
    number = _real(argument, value)
    if not (math.isfinite(number) and number >= 0):
        msg = f"`{argument}` must be finite and at least 0, got {value!r}"
        raise ParameterError(msg)
    return number
