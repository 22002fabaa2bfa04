"""Every number of the two illustrative cases: F9, F12 and F14 of the notes, exactly.

Numbers given as decimals are compared as Fractions; numbers given as rounded are compared at the
digits given, with the exact fraction beside them.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.symbolic import solve_linear, temptation

MODEL = ag.models.alignment()
B, H, W = "balance", "hedge", "bandwagon"
A, C = "accommodate", "coerce"

# F9, "Common"; symbols as in the notes.
COMMON = {
    "l0": ".9", "delta": ".5", "eta": ".2", "L": "1", "d": ".3", "b": ".8", "zeta": ".25",
    "beta_w": ".3", "kappa": ".6", "w": ".6", "c_B": ".1", "c_H": ".05", "c_W": ".05",
    "alpha": ".8", "theta_W": ".3", "y_W": ".3", "x_B": ".4", "theta_H": "1",
}  # fmt: skip
CASES = {
    "vietnam": {
        "e_G": ".5", "e_P": ".5", "tau": ".15", "theta_B": ".5", "V": ".3", "rho": ".4",
    },
    "ukraine": {
        "e_G": ".3", "e_P": ".7", "tau": ".30", "theta_B": "1", "V": ".45", "rho": ".2",
    },
}  # fmt: skip
PRO_RUSSIAN = {
    "autonomy_balance": 0.5, "autonomy_bandwagon": 0.9, "economy_hegemon": 0.6,
    "economy_patron": 0.4, "hedging_discount": 0.4,
}  # fmt: skip


def case(name: str, **changes: float) -> ag.Scenario:
    return ag.load_scenario(name).replace(**changes)


def exact(*texts: str) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, texts))


def small(values: Any, posture: str, answer: str) -> Fraction:
    return Fraction(MODEL.game(values).payoff("small_state", posture, answer))


def tempted(values: Any) -> tuple[Fraction, ...]:
    """T_B, T_H, T_W from the payoffs of the game."""
    game = MODEL.game(values)
    return tuple(
        Fraction(game.payoff("hegemon", a, C)) - Fraction(game.payoff("hegemon", a, A))
        for a in (B, H, W)
    )


def nash(values: Any) -> list[tuple[tuple[str, ...], ...]]:
    solution = ag.solve(MODEL.game(values))
    assert solution.max_regret == 0
    return [eq.support for eq in solution.equilibria]


def path(values: Any) -> tuple[str, ...]:
    """The path of the unique subgame-perfect equilibrium."""
    (equilibrium,) = ag.solve(MODEL.tree(values)).equilibria
    return equilibrium.path


def boundary(posture: str, symbol: str, values: Any) -> Fraction:
    """Where the hegemon is indifferent about a posture, in one parameter, from the payoffs."""
    symbols = MODEL.parameters.symbols
    names = {str(s): n for n, s in symbols.items()}
    formula = solve_linear(temptation(MODEL, posture), symbols[names[symbol]]).value
    number = formula.subs({s: str(values[n]) for n, s in symbols.items()})
    return Fraction(int(number.p), int(number.q))


# F9, F12: the vectors


@pytest.mark.parametrize("name", CASES)
def test_scenario_holds_the_vector(name: str) -> None:
    expected = {s: Fraction(text) for s, text in (COMMON | CASES[name]).items()}
    scenario = ag.load_scenario(name)
    assert {str(MODEL.parameters[n].symbol): v for n, v in scenario.items()} == expected
    assert expected["e_G"] + expected["e_P"] == 1


def test_only_ukraine_is_mistaken_and_only_about_the_patron() -> None:
    assert not ag.load_scenario("vietnam").perceived
    perceived = ag.load_scenario("ukraine").perceived
    assert {n: e.value for n, e in perceived.items()} == {"patron_reliability": Fraction(7, 10)}


# F14: bimatrices

BIMATRICES: dict[str, tuple[ag.Scenario, list[list[str]], list[list[str]]]] = {
    "vietnam": (
        case("vietnam"),
        [["1.0", "-.77"], ["1.6", "-.979"], [".84", "-1.161"]],
        [["-.8", "-.87"], ["-.2", "-.418"], [".24", "-.306"]],
    ),
    "ukraine, truth": (
        case("ukraine"),
        [["1.52", "-.876"], ["1.45", "-1.05"], [".70", "-1.175"]],
        [["-.8", "-.52"], ["-.2", "-.252"], [".24", "-.171"]],
    ),
    "ukraine, belief": (
        case("ukraine", patron_reliability=0.7),
        [["1.52", "-.221"], ["1.45", "-.925"], [".70", "-1.175"]],
        [["-.8", "-1.1325"], ["-.2", "-.3445"], [".24", "-.171"]],  # F14 rounds these two
    ),
    "vietnam, shock": (
        case("vietnam", stake=0.6),
        [["1.0", "-.77"], ["1.6", "-.979"], [".84", "-1.161"]],
        [["-.8", "-.66"], ["-.2", "-.16"], [".24", "-.036"]],
    ),
}


@pytest.mark.parametrize("name", BIMATRICES)
def test_f14_bimatrix(name: str) -> None:
    scenario, rows, columns = BIMATRICES[name]
    game = MODEL.game(scenario)
    assert game.exact
    expected = [[[Fraction(x) for x in row] for row in block] for block in (rows, columns)]
    assert game.exact_payoffs.tolist() == expected
    np.testing.assert_allclose(game.payoffs, np.array(expected, dtype=float), rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("name", "profile"),
    [
        ("vietnam", (H, A)),
        ("ukraine, truth", (B, C)),
        ("ukraine, belief", (B, A)),
        ("vietnam, shock", (B, C)),
    ],
)
def test_f14_unique_equilibrium(name: str, profile: tuple[str, str]) -> None:
    assert nash(BIMATRICES[name][0]) == [tuple((own,) for own in profile)]


def test_f14_ukraine_without_balancing() -> None:
    game = MODEL.game(case("ukraine")).without("small_state", B)
    (equilibrium,) = ag.solve(game).equilibria
    assert equilibrium.path == (H, A)


# F9: Vietnam


def test_vietnam_hedges_in_both_games() -> None:
    values = case("vietnam")
    assert [small(values, a, A) for a in (B, H, W)] == [*exact("1", "1.6", ".84")]
    assert tempted(values) == exact("-.07", "-.218", "-.546")
    assert path(values) == (H, A)
    assert nash(values) == [((H,), (A,))]


def test_vietnam_without_the_patron_still_hedges() -> None:
    values = case("vietnam", patron_reliability=0)
    assert path(values) == (H, A)
    assert tempted(values)[0] > 0
    assert small(values, B, C) == Fraction("-1.19")


def test_regime_fear_is_not_pivotal_unless_trade_is_kept() -> None:
    brave = case("vietnam", autonomy_balance=1)
    assert path(brave) == (H, A)
    assert (small(brave, H, A), small(brave, B, A)) == exact("1.6", "1.4")
    trading = case("vietnam", autonomy_balance=1, market_retention_balance=0.9)
    assert path(trading) == (B, A)
    assert small(trading, B, A) == Fraction("1.65")
    afraid = case("vietnam", market_retention_balance=0.9)
    assert path(afraid) == (H, A)


def test_threat_shock_makes_bandwagoning_pay_only_for_a_first_mover() -> None:
    shock = case("vietnam", stake=0.6)
    assert path(shock) == (W, A)
    assert nash(shock) == [((B,), (C,))]


def test_threat_shock_with_a_better_patron() -> None:
    better = case("vietnam", stake=0.6, patron_reliability=0.55)
    assert path(better) == (B, A)
    (equilibrium,) = ag.solve(MODEL.game(better)).equilibria
    mixed, answer = equilibrium.profile
    # x_B T_B + x_H T_H = 0 and the small state indifferent between B and H.
    t_b, t_h, _ = tempted(better)
    share = t_h / (t_h - t_b)
    lead = [small(better, B, c) - small(better, H, c) for c in (A, C)]
    calm = lead[1] / (lead[1] - lead[0])
    assert mixed == (share, 1 - share, 0)
    assert answer == (calm, 1 - calm)
    assert [round(float(p), 3) for p in (*mixed[:2], answer[0])] == [0.154, 0.846, 0.353]
    best = case("vietnam", stake=0.6, patron_reliability=0.9)
    assert path(best) == (H, A)


def test_vietnam_stakes_thresholds() -> None:
    values = case("vietnam")
    found = [boundary(a, "V", values) for a in (B, H, W)]
    assert found == [Fraction(2, 5), Fraction(648, 860) - Fraction(1, 5), Fraction(68, 75)]
    assert [round(float(v), 3) for v in found] == [0.400, 0.553, 0.907]


@pytest.mark.parametrize(
    ("stake", "reliability", "expected"),
    [(0.8, 0.2, (W, A)), (0.8, 0.8, (B, A)), *((0.3, k / 10, (H, A)) for k in range(11))],
)
def test_sanity_table(stake: float, reliability: float, expected: tuple[str, str]) -> None:
    assert path(case("vietnam", stake=stake, patron_reliability=reliability)) == expected


# F9: Ukraine


def test_ukraine_under_its_belief() -> None:
    scenario = ag.load_scenario("ukraine")
    assert path(scenario.beliefs) == (B, A)
    assert nash(scenario.beliefs) == [((B,), (A,))]
    assert small(scenario.beliefs, B, A) == Fraction("1.52")
    assert small(scenario.beliefs, H, A) == Fraction("1.45")
    assert tempted(scenario.beliefs)[0] == Fraction("-.3325")


def test_ukraine_under_the_truth() -> None:
    values = case("ukraine")
    assert tempted(values)[:2] == exact(".28", "-.052")
    assert small(values, B, C) == Fraction("-.876")
    assert small(values, H, A) == Fraction("1.45")
    assert path(values) == (H, A)
    assert nash(values) == [((B,), (C,))]


def test_ukraine_regrets_its_belief() -> None:
    scenario = ag.load_scenario("ukraine")
    mistake = ag.analysis.mistaken_belief(MODEL, scenario, scenario.beliefs)
    assert mistake.regret.unique
    assert mistake.regret.lowest == Fraction("2.326")
    (outcome,) = mistake.outcomes
    assert (outcome.posture, outcome.expected, outcome.actual) == (B, A, C)
    assert (outcome.believed_payoff, outcome.true_payoff) == exact("1.52", "-.876")


def test_ukraine_thresholds() -> None:
    values = case("ukraine")
    assert boundary(B, "rho", values) == Fraction(3, 7)
    assert round(3 / 7, 4) == 0.4286
    window = boundary(B, "V", values), boundary(H, "V", values)
    assert window == (Fraction(1, 10), Fraction(28, 55))
    assert round(float(window[1]), 3) == 0.509
    symbols = MODEL.parameters.symbols
    gap = temptation(MODEL, B) - temptation(MODEL, H)
    star = solve_linear(gap, symbols["patron_reliability"]).value
    number = star.subs({s: str(values[n]) for n, s in symbols.items()})
    assert Fraction(int(number.p), int(number.q)) == Fraction(27, 52)
    assert round(27 / 52, 3) == 0.519


@pytest.mark.parametrize(("stake", "safe"), [(0.11, True), (0.5, True), (0.51, False), (2, False)])
def test_counterfactual_peace_needs_a_stake_in_the_window(stake: float, safe: bool) -> None:
    values = case("ukraine", stake=stake)
    t_b, t_h, _ = tempted(values)
    assert t_b > 0
    assert (t_h < 0) == safe
    assert (path(values) == (H, A)) == safe


def test_ukraine_with_a_higher_stake() -> None:
    high = case("ukraine", stake=0.8)
    assert tempted(high)[1] > 0
    assert path(high) == (W, A)
    assert path(case("ukraine", stake=0.8, patron_reliability=1)) == (B, A)


def test_pro_russian_government_bandwagons() -> None:
    values = case("ukraine", **PRO_RUSSIAN)
    assert path(values) == (W, A)
    assert (small(values, W, A), small(values, H, A)) == exact("1.39", "1.35")


# F7, F15


def test_value_of_ukraines_four_noes() -> None:
    commitment = ag.analysis.commitment_value(MODEL, ag.load_scenario("ukraine"))
    assert commitment.holds
    assert commitment.value.unique
    assert commitment.value.lowest == Fraction("1.45") - Fraction("-.876") == Fraction("2.326")
    assert [eq.path for eq in commitment.before.equilibria] == [(B, C)]
    assert [eq.path for eq in commitment.after.equilibria] == [(H, A)]
    assert commitment.breach_cost_sustains == Fraction("0.07")
    assert commitment.breach_cost_dominates == Fraction("0.174")


def test_vietnams_four_noes_are_free_and_worth_nothing() -> None:
    commitment = ag.analysis.commitment_value(MODEL, ag.load_scenario("vietnam"))
    assert not commitment.holds
    assert commitment.value == ag.analysis.Span(Fraction(0), Fraction(0))
    assert [eq.path for eq in commitment.before.equilibria] == [(H, A)]


def test_p12_two_stakes_give_one_war_and_two_counterfactuals() -> None:
    low, high = case("ukraine", stake=0.45), case("ukraine", stake=0.80)
    for values in (low, high):
        assert path(values.beliefs) == (B, A)  # so balancing is chosen
        assert tempted(values)[0] > 0  # and coerced
        mistake = ag.analysis.mistaken_belief(MODEL, values, values.beliefs)
        assert [(o.posture, o.actual) for o in mistake.outcomes] == [(B, C)]
    assert tempted(low)[1] < 0 < tempted(high)[1]
    assert path(low) == (H, A)


# F9, F1.9: shares of random cases. The numbers of the notes are those of *independent* market
# shares e_G, e_P ~ U(0, 1), although F12 says that the two sum to one.

DRAWS = 40_000
SHARES = {
    "base": (".22", ".51", ".27"),
    "theta_H free": (".35", ".25", ".39"),
    "tau to 1": (".29", ".37", ".34"),
    "both": (".39", ".17", ".44"),
    "b = 0": (".28", ".62", ".10"),
    "eta = 0": (".31", ".37", ".33"),
    "all four": (".58", ".14", ".28"),
}
WORLDS = {  # F1.9: (C_B, C_H, C_W): probability; who is chosen
    (0, 0, 0): (".52", ".15", ".70", ".15"),
    (1, 0, 0): (".06", "0", ".82", ".18"),
    (1, 1, 0): (".15", "0", "0", "1"),
    (1, 1, 1): (".15", ".48", ".41", ".10"),
    (0, 1, 0): (".05", ".51", "0", ".49"),
    (0, 1, 1): (".04", ".99", ".01", "0"),
    (0, 0, 1): (".04", ".19", ".81", "0"),
}
CORRELATIONS = {
    "coercion_cost": 0.23, "cost_hedge": -0.23, "autonomy_weight": 0.21, "informal_support": 0.17,
    "hedging_discount": -0.17, "tilt": -0.14, "alignment_loss": -0.13, "stake": -0.13,
    "patron_reliability": 0.07,
}  # fmt: skip


def prior(**changes: np.ndarray | float) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(12345)
    draws = {
        name: rng.uniform(float(p.usual.lower), float(p.usual.upper or 1), DRAWS)
        for name, p in MODEL.parameters.items()
    }
    draws["support_effect"] *= draws["coercion_success"]
    draws["autonomy_hedge"] = np.ones(DRAWS)
    return draws | {name: np.broadcast_to(value, DRAWS) for name, value in changes.items()}


def solved(draws: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Payoffs (3, 2, n), who is coerced (3, n) and the subgame-perfect posture (n,)."""
    own, other = MODEL.payoff_arrays({}, draws)
    coerced = other[:, 1] > other[:, 0]
    return own, coerced, np.where(coerced, own[:, 1], own[:, 0]).argmax(axis=0)


