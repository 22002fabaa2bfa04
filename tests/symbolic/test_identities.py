"""Facts F1.1 to F1.8 of the notes as identities, derived from the model's payoffs.

Each closed form is typed from the notes with its own symbols and compared with what
``alignment_games.symbolic`` derives. The sign of a boundary's slope tells on which side the fact
holds, which the notes leaves to the reader. The same facts are checked by brute force in
``tests/models/test_facts.py``.
"""

# The symbols are named as in the notes.
# ruff: noqa: N816

from __future__ import annotations

import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.symbolic import gain_under_threat, solve_linear, temptation

MODEL = ag.models.alignment()
s = {str(p.symbol): p.symbol for p in MODEL.parameters.values()}
alpha, theta_B, theta_H, theta_W = s["alpha"], s["theta_B"], s["theta_H"], s["theta_W"]
e_G, e_P, x_B, y_W, tau = s["e_G"], s["e_P"], s["x_B"], s["y_W"], s["tau"]
c_B, c_H, c_W, l0, delta = s["c_B"], s["c_H"], s["c_W"], s["l0"], s["delta"]
rho, eta, V, b, zeta = s["rho"], s["eta"], s["V"], s["b"], s["zeta"]
beta_w, kappa, w, L, d = s["beta_w"], s["kappa"], s["w"], s["L"], s["d"]
q = sp.Symbol("q", nonnegative=True)

B, H, W = "balance", "hedge", "bandwagon"
Y_B = alpha * theta_B + e_P + x_B * e_G
Y_H = alpha * theta_H + (1 - tau) * (e_P + e_G)
Y_W = alpha * theta_W + e_G + y_W * e_P
Y, c = {B: Y_B, H: Y_H, W: Y_W}, {B: c_B, H: c_H, W: c_W}
l_B, l_H, l_W = l0 - delta * rho, l0 - delta * eta * rho, l0
ell = {B: l_B, H: l_H, W: l_W}
X = {a: ell[a] * (Y[a] + L) for a in Y}
T = {
    B: l_B * (V + b) - kappa - rho * w,
    H: l_H * (V + b * zeta) - kappa - rho * eta * w,
    W: l_W * (V - b * beta_w) - kappa,
}
D = {a: (Y_H - c_H) - (Y[a] - c[a]) for a in (B, W)}

# The parts of F1.5
N = (1 - q * l0) * (Y_H - Y_B) + c_B - c_H
K = (Y_B + L) - eta * (Y_H + L)
RHO_HAT = N / (q * delta * K)


def same(found: sp.Expr, expected: sp.Expr) -> bool:
    """Whether two rational functions are one."""
    return bool(sp.cancel(sp.together(found - expected)) == 0)


def lead_over(a: str, threat: sp.Expr) -> sp.Expr:
    return gain_under_threat(MODEL, H, over=a, threat=threat)


@pytest.mark.parametrize("a", [B, H, W])
def test_f1_1_temptation(a: str) -> None:
    assert sp.simplify(temptation(MODEL, a) - T[a]) == 0


@pytest.mark.parametrize("a", [B, W])
def test_f1_2_dominance(a: str) -> None:
    calm, harsh = lead_over(a, sp.Integer(0)), lead_over(a, sp.Integer(1))
    assert same(calm, D[a])
    assert same(harsh, D[a] - (X[H] - X[a]))
    # Both are positive exactly where D_a > max(0, X_H - X_a); d cancels.
    assert d not in sp.expand(harsh).free_symbols
    assert d not in sp.expand(lead_over(a, q)).free_symbols


def test_f1_3_autonomy_thresholds() -> None:
    full = {theta_H: 1}
    shared = (1 - tau) * (e_P + e_G)
    over_b = solve_linear(lead_over(B, sp.Integer(0)).subs(full), alpha)
    assert same(over_b.value, (e_P + x_B * e_G - shared + c_H - c_B) / (1 - theta_B))
    assert same(over_b.slope, 1 - theta_B)  # the hedge leads above, and only if theta_B < 1
    over_w = solve_linear(lead_over(W, sp.Integer(0)).subs(full), alpha)
    assert same(over_w.value, (e_G + y_W * e_P - shared + c_H - c_W) / (1 - theta_W))
    assert same(over_w.slope, 1 - theta_W)


