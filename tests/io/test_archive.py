"""JSON files of games and results: nothing is lost, nothing that is claimed is believed."""

from __future__ import annotations

import json
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games import NormalFormGame
from alignment_games.errors import GameError, GameFileError
from alignment_games.games import RepeatedGame, StochasticGame
from alignment_games.io import (
    format_json,
    format_result,
    parse_json,
    parse_result,
    read_json,
    read_result,
    write_json,
    write_result,
)

THIRD = Fraction(1, 3)
DILEMMA = NormalFormGame.from_bimatrix(
    [[3, 0], [5, 1]], [[3, 5], [0, 1]], players=["R\u00f6w", 'the "other"'],
    strategies=[["C", "D"], ["C", "D\n2"]],
)  # fmt: skip


def stochastic(**changes: Any) -> StochasticGame:
    given: dict[str, Any] = {
        "payoffs": [[[[2, 0], [3, THIRD]], [[2, 3], [0, 1]]], [[[5]], [[7]]]],
        "transitions": [[[[1, 0], [THIRD, 2 * THIRD]], [[0, 1], [0, 1]]], [[[0, 1]]]],
        "discount": [THIRD, Fraction(9, 10)],
        "states": ["peace", "war"],
    }
    return StochasticGame(**given | changes)


GAMES: list[Any] = [
    DILEMMA,
    NormalFormGame(DILEMMA.payoffs / 7),
    NormalFormGame([[0.1, THIRD, 10**40, 1e-300]]),
    NormalFormGame(np.arange(24).reshape(3, 2, 2, 2)),
    RepeatedGame(DILEMMA, discount=[THIRD, Fraction(1, 10**50)]),
    RepeatedGame(DILEMMA, discount=0.9),
    RepeatedGame(NormalFormGame([[0.5, 1]]), discount=THIRD),
    stochastic(),
    stochastic(discount=0.9),
    stochastic(payoffs=[[[[2, 0], [3, 0.1]], [[2, 3], [0, 1]]], [[[5]], [[7]]]]),
    stochastic(transitions=[np.full((2, 2, 2), [1 / 3, 2 / 3]), [[[0, 1]]]]),
]


@pytest.mark.parametrize("game", GAMES)
def test_games_come_back_equal(game: Any, tmp_path: Path) -> None:
    twin = parse_json(format_json(game))
    assert twin == game
    assert type(twin) is type(game)
    assert twin.exact is game.exact
    assert hash(twin) == hash(game)
    assert format_json(twin) == format_json(game)
    write_json(game, tmp_path / "game.json")
    assert read_json(tmp_path / "game.json") == game


def test_fractions_among_floats_come_back() -> None:
    game = stochastic(payoffs=[[[[2, 0], [3, 0.1]], [[2, 3], [0, 1]]], [[[5]], [[7]]]])
    twin = parse_json(format_json(game))
    assert isinstance(twin, StochasticGame)
    assert twin.exact_discount == (THIRD, Fraction(9, 10))
    assert twin.exact_transitions[0][0, 1].tolist() == [THIRD, 2 * THIRD]
    assert twin.discount == game.discount


def test_markov_equilibria_come_back_and_are_proved_again() -> None:
    for game in (stochastic(), stochastic(discount=0.9)):
        for method in ("pure", "logit"):
            solution = ag.solve(game, method)
            stored = parse_result(format_result(solution))
            assert stored.game == game
            assert stored.strategies == tuple(own.strategies for own in solution.equilibria)
            assert stored.numbers["values 0"] == solution.equilibria[0].values
            assert stored.status == solution.status.name
            assert stored.message == solution.message
            assert stored.method == solution.method
            again = stored.game
            assert isinstance(again, StochasticGame)
            plan: Any = stored.strategies[0]
            assert ag.verify(again, plan) == ag.verify(game, solution.equilibria[0])
            assert "claimed, not verified" in str(stored)


def test_automata_come_back_and_are_proved_again() -> None:
    game = RepeatedGame(DILEMMA, discount=Fraction(2, 5))
    found = ag.solve(game)
    assert found.play is not None
    for result in (found, found.play):
        stored = parse_result(format_result(result))
        assert stored.strategies == (found.play.automaton,)
        assert ag.verify(game, stored.strategies[0]) == found.play
    stored = parse_result(format_result(found))
    assert stored.numbers == {"inner": found.inner, "outer": found.outer}
    assert stored.status == "COMPLETE"


