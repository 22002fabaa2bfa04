"""Facts F1.1 to F1.8 of the notes by brute force: closed forms against solved games.

The closed forms are typed from the notes with every condition under which they hold; where its
bare words say more than is true, a named test holds the counterexample. The same formulas are
checked by computer algebra in ``tests/symbolic/test_identities.py``.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import pytest

import alignment_games as ag

Vector = dict[str, Fraction]
B, H, W = "balance", "hedge", "bandwagon"
A, C = "accommodate", "coerce"
POSTURES = (B, H, W)
ZERO = Fraction(0)


@dataclass(frozen=True)
class Blocks:
    """The blocks of F1 and the quantities that its facts are written in."""

    p: Vector

    def __getattr__(self, name: str) -> Fraction:
        return self.p[_SYMBOLS[name]]

    def Y(self, a: str) -> Fraction:  # noqa: N802
        if a == B:
            return self.alpha * self.theta_B + self.e_P + self.x_B * self.e_G
        if a == H:
            return self.alpha * self.theta_H + (1 - self.tau) * (self.e_P + self.e_G)
        return self.alpha * self.theta_W + self.e_G + self.y_W * self.e_P

    def c(self, a: str) -> Fraction:
        return self.p[f"cost_{a}"]

    def r(self, a: str) -> Fraction:
        return {B: Fraction(1), H: self.eta, W: ZERO}[a]

    def z(self, a: str) -> Fraction:
        return {B: Fraction(1), H: self.zeta, W: -self.beta_w}[a]

    def l(self, a: str) -> Fraction:  # noqa: E743
        return self.l0 - self.delta * self.r(a) * self.rho

    def X(self, a: str) -> Fraction:  # noqa: N802
        return self.l(a) * (self.Y(a) + self.L)

    def D(self, a: str) -> Fraction:  # noqa: N802
        """Advantage of the hedge over `a` in peace."""
        return (self.Y(H) - self.c(H)) - (self.Y(a) - self.c(a))

    def T(self, a: str) -> Fraction:  # noqa: N802
        return (
            self.l(a) * (self.V + self.b * self.z(a)) - self.kappa - self.rho * self.r(a) * self.w
        )


_SYMBOLS = {str(p.symbol): name for name, p in ag.models.alignment().parameters.items()}


@dataclass(frozen=True)
class Case:
    """One vector with its game, solved in both timings when asked for."""

    f: Blocks

    @cached_property
    def game(self) -> ag.NormalFormGame:
        return ag.models.alignment().game(self.f.p)

    @cached_property
    def nash(self) -> ag.solvers.Solution:
        return ag.solve(self.game)

    @cached_property
    def spe(self) -> ag.solvers.Solution:
        return ag.solve(ag.models.alignment().tree(self.f.p))

    def u(self, a: str, c: str) -> Fraction:
        return Fraction(self.game.payoff("small_state", a, c))

    def u_under(self, a: str, q: Fraction) -> Fraction:
        return (1 - q) * self.u(a, A) + q * self.u(a, C)

    @cached_property
    def paths(self) -> set[tuple[str, ...]]:
        return {eq.path for eq in self.spe.equilibria}

    @property
    def postures(self) -> set[str]:
        return {path[0] for path in self.paths}

    @property
    def tied(self) -> bool:
        """Whether anyone is indifferent anywhere in the tree."""
        return self.spe.degenerate

    def answers(self, a: str) -> set[str]:
        """The hegemon's best replies to a posture in the solved tree."""
        k = self.spe.game.agents.index(f"hegemon after {a}")
        return {c for eq in self.spe.equilibria for c in eq.support[k]}


def solved(values: Vector) -> Case:
    return Case(Blocks(dict(values)))


@pytest.fixture(scope="module")
def cases(prior_vectors: list[Vector]) -> list[Case]:
    return [solved(values) for values in prior_vectors]


@pytest.fixture(scope="module")
def tie_cases(tie_vectors: list[Vector]) -> list[Case]:
    return [solved(values) for values in tie_vectors]


@pytest.fixture(scope="module")
def domain_cases(domain_vectors: list[Vector]) -> list[Case]:
    return [solved(values) for values in domain_vectors]


@pytest.fixture(scope="module")
def all_cases(cases: list[Case], tie_cases: list[Case], domain_cases: list[Case]) -> list[Case]:
    return [*cases, *tie_cases, *domain_cases]


