"""Bayes-Nash equilibria: certificates, invariances, equal forms, and games of the textbooks."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

import alignment_games as ag
from alignment_games._typing import Profile
from alignment_games.errors import GameError, ProfileError
from alignment_games.games import BayesianGame, StochasticGame
from alignment_games.solvers import (
    Solution,
    Status,
    bayes_nash,
    expected_payoffs,
    interim_payoffs,
    nash,
)

F = Fraction
TYPES = ((2, 2), (1, 2), (2, 1), (1, 3))


def random_game(
    seed: int, types: tuple[int, ...], actions: tuple[int, ...], size: int = 9
) -> BayesianGame:
    """Return a game of small integers with a correlated prior without zeros."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(1, 5, size=types)
    total = int(weights.sum())
    prior = np.array([F(int(w), total) for w in weights.flat], dtype=object).reshape(types)
    names = [[f"t{k}" for k in range(count)] for count in types]
    payoffs = {
        where: rng.integers(-size, size + 1, size=(len(types), *actions)).tolist()
        for where in itertools.product(*names)
    }
    return BayesianGame(payoffs, prior, types=names)


def plays(solution: Solution) -> set[Profile]:
    return {eq.profile for eq in solution.equilibria}


def flat(profile: Profile) -> list[float]:
    return [float(p) for vector in profile for p in vector]


def entry(probability: Fraction, cost: int) -> BayesianGame:
    """Return entry against an incumbent that knows its own cost of fighting.

    Staying out earns the incumbent 2. After entry, it shares (1 each) or fights, which costs the
    entrant 1 and leaves a soft incumbent -1, a tough one `cost` more than sharing.
    """

    def stage(fight: int) -> list[list[list[int]]]:
        return [[[0, 0], [1, -1]], [[2, 2], [1, fight]]]

    return BayesianGame(
        [[stage(-1), stage(1 + cost)]],
        [[1 - probability, probability]],
        players=["entrant", "incumbent"],
        types=[["entrant"], ["soft", "tough"]],
        strategies=[[["stay out", "enter"]], [["share", "fight"]] * 2],
    )


def test_entry_depends_on_how_likely_a_tough_incumbent_is() -> None:
    # Against a soft incumbent who shares and a tough one who fights entry earns 1 - 2p.
    rare = bayes_nash(entry(F(1, 4), 1))
    assert rare.status is Status.COMPLETE
    assert [eq.support for eq in rare.equilibria if eq.support[0] == ("enter",)] == [
        (("enter",), ("share",), ("fight",))
    ]
    likely = bayes_nash(entry(F(3, 4), 1))
    assert all(eq.support[0] == ("stay out",) for eq in likely.equilibria)
    fights = {eq.probabilities("incumbent of type tough")["fight"] for eq in likely.equilibria}
    assert max(fights) == 1


def test_staying_out_is_a_continuum_of_threats() -> None:
    # Nobody enters, so a type's answer is free as long as entry does not pay: the fights, weighted
    # with the prior, are at least 1/2. Types' probabilities of fighting (s, t) with p = 3/4:
    # (1/4)s + (3/4)t >= 1/2 cuts the square in a polygon with corners (0, 2/3), (0, 1), (1, 1) and
    # (1, 1/3).
    found = bayes_nash(entry(F(3, 4), 1))
    (component,) = found.components
    (part,) = component.subsets
    assert component.dimension == 2
    fights = {(vertex[1], vertex[3]) for vertex in part.vertices[1]}
    assert {(0, F(2, 3)), (0, 1), (1, 1), (1, F(1, 3))} <= fights
    assert all(s / 4 + 3 * t / 4 >= F(1, 2) for s, t in fights)
    assert part.representative[0] == (1, 0)
    for corner in part.corners:
        assert not any(ag.verify(found.game, corner))
    assert found.degenerate
    assert component.index == 1


def test_purification_of_a_mixed_equilibrium() -> None:
    # Matching pennies in which each player has a small private taste for its first action, up or
    # down with equal chance (J. C. Harsanyi 1973, Games with randomly disturbed payoffs,
    # International Journal of Game Theory 2, 1-23, doi:10.1007/BF01737554): play becomes pure,
    # and each player's average is that of the mixed equilibrium.
    taste = F(1, 100)

    def stage(row: int, column: int) -> list[list[list[Fraction]]]:
        first = [[1 + row * taste, -1 + row * taste], [F(-1), F(1)]]
        second = [[-1 + column * taste, F(1)], [1 + column * taste, F(-1)]]
        return [first, second]

    game = BayesianGame(
        [[stage(a, b) for b in (1, -1)] for a in (1, -1)],
        [[F(1, 4)] * 2] * 2,
        types=[["likes", "dislikes"]] * 2,
    )
    found = bayes_nash(game)
    assert found.status is Status.COMPLETE
    (equilibrium,) = found.equilibria
    assert equilibrium.is_pure
    assert equilibrium.profile == ((1, 0), (0, 1), (1, 0), (0, 1))
    assert not found.degenerate
    assert [own.index for own in found.components] == [1]


