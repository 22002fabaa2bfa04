"""Critical discount factors in closed form against the exact solver at points, ties included."""

from __future__ import annotations

import functools
import itertools
import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

import alignment_games as ag
from alignment_games import solvers
from alignment_games.errors import GameError, ModelError, ParameterError, WorkLimitError
from alignment_games.models import AlignmentModel
from alignment_games.symbolic import ParametricDiscount, critical_discount, truth

from .points import MODEL, random_values, rational

RESTRAINT = ("hedge", "accommodate")
CRISIS = ("balance", "coerce")


@functools.cache
def free(*sizes: int) -> AlignmentModel:
    """Make a game in which all payoffs are parameters."""
    names = {f"player_{k + 1}": tuple("abc"[:size]) for k, size in enumerate(sizes)}
    profiles = list(itertools.product(*names.values()))
    payoffs = {
        own: tuple(f"u{k + 1}_{''.join(own)}" for k in range(len(sizes))) for own in profiles
    }
    return ag.models.build_model(
        "free",
        players=names,
        parameters={name: (-1000, 1000) for own in payoffs.values() for name in own},
        payoffs=payoffs,
    )


def draw(rng: random.Random, model: AlignmentModel) -> dict[str, Fraction]:
    """Draw small integers, many of them equal, or fractions."""
    if rng.random() < 0.7:
        return {name: Fraction(rng.randint(-3, 3)) for name in model.parameters}
    return {name: Fraction(rng.randint(-60, 60), 7) for name in model.parameters}


def same(found: solvers.CriticalDiscount, wanted: solvers.CriticalDiscount) -> bool:
    """Compare all that two answers say, numbers exactly."""

    def number(one: Any, two: Any) -> bool:
        if one is None or two is None:
            return one is two
        return bool(sp.radsimp(sp.expand(one - two)) == 0)

    return (
        (found.path, found.punishment, found.punished, found.binding)
        == (wanted.path, wanted.punishment, wanted.punished, wanted.binding)
        and number(found.discount, wanted.discount)
        and len(found.intervals) == len(wanted.intervals)
        and all(
            number(one.lower, two.lower) and number(one.upper, two.upper)
            for one, two in zip(found.intervals, wanted.intervals, strict=True)
        )
    )


def kind(own: solvers.CriticalDiscount) -> str:
    if own.discount is None:
        return "some" if own.intervals else "never"
    return "every" if own.discount == 0 else "root" if not own.discount.is_Rational else "from"


def compare(found: ParametricDiscount, points: Sequence[dict[str, Fraction]]) -> dict[str, int]:
    """Compare with the scalar solver at points; return how often each kind of answer was seen."""
    seen: dict[str, int] = {}
    for k, values in enumerate(points):
        game = found.model.game(values)
        try:
            wanted = solvers.critical_discount(
                game, found.path, punishment=found.punishment, reversion=found.reversion
            )
        except GameError:
            with pytest.raises(GameError, match="would gain"):  # it is no equilibrium
                found.at(values)
            seen["none"] = seen.get("none", 0) + 1
            continue
        answer = found.at(values)
        assert same(answer, wanted), (values, str(answer), str(wanted))
        seen[kind(wanted)] = seen.get(kind(wanted), 0) + 1
        if k % 6 == 0:
            check_formulas(found, values, wanted)
    return seen


def check_formulas(
    found: ParametricDiscount, values: dict[str, Fraction], wanted: solvers.CriticalDiscount
) -> None:
    """`condition` holds where the path is sustained, and `discount` is the critical factor.

    Where a condition of a stage equilibrium holds with equality they claim nothing.
    """
    symbols = found.model.parameters.symbols
    point = {symbols[name]: rational(value) for name, value in values.items()}
    if found.punishment == "nash":
        stage = ag.symbolic.equilibria(found.model)
        if 0 in stage.decided(values):
            return
    for factor in (Fraction(1, 7), Fraction(5, 7)):
        holds = truth(found.condition, point | {found.symbol: rational(factor)})
        assert holds == any(factor in own for own in wanted.intervals)
    cases = all(one.cases for own in found.punishments for one in own.incentives)
    if cases:
        value = found.discount.xreplace(point)
        expected = sp.S.One if wanted.discount is None else wanted.discount
        assert abs(sp.N(value - expected, 30)) < 1e-25