def vietnam(**changes: float | Fraction) -> Case:
    return solved(dict(ag.load_scenario("vietnam").replace(**changes)))


def ukraine(**changes: float | Fraction) -> Case:
    return solved(dict(ag.load_scenario("ukraine").replace(**changes)))


def threats() -> Iterator[Fraction]:
    """Exogenous probabilities of coercion, ends included."""
    rng = random.Random(7)
    yield from (ZERO, Fraction(1))
    while True:
        yield Fraction(rng.randint(0, 100), 100)


# F1.1


def test_hegemon_coerces_where_it_is_tempted(all_cases: list[Case]) -> None:
    for case in all_cases:
        for a in POSTURES:
            t = case.f.T(a)
            gain = case.game.payoff("hegemon", a, C) - case.game.payoff("hegemon", a, A)
            assert t == gain
            assert case.answers(a) == ({C} if t > 0 else {A} if t < 0 else {A, C})


# F1.2


def strictly_dominates(case: Case, a: str, other: str) -> bool:
    return all(case.u(a, c) > case.u(other, c) for c in (A, C))


def test_dominance_of_the_hedge_is_one_inequality(all_cases: list[Case]) -> None:
    dominant = 0
    for case in all_cases:
        f = case.f
        for a in (B, W):
            holds = f.D(a) > max(ZERO, f.X(H) - f.X(a))
            assert holds == strictly_dominates(case, H, a)
        if all(f.D(a) > max(ZERO, f.X(H) - f.X(a)) for a in (B, W)):
            dominant += 1
            assert {eq.support[0] for eq in case.nash.equilibria} == {(H,)}
            assert case.postures == {H} or any(f.T(a) >= 0 for a in POSTURES)
    assert 500 < dominant < 2000


def test_dominance_does_not_make_the_hedge_subgame_perfect() -> None:
    # Dominance is about simultaneous choice: here the hedge dominates and is coerced, while a
    # bandwagoner is spared, so a state that is seen to move first bandwagons.
    case = vietnam(
        stake=0.6, cost_balance=0.5, coercion_success=0.9, tilt=1, autonomy_bandwagon=0.2
    )
    f = case.f
    assert f.D(W) > max(ZERO, f.X(H) - f.X(W))
    assert f.D(B) > max(ZERO, f.X(H) - f.X(B))
    assert {eq.support[0] for eq in case.nash.equilibria} == {(H,)}
    assert case.postures == {W}


def test_dominance_inequality_is_strict(cases: list[Case]) -> None:
    # On the knife edge the hedge is no longer strictly dominant.
    edges = 0
    for case in cases[:400]:
        f = case.f
        c_hedge = f.c_H + f.D(B) - max(ZERO, f.X(H) - f.X(B))  # X does not depend on costs
        if c_hedge >= 0:
            edges += 1
            edge = solved({**f.p, "cost_hedge": c_hedge})
            assert not strictly_dominates(edge, H, B)
            nearer = solved({**f.p, "cost_hedge": max(ZERO, c_hedge - Fraction(1, 10**9))})
            assert strictly_dominates(nearer, H, B) == (c_hedge > 0)
    assert edges > 100


def test_damage_does_not_enter_dominance(cases: list[Case]) -> None:
    for case in cases[:50]:
        worse = solved({**case.f.p, "coercion_damage": case.f.d + 5})
        for a in (B, W):
            assert strictly_dominates(case, H, a) == strictly_dominates(worse, H, a)


# F1.3


def alpha_threshold(f: Blocks, a: str) -> Fraction:
    kept = f.e_P + f.x_B * f.e_G if a == B else f.e_G + f.y_W * f.e_P
    autonomy = f.theta_B if a == B else f.theta_W
    return (kept - (1 - f.tau) * (f.e_P + f.e_G) + f.c(H) - f.c(a)) / (1 - autonomy)


def test_hedge_is_best_without_coercion_above_two_autonomy_weights(cases: list[Case]) -> None:
    calm = seen = 0
    for case in cases:
        f = case.f
        assert f.theta_H == 1
        if f.theta_B == 1 or f.theta_W == 1:
            continue
        above = all(f.alpha > alpha_threshold(f, a) for a in (B, W))
        assert above == all(case.u(H, A) > case.u(a, A) for a in (B, W))
        if all(f.T(a) < 0 for a in POSTURES):
            calm += 1
            seen += above
            assert (case.paths == {(H, A)}) == above
            assert ([eq.path for eq in case.nash.equilibria if eq.is_pure] == [(H, A)]) == above
    assert calm > 700
    assert 300 < seen < calm - 100


