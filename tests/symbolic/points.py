"""Random exact values of the alignment model's parameters, many of them at ends of domains."""

from __future__ import annotations

import random
from fractions import Fraction

import sympy as sp

import alignment_games as ag
from alignment_games.models import AlignmentModel

MODEL = ag.models.alignment()


def random_values(rng: random.Random, model: AlignmentModel = MODEL) -> dict[str, Fraction]:
    """Draw values; a quarter of them are 0 or the upper bound."""
    values = {}
    for name, parameter in model.parameters.items():
        lower, upper = parameter.domain.lower, parameter.domain.upper
        top = lower + 2 if upper is None else upper
        ends = [Fraction(0), Fraction(1)]
        share = rng.choice([*ends, *(Fraction(rng.randint(0, 20), 20) for _ in range(6))])
        values[name] = lower + share * (top - lower)
    for constraint in model.parameters.constraints:
        values[constraint.smaller] = min(values[constraint.smaller], values[constraint.larger])
    return values


def rational(value: Fraction | int) -> sp.Rational:
    number = Fraction(value)
    return sp.Rational(number.numerator, number.denominator)


def at(
    expression: sp.Basic, values: dict[str, Fraction], model: AlignmentModel = MODEL
) -> sp.Basic:
    """Put values in the place of a model's parameters."""
    symbols = model.parameters.symbols
    return expression.xreplace({symbols[name]: rational(v) for name, v in values.items()})
