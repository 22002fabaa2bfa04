"""Payoffs as text: each bound holds against exact and 60-digit arithmetic, or is infinite."""

from __future__ import annotations

import math
import random
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.errors import GameError
from alignment_games.models._error_bounds import UNIT
from alignment_games.models.compile import PayoffText, is_rational, model_hash, payoff_text
from alignment_games.models.model import AlignmentModel, exact_payoff_function

MakeModel = Callable[..., AlignmentModel]
Point = Mapping[str, float]

X, Y, Z = SYMBOLS = sp.symbols("x y z", real=True)
HALF, THIRD, TENTH = sp.Rational(1, 2), sp.Rational(1, 3), sp.Rational(1, 10)


def run(
    model: AlignmentModel, values: Sequence[float], far: Sequence[float]
) -> list[tuple[float, float]]:
    """Run the text as Python, with the arithmetic of compiled code; return values and bounds."""
    text = payoff_text(model)
    names: dict[str, Any] = {"inf": math.inf, "nan": math.nan}
    functions = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt}
    names |= {name: functions[name] for name in text.functions}
    for k, (value, distance) in enumerate(zip(values, far, strict=True)):
        names[text.parameters[k]] = np.float64(value)
        names[text.errors[k]] = np.float64(abs(value) * UNIT + distance)
    with np.errstate(all="ignore"):
        exec("\n".join(text.lines), names)
    return [
        (float(eval(value, names)), float(eval(error, names)))
        for own, errors in zip(text.payoffs, text.bounds, strict=True)
        for value, error in zip(own, errors, strict=True)
    ]


def precise(model: AlignmentModel) -> Callable[..., list[Any]]:
    """Return all payoffs in 60 digits: NaN where one is no real number."""
    flat = [model.payoffs[p][k] for k in range(len(model.players)) for p in model.payoffs]
    loops = [sp.lambdify(list(model.parameters.symbols.values()), e, "mpmath") for e in flat]

    def evaluate(*values: Fraction) -> list[Any]:
        found = []
        with mpmath.workdps(60):
            numbers = [mpmath.mpf(v.numerator) / v.denominator for v in values]
            for loop in loops:
                try:
                    value = mpmath.mpmathify(loop(*numbers))
                except (ZeroDivisionError, ValueError, TypeError):  # TypeError: uncovered, None
                    value = mpmath.nan
                real = value.real if mpmath.im(value) == 0 else mpmath.nan
                found.append(real)
        return found

    return evaluate


def check(
    model: AlignmentModel, values: Sequence[float], far: Sequence[float], rng: random.Random
) -> int:
    """Compare with points of the box around some values; return how many bounds are finite.

    Where value and bound are finite the payoff must exist throughout the box, unless it has a
    square root: the text takes that of zero for those that are negative within their bound. A
    hundredth more is what the loop that uses these bounds grants them for their own rounding,
    and 1e-200.
    """
    rooted = "sqrt" in payoff_text(model).functions
    pairs, reference = run(model, values, far), precise(model)
    middle = [Fraction(str(v)) for v in values]
    points = [middle]
    if any(far):
        for _ in range(3):
            shares = [rng.choice((-1, 1, Fraction(rng.uniform(-1, 1)))) for _ in middle]
            points.append(
                [m + s * Fraction(d) for m, s, d in zip(middle, shares, far, strict=True)]
            )
    finite = 0
    for point in points:
        for (value, error), true in zip(pairs, reference(*point), strict=True):
            if math.isfinite(value) and math.isfinite(error):
                finite += point is middle
                if mpmath.isnan(true):
                    assert rooted, (point, value, error)
                    continue
                with mpmath.workdps(60):
                    off = abs(true - mpmath.mpf(value))
                    assert off <= mpmath.mpf(error) * mpmath.mpf("1.01") + mpmath.mpf("1e-200")
    return finite


def random_values(rng: random.Random) -> list[float]:
    kinds: tuple[Callable[[], float], ...] = (
        lambda: rng.uniform(0, 3),
        lambda: rng.choice([0.0, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0]),
        lambda: 10.0 ** rng.randint(-8, 8),
    )
    return [rng.choice(kinds)() for _ in SYMBOLS]