def test_at_an_autonomy_threshold_the_hedge_ties(cases: list[Case]) -> None:
    ties = 0
    for case in cases[:400]:
        f = case.f
        for a in (B, W):
            if f.p["autonomy_balance" if a == B else "autonomy_bandwagon"] == 1:
                continue
            threshold = alpha_threshold(f, a)
            if threshold >= 0:
                ties += 1
                edge = Blocks({**f.p, "autonomy_weight": threshold})
                assert edge.D(a) == 0
    assert ties > 100


def test_autonomy_threshold_needs_autonomy_to_lose() -> None:
    # the notes divides by 1 - theta: an ally that keeps all of its autonomy (the Ukraine-like
    # case) beats the hedge at every autonomy weight, and the threshold does not exist.
    for weight in (0, 1, 2, 1000):
        case = ukraine(autonomy_weight=weight)
        assert case.f.theta_B == 1
        assert case.u(B, A) - case.u(H, A) == Fraction(7, 100)
    # Where the numerator is negative the hedge wins at every weight instead.
    for weight in (0, 1, 1000):
        case = ukraine(autonomy_weight=weight, hedging_discount=0.15)
        assert case.u(H, A) > case.u(B, A)


def test_autonomy_threshold_needs_a_hedger_with_full_autonomy() -> None:
    case = vietnam(autonomy_hedge=0.3, autonomy_weight=2)
    assert case.f.alpha > alpha_threshold(case.f, B)
    assert case.u(B, A) > case.u(H, A)


# F1.4


def test_threat_threshold(cases: list[Case]) -> None:
    branches = dict.fromkeys(("falls", "always", "rises", "never"), 0)
    for case, q in zip(cases, threats(), strict=False):
        f = case.f
        ahead = case.u_under(H, q) > case.u_under(B, q)
        exposure = f.X(H) - f.X(B)
        if exposure > 0:
            branches["falls"] += 1
            q_star = f.D(B) / exposure
            assert ahead == (q < q_star)
            assert case.u_under(H, q_star) == case.u_under(B, q_star)
        elif f.D(B) > 0:
            branches["always"] += 1
            assert ahead
        elif exposure < 0:  # not in the notes: the hedge is the shelter and wins above q*
            branches["rises"] += 1
            assert ahead == (q > f.D(B) / exposure)
        else:
            branches["never"] += 1
            assert not ahead
    assert branches["falls"] > 500
    assert branches["always"] > 20
    assert branches["rises"] > 20


def test_stakes_threshold(cases: list[Case]) -> None:
    seen = 0
    for case, q in zip(cases, threats(), strict=False):
        f = case.f
        gap = f.l(H) - f.l(B)  # delta rho (1 - eta)
        assert gap == f.delta * f.rho * (1 - f.eta)
        if q == 0 or gap == 0:
            continue
        l_star = (f.D(B) / q - (f.l(H) * f.Y(H) - f.l(B) * f.Y(B))) / gap
        assert (case.u_under(H, q) > case.u_under(B, q)) == (l_star > f.L)
        if l_star >= 0:
            seen += 1
            edge = solved({**f.p, "overrun_loss": l_star})
            assert edge.u_under(H, q) == edge.u_under(B, q)
    assert seen > 500


def test_stakes_do_not_matter_without_threat_or_extra_help() -> None:
    # L* does not exist at q = 0 or where an ally gets no more help than a hedger.
    for loss in (0, 1, 100):
        assert vietnam(overrun_loss=loss).u_under(H, ZERO) == Fraction(8, 5)
        case = vietnam(overrun_loss=loss, informal_support=1)
        lead = case.u_under(H, Fraction(1, 2)) - case.u_under(B, Fraction(1, 2))
        base = vietnam(overrun_loss=0, informal_support=1)
        assert lead == base.u_under(H, Fraction(1, 2)) - base.u_under(B, Fraction(1, 2))


# F1.5


