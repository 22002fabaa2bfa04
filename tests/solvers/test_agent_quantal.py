"""Agent quantal response: certificates, invariances, and what is known of other games."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

import alignment_games as ag
from alignment_games.citations import cite
from alignment_games.errors import GameError, ParameterError
from alignment_games.games import Chance, Decision, ExtensiveGame, Terminal
from alignment_games.games.nodes import Node
from alignment_games.solvers import (
    AgentQuantalEquilibrium,
    Status,
    agent_quantal,
    quantal,
    subgame_perfect,
)

NOISES = ("logit", "probit")


def only(solution: ag.solvers.Solution) -> AgentQuantalEquilibrium:
    (found,) = solution.equilibria
    assert isinstance(found, AgentQuantalEquilibrium)
    return found


def one_shot(game: ag.NormalFormGame) -> ExtensiveGame:
    """Players move in turn without having seen anything."""

    def grow(chosen: tuple[int, ...]) -> Node:
        who = len(chosen)
        if who == game.n_players:
            return Terminal(tuple(own[chosen] for own in game.exact_payoffs))
        branches = {name: grow((*chosen, k)) for k, name in enumerate(game.strategies[who])}
        return Decision(game.players[who], branches, f"turn {who}")

    return ExtensiveGame(grow(()), players=game.players)


def random_game(seed: int, *shape: int) -> ag.NormalFormGame:
    rng = np.random.default_rng(seed)
    return ag.NormalFormGame(rng.integers(-5, 6, size=(len(shape), *shape)).tolist())


def signal(shift: int = 0, scale: int = 1, share: Any = Fraction(1, 3)) -> ExtensiveGame:
    """A sender of two types signals or not; a receiver who does not see the type answers."""

    def ends(strong: bool, posture: str) -> dict[str, Node]:
        cost = {"balance": 1 if strong else 3, "hedge": 0}[posture]
        pairs = {"coerce": (-2 - cost, -1 if strong else 2), "accommodate": (2 - cost, 0)}
        return {
            name: Terminal((scale * own + shift, scale * other + shift))
            for name, (own, other) in pairs.items()
        }

    return ExtensiveGame(
        Chance(
            {
                kind: Decision(
                    "small_state",
                    {p: Decision("hegemon", ends(strong, p), p) for p in ("balance", "hedge")},
                )
                for kind, strong in (("strong", True), ("weak", False))
            },
            {"strong": share, "weak": 1 - share},
        ),
        players=["small_state", "hegemon"],
    )


@pytest.mark.parametrize("noise", NOISES)
def test_without_precision_everybody_mixes_evenly(noise: str) -> None:
    solution = agent_quantal(signal(), 0, noise=noise)
    assert solution.status is Status.COMPLETE
    assert all(p == pytest.approx(0.5) for own in only(solution).profile for p in own)


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("precision", [0.3, 1, 4])
def test_signals_with_an_independent_residual(noise: str, precision: float) -> None:
    solution = agent_quantal(signal(), precision, noise=noise)
    found = only(solution)
    assert solution.status is Status.PARTIAL
    assert found.residual < 1e-9
    tree = signal()
    play = dict(zip(tree.agents, found.profile, strict=True))
    strong, weak = play["small_state after strong"], play["small_state after weak"]
    for k, posture in enumerate(("balance", "hedge")):
        belief = strong[k] / (strong[k] + 2 * weak[k])
        gain = precision * (-belief + 2 * (1 - belief))
        odds = 1 / (1 + np.exp(-gain)) if noise == "logit" else norm.cdf(gain / 2**0.5)
        assert play[f"hegemon at {posture}"][0] == pytest.approx(odds, abs=1e-9)
    coerced = {p: play[f"hegemon at {p}"][0] for p in ("balance", "hedge")}
    for own, cost in ((strong, 1), (weak, 3)):
        gain = precision * (4 * (coerced["hedge"] - coerced["balance"]) - cost)
        odds = 1 / (1 + np.exp(-gain)) if noise == "logit" else norm.cdf(gain / 2**0.5)
        assert own[0] == pytest.approx(odds, abs=1e-9)


@pytest.mark.parametrize("noise", NOISES)
def test_only_the_scale_of_payoffs_times_precision_matters(noise: str) -> None:
    plain = only(agent_quantal(signal(), 2, noise=noise))
    other = only(agent_quantal(signal(shift=7, scale=4), 0.5, noise=noise))
    for own, same in zip(plain.profile, other.profile, strict=True):
        assert own == pytest.approx(same, abs=1e-9)
    assert [4 * r for r in plain.regret] == pytest.approx(other.regret, abs=1e-8)


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 2, 2)])
@pytest.mark.parametrize("seed", range(3))
def test_one_shot_games_agree_with_the_branch_of_normal_forms(
    shape: tuple[int, ...], seed: int
) -> None:
    game = random_game(seed, *shape)
    for precision in (0.2, 0.7):
        there = quantal(game, precision).equilibria[0]
        here = only(agent_quantal(one_shot(game), precision))
        for own, other in zip(here.profile, there.profile, strict=True):
            assert own == pytest.approx(other, abs=1e-8)
        assert here.payoffs == pytest.approx(there.payoffs, abs=1e-7)
        assert here.regret == pytest.approx(there.regret, abs=1e-7)


@pytest.mark.parametrize("noise", NOISES)
def test_perfect_information_has_the_regret_of_verify(noise: str) -> None:
    tree = ExtensiveGame.from_normal_form(random_game(5, 3, 2, 2))
    solution = agent_quantal(tree, 0.8, noise=noise)
    found = only(solution)
    assert solution.status is Status.COMPLETE
    assert found.error < 1e-15
    assert found.residual < 1e-14
    assert found.regret == pytest.approx(ag.verify(tree, found), abs=1e-13)
    assert found.payoffs == pytest.approx(
        ag.solvers.expected_payoffs(tree, found.profile), abs=1e-13
    )


@pytest.mark.parametrize("noise", NOISES)
def test_high_precision_comes_near_subgame_perfection(noise: str) -> None:
    tree = ExtensiveGame.from_normal_form(random_game(11, 2, 3))
    exact = subgame_perfect(tree)
    assert len(exact) == 1
    near = only(agent_quantal(tree, 60, noise=noise))
    for own, other in zip(near.profile, exact.equilibria[0].profile, strict=True):
        assert own == pytest.approx(other, abs=1e-6)


def test_three_actions_of_a_probit_are_a_multinomial_integral() -> None:
    levels = (0.0, 1.2, -0.7)
    tree = ExtensiveGame(
        Decision("A", {f"a{k}": Terminal((v,)) for k, v in enumerate(levels)}), players=["A"]
    )
    found = only(agent_quantal(tree, 1.5, noise="probit"))
    for k, own in enumerate(levels):

        def density(t: float, own: float = own, k: int = k) -> float:
            rest = [norm.cdf(t + 1.5 * (own - v)) for j, v in enumerate(levels) if j != k]
            return float(norm.pdf(t) * np.prod(rest))

        assert found.profile[0][k] == pytest.approx(quad(density, -10, 12)[0], abs=1e-9)


def test_a_hidden_chance_move_is_no_loop() -> None:
    answer = {"fight": Terminal((1,)), "yield": Terminal((0,))}
    other = {"fight": Terminal((-4,)), "yield": Terminal((0,))}
    tree = ExtensiveGame(
        Chance(
            {"base": Decision("A", answer, "unseen"), "none": Decision("A", other, "unseen")},
            {"base": 0.7, "none": 0.3},
        ),
        players=["A"],
    )
    solution = agent_quantal(tree, 2)
    assert solution.status is Status.COMPLETE
    assert only(solution).profile[0][0] == pytest.approx(1 / (1 + np.exp(1)), abs=1e-15)


def test_a_branch_that_ends_early_says_so() -> None:
    solution = agent_quantal(signal(), 1e12)
    assert solution.status is Status.LIMIT
    assert not solution.equilibria
    assert "ask for" in solution.message


def test_the_paper_is_cited() -> None:
    assert "10.1023/A:1009905800005" in cite(agent_quantal(signal(), 1))


def test_bad_input() -> None:
    with pytest.raises(ParameterError, match=r"`precision` must be finite and at least 0, got -1"):
        agent_quantal(signal(), -1)
    with pytest.raises(ParameterError, match=r"`noise` must be one of .*did you mean 'probit'"):
        agent_quantal(signal(), 1, noise="probits")
    with pytest.raises(GameError, match=r"`tree` must be an ExtensiveGame, got NormalFormGame"):
        agent_quantal(random_game(0, 2, 2), 1)  # type: ignore[arg-type]
    with pytest.raises(GameError, match=r"chance never leads to 'small_state after strong'"):
        agent_quantal(signal(share=0), 1)
    ends: dict[str, Node] = {"a": Terminal((1,)), "b": Terminal((0,))}
    forgetful = ExtensiveGame(
        Decision("A", {k: Decision("A", ends, "second") for k in "ab"}), players=["A"]
    )
    with pytest.raises(GameError, match="perfect recall"):
        agent_quantal(forgetful, 1)