def test_values_and_normal_forms() -> None:
    zero_sum = StochasticGame(
        [[[[1, 0], [0, 1]], [[-1, 0], [0, -1]]], [[[0]], [[0]]]],
        [[[[0, 1], [1, 0]], [[1, 0], [0, 1]]], [[[0, 1]]]],
        Fraction(1, 2),
    )
    answer = ag.solvers.stochastic_value(zero_sum)
    stored = parse_result(format_result(answer))
    assert stored.numbers == {"lower": (answer.lower,), "upper": (answer.upper,)}
    assert stored.strategies == (tuple(zip(answer.row, answer.column, strict=True)),)
    solution = ag.solve(DILEMMA)
    stored = parse_result(format_result(solution))
    assert stored.strategies == tuple(own.profile for own in solution.equilibria)
    assert ag.verify(DILEMMA, stored.strategies[0]) == (0, 0)  # type: ignore[arg-type]


def test_a_changed_file_does_not_pass_for_a_proof(tmp_path: Path) -> None:
    """Whoever writes COMPLETE beside other strategies is found out by verify."""
    path = tmp_path / "solved.json"
    write_result(ag.solve(stochastic()), path)
    content = json.loads(path.read_text(encoding="utf-8"))
    content["strategies"][0][0][0] = ["1", "0"]
    path.write_text(json.dumps(content), encoding="utf-8")
    stored = read_result(path)
    assert stored.status == "COMPLETE"
    game, plan = stored.game, stored.strategies[0]
    assert isinstance(game, StochasticGame)
    assert max(max(own) for own in ag.verify(game, plan)) > 0  # type: ignore[arg-type]


def changed(game: Any, **parts: Any) -> str:
    content = json.loads(format_json(game))
    content["game"] |= parts
    return json.dumps(content)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not the JSON of a game or a result"),
        ("{", "not the JSON of a game or a result"),
        ("[" * 100_000, "not the JSON of a game or a result"),
        ('{"file": "game"}', "missing required field `version`"),
        (format_json(DILEMMA).replace('"version": 1', '"version": 2'), "has version 2"),
        (changed(DILEMMA, exact="yes"), r"Expected `bool`, got `str` - at `\$.game.exact`"),
        (changed(DILEMMA, more=1), "unknown field `more`"),
        (changed(DILEMMA, kind="poker", type="poker"), "Invalid value 'poker'"),
        (changed(DILEMMA, payoffs=[["1"], ["1"]]), "`payoffs` must hold 4 numbers for each player"),
        (changed(DILEMMA, payoffs=[["1", "1", "1", "0.5"]] * 2), "ratio such as 7/10 is needed"),
        (changed(DILEMMA, payoffs=[["1", "1", "1", "1/0"]] * 2), "ratio such as 7/10 is needed"),
        (changed(DILEMMA, payoffs=[["1"] * 3 + ["9" * 5000]] * 2), "ratio such as 7/10 is needed"),
        (changed(DILEMMA, payoffs=[["1"] * 4] * 3), "the file holds no game: `payoffs`"),
        (changed(DILEMMA, players=["a", "a"]), "no game: `players` must hold different names"),
        (changed(RepeatedGame(DILEMMA, discount=0.9), discounts=["1", "1"]), "above 0 and below 1"),
        (changed(stochastic(), discounts=["2"]), "`discount` must be one number, or one for each"),
        (format_result(ag.solve(DILEMMA)), "is that of a result; read it with read_result"),
    ],
)
def test_texts_that_hold_no_game(text: str, message: str) -> None:
    with pytest.raises(GameFileError, match=message):
        parse_json(text)


def test_rows_of_a_file_must_sum_to_one() -> None:
    content = json.loads(format_json(stochastic()))
    content["game"]["states"][0]["moves"][0] = ["1/2", "1/3"]
    with pytest.raises(GameFileError, match=r"must hold rows that sum to 1: .* the sum is 5/6"):
        parse_json(json.dumps(content))
    content["game"]["states"][0]["moves"].pop()
    with pytest.raises(GameFileError, match="`moves` of state 'peace' must hold 4 rows, one a pro"):
        parse_json(json.dumps(content))