@dataclass(frozen=True)
class Abandonment:
    """Numerator N, help advantage K and threshold rho_hat = N / (q delta K) of F1.5."""

    f: Blocks
    q: Fraction

    @property
    def N(self) -> Fraction:  # noqa: N802
        f = self.f
        return (1 - self.q * f.l0) * (f.Y(H) - f.Y(B)) + f.c(B) - f.c(H)

    @property
    def K(self) -> Fraction:  # noqa: N802
        f = self.f
        return (f.Y(B) + f.L) - f.eta * (f.Y(H) + f.L)

    @property
    def rho_hat(self) -> Fraction:
        return self.N / (self.q * self.f.delta * self.K)

    @property
    def defined(self) -> bool:
        return self.q * self.f.delta * self.K > 0

    def moved(self, **changes: Fraction) -> Abandonment:
        return Abandonment(Blocks({**self.f.p, **changes}), self.q)


def abandonments(cases: list[Case]) -> Iterator[tuple[Case, Abandonment]]:
    for case, q in zip(cases, threats(), strict=False):
        here = Abandonment(case.f, q)
        if here.defined:
            yield case, here


def test_abandonment_threshold(cases: list[Case]) -> None:
    seen = inside = reversed_ = flat = 0
    for case, q in zip(cases, threats(), strict=False):
        here = Abandonment(case.f, q)
        ahead = case.u_under(H, q) > case.u_under(B, q)
        denominator = q * case.f.delta * here.K
        if denominator > 0:
            seen += 1
            inside += 0 < here.rho_hat < 1
            assert ahead == (case.f.rho < here.rho_hat)
        elif denominator < 0:  # a hedger gains more from help than an ally: reversed
            reversed_ += 1
            assert ahead == (case.f.rho > here.rho_hat)
        else:  # no threat or no help: reliability does not matter
            flat += 1
            assert ahead == (here.N > 0)
    assert seen > 1500
    assert inside > 300
    assert reversed_ > 20
    assert flat > 0


def test_abandonment_threshold_is_a_tie(cases: list[Case]) -> None:
    ties = 0
    for _, here in abandonments(cases[:500]):
        if 0 <= here.rho_hat <= 1:
            ties += 1
            edge = solved({**here.f.p, "patron_reliability": here.rho_hat})
            assert edge.u_under(H, here.q) == edge.u_under(B, here.q)
    assert ties > 80


STEP = Fraction(1, 97)


def test_abandonment_threshold_falls_in_threat_iff_the_hedge_leads_in_peace(
    cases: list[Case],
) -> None:
    signs = {-1: 0, 0: 0, 1: 0}
    for _, here in abandonments(cases):
        higher = Abandonment(here.f, here.q + STEP).rho_hat
        lead = here.f.D(B)
        signs[(lead > 0) - (lead < 0)] += 1
        assert (higher < here.rho_hat) == (lead > 0)
        assert (higher > here.rho_hat) == (lead < 0)
    assert min(signs[-1], signs[1]) > 100


def test_abandonment_threshold_may_rise_in_threat() -> None:
    # the notes say that rho_hat falls in q. It does where Y_H - c_H > Y_B - c_B. Here the ally
    # is better off in peace but pays more, so a larger threat makes the *cheaper* hedge better,
    # and both thresholds lie inside (0, 1).
    values = dict(
        ag.load_scenario("ukraine").replace(
            autonomy_weight=0, economy_hegemon=0, economy_patron=1, hedging_discount=0.2,
            cost_balance=0.2, cost_hedge=0.05,
        )
    )  # fmt: skip
    low, high = (Abandonment(Blocks(values), Fraction(q)) for q in ("0.5", "1"))
    assert low.f.D(B) == Fraction(-1, 20)
    assert 0 < low.rho_hat < high.rho_hat < 1
    between = (low.rho_hat + high.rho_hat) / 2
    case = solved({**values, "patron_reliability": between})
    assert case.u_under(H, low.q) < case.u_under(B, low.q)
    assert case.u_under(H, high.q) > case.u_under(B, high.q)


def test_abandonment_threshold_moves_with_its_numerator(cases: list[Case]) -> None:
    """Where rho_hat > 0 (N > 0): falls in L and delta, rises in eta; reversed where N < 0."""
    seen = {-1: 0, 1: 0}
    for _, here in abandonments(cases):
        f = here.f
        sign = (here.N > 0) - (here.N < 0)
        if sign == 0:
            continue
        seen[sign] += 1
        loss = here.moved(overrun_loss=f.L + STEP)
        assert (loss.rho_hat - here.rho_hat) * sign <= 0
        assert (loss.rho_hat == here.rho_hat) == (f.eta == 1)
        effect = here.moved(support_effect=f.delta + STEP)
        assert (effect.rho_hat - here.rho_hat) * sign < 0
        support = here.moved(informal_support=f.eta + STEP)
        if support.defined:
            assert (support.rho_hat - here.rho_hat) * sign > 0
    assert min(seen.values()) > 300


