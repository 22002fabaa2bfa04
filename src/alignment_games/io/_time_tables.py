"""Rows of tables of stochastic and repeated games."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .._typing import Number
from ..errors import WorkLimitError
from ..games import RepeatedGame
from ._table_styles import Style

__all__ = ["Rows", "rows_of"]

_MAX_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Rows:
    """A table's header and rows, written for a format."""

    header: list[str]
    rows: list[list[str]]


def rows_of(solution: Any, style: Style, digits: int | None) -> Rows | None:
    """Return the rows of a solution in time, None if it is of another type.

    Solvers are not known here, so types are told apart by name.
    """
    writer = _Writer(style, solution, digits)
    kind = type(solution).__name__
    if kind == "MarkovSolution":
        return writer.markov()
    if kind == "FiniteHorizonSolution":
        return writer.periods()
    if kind == "StochasticValue":
        return writer.bounds()
    if kind == "RepeatedPayoffs":
        return writer.corners()
    return None


@dataclass(frozen=True, slots=True)
class _Writer:
    style: Style
    solution: Any
    digits: int | None

    def markov(self) -> Rows:
        game, several = self.solution.game, len(self.solution.equilibria) > 1
        rows = [
            [str(k)] * several + self._state(state, labels, profile, values)
            for k, eq in enumerate(self.solution.equilibria, 1)
            for state, labels, profile, values in zip(
                game.states, game.strategies, eq.strategies, eq.values, strict=True
            )
        ]
        header = ["equilibrium"] * several + ["state", *self._players(), "values"]
        return Rows(header, rows)

    def periods(self) -> Rows:
        game = self.solution.game
        count = self.solution.horizon * game.n_states
        if count > _MAX_ROWS:
            msg = (
                f"the table would have {count} rows, one a period and state; the limit is "
                f"{_MAX_ROWS}. Take single ones with `stage`"
            )
            raise WorkLimitError(msg)
        rows = [
            [str(period), *self._state(state, eq.game.strategies, eq.profile, eq.payoffs)]
            for period, own in enumerate(self.solution.stages)
            for state, eq in zip(game.states, own, strict=True)
        ]
        return Rows(["period", "state", *self._players(), "values"], rows)

    def bounds(self) -> Rows:
        game = self.solution.game
        rows = [
            [
                *self._state(state, labels, profile, [low])[:-1],
                self.style.set(self._number(low)),
                self.style.set(self._number(high)),
            ]
            for state, labels, *profile, low, high in zip(
                game.states,
                game.strategies,
                self.solution.row,
                self.solution.column,
                self.solution.lower,
                self.solution.upper,
                strict=True,
            )
        ]
        return Rows(["state", *self._players(), "at least", "at most"], rows)

    def corners(self) -> Rows:
        result = self.solution
        inner, outer = set(result.inner), set(result.outer)
        rows = [
            [self._vector(corner), "attained" if corner in inner else "bound"]
            for corner in (*result.inner, *(own for own in result.outer if own not in inner))
        ]
        if inner == outer:
            rows = [[corner, "exact"] for corner, _ in rows]
        return Rows(["corner", "kind"], rows)

    def _players(self) -> Iterator[str]:
        return map(self.style.name, self.solution.game.players)

    def _state(
        self,
        state: str,
        labels: Sequence[Sequence[str]],
        profile: Iterable[Sequence[Number]],
        values: Iterable[Number],
    ) -> list[str]:
        played = [
            self.style.mixture(names, vector, exact=self._exact, digits=self.digits)
            for names, vector in zip(labels, profile, strict=True)
        ]
        return [self.style.name(state), *played, self._vector(values)]

    def _vector(self, values: Iterable[Number]) -> str:
        return self.style.join([self._number(value) for value in values])

    def _number(self, value: Number) -> str:
        return self.style.number(value, exact=self._exact, digits=self.digits)

    @property
    def _exact(self) -> bool:
        """Whether numbers are set as fractions."""
        game = self.solution.game
        return bool(game.exact if isinstance(game, RepeatedGame) else self.solution.exact)
