"""Bayesian games as data: prior, beliefs, forms, and what is refused."""

from __future__ import annotations

import copy
import itertools
import pickle
from fractions import Fraction

import numpy as np
import pytest

from alignment_games.errors import GameError, WorkLimitError
from alignment_games.games import BayesianGame, Chance, NormalFormGame

F = Fraction


def random_game(
    rng: np.random.Generator, types: tuple[int, ...], actions: tuple[int, ...]
) -> BayesianGame:
    """Return a game of small integers with a correlated prior, some of it perhaps zero."""
    weights = rng.integers(0, 4, size=types)
    weights.flat[0] += 1
    total = int(weights.sum())
    prior = np.array([F(int(w), total) for w in weights.flat], dtype=object).reshape(types)
    names = [[f"t{k}" for k in range(count)] for count in types]
    payoffs = {
        where: rng.integers(-4, 5, size=(len(types), *actions)).tolist()
        for where in itertools.product(*names)
    }
    return BayesianGame(payoffs, prior, types=names)


def correlated() -> BayesianGame:
    stage = [[[1, 0], [0, 1]], [[0, 1], [1, 0]]]
    return BayesianGame(
        [[stage, stage], [stage, stage]],
        [[F(1, 2), F(1, 4)], [0, F(1, 4)]],
        types=[["low", "high"], ["weak", "strong"]],
        players=["state", "hegemon"],
    )


def test_beliefs_follow_bayes_rule() -> None:
    game = correlated()
    assert game.beliefs("state", "low") == {("weak",): F(2, 3), ("strong",): F(1, 3)}
    assert game.beliefs("state", "high") == {("weak",): 0, ("strong",): 1}
    assert game.beliefs(1, 1) == {("low",): F(1, 2), ("high",): F(1, 2)}


def test_beliefs_average_to_the_prior_of_the_others() -> None:
    game = random_game(np.random.default_rng(0), (2, 3, 2), (2, 2, 2))
    for who in range(3):
        mean: dict[tuple[str, ...], Fraction] = {}
        for own in game.possible_types[who]:
            mass = sum(p for where, p in game.exact_prior.items() if where[who] == own)
            for others, p in game.beliefs(who, own).items():
                mean[others] = mean.get(others, F(0)) + mass * F(p)
        for others, p in mean.items():
            marginal = sum(
                q
                for where, q in game.exact_prior.items()
                if where[:who] + where[who + 1 :] == others
            )
            assert p == marginal


def test_float_priors_stand_for_decimals() -> None:
    game = BayesianGame([[[1]], [[2]], [[3]]], [0.1, 0.2, 0.7])
    assert not game.exact
    assert list(game.exact_prior.values()) == [F(1, 10), F(1, 5), F(7, 10)]
    assert game.as_exact().exact
    assert game.as_exact() != game
    assert isinstance(game.prior["type_1",], float)


@pytest.mark.parametrize(
    ("prior", "message"),
    [
        ([0.5, 0.6], "sum to exactly 1, got 1.1"),
        ([F(1, 3), F(1, 3)], "sum to exactly 1, got 2/3"),
        ([1 / 3, 2 / 3 + 1e-9], "thirds as Fractions"),
        ([1.5, -0.5], r"negative probability: \('type_2',\) has -0.5"),
        ([float("nan"), 1], "finite real numbers"),
        (["a", "b"], "finite real numbers"),
        ([], "one axis a player"),
        (0.5, "one axis a player"),
        ({("type_1",): 1}, "`types` must name"),
        (np.ma.masked_array([0.5, 0.5], [True, False]), "neither missing"),
    ],
)
def test_bad_priors_are_named(prior: object, message: str) -> None:
    with pytest.raises(GameError, match=message):
        BayesianGame([[[1]], [[1]]], prior)


