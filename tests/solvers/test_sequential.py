"""Sequential equilibria of signaling games: certificates, invariances, and independent oracles."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from alignment_games.errors import GameError, ParameterError, ProfileError, WorkLimitError
from alignment_games.games import SignalingGame
from alignment_games.solvers import (
    SequentialSolution,
    SequentialSubset,
    Status,
    nash,
    sequential,
    verify,
    verify_assessment,
)


def random_game(
    rng: np.random.Generator, shape: tuple[int, int, int, int], *, span: int = 5
) -> SignalingGame:
    """Return a game with few different payoffs, so that ties occur."""
    n_types, n_sides, n_messages, n_actions = shape
    types = [f"t{k}" for k in range(n_types)]
    sides = [f"s{k}" for k in range(n_sides)] if n_sides > 1 else [""]
    weights = rng.integers(1, 5, size=(n_types, n_sides))
    total = int(weights.sum())
    prior: dict[Any, Fraction] = {
        ((t, s) if n_sides > 1 else t): Fraction(int(weights[i, k]), total)
        for i, t in enumerate(types)
        for k, s in enumerate(sides)
    }
    responses = {f"m{k}": [f"a{j}" for j in range(n_actions)] for k in range(n_messages)}
    outcomes = [
        (*((t, s) if n_sides > 1 else (t,)), m, a)
        for t in types
        for s in sides
        for m in responses
        for a in responses[m]
    ]
    return SignalingGame(
        prior=prior,
        responses=responses,
        payoffs={o: tuple(int(v) for v in rng.integers(0, span, size=2)) for o in outcomes},
    )


def beer_quiche(weak: Fraction = Fraction(1, 10)) -> SignalingGame:
    """Cho and Kreps (1987): breakfast is worth 1, not to be fought 2."""
    return SignalingGame(
        prior={"strong": 1 - weak, "weak": weak},
        responses={"beer": ["fight", "retreat"], "quiche": ["fight", "retreat"]},
        payoffs={
            (t, m, a): (
                (m == {"strong": "beer", "weak": "quiche"}[t]) + 2 * (a == "retreat"),
                int((a == "fight") == (t == "weak")),
            )
            for t in ("strong", "weak")
            for m in ("beer", "quiche")
            for a in ("fight", "retreat")
        },
    )


def believed(game: SignalingGame, sent: dict[str, dict[str, Fraction]], m: str) -> Any:
    """Return the belief after a message by Bayes' rule, or None if it is never sent."""
    masses = [sum(game.prior[t, s] for s in game.receiver_types) * sent[t][m] for t in game.types]
    return tuple(w / sum(masses) for w in masses) if any(masses) else None


def profile_of(
    game: SignalingGame, play: Sequence[Sequence[Fraction]], replies: Sequence[Sequence[Fraction]]
) -> tuple[tuple[Fraction, ...], ...]:
    """Return a profile of the tree from what each type sends and what each side answers."""
    sides = itertools.product(game.messages, game.receiver_types)
    vectors = {f"sender at type {t}": tuple(v) for t, v in zip(game.types, play, strict=True)} | {
        f"receiver at message {m}" + (f", type {s}" if s else ""): tuple(v)
        for (m, s), v in zip(sides, replies, strict=True)
    }
    return tuple(vectors[agent] for agent in game.tree().agents)


def mixed(rng: np.random.Generator, points: Sequence[Any]) -> tuple[Any, list[Any]]:
    """Return a random exact convex combination, and the points that it puts weight on."""
    weights = rng.integers(0, 3, size=len(points))
    weights[rng.integers(len(points))] += 1
    shares = [Fraction(int(w), int(weights.sum())) for w in weights]
    mixture = tuple(
        tuple(
            sum((p * point[k][j] for p, point in zip(shares, points, strict=True)), Fraction(0))
            for j in range(len(vector))
        )
        for k, vector in enumerate(points[0])
    )
    return mixture, [point for p, point in zip(shares, points, strict=True) if p]


def solve_all(seed: int, shape: tuple[int, int, int, int]) -> tuple[Any, SequentialSolution]:
    rng = np.random.default_rng(seed)
    return rng, sequential(random_game(rng, shape))