@pytest.mark.parametrize("name", SHARES)
def test_f9_ablation(name: str) -> None:
    rng = np.random.default_rng(54321)
    hedge, discount = rng.uniform(0, 1, DRAWS), rng.uniform(0, 1, DRAWS)
    changes: dict[str, dict[str, np.ndarray | float]] = {
        "base": {},
        "theta_H free": {"autonomy_hedge": hedge},
        "tau to 1": {"hedging_discount": discount},
        "b = 0": {"alignment_loss": 0.0},
        "eta = 0": {"informal_support": 0.0},
    }
    changes["both"] = changes["theta_H free"] | changes["tau to 1"]
    changes["all four"] = changes["both"] | changes["b = 0"] | changes["eta = 0"]
    _, _, posture = solved(prior(**changes[name]))
    shares = [float(np.mean(posture == k)) for k in range(3)]
    # Both sides are samples of 40,000: four standard errors of a difference, and rounding.
    assert shares == pytest.approx([float(x) for x in SHARES[name]], abs=0.019)


def test_f9_share_of_dominant_hedges() -> None:
    own, _, _ = solved(prior())
    dominant = (own[1] > own[0]).all(axis=0) & (own[1] > own[2]).all(axis=0)
    assert dominant.mean() == pytest.approx(0.39, abs=0.015)