def test_abandonment_threshold_rises_in_the_cost_of_balancing(cases: list[Case]) -> None:
    for _, here in abandonments(cases):
        assert here.moved(cost_balance=here.f.c_B + STEP).rho_hat > here.rho_hat
        assert here.moved(cost_hedge=here.f.c_H + STEP).rho_hat < here.rho_hat


def test_abandonment_threshold_rises_as_an_ally_loses_autonomy(cases: list[Case]) -> None:
    seen = 0
    for _, here in abandonments(cases):
        if here.f.theta_B < STEP or here.f.alpha == 0 or here.N < 0 or here.q * here.f.l0 == 1:
            continue
        less = here.moved(autonomy_balance=here.f.theta_B - STEP)
        if less.defined:
            seen += 1
            assert less.rho_hat > here.rho_hat
    assert seen > 300


def test_abandonment_threshold_in_the_autonomy_weight(cases: list[Case]) -> None:
    """d rho_hat / d alpha has the sign of (1 - q l0)(theta_H - theta_B) K - N (theta_B - eta)."""
    rises = falls = 0
    for _, here in abandonments(cases):
        f = here.f
        slope = (1 - here.q * f.l0) * (1 - f.theta_B) * here.K - here.N * (f.theta_B - f.eta)
        more = here.moved(autonomy_weight=f.alpha + STEP)
        if not more.defined:
            continue
        assert (more.rho_hat > here.rho_hat) == (slope > 0)
        assert (more.rho_hat < here.rho_hat) == (slope < 0)
        if 0 < here.rho_hat < 1:
            rises += slope > 0
            falls += slope < 0
    assert rises > 100
    assert falls > 10


def test_abandonment_threshold_may_fall_in_the_autonomy_weight() -> None:
    # the notes say that rho_hat rises in alpha (1 - theta_B). Raising alpha raises it, too, but
    # also what an ally has to lose, and with it the worth of the patron's help.
    values = dict(
        ag.load_scenario("vietnam").replace(
            autonomy_balance=0.9, cost_balance=0.45, cost_hedge=0, hedging_discount=0.5
        )
    )
    low = Abandonment(Blocks({**values, "autonomy_weight": Fraction(1, 2)}), Fraction(1))
    high = Abandonment(Blocks({**values, "autonomy_weight": Fraction(2)}), Fraction(1))
    assert 0 < high.rho_hat < low.rho_hat < 1
    assert low.f.alpha * (1 - low.f.theta_B) < high.f.alpha * (1 - high.f.theta_B)


# F1.6


def v_window(f: Blocks) -> tuple[Fraction, Fraction]:
    v_b = (f.kappa + f.rho * f.w) / f.l(B) - f.b
    v_h = (f.kappa + f.rho * f.eta * f.w) / f.l(H) - f.zeta * f.b
    return v_b, v_h


def test_provocation_window(all_cases: list[Case]) -> None:
    inside = 0
    for case in all_cases:
        f = case.f
        if f.l(B) == 0 or f.l(H) == 0:
            continue
        v_b, v_h = v_window(f)
        provoked = case.answers(B) == {C}
        safe = case.answers(H) == {A}
        assert provoked == (v_b < f.V)
        assert safe == (v_h > f.V)
        inside += v_b < f.V < v_h
        assert (provoked and safe) == (v_b < f.V < v_h)
    assert inside > 150


def test_at_the_ends_of_the_window_the_hegemon_is_indifferent(cases: list[Case]) -> None:
    ends = 0
    for case in cases[:300]:
        for posture, stake in zip((B, H), v_window(case.f), strict=True):
            if stake >= 0:
                ends += 1
                assert solved({**case.f.p, "stake": stake}).answers(posture) == {A, C}
    assert ends > 200


def test_an_ally_that_cannot_be_beaten_is_never_provoked() -> None:
    # V_B divides by l_B, which is 0 where full help is certain and makes success impossible.
    for stake in (0, 10, 10**6):
        case = vietnam(stake=stake, support_effect=0.9, patron_reliability=1)
        assert case.f.l(B) == 0
        assert case.answers(B) == {A}


