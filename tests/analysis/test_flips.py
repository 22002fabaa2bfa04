"""Nearest flips against a scan: exact grids of solved games, refined by bisection.

A flip is where the answer first differs from the present one: the distance is the infimum of the
distances to values of the parameter with another answer. The scan knows nothing of roots.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.analysis import Flip, Timing, Watch, nearest_flips
from alignment_games.errors import AlignmentGamesError, ParameterError
from alignment_games.models import Interval
from alignment_games.models.model import exact_payoff_function

Vector = dict[str, Fraction]
Draw = Callable[[str, int, int], list[Vector]]
Outcome = tuple[tuple[str, ...], tuple[str, ...]]
Solver = Callable[..., set[Any]]

QUESTIONS = list(itertools.product(Timing, Watch))
TINY = Fraction(1, 10**12)
GRID = 48
FAR = [Fraction(4) * 3**k for k in range(12)]


@dataclass
class Line:
    """The solved game along one parameter, all else fixed."""

    model: ag.models.AlignmentModel
    values: Vector
    name: str
    solvers: tuple[Solver, Solver]
    cache: dict[tuple[Fraction, Timing], frozenset[Outcome]] = field(default_factory=dict)
    _ends: tuple[list[Fraction], list[Fraction]] = field(init=False)

    def __post_init__(self) -> None:
        # Payoffs are linear in each parameter (tests/models), so two points give the line.
        function = exact_payoff_function(self.model)
        zero, one = (function(*{**self.values, self.name: Fraction(k)}.values()) for k in (0, 1))
        self._ends = ([Fraction(x) for x in zero], [Fraction(x) for x in one])

    @property
    def current(self) -> Fraction:
        return self.values[self.name]

    @property
    def domain(self) -> tuple[Fraction, Fraction | None]:
        """The parameter's domain, cut where help would exceed the chance of success."""
        domain = self.model.parameters[self.name].domain
        if self.name == "support_effect":
            return domain.lower, self.values["coercion_success"]
        if self.name == "coercion_success":
            return self.values["support_effect"], domain.upper
        return domain.lower, domain.upper

    def outcomes(self, value: Fraction, timing: Timing) -> frozenset[Outcome]:
        key = value, timing
        if key not in self.cache:
            self.cache[key] = self._solve(value, timing)
        return self.cache[key]

    def _solve(self, value: Fraction, timing: Timing) -> frozenset[Outcome]:
        flat = [a + (b - a) * value for a, b in zip(*self._ends, strict=True)]
        own, other = ([flat[k + 2 * i : k + 2 * i + 2] for i in range(3)] for k in (0, 6))
        postures, answers = self.model.strategies
        nash, paths = self.solvers
        if timing is Timing.SEQUENTIAL:
            return frozenset(((postures[i],), (answers[j],)) for i, j in paths(own, other))
        return frozenset(
            (
                tuple(n for n, p in zip(postures, x, strict=True) if p),
                tuple(n for n, p in zip(answers, y, strict=True) if p),
            )
            for x, y in nash(own, other)
        )

    def seen(self, value: Fraction, question: tuple[Timing, Watch]) -> frozenset[Any]:
        timing, watch = question
        found = self.outcomes(value, timing)
        return found if watch is Watch.OUTCOME else frozenset(own for own, _ in found)

    def grid(self) -> list[Fraction]:
        lower, upper = self.domain
        end = max(Fraction(4), 2 * self.current) if upper is None else upper
        points = {lower + (end - lower) * Fraction(k, GRID) for k in range(GRID + 1)}
        return sorted(points | (set(FAR) if upper is None else set()))

    def scan(self, question: tuple[Timing, Watch]) -> Fraction | None:
        """Distance to the nearest change that the grid can see, refined by bisection."""
        here = self.seen(self.current, question)
        nearest: Fraction | None = None
        for side in (-1, 1):
            ahead = sorted(
                (p for p in self.grid() if (p - self.current) * side > 0),
                key=lambda p: abs(p - self.current),
            )
            same = self.current
            for point in ahead:
                if nearest is not None and abs(same - self.current) >= nearest:
                    break
                if self.seen(point, question) != here:
                    other = point
                    while abs(other - same) > TINY:
                        middle = (same + other) / 2
                        if self.seen(middle, question) == here:
                            same = middle
                        else:
                            other = middle
                    distance = abs(other - self.current)
                    nearest = distance if nearest is None else min(nearest, distance)
                    break
                same = point
        return nearest


