"""Simulated histories: shares and payoffs against the exact law of the states."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games._typing import FloatArray
from alignment_games.batch import simulate
from alignment_games.errors import GameError, ParameterError, WorkLimitError
from alignment_games.games import Automaton, RepeatedGame
from alignment_games.solvers import verify_automaton

DILEMMA = ag.NormalFormGame.from_bimatrix(
    [[3, 0], [5, 1]], [[3, 5], [0, 1]], strategies=[["C", "D"]] * 2
)
GRIM = Automaton(
    DILEMMA,
    play={"peace": ("C", "C"), "war": ("D", "D")},
    after={"peace": {("C", "C"): "peace", None: "war"}, "war": "war"},
)


def three_states() -> tuple[RepeatedGame, Automaton]:
    """Return a game of three players with lotteries between three states."""
    rng = np.random.default_rng(5)
    stage = ag.NormalFormGame(rng.integers(-5, 6, (3, 2, 3, 2)))
    names = ["calm", "crisis", "war"]
    after: Any = {}
    for name in names:
        after[name] = {
            profile: dict(zip(names, map(Fraction, own, [8] * 3), strict=True))
            for profile, own in zip(
                stage.profiles(), rng.multinomial(8, [0.5, 0.3, 0.2], 12).tolist(), strict=True
            )
        }
    play = {"calm": (0, 0, 0), "crisis": (1, 2, 0), "war": (1, 1, 1)}
    return RepeatedGame(stage, discount=[0.5, 0.8, 0.9]), Automaton(stage, play=play, after=after)


def law_of_profiles(automaton: Automaton, state: str, rates: list[float]) -> FloatArray:
    law = []
    for profile in automaton.stage.profiles():
        weight = 1.0
        for who, own in enumerate(profile):
            size = automaton.stage.shape[who]
            right = own == automaton.actions[state][who]
            weight *= 1 - rates[who] if right else rates[who] / (size - 1)
        law.append(weight)
    return np.array(law)


def test_shares_and_payoffs_are_those_of_the_law() -> None:
    game, automaton = three_states()
    rates, count, length = [0.1, 0.0, 0.3], 40_000, 6
    ds = simulate(game, automaton, periods=length, histories=count, mistakes=rates, rng=1)
    law = np.eye(3)[0]
    profiles = list(automaton.stage.profiles())
    payoffs = automaton.stage.payoffs.reshape(3, -1)
    averages = np.zeros(3)
    factors = np.array([0.5, 0.8, 0.9])
    weights = np.power(factors, np.arange(float(length))[:, None])
    weights /= weights.sum(axis=0)
    noise = 5 / np.sqrt(count)  # standard deviations of a share are at most half of 1 / sqrt(n)
    for period in range(length):
        np.testing.assert_allclose(ds.state_share[period], law, atol=noise / 2)
        by_state = np.array([law_of_profiles(automaton, own, rates) for own in automaton.states])
        played = law @ by_state
        np.testing.assert_allclose(ds.profile_share[period], played, atol=noise / 2)
        mean = payoffs @ played
        np.testing.assert_allclose(ds.payoff_mean[period], mean, atol=10 * noise / 2)
        spread = np.sqrt(payoffs**2 @ played - mean**2)
        np.testing.assert_allclose(ds.payoff_std[period], spread, rtol=0.05)
        averages += weights[period] * mean
        following = np.zeros(3)
        for s, state in enumerate(automaton.states):
            for p, profile in enumerate(profiles):
                for other, weight in automaton.transitions[state][profile].items():
                    place = automaton.states.index(other)
                    following[place] += law[s] * by_state[s, p] * float(weight)
        law = following
    np.testing.assert_allclose(ds.average.mean("history"), averages, atol=10 * noise / 2)


def test_without_mistakes_and_lotteries_it_is_the_path() -> None:
    turns = Automaton(
        DILEMMA, play={"mine": ("D", "C"), "yours": ("C", "D"), "both": ("C", "C")},
        after={"mine": "yours", "yours": "both", "both": "mine"},
    )  # fmt: skip
    game = RepeatedGame(DILEMMA, discount=[0.9, 0.5])
    ds = simulate(game, turns, periods=200, histories=3, record=True)
    path = [", ".join(own) for own in verify_automaton(game, turns).path(200)]
    for history in range(3):
        assert ds.profile.values[ds.played[history]].tolist() == path
    exact = [float(own) for own in verify_automaton(game, turns).payoffs]
    np.testing.assert_allclose(ds.average, [exact] * 3, atol=1e-8)
    assert (ds.payoff_std == 0).all()


def test_the_seed_is_kept_and_repeats_the_histories() -> None:
    game = RepeatedGame(DILEMMA, discount=0.9)
    options: Any = {"periods": 30, "histories": 50, "mistakes": 0.05, "record": True}
    first = simulate(game, GRIM, **options)
    again = simulate(game, GRIM, rng=first.attrs["seed"], **options)
    np.testing.assert_array_equal(first.played, again.played)
    drawn = [simulate(game, GRIM, rng=np.random.default_rng(k), **options) for k in (1, 1, 2)]
    np.testing.assert_array_equal(drawn[0].played, drawn[1].played)
    assert (drawn[0].played != drawn[2].played).any()
    assert first.attrs["subgame_perfect"] == 1
    assert first.attrs["mistakes"] == [0.05, 0.05]


def test_one_mistake_ends_grim_trigger_for_ever() -> None:
    game = RepeatedGame(DILEMMA, discount=0.9)
    ds = simulate(game, GRIM, periods=40, histories=20_000, mistakes=[0.02, 0.03], rng=3)
    expected = (0.98 * 0.97) ** np.arange(40)
    np.testing.assert_allclose(ds.state_share.sel(state="peace"), expected, atol=0.02)
    always = simulate(game, GRIM, periods=2, mistakes=1, rng=0)
    assert always.profile_share.sel(profile="D, D").values.tolist() == [1, 0]
    assert always.profile_share.sel(profile="C, C").values.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"periods": 0}, ParameterError, "`periods` must be an integer from 1"),
        ({"periods": 1.5}, ParameterError, "`periods` must be an integer from 1"),
        ({"histories": 0}, ParameterError, "`histories` must be an integer from 1"),
        ({"mistakes": 1.5}, ParameterError, "`mistakes` must hold probabilities from 0 to 1"),
        ({"mistakes": "0.1"}, ParameterError, "`mistakes` must hold probabilities from 0 to 1"),
        ({"mistakes": [0.1]}, GameError, "`mistakes` must be one number, or one for each of"),
        ({"rng": "1"}, ParameterError, "`rng` must be None, a numpy.random.Generator"),
        ({"record": 1}, GameError, "`record` must be True or False"),
        ({"periods": 2**20, "histories": 2**12}, WorkLimitError, r"up to 2\*\*31 periods are pl"),
        (
            {"periods": 2**15, "histories": 2**14, "record": True},
            WorkLimitError,
            r"up to 2\*\*28 periods are recorded",
        ),
    ],
)
def test_bad_arguments_are_described(options: Any, error: type, message: str) -> None:
    game = RepeatedGame(DILEMMA, discount=0.9)
    with pytest.raises(error, match=message):
        simulate(game, GRIM, **({"periods": 3} | options))