def rho_star_parts(f: Blocks) -> tuple[Fraction, Fraction]:
    return (
        f.b * f.l0 * (1 - f.zeta),
        (1 - f.eta) * (f.delta * f.V + f.w) + f.b * f.delta * (1 - f.zeta * f.eta),
    )


def test_balancing_tempts_more_below_a_reliability(all_cases: list[Case]) -> None:
    seen = 0
    for case in all_cases:
        f = case.f
        above, below = rho_star_parts(f)
        assert below >= 0
        if below > 0:
            seen += 1
            star = above / below
            assert (f.T(B) > f.T(H)) == (f.rho < star)
            assert (f.T(B) == f.T(H)) == (f.rho == star)
            assert (star > 0) == (f.b > 0 and f.zeta < 1 and f.l0 > 0)  # P4
        else:  # help changes nothing between the two: only provocation is left
            assert (f.T(B) > f.T(H)) == (above > 0)
            assert f.T(B) >= f.T(H)
    assert seen > 3000


def test_without_help_balancing_can_only_provoke(cases: list[Case]) -> None:
    for case in cases[:200]:
        alone = Blocks({**case.f.p, "patron_reliability": ZERO})
        assert alone.T(B) >= alone.T(H) >= alone.T(W)


def test_above_rho_star_balancing_may_still_be_coerced() -> None:
    # "Deterrence wins above rho*" is about the difference T_B - T_H, not about T_B < 0.
    case = vietnam(stake=1.6, patron_reliability=0.8)
    above, below = rho_star_parts(case.f)
    assert case.f.rho > above / below
    assert case.f.T(B) > 0
    assert case.answers(B) == {C}


# F1.7


def rho_d_parts(f: Blocks) -> tuple[Fraction, Fraction]:
    return f.l0 * (f.V + f.b) - f.kappa, f.delta * (f.V + f.b) + f.w


def test_deterrence_threshold_of_balancing(all_cases: list[Case]) -> None:
    seen = dict.fromkeys(("never provoked", "inside", "beyond", "flat"), 0)
    for case in all_cases:
        f = case.f
        above, below = rho_d_parts(f)
        not_tempted = A in case.answers(B)
        assert not_tempted == (f.T(B) <= 0)
        if below == 0:  # help neither weakens coercion nor makes it dearer
            seen["flat"] += 1
            assert not_tempted == (above <= 0)
            continue
        rho_d = above / below
        seen["never provoked" if rho_d <= 0 else "inside" if rho_d <= 1 else "beyond"] += 1
        assert not_tempted == (f.rho >= rho_d)
        assert (case.answers(B) == {A, C}) == (f.rho == rho_d)
        assert (case.answers(B) == {A}) == (f.rho > rho_d)
    assert min(seen.values()) > 10


def test_bandwagoning_is_spared_below_its_threshold(all_cases: list[Case]) -> None:
    seen = 0
    for case in all_cases:
        f = case.f
        if f.l0 == 0:
            assert A in case.answers(W)
            continue
        v_w = f.kappa / f.l0 + f.beta_w * f.b
        seen += v_w < f.V
        assert (case.answers(W) == {A}) == (v_w > f.V)
        assert (v_w > f.V) == (f.l0 * (f.V - f.b * f.beta_w) < f.kappa)
    assert seen > 300


def test_the_trilemma_above_the_ceiling_of_the_hedge(cases: list[Case]) -> None:
    """F1.7 with the payoff inequalities: who is left once a hedger is coerced."""
    seen: dict[tuple[str, bool], int] = {}
    for case in cases:
        f = case.f
        above, below = rho_d_parts(f)
        if case.tied or below == 0 or v_window(f)[1] >= f.V:
            continue
        assert case.answers(H) == {C}
        deterred = f.rho > above / below
        spared = f.kappa / f.l0 + f.beta_w * f.b > f.V
        value = {
            B: case.u(B, A if deterred else C),
            H: case.u(H, C),
            W: case.u(W, A if spared else C),
        }
        best = max(value, key=lambda a: value[a])
        assert case.paths == {(best, {B: A if deterred else C, H: C, W: A if spared else C}[best])}
        # In the words of the notes, with the payoff inequalities that they need:
        if deterred and value[B] > max(value[H], value[W]):
            assert case.postures == {B}
        if not deterred and spared and value[W] > max(value[B], value[H]):
            assert case.postures == {W}
        region = "deterred" if deterred else "spared" if spared else "neither"
        bare = {"deterred": B, "spared": W}.get(region)
        key = (region, best == bare)
        seen[key] = seen.get(key, 0) + 1
    # The bare claim holds mostly, but not always, without the payoff inequality.
    assert seen["deterred", True] > 40
    assert seen["deterred", False] > 10
    assert seen["spared", True] > 40
    assert seen["spared", False] > 0


