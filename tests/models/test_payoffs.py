"""Payoffs of the alignment game, against F1 of the notes typed in again."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.errors import GameError, ParameterError
from alignment_games.games import Decision, Terminal
from alignment_games.models.model import exact_payoff_function

Vectors = list[dict[str, Fraction]]
POSTURES = ("balance", "hedge", "bandwagon")
ANSWERS = ("accommodate", "coerce")


def f1(p: dict[str, Any]) -> dict[tuple[str, str, str], Any]:
    """F1 to the letter: payoffs by (player, posture, answer), of numbers or of symbols."""
    alpha, e_G, e_P = p["autonomy_weight"], p["economy_hegemon"], p["economy_patron"]
    Y = {
        "balance": alpha * p["autonomy_balance"] + e_P + p["market_retention_balance"] * e_G,
        "hedge": alpha * p["autonomy_hedge"] + (1 - p["hedging_discount"]) * (e_P + e_G),
        "bandwagon": alpha * p["autonomy_bandwagon"] + e_G + p["market_retention_bandwagon"] * e_P,
    }
    r = {"balance": 1, "hedge": p["informal_support"], "bandwagon": 0}
    z = {"balance": 1, "hedge": p["tilt"], "bandwagon": -p["friendship"]}
    c = {a: p[f"cost_{a}"] for a in POSTURES}
    rho, b, V, w = p["patron_reliability"], p["alignment_loss"], p["stake"], p["escalation_cost"]
    u = {}
    for a in POSTURES:
        ell = p["coercion_success"] - p["support_effect"] * r[a] * rho
        u["small_state", a, "accommodate"] = Y[a] - c[a]
        u["small_state", a, "coerce"] = (
            (1 - ell) * Y[a] - ell * p["overrun_loss"] - p["coercion_damage"] - c[a]
        )
        u["hegemon", a, "accommodate"] = -b * z[a]
        u["hegemon", a, "coerce"] = (
            ell * V - (1 - ell) * b * z[a] - p["coercion_cost"] - rho * r[a] * w
        )
    return u


def test_players_and_strategies_are_frozen(model: ag.models.AlignmentModel) -> None:
    assert model.players == ("small_state", "hegemon")
    assert model.strategies == (POSTURES, ANSWERS)
    assert set(model.payoffs) == {(a, c) for a in POSTURES for c in ANSWERS}


def test_payoffs_are_f1_as_identities(model: ag.models.AlignmentModel) -> None:
    for (player, *profile), expected in f1(model.parameters.symbols).items():
        assert sp.expand(model.payoff(player, *profile) - expected) == 0


def test_payoffs_are_linear_in_every_parameter(model: ag.models.AlignmentModel) -> None:
    symbols = list(model.parameters.symbols.values())
    for own in model.payoffs.values():
        for expression in own:
            assert max(sp.Poly(expression, *symbols).degree_list()) == 1


def test_game_is_f1_on_random_vectors(
    model: ag.models.AlignmentModel, prior_vectors: Vectors
) -> None:
    assert len(prior_vectors) == 2000
    for values in prior_vectors:
        game = model.game(values)
        assert game.exact
        for (player, *profile), expected in f1(values).items():
            assert game.payoff(player, *profile) == expected


def test_game_is_f1_on_the_whole_domain(
    model: ag.models.AlignmentModel, domain_vectors: Vectors, tie_vectors: Vectors
) -> None:
    for values in (*domain_vectors, *tie_vectors):
        game = model.game(values)
        for (player, *profile), expected in f1(values).items():
            assert game.payoff(player, *profile) == expected


def test_compiled_function_lists_payoffs_player_by_player(
    model: ag.models.AlignmentModel, prior_vectors: Vectors
) -> None:
    function = exact_payoff_function(model)
    order = [(who, a, c) for who in model.players for a in POSTURES for c in ANSWERS]
    for values in prior_vectors[:200]:
        expected = f1(values)
        assert function(*values.values()) == [expected[where] for where in order]


def test_terms_are_the_blocks_of_f1(model: ag.models.AlignmentModel) -> None:
    p = model.parameters.symbols
    own = {
        "kept_value": [
            p["autonomy_weight"] * p["autonomy_balance"]
            + p["economy_patron"]
            + p["market_retention_balance"] * p["economy_hegemon"],
            p["autonomy_weight"] * p["autonomy_hedge"]
            + (1 - p["hedging_discount"]) * (p["economy_patron"] + p["economy_hegemon"]),
            p["autonomy_weight"] * p["autonomy_bandwagon"]
            + p["economy_hegemon"]
            + p["market_retention_bandwagon"] * p["economy_patron"],
        ],
        "help_share": [1, p["informal_support"], 0],
        "tilt": [1, p["tilt"], -p["friendship"]],
        "success": [
            p["coercion_success"] - p["support_effect"] * p["patron_reliability"],
            p["coercion_success"]
            - p["support_effect"] * p["informal_support"] * p["patron_reliability"],
            p["coercion_success"],
        ],
        "cost": [p["cost_balance"], p["cost_hedge"], p["cost_bandwagon"]],
    }
    assert set(model.terms) == {(block, a) for block in own for a in POSTURES}
    for block, expressions in own.items():
        for a, expected in zip(POSTURES, expressions, strict=True):
            assert sp.expand(model.terms[block, a] - expected) == 0


def test_payoff_arrays_equal_the_game(
    model: ag.models.AlignmentModel, prior_vectors: Vectors
) -> None:
    # All 24 parameters as columns of 2,000: every random point at once.
    columns = {n: np.array([float(v[n]) for v in prior_vectors]) for n in model.parameters}
    columns["support_effect"] = np.minimum(columns["support_effect"], columns["coercion_success"])
    arrays = model.payoff_arrays({}, columns)
    assert arrays.shape == (2, 3, 2, 2000)
    exact = np.stack([model.game(values).payoffs for values in prior_vectors], axis=-1)
    np.testing.assert_allclose(arrays, exact, rtol=0, atol=2e-14)


def test_payoff_arrays_broadcast_two_axes(model: ag.models.AlignmentModel) -> None:
    case = ag.load_scenario("ukraine")
    rho, stake = np.array([0.0, 0.2, 0.7, 1.0]), np.array([0.45, 0.8, 1.6])
    arrays = model.payoff_arrays(
        case, {"patron_reliability": rho[None, :], "stake": stake[:, None]}
    )
    assert arrays.shape == (2, 3, 2, 3, 4)
    for i, v in enumerate(stake):
        for j, r in enumerate(rho):
            game = model.game(case, patron_reliability=r, stake=v)
            np.testing.assert_allclose(arrays[..., i, j], game.payoffs, rtol=0, atol=1e-15)


def test_payoff_arrays_refuse_what_game_refuses(model: ag.models.AlignmentModel) -> None:
    case = dict(ag.load_scenario("vietnam"))
    for bad in (1.5, -0.1, np.nan, np.inf):
        with pytest.raises(ParameterError, match="`tilt` must lie in"):
            model.payoff_arrays(case, {"tilt": np.array([0.5, bad])})
    with pytest.raises(ParameterError, match="did you mean 'tilt'"):
        model.payoff_arrays(case, {"tilts": np.array([0.5])})
    with pytest.raises(ParameterError, match="missing: tilt"):
        model.payoff_arrays({k: v for k, v in case.items() if k != "tilt"}, {})
    with pytest.raises(ParameterError, match="`support_effect` must not exceed"):
        model.payoff_arrays(case, {"support_effect": np.array([0.5, 0.95])})
    with pytest.raises(ParameterError, match="`support_effect` must not exceed"):
        model.payoff_arrays(case, {"coercion_success": np.array([0.4, 0.9])})


def test_payoff_arrays_refuse_an_unknown_value(model: ag.models.AlignmentModel) -> None:
    with pytest.raises(ParameterError, match="did you mean 'stake'"):
        model.payoff_arrays({**ag.load_scenario("vietnam"), "stakes": 1}, {"tilt": np.array([0.5])})


@pytest.mark.parametrize(
    "column", [np.array([]), np.array(["a"]), np.array([True])], ids=["empty", "text", "bool"]
)
def test_payoff_arrays_refuse_a_column_without_numbers(
    model: ag.models.AlignmentModel, column: Any
) -> None:
    with pytest.raises(ParameterError, match="`tilt`"):
        model.payoff_arrays(ag.load_scenario("vietnam"), {"tilt": column})


def test_payoff_arrays_take_a_scalar_axis(model: ag.models.AlignmentModel) -> None:
    # A 0-d array broadcasts to the common shape ().
    case = ag.load_scenario("vietnam")
    arrays = model.payoff_arrays(case, {"stake": np.array(0.3)})
    assert arrays.shape == (2, 3, 2)
    np.testing.assert_allclose(arrays, model.game(case).payoffs, rtol=0, atol=1e-15)


def test_tree_is_the_game_in_sequence(
    model: ag.models.AlignmentModel, prior_vectors: Vectors
) -> None:
    for values in prior_vectors[:300]:
        game, tree = model.game(values), model.tree(values)
        assert tree.exact
        assert tree.players == game.players
        assert tree.histories == ((), *((a,) for a in POSTURES))
        assert isinstance(tree.root, Decision)
        assert tree.root.player == "small_state"
        for a in POSTURES:
            reply = tree.node([a])
            assert isinstance(reply, Decision)
            assert reply.player == "hegemon"
            for c in ANSWERS:
                end = tree.node([a, c])
                assert isinstance(end, Terminal)
                assert end.payoffs == tuple(game.payoff(who, a, c) for who in game.players)


def test_overrides_and_mappings_reach_game_and_tree(model: ag.models.AlignmentModel) -> None:
    case = ag.load_scenario("vietnam")
    moved = case.replace(stake=0.6)
    assert model.game(case, stake=0.6) == model.game(moved) == model.game(dict(moved))
    assert model.tree(case, stake=0.6).node(["hedge", "coerce"]) == model.tree(moved).node(
        ["hedge", "coerce"]
    )


def test_payoff_refuses_unknown_names(model: ag.models.AlignmentModel) -> None:
    with pytest.raises(GameError, match="unknown player 'patron'"):
        model.payoff("patron", "hedge", "coerce")
    with pytest.raises(GameError, match="no strategy 'hedging'; did you mean 'hedge'"):
        model.payoff("hegemon", "hedging", "coerce")
    with pytest.raises(GameError, match="`profile` must name one strategy"):
        model.payoff("hegemon", "hedge")


def test_latex_shows_every_payoff_once(model: ag.models.AlignmentModel) -> None:
    lines = model.latex().splitlines()
    assert lines[0] == r"\begin{aligned}"
    assert lines[-1] == r"\end{aligned}"
    assert len(lines) == 2 + 12
    for k, who in enumerate(("small state", "hegemon")):
        for n, (a, c) in enumerate((a, c) for a in POSTURES for c in ANSWERS):
            line = lines[1 + 6 * k + n]
            assert line.startswith(rf"u_{{\text{{{who}}}}}(\text{{{a}, {c}}}) &= ")
            assert sp.latex(model.payoffs[a, c][k]) in line


def test_a_model_of_the_same_name_keeps_its_own_payoffs(
    model: ag.models.AlignmentModel,
) -> None:
    doubled = dataclasses.replace(
        model, payoffs={p: tuple(2 * e for e in own) for p, own in model.payoffs.items()}
    )
    case = ag.load_scenario("vietnam")
    np.testing.assert_allclose(doubled.game(case).payoffs, 2 * model.game(case).payoffs)
    assert ag.models.alignment() is model


def test_names_in_latex_are_escaped() -> None:
    model = ag.models.alignment()
    names = {"small_state": "us & them", "hegemon": "100%"}
    renamed = dataclasses.replace(model, players=tuple(names[who] for who in model.players))
    lines = renamed.latex().splitlines()
    assert lines[1].startswith(r"u_{\text{us \& them}}(\text{balance, accommodate}) &= ")
    assert lines[-2].startswith(r"u_{\text{100\%}}(")