def random_distances(rng: random.Random, values: Sequence[float]) -> list[float]:
    scale = rng.choice([0.0, 1e-12, 1e-6, 1e-2, 0.3])
    return [rng.choice([0.0, scale, scale * v]) for v in values]


# The package's model


def test_bounds_hold_for_the_alignment_model() -> None:
    model = ag.models.alignment()
    exact = exact_payoff_function(model)
    rng = random.Random(5)
    largest = 0.0
    for n in range(80):
        values = []
        for parameter in model.parameters.values():
            upper = parameter.domain.upper
            scale = 10.0 ** rng.randint(-3, 6) if upper is None and n % 3 == 0 else 2.0
            values.append(rng.uniform(0, scale if upper is None else float(upper)))
        far = [rng.choice([0.0, 1e-3, 0.1]) if n % 2 else 0.0 for _ in values]
        box = [[v, v - d, v + d] for v, d in zip(map(Fraction, map(str, values)),
                                                 map(Fraction, far), strict=True)]  # fmt: skip
        pairs = run(model, values, far)
        for _ in range(4):
            point = [rng.choice(own) for own in box]
            for (value, error), true in zip(pairs, exact(*point), strict=True):
                off = abs(Fraction(true) - Fraction(value))
                assert off <= Fraction(error) * Fraction(101, 100)
                largest = max(largest, float(off / Fraction(error)) if error else 0.0)
    assert largest > 0.5  # the bounds are not idle


def test_known_values_have_no_error() -> None:
    pairs = run(ag.models.alignment(), [0.0] * 24, [0.0] * 24)
    # With nothing at stake all payoffs are sums of zeros, of which none was rounded: the bounds
    # are what products of parameters that are not zero could lose by underflow.
    assert [value for value, _ in pairs] == [0.0] * 12
    assert all(0.0 <= bound < 1e-298 for _, bound in pairs)


# Payoffs of other models

PAYOFFS: dict[str, sp.Expr] = {
    "quotient": (X + TENTH) / (Y - Z),
    "square over cube": X**2 / (Y + Z) ** 3,
    "many divisors": X / Y / (X - Y) / (Z**2 + THIRD),
    "negative power": (X - Y) ** -3,
    "high power": (X - HALF) ** 64,
    "higher power": (1 + X / 10) ** 90,
    "minimum": sp.Min(X, Y / 3, Z - TENTH),
    "maximum": sp.Max(X * Y, Z, sp.Rational(3, 10)),
    "nested condition": sp.Piecewise(
        (X, sp.Piecewise((Y, Z > HALF), (1, True)) > THIRD),
        (Z, sp.ITE(X > Y, Z > 1, Y > 1)),
        (2, True),
    ),
    "absolute": sp.Abs(X - 3 * Y) * sp.Abs(Z - TENTH),
    "jump": sp.Piecewise((X + 5, X > Y), (Y, True)),
    "kink": sp.Piecewise((X - Y, X > Y), (Y - X, True)),
    "three": sp.Piecewise((X, X < TENTH), (Y, sp.And(X >= TENTH, X < 1)), (Z, True)),
    "or": sp.Piecewise((X**2, sp.Or(X > Y, Z > 1, X + Y < THIRD)), (7, True)),
    "not": sp.Piecewise((X, sp.Not(sp.And(X > Y, Y > Z))), (100, True)),
    "equal": sp.Piecewise((5, sp.Eq(X, Y)), (X / (X - Y), True)),
    "unequal": sp.Piecewise((1 / X, sp.Ne(X, 0)), (5, True)),
    "nested": sp.Piecewise(
        (sp.Piecewise((X, Y > Z), (10 * Y, True)), X > THIRD), (sp.Min(Y, Z), True)
    ),
    "sums in conditions": sp.Piecewise((X, X + Y + Z <= X * Y + TENTH), (Z - 40, True)),
    "uncovered": sp.Piecewise((X, X + Y <= 3 * TENTH + Z)),
    "exponential": sp.exp(X - Y) / (1 + sp.exp(-Z)),
    "logarithm": sp.log(1 + X) - sp.log(Y),
    "root": sp.sqrt(X) + 1 / sp.sqrt(Y + TENTH),
    "root of a difference": sp.sqrt(X - Y),
    "roots": sp.cbrt(X) + (Y + 1) ** sp.Rational(3, 2) + (1 + Z) ** X,
    "constants": sp.pi * X - sp.E * Y + sp.sqrt(2) * Z + sp.Rational(22, 7) + sp.GoldenRatio,
    "float": sp.Float("0.1") * X + sp.Float("2.5"),
    "cancellation": (X + 10**9) - (Y + 10**9) * (1 + TENTH**17),
    "logistic": X / (1 + sp.exp(-10 * (Y - HALF))),
    "contest": X**HALF / (X**HALF + Y**HALF),
}


