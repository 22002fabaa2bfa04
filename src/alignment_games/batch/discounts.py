"""Critical discount factors of many games: of arrays of payoffs, or of a model's parameters."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from .._typing import FloatArray, StatusArray, Values
from ..errors import GameError, flag, suggestion
from ..games import NormalFormGame
from ..solvers.discounting import CriticalDiscount, critical_discount, cycle_of, shortest_cycle
from .discount_codes import NO_ONE, Sustained
from .inputs import BatchStatus, blocks, in_threads, payoff_array, relative_tolerance, threads

if TYPE_CHECKING:
    import xarray as xr

    from ..models import AlignmentModel
    from .design import Design
    from .points import Job

__all__ = ["CriticalDiscounts", "critical_discount_map", "critical_discounts"]

Punishment: TypeAlias = Literal["nash", "grim", "minmax", "tit-for-tat"]

_PUNISHMENTS = ("nash", "grim", "minmax", "tit-for-tat")
_MOST_STRATEGIES = 4
"""Of a player whose stage equilibria, mixed ones included, are all found."""

_BLOCK = 8192
"""Points of a block, whose payoffs stay in a core's cache."""

_EXACT = 2.0**-52
"""More than the error of a number up to 1 that is known exactly and rounded once."""

_MEANING = {
    "status": "what the answers at the point claim",
    "sustained": "which discount factors sustain the path",
    "discount": "the least discount factor from which on all do",
    "error": "bound on the error of the discount factor",
    "binding": "the one player that would leave the path just below it",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CriticalDiscounts:
    """For which discount factors a path is sustained in many games.

    Attributes
    ----------
    status : ndarray of int8, shape (N,)
        A `BatchStatus`.
    sustained : ndarray of int8, shape (N,)
        A `Sustained`: which discount factors, common to all players, sustain the path.
    discount : ndarray of float64, shape (N,)
        The least from which on every one below 1 does, 0 if all do; NaN if there is none or
        that is open. Where it is open only whether this is 0, it is a number, the status
        ``DEGENERATE`` and `sustained` ``OPEN``.
    error : ndarray of float64, shape (N,)
        A bound on how far `discount` is from the truth; NaN where that is.
    binding : ndarray of int8, shape (N,)
        The player that would leave the path just below `discount`, if it certainly is a single
        one; otherwise -1.
    """

    status: StatusArray
    sustained: StatusArray
    discount: FloatArray
    error: FloatArray
    binding: StatusArray

    def __len__(self) -> int:
        return len(self.status)

    def __str__(self) -> str:
        counts = ((own.name.lower(), int((self.sustained == own).sum())) for own in Sustained)
        words = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts if count)
        return f"{len(self)} games; sustained by discount factors: {words or 'none asked'}"


def critical_discounts(
    payoffs: Any,
    path: Sequence[Any],
    *,
    punishment: Punishment = "nash",
    reversion: Sequence[int] | None = None,
    tolerance: float = 0.0,
    resolve: bool = False,
    workers: int | None = None,
) -> CriticalDiscounts:
    """Find the critical discount factor of one path in many games of one size.

    Parameters
    ----------
    payoffs : array_like of float, shape (N, n_players, m_1, ..., m_n)
        Payoffs in N games, like `NormalFormGame.payoffs`.
    path : sequence of int, or sequence of such sequences
        A profile, as positions of strategies, that is played in every period, or several that
        are played in turn.
    punishment : {"nash", "grim", "minmax", "tit-for-tat"}
        As for `alignment_games.solvers.critical_discount`. ``nash`` takes two players with up to
        four strategies each.
    reversion : sequence of int, optional
        The stage equilibrium of ``grim``, which must be named.
    tolerance : float
        Up to which share of a player's largest payoff each of its payoffs in a game is
        uncertain, beyond rounding to the type of the array. Answers hold for all such changes.
    resolve : bool
        Whether games near a tie are decided in rational arithmetic, every float taken for its
        shortest decimal, one by one: some hundreds a second.
    workers : int, optional
        Number of threads, by default one for each processor that may be used.

    Returns
    -------
    CriticalDiscounts

    Raises
    ------
    GameError
        If the payoffs, the path or the punishment are not as described, or `resolve` is no bool.
    WorkLimitError
        If the path has more than 60 periods.
    ParameterError
        If `tolerance` is not in [0, 0.01] or `workers` not positive.

    Notes
    -----
    The factor of a constant path is the quotient of what leaving gains and what it gains over
    being punished; that of a cycle is found by bisection, for which every incentive is bounded
    from above and below.

    Examples
    --------
    Prisoners' dilemmas with three temptations; the third is no dilemma any more:

    >>> import numpy as np
    >>> import alignment_games as ag
    >>> tables = [[[3, 0], [t, 1]] for t in (4, 5, 2)]
    >>> games = np.array([[table, np.transpose(table)] for table in tables])
    >>> found = ag.batch.critical_discounts(games, (0, 0), punishment="grim", reversion=(1, 1))
    >>> print(found)
    3 games; sustained by discount factors: 2 from, 1 every
    >>> found.discount.round(12)
    array([0.33333333, 0.5       , 0.        ])
    """
    array, unit = payoff_array("payoffs", payoffs, "(N, n_players, m_1, ..., m_n)")
    if array.ndim < 3 or array.shape[1] != array.ndim - 2 or 0 in array.shape[2:]:
        msg = (
            "`payoffs` must have the axes (game, player, and the strategies of each player), "
            f"got shape {array.shape}; stack games on the first axis"
        )
        raise GameError(msg)
    slack = relative_tolerance(tolerance)
    question = _Question.of(NormalFormGame(np.zeros(array.shape[1:])), path, punishment, reversion)
    size, players = len(array), array.shape[1]
    flat = np.ascontiguousarray(array.reshape(size, players, math.prod(array.shape[2:])))

    def load(span: slice) -> tuple[FloatArray, FloatArray, None]:
        part = flat[span]
        return part, np.abs(part).max(axis=2) * (unit / 4 + slack), None

    answers = _answered(question, size, load, threads(workers))
    if flag("resolve", resolve):
        _resolved(answers, question, lambda k: NormalFormGame(array[k]))
    return CriticalDiscounts(**answers)


