"""Normal-form games: what goes in comes out, and what cannot go in is named."""

from __future__ import annotations

import copy
import itertools
import pickle
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Float, Integer, Rational

from alignment_games import NormalFormGame
from alignment_games.errors import AlignmentGamesError, GameError, WorkLimitError
from alignment_games.testing import games

SETTINGS = settings(max_examples=50, deadline=None)

A = [[3, 0], [5, 1], [4, 2]]
B = [[3, 5], [0, 1], [2, 2]]


@pytest.fixture
def game() -> NormalFormGame:
    return NormalFormGame.from_bimatrix(
        A,
        B,
        players=["small_state", "hegemon"],
        strategies=[["balance", "hedge", "bandwagon"], ["accommodate", "coerce"]],
    )


def raises(*fragments: str) -> Any:
    """Expect a GameError whose text holds each fragment, in order."""
    return pytest.raises(GameError, match="(?s)" + ".*".join(map(re.escape, fragments)))


# Construction


def test_payoffs_stand_where_they_were_put() -> None:
    values = np.arange(2 * 3 * 2 * 3).reshape(3, 3, 2, 2)[:, ::-1]
    game = NormalFormGame(values)
    assert game.n_players == 3
    assert game.shape == (3, 2, 2)
    for profile in itertools.product(range(3), range(2), range(2)):
        for player in range(3):
            assert game.payoff(player, *profile) == values[(player, *profile)]
            assert game.payoffs[(player, *profile)] == values[(player, *profile)]
            assert game.exact_payoffs[(player, *profile)] == values[(player, *profile)]


def test_a_bimatrix_is_the_row_players_block_and_the_column_players(game: NormalFormGame) -> None:
    for row, column in itertools.product(range(3), range(2)):
        assert game.payoff("small_state", row, column) == A[row][column]
        assert game.payoff("hegemon", row, column) == B[row][column]
    assert game == NormalFormGame([A, B], players=game.players, strategies=game.strategies)


def test_default_names_count_from_one() -> None:
    game = NormalFormGame.from_bimatrix(A, B)
    assert game.players == ("player_1", "player_2")
    assert game.strategies == (("s1", "s2", "s3"), ("s1", "s2"))
    assert game.agents == game.players
    assert game.actions == game.strategies


def test_one_player_is_a_game() -> None:
    game = NormalFormGame([[4, 7, 5]], players=["hermit"])
    assert (game.n_players, game.shape) == (1, (3,))
    assert game.payoff("hermit", "s2") == 7


def test_profiles_come_in_the_order_of_the_flat_payoffs() -> None:
    game = NormalFormGame(np.arange(36).reshape(3, 3, 2, 2))
    assert [game.payoff(0, *profile) for profile in game.profiles()] == list(range(12))


def test_names_and_positions_mean_the_same(game: NormalFormGame) -> None:
    assert game.player_index("hegemon") == game.player_index(1) == 1
    assert game.strategy_index("small_state", "bandwagon") == 2
    coerce: Any = np.int64(1)
    assert game.payoff("hegemon", "hedge", "coerce") == game.payoff(1, 1, coerce) == 1


# Exact and floating payoffs