@pytest.mark.parametrize("name", PAYOFFS)
def test_bounds_hold_for_other_payoffs(make_model: MakeModel, name: str) -> None:
    payoff = PAYOFFS[name]
    model = make_model([[payoff, payoff * X]], [[payoff - Y, 1 + payoff**2]])
    rng = random.Random(name)
    finite = 0
    for n in range(40):
        values = random_values(rng)
        finite += check(model, values, random_distances(rng, values) if n % 2 else [0.0] * 3, rng)
    assert finite > 20


@pytest.mark.parametrize("seed", range(24))
def test_bounds_hold_for_random_payoffs(make_model: MakeModel, seed: int) -> None:
    rng = random.Random(seed)
    first, second = ([[random_payoff(rng, 2) for _ in "ab"]] for _ in "ab")
    model = make_model(first, second)
    for n in range(8):
        values = random_values(rng)
        check(model, values, random_distances(rng, values) if n % 2 else [0.0] * 3, rng)


def random_payoff(rng: random.Random, depth: int) -> sp.Expr:
    """Return an expression of everything that is supported."""
    if depth == 0 or rng.random() < 0.1:
        return rng.choice([*SYMBOLS, *SYMBOLS, TENTH, sp.Integer(2), -THIRD, sp.pi])

    def part() -> sp.Expr:
        return random_payoff(rng, depth - 1)

    kinds: tuple[Callable[[], sp.Expr], ...] = (
        lambda: part() + part(),
        lambda: part() - part(),
        lambda: part() * part(),
        lambda: part() / (part() + HALF),
        lambda: (part() + TENTH) ** rng.choice([-3, -1, 2, 3, 5]),
        lambda: sp.Abs(part()),
        lambda: sp.Min(part(), part()),
        lambda: sp.Max(part(), part(), part()),
        lambda: sp.Piecewise((part(), random_condition(rng, part)), (part(), True)),
        lambda: sp.Piecewise(
            (part(), random_condition(rng, part)), (part(), random_condition(rng, part)),
            (part(), True),
        ),
        lambda: sp.exp(sp.Min(part(), 3)),
        lambda: sp.log(1 + sp.Abs(part())),
        lambda: sp.sqrt(sp.Abs(part()) + TENTH),
    )  # fmt: skip
    return rng.choice(kinds)()


def random_condition(rng: random.Random, part: Callable[[], sp.Expr]) -> Any:
    kinds = (sp.Gt, sp.Ge, sp.Lt, sp.Le, sp.Eq, sp.Ne)
    one = rng.choice(kinds)(part(), part())
    two = rng.choice(kinds)(part(), part())
    return rng.choice([one, sp.And(one, two), sp.Or(one, two), sp.Not(sp.And(one, two))])


def test_conditions_that_payoffs_share(make_model: MakeModel) -> None:
    above, both = X > Y, sp.And(X > Y, Z > Y)
    model = make_model(
        [[sp.Piecewise((X, above), (Y, True)), sp.Piecewise((Z, above), (1, True))],
         [sp.Piecewise((X, both), (Y + 1, True)), sp.Piecewise((X**2, both), (Y, above))]],
        [[sp.Piecewise((X, sp.Not(both)), (2, True)), X], [Y, Z]],
    )  # fmt: skip
    rng = random.Random(8)
    for n in range(60):
        values = random_values(rng)
        check(model, values, random_distances(rng, values) if n % 2 else [0.0] * 3, rng)
    flat = exact_payoff_function(model)(Fraction(3), Fraction(2), Fraction(1))
    assert flat[:4] == [3, 1, 3, 2]


