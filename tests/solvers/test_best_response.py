"""Best replies and their regions, against the definition."""

from __future__ import annotations

import importlib
import itertools
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from alignment_games import NormalFormGame
from alignment_games.errors import GameError, ProfileError, WorkLimitError
from alignment_games.solvers import (
    BestResponseRegion,
    best_response_regions,
    best_responses,
    nash,
    rationalizable,
    verify,
)
from alignment_games.testing import games

SETTINGS = settings(max_examples=80, deadline=None)


def weights(data: st.DataObject, size: int) -> list[Fraction]:
    drawn = data.draw(st.lists(st.integers(0, 3), min_size=size, max_size=size))
    assume(sum(drawn))
    return [Fraction(w, sum(drawn)) for w in drawn]


def grid(size: int, parts: int) -> list[tuple[Fraction, ...]]:
    return [
        tuple(Fraction(c, parts) for c in counts)
        for counts in itertools.product(range(parts + 1), repeat=size)
        if sum(counts) == parts
    ]


# One belief


@SETTINGS
@given(games(min_players=1, max_players=3), st.data())
def test_best_replies_are_those_without_regret(game: NormalFormGame, data: st.DataObject) -> None:
    profile = [weights(data, size) for size in game.shape]
    for who, player in enumerate(game.players):
        found = best_responses(game, player, profile)
        assert best_responses(game, who, dict(zip(game.players, profile, strict=True))) == found
        rest = [own for k, own in enumerate(profile) if k != who]
        assert best_responses(game, who, rest) == found
        for name in game.strategies[who]:
            pure: list[Any] = [*profile[:who], name, *profile[who + 1 :]]
            regret = verify(game, pure)[who]
            assert found.value - found.payoffs[name] == regret
            assert (name in found.strategies) is (regret == 0)
        worse = [found.value - v for v in found.payoffs.values() if v != found.value]
        assert found.margin == (min(worse) if worse else None)


@SETTINGS
@given(games(min_players=3, max_players=3, max_strategies=2), st.data())
def test_correlated_beliefs(game: NormalFormGame, data: st.DataObject) -> None:
    profiles = list(itertools.product(*game.strategies[1:]))
    drawn = weights(data, len(profiles))
    belief = dict(zip(profiles, drawn, strict=True))
    found = best_responses(game, 0, belief)
    for name, value in found.payoffs.items():
        assert value == sum(
            p * Fraction(game.payoff(0, name, *profile)) for profile, p in belief.items()
        )
    assert best_responses(game, 0, {k: p for k, p in belief.items() if p}) == found


def test_a_tie_is_a_tie_in_decimals() -> None:
    game = NormalFormGame.from_bimatrix([[0.3, 0.1], [0.1, 0.3], [0.2, 0.2]], [[0, 0]] * 3)
    found = best_responses(game, "player_1", [[0.5, 0.5]])
    assert found.strategies == ("s1", "s2", "s3")
    assert found.margin is None
    assert str(found) == "player_1: s1, s2, s3 (payoff 0.2)"
    (only,) = best_responses(
        game, 0, {"player_2": [Fraction(51, 100), Fraction(49, 100)]}
    ).strategies
    assert only == "s1"


def test_an_equilibrium_can_be_given() -> None:
    chicken = NormalFormGame.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]])
    for eq in nash(chicken).equilibria:
        for who, support in enumerate(eq.support):
            assert set(support) <= set(best_responses(chicken, who, eq).strategies)


@pytest.mark.parametrize(
    ("belief", "message"),
    [
        ({"player_2": "s7", "player_3": "s1"}, "no action 's7'"),
        ({"player_2": "s1"}, r"missing: \['player_3'\]"),
        ({"player_9": "s1"}, "unknown agent"),
        ([[1, 0], [1, 0], [1, 0], [1, 0]], "must hold one vector for each"),
        ([[0.5, 0.4]], "must hold one vector"),
        ({("s1", "s1"): 1, ("s1",): 0}, "must name one strategy for each of"),
        ({("s1", "s3"): 1}, "unknown strategy 's3' of player_3"),
        ({("s1", "s1"): 0.5}, "sum to 1"),
        ({("s1", "s1"): 2, ("s2", "s1"): -1}, "got the negative -1"),
        ({("s1", "s1"): "much"}, "must be a probability"),
        ("s1", "must hold one vector for each"),
    ],
)
def test_beliefs_that_do_not_fit_are_refused(belief: Any, message: str) -> None:
    game = NormalFormGame(np.zeros((3, 2, 2, 2), dtype=int))
    with pytest.raises(ProfileError, match=message):
        best_responses(game, "player_1", belief)