@pytest.mark.parametrize("sizes", [(2, 2), (3, 2), (1, 2), (2, 2, 2)])
@pytest.mark.parametrize("periods", [1, 2, 3])
@pytest.mark.parametrize("punishment", ["grim", "minmax"])
def test_free_games(sizes: tuple[int, ...], periods: int, punishment: Any) -> None:
    model, rng = free(*sizes), random.Random(100 * periods + sum(sizes))
    seen: dict[str, int] = {}
    for _ in range(2):
        path = [tuple(rng.randrange(size) for size in sizes) for _ in range(periods)]
        back = tuple(rng.randrange(size) for size in sizes) if punishment == "grim" else None
        found = critical_discount(model, path, punishment=punishment, reversion=back)
        own = compare(found, [draw(rng, model) for _ in range(12)])
        seen = {name: own.get(name, 0) + seen.get(name, 0) for name in {*own, *seen}}
    assert len(seen) > 1, seen


@pytest.mark.parametrize("periods", [1, pytest.param(2, marks=pytest.mark.slow)])
@pytest.mark.parametrize("sizes", [(2, 2), (2, 3)])
def test_free_games_punished_by_their_worst_equilibria(
    sizes: tuple[int, ...], periods: int
) -> None:
    model, rng = free(*sizes), random.Random(periods + sum(sizes))
    found = critical_discount(model, [("a", "a"), ("b", "b")][:periods])
    assert len(found.punishments) == len(ag.symbolic.equilibria(model))
    points = [draw(rng, model) for _ in range(15)]
    for values in points:  # the path is worth something
        for name in ("u1_aa", "u2_aa", "u1_bb", "u2_bb"):
            values[name] += 2 if name.endswith("aa") or periods == 2 else 0
    seen = compare(found, points)
    assert len(seen) > 1, seen


def test_tit_for_tat_in_all_its_cases() -> None:
    model, rng = free(2, 2), random.Random(5)
    found = critical_discount(model, ("a", "a"), punishment="tit-for-tat")
    seen = compare(found, [draw(rng, model) for _ in range(150)])
    assert {"never", "from", "every", "some"} <= set(seen), seen


@pytest.mark.parametrize("first", [("a", "b"), ("b", "b")])
def test_alternation_under_tit_for_tat_in_all_its_cases(first: tuple[str, str]) -> None:
    model, rng = free(2, 2), random.Random(7)
    then = tuple("ab"["ba".index(own)] for own in first)
    found = critical_discount(model, [first, then], punishment="tit-for-tat")
    assert {(own.deviation, own.period) for own in found.punishments[0].incentives} == {
        ("for ever", 0), ("for ever", 1),
    }  # fmt: skip
    seen = compare(found, [draw(rng, model) for _ in range(150)])
    assert {"never", "some"} <= set(seen), seen


