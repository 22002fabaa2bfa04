"""Parametric equilibria against the numeric solvers, at random points, at ties and by hand."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.errors import GameError, ModelError, ParameterError, WorkLimitError
from alignment_games.models import (
    AlignmentModel,
    Interval,
    Parameter,
    ParameterSpace,
    ParameterStatus,
)
from alignment_games.symbolic import ParametricEquilibria, equilibria, truth

MODEL = ag.models.alignment()
x = sp.Symbol("x")
QUESTION = [[x / 2, x], [1 - x, (1 - x) / 2]]
"""The parametric game that was asked about in public; the other player's payoffs are transposed."""

Payoff = Callable[[int, tuple[int, ...]], Any]


def build(payoff: Payoff, sizes: Sequence[int], domain: tuple[Any, Any]) -> AlignmentModel:
    """Make a user's own model; its parameters are the symbols of the payoffs."""
    strategies = tuple(tuple(f"s{k + 1}" for k in range(size)) for size in sizes)
    players = tuple(f"player_{k + 1}" for k in range(len(sizes)))
    payoffs = {
        tuple(own[s] for own, s in zip(strategies, profile, strict=True)): tuple(
            sp.sympify(payoff(who, profile)) for who in range(len(sizes))
        )
        for profile in itertools.product(*map(range, sizes))
    }
    symbols = set().union(*(v.free_symbols for own in payoffs.values() for v in own))
    parameters = tuple(
        Parameter(
            name=symbol.name,
            symbol=symbol,
            domain=Interval(*domain),
            usual=Interval(*domain),
            meaning=symbol.name,
            unit="units",
            status=ParameterStatus.ASSUMPTION,
        )
        for symbol in sorted(symbols, key=str)
    )
    return AlignmentModel(
        name="own", title="an own game", players=players, strategies=strategies,
        parameters=ParameterSpace(parameters), payoffs=payoffs, terms={}, temptations={},
        reference="none",
    )  # fmt: skip


def free(sizes: Sequence[int], heard: Sequence[Sequence[int]] = ()) -> AlignmentModel:
    """Make a game in which all payoffs are symbols; `heard` says of whose choices they depend."""
    every = range(len(sizes))

    def payoff(who: int, profile: tuple[int, ...]) -> sp.Symbol:
        players = heard[who] if heard else every
        return sp.Symbol(f"u{who + 1}_" + "".join(str(profile[k] + 1) for k in players))

    return build(payoff, sizes, (-1000, 1000))


def question() -> AlignmentModel:
    return build(lambda who, p: QUESTION[p[who]][p[1 - who]], (2, 2), (0, 1))


def profiles(solution: ag.solvers.Solution) -> list[Any]:
    return sorted(
        tuple(tuple(round(float(p), 12) for p in own) for own in eq.profile)
        for eq in solution.equilibria
    )


def compare(found: ParametricEquilibria, values: dict[str, Any]) -> bool:
    """Compare a point with the solver; tell whether it had no tie."""
    own, other = found.at(values), ag.solvers.nash(found.model.game(values))
    assert profiles(own) == profiles(other), values
    regular = own.method == "closed-form"
    if regular:
        assert own.status is ag.solvers.Status.COMPLETE
        assert own.max_regret == 0 or not own.exact
        assert float(own.max_regret) < 1e-12
        assert not other.degenerate
        indices = [part.index for part in own.components]
        assert indices == [] or sum(indices) == 1
    else:
        assert 0 in found.decided(values)
    return regular


def random_point(
    found: ParametricEquilibria, rng: random.Random, low: int, high: int
) -> dict[str, Fraction]:
    return {name: Fraction(rng.randint(low, high)) for name in found.model.parameters}


def test_the_question_has_three_regimes() -> None:
    found = equilibria(question())
    assert [own.name for own in found] == [
        "(s1, s1)", "(s1, s2)", "(s2, s1)", "(s2, s2)", "(s1 + s2, s1 + s2)",
    ]  # fmt: skip
    third, two_thirds = sp.Rational(1, 3), sp.Rational(2, 3)
    assert found[0].conditions == (sp.Gt(x, two_thirds),)
    assert found[3].conditions == (sp.Lt(x, third),)
    for k in (1, 2, 4):
        assert set(found[k].conditions) == {sp.Gt(x, third), sp.Lt(x, two_thirds)}
    assert found[4].profile == ((3 * x - 1, 2 - 3 * x),) * 2
    # What the mixing players earn, by hand: x (3x - 1) / 2 + x (2 - 3x).
    assert sp.expand(found[4].payoffs[0] - (x * (3 * x - 1) / 2 + x * (2 - 3 * x))) == 0
    counts = [len(found.at({"x": Fraction(k, 100)})) for k in (0, 20, 34, 50, 66, 70, 100)]
    assert counts == [1, 1, 3, 3, 3, 1, 1]


