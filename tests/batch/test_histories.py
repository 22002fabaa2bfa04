"""Simulated histories: shares and payoffs against the exact law of the states."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games._typing import FloatArray
from alignment_games.batch import simulate
from alignment_games.batch._chains import Lottery
from alignment_games.errors import GameError, ParameterError, ProfileError, WorkLimitError
from alignment_games.games import (
    Automaton,
    MonitoredGame,
    PublicAutomaton,
    RepeatedGame,
    StochasticGame,
)
from alignment_games.solvers import (
    attaining_automaton,
    attaining_public_automaton,
    finite_horizon,
    markov_perfect,
    public_perfect_payoffs,
    repeated_payoffs,
    verify_automaton,
    verify_public_automaton,
)

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


def patron() -> StochasticGame:
    """Return a game of two players in three states that differ in size; the last one absorbs."""
    return StochasticGame(
        payoffs=[
            [[[2, 0], [3, 1]], [[2, 3], [0, 1]]],
            [[[1, 4, 0]], [[0, 1, 2]]],
            [[[-1]], [[1]]],
        ],
        transitions=[
            [[[0.7, 0.2, 0.1], [0, 1, 0]], [[0.5, 0.5, 0], [0.25, 0.25, 0.5]]],
            [[[0.6, 0.4, 0], [0, 1, 0], [0.3, 0.3, 0.4]]],
            [[[0, 0, 1]]],
        ],
        discount=[0.8, 0.9],
        states=["engaged", "away", "over"],
    )


MIXED: list[Any] = [[[0.3, 0.7], [0.6, 0.4]], [[1], [0.2, 0.5, 0.3]], [[1], [1]]]


def test_markov_strategies_agree_with_exact_values_within_standard_errors() -> None:
    game = patron()
    # Values by value iteration, apart from the package's solvers.
    play = [np.multiply.outer(*map(np.array, own)) for own in MIXED]
    moves = np.array(
        [np.tensordot(p, t, axes=2) for p, t in zip(play, game.transitions, strict=True)]
    )
    earned = np.array(
        [
            [(p * own).sum() for own in stage.payoffs]
            for p, stage in zip(play, game.stages, strict=True)
        ]
    )
    values = np.zeros((3, 2))
    for _ in range(400):
        values = earned + moves @ values * [0.8, 0.9]
    start = np.array([0.25, 0.75, 0])
    ds = simulate(
        game, MIXED, periods=300, histories=20_000, rng=2, start={"engaged": 0.25, "away": 0.75}
    )
    assert (np.abs(ds.discounted_mean - start @ values) < 4 * ds.discounted_error).all()
    assert (ds.discounted_error < 0.1).all()
    wanted = start @ values * [0.2, 0.1]
    assert (np.abs(ds.average_mean - wanted) < 4 * ds.average_error).all()
    law = start
    for period in range(20):
        noise = 4 * np.sqrt(law * (1 - law) / 20_000) + 1e-12
        assert (np.abs(ds.state_share[period] - law) < noise).all()
        gap = np.abs(ds.payoff_mean[period] - law @ earned)
        assert (gap < 4 * ds.payoff_error[period]).all()
        law = law @ moves
    assert ds.state_share.sel(state="over").values[-1] == 1
    shares = ds.profile_share.groupby(ds.profile.str.split("side", ": ").isel(side=0)).sum()
    np.testing.assert_allclose(shares.sum("profile"), 1)
    assert ds.profile.values[4] == "away: s1, s1"
    assert ds.attrs["discount_left"] == pytest.approx([0.8**300, 0.9**300])


def test_standard_errors_are_those_of_the_mean() -> None:
    """Of 200 sets of histories, some 95 in 100 have the exact mean within two errors."""
    game = RepeatedGame(DILEMMA, discount=0.9)
    profile = [[0.5, 0.5], [0.25, 0.75]]
    exact = ag.solvers.expected_payoffs(DILEMMA, profile)
    inside = np.zeros(2)
    for seed in range(200):
        ds = simulate(game, profile, periods=30, histories=50, rng=seed)
        inside += np.abs(ds.average_mean - np.array(exact, float)) < 2 * ds.average_error
        np.testing.assert_allclose(
            ds.average_error, ds.average.std("history", ddof=1) / np.sqrt(50)
        )
    assert (inside >= 180).all()
    assert (inside < 200).all()
    alone = simulate(game, profile, periods=2, rng=0)
    assert np.isnan(alone.average_error).all()
    assert np.isnan(alone.payoff_error).all()


def test_the_certificate_is_among_the_attributes() -> None:
    game = patron()
    (branch,) = markov_perfect(game, "logit").equilibria
    assert simulate(game, branch, periods=2).attrs["max_gain"] < 1e-9
    ds = simulate(game, MIXED, periods=2)
    gains = ag.verify(game, MIXED)
    assert ds.attrs["max_gain"] == pytest.approx(float(max(max(own) for own in gains)))
    assert ds.attrs["subgame_perfect"] == 0
    assert ds.attrs["strategies"] == "stationary"
    repeated = RepeatedGame(DILEMMA, discount=0.9)
    assert simulate(repeated, ["D", "D"], periods=1).attrs["subgame_perfect"] == 1
    # One period of defection gains 2 of 3, a tenth of which is the gain of the average.
    assert simulate(repeated, ["C", "C"], periods=1).attrs["max_gain"] == pytest.approx(0.2)


def test_a_payoff_that_is_attained_is_what_histories_earn() -> None:
    found = repeated_payoffs(RepeatedGame(DILEMMA, discount=0.4))
    attained = attaining_automaton(found, (2.5, 2.5))
    ds = simulate(found.game, attained, periods=40, histories=20_000, rng=4)
    assert (np.abs(ds.average_mean - 2.5) < 4 * ds.average_error + 1e-12).all()
    assert ds.attrs["subgame_perfect"] == 1
    play = found.play
    assert play is not None
    for state, values in play.values.items():
        ds = simulate(found.game, play, start=state, periods=40, histories=5_000, rng=4)
        exact = np.array(values, float)
        assert (np.abs(ds.average_mean - exact) < 4 * ds.average_error + 1e-12).all()


def test_lotteries_never_draw_what_has_no_probability() -> None:
    laws = [np.array([0, 0.1, 0, 0.9, 0]), np.array([1.0]), np.array([0, 0, 1 / 3, 2 / 3])]
    lottery = Lottery.of(laws)
    source = np.random.default_rng(0)
    which = source.integers(3, size=100_000)
    found = lottery.drawn(which, source) - lottery.first[which]
    for k, law in enumerate(laws):
        share = np.bincount(found[which == k], minlength=len(law)) / (which == k).sum()
        assert (share[law == 0] == 0).all()
        np.testing.assert_allclose(share, law, atol=0.01)

    class Highest:
        """A source that always draws the largest float below 1."""

        def random(self, size: int) -> FloatArray:
            return np.full(size, 1 - 2.0**-53)

    highest: Any = Highest()
    every = np.arange(3)
    # 2 plus that number is 3: still the third distribution.
    assert (lottery.drawn(every, highest) - lottery.first).tolist() == [3, 0, 3]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"start": "gone"}, GameError, "`start` names an unknown state 'gone'"),
        ({"start": 3}, GameError, "`start` names an unknown state 3"),
        ({"start": {"away": 0.5}}, GameError, "`start` must hold probabilities that sum to 1"),
        ({"start": {"away": 2, "over": -1}}, GameError, "`start` must hold probabilities that"),
        ({"start": {"away": "1"}}, GameError, "`start` must hold probabilities of states, got"),
        ({"start": ["away"]}, GameError, r"`start` must be a state or probabilities of states"),
        ({"strategies": GRIM}, ProfileError, "must be a MarkovEquilibrium or one .* got Automaton"),
        ({"strategies": MIXED[:2]}, ProfileError, "`strategies` must hold one profile for each of"),
        ({"strategies": [["s9", "s1"], *MIXED[1:]]}, ProfileError, "state 'engaged': "),
        ({"histories": 2**25}, ParameterError, "`histories` must be an integer from 1 to 16777216"),
        ({"periods": 2**26}, WorkLimitError, r"more than 2\*\*27 numbers; play fewer periods"),
    ],
)
def test_bad_arguments_for_stochastic_games(options: Any, error: type, message: str) -> None:
    given = {"strategies": MIXED, "periods": 3} | options
    with pytest.raises(error, match=message):
        simulate(patron(), **given)


def test_what_is_no_game_in_time() -> None:
    wrong: Any = DILEMMA
    with pytest.raises(GameError, match=r"`game` must be a RepeatedGame, .* StochasticGame, got N"):
        simulate(wrong, ["C", "C"], periods=1)
    game = RepeatedGame(DILEMMA, discount=0.9)
    with pytest.raises(GameError, match="`start` is for strategies with several states"):
        simulate(game, ["C", "C"], periods=1, start=0)
    with pytest.raises(GameError, match="`start` names an unknown state 'peas'; did you mean 'pea"):
        simulate(game, GRIM, periods=1, start="peas")
    plan = finite_horizon(patron(), 2, select="first")
    wrong = plan
    with pytest.raises(ProfileError, match="got FiniteHorizonSolution"):
        simulate(patron(), wrong, periods=1)


RESTRAINT = ag.NormalFormGame.from_bimatrix([[2, 0], [3, 1]], [[2, 3], [0, 1]])
INCIDENTS = MonitoredGame(
    RESTRAINT,
    {(0, 0): {"quiet": 0.9, "incident": 0.1}, None: {"quiet": 0.4, "incident": 0.6}},
    discount=0.9,
)


def test_public_automata_are_played_by_what_is_seen() -> None:
    half = PublicAutomaton(
        INCIDENTS,
        play={"peace": (0, 0), "war": (1, 1)},
        after={"peace": {"quiet": "peace", "incident": {"peace": 0.5, "war": 0.5}}, "war": "war"},
    )
    play = verify_public_automaton(INCIDENTS, half)
    ds = simulate(INCIDENTS, half, periods=150, histories=40_000, rng=3)
    # An incident in peace, and then war every other time: peace lasts with probability 0.95.
    lasting = 0.95 ** np.arange(150)
    assert np.abs(ds.state_share.sel(state="peace").values - lasting).max() < 0.01
    missed = np.abs(ds.average_mean.values - np.array(play.payoffs, dtype=float))
    assert (missed < 5 * ds.average_error.values).all()
    assert ds.attrs["public_perfect"] == int(play.is_public_perfect)
    assert "subgame_perfect" not in ds.attrs
    assert ds.attrs["max_gain"] == float(play.max_gain)
    same = simulate(INCIDENTS, play, periods=150, histories=40_000, rng=3)
    assert same.identical(ds)


def test_public_mistakes_bring_more_incidents() -> None:
    grim = PublicAutomaton(
        INCIDENTS,
        play={"peace": (0, 0), "war": (1, 1)},
        after={"peace": {"quiet": "peace", "incident": "war"}, "war": "war"},
    )
    ds = simulate(INCIDENTS, grim, periods=2, histories=100_000, mistakes=(0.2, 0), rng=1)
    quiet = 0.8 * 0.9 + 0.2 * 0.4
    assert float(ds.state_share.values[1, 0]) == pytest.approx(quiet, abs=0.007)


def test_attained_public_payoffs_and_profiles_are_played() -> None:
    attained = attaining_public_automaton(public_perfect_payoffs(INCIDENTS), (1.4, 1.4))
    ds = simulate(INCIDENTS, attained, periods=200, histories=20_000, rng=2)
    assert (np.abs(ds.average_mean.values - 1.4) < 5 * ds.average_error.values + 1e-8).all()
    steady = simulate(INCIDENTS, ["s2", "s2"], periods=3)
    assert steady.attrs["public_perfect"] == 1
    assert steady.average_mean.values == pytest.approx([1, 1])


def test_automata_of_the_other_kind_of_monitoring_are_refused() -> None:
    public = PublicAutomaton(INCIDENTS, play={"war": (1, 1)}, after={"war": "war"})
    for game, strategies in ((INCIDENTS, GRIM), (RepeatedGame(DILEMMA, discount=0.9), public)):
        with pytest.raises(GameError, match="`automaton` must be of type"):
            simulate(game, strategies, periods=2)


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid")
def test_gains_beyond_the_range_of_floats_are_infinite() -> None:
    wide = ag.NormalFormGame.from_bimatrix([[1e308], [-1e308]], [[0], [0]])
    ds = simulate(RepeatedGame(wide, discount=1e-9), ["s2", "s1"], periods=2)
    assert ds.attrs["max_gain"] == np.inf
    assert not ds.attrs["subgame_perfect"]