@pytest.mark.parametrize(
    "payoff",
    [1 / (X - Y), X / (Y - Z) ** 2, sp.log(X - Y), 1 / sp.log(1 + X - Y), (X - Y) ** -HALF],
    ids=str,
)
def test_no_finite_bound_where_a_divisor_may_be_zero(
    make_model: MakeModel, payoff: sp.Expr
) -> None:
    model = make_model([[payoff]], [[X]])
    for values, far in (
        ([0.5, 0.5, 0.5], [0.0, 0.0, 0.0]),
        ([0.5, 0.4, 0.41], [0.1, 0.01, 0.0]),
        ([3.0, 2.0, 1.0], [0.5, 0.5, 0.5]),
        ([0.1 + 0.2, 0.3, 0.3], [1e-16, 0.0, 0.0]),
    ):
        assert not math.isfinite(run(model, values, far)[0][1])


def test_ends_of_a_box_that_just_misses_zero(make_model: MakeModel) -> None:
    model = make_model([[1 / (X - Y), sp.log(X - Y)]], [[X, X]])
    rng = random.Random(2)
    finite = 0
    for _ in range(400):
        one, two = sorted((rng.randint(1, 999) / 1000, rng.randint(1, 999) / 1000), reverse=True)
        if one > two:
            gap = float(Fraction(str(one)) - Fraction(str(two)))
            far = gap * (1 - 10 ** rng.uniform(-17, -1))
            (value, error), (log, log_error), *_ = run(model, [one, two, 0.0], [far, 0.0, 0.0])
            if math.isfinite(error):
                finite += 1
                least = Fraction(str(one)) - Fraction(far) - Fraction(str(two))
                assert least > 0
                assert 1 / least - Fraction(value) <= Fraction(error)
                assert math.isfinite(log_error)
                assert log - math.log(least) <= log_error
    assert finite > 10


# Very small and very large numbers


@pytest.mark.parametrize(
    ("payoff", "values"),
    [
        (X**2 / Y, [1e-160, 1e-320, 0.0]),
        (X * Y / Z, [3e-200, 7e-120, 1.9e-319]),
        (X**2 / Y**2, [1.1e-161, 1.3e-161, 0.0]),
        (X * Y / (X * Z), [1.7e-300, 1.9e-20, 1.3e-20]),
        (1 / Y, [0.0, 1e-320, 0.0]),
        (X * sp.Rational(1, 10**400) * 10**300 * 10**99, [1.0, 0.0, 0.0]),
        (sp.log(X * Y), [1e-200, 3e-121, 0.0]),
        (sp.sqrt(X * Y) / Z, [1e-200, 1e-123, 1e-162]),
        (1 / (X / Y), [1.1e-300, 1.7e22, 0.0]),
        (sp.exp(-X) / sp.exp(-Y), [740.0, 741.0, 0.0]),
        (X + Y, [1e308, 1e308, 0.0]),
        (X * Y, [1e200, 1e200, 0.0]),
        (X / Y, [1e200, 1e-200, 0.0]),
        (X**7, [1e60, 0.0, 0.0]),
    ],
    ids=str,
)
def test_underflow_and_overflow_are_part_of_the_bound(
    make_model: MakeModel, payoff: sp.Expr, values: list[float]
) -> None:
    check(make_model([[payoff]], [[X]]), values, [0.0] * 3, random.Random(0))


def test_numbers_beyond_floats_are_refused(make_model: MakeModel) -> None:
    with pytest.raises(GameError, match="must fit into floats to be compiled; found a number of"):
        payoff_text(make_model([[sp.Integer(10) ** 400 * X]], [[X]]))


def test_constants_below_floats_keep_a_bound(make_model: MakeModel) -> None:
    model = make_model([[X * sp.Rational(1, 10**400)]], [[X]])
    ((value, error), _) = run(model, [1.0, 0.0, 0.0], [0.0] * 3)
    assert value == 0
    assert 0 < error < 1e-200


# The text