@pytest.mark.parametrize("third", [1, 2])
def test_at_the_boundary_points_all_equilibria_come_back(third: int) -> None:
    # At 1/3: against s2 both strategies earn 1/3, against s1 the second earns more. So someone
    # plays s2 and the other anything: two segments with a common end. At 2/3 the same with s1.
    found = equilibria(question())
    solution = found.at({"x": Fraction(third, 3)})
    pure = [(0, 1), (1, 0), (1, 1)] if third == 1 else [(0, 0), (0, 1), (1, 0)]
    assert profiles(solution) == sorted(
        tuple(tuple(float(s == k) for s in (0, 1)) for k in profile) for profile in pure
    )
    assert solution.degenerate
    assert solution.method != "closed-form"
    assert [part.dimension for part in solution.components] == [1]
    assert [len(part.subsets) for part in solution.components] == [2]
    assert 0 in found.decided({"x": Fraction(third, 3)})


def alignment_points(n_points: int, rng: random.Random) -> list[dict[str, Fraction]]:
    points = []
    for _ in range(n_points):
        point = {}
        for name, parameter in MODEL.parameters.items():
            low, high = parameter.usual.lower, parameter.usual.upper
            assert high is not None
            point[name] = low + (high - low) * Fraction(rng.randint(0, 1000), 1000)
        point["support_effect"] *= point["coercion_success"]
        points.append(point)
    return points


def test_the_alignment_model_at_random_points() -> None:
    found = equilibria(MODEL)
    assert len(found) == 9
    assert sum(own.is_pure for own in found) == 6
    regular = [compare(found, p) for p in alignment_points(150, random.Random(1))]
    assert sum(regular) > 140
    for name in ("vietnam", "ukraine"):
        assert compare(found, dict(ag.load_scenario(name)))


def test_the_alignment_models_pure_conditions_are_payoff_differences() -> None:
    (own,) = (own for own in equilibria(MODEL) if own.supports == (("hedge",), ("accommodate",)))
    sides = [sp.expand(condition.lhs - condition.rhs) for condition in own.conditions]
    small, hegemon = ({p: values[k] for p, values in MODEL.payoffs.items()} for k in (0, 1))
    wanted = [
        small["hedge", "accommodate"] - small["balance", "accommodate"],
        small["hedge", "accommodate"] - small["bandwagon", "accommodate"],
        hegemon["hedge", "accommodate"] - hegemon["hedge", "coerce"],
    ]
    assert sides == [sp.expand(value) for value in wanted]


@pytest.mark.slow
def test_the_alignment_model_at_ten_thousand_points() -> None:
    found = equilibria(MODEL)
    points = alignment_points(10_000, random.Random(2))
    games = [MODEL.game(point) for point in points]
    first = np.array([game.payoffs[0] for game in games])
    second = np.array([game.payoffs[1] for game in games])
    batch = ag.batch.solve_bimatrices(first, second)
    compared = 0
    for k, point in enumerate(points):
        solution = found.at(point)
        if solution.method != "closed-form" or batch.status[k] != 0:
            continue
        compared += 1
        rows = slice(batch.offsets[k], batch.offsets[k + 1])
        numeric = np.hstack([batch.row[rows], batch.column[rows]])
        closed = np.array([[float(p) for v in eq.profile for p in v] for eq in solution.equilibria])
        assert closed.shape == numeric.shape
        gaps = np.abs(closed[:, None] - numeric[None]).max(axis=2)
        assert (gaps.min(axis=0) < 1e-9).all()
        assert (gaps.min(axis=1) < 1e-9).all()
    assert compared > 9900


@pytest.mark.parametrize("sizes", [(2, 2), (2, 3), (3, 3), (1, 2), (1, 1)])
def test_free_payoffs_of_two_players(sizes: tuple[int, int]) -> None:
    found = equilibria(free(sizes))
    pairs = sum(
        len(list(itertools.combinations(range(sizes[0]), k)))
        * len(list(itertools.combinations(range(sizes[1]), k)))
        for k in range(1, min(sizes) + 1)
    )
    assert len(found) == pairs
    rng = random.Random(3)
    assert sum(compare(found, random_point(found, rng, -1000, 1000)) for _ in range(40)) > 35
    ties = [compare(found, random_point(found, rng, -1, 1)) for _ in range(40)]
    assert sum(ties) < 40 or sizes == (1, 1)


def test_free_payoffs_of_three_players() -> None:
    found = equilibria(free((2, 2, 2)))
    assert len(found) == 8 + 6 + 2
    rng = random.Random(4)
    regular = [compare(found, random_point(found, rng, -99, 99)) for _ in range(60)]
    assert sum(regular) > 50
    for _ in range(15):
        compare(found, random_point(found, rng, -2, 2))