def test_trilemma_needs_the_payoff_inequality_for_balancing_too() -> None:
    # the notes: above V_H "S chooses B if rho >= rho_D". Not where friendship pays better:
    case = ukraine(
        stake=0.8, patron_reliability=1, autonomy_balance=0.5, autonomy_bandwagon=0.9,
        economy_hegemon=0.6, economy_patron=0.4, hedging_discount=0.4,
    )  # fmt: skip
    above, below = rho_d_parts(case.f)
    assert case.f.rho > above / below
    assert v_window(case.f)[1] < case.f.V < case.f.kappa / case.f.l0 + case.f.beta_w * case.f.b
    assert case.paths == {(W, A)}
    # nor where being coerced costs a hedger less than an alliance does:
    mild = vietnam(
        stake=1.6, patron_reliability=0.9, overrun_loss=0, coercion_damage=0,
        coercion_success=0.5, cost_balance=0.5, autonomy_bandwagon=0,
    )  # fmt: skip
    above, below = rho_d_parts(mild.f)
    assert mild.f.rho > above / below
    assert v_window(mild.f)[1] < mild.f.V
    assert mild.paths == {(H, C)}


def test_at_rho_d_both_answers_to_balancing_are_best() -> None:
    # "S chooses B if rho >= rho_D": at equality the hegemon is indifferent, so B may be coerced.
    case = ukraine(stake=0.8, patron_reliability=Fraction(42, 70))
    above, below = rho_d_parts(case.f)
    assert case.f.rho == above / below
    assert case.answers(B) == {A, C}
    assert case.paths == {(B, A), (W, A)}


# F1.8


def test_hedging_in_peace_is_the_unique_equilibrium(all_cases: list[Case]) -> None:
    first = second = 0
    for case in all_cases:
        f = case.f
        dominant = all(f.D(a) > max(ZERO, f.X(H) - f.X(a)) for a in (B, W))
        calm = all(f.T(a) < 0 for a in POSTURES) and all(f.D(a) > 0 for a in (B, W))
        if (dominant and f.T(H) < 0) or calm:
            first += dominant and f.T(H) < 0
            second += calm
            assert len(case.nash.equilibria) == 1
            assert case.nash.equilibria[0].path == (H, A)
        if calm:
            assert case.paths == {(H, A)}
    assert first > 400
    assert second > 300


def test_the_two_clauses_do_not_cover_every_unique_hedge(cases: list[Case]) -> None:
    # F1.8 says "if": a dominated third posture may stand in the way of either clause.
    others = 0
    for case in cases:
        f = case.f
        dominant = all(f.D(a) > max(ZERO, f.X(H) - f.X(a)) for a in (B, W))
        calm = all(f.T(a) < 0 for a in POSTURES) and all(f.D(a) > 0 for a in (B, W))
        only = len(case.nash.equilibria) == 1 and case.nash.equilibria[0].is_pure
        if only and case.nash.equilibria[0].path == (H, A):
            assert f.T(H) <= 0
            assert all(f.D(a) >= 0 for a in (B, W))
            others += not (calm or (dominant and f.T(H) < 0))
    assert others > 5


def test_subgame_perfect_posture_maximizes_v(all_cases: list[Case]) -> None:
    decided = 0
    for case in all_cases:
        f = case.f
        if any(f.T(a) == 0 for a in POSTURES):
            continue
        v = {a: f.Y(a) - f.c(a) - (f.X(a) + f.d if f.T(a) > 0 else ZERO) for a in POSTURES}
        best = {a for a in POSTURES if v[a] == max(v.values())}
        decided += len(best) == 1
        assert case.postures == best
        for eq in case.spe.equilibria:
            assert eq.payoffs[0] == max(v.values())
    assert decided > 2900