@pytest.mark.parametrize(
    ("given_value", "meant"),
    [
        (3, Fraction(3)),
        (10**18 + 1, Fraction(10**18 + 1)),
        (Fraction(1, 3), Fraction(1, 3)),
        (Decimal("0.1"), Fraction(1, 10)),
        (np.int32(-4), Fraction(-4)),
        (Integer(5), Fraction(5)),
        (Rational(2, 7), Fraction(2, 7)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_exact_numbers_make_an_exact_game(given_value: Any, meant: Fraction) -> None:
    game = NormalFormGame([[given_value, 0]])
    assert game.exact
    assert game.exact_payoffs[0, 0] == meant
    payoff = game.payoff(0, 0)
    assert isinstance(payoff, Fraction)
    assert payoff == meant
    assert game.payoffs[0, 0] == float(meant)


@pytest.mark.parametrize(
    ("given_value", "meant"),
    [
        (0.1, Fraction(1, 10)),
        (0.1 + 0.2, Fraction(30000000000000004, 10**17)),
        (1e-300, Fraction(1, 10**300)),
        (-0.0, Fraction(0)),
        (1e22, Fraction(10**22)),
        (np.float64(0.7), Fraction(7, 10)),
        (np.float32(0.5), Fraction(1, 2)),
        (Float("0.7"), Fraction(7, 10)),
    ],
    ids=repr,
)
def test_a_float_stands_for_the_shortest_decimal_that_prints_it(
    given_value: Any, meant: Fraction
) -> None:
    game = NormalFormGame([[given_value, 0]])
    assert not game.exact
    assert game.exact_payoffs[0, 0] == meant
    payoff = game.payoff(0, 0)
    assert type(payoff) is float
    assert payoff == float(given_value)


@SETTINGS
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_float_survives_the_round_trip(value: float) -> None:
    game = NormalFormGame([[value]])
    assert game.payoff(0, 0) == value
    assert game.exact_payoffs[0, 0] == Fraction(repr(value))


def test_one_float_makes_the_whole_game_floating() -> None:
    game = NormalFormGame([[[1, 2]], [[3, 4.0]]])
    assert not game.exact
    assert type(game.payoff(0, 0, 0)) is float


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.uint16, object])
def test_integer_arrays_are_exact(dtype: Any) -> None:
    assert NormalFormGame(np.array([[[1, 2]], [[3, 4]]], dtype=dtype)).exact


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_float_arrays_are_floating(dtype: Any) -> None:
    assert not NormalFormGame(np.array([[[1, 2]], [[3, 4]]], dtype=dtype)).exact


# Immutability


def test_payoff_arrays_are_read_only(game: NormalFormGame) -> None:
    with pytest.raises(ValueError, match="read-only"):
        game.payoffs[0, 0, 0] = 9
    with pytest.raises(ValueError, match="read-only"):
        game.exact_payoffs[0, 0, 0] = Fraction(9)


def test_fields_cannot_be_set(game: NormalFormGame) -> None:
    with pytest.raises(AttributeError):
        game.players = ("a", "b")  # type: ignore[misc]


def test_a_game_does_not_change_with_the_array_it_was_made_of() -> None:
    values = np.array([[[1.0, 2.0]], [[3.0, 4.0]]])
    game = NormalFormGame(values)
    values[0, 0, 0] = 9.0
    assert game.payoff(0, 0, 0) == 1.0
    assert values.flags.writeable


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda game: pickle.loads(pickle.dumps(game))]
)
def test_copies_are_equal_and_read_only(copied: Any, game: NormalFormGame) -> None:
    twin: NormalFormGame = copied(game)
    assert twin == game
    assert hash(twin) == hash(game)
    assert not twin.payoffs.flags.writeable
    assert not twin.exact_payoffs.flags.writeable


# Equality


def test_equal_games_are_equal_and_hash_alike(game: NormalFormGame) -> None:
    twin = NormalFormGame(
        np.array([A, B], dtype=object), players=game.players, strategies=game.strategies
    )
    assert twin == game
    assert hash(twin) == hash(game)
    assert len({twin, game}) == 1


NAMES = [["balance", "hedge", "bandwagon"], ["accommodate", "coerce"]]
SIDES = ["small_state", "hegemon"]


@pytest.mark.parametrize(
    "other",
    [
        NormalFormGame([A, B], players=["small_state", "patron"], strategies=NAMES),
        NormalFormGame([A, B], players=SIDES, strategies=[NAMES[0], ["coerce", "accommodate"]]),
        NormalFormGame([A, A], players=SIDES, strategies=NAMES),
        NormalFormGame(np.array([A, B], dtype=float), players=SIDES, strategies=NAMES),
        NormalFormGame([A[:2], B[:2]], players=SIDES, strategies=[NAMES[0][:2], NAMES[1]]),
        "a game",
    ],
    ids=["players", "strategies", "payoffs", "exactness", "shape", "type"],
)
def test_games_that_differ_in_one_thing_are_unequal(other: object, game: NormalFormGame) -> None:
    assert game != other


# What a person reads


def test_a_bimatrix_is_shown_as_a_table(game: NormalFormGame) -> None:
    head, _, *rows = [re.split(r"\s{2,}", line) for line in str(game).splitlines()]
    assert head == ["small_state, hegemon", "accommodate", "coerce"]
    assert rows == [
        ["balance", "3, 3", "0, 5"],
        ["hedge", "5, 0", "1, 1"],
        ["bandwagon", "4, 2", "2, 2"],
    ]