def critical_discount_map(
    model: AlignmentModel,
    path: Sequence[Any],
    values: Values | None = None,
    *,
    axes: Mapping[str, Any] | None = None,
    design: Design | None = None,
    punishment: Punishment = "nash",
    reversion: Sequence[str | int] | None = None,
    resolve: bool = False,
    workers: int | None = None,
) -> xr.Dataset:
    """Find the critical discount factor of a path at every point of a model's parameters.

    Parameters
    ----------
    model : AlignmentModel
        Its game is played in every period.
    path : sequence of str or int, or sequence of such sequences
        A profile that is played in every period, or several that are played in turn.
    values : Scenario or mapping of str to number, optional
        Values of the parameters that do not vary.
    axes : mapping of str to (lower, upper, points), array_like of float, or Axis
        A grid, as for `sweep`.
    design : Design, optional
        Other points, in place of `axes`.
    punishment : {"nash", "grim", "minmax", "tit-for-tat"}
        As for `critical_discounts`. With ``nash`` the stage equilibrium that punishes is, at
        each point, the worst one that is there.
    reversion : sequence of str or int, optional
        The stage equilibrium of ``grim``.
    resolve : bool
        Whether points near a tie are decided in rational arithmetic, one by one. That needs a
        model whose payoffs are rational at rational parameters: without roots, exponentials,
        logarithms, constants such as pi, and floats. Of any other model all points stay as
        without `resolve`: near a tie ``status`` is ``DEGENERATE`` and ``sustained`` ``OPEN``.
    workers : int, optional
        Number of threads, by default one for each processor that may be used.

    Returns
    -------
    xarray.Dataset
        Dimensions are the parameters of the grid, or ``point``. Variables are ``status``,
        ``sustained``, ``discount``, ``error`` and ``binding`` as in `CriticalDiscounts`, with
        their codes as flags; a discount factor is NaN only where ``sustained`` says why.
        Attributes hold what is needed to run it again.

    Raises
    ------
    ParameterError
        If a parameter is unknown, missing, or outside its domain along an axis. (Points of a list
        that lie outside, and all points that break a constraint, get the status ``BAD_INPUT``.)
    GameError
        If the path or the punishment does not fit the model, its payoffs cannot be compiled,
        or `resolve` is no bool.
    ModelError
        If `model` is no model.
    WorkLimitError
        If the path has more than 60 periods.

    Examples
    --------
    How much the future must count for mutual restraint, against what the hegemon has at stake:

    >>> import alignment_games as ag
    >>> ds = ag.batch.critical_discount_map(
    ...     ag.models.alignment(), ("hedge", "accommodate"), ag.load_scenario("ukraine"),
    ...     axes={"stake": [0.6, 0.8], "patron_reliability": [0.1, 0.2]},
    ... )
    >>> ds.discount.values.round(4)
    array([[0.5882, 0.2857],
           [   nan, 0.8649]])
    >>> ds.sustained.attrs["flag_meanings"].split()[ds.sustained.values[1, 0] + 2]
    'never'
    """
    from ..models.model import model_of
    from .dataset import coordinates, flags, origin
    from .points import job
    from .sweeps import design_of

    model_of(model)
    shape = tuple(len(own) for own in model.strategies)
    empty = NormalFormGame(
        np.zeros((len(shape), *shape)), players=model.players, strategies=model.strategies
    )
    question = _Question.of(empty, path, punishment, reversion)
    given = model.parameters.mapping({} if values is None else values)
    outputs = tuple(name for name in _MEANING if name != "status")
    asked = job(model, given, design_of(axes, design), outputs, resolve=flag("resolve", resolve))
    answers = _of_model(asked, question, threads(workers))
    words = {
        "status": {int(own): own.name.lower() for own in BatchStatus},
        "sustained": {int(own): own.name.lower() for own in Sustained},
        "binding": {NO_ONE: "none"} | dict(enumerate(model.players)),
    }
    import xarray as xr

    variables = {
        name: (
            asked.design.dimensions,
            answers[name].reshape(asked.design.shape),
            {"long_name": meaning} | (flags(words[name]) if name in words else {}),
        )
        for name, meaning in _MEANING.items()
    }
    return xr.Dataset(
        variables,
        coords=coordinates(asked),
        attrs=origin(asked, given) | question.described(),
    )


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked about each game: positions and names of a path and of its punishment."""

    game: NormalFormGame
    cycle: tuple[tuple[int, ...], ...]
    punishment: Punishment
    reversion: tuple[int, ...] | None

    @classmethod
    def of(cls, game: NormalFormGame, path: Any, punishment: Any, reversion: Any) -> _Question:
        """Check a question against the names and sizes of a game."""
        if punishment not in _PUNISHMENTS:
            msg = f"unknown `punishment` {punishment!r}{suggestion(punishment, _PUNISHMENTS)}"
            raise GameError(msg)
        if (reversion is None) == (punishment == "grim"):
            msg = (
                "`reversion` must name the stage equilibrium of punishment 'grim', and no other "
                f"punishment has one; got {reversion!r} with {punishment!r}"
            )
            raise GameError(msg)
        cycle = shortest_cycle(cycle_of(game, path))
        sizes = " x ".join(map(str, game.shape))
        if punishment == "tit-for-tat" and (game.shape != (2, 2) or len(cycle) != 1):
            msg = (
                "punishment 'tit-for-tat' needs two players with two strategies each and a `path` "
                f"of one profile, got {sizes} and {len(cycle)} profiles"
            )
            raise GameError(msg)
        if punishment == "nash" and (len(game.shape) != 2 or max(game.shape) > _MOST_STRATEGIES):
            msg = (
                "punishment 'nash' needs two players with up to four strategies each, got "
                f"{sizes}; name one equilibrium by punishment='grim', reversion=..., or ask "
                "solvers.critical_discount one by one"
            )
            raise GameError(msg)
        back = None if reversion is None else cycle_of(game, reversion)[0]
        return cls(game, cycle, punishment, back)

    def names(self, profile: tuple[int, ...]) -> str:
        """Return the strategies of a profile."""
        return ", ".join(own[k] for own, k in zip(self.game.strategies, profile, strict=True))

    def described(self) -> dict[str, Any]:
        """Return the question as attributes of a dataset."""
        return {
            "path": [self.names(own) for own in self.cycle],
            "punishment": self.punishment,
            "reversion": "" if self.reversion is None else self.names(self.reversion),
            "players": list(self.game.players),
        }

    def answer(self, game: NormalFormGame) -> CriticalDiscount | None:
        """Answer for one game, exactly; None if the reversion is not one of its equilibria."""
        try:
            return critical_discount(
                game, self.cycle, punishment=self.punishment, reversion=self.reversion
            )
        except GameError:
            if self.punishment == "grim":  # all else was checked before
                return None
            raise


_Answers: TypeAlias = dict[str, Any]
_Load: TypeAlias = Callable[[slice], tuple[FloatArray, FloatArray, Any]]
"""From a span of points to payoffs, bounds on their errors, and where there is no point."""


def _answered(question: _Question, count: int, load: _Load, workers: int) -> _Answers:
    """Answer all points, block by block."""
    answers: _Answers = {
        "status": np.empty(count, dtype=np.int8),
        "sustained": np.empty(count, dtype=np.int8),
        "discount": np.empty(count),
        "error": np.empty(count),
        "binding": np.empty(count, dtype=np.int8),
    }
    judge = _judge(question)
    spans = blocks(count, _BLOCK, workers)

    def work(worker: int) -> None:
        for span in spans[worker::workers]:
            payoffs, errors, outside = load(span)
            numbers = np.empty((2, span.stop - span.start))
            codes = (answers[name][span] for name in ("status", "sustained", "binding"))
            judge(payoffs, errors, outside, *codes, numbers)
            answers["discount"][span], answers["error"][span] = numbers

    in_threads(work, workers)
    return answers


def _judge(question: _Question) -> Callable[..., None]:
    """Return what answers one block of points."""
    from . import _discount_kernels as kernels
    from .kernels import pair_table, subset_masks

    sizes = np.array(question.game.shape, dtype=np.int64)
    strides = np.array(
        [math.prod(question.game.shape[k + 1 :]) for k in range(len(sizes))], dtype=np.int64
    )
    cycle = np.array(question.cycle, dtype=np.int64) @ strides
    kind, back = kernels.MINMAX, -1
    if question.punishment == "nash":
        kind, supports = kernels.NASH, (pair_table(*question.game.shape), subset_masks())
    elif question.reversion is not None:
        kind, back = kernels.PROFILE, int(np.array(question.reversion) @ strides)

    def judge(
        payoffs: FloatArray,
        errors: FloatArray,
        outside: Any,
        status: StatusArray,
        codes: StatusArray,
        binding: StatusArray,
        numbers: FloatArray,
    ) -> None:
        margins, punished = np.empty(errors.shape), np.empty((*errors.shape, 2))
        codes[:] = Sustained.OPEN
        kernels.measure(payoffs, errors, margins, status)
        if outside is not None:
            status[outside] = BatchStatus.BAD_INPUT
        if question.punishment == "tit-for-tat":
            target = np.array(question.cycle[0], dtype=np.int64)
            kernels.sustain_by_tit_for_tat(
                payoffs, margins, target, status, codes, binding, numbers
            )
            return
        if kind == kernels.NASH:
            kernels.punish_by_nash(payoffs, margins, sizes, *supports, punished, status)
        elif kind == kernels.PROFILE:
            kernels.punish_by_one_profile(
                payoffs, margins, sizes, strides, back, punished, status, codes
            )
        else:
            kernels.punish_by_minmax(payoffs, margins, sizes, strides, punished)
        kernels.sustain(
            payoffs, margins, sizes, strides, cycle, kind, back, punished,
            status, codes, binding, numbers,
        )  # fmt: skip

    return judge


def _of_model(asked: Job, question: _Question, workers: int) -> _Answers:
    """Answer all points of a design."""
    from ..models.compile import is_rational
    from ._payoff_loop import payoff_loop

    model, design = asked.model, asked.design
    loop = payoff_loop(model)
    names = list(model.parameters)
    fixed = np.array([float(asked.values.get(name, 0)) for name in names])
    swept = np.array([names.index(name) for name in design.parameters], dtype=np.int64)
    players, profiles = len(model.players), len(model.payoffs)

    def load(span: slice) -> tuple[FloatArray, FloatArray, Any]:
        size = span.stop - span.start
        payoffs, errors = np.empty((size, players, profiles)), np.empty((size, players))
        outside = np.empty(size, dtype=np.bool_)
        loop(fixed, swept, design.columns(span.start, span.stop), payoffs, errors, outside)
        return payoffs, errors, outside

    def game(k: int) -> NormalFormGame:
        point = dict(asked.values) | design.exact(k)
        return model.game(point)

    answers = _answered(question, len(design), load, workers)
    if asked.resolve and is_rational(model):
        _resolved(answers, question, game)
    return answers


def _resolved(
    answers: _Answers, question: _Question, game: Callable[[int], NormalFormGame]
) -> None:
    """Decide in rational arithmetic what is open."""
    for k in np.flatnonzero(answers["status"] == BatchStatus.DEGENERATE).tolist():
        try:
            stage = game(k)
        except GameError:  # a payoff has no value at the point
            answers["status"][k] = BatchStatus.BAD_INPUT
            answers["discount"][k] = answers["error"][k] = np.nan
            continue
        exact = question.answer(stage)
        answers["status"][k] = BatchStatus.RESOLVED
        answers["discount"][k] = answers["error"][k] = np.nan
        answers["binding"][k] = NO_ONE
        if exact is None:
            answers["sustained"][k] = Sustained.NOT_AN_EQUILIBRIUM
        elif exact.discount is None:
            answers["sustained"][k] = Sustained.SOME if exact.intervals else Sustained.NEVER
        else:
            answers["sustained"][k] = Sustained.FROM if exact.discount > 0 else Sustained.EVERY
            answers["discount"][k] = float(exact.discount)
            answers["error"][k] = _EXACT
            if len(exact.binding) == 1:
                answers["binding"][k] = stage.players.index(exact.binding[0])