@pytest.mark.parametrize("heard", [((0, 1), (1, 2), (0, 2)), ((0, 1, 2), (0, 1), (0, 2))])
def test_who_does_not_hear_of_whom_makes_roots_rational(heard: tuple[tuple[int, ...], ...]) -> None:
    # The quadratic form is a product or zero: no square root where the first player uses two
    # strategies, and points without ties are not left open.
    found = equilibria(free((3, 2, 2), heard))
    assert not any(own.form.discriminant for own in found if len(own.supports[0]) == 2)
    rng = random.Random(5)
    regular = [compare(found, random_point(found, rng, -99, 99)) for _ in range(25)]
    assert sum(regular) > 20
    for _ in range(10):
        compare(found, random_point(found, rng, -2, 2))


@pytest.mark.slow
@pytest.mark.parametrize("sizes", [(3, 2, 2), (2, 3, 2)])
def test_free_payoffs_of_3_x_2_x_2(sizes: tuple[int, int, int]) -> None:
    found = equilibria(free(sizes))
    rng = random.Random(6)
    regular = [compare(found, random_point(found, rng, -99, 99)) for _ in range(200)]
    assert sum(regular) > 180
    for _ in range(40):
        compare(found, random_point(found, rng, -3, 3))
    points = [random_point(found, rng, -999, 999) for _ in range(200)]
    games = np.array([[np.asarray(u, float) for u in found.model.game(p).payoffs] for p in points])
    batch = ag.batch.solve_three_player(games)
    for k, point in enumerate(points):
        solution = found.at(point)
        if solution.method == "closed-form" and batch.status[k] == 0:
            assert len(solution) == batch.count[k]


def test_a_known_irrational_equilibrium_is_exact() -> None:
    # Nau, Gomez Canovas and Hansen (2004), section 4: q = (sqrt(601) - 13) / 24,
    # p = (9q - 1) / (7q + 2), r = (2 - 3q) / (q + 1).
    tables = (
        [[[3, 1], [0, 0]], [[0, 0], [1, 2]]],
        [[[0, 0], [2, 1]], [[1, 3], [0, 0]]],
        [[[2, 0], [0, 0]], [[0, 0], [0, 3]]],
    )
    model = build(lambda who, p: tables[who][p[0]][p[1]][p[2]] * (1 + x), (2, 2, 2), (0, 1))
    found = equilibria(model)
    assert len(found) == 1  # the other root has weights of both signs, whatever x
    solution = found.at({"x": 0})
    assert len(solution) == 1
    assert not solution.exact
    (own,) = (own for own in found if truth(own.exists, {x: 0}))
    q = (sp.sqrt(601) - 13) / 24
    wanted = ((9 * q - 1) / (7 * q + 2), q, (2 - 3 * q) / (q + 1))
    for vector, value, number in zip(
        own.profile, wanted, solution.equilibria[0].profile, strict=True
    ):
        assert sp.simplify(vector[0].subs(x, 0) - value) == 0
        assert number[0] == pytest.approx(float(value), abs=1e-15)


def test_conditions_and_profiles_are_what_points_are_decided_by() -> None:
    found = equilibria(free((2, 3)))
    rng = random.Random(7)
    for _ in range(15):
        values = random_point(found, rng, -9, 9)
        point = {found.model.parameters[name].symbol: v for name, v in values.items()}
        decided = found.decided(values)
        for own, one in zip(found, decided, strict=True):
            assert bool(truth(own.exists, point)) == (one == 1)
            if one == 1:
                exact = [
                    tuple(
                        Fraction(str(p.xreplace({s: sp.Rational(v) for s, v in point.items()})))
                        for p in v
                    )
                    for v in own.profile
                ]
                assert all(regret == 0 for regret in ag.verify(found.model.game(values), exact))


def test_positive_affine_payoffs_change_nothing() -> None:
    base = question()
    moved = build(
        lambda who, p: (2 + x) * QUESTION[p[who]][p[1 - who]] + x**2 - 3 + (x if who else 0),
        (2, 2), (0, 1),
    )  # fmt: skip
    assert [own.conditions for own in equilibria(moved)] == [
        own.conditions for own in equilibria(base)
    ]
    assert [own.profile for own in equilibria(moved)] == [own.profile for own in equilibria(base)]