def test_f1_4_threat_and_stakes_thresholds() -> None:
    in_q = solve_linear(lead_over(B, q), q)
    assert same(in_q.value, (Y_H - Y_B + c_B - c_H) / (X[H] - X[B]))
    assert same(in_q.slope, -(X[H] - X[B]))  # the hedge leads below, if X_H > X_B
    in_l = solve_linear(lead_over(B, q), L)
    stakes = ((Y_H - Y_B + c_B - c_H) / q - (l_H * Y_H - l_B * Y_B)) / (l_H - l_B)
    assert same(in_l.value, stakes)
    assert same(in_l.slope, -q * (l_H - l_B))
    assert same(l_H - l_B, delta * rho * (1 - eta))  # so below, if q delta rho (1 - eta) > 0


def test_f1_5_abandonment_threshold() -> None:
    in_rho = solve_linear(lead_over(B, q), rho)
    assert same(in_rho.value, RHO_HAT)
    assert same(in_rho.slope, -q * delta * K)  # the hedge leads below, if q delta K > 0


def test_f1_5_comparative_statics() -> None:
    # With q delta K > 0 each derivative has the sign of its first factor. the notes gives the
    # signs for D_B > 0 (in q) and N > 0 (in L, delta and eta) without saying so.
    scale = q * delta * K
    assert same(sp.diff(RHO_HAT, q), -D[B] / (q * scale))
    assert same(sp.diff(RHO_HAT, L), -N * (1 - eta) / (scale * K))
    assert same(sp.diff(RHO_HAT, delta), -N / (scale * delta))
    assert same(sp.diff(RHO_HAT, c_B), 1 / scale)
    assert same(sp.diff(RHO_HAT, eta), N * (Y_H + L) / (scale * K))
    # An ally's autonomy: falls in theta_B where N > 0.
    assert same(sp.diff(RHO_HAT, theta_B), -alpha * ((1 - q * l0) * K + N) / (scale * K))
    # The autonomy weight: of either sign, for it also makes the ally's help worth more.
    weight = (1 - q * l0) * (theta_H - theta_B) * K - N * (theta_B - eta * theta_H)
    assert same(sp.diff(RHO_HAT, alpha), weight / (scale * K))


def test_f1_6_provocation_window() -> None:
    of_b, of_h = solve_linear(temptation(MODEL, B), V), solve_linear(temptation(MODEL, H), V)
    assert same(of_b.value, (kappa + rho * w) / l_B - b)
    assert same(of_b.slope, l_B)  # tempted above
    assert same(of_h.value, (kappa + rho * eta * w) / l_H - zeta * b)
    assert same(of_h.slope, l_H)


def test_f1_6_provocation_against_deterrence() -> None:
    boundary = solve_linear(temptation(MODEL, B) - temptation(MODEL, H), rho)
    below = (1 - eta) * (delta * V + w) + b * delta * (1 - zeta * eta)
    assert same(boundary.value, b * l0 * (1 - zeta) / below)
    assert same(boundary.slope, -below)  # T_B > T_H below rho*, if `below` > 0
    at_zero = (temptation(MODEL, B) - temptation(MODEL, H)).subs(rho, 0)
    assert same(at_zero, b * l0 * (1 - zeta))


def test_f1_7_deterrence_threshold_of_balancing() -> None:
    boundary = solve_linear(temptation(MODEL, B), rho)
    assert same(boundary.value, (l0 * (V + b) - kappa) / (delta * (V + b) + w))
    assert same(boundary.slope, -(delta * (V + b) + w))  # tempted below
    spared = solve_linear(temptation(MODEL, W), V)
    assert same(spared.value, kappa / l0 + beta_w * b)
    assert same(spared.slope, l0)  # tempted above


@pytest.mark.parametrize("a", [B, H, W])
def test_f1_8_price_of_being_coerced(a: str) -> None:
    peace = MODEL.payoff("small_state", a, "accommodate")
    assert same(peace, Y[a] - c[a])
    assert same(peace - MODEL.payoff("small_state", a, "coerce"), X[a] + d)


def test_f7_value_is_a_payoff_difference() -> None:
    # Renouncing moves play from (B, C) to (H, A); the breach cost closes the gap in peace.
    gap = MODEL.payoff("small_state", B, "accommodate") - MODEL.payoff(
        "small_state", H, "accommodate"
    )
    assert same(gap, -D[B])
    value = MODEL.payoff("small_state", H, "accommodate") - MODEL.payoff("small_state", B, "coerce")
    assert same(value, D[B] + X[B] + d)