def test_a_table_shows_decimals_and_leaves_names_alone() -> None:
    text = str(
        NormalFormGame.from_bimatrix(
            [[0.7, Fraction(1, 3)]], [[-2, 1e9]], strategies=[["1.50"], ["007", "x"]]
        )
    )
    assert "1.50" in text
    assert "007" in text
    assert "0.7, -2" in text
    assert "0.333333, 1e+09" in text


@pytest.mark.parametrize(("shape", "sizes"), [((3,), "3"), ((2, 3, 2), "2 x 3 x 2")])
def test_other_games_are_shown_by_their_size(shape: tuple[int, ...], sizes: str) -> None:
    text = str(NormalFormGame(np.zeros((len(shape), *shape), dtype=int)))
    assert text.startswith(f"{sizes} game of player_1")


def test_the_exact_game_has_the_decimals_that_the_floats_stand_for() -> None:
    game = NormalFormGame.from_bimatrix([[0.7, 1]], [[2, 3]], players=["Row", "Column"])
    exact = game.as_exact()
    assert exact.exact
    assert exact.payoff("Row", 0, 0) == Fraction(7, 10)
    assert exact == NormalFormGame.from_bimatrix(
        [[Fraction(7, 10), 1]], [[2, 3]], players=["Row", "Column"]
    )
    assert exact.as_exact() == exact


# Giving up strategies


def test_without_removes_the_named_strategies(game: NormalFormGame) -> None:
    smaller = game.without("small_state", "balance", "bandwagon")
    assert smaller.strategies == (("hedge",), ("accommodate", "coerce"))
    assert smaller.players == game.players
    assert smaller.exact
    for player, column in itertools.product(game.players, game.strategies[1]):
        assert smaller.payoff(player, "hedge", column) == game.payoff(player, "hedge", column)
    assert game.shape == (3, 2)


def test_without_nothing_is_the_same_game(game: NormalFormGame) -> None:
    assert game.without("hegemon") == game


def test_restrict_keeps_strategies_in_the_order_given(game: NormalFormGame) -> None:
    turned = game.restrict("small_state", ["bandwagon", 0])
    assert turned.strategies[0] == ("bandwagon", "balance")
    assert turned.payoff("hegemon", 0, "coerce") == B[2][1]
    assert turned.payoff("hegemon", 1, "coerce") == B[0][1]


@SETTINGS
@given(games(max_players=3, min_strategies=2), st.data())
def test_without_and_restrict_keep_every_payoff(game: NormalFormGame, data: st.DataObject) -> None:
    who = data.draw(st.integers(0, game.n_players - 1))
    gone = data.draw(st.integers(0, game.shape[who] - 1))
    smaller = game.without(who, gone)
    kept = [k for k in range(game.shape[who]) if k != gone]
    assert smaller == game.restrict(who, kept)
    for profile in smaller.profiles():
        full = tuple(kept[s] if k == who else s for k, s in enumerate(profile))
        for player in range(game.n_players):
            assert smaller.payoff(player, *profile) == game.payoff(player, *full)


def test_floating_games_stay_floating_and_keep_their_decimals() -> None:
    game = NormalFormGame([[0.1, 0.7, 0.1 + 0.2]]).without(0, 0)
    assert not game.exact
    assert game.exact_payoffs[0].tolist() == [Fraction(7, 10), Fraction("0.30000000000000004")]


def test_restricting_a_game_of_fractions_and_floats_keeps_the_fractions() -> None:
    """One float makes a game floating; its Fractions still are what they were."""
    game = NormalFormGame([[Fraction(1, 3), 0.5, 10**20 + 1]])
    assert game.restrict(0, [0, 1, 2]) == game
    assert game.without(0, 1).exact_payoffs[0].tolist() == [Fraction(1, 3), 10**20 + 1]


# Payoffs that make no game


@pytest.mark.parametrize(
    "bad",
    [
        float("nan"),
        float("inf"),
        float("-inf"),
        np.float64("nan"),
        Decimal("NaN"),
        Decimal("Infinity"),
        1j,
        1 + 0j,
        np.complex128(1),
        True,
        np.True_,
        "1",
        "one",
        b"1",
        None,
        {},
        range(1),
    ],
    ids=repr,
)
def test_an_entry_that_is_no_finite_real_number_is_named_with_its_place(bad: Any) -> None:
    payoffs = [[[1, 2], [3, 4]], [[1, 2], [bad, 4]]]
    with raises("`payoffs[1][1][0]`", "finite real number"):
        NormalFormGame(payoffs)


