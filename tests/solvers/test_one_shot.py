"""The certificate of automata, against long sums and against all strategies of few periods."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.errors import GameError
from alignment_games.games import Automaton, RepeatedGame
from alignment_games.solvers import nash, verify_automaton

DILEMMA = ag.NormalFormGame.from_bimatrix(
    [[3, 0], [5, 1]], [[3, 5], [0, 1]], strategies=[["C", "D"]] * 2
)


def random_automaton(rng: Any, stage: ag.NormalFormGame, states: int) -> Automaton:
    names = [f"q{k}" for k in range(states)]

    def lottery() -> Any:
        weights = rng.integers(0, 4, states)
        weights[rng.integers(states)] += 1
        return {
            name: Fraction(int(weight), int(weights.sum()))
            for name, weight in zip(names, weights, strict=True)
        }

    return Automaton(
        stage,
        play={name: [int(rng.integers(size)) for size in stage.shape] for name in names},
        after={name: {profile: lottery() for profile in stage.profiles()} for name in names},
    )


def long_run(
    game: RepeatedGame, automaton: Automaton, first: str, changed: Any = None
) -> list[float]:
    """Add up 400 periods, with another profile in the first one if one is given."""
    law = {state: float(state == first) for state in automaton.states}
    totals = [0.0] * game.n_players
    for period in range(400):
        following = dict.fromkeys(automaton.states, 0.0)
        for state, weight in law.items():
            profile = automaton.actions[state]
            if period == 0 and changed is not None:
                profile = changed
            for who in range(game.n_players):
                factor = float(game.discounts[who])
                totals[who] += (
                    weight * (1 - factor) * factor**period
                    * float(game.stage.payoffs[(who, *profile)])
                )  # fmt: skip
            for other, p in automaton.transitions[state][profile].items():
                following[other] += weight * float(p)
        law = following
    return totals


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 2, 2), (2,)])
def test_values_and_gains_are_those_of_long_sums(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng([6, *shape])
    for _ in range(8):
        stage = ag.NormalFormGame(rng.integers(-5, 6, (len(shape), *shape)))
        factors = [Fraction(int(rng.integers(1, 10)), 11) for _ in shape]
        game = RepeatedGame(stage, discount=factors)
        automaton = random_automaton(rng, stage, int(rng.integers(1, 4)))
        found = verify_automaton(game, automaton)
        for state in automaton.states:
            expected = long_run(game, automaton, state)
            assert [float(own) for own in found.values[state]] == pytest.approx(expected)
        assert len(found.deviations) == len(automaton.states) * sum(size - 1 for size in shape)
        for own in found.deviations:
            who = stage.player_index(own.player)
            profile = list(automaton.actions[own.state])
            profile[who] = stage.strategy_index(who, own.strategy)
            worth = long_run(game, automaton, own.state, tuple(profile))[who]
            assert float(own.gain) == pytest.approx(
                worth - float(found.values[own.state][who]), abs=1e-12
            )
        gains = [own.gain for own in found.deviations]
        assert gains == sorted(gains, reverse=True)
        assert found.max_gain == max([Fraction(0), *gains])
        assert found.is_subgame_perfect == (found.max_gain == 0)


def test_a_stage_equilibrium_for_ever_is_subgame_perfect() -> None:
    rng = np.random.default_rng(4)
    pure = 0
    for _ in range(40):
        stage = ag.NormalFormGame(rng.integers(-9, 10, (2, 3, 3)))
        game = RepeatedGame(stage, discount=[0.3, 0.8])
        equilibria = {own.support for own in nash(stage).equilibria if own.is_pure}
        for profile in itertools.product(*stage.strategies):
            always = Automaton(stage, play={"always": profile}, after={"always": "always"})
            found = verify_automaton(game, always)
            is_equilibrium = tuple((own,) for own in profile) in equilibria
            assert found.is_subgame_perfect == is_equilibrium
            pure += is_equilibrium
    assert pure > 20


def test_the_path_is_what_is_played() -> None:
    game = RepeatedGame(DILEMMA, discount=0.5)
    turns = Automaton(
        DILEMMA, play={"mine": ("D", "C"), "yours": ("C", "D")},
        after={"mine": "yours", "yours": "mine"},
    )  # fmt: skip
    found = verify_automaton(game, turns)
    assert found.path(3) == (("D", "C"), ("C", "D"), ("D", "C"))
    assert found.payoffs == (Fraction(10, 3), Fraction(5, 3))
    assert str(found).startswith("Not subgame-perfect: player_2, D in mine: 0.5.")
    drawn = Automaton(DILEMMA, play={"a": (0, 0), "b": (1, 1)}, after={
        "a": {"a": 0.5, "b": 0.5}, "b": "b",
    })  # fmt: skip
    with pytest.raises(GameError, match="no single path: a lottery is drawn after 'a'"):
        verify_automaton(game, drawn).path(2)


def test_what_is_refused() -> None:
    game = RepeatedGame(DILEMMA, discount=0.5)
    other = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    always = Automaton(other, play={"always": (0, 0)}, after={"always": "always"})
    with pytest.raises(GameError, match="`automaton` must be one of the stage game of `game`"):
        verify_automaton(game, always)
    bad: Any = DILEMMA
    with pytest.raises(GameError, match="`game` must be of type RepeatedGame, got NormalFormGame"):
        verify_automaton(bad, always)
    with pytest.raises(GameError, match="`automaton` must be of type Automaton"):
        verify_automaton(game, bad)


def test_paths_have_a_whole_number_of_periods() -> None:
    stay = Automaton(DILEMMA, play={"peace": ("C", "C")}, after={"peace": "peace"})
    play = verify_automaton(RepeatedGame(DILEMMA, discount=0.5), stay)
    assert play.path(0) == ()
    assert play.path(2) == (("C", "C"),) * 2
    for wrong in (-1, 1.5, None, True):
        with pytest.raises(GameError, match="`periods` must be an integer from 0 to 1000000, got"):
            play.path(wrong)  # type: ignore[arg-type]