SHAPES = [(2, 1, 2, 2), (2, 2, 2, 2), (3, 1, 2, 2), (2, 1, 2, 3), (2, 1, 3, 2)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(4))
def test_vertices_and_mixtures_inside_each_product_pass_the_certificate(
    seed: int, shape: tuple[int, int, int, int]
) -> None:
    rng, solution = solve_all(seed, shape)
    game = solution.game
    assert solution.status is Status.COMPLETE
    assert solution.equilibria
    assert solution.max_regret == 0
    known = {eq.profile: eq for eq in solution.equilibria}
    for part in (subset for c in solution.components for subset in c.subsets):
        for _ in range(3):
            (play, plays), (replies, answers) = mixed(rng, part.plays), mixed(rng, part.replies)
            corners = [known[profile_of(game, x, r)] for x, r in itertools.product(plays, answers)]
            sent = {
                t: dict(zip(game.messages, v, strict=True))
                for t, v in zip(game.types, play, strict=True)
            }
            # After a message that none of them sends, all corners share a belief.
            beliefs = {
                m: believed(game, sent, m)
                or max(set.intersection(*(set(eq.beliefs[m]) for eq in corners)))
                for m in game.messages
            }
            profile = profile_of(game, play, replies)
            assert verify_assessment(game, profile, beliefs).is_equilibrium


def rational_somewhere(game: SignalingGame, play: Any, replies: Any) -> bool:
    """Tell whether a profile of a game of two types is sequentially rational for some belief.

    Written for two types of sender only: the receiver's responses in use are best for beliefs in
    an interval, and the interval of one message is the intersection over all that it compares.
    """
    t0, t1 = game.types
    sides, actions = game.receiver_types, {m: game.responses[m] for m in game.messages}
    own = {t: sum(game.prior[t, s] for s in sides) for t in game.types}

    def pay(player: int, t: str, s: str, m: str, a: str) -> Fraction:
        return game.payoffs((t, s, m, a) if s else (t, m, a))[player]

    reply = dict(zip(itertools.product(game.messages, sides), replies, strict=True))
    for t, row in zip(game.types, play, strict=True):
        worth = [
            sum(
                game.prior[t, s] * p * pay(0, t, s, m, a)
                for s in sides
                for a, p in zip(actions[m], reply[m, s], strict=True)
            )
            for m in game.messages
        ]
        if any(p and v < max(worth) for p, v in zip(row, worth, strict=True)):
            return False
    for k, m in enumerate(game.messages):
        low, high = Fraction(0), Fraction(1)  # the probability of the first type
        masses = own[t0] * play[0][k], own[t1] * play[1][k]
        if sum(masses):
            low = high = masses[0] / sum(masses)
        for s in sides:
            for a, p in zip(actions[m], reply[m, s], strict=True):
                for b in actions[m] if p else ():
                    first = (
                        game.prior[t0, s] / own[t0] * (pay(1, t0, s, m, a) - pay(1, t0, s, m, b))
                    )
                    other = (
                        game.prior[t1, s] / own[t1] * (pay(1, t1, s, m, a) - pay(1, t1, s, m, b))
                    )
                    # first * x + other * (1 - x) >= 0
                    slope = first - other
                    if slope > 0:
                        low = max(low, -other / slope)
                    elif slope < 0:
                        high = min(high, -other / slope)
                    elif other < 0:
                        return False
        if low > high:
            return False
    return True


def inside(points: Sequence[Any], point: Any) -> bool:
    """Tell whether a point lies in the hull of others, by a linear program where not obvious."""
    if point in points or len(points) == 1:
        return point in points
    used = {(k, j) for p in points for k, row in enumerate(p) for j, v in enumerate(row) if v}
    if any(v and (k, j) not in used for k, row in enumerate(point) for j, v in enumerate(row)):
        return False
    table = np.array([[float(v) for row in p for v in row] for p in points]).T
    target = np.array([float(v) for row in point for v in row])
    rows = np.vstack([table, np.ones(len(points))])
    found = linprog(np.zeros(len(points)), A_eq=rows, b_eq=np.append(target, 1), method="highs")
    return bool(found.status == 0)


def covered(solution: SequentialSolution, play: Any, replies: Any) -> bool:
    parts: list[SequentialSubset] = [s for c in solution.components for s in c.subsets]
    return any(inside(p.plays, play) and inside(p.replies, replies) for p in parts)


@pytest.mark.parametrize("shape", [(2, 1, 2, 2), (2, 2, 2, 2)])
@pytest.mark.parametrize("seed", range(10, 16))
def test_no_equilibrium_on_a_grid_lies_outside(seed: int, shape: tuple[int, int, int, int]) -> None:
    _, solution = solve_all(seed, shape)
    game = solution.game
    steps = (
        [Fraction(0), Fraction(1, 2), Fraction(1)]
        if shape[1] > 1
        else [Fraction(k, 4) for k in range(5)]
    )
    pairs = [(p, 1 - p) for p in steps]
    hits = 0
    for vectors in itertools.product(pairs, repeat=2 + 2 * shape[1]):
        play, replies = vectors[:2], vectors[2:]
        if rational_somewhere(game, play, replies):
            hits += 1
            assert covered(solution, play, replies)
    if shape[1] == 1:
        outside = list(itertools.product(pairs[::2], repeat=4))
        for vectors in outside:
            if covered(solution, vectors[:2], vectors[2:]):
                assert rational_somewhere(game, vectors[:2], vectors[2:])
    assert hits or all(not eq.off_path for eq in solution.equilibria)


