"""Models made up for tests: payoffs that the package's own models do not have."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from alignment_games.models import Constraint, Interval, Parameter, ParameterSpace
from alignment_games.models import ParameterStatus as Status
from alignment_games.models.model import AlignmentModel

MakeModel = Callable[..., AlignmentModel]


@pytest.fixture(scope="session")
def make_model() -> MakeModel:
    """``make_model(first, second, ...)``: a model of two players by their payoff tables."""
    return _make_model


def _make_model(
    first: Sequence[Sequence[Any]],
    second: Sequence[Sequence[Any]],
    *,
    names: Sequence[str] = ("x", "y", "z"),
    domain: tuple[Any, Any] = (0, None),
    constraints: Sequence[tuple[str, str]] = (),
    title: str = "made up",
) -> AlignmentModel:
    parameters = tuple(
        Parameter(
            name=name,
            symbol=sp.Symbol(name, real=True),
            domain=Interval(*domain),
            usual=Interval(Fraction(0), Fraction(1)),
            meaning=name,
            unit="units",
            status=Status.ELICITED,
        )
        for name in names
    )
    rows = tuple(f"row {i}" for i in range(len(first)))
    columns = tuple(f"column {j}" for j in range(len(first[0])))
    payoffs: dict[tuple[str, ...], tuple[Any, ...]] = {
        (rows[i], columns[j]): (sp.sympify(first[i][j]), sp.sympify(second[i][j]))
        for i, j in itertools.product(range(len(rows)), range(len(columns)))
    }
    return AlignmentModel(
        name=title.replace(" ", "_"),
        title=title,
        players=("one", "two"),
        strategies=(rows, columns),
        parameters=ParameterSpace(
            parameters,
            tuple(Constraint(smaller=a, larger=b, reason="test") for a, b in constraints),
        ),
        payoffs=payoffs,
        terms={},
        temptations={},
        reference="none",
    )
