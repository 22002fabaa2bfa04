"""Lemke-Howson: ends of paths, ties, labels, limits."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import alignment_games as ag
from alignment_games import NormalFormGame
from alignment_games.errors import GameError, WorkLimitError
from alignment_games.solvers import Status, lemke_howson, nash, verify
from alignment_games.solvers.lemke_howson import _exact_path, _path
from alignment_games.solvers.polytope import best_reply_matrices, to_floats
from alignment_games.testing import degenerate_games, games

SETTINGS = settings(max_examples=60, deadline=None)
TWO_PLAYERS = games(max_strategies=4) | degenerate_games(max_strategies=4)


@SETTINGS
@given(TWO_PLAYERS)
def test_every_path_ends_at_an_extreme_equilibrium(game: NormalFormGame) -> None:
    extreme = {eq.profile for eq in nash(game).equilibria}
    solution = lemke_howson(game)
    assert solution.status is Status.PARTIAL
    assert len({eq.profile for eq in solution.equilibria}) == len(solution) >= 1
    for eq in solution.equilibria:
        assert verify(game, eq.profile) == (0, 0) == eq.regret
        assert eq.profile in extreme


@SETTINGS
@given(games(max_strategies=4))
def test_from_nothing_only_equilibria_of_index_1_are_reached(game: NormalFormGame) -> None:
    """Shapley (1974), doi:10.1007/BFb0121248: the ends of a path have opposite indices."""
    solution = nash(game)
    if solution.degenerate:
        return
    index = {part.representative: part.index for part in solution.components}
    assert all(index[eq.profile] == 1 for eq in lemke_howson(game).equilibria)


@SETTINGS
@given(TWO_PLAYERS, st.data())
def test_the_compiled_path_ends_where_the_readable_one_does(
    game: NormalFormGame, data: st.DataObject
) -> None:
    label = data.draw(st.integers(0, sum(game.shape) - 1))
    matrices = best_reply_matrices(game)
    floats = (to_floats(matrices[0]), to_floats(matrices[1]))
    assert _path(matrices, floats, label, 1000) == _exact_path(matrices, label, 1000)


@SETTINGS
@given(degenerate_games(max_strategies=3))
def test_a_table_spoiled_by_rounding_is_followed_again_in_integers(game: NormalFormGame) -> None:
    matrices = best_reply_matrices(game)
    noise = np.random.default_rng(1)
    floats = [to_floats(m) + noise.normal(0, 0.5, np.shape(m)) for m in matrices]
    for label in range(sum(game.shape)):
        weights = _path(matrices, (floats[0], floats[1]), label, 1000)
        assert weights is not None
        assert verify(game, [[Fraction(w, sum(own)) for w in own] for own in weights]) == (0, 0)


def test_each_label_of_the_textbook_game() -> None:
    """von Stengel (2007), Algorithmic Game Theory, section 3.4: two equilibria are reached.

    The game of equation 3.3; its third equilibrium has index -1.
    """
    game = NormalFormGame.from_bimatrix([[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]])
    ends = [lemke_howson(game, label=k).equilibria[0].support for k in range(5)]
    pure, mixed = (("s1",), ("s1",)), (("s2", "s3"), ("s1", "s2"))
    assert set(ends) == {pure, mixed}
    assert {eq.support for eq in lemke_howson(game).equilibria} == {pure, mixed}
    assert lemke_howson(game, label=2).parameters["label"] == 2


def test_games_on_which_pivoting_without_a_rule_for_ties_can_cycle() -> None:
    """Zero-sum 4 x 4 games and others of few payoff levels: every label ends."""
    rng = np.random.default_rng(82)
    for k in range(60):
        a, b = rng.integers(0, 2, (2, *((4, 4) if k % 2 else (3, 5))))
        game = NormalFormGame.from_bimatrix(a, -a if k % 4 == 1 else b)
        solution = lemke_howson(game)
        assert solution.status is Status.PARTIAL
        assert solution.max_regret == 0


@pytest.mark.parametrize("scale", [Fraction(1, 10**12), Fraction(10**15)])
def test_units_do_not_matter(scale: Fraction) -> None:
    rng = np.random.default_rng(4)
    a, b = rng.integers(-50, 50, (2, 5, 4)).tolist()
    units = [[[scale * v + 10**9 for v in row] for row in m] for m in (a, b)]
    one, other = lemke_howson(NormalFormGame([a, b])), lemke_howson(NormalFormGame(units))
    assert [eq.profile for eq in one.equilibria] == [eq.profile for eq in other.equilibria]


def test_a_large_game_is_solved() -> None:
    rng = np.random.default_rng(100)
    game = NormalFormGame.from_bimatrix(rng.random((60, 60)), rng.random((60, 60)))
    solution = lemke_howson(game, label=0)
    assert len(solution) == 1
    assert float(solution.max_regret) < 1e-13


def test_floats_in_floats_out_unless_asked() -> None:
    game = NormalFormGame.from_bimatrix([[0.5, 0], [0, 1]], [[0.5, 0], [0, 1]])
    assert type(lemke_howson(game).equilibria[0].profile[0][0]) is float
    exact = lemke_howson(game, exact=True)
    assert exact.exact
    assert type(exact.equilibria[0].profile[0][0]) is Fraction
    by_name = ag.solve(game, "lemke-howson", exact=True)
    assert [eq.profile for eq in by_name.equilibria] == [eq.profile for eq in exact.equilibria]


def test_too_few_pivots_are_a_limit_not_an_answer() -> None:
    rng = np.random.default_rng(6)
    game = NormalFormGame.from_bimatrix(*rng.integers(-99, 99, (2, 6, 6)))
    solution = lemke_howson(game, max_pivots=1)
    assert solution.status is Status.LIMIT
    assert len(solution) == 0


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"label": 4}, "`label` must be an integer from 0 to 3, got 4"),
        ({"label": -1}, "`label` must be an integer from 0 to 3, got -1"),
        ({"label": True}, "`label` must be an integer from 0 to 3, got True"),
        ({"label": 0.0}, "`label` must be an integer"),
        ({"max_pivots": 0}, "`max_pivots` must be an integer from 1 to 10000000, got 0"),
    ],
)
def test_bad_options_are_refused(options: dict[str, Any], text: str) -> None:
    game = NormalFormGame.from_bimatrix([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    with pytest.raises(GameError, match=text):
        lemke_howson(game, **options)


def test_games_that_do_not_fit_are_refused() -> None:
    with pytest.raises(GameError, match="two players"):
        lemke_howson(NormalFormGame(np.zeros((3, 2, 2, 2), dtype=int)))
    with pytest.raises(WorkLimitError, match=r"a 1 x 8000 game hold 64\d+ numbers"):
        lemke_howson(NormalFormGame(np.zeros((2, 1, 8000), dtype=int)))