@pytest.mark.parametrize("seed", range(50, 53))
def test_three_responses_off_the_path_need_one_belief(seed: int) -> None:
    """Profiles in which each type sends one message, inside the answer if and only if rational."""
    _, solution = solve_all(seed, (2, 1, 2, 3))
    game = solution.game
    none, half, sure = Fraction(0), Fraction(1, 2), Fraction(1)
    pure = [(sure, none, none), (none, sure, none), (none, none, sure)]
    pairs = [(half, half, none), (half, none, half), (none, half, half)]
    all_three = (half, Fraction(1, 4), Fraction(1, 4))
    for play in itertools.product([(sure, none), (none, sure)], repeat=2):
        for answers in itertools.product([*pure, *pairs, all_three], repeat=2):
            rational = rational_somewhere(game, play, answers)
            assert covered(solution, play, answers) == rational


@pytest.mark.parametrize("seed", range(20, 26))
def test_the_nash_equilibria_that_some_belief_makes_rational_are_covered(seed: int) -> None:
    _, solution = solve_all(seed, (2, 1, 2, 2))
    game = solution.game
    tree = game.tree()
    normal = nash(tree.normal_form())
    assert len(tree.information_sets) == 4
    for eq in normal.equilibria:
        marginals = []
        for player in (0, 1):
            plans = list(itertools.product((0, 1), repeat=2))
            shares = eq.profile[player]
            marginals.append(
                tuple(
                    tuple(
                        sum(
                            Fraction(p)
                            for p, plan in zip(shares, plans, strict=True)
                            if plan[k] == a
                        )
                        for a in (0, 1)
                    )
                    for k in (0, 1)
                )
            )
        play, replies = marginals
        if rational_somewhere(game, play, replies):
            assert covered(solution, play, replies)
    for found in solution.equilibria:
        sent, answered = (
            [found.sends(t) for t in game.types],
            list(map(found.answers, game.messages)),
        )
        mixture = [
            [first * second for first in one.values() for second in two.values()]
            for one, two in (sent, answered)
        ]
        assert verify(tree.normal_form(), mixture) == (0, 0)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_beliefs_are_limits_of_bayes_rule(shape: tuple[int, int, int, int]) -> None:
    _, solution = solve_all(5, shape)
    game = solution.game
    for eq in solution.equilibria:
        for epsilon in (Fraction(1, 10**3), Fraction(1, 10**6), Fraction(1, 10**12)):
            profile = eq.perturbation(epsilon)
            assert all(p > 0 for vector in profile for p in vector)
            assert all(sum(vector) == 1 for vector in profile)
            strategy = dict(zip(eq.tree.agents, profile, strict=True))
            sent = {
                t: dict(zip(game.messages, strategy[f"sender at type {t}"], strict=True))
                for t in game.types
            }
            for m in game.messages:
                belief = believed(game, sent, m)
                gap = max(abs(a - b) for a, b in zip(belief, eq.assessment[m], strict=True))
                assert gap < 1000 * epsilon
            near = max(
                abs(a - b)
                for v, w in zip(profile, eq.profile, strict=True)
                for a, b in zip(v, w, strict=True)
            )
            assert near < 1000 * epsilon


def test_beer_and_quiche_has_two_pooling_components() -> None:
    solution = sequential(beer_quiche())
    assert len(solution.components) == 2
    by_message: dict[str, list[Any]] = {}
    for eq in solution.equilibria:
        assert eq.sends("strong") == eq.sends("weak")
        (message,) = [m for m, p in eq.sends("strong").items() if p]
        by_message.setdefault(message, []).append(eq)
    assert set(by_message) == {"beer", "quiche"}
    for eq in by_message["beer"]:
        assert (eq.intuitive, eq.d1, eq.universally_divine) == (True, True, True)
        assert eq.off_path == ("quiche",)
        # After quiche the receiver must fight at least half the time, so believe in the weak.
        assert eq.answers("quiche")["fight"] >= Fraction(1, 2)
        assert all(weak >= Fraction(1, 2) for _, weak in eq.beliefs["quiche"])
        assert eq.off_path_beliefs_only
    for eq in by_message["quiche"]:
        assert (eq.intuitive, eq.d1, eq.universally_divine) == (False, False, False)
    assert {eq.answers("quiche")["fight"] for eq in by_message["beer"]} == {
        Fraction(1, 2),
        Fraction(1),
    }