def test_f9_rank_correlations_with_hedging() -> None:
    from scipy.stats import spearmanr

    draws = prior()
    _, _, posture = solved(draws)
    hedges = posture == 1
    found = {
        name: float(spearmanr(column, hedges).statistic)
        for name, column in draws.items()
        if name != "autonomy_hedge"
    }
    for name, expected in CORRELATIONS.items():
        assert found[name] == pytest.approx(expected, abs=0.025), name
    strongest = sorted(found, key=lambda name: -abs(found[name]))[:3]
    assert set(strongest) == {"coercion_cost", "cost_hedge", "autonomy_weight"}


def test_f1_9_worlds() -> None:
    _, coerced, posture = solved(prior())
    for world, (probability, *chosen) in WORLDS.items():
        here = (coerced == np.array(world, dtype=bool)[:, None]).all(axis=0)
        assert here.mean() == pytest.approx(float(probability), abs=0.015), world
        shares = [float(np.mean(posture[here] == k)) for k in range(3)]
        slack = 0.01 + 3 / np.sqrt(here.sum())
        assert shares == pytest.approx([float(x) for x in chosen], abs=slack), world
    rare = (coerced == np.array([[True], [False], [True]])).all(axis=0)
    assert rare.mean() == pytest.approx(0.003, abs=0.002)