def test_irrational_factors_are_exact() -> None:
    """Two periods that alternate, with a quadratic incentive."""
    model, rng = free(2, 2), random.Random(6)
    found = critical_discount(
        model, [("a", "a"), ("a", "b")], punishment="grim", reversion=("b", "b")
    )
    war = {"u1_bb": -9, "u2_bb": -9, "u1_ab": -10, "u2_ba": -10}
    points = [draw(rng, model) | {n: Fraction(v) for n, v in war.items()} for _ in range(40)]
    seen = compare(found, points)
    assert seen["root"] > 4, seen


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        (RESTRAINT, {"punishment": "grim", "reversion": CRISIS}),
        (RESTRAINT, {"punishment": "minmax"}),
        pytest.param(RESTRAINT, {}, marks=pytest.mark.slow),
        pytest.param(
            [RESTRAINT, ("bandwagon", "accommodate")],
            {"punishment": "minmax"},
            marks=pytest.mark.slow,
        ),
    ],
)
def test_the_alignment_model(path: Any, asked: dict[str, Any]) -> None:
    rng = random.Random(7)
    found = critical_discount(MODEL, path, **asked)
    assert found.symbol.name == "discount"  # delta is a parameter's letter
    seen = compare(found, [random_values(rng) for _ in range(16)])
    assert len(seen) > 1


def dilemma() -> AlignmentModel:
    return ag.models.build_model(
        "dilemma",
        players={"row": ("C", "D"), "column": ("C", "D")},
        parameters=dict.fromkeys("TRPS", (0, None)),
        payoffs={
            ("C", "C"): ("R", "R"),
            ("C", "D"): ("S", "T"),
            ("D", "C"): ("T", "S"),
            ("D", "D"): ("P", "P"),
        },
    )


def test_the_dilemma_of_the_literature() -> None:
    """(T - R) / (T - P), tit-for-tat (T - R) / (R - S), and alternation (T - R) / (T - S) ..."""
    model = dilemma()
    top, reward, war, sucker = (model.parameters[name].symbol for name in "TRPS")
    order = [top > reward, reward > war, war > sucker, 2 * reward > top + sucker]
    grim = (top - reward) / (top - war)
    for asked in ({"punishment": "grim", "reversion": ("D", "D")}, {"punishment": "minmax"}, {}):
        found = critical_discount(model, ("C", "C"), given=order, **asked)
        assert sp.simplify(found.discount - grim) == 0
        assert sp.Ge(found.symbol, found.discount) in found.condition.args
        assert len(found.condition.args) == 3  # from 0 to 1
        (own,) = found.punishments
        assert own.exists == sp.true
        assert [len(one.cases) for one in own.incentives] == [1, 1]
    found = critical_discount(model, ("C", "C"), punishment="tit-for-tat", given=order)
    assert sp.simplify(found.discount - sp.Max(grim, (top - reward) / (reward - sucker))) == 0
    assert found.at({"T": 5, "R": 3, "P": 1, "S": 0}).discount == sp.Rational(2, 3)
    # Who is the sucker first must wait for its turn: S + delta T >= (1 + delta) P.
    turns = critical_discount(
        model, [("C", "D"), ("D", "C")], punishment="grim", reversion=("D", "D"),
        given=[*order[:3], top + sucker > 2 * war],
    )  # fmt: skip
    assert sp.simplify(turns.discount - (war - sucker) / (top - war)) == 0


def test_the_closed_form_of_restraint_is_proved() -> None:
    """Where (balance, coerce) is an equilibrium, F4b: (T_S - R_S) / (T_S - P_S) and the like."""
    model = dilemma()
    top, reward, war, _ = (model.parameters[name].symbol for name in "TRPS")
    found = critical_discount(model, ("C", "C"), punishment="grim", reversion=("D", "D"))
    delta = sp.Symbol("d")
    claim = found.condition.xreplace({found.symbol: delta})
    kept = reward >= (1 - delta) * top + delta * war
    proof = ag.symbolic.prove(
        sp.Equivalent(claim, sp.And(delta > 0, delta < 1, kept)),
        model=model,
        given=[top >= reward, reward >= war, found.punishments[0].exists],
    )
    assert proof.status is ag.symbolic.ProofStatus.PROVED, proof


