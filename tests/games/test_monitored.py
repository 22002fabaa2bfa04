"""Games with a public signal, and public automata: what they hold and what they refuse."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from alignment_games import NormalFormGame
from alignment_games.errors import GameError, ParameterError
from alignment_games.games import MonitoredGame, PublicAutomaton

STAGE = NormalFormGame.from_bimatrix(
    [[2, 0], [3, 1]], [[2, 3], [0, 1]], strategies=[["C", "D"]] * 2
)
SEEN = {("C", "C"): {"quiet": 0.9, "incident": 0.1}, None: {"quiet": 0.4, "incident": 0.6}}
GAME = MonitoredGame(STAGE, SEEN, discount=0.8)


def test_forms_of_the_distribution_agree() -> None:
    array = [[[0.9, 0.1], [0.4, 0.6]], [[0.4, 0.6], [0.4, 0.6]]]
    names = ["quiet", "incident"]
    same = MonitoredGame(STAGE, array, discount=(0.8, 0.8), signals=names)
    rows = {(0, 0): [0.9, 0.1], None: (0.4, 0.6)}
    assert GAME == same == MonitoredGame(STAGE, rows, discount=0.8, signals=names)
    assert hash(GAME) == hash(same)
    assert pickle.loads(pickle.dumps(GAME)) == GAME
    assert GAME.probability(("C", "D"), "incident") == Fraction(3, 5)
    assert not GAME.exact
    exact = {None: {"quiet": Fraction(1, 3), "incident": Fraction(2, 3)}}
    assert MonitoredGame(STAGE, exact, discount=Fraction(1, 2)).exact


def test_rows_of_floats_are_made_whole_and_missing_signals_have_no_probability() -> None:
    third = 1 / 3
    game = MonitoredGame(
        STAGE, {None: [third] * 3, (0, 0): {"signal_2": 1}}, discount=0.5,
        signals=["signal_1", "signal_2", "signal_3"],
    )  # fmt: skip
    assert sum(game.distribution[1, 1]) == 1
    assert list(game.distribution[0, 0]) == [0, 1, 0]


def test_perfect_monitoring_has_a_signal_for_each_profile() -> None:
    game = MonitoredGame.perfect(STAGE, discount=Fraction(1, 2))
    assert game.exact
    assert game.signals == ("C, C", "C, D", "D, C", "D, D")
    assert game.probability((1, 0), "D, C") == 1
    commas = NormalFormGame.from_bimatrix(
        [[1, 2], [3, 4]], [[1, 2], [3, 4]], strategies=[["a", "a, b"], ["b, c", "c"]]
    )
    assert len(set(MonitoredGame.perfect(commas, discount=0.5).signals)) == 4


def test_garbling_multiplies_probabilities() -> None:
    noise = [[Fraction(3, 4), Fraction(1, 4)], [Fraction(1, 2), Fraction(1, 2)]]
    noisy = GAME.garbled(noise)
    assert noisy.signals == GAME.signals
    for profile in STAGE.profiles():
        before, after = GAME.distribution[profile], noisy.distribution[profile]
        assert after[0] == before[0] * Fraction(3, 4) + before[1] / 2
        assert sum(after) == 1
    pooled = GAME.garbled([[1], [1]])
    assert pooled.signals == ("signal_1",)
    assert list(pooled.distribution[0, 1]) == [1]


@pytest.mark.parametrize(
    ("distribution", "words"),
    [
        ([[[0.9, 0.2], [0.4, 0.6]], [[0.4, 0.6]] * 2], r"distribution\[\('C', 'C'\)\].*sum to 1"),
        ([[[1.1, -0.1], [0.4, 0.6]], [[0.4, 0.6]] * 2], "no negative probability, got -0.1"),
        ([[0.9, 0.1], [0.4, 0.6]], r"shape \(2, 2, number of signals\)"),
        ([[[0.9, 0.1], [1]], [[0.4, 0.6]] * 2], r"shape \(2, 2, number of signals\)"),
        ({("C", "C"): {"quiet": 1}}, "missing; the key None"),
        ({("C", "E"): {"quiet": 1}, None: {"quiet": 1}}, "'E'"),
        ({("C", "C"): {"quiet": 1}, (0, 0): {"quiet": 1}, None: {"quiet": 1}}, "once"),
        ({None: {"quiet": "often"}}, "'often' for 'quiet'"),
        ({None: {"quiet": Fraction(1, 3), "incident": Fraction(1, 3)}}, "got 2/3"),
        ({None: []}, "probabilities, one a signal"),
    ],
)
def test_wrong_distributions(distribution: Any, words: str) -> None:
    with pytest.raises(GameError, match=words):
        MonitoredGame(STAGE, distribution, discount=0.5)


def test_wrong_arguments() -> None:
    with pytest.raises(GameError, match=r"unknown signal 'incidnt'; did you mean 'incident'"):
        MonitoredGame(
            STAGE, {None: {"quiet": 0.5, "incidnt": 0.5}}, discount=0.5,
            signals=["quiet", "incident"],
        )  # fmt: skip
    with pytest.raises(ParameterError, match="above 0 and below 1"):
        MonitoredGame(STAGE, SEEN, discount=1)
    with pytest.raises(GameError, match="`stage` must be a NormalFormGame"):
        MonitoredGame([[1]], SEEN, discount=0.5)  # type: ignore[arg-type]
    wrong: list[Any] = [[[1, 0]], [[1, 0], [1]], 3, [[], []]]
    for noise in wrong:
        with pytest.raises(GameError, match="`noise` must hold one row"):
            GAME.garbled(noise)
    with pytest.raises(GameError, match=r"noise\[1\].*sum to 1"):
        GAME.garbled([[1, 0], [0.5, 0.4]])


def test_wrong_automata() -> None:
    play = {"peace": ("C", "C"), "war": ("D", "D")}
    with pytest.raises(GameError, match="unknown signal 'noise'"):
        PublicAutomaton(GAME, play=play, after={"peace": {"noise": "war"}, "war": "war"})
    with pytest.raises(GameError, match="what follows 'incident'"):
        PublicAutomaton(GAME, play=play, after={"peace": {"quiet": "peace"}, "war": "war"})
    with pytest.raises(GameError, match="unknown state 'wr'; did you mean 'war'"):
        PublicAutomaton(GAME, play=play, after={"peace": {None: "wr"}, "war": "war"})
    with pytest.raises(GameError, match="what follows each of peace, war"):
        PublicAutomaton(GAME, play=play, after={"war": "war"})
    with pytest.raises(GameError, match="`start` must be a state"):
        PublicAutomaton(GAME, play=play, after={"peace": "war", "war": "war"}, start="x")
    with pytest.raises(GameError, match="sum to 1"):
        PublicAutomaton(
            GAME, play=play, after={"peace": {None: {"war": 0.5, "peace": 0.4}}, "war": "war"}
        )


@pytest.mark.parametrize("signals", [5, {"quiet", "incident"}, "ab"])
def test_signals_that_are_no_sequence_are_refused_in_words(signals: Any) -> None:
    with pytest.raises(GameError, match="`signals` must be a sequence of names"):
        MonitoredGame(STAGE, SEEN, discount=0.8, signals=signals)


def test_a_signal_is_not_named_twice_by_name_and_position() -> None:
    names = ["quiet", "incident"]
    rows = {None: {"quiet": 0.5, 0: 0.5, "incident": 0.5}}
    with pytest.raises(GameError, match="must name each signal once, got 'quiet' twice"):
        MonitoredGame(STAGE, rows, discount=0.8, signals=names)
    play = {"peace": ("C", "C"), "war": ("D", "D")}
    after = {"peace": {"quiet": "peace", 0: "war", "incident": "war"}, "war": "war"}
    with pytest.raises(GameError, match="says twice what follows 'quiet'"):
        PublicAutomaton(GAME, play=play, after=after)


@pytest.mark.parametrize(
    "table",
    [
        np.ma.masked_array(np.full((2, 2, 2), 0.5), mask=np.arange(8).reshape(2, 2, 2) == 3),
        np.full((2, 2, 1), np.timedelta64(1, "ns")),
    ],
)
def test_missing_probabilities_and_times_are_refused(table: Any) -> None:
    with pytest.raises(GameError, match="neither missing nor a time"):
        MonitoredGame(STAGE, table, discount=0.8)


@pytest.mark.parametrize("name", [1, "", None])
def test_states_of_public_automata_are_named_by_text(name: Any) -> None:
    with pytest.raises(GameError, match="`play` must name states by text"):
        PublicAutomaton(GAME, play={name: (0, 0)}, after={name: {None: {name: 1}}})