def check(line: Line, flip: Flip, question: tuple[Timing, Watch]) -> None:
    """Compare a reported flip with the scan, and with the solved games around it."""
    assert flip.parameter == line.name
    assert flip.timing is question[0]
    assert flip.current == line.current
    lower, upper = line.domain
    assert (flip.domain.lower, flip.domain.upper) == (lower, upper)
    assert flip.before == line.outcomes(line.current, flip.timing)
    before = line.seen(line.current, question)
    scanned = line.scan(question)
    if flip.value is None:
        assert scanned is None
        assert flip.after == flip.before
        assert flip.distance is None
        assert not flip.inside_range
        return
    assert flip.value in flip.domain
    assert flip.distance == abs(flip.value - line.current)
    if scanned is not None:
        assert flip.distance <= scanned + 2 * TINY
    # Nothing changes on the way, on either side ...
    for k in range(1, 16):
        for side in (-1, 1):
            on_the_way = line.current + side * flip.distance * Fraction(k, 16)
            if on_the_way in flip.domain:
                assert line.seen(on_the_way, question) == before
    # ... and something does at the flip or just beyond it (on either side of a tie that is now).
    after = flip.after if question[1] is Watch.OUTCOME else frozenset(o for o, _ in flip.after)
    assert after != before
    sides = [-1, 1] if flip.distance == 0 else [1 if flip.value > line.current else -1]
    around = [flip.value] if flip.rational else []
    around += [flip.value + side * TINY for side in sides]
    reached = [line.outcomes(v, flip.timing) for v in around if v in flip.domain]
    assert flip.after in reached


def lines(
    model: ag.models.AlignmentModel, vectors: list[Vector], solvers: tuple[Solver, Solver]
) -> Iterator[tuple[Vector, list[Line]]]:
    for values in vectors:
        yield values, [Line(model, values, name, solvers) for name in model.parameters]


def check_all(
    model: ag.models.AlignmentModel, vectors: list[Vector], solvers: tuple[Solver, Solver]
) -> dict[str, int]:
    seen = dict.fromkeys(("none", "at once", "rational", "irrational"), 0)
    for values, own in lines(model, vectors, solvers):
        for timing, watch in QUESTIONS:
            flips = nearest_flips(model, values, timing=timing, watch=watch)
            assert [flip.parameter for flip in flips] == list(model.parameters)
            for line, flip in zip(own, flips, strict=True):
                check(line, flip, (timing, watch))
                seen[
                    "none"
                    if flip.value is None
                    else "at once"
                    if flip.distance == 0
                    else "rational"
                    if flip.rational
                    else "irrational"
                ] += 1
    return seen


@pytest.fixture(scope="module")
def solvers(equilibria: Solver, perfect_paths: Solver) -> tuple[Solver, Solver]:
    return equilibria, perfect_paths


@pytest.mark.parametrize(("kind", "how_many"), [("prior", 8), ("domain", 4), ("ties", 7)])
def test_flips_are_those_of_the_scan(
    model: ag.models.AlignmentModel,
    draw: Draw,
    solvers: tuple[Solver, Solver],
    kind: str,
    how_many: int,
) -> None:
    seen = check_all(model, draw(kind, how_many, 11), solvers)
    assert seen["none"] > 50
    assert seen["rational"] > 50
    assert (seen["at once"] > 10) == (kind == "ties")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["prior", "domain", "ties"])
def test_flips_are_those_of_the_scan_at_full_size(
    model: ag.models.AlignmentModel, draw: Draw, solvers: tuple[Solver, Solver], kind: str
) -> None:
    seen = check_all(model, draw(kind, 60, 12), solvers)
    assert seen["rational"] > 500


@pytest.mark.parametrize("name", ["vietnam", "ukraine"])
def test_flips_of_the_cases(
    model: ag.models.AlignmentModel, solvers: tuple[Solver, Solver], name: str
) -> None:
    check_all(model, [dict(ag.load_scenario(name))], solvers)


def test_before_and_after_are_those_of_the_packages_solver(
    model: ag.models.AlignmentModel, draw: Draw
) -> None:
    for values in draw("prior", 6, 13):
        for flip in nearest_flips(model, values, timing=Timing.SIMULTANEOUS):
            solution = ag.solve(model.game(values))
            assert flip.before == {eq.support for eq in solution.equilibria}
            if flip.value is not None and flip.rational:
                there = model.game(values, **{flip.parameter: flip.value})
                assert ag.solve(there).equilibria
        for flip in nearest_flips(model, values, timing=Timing.SEQUENTIAL):
            paths = {eq.path for eq in ag.solve(model.tree(values)).equilibria}
            assert flip.before == {((a,), (c,)) for a, c in paths}