def test_cases_that_hypotheses_exclude_are_left_out() -> None:
    model = dilemma()
    top, reward, war, _ = (model.parameters[name].symbol for name in "TRPS")
    every = critical_discount(model, ("C", "C"), punishment="grim", reversion=("D", "D"))
    text = str(every)
    assert "stays, whatever the discount factor    if R >= P and R >= T" in text
    assert "never stays" in text
    tame = critical_discount(
        model, ("C", "C"), punishment="grim", reversion=("D", "D"),
        given=[reward >= top, reward > war],
    )  # fmt: skip
    assert tame.discount == 0
    assert "whatever the discount factor\n" in str(tame) + "\n"
    with pytest.raises(ParameterError, match="must meet `given`"):
        tame.at({"T": 5, "R": 3, "P": 1, "S": 0})
    hopeless = critical_discount(
        model, ("C", "C"), punishment="grim", reversion=("D", "D"), given=[war > reward]
    )
    assert hopeless.discount == 1
    assert hopeless.condition == sp.false


def test_what_is_printed() -> None:
    found = critical_discount(dilemma(), ("C", "C"), punishment="grim", reversion=("D", "D"))
    text = found.latex()
    assert r"\frac{T - R}{T - P}" in text or r"\frac{- R + T}{- P + T}" in text
    assert text.startswith(r"\section*{(C, C), repeated for ever}")
    assert "it never stays." in text
    assert "<math" in found._repr_html_()
    assert "Exact for parameters in their domains at which the reversion" in found.claim
    longer = critical_discount(dilemma(), [("C", "C")] * 2 + [("D", "D")], punishment="minmax")
    assert "stays where" in str(longer)
    assert r"\delta^{3}" in longer.latex()
    with pytest.raises(ParameterError, match="three or more periods have no closed form"):
        _ = longer.discount
    again = critical_discount(dilemma(), [("C", "D"), ("D", "C")] * 2, punishment="minmax")
    assert len(again.path) == 4
    assert again.discount  # that of two periods


def test_a_divisor_that_is_zero_is_refused() -> None:
    model = ag.models.build_model(
        "quotient",
        players={"row": ("C", "D"), "column": ("C", "D")},
        parameters={"x": (0, 1)},
        payoffs=dict.fromkeys(itertools.product("CD", "CD"), ("1/x", "x")),
    )
    found = critical_discount(model, ("C", "C"), punishment="minmax")
    assert found.at({"x": 1}).discount == 0
    with pytest.raises(GameError, match="no finite real value"):
        found.at({"x": 0})


@pytest.mark.parametrize(
    ("path", "options", "error", "message"),
    [
        (("C", "C"), {"punishment": "nahs"}, GameError, "did you mean 'nash'"),
        (("C", "C"), {"punishment": "grim"}, GameError, "`reversion` must name"),
        (("C", "C"), {"reversion": ("D", "D")}, GameError, "`reversion` must name"),
        (("C",), {}, GameError, "must name one strategy for each"),
        (("C", "X"), {}, GameError, "unknown strategy"),
        ([("C", "C")] * 61, {}, WorkLimitError, "60 periods"),
        (
            [("C", "C"), ("D", "C")],
            {"punishment": "tit-for-tat"},
            GameError,
            "a `path` of one profile",
        ),
        (("C", "C"), {"punishment": "optimal"}, GameError, "has no closed form"),
        (("C", "C"), {"given": sp.Symbol("y") > 0}, ModelError, "y"),
        (
            ("C", "C"),
            {"punishment": "grim", "reversion": ("C", "C"),
             "given": dilemma().parameters["T"].symbol > dilemma().parameters["R"].symbol},
            GameError,
            "for no parameters that meet `given`",
        ),
    ],
)  # fmt: skip
def test_what_is_refused(path: Any, options: dict[str, Any], error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        critical_discount(dilemma(), path, **options)


def test_nash_needs_two_players_and_a_model() -> None:
    with pytest.raises(GameError, match="takes two players"):
        critical_discount(free(2, 2, 2), (0, 0, 0))
    with pytest.raises(ModelError):
        critical_discount("dilemma", ("C", "C"))  # type: ignore[arg-type]