@pytest.mark.parametrize("dtype", [complex, bool, str, "datetime64[s]"])
def test_arrays_of_other_things_than_numbers_are_refused(dtype: Any) -> None:
    with raises("`payoffs[0]", "finite real number"):
        NormalFormGame(np.ones((2, 2, 2), dtype=int).astype(dtype))


def test_payoffs_beyond_the_range_of_floats_are_refused() -> None:
    with raises("`payoffs`", "range of floats", "rescale"):
        NormalFormGame([[10**400, 0]])
    with raises("`payoffs[0][0]`", "1e300"):
        NormalFormGame([[Decimal("1e400"), 0]])


@pytest.mark.parametrize(
    ("payoffs", "fragments"),
    [
        (3, ("one array a player", "int")),
        (None, ("one array a player", "NoneType")),
        ([], ("one array a player", "none")),
        ("ab", ("2 arrays", "2 axes", "()")),
        ([1, 2], ("2 arrays", "2 axes", "()")),
        ([[1, 2], [3, 4]], ("2 arrays", "2 axes", "(2,)")),
        ([[[1, 2], [3, 4]]], ("1 arrays", "1 axes", "(2, 2)")),
        (np.zeros((3, 2, 2)), ("3 arrays", "3 axes", "(2, 2)")),
        ([np.zeros((3, 2)), np.zeros((3, 3))], ("[1]`", "(3, 2)", "`payoffs[0]`", "(3, 3)")),
        ([[[1, 2], [3]], [[1, 2], [3, 4]]], ("[0]`", "rectangular")),
        ([[[1, 2], [3, 4]], [[1, 2], [3, [4]]]], ("[1]`", "rectangular")),
        ([[[1, 2], [[1], [2]]], [[1, 2], [3, 4]]], ("rectangular",)),
        ([[[], []], [[], []]], ("at least one strategy", "(2, 0)")),
        (np.zeros((2, 0, 3)), ("at least one strategy", "(0, 3)")),
        ([[]], ("at least one strategy", "(0,)")),
    ],
)
def test_payoffs_of_a_wrong_shape_are_described(payoffs: Any, fragments: tuple[str, ...]) -> None:
    with raises("`payoffs", *fragments):
        NormalFormGame(payoffs)


def test_a_wrong_shape_names_the_axes() -> None:
    with raises("axes are (small_state, hegemon)"):
        NormalFormGame([A, A[:2]], players=["small_state", "hegemon"])


@pytest.mark.parametrize(
    ("row", "column", "fragments"),
    [
        (A, A[:2], ("`row_payoffs` and `column_payoffs`", "(3, 2)", "(2, 2)")),
        ([1, 2], [3, 4], ("matrices", "(2,)")),
        (5, 5, ("matrices", "()")),
        (None, A, ("matrices",)),
        ([[1, 2], [3]], [[1, 2], [3, 4]], ("`row_payoffs`", "rectangular")),
        ([[1, 2], [3, 4]], [[1, 2], [3]], ("`column_payoffs`", "rectangular")),
        ([[[1], [2]], [3, 4]], [[1, 2], [3, 4]], ("`row_payoffs`", "rectangular")),
        ([np.zeros((2, 2)), np.zeros((2, 3))], A, ("`row_payoffs`", "rectangular")),
        ([[]], [[]], ("at least one strategy",)),
    ],
)
def test_matrices_that_make_no_bimatrix_are_described(
    row: Any, column: Any, fragments: tuple[str, ...]
) -> None:
    with raises(*fragments):
        NormalFormGame.from_bimatrix(row, column)


# Names


@pytest.mark.parametrize(
    ("players", "fragments"),
    [
        (["a"], ("`players`", "2 names", "['a']")),
        (["a", "b", "c"], ("`players`", "2 names")),
        ([], ("`players`", "2 names")),
        ("ab", ("`players`", "2 names", "'ab'")),
        (["a", "a"], ("`players`", "different names")),
        (["a", ""], ("`players`", "non-empty text", "''")),
        (["a", 2], ("`players`", "non-empty text", "2")),
        (["a", None], ("`players`", "non-empty text", "None")),
        (5, ("`players`", "5")),
    ],
)
def test_bad_player_names_are_described(players: Any, fragments: tuple[str, ...]) -> None:
    with raises(*fragments):
        NormalFormGame([A, B], players=players)