# Knife edges


def test_at_a_flip_the_distance_is_zero(model: ag.models.AlignmentModel, draw: Draw) -> None:
    edges = 0
    for values in draw("prior", 8, 14):
        for timing, watch in QUESTIONS:
            for flip in nearest_flips(model, values, timing=timing, watch=watch):
                if flip.value is None or not flip.rational:
                    continue
                moved = {**values, flip.parameter: flip.value}
                (again,) = nearest_flips(
                    model, moved, timing=timing, watch=watch, parameters=[flip.parameter]
                )
                edges += 1
                assert again.value == flip.value
                assert again.distance == 0
                assert again.rational
    assert edges > 200


def test_ukraine_on_the_edge_of_deterrence(model: ag.models.AlignmentModel) -> None:
    values = ag.load_scenario("ukraine").replace(patron_reliability=Fraction(3, 7))
    (flip,) = nearest_flips(
        model, values, timing=Timing.SEQUENTIAL, parameters=["patron_reliability"]
    )
    assert flip.distance == 0
    assert flip.value == Fraction(3, 7)
    balance, hedge = (("balance",), ("accommodate",)), (("hedge",), ("accommodate",))
    assert flip.before == {balance, hedge}
    assert flip.after in (frozenset({balance}), frozenset({hedge}))


@pytest.mark.parametrize("watch", Watch)
def test_a_change_off_the_path_is_no_flip(model: ag.models.AlignmentModel, watch: Watch) -> None:
    # At stake = 0.4 Vietnam's hegemon begins to coerce an ally, but Vietnam hedges: the flip is
    # where it begins to coerce a hedger.
    values = ag.load_scenario("vietnam")
    (flip,) = nearest_flips(
        model, values, timing=Timing.SEQUENTIAL, watch=watch, parameters=["stake"]
    )
    assert flip.value == Fraction(648, 860) - Fraction(1, 5)
    assert flip.after == {(("bandwagon",), ("accommodate",))}


# Ends of the domain


def test_support_is_varied_up_to_the_chance_of_success(model: ag.models.AlignmentModel) -> None:
    # At rho = 0.3 balancing would be deterred at delta = 0.92, beyond l0 = 0.9; at 0.31 it is
    # deterred before.
    def flip(reliability: float) -> Flip:
        values = ag.load_scenario("ukraine").replace(patron_reliability=reliability)
        (found,) = nearest_flips(
            model, values, timing=Timing.SEQUENTIAL, parameters=["support_effect"]
        )
        assert found.domain == Interval(0, Fraction(9, 10))
        return found

    def deterring(reliability: float) -> Fraction:
        rho = Fraction(str(reliability))
        return (
            Fraction("0.9") - (Fraction("0.6") + Fraction("0.6") * rho) / Fraction("1.25")
        ) / rho

    assert deterring(0.3) > Fraction("0.9") > deterring(0.31)
    assert flip(0.3).value is None
    assert flip(0.31).value == deterring(0.31)


def test_a_flip_at_the_very_end_of_the_domain_is_one(model: ag.models.AlignmentModel) -> None:
    # Deterred exactly at delta = l0: the end of the domain is a tie, and so a flip.
    reliability = (Fraction("0.9") - Fraction("0.48")) / (Fraction("0.9") + Fraction("0.48"))
    values = ag.load_scenario("ukraine").replace(patron_reliability=reliability)
    (flip,) = nearest_flips(model, values, timing=Timing.SEQUENTIAL, parameters=["support_effect"])
    assert flip.value == flip.domain.upper == Fraction(9, 10)
    assert {own for own, _ in flip.after} == {("balance",), ("hedge",)}


def test_success_is_varied_down_to_the_support_effect(model: ag.models.AlignmentModel) -> None:
    for name in ("vietnam", "ukraine"):
        (flip,) = nearest_flips(
            model,
            ag.load_scenario(name),
            timing=Timing.SIMULTANEOUS,
            parameters=["coercion_success"],
        )
        assert flip.domain == Interval(Fraction(1, 2), 1)


def test_an_unbounded_domain_is_searched_to_the_last_root(
    model: ag.models.AlignmentModel,
) -> None:
    values = ag.load_scenario("vietnam").replace(friendship=1000, stake=700)
    (flip,) = nearest_flips(
        model, values, timing=Timing.SEQUENTIAL, watch=Watch.OUTCOME, parameters=["stake"]
    )
    assert flip.domain == Interval(0, None)
    assert flip.value == Fraction(6, 9) + 800  # V_W = kappa / l0 + beta_w b