def test_beer_and_quiche_with_many_weak_mixes() -> None:
    """Above one half the weak drink beer so that the receiver is indifferent after it."""
    solution = sequential(beer_quiche(Fraction(3, 4)))
    mixing = [eq for eq in solution.equilibria if eq.sends("strong")["beer"] == 1]
    assert mixing
    for eq in mixing:
        assert eq.sends("weak")["beer"] == Fraction(1, 3)
        assert eq.answers("beer")["fight"] == Fraction(1, 2)


def test_positive_affine_payoffs_and_names_change_nothing() -> None:
    game = random_game(np.random.default_rng(3), (2, 1, 2, 2))
    other = SignalingGame(
        prior={f"x{t}": p for (t, _), p in game.prior.items()},
        responses=game.responses,
        payoffs={
            (f"x{t}", m, a): (3 * game.payoffs((t, m, a))[0] - 7, game.payoffs((t, m, a))[1] / 2)
            for t, m, a in game.outcomes
        },
    )
    mine, theirs = sequential(game), sequential(other)
    assert [eq.profile for eq in mine.equilibria] == [eq.profile for eq in theirs.equilibria]
    assert [(eq.intuitive, eq.d1, eq.universally_divine) for eq in mine.equilibria] == [
        (eq.intuitive, eq.d1, eq.universally_divine) for eq in theirs.equilibria
    ]
    assert [eq.beliefs for eq in mine.equilibria] == [eq.beliefs for eq in theirs.equilibria]


@pytest.mark.parametrize("seed", range(30, 40))
def test_stronger_refinements_keep_less(seed: int) -> None:
    _, solution = solve_all(seed, (3, 1, 2, 3))
    for eq in solution.equilibria:
        assert eq.d1 or not eq.universally_divine
        assert eq.intuitive or not eq.d1
        if not eq.off_path:
            assert (eq.intuitive, eq.d1, eq.universally_divine) == (True, True, True)
            assert not eq.off_path_beliefs_only


def test_universal_divinity_asks_more_than_d1() -> None:
    """The middle type gains wherever a or b do, taken together, but neither of them alone."""
    gains = {
        "first": {"a": Fraction(3, 4), "b": Fraction(-1, 4), "c": Fraction(-1, 4)},
        "middle": {"a": Fraction(2, 5), "b": Fraction(2, 5), "c": Fraction(-3, 5)},
        "last": {"a": Fraction(-1, 4), "b": Fraction(3, 4), "c": Fraction(-1, 4)},
    }
    right = {"first": "a", "middle": "c", "last": "b"}
    payoffs: dict[tuple[str, ...], tuple[Fraction | int, int]] = {
        (t, "speak", a): (gain, int(right[t] == a))
        for t, own in gains.items()
        for a, gain in own.items()
    }
    game = SignalingGame(
        prior=dict.fromkeys(gains, Fraction(1, 3)),
        responses={"stay": [], "speak": ["a", "b", "c"]},
        payoffs=payoffs | {(t, "stay"): (0, 0) for t in gains},
    )
    quiet = [eq for eq in sequential(game).equilibria if eq.off_path == ("speak",)]
    assert quiet
    for eq in quiet:
        assert (eq.intuitive, eq.d1, eq.universally_divine) == (True, True, False)


def test_a_wrong_belief_or_reply_fails_the_certificate() -> None:
    game = beer_quiche()
    (eq, *_) = [e for e in sequential(game).equilibria if e.intuitive]
    right = eq.assessment
    assert verify_assessment(game, eq.profile, right).is_equilibrium
    assert not verify_assessment(
        game, eq.profile, right | {"beer": (Fraction(1, 2), Fraction(1, 2))}
    ).consistent
    wrong = verify_assessment(game, eq.profile, right | {"quiche": (Fraction(1), Fraction(0))})
    assert wrong.consistent
    assert wrong.gains["receiver at message quiche"] > 0
    assert not wrong.is_equilibrium


def test_bad_arguments_are_named() -> None:
    game = beer_quiche()
    (eq, *_) = sequential(game).equilibria
    with pytest.raises(GameError, match="`game` must be a SignalingGame"):
        sequential(game.tree().normal_form())  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="`epsilon` must be"):
        eq.perturbation(0)
    with pytest.raises(ProfileError, match="`beliefs` must have one vector"):
        verify_assessment(game, eq.profile, {})
    with pytest.raises(ProfileError, match="`profile` must hold one vector"):
        verify_assessment(game, eq.profile[:1], eq.assessment)
    with pytest.raises(ProfileError, match="no agent"):
        eq.probabilities("nobody")


def test_a_large_game_is_refused() -> None:
    game = random_game(np.random.default_rng(1), (4, 1, 4, 4), span=1000)
    with pytest.raises(WorkLimitError, match="leave out messages or responses"):
        sequential(game)