# Regions


def inside(region: BestResponseRegion, point: tuple[Fraction, ...]) -> bool:
    """Whether a belief lies in the convex hull of the vertices, by exact elimination (n <= 3)."""
    corners = region.vertices
    if not corners:
        return False
    for size in range(1, len(point) + 1):
        for chosen in itertools.combinations(corners, size):
            found = barycentric(chosen, point)
            if found is not None and min(found) >= 0:
                return True
    return False


def barycentric(
    corners: tuple[tuple[Fraction, ...], ...], point: tuple[Fraction, ...]
) -> list[Fraction] | None:
    """Weights of affinely independent corners that give the point; None if there are none."""
    rows = [[*(c[k] for c in corners), point[k]] for k in range(len(point))]
    rank = 0
    for column in range(len(corners)):
        pivot = next((r for r in range(rank, len(rows)) if rows[r][column]), None)
        if pivot is None:
            return None
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        rows[rank] = [v / rows[rank][column] for v in rows[rank]]
        for r in range(len(rows)):
            if r != rank and rows[r][column]:
                rows[r] = [
                    a - rows[r][column] * b for a, b in zip(rows[r], rows[rank], strict=True)
                ]
        rank += 1
    if any(row[-1] for row in rows[rank:]):
        return None
    return [row[-1] for row in rows[:rank]]


@settings(max_examples=50, deadline=None)
@given(games(max_strategies=3, payoffs=st.integers(-3, 3)))
def test_regions_hold_the_beliefs_of_the_definition(game: NormalFormGame) -> None:
    for who, player in enumerate(game.players):
        found = best_response_regions(game, player)
        assert [region.strategy for region in found.regions] == list(game.strategies[who])
        for region in found.regions:
            for vertex in region.vertices:
                assert region.strategy in best_responses(game, who, [vertex]).strategies
                others = tuple(v for v in region.vertices if v != vertex)
                assert not any(
                    w is not None and min(w) >= 0
                    for size in range(1, len(vertex) + 1)
                    for chosen in itertools.combinations(others, size)
                    for w in [barycentric(chosen, vertex)]
                )  # a vertex is no mixture of the others
            assert found[region.strategy] == region
        for belief in grid(game.shape[1 - who], 6):
            best = best_responses(game, who, [belief]).strategies
            for region in found.regions:
                assert inside(region, belief) is (region.strategy in best)


@settings(max_examples=50, deadline=None)
@given(games(max_strategies=4, payoffs=st.integers(-3, 3)))
def test_dimension_and_cover(game: NormalFormGame) -> None:
    for who in range(2):
        found = best_response_regions(game, who)
        full = game.shape[1 - who] - 1
        assert any(region.full_dimensional for region in found.regions)  # they cover the simplex
        for region in found.regions:
            points = np.array(region.vertices, dtype=float)
            rank = np.linalg.matrix_rank(points[1:] - points[0]) if len(points) > 1 else 0
            assert region.dimension == (rank if len(points) else -1)
            assert region.dimension <= full
            assert region.full_dimensional is (region.dimension == full)


@SETTINGS
@given(games(min_strategies=2, max_strategies=2) | games(min_strategies=2, max_strategies=4))
def test_intervals_and_breakpoints(game: NormalFormGame) -> None:
    if game.shape[1] != 2:
        return
    found = best_response_regions(game, 0)
    points = sorted(
        {Fraction(0), Fraction(1), *found.breakpoints} | {Fraction(k, 7) for k in range(8)}
    )

    def replies(p: Fraction) -> set[str]:
        return set(best_responses(game, 0, [[p, 1 - p]]).strategies)

    for p in points:
        for region in found.regions:
            ends = region.interval
            here = ends is not None and ends[0] <= p <= ends[1]
            assert here is (region.strategy in replies(p))
    near = Fraction(1, 10**6)
    for p in points:
        around = [q for q in (p - near, p + near) if 0 <= q <= 1]
        changes = any(replies(q) != replies(p) for q in around)
        assert changes is (p in found.breakpoints)


@pytest.mark.parametrize("unit", [10**9, Fraction(1, 10**9)])
def test_units_do_not_matter(unit: Any) -> None:
    rng = np.random.default_rng(2)
    for _ in range(10):
        row = rng.integers(-5, 6, (4, 3)).astype(object)
        plain = best_response_regions(NormalFormGame([row, row]), 0)
        scaled = best_response_regions(NormalFormGame([row * unit - 7, row]), 0)
        assert scaled.regions == plain.regions