# Irrational flips


def test_an_irrational_flip_is_a_root_to_fifteen_digits(
    model: ag.models.AlignmentModel, draw: Draw
) -> None:
    """Three postures equally good at one threat: a quadratic in alpha, e_G or e_P."""
    found = 0
    symbols = model.parameters.symbols
    for values in draw("domain", 120, 15):
        for flip in nearest_flips(
            model,
            values,
            timing=Timing.SIMULTANEOUS,
            parameters=["autonomy_weight", "economy_hegemon", "economy_patron"],
        ):
            if flip.rational:
                continue
            found += 1
            fixed = {
                s: sp.Rational(values[n].numerator, values[n].denominator)
                for n, s in symbols.items()
                if n != flip.parameter
            }
            (b, h, w) = model.strategies[0]
            leads = [
                [
                    model.payoff("small_state", a, c) - model.payoff("small_state", b, c)
                    for c in model.strategies[1]
                ]
                for a in (h, w)
            ]
            determinant = leads[0][0] * leads[1][1] - leads[0][1] * leads[1][0]
            quadratic = sp.Poly(determinant.xreplace(fixed), symbols[flip.parameter])
            assert quadratic.degree() == 2
            assert flip.value is not None
            distances = [
                abs(root - sp.Rational(flip.value.numerator, flip.value.denominator))
                for root in quadratic.real_roots()
            ]
            assert all(not root.is_rational for root in quadratic.real_roots())
            assert min(map(float, distances)) <= 1e-15
    assert found >= 3


# What is asked


def test_ranges_default_to_the_usual_ones(model: ag.models.AlignmentModel) -> None:
    values = ag.load_scenario("ukraine")
    own = {"patron_reliability": Interval(0, 0.4)}
    flips = nearest_flips(
        model,
        values,
        timing=Timing.SEQUENTIAL,
        ranges=own,
        parameters=["patron_reliability", "stake"],
    )
    assert [f.range for f in flips] == [own["patron_reliability"], Interval(0, 2)]
    assert [f.inside_range for f in flips] == [False, True]
    (inside,) = nearest_flips(
        model,
        values,
        timing=Timing.SEQUENTIAL,
        ranges={"patron_reliability": Interval(0, Fraction(3, 7))},
        parameters=["patron_reliability"],
    )
    assert inside.inside_range


def test_an_unknown_parameter_is_refused(model: ag.models.AlignmentModel) -> None:
    with pytest.raises(ParameterError, match="did you mean 'stake'"):
        nearest_flips(
            model, ag.load_scenario("ukraine"), timing=Timing.SEQUENTIAL, parameters=["stakes"]
        )


@pytest.mark.parametrize("name", ["vietnam", "ukraine"])
@pytest.mark.parametrize(("timing", "watch"), [(t.value, w) for t, w in QUESTIONS])
def test_a_timing_in_words_is_not_answered_with_another_one(
    model: ag.models.AlignmentModel, name: str, timing: Any, watch: Watch
) -> None:
    # The words are the values of the enum; reading them or refusing them would both do.
    values = ag.load_scenario(name)
    expected = nearest_flips(model, values, timing=Timing(timing), watch=watch)
    with contextlib.suppress(AlignmentGamesError, TypeError):
        found = nearest_flips(model, values, timing=timing, watch=watch)
        assert [f.value for f in found] == [f.value for f in expected]


@pytest.mark.parametrize("name", ["vietnam", "ukraine"])
@pytest.mark.parametrize(("timing", "watch"), [(t, w.value) for t, w in QUESTIONS])
def test_a_watch_in_words_is_not_answered_with_another_one(
    model: ag.models.AlignmentModel, name: str, timing: Timing, watch: Any
) -> None:
    values = ag.load_scenario(name)
    expected = nearest_flips(model, values, timing=timing, watch=Watch(watch))
    with contextlib.suppress(AlignmentGamesError, TypeError):
        found = nearest_flips(model, values, timing=timing, watch=watch)
        assert [f.value for f in found] == [f.value for f in expected]


@pytest.mark.parametrize("question", [{"timing": "later"}, {"watch": "weather"}], ids=str)
def test_an_unknown_question_is_refused(
    model: ag.models.AlignmentModel, question: dict[str, Any]
) -> None:
    asked = {"timing": Timing.SEQUENTIAL, **question}
    with pytest.raises(ParameterError, match=f"`{next(iter(question))}` must be"):
        nearest_flips(model, ag.load_scenario("vietnam"), parameters=["stake"], **asked)