def test_correlated_types_change_beliefs() -> None:
    # Each player wants to match the other's type, which it knows from its own where types are
    # the same, and cannot know where they are independent.
    def stage(row: int, column: int) -> list[list[list[int]]]:
        first = [[int(column == 0)] * 2, [int(column == 1)] * 2]
        second = [[int(row == 0), int(row == 1)]] * 2
        return [first, second]

    payoffs = [[stage(a, b) for b in (0, 1)] for a in (0, 1)]
    same = bayes_nash(BayesianGame(payoffs, [[F(2, 5), F(1, 10)], [F(1, 10), F(2, 5)]]))
    (equilibrium,) = same.equilibria
    assert equilibrium.profile == ((1, 0), (0, 1), (1, 0), (0, 1))
    assert equilibrium.payoffs == (F(4, 5), F(4, 5))
    opposite = bayes_nash(BayesianGame(payoffs, [[F(1, 10), F(2, 5)], [F(2, 5), F(1, 10)]]))
    assert plays(opposite) == {((0, 1), (1, 0), (0, 1), (1, 0))}
    independent = bayes_nash(BayesianGame(payoffs, [[F(1, 4)] * 2] * 2))
    assert independent.components[0].dimension == 4
    assert {eq.payoffs for eq in independent.equilibria} == {(F(1, 2), F(1, 2))}


@pytest.mark.parametrize("types", TYPES)
@pytest.mark.parametrize("seed", range(4))
def test_all_forms_have_the_same_equilibria(types: tuple[int, int], seed: int) -> None:
    game = random_game(seed, types, (2, 2))
    plans, agents = bayes_nash(game), bayes_nash(game, "agent-form")
    assert plans.status is Status.COMPLETE
    assert plans.exact
    assert plans.max_regret == 0
    assert sum(own.index for own in plans.components) == 1
    if not plans.degenerate:
        assert agents.status is Status.COMPLETE
        assert len(agents.equilibria) == len(plans.equilibria)
        assert max(map(float, [agents.max_regret])) < 1e-12
        for own in plans.equilibria:
            assert any(
                np.allclose(flat(own.profile), flat(other.profile)) for other in agents.equilibria
            )
    # In the tree, the sets carry the names of the agents; a payoff vector is one of an equilibrium.
    tree = nash(game.tree().normal_form())
    assert {eq.payoffs for eq in tree.equilibria} == {eq.payoffs for eq in plans.equilibria}


@pytest.mark.parametrize("seed", range(3))
def test_what_is_listed_passes_in_the_agent_form(seed: int) -> None:
    game = random_game(seed, (2, 2), (2, 3), size=3)
    found, agents = bayes_nash(game), game.agent_form()
    for own in found.equilibria:
        assert ag.verify(agents, own.profile) == own.regret == (0,) * 4
    for component in found.components:
        for part in component.subsets:
            assert not any(ag.verify(game, part.representative))
            assert set(part.corners) <= plays(found)


@pytest.mark.parametrize("types", [(2, 2), (2, 1, 2)])
def test_interim_regrets_average_to_ex_ante_regret(types: tuple[int, ...]) -> None:
    game = random_game(5, types, (2,) * len(types))
    rng = np.random.default_rng(6)
    plans = game.strategic_form()
    for _ in range(5):
        weights = [rng.integers(1, 6, size=size) for size in plans.shape]
        mixed = [[F(int(w), int(own.sum())) for w in own] for own in weights]
        play = game.from_plans(mixed)
        interim = ag.verify(game, play)
        values = interim_payoffs(game, play)
        masses = [
            sum(p for where, p in game.exact_prior.items() if where[who] == game.types[who][k])
            for who, k in game.agent_types
        ]
        for who in range(game.n_players):
            own = [k for k, (player, _) in enumerate(game.agent_types) if player == who]
            assert sum(masses[k] * interim[k] for k in own) == ag.verify(plans, mixed)[who]
            mean = sum(masses[k] * values[k] for k in own)
            assert mean == expected_payoffs(game, play)[who] == expected_payoffs(plans, mixed)[who]