@pytest.mark.parametrize(
    ("strategies", "fragments"),
    [
        ([["x", "y", "z"]], ("`strategies`", "2 players", "1")),
        ("xy", ("`strategies`", "2 players")),
        ([["x", "y"], ["u", "v"]], ("`strategies[0]`", "3 names", "['x', 'y']")),
        ([["x", "y", "z"], ["u"]], ("`strategies[1]`", "2 names")),
        ([["x", "y", "x"], ["u", "v"]], ("`strategies[0]`", "different names")),
        (["xyz", ["u", "v"]], ("`strategies[0]`", "'xyz'")),
        ([["x", "y", ""], ["u", "v"]], ("`strategies[0]`", "non-empty text")),
        ([["x", "y", 3], ["u", "v"]], ("`strategies[0]`", "non-empty text", "3")),
        (5, ("`strategies`", "5")),
        ([5, ["u", "v"]], ("`strategies[0]`", "5")),
    ],
)
def test_bad_strategy_names_are_described(strategies: Any, fragments: tuple[str, ...]) -> None:
    with raises(*fragments):
        NormalFormGame([A, B], strategies=strategies)


def test_names_may_come_in_an_array() -> None:
    players: Any = np.array(["a", "b"])
    rows: Any = np.array(["x", "y", "z"])
    game = NormalFormGame([A, B], players=players, strategies=[rows, ["u", "v"]])
    assert game.players == ("a", "b")
    assert game.strategies[0] == ("x", "y", "z")


@pytest.mark.parametrize(
    ("call", "fragments"),
    [
        (lambda g: g.player_index("hegemone"), ("player", "'hegemone'", "did you mean 'hegemon'?")),
        (lambda g: g.player_index("x"), ("'x'", "choose from hegemon, small_state")),
        (lambda g: g.player_index(2), ("player", "0 to 1", "2")),
        (lambda g: g.player_index(-1), ("player", "0 to 1", "-1")),
        (lambda g: g.player_index(True), ("player", "True")),
        (lambda g: g.player_index(0.0), ("player", "0.0")),
        (lambda g: g.player_index(None), ("player", "None")),
        (
            lambda g: g.strategy_index("hegemon", "coerc"),
            ("strategy of hegemon", "'coerc'", "did you mean 'coerce'?"),
        ),
        (lambda g: g.strategy_index("hegemon", "hedge"), ("'hedge'", "accommodate, coerce")),
        (lambda g: g.payoff("hegemon", "hedge"), ("`profile`", "hedge")),
        (lambda g: g.payoff("hegemon", "hedge", "coerce", "coerce"), ("`profile`",)),
        (lambda g: g.payoff("patron", "hedge", "coerce"), ("player", "'patron'")),
        (lambda g: g.without("small_state", "hege"), ("'hege'", "did you mean 'hedge'?")),
        (lambda g: g.without("small_stat", "hedge"), ("did you mean 'small_state'?",)),
        (
            lambda g: g.without("hegemon", "accommodate", "coerce"),
            ("`strategies`", "hegemon", "at least one"),
        ),
        (lambda g: g.restrict("hegemon", []), ("`strategies`", "hegemon", "at least one")),
        (lambda g: g.restrict("hegemon", ["coerce", "coerce"]), ("different names",)),
        (lambda g: g.restrict("hegemon", ["coerced"]), ("did you mean 'coerce'?",)),
    ],
)
def test_unknown_names_are_answered_with_the_nearest(
    call: Any, fragments: tuple[str, ...], game: NormalFormGame
) -> None:
    with raises(*fragments):
        call(game)


def test_a_game_error_is_also_a_value_error() -> None:
    assert issubclass(GameError, ValueError)
    assert issubclass(GameError, AlignmentGamesError)


@pytest.mark.parametrize("n_players", [32, 33, 70])
def test_more_players_than_arrays_have_axes_are_refused(n_players: int) -> None:
    table: Any = 1
    for _ in range(n_players):
        table = [table]
    with pytest.raises(WorkLimitError, match="one axis a player, at most 31"):
        NormalFormGame([table] * n_players)


def test_31_players_are_taken() -> None:
    assert NormalFormGame(np.zeros((31, *[1] * 31), dtype=int)).n_players == 31