def test_a_mapping_names_type_profiles() -> None:
    stage = [[[1, 0]], [[0, 1]]]
    types = [["a"], ["x", "y"]]
    game = BayesianGame(
        {("a", "x"): stage, ("a", "y"): stage}, {("a", "y"): 0.25, ("a", "x"): 0.75}, types=types
    )
    assert game == BayesianGame([[stage, stage]], [[0.75, 0.25]], types=types)
    with pytest.raises(GameError, match="no type profile with"):
        BayesianGame([[stage, stage]], {("a", "z"): 1}, types=types)
    with pytest.raises(GameError, match=r"missing: \('a', 'y'\)"):
        BayesianGame({("a", "x"): stage}, [[0.75, 0.25]], types=types)
    with pytest.raises(GameError, match="unknown"):
        BayesianGame(
            {("a", "x"): stage, ("a", "y"): stage, ("b", "x"): stage}, [[1, 0]], types=types
        )


def test_strategies_may_depend_on_the_own_type_alone() -> None:
    two, three = [[[1, 0]], [[0, 1]]], [[[1, 0, 2]], [[0, 1, 2]]]
    game = BayesianGame([[two, three]], [[0.5, 0.5]])
    assert [len(own) for own in game.strategies[1]] == [2, 3]
    assert [len(own) for own in game.actions] == [1, 2, 3]
    with pytest.raises(GameError, match="player_2 of type 'type_1' the same strategies"):
        BayesianGame([[two], [three]], [[0.5], [0.5]])


def test_players_and_payoffs_must_fit() -> None:
    with pytest.raises(GameError, match="2 players have types, 1 have payoffs"):
        BayesianGame([[[[1]]]], [[1]])
    with pytest.raises(GameError, match="level 2 must hold 2 entries"):
        BayesianGame([[[[[1]], [[1]]]]], [[0.5, 0.5]])
    stage = NormalFormGame([[1]], players=["A"])
    with pytest.raises(GameError, match="leave out `players`"):
        BayesianGame([stage], [1], players=["A"])
    with pytest.raises(GameError, match="same players"):
        BayesianGame([stage, NormalFormGame([[1]])], [0.5, 0.5])
    with pytest.raises(GameError, match=r"`types\[0\]` must hold different names"):
        BayesianGame([stage, stage], [0.5, 0.5], types=[["a", "a"]])
    with pytest.raises(GameError, match="one list of names a player"):
        BayesianGame([stage, stage], [0.5, 0.5], types=[["a", "b"], ["c"]])
    with pytest.raises(GameError, match="`strategies` must hold"):
        BayesianGame([[[1]], [[1]]], [0.5, 0.5], strategies=[[["s"]]])


def test_a_type_of_probability_zero_is_no_agent() -> None:
    stage = [[[1, 0], [0, 1]], [[0, 1], [1, 0]]]
    game = BayesianGame(
        [[stage, stage]], [[1, 0]], types=[["t"], ["real", "imagined"]], players=["A", "B"]
    )
    assert game.impossible_types == ((), ("imagined",))
    assert game.possible_types == (("t",), ("real",))
    assert game.agents == ("A", "B of type real")
    assert game.strategic_form().strategies == (("s1", "s2"), ("s1", "s2"))
    assert game.agent_form().shape == (2, 2)
    with pytest.raises(GameError, match="'imagined' has probability zero"):
        game.beliefs("B", "imagined")
    with pytest.raises(GameError, match="unknown type of B"):
        game.beliefs("B", "other")
    root = game.tree().root
    assert isinstance(root, Chance)
    assert list(root.branches) == ["t, real"]