def test_relabelling_and_transposing_move_the_answer_along() -> None:
    model = free((2, 3))
    table = {
        tuple(own.index(s) for own, s in zip(model.strategies, p, strict=True)): v
        for p, v in model.payoffs.items()
    }
    turned = build(lambda who, p: table[1 - p[1], 2 - p[0]][1 - who], (3, 2), (-1000, 1000))
    one, two = equilibria(model), equilibria(turned)
    rng = random.Random(8)
    for _ in range(20):
        values = random_point(one, rng, -5, 5)
        mirrored = sorted((b[::-1], a[::-1]) for a, b in profiles(two.at(values)))
        assert profiles(one.at(values)) == mirrored


def test_denominators_of_either_sign_are_respected() -> None:
    bottom = 2 * x - 1
    first = [[1 / bottom, 0], [0, x]]
    model = build(
        lambda who, p: first[p[0]][p[1]] if who == 0 else int(p[0] == p[1]), (2, 2), (0, 1)
    )
    found = equilibria(model)
    assert [sp.expand(d - bottom) for d in found.denominators] == [0]
    for k in (1, 7, 13, 19):
        assert compare(found, {"x": Fraction(k, 20)})
    with pytest.raises(GameError, match=r"the payoff of .* has no finite real value"):
        found.at({"x": Fraction(1, 2)})


def test_domains_shorten_conditions_and_drop_what_cannot_be() -> None:
    table = [[1 + x, 0], [0, 2 + 2 * x]]
    found = equilibria(build(lambda _, p: table[p[0]][p[1]], (2, 2), (0, None)))
    # Coordination: both pure equilibria and the mixed one, whatever the parameter.
    assert [own.conditions for own in found] == [(), (), ()]
    assert found[2].exists == sp.true
    assert found[2].profile == ((sp.Rational(2, 3), sp.Rational(1, 3)),) * 2


def test_strategies_that_always_tie_are_never_claimed() -> None:
    y = sp.Symbol("y")
    model = build(
        lambda who, p: (x if p[1] == 0 else y) if who == 0 else x - y * p[1], (2, 2), (0, 1)
    )
    found = equilibria(model)
    assert len(found) == 0
    solution = found.at({"x": 1, "y": Fraction(1, 2)})
    assert solution.degenerate
    assert profiles(solution) == profiles(ag.solvers.nash(model.game(x=1, y=Fraction(1, 2))))


def test_all_ties_at_once() -> None:
    found = equilibria(free((2, 2)))
    solution = found.at(dict.fromkeys(found.model.parameters, 0))
    assert len(solution) == 4
    assert solution.components[0].dimension == 2


def test_text_latex_and_html() -> None:
    found = equilibria(question())
    text = str(found)
    assert "player_1 plays s1 with probability 3*x - 1" in text
    assert "  where x > 2/3" in text
    assert found.claim in text
    assert r"x > \frac{2}{3}" in found.latex()
    assert r"\text{ and }" in found.latex()
    page = found._repr_html_()
    assert "player 1 plays s1 with probability" in page
    assert "<mi>x</mi><mo>&gt;</mo><mfrac><mn>2</mn><mn>3</mn></mfrac>" in page
    assert "plays s1 with probability" in found[-1]._repr_html_()
    # A name stands for each long factor, as in the text.
    assert "<msub><mi>g</mi><mi>1</mi></msub>" in equilibria(MODEL)._repr_html_()
    long = str(equilibria(MODEL))
    assert "where g1*g2 > 0" in long
    assert "\ng3 = g2*g6 - g1*g7\n" in long


def test_what_is_refused() -> None:
    with pytest.raises(ModelError, match=r"payoffs must be polynomials.*exp"):
        equilibria(build(lambda _, p: sp.exp(x) * p[0], (2, 2), (0, 1)))
    with pytest.raises(WorkLimitError, match="`model` has 5 x 2"):
        equilibria(build(lambda _, p: x * p[0], (5, 2), (0, 1)))
    with pytest.raises(WorkLimitError, match="`model` has 3 x 3 x 2"):
        equilibria(build(lambda _, p: x * p[0], (3, 3, 2), (0, 1)))
    with pytest.raises(ParameterError, match="missing: x"):
        equilibria(question()).at({})


def test_known_signs_of_roots_leave_one_root() -> None:
    # Three players who gain by meeting: all weights are multiples of one root, whose sign is known.
    def payoff(_: int, p: tuple[int, ...]) -> sp.Expr:
        return 1 + x if set(p) == {0} else sp.Integer(2 if set(p) == {1} else 0)

    found = equilibria(build(payoff, (2, 2, 2), (0, 3)))
    assert [own.conditions for own in found] == [(), (), ()]
    # By hand: (1 + x) q^2 = 2 (1 - q)^2.
    share = found[2].profile[0][0].subs(x, 1)
    assert sp.simplify(share - sp.Rational(1, 2)) == 0
    assert compare(found, {"x": 1})
    assert compare(found, {"x": Fraction(1, 3)})