def test_types_can_be_listed_in_any_order() -> None:
    game = random_game(7, (2, 3), (2, 2))
    flipped = BayesianGame(
        game.stages, dict(game.prior), types=[game.types[0][::-1], game.types[1][::-1]]
    )

    def named(found: Solution) -> set[frozenset[tuple[str, tuple[object, ...]]]]:
        return {frozenset(zip(eq.game.agents, eq.profile, strict=True)) for eq in found.equilibria}

    assert named(bayes_nash(game)) == named(bayes_nash(flipped))


def test_payoffs_of_a_type_may_be_rescaled() -> None:
    # Affine changes of a player's payoffs that depend on its own type alone change no best reply.
    game = random_game(8, (2, 2), (2, 2))
    changed = {}
    for where, stage in game.stages.items():
        factor, shift = (2, 5) if where[0] == "t0" else (7, -1)
        payoffs = stage.exact_payoffs.copy()
        payoffs[0] = payoffs[0] * factor + shift
        changed[where] = payoffs
    rescaled = BayesianGame(changed, dict(game.prior), types=game.types)
    assert plays(bayes_nash(game)) == plays(bayes_nash(rescaled))


def test_what_is_impossible_changes_nothing() -> None:
    game = random_game(9, (2, 2), (2, 2))
    stages = dict(game.stages)
    for name in game.types[0]:
        stages[name, "ghost"] = stages[name, "t0"]
    wider = BayesianGame(stages, dict(game.prior), types=[game.types[0], [*game.types[1], "ghost"]])
    assert wider.agents == game.agents
    assert plays(bayes_nash(wider)) == plays(bayes_nash(game))


def test_one_type_a_player_is_the_game_itself() -> None:
    stage = ag.NormalFormGame.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]])
    game = BayesianGame([[stage]], [[1]])
    found = ag.solve(game)
    assert plays(found) == plays(nash(stage))
    assert [own.index for own in found.components] == [own.index for own in nash(stage).components]


def test_floats_in_floats_out() -> None:
    game = random_game(10, (2, 2), (2, 2))
    prior = {("t0", "t0"): 0.1, ("t0", "t1"): 0.2, ("t1", "t0"): 0.3, ("t1", "t1"): 0.4}
    floating = BayesianGame(game.stages, prior, types=game.types)
    found, exactly = ag.solve(floating), ag.solve(floating, exact=True)
    assert not found.exact
    assert exactly.exact
    assert exactly.game == floating.as_exact()
    assert found.max_regret < 1e-12
    for own, other in zip(found.equilibria, exactly.equilibria, strict=True):
        assert all(type(p) is float for vector in own.profile for p in vector)
        assert flat(own.profile) == pytest.approx(flat(other.profile), abs=1e-15)


def test_three_players_go_by_their_types() -> None:
    game = random_game(11, (2, 1, 1), (2, 2, 2))
    found = ag.solve(game)
    assert found.method == "agent-form"
    assert found.status is Status.COMPLETE
    assert found.equilibria
    assert found.families
    assert found.max_regret < 1e-9
    assert all(eq.game is found.game for own in found.families for eq in own.equilibria)


def test_one_player_decides_type_by_type() -> None:
    game = BayesianGame([[[1, 0]], [[0, 1]], [[2, 2]]], [F(1, 2), F(1, 4), F(1, 4)])
    found = ag.solve(game)
    assert found.status is Status.COMPLETE
    assert plays(found) == {((1, 0), (0, 1), (1, 0)), ((1, 0), (0, 1), (0, 1))}


def test_wrong_questions_are_named() -> None:
    game = entry(F(1, 4), 1)
    with pytest.raises(GameError, match="no method 'strategic' for a Bayesian game of 2 players"):
        bayes_nash(game, "strategic")
    with pytest.raises(GameError, match="'strategic-form' is not for a Bayesian game of 1 player;"):
        ag.solve(BayesianGame([[[1]]], [1]), "strategic-form")
    with pytest.raises(GameError, match="must be a BayesianGame, got StochasticGame"):
        bayes_nash(StochasticGame([[[1, 2]]], [[[1], [1]]], 0.5))  # type: ignore[arg-type]
    with pytest.raises(GameError, match="must be a BayesianGame"):
        interim_payoffs(game.agent_form(), [[1, 0]])  # type: ignore[arg-type]
    with pytest.raises(GameError, match="`exact` must be"):
        bayes_nash(game, exact="yes")  # type: ignore[arg-type]
    with pytest.raises(ProfileError, match="'incumbent of type tough' has no action"):
        ag.verify(game, ["enter", "share", "shoot"])
    equilibrium = next(eq for eq in bayes_nash(game).equilibria if eq.is_pure)
    with pytest.raises(ValueError, match="chance draws the types"):
        _ = equilibrium.path


def test_the_concept_has_its_source() -> None:
    assert "10.1287/mnsc.14.5.320" in ag.cite(bayes_nash(entry(F(1, 4), 1)))