def test_the_tree_has_the_same_strategic_form() -> None:
    rng = np.random.default_rng(1)
    for types, actions in (
        ((2, 2), (2, 3)),
        ((1, 3), (2, 2)),
        ((2, 1, 2), (2, 2, 2)),
        ((2,), (3,)),
    ):
        game = random_game(rng, types, actions)
        tree = game.tree()
        assert tree.has_perfect_recall
        from_tree, own = tree.normal_form(), game.strategic_form()
        assert tree.exact
        # Sets come in the order of play in a tree, so that plans may be listed in another order.
        labels = [node.information_set for _, node in tree.decisions()]
        order = list(dict.fromkeys(labels))
        assert sorted(map(str, order)) == sorted(game.agents)
        for who in range(game.n_players):
            mine = [
                name
                for name, (player, _) in zip(game.agents, game.agent_types, strict=True)
                if player == who
            ]
            met = [name for name in order if name in mine]
            place = {name: k for k, name in enumerate(mine)}
            sizes = [
                len(menu)
                for menu, (player, _) in zip(game.actions, game.agent_types, strict=True)
                if player == who
            ]
            positions = [
                int(
                    np.ravel_multi_index(
                        tuple(plan[met.index(name)] for name in mine), tuple(sizes)
                    )
                )
                for plan in itertools.product(*(range(sizes[place[str(name)]]) for name in met))
            ]
            own = own.restrict(who, positions)
        assert np.array_equal(from_tree.exact_payoffs, own.exact_payoffs)


def test_agents_earn_what_their_type_expects() -> None:
    game = random_game(np.random.default_rng(2), (2, 2), (2, 2))
    agents, plans = game.agent_form(), game.strategic_form()
    mass = [
        sum(p for where, p in game.exact_prior.items() if where[who] == game.types[who][k])
        for who, k in game.agent_types
    ]
    for profile in agents.profiles():
        own = [agents.exact_payoffs[k][profile] for k in range(len(mass))]
        sides = [
            [k for k, (player, _) in enumerate(game.agent_types) if player == who]
            for who in range(2)
        ]
        where = tuple(
            int(
                np.ravel_multi_index(
                    tuple(profile[k] for k in side), tuple(agents.shape[k] for k in side)
                )
            )
            for side in sides
        )
        for who, side in enumerate(sides):
            ex_ante = sum(mass[k] * own[k] for k in side)
            assert ex_ante == plans.exact_payoffs[who][where]


def test_mixtures_of_plans_become_play_of_types() -> None:
    game = correlated()
    quarter = F(1, 4)
    even = ((F(1, 2), F(1, 2)), (F(1, 2), F(1, 2)))
    assert game.from_plans([[quarter] * 4, [F(1, 2), 0, 0, F(1, 2)]]) == even + even
    assert game.from_plan_mixture("state", [0, 1, 0, 0]) == ((1, 0), (0, 1))
    with pytest.raises(GameError, match="one vector for each"):
        game.from_plans([[1]])
    with pytest.raises(GameError, match="4 plans of hegemon, got 1"):
        game.from_plan_mixture("hegemon", [1])


def test_names_that_collide_are_told_apart() -> None:
    stage = [[[1]], [[1]]]
    game = BayesianGame(
        [[stage, stage]], [[0.5, 0.5]], players=["B of type x", "B"], types=[["t"], ["x", "y"]]
    )
    assert len(set(game.agents)) == 3


def test_copies_and_pickles_are_equal() -> None:
    game = random_game(np.random.default_rng(3), (2, 2), (2, 2))
    assert pickle.loads(pickle.dumps(game)) == game
    assert copy.deepcopy(game) is game
    assert hash(pickle.loads(pickle.dumps(game))) == hash(game)
    assert game != "game"
    assert game != correlated()
    assert repr(correlated()) == "BayesianGame(types of state (2), hegemon (2))"
    assert "high, weak: probability 0, 2 x 2" in str(correlated())


def test_sizes_are_bounded() -> None:
    block = [[[0] * 8], [[0] * 8]]
    game = BayesianGame([[block] * 9], [[F(1, 9)] * 9])
    with pytest.raises(WorkLimitError, match="the limits are"):
        game.strategic_form()
    with pytest.raises(WorkLimitError, match="the limits are"):
        game.agent_form()
    with pytest.raises(WorkLimitError, match="100001 type profiles"):
        BayesianGame([], np.zeros(100_001))