def test_the_text_is_the_same_in_every_process() -> None:
    program = """
import sympy as sp
import alignment_games as ag
from dataclasses import replace
from alignment_games.models.compile import payoff_text, model_hash
model = ag.models.alignment()
s = model.parameters.symbols
one, two, three = s["stake"], s["tilt"], s["overrun_loss"]
odd = sp.Piecewise(
    (sp.Max(one, two, three) / (one + two), sp.And(one > two, sp.Or(two < three, one > 1))),
    (sp.Min(one * two, three, sp.exp(one)), True),
)
payoffs = {p: (u + odd, v - odd**2) for p, (u, v) in model.payoffs.items()}
for each in (model, replace(model, name="odd", payoffs=payoffs)):
    print(payoff_text(each))
    print(model_hash(each))
"""
    texts = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            timeout=120,
        ).stdout
        for seed in ("0", "77")
    }
    assert len(texts) == 1


def test_the_hash_tells_models_apart(make_model: MakeModel) -> None:
    base = [[X, Y]], [[Y, Z]]
    models = [
        make_model(*base),
        make_model([[X, Y + 1]], [[Y, Z]]),
        make_model(*base, domain=(0, 1)),
        make_model(*base, constraints=[("x", "y")]),
        make_model(*base, names=("x", "z", "y")),
        make_model(*base, title="another"),
    ]
    assert len({model_hash(model) for model in models}) == len(models)
    assert model_hash(models[0]) == model_hash(make_model(*base))


@pytest.mark.parametrize(
    ("payoff", "message"),
    [
        (sp.sign(X), "found `sign` in sign"),
        (sp.floor(X / 3), "found `floor`"),
        (sp.sin(X) * Y, "found `sin`"),
        (sp.Symbol("q") + X, "found the symbol `q`, which is no parameter"),
        (sp.Symbol("x") + X, "found the symbol `x`, which is no parameter"),
        (sp.I * X, "found `ImaginaryUnit`"),
        (sp.oo, "found `Infinity`"),
        (sp.nan, "found `NaN`"),
        (sp.Piecewise((X, sp.Xor(X > Y, Y > Z)), (0, True)), "conditions must compare"),
        (sp.Piecewise((X, sp.Symbol("q")), (0, True)), "conditions must compare"),
    ],
    ids=str,
)
def test_what_is_not_supported_is_named(
    make_model: MakeModel, payoff: sp.Expr, message: str
) -> None:
    with pytest.raises(GameError) as caught:
        payoff_text(make_model([[payoff]], [[X]]))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("payoff", "rational"),
    [
        (X / (Y - Z) ** 3 + THIRD, True),
        (sp.Piecewise((X, X > Y), (sp.Min(X, Y), True)), True),
        (sp.Abs(X - Y), True),
        (sp.sqrt(X), False),
        (X**Y, False),
        (2**X, False),
        (sp.pi * X, False),
        (sp.Float("0.1") * X, False),
        (sp.Piecewise((X, sp.exp(X) > Y), (Z, True)), False),
    ],
    ids=str,
)
def test_which_models_are_rational(make_model: MakeModel, payoff: sp.Expr, rational: bool) -> None:
    model = make_model([[payoff, X]], [[X, Y]])
    assert is_rational(model) is rational
    if rational:
        flat = exact_payoff_function(model)(Fraction(1, 3), Fraction(2, 7), Fraction(5))
        assert all(isinstance(value, (int, Fraction)) for value in flat)


def test_every_name_is_used_once(make_model: MakeModel) -> None:
    """A parameter may have any symbol, also one that the text would choose for itself."""
    names = ("p0", "t0", "_s0", "inf")
    a, b, c, d = sp.symbols(names, real=True)
    common = (a + b) * (c + d)
    model = make_model([[common, common + a]], [[common * b, common / (1 + c)]], names=names)
    text: PayoffText = payoff_text(model)
    assert set(text.parameters).isdisjoint({"inf", "nan", *text.functions})
    values = [0.3, 0.7, 0.2, 0.9]
    exact = exact_payoff_function(model)(*map(Fraction, map(str, values)))
    for (value, error), true in zip(run(model, values, [0.0] * 4), exact, strict=True):
        assert abs(Fraction(true) - Fraction(value)) <= Fraction(error)