def test_automata_of_a_file_are_checked() -> None:
    found = ag.solve(RepeatedGame(DILEMMA, discount=Fraction(2, 5)))
    content = json.loads(format_result(found))
    machine = content["automata"][0]
    machine["moves"][0].pop()
    with pytest.raises(GameFileError, match="an automaton must have actions and moves for each"):
        parse_result(json.dumps(content))
    content = json.loads(format_result(found))
    content["automata"][0]["start"] = "nowhere"
    with pytest.raises(
        GameFileError, match="no strategies: `start` must be a state, got 'nowhere'"
    ):
        parse_result(json.dumps(content))
    content = json.loads(format_result(ag.solve(DILEMMA)))
    content["automata"] = [machine]
    with pytest.raises(GameFileError, match="`automata` are strategies of a repeated game"):
        parse_result(json.dumps(content))


def test_what_is_not_written() -> None:
    tree: Any = ag.ExtensiveGame.from_normal_form(DILEMMA)
    with pytest.raises(GameError, match=r"must be a NormalFormGame, a BayesianGame, .* got Exten"):
        format_json(tree)
    with pytest.raises(
        GameError, match=r"`result` must be a Solution of a normal form or .* Solution"
    ):
        format_result(ag.solve(tree))
    with pytest.raises(GameError, match=r"`result` must be .* got NormalFormGame"):
        format_result(DILEMMA)  # type: ignore[arg-type]
    with pytest.raises(GameFileError, match="more than 4000 digits"):
        format_json(NormalFormGame([[Fraction(1, 10**4001)]]))
    with pytest.raises(GameFileError, match="the text is that of a game alone"):
        parse_result(format_json(DILEMMA))
    with pytest.raises(GameFileError, match="larger than 10 bytes"):
        parse_json(format_json(DILEMMA), limit=10)
    with pytest.raises(GameFileError, match="`text` must be text, got bytes"):
        parse_json(b"{}")  # type: ignore[arg-type]


def bimatrix_text(payoffs: list[list[str]], sizes: tuple[int, ...]) -> str:
    """Return the JSON text of a game of which payoffs and sizes are given."""
    record = json.loads(format_json(NormalFormGame([[0]])))
    record["game"] |= {
        "players": [f"player {k}" for k in range(len(sizes))],
        "strategies": [[f"s{k}" for k in range(size)] for size in sizes],
        "payoffs": payoffs,
    }
    return json.dumps(record)


def test_denominators_that_have_little_in_common_are_refused_at_once() -> None:
    # Powers of different primes, whose common multiple would have 300,000 digits.
    primes = [n for n in range(2, 2500) if all(n % k for k in range(2, int(n**0.5) + 1))][:200]
    texts = [f"1/{prime ** int(3900 / len(str(prime)))}" for prime in primes]
    start = time.perf_counter()
    with pytest.raises(GameFileError, match="a common denominator of at most 4000 digits"):
        parse_json(bimatrix_text([texts, texts], (20, 10)))
    with pytest.raises(GameFileError, match="more than a table may hold"):
        parse_json(bimatrix_text([["0"] * 99_999 + [f"1/{2**13_000}"]] * 2, (1000, 100)))
    assert time.perf_counter() - start < 5
    long = [Fraction(1, 2**13_000), Fraction(1, 3**8_000)]
    for denied in (NormalFormGame([long]), stochastic(discount=long)):
        with pytest.raises(GameFileError, match="a common denominator of at most 4000 digits"):
            format_json(denied)


def test_probabilities_of_a_lottery_are_bounded_together() -> None:
    play = ag.solvers.verify_automaton(
        RepeatedGame(DILEMMA, discount=THIRD),
        ag.games.Automaton(DILEMMA, play={"a": (1, 1), "b": (1, 1)}, after={"a": "a", "b": "b"}),
    )
    record = json.loads(format_result(play))
    record["automata"][0]["moves"][0][0] = {"a": f"1/{2**13_000}", "b": f"1/{3**8000}"}
    with pytest.raises(GameFileError, match="a common denominator of at most 4000 digits"):
        parse_result(json.dumps(record))


def test_more_players_than_arrays_have_axes_are_refused() -> None:
    with pytest.raises(GameFileError, match="a game of 200 players cannot be held"):
        parse_json(bimatrix_text([["0"]] * 200, (1,) * 200))
