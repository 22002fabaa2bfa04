"""The prover: what it proves, that it can fail, and what it says where a formula has no meaning."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.errors import ModelError, ParameterError
from alignment_games.symbolic import Proof, ProofStatus, domain, prove, truth
from alignment_games.symbolic._z3 import search
from alignment_games.symbolic.identities import is_identity
from alignment_games.symbolic.truth import assumed_domain, denominators, named

MODEL = ag.models.alignment()
x, y, z = sp.symbols("x y z", real=True)
p = sp.Symbol("p", nonnegative=True)
PROVED, REFUTED, UNKNOWN = ProofStatus.PROVED, ProofStatus.REFUTED, ProofStatus.UNKNOWN


def exact_point(proof: Proof) -> dict[sp.Symbol, Fraction]:
    """The counterexample by symbol, for the symbols that the proof speaks of."""
    assert proof.counterexample is not None
    names = {} if proof.model is None else proof.model.parameters.symbols
    by_symbol = {names.get(name): value for name, value in proof.counterexample.items()}
    by_name = dict(proof.counterexample)
    symbols = set().union(*(f.free_symbols for f in (proof.claim, *proof.given)))
    return {s: by_symbol[s] if s in by_symbol else by_name[s.name] for s in symbols}


def check_counterexample(proof: Proof) -> None:
    """Every hypothesis and domain is true there, and the claim is not."""
    point = exact_point(proof)
    assert all(truth(part, point) for part in proof.given)
    assert not truth(proof.claim, point)
    inside = [b for b in proof.domain if b.free_symbols <= set(point)]
    assert all(truth(part, point) for part in inside)


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (x**2 + y**2 >= 2 * x * y, ()),
        (x / y > 0, (x > 0, y > 0)),
        (x**2 > 0, sp.Ne(x, 0)),
        (sp.Implies(x > y, x - y > 0), ()),
        (sp.Equivalent(x > 0, -x < 0), ()),
        (sp.Max(x, y) >= sp.Min(x, y), ()),
        (sp.Eq(sp.Max(x, y) + sp.Min(x, y), x + y), ()),
        (sp.Abs(x) >= x, ()),
        (sp.sqrt(x) ** 2 >= 0, (x >= 0,)),
        (sp.sqrt(x + 1) > 1, (x > 0,)),
        (x ** sp.Rational(1, 3) >= 1, (x >= 1,)),
        (sp.Piecewise((x, x > 0), (-x, True)) >= 0, ()),
        (sp.Eq((x**2 - 1) / (x - 1), x + 1), (sp.Ne(x, 1),)),
        (sp.Xor(x > 0, x <= 0, evaluate=False), ()),
        (sp.ITE(x > 0, x**2 > 0, x <= 0), ()),
        (True, ()),
    ],
    ids=str,
)
def test_proved(claim: Any, given: Any) -> None:
    proof = prove(claim, given=given)
    assert proof.status is PROVED
    assert proof.counterexample is None
    assert proof.method.startswith("SymPy, " if claim in (True, sp.true) else "z3 ")
    assert proof.reason == ""
    assert proof.seconds > 0


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (x**2 > 0, ()),  # strictness: 0 is the only counterexample
        (sp.Abs(x) > 0, ()),
        (x**2 + y**2 > 2 * x * y, ()),
        (x / y > 0, (x > 0, y >= 0)),
        (sp.Max(x, y) > sp.Min(x, y), ()),
        (sp.sqrt(x) >= 0, ()),  # without meaning below zero
        (x ** sp.Rational(-1, 2) > 0, (x >= 0,)),
        (sp.Piecewise((x, x > 0), (-x, x < 0)) >= 0, ()),  # no value at 0
        (sp.Eq((x**2 - 1) / (x - 1), x + 1, evaluate=False), ()),
        (x * y * z <= 10**6, ()),
        (False, (x > 3,)),
    ],
    ids=str,
)
def test_refuted_by_an_exact_point(claim: Any, given: Any) -> None:
    proof = prove(claim, given=given)
    assert proof.status is REFUTED
    check_counterexample(proof)


def test_a_denominator_that_can_vanish_is_no_proof() -> None:
    proof = prove(1 / p > 0)
    assert proof.status is REFUTED
    assert proof.counterexample == {"p": Fraction(0)}
    assert prove(1 / p > 0, given=p > 0).status is PROVED
    assert prove(sp.Implies(sp.Ne(p, 0), 1 / p > 0)).status is PROVED
    # Neither a claim nor its negation is true at zero.
    assert prove(sp.Not(1 / p > 0)).status is REFUTED
    assert prove(sp.Or(1 / p > 0, 1 / p < 1)).status is REFUTED
    # A true part makes "or" true whatever the others are.
    assert prove(sp.Or(1 / p > 0, sp.Eq(p, 0))).status is PROVED


def test_a_branch_that_is_not_taken_needs_no_meaning() -> None:
    value = sp.Piecewise((1 / x, x > 0), (sp.Integer(1), True))
    assert prove(value > 0).status is PROVED
    assert truth(value > 0, {x: 0}) is True
    inside = sp.Piecewise((sp.Max(1 / x, 2), x > 0), (sp.Integer(1), True))
    assert prove(inside > 0).status is PROVED
    assert truth(inside > 0, {x: 0}) is True


def test_irrational_counterexamples_leave_a_claim_open() -> None:
    proof = prove(sp.Ne(x**2, 2))
    assert proof.status is UNKNOWN
    assert "irrational" in proof.reason
    # A neighborhood of counterexamples holds a rational one.
    assert prove(x**2 <= 2, given=(x**3 > 3, x < 2)).status is REFUTED


def test_a_timeout_leaves_a_claim_open() -> None:
    a = sp.symbols("a:8", real=True)
    hard = sum(
        a[k] ** 4 * a[(k + 1) % 8] ** 2 - 3 * a[k] ** 2 * a[(k + 3) % 8] ** 2 for k in range(8)
    )
    proof = prove(hard >= -sp.Rational(10**9), given=[sp.Abs(v) <= 2 for v in a], timeout=0.05)
    assert proof.status is UNKNOWN
    assert "within 0.05 s" in proof.reason


@pytest.mark.parametrize("timeout", [0, -1, float("nan")])
def test_a_timeout_is_positive(timeout: float) -> None:
    with pytest.raises(ParameterError, match="`timeout` must be a number of seconds"):
        prove(x > 0, timeout=timeout)


@pytest.mark.parametrize(
    ("claim", "given", "message"),
    [
        (sp.sin(x) + x**2 > -2, (), "decides polynomials, quotients and roots"),
        (2**x > x, (), "exponents must be whole numbers or fractions"),
        (x + 1, (), "`claim` must be a SymPy relation"),
        (sp.Symbol("b"), (), "`claim` must be a SymPy relation"),
        ("x > 0", (), "`claim` must be a SymPy relation"),
        (x > 0, ("y",), "`given` must be a SymPy relation"),
        (sp.Symbol("n", integer=True) > 0, (), "symbols stand for real numbers"),
        (x**100 > 2 * x, (x > 2,), "exponents must be at most 64"),
    ],
    ids=str,
)
def test_what_is_not_arithmetic_is_refused(claim: Any, given: Any, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        prove(claim, given=given)


def test_a_symbol_with_the_name_of_a_parameter_is_the_parameter() -> None:
    for name in ("rho", "patron_reliability"):
        plain = sp.Symbol(name)
        assert prove(plain <= 1, model=MODEL).status is PROVED
        assert prove(plain <= 1).status is REFUTED
        assert named(plain > 0, MODEL).free_symbols == {
            MODEL.parameters["patron_reliability"].symbol
        }
    # Joint constraints are heard, and only of what is spoken of.
    proof = prove(sp.Symbol("delta") <= sp.Symbol("l0"), model=MODEL)
    assert proof.status is PROVED
    assert len(proof.domain) == 5


def test_a_counterexample_of_a_model_is_complete() -> None:
    proof = prove(sp.Symbol("stake") <= sp.Symbol("kappa"), model=MODEL)
    assert proof.counterexample is not None
    assert tuple(proof.counterexample) == tuple(MODEL.parameters)
    MODEL.parameters.complete(proof.counterexample, {})
    check_counterexample(proof)
    # What is printed is only what the claim speaks of.
    shown = str(proof).partition("counterexample: ")[2]
    assert [part.split(" = ")[0] for part in shown.split(", ")] == ["stake", "coercion_cost"]
    assert r"\kappa" in proof.latex()
    assert "<math" in proof._repr_html_()
    assert "autonomy_weight" not in proof._repr_html_()


def test_a_proposition_is_proved_by_its_own_method() -> None:
    with pytest.raises(ModelError, match=r"call the `prove` of F1.1 instead"):
        prove(ag.symbolic.proposition("F1.1"))


def test_what_symbols_are_assumed_to_be_is_their_domain() -> None:
    for assumed, relation in (("positive", ">"), ("negative", "<"), ("nonpositive", "<=")):
        s = sp.Symbol("s", **{assumed: True})
        (bound,) = assumed_domain(s)
        assert bound.rel_op == relation
    assert assumed_domain(x) == []
    assert prove(sp.Symbol("s", positive=True) ** -1 > 0).status is PROVED


def test_contradictory_hypotheses_prove_anything() -> None:
    # Which is why the propositions are also checked to have hypotheses that can be met.
    assert prove(x > x + 1, given=(x > 0, x < 0)).status is PROVED


def test_the_domain_of_a_model_is_not_simplified_away() -> None:
    bounds = domain(MODEL)
    upper = sum(p.domain.upper is not None for p in MODEL.parameters.values())
    assert len(bounds) == len(MODEL.parameters) + upper + len(MODEL.parameters.constraints)
    outside = dict.fromkeys(MODEL.parameters.symbols.values(), Fraction(-1))
    assert not any(truth(bound, outside) for bound in bounds if bound.rel_op == ">=")


# truth


@pytest.mark.parametrize(
    ("formula", "answer"),
    [
        (sp.And(1 / x > 0, y > 0), False),  # x = 0, y = 0
        (sp.And(1 / x > 0, y >= 0), None),
        (sp.Or(1 / x > 0, y >= 0), True),
        (sp.Or(1 / x > 0, y > 0), None),
        (sp.Not(1 / x > 0), None),
        (sp.Implies(y > 0, 1 / x > 0), True),
        (sp.Equivalent(y > 0, 1 / x > 0), None),
        (sp.Max(1 / x, y) >= -1, None),
        (sp.sqrt(x - 1) + y >= -5, None),
        (sp.Eq(x / y, x / y, evaluate=False), None),
    ],
    ids=str,
)
def test_truth_is_kleenes(formula: sp.Basic, answer: bool | None) -> None:
    assert truth(formula, {x: 0, y: 0}) is answer


def test_truth_refuses_what_is_no_formula() -> None:
    with pytest.raises(ModelError, match="built of comparisons"):
        truth(sp.Symbol("flag"), {})


# The translation to z3, judged by exact evaluation


def random_term(rng: random.Random, depth: int) -> sp.Expr:
    if depth == 0:
        return rng.choice([x, y, sp.Rational(rng.randint(-4, 4), rng.randint(1, 3))])
    left, right = random_term(rng, depth - 1), random_term(rng, depth - 1)
    make: list[Callable[[], sp.Expr]] = [
        lambda: left + right,
        lambda: left * right,
        lambda: left - right,
        lambda: left / (right if right != 0 else x),
        lambda: sp.Max(left, right),
        lambda: sp.Min(left, right),
        lambda: sp.Abs(left),
        lambda: sp.sqrt(left),
        lambda: sp.Piecewise((left, right > 0), (right, True)),
    ]
    return rng.choice(make)()


def random_formula(rng: random.Random, depth: int) -> sp.Basic:
    if depth == 0:
        relation = rng.choice([sp.Gt, sp.Ge, sp.Lt, sp.Le, sp.Eq, sp.Ne])
        return relation(random_term(rng, 2), random_term(rng, 1))
    left, right = random_formula(rng, depth - 1), random_formula(rng, depth - 1)
    make: list[Callable[[], sp.Basic]] = [
        lambda: sp.And(left, right),
        lambda: sp.Or(left, right),
        lambda: sp.Not(left),
        lambda: sp.Implies(left, right),
        lambda: sp.Equivalent(left, right),
    ]
    return rng.choice(make)()


def test_z3_and_exact_evaluation_agree_at_random_points() -> None:
    rng = random.Random(11)
    answers: dict[bool | None, int] = {True: 0, False: 0, None: 0}
    while sum(answers.values()) < 250:
        try:
            formula = random_formula(rng, rng.randint(0, 2))
        except (
            TypeError,
            ValueError,
        ):  # SymPy itself divides by zero, or compares what is not real
            continue
        if formula.has(sp.zoo, sp.nan, sp.I, sp.oo):
            continue
        point = {s: Fraction(rng.randint(-6, 6), rng.randint(1, 3)) for s in (x, y)}
        here = [sp.Eq(s, sp.Rational(v.numerator, v.denominator)) for s, v in point.items()]
        wanted = truth(formula, point)
        certainly = search([*here, formula], timeout=10).answer
        certainly_not = search([*here, sp.Not(formula)], timeout=10).answer
        spoiled = search(here, [formula], timeout=10).answer
        assert certainly == ("sat" if wanted is True else "unsat"), (formula, point)
        assert certainly_not == ("sat" if wanted is False else "unsat"), (formula, point)
        assert spoiled == ("unsat" if wanted is True else "sat"), (formula, point)
        answers[wanted] += 1
    assert min(answers.values()) > 10


# Identities


def test_identities() -> None:
    assert is_identity(sp.Eq((x + y) ** 2, x**2 + 2 * x * y + y**2))
    assert is_identity(sp.Eq(1 / x - 1 / y, (y - x) / (x * y)))
    assert is_identity(sp.true)
    for other in (sp.Eq(x, y), x >= x + y, sp.Eq(sp.sqrt(x) ** 2, x + y), sp.false, x > 0):
        assert not is_identity(other)
    assert set(denominators(sp.Eq(1 / x + y / (x + 1) ** 2, 0))) == {x, x + 1}