def test_a_knife_edge_is_a_region_without_interior() -> None:
    game = NormalFormGame.from_bimatrix([[2, 0], [0, 2], [1, 1], [0, 0]], [[0, 0]] * 4)
    found = best_response_regions(game, "player_1")
    half = Fraction(1, 2)
    assert [region.dimension for region in found.regions] == [1, 1, 0, -1]
    assert found["s3"].vertices == ((half, half),)
    assert found["s4"].interval is None
    assert found.breakpoints == (half,)
    assert str(found).splitlines() == [
        "best replies of player_1",
        "  s1: probability of player_2's s1 from 1/2 to 1",
        "  s2: probability of player_2's s1 from 0 to 1/2",
        "  s3: probability of player_2's s1 1/2",
        "  s4: never",
    ]


def test_a_triangle_is_cut_into_polygons() -> None:
    """Rock, scissors, paper: three quadrangles that meet in the middle."""
    table = np.array([[0, 1, -1], [-1, 0, 1], [1, -1, 0]])
    found = best_response_regions(NormalFormGame([table, -table]), 0)
    third = Fraction(1, 3)
    assert all((third,) * 3 in region.vertices for region in found.regions)
    assert [(len(r.vertices), r.dimension) for r in found.regions] == [(4, 2)] * 3
    assert "s1: dimension 2, vertices (" in str(found)
    with pytest.raises(GameError, match="two strategies"):
        _ = found["s1"].interval


def test_long_ratios_are_shown_as_decimals() -> None:
    game = NormalFormGame.from_bimatrix([[1e-30, 0], [0, 1]], [[0, 0], [0, 0]])
    (first, _) = best_response_regions(game, 0).regions
    assert first.interval == (1 / (1 + Fraction("1e-30")), Fraction(1))
    assert str(first) == "s1: probability of player_2's s1 from 1 to 1"
    other = NormalFormGame.from_bimatrix([[3 * 10**20, 0], [0, 1]], [[0, 0], [0, 0]])
    text = str(best_response_regions(other, 0)["s2"])
    assert text == "s2: probability of player_2's s1 from 0 to 3.33333e-21"


def test_what_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GameError, match="`game` must have two players, got 3"):
        best_response_regions(NormalFormGame(np.zeros((3, 2, 2, 2), dtype=int)), 0)
    module = importlib.import_module("alignment_games.solvers.regions")
    monkeypatch.setattr(module, "MAX_SYSTEMS", 5)
    game = NormalFormGame(np.zeros((2, 3, 3), dtype=int))
    with pytest.raises(WorkLimitError, match=f"need {3 * math.comb(5, 2)} square systems"):
        best_response_regions(game, 0)


def test_long_systems_count_for_more() -> None:
    """Ten strategies against eight need fewer than 200,000 systems, but each takes long."""
    game = NormalFormGame(np.zeros((2, 10, 8), dtype=int))
    with pytest.raises(WorkLimitError, match="need 194480 square systems; the limit is 78125"):
        best_response_regions(game, 0)


def test_an_independent_belief_of_rationalizability_is_a_belief() -> None:
    table = [[[8, 0, 3], [0, 0, 3]], [[0, 0, 3], [0, 8, 3]]]
    game = NormalFormGame([table, table, table])
    answer = rationalizable(game)
    for found in answer.beliefs:
        assert found.independent is not None
        assert found.strategy in best_responses(game, found.player, found.independent).strategies


@pytest.mark.parametrize(
    ("belief", "message"),
    [
        ({"player_2": {"s9": 1}}, "`belief` names an unknown strategy 's9' of player_2"),
        ({"nobody": {"s1": 1}}, "`belief` names an unknown agent 'nobody'"),
        ({"player_2": {"s1": 0.5}}, "`belief`: .* sum to 1"),
        (
            {("s1",): 2, ("s2",): -1},
            r"`belief\[.*\]` must be .*, got the negative -1",
        ),
        ([[2, -1]], "`belief` must hold probabilities, got the negative -1"),
        ({"player_2": {"s1": 2, "s2": -1}}, "got the negative -1"),
        (3, "`belief` must hold one vector"),
    ],
)
def test_messages_name_the_belief(belief: Any, message: str) -> None:
    game = NormalFormGame([[[1, 2], [3, 4]], [[1, 2], [3, 4]]])
    with pytest.raises(ProfileError, match=message):
        best_responses(game, 0, belief)
