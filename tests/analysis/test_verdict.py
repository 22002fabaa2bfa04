"""Verdicts say what is true, all of it, and nothing else: against brute force, with ties.

A claim that a stronger claim implies is left out: elimination where the posture is strictly
dominant, "in every equilibrium" where the equilibrium is unique. Every other true claim is made.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

import alignment_games as ag
from alignment_games.analysis import ClaimKind, Verdict, verdict

Vector = dict[str, Fraction]
Draw = Callable[[str, int, int], list[Vector]]
Solver = Callable[..., set[Any]]
Claims = set[tuple[ClaimKind, str | None]]


def decide(model: ag.models.AlignmentModel, values: Any) -> Verdict:
    return verdict(
        ag.solve(model.game(values)), ag.solve(model.tree(values)), player=model.players[0]
    )


def never_best(own: list[list[Fraction]], i: int, answers: list[int], rows: list[int]) -> bool:
    """Whether a posture is a best reply to no threat that the remaining answers allow.

    By Pearce (1984) it is then strictly dominated, by a pure or a mixed posture. Its lead is the
    least of lines in the threat, so it is enough to look at the ends and where two lines cross.
    """
    candidates = {Fraction(k) for k in answers}
    if len(answers) == 2:
        for a in rows:
            for b in rows:
                calm, harsh = own[a][0] - own[b][0], own[a][1] - own[b][1]
                if calm * harsh < 0:
                    candidates.add(calm / (calm - harsh))
    values = [[(1 - q) * own[k][0] + q * own[k][1] for k in rows] for q in candidates]
    return all(own_value[rows.index(i)] < max(own_value) for own_value in values)


def survivors(own: list[list[Fraction]], other: list[list[Fraction]]) -> list[int]:
    """Postures left by iterated elimination of strictly dominated strategies of both players."""
    rows, answers = [0, 1, 2], [0, 1]
    while True:
        kept = [i for i in rows if not never_best(own, i, answers, rows)]
        left = [j for j in answers if not all(other[i][j] < other[i][1 - j] for i in rows)]
        if len(answers) == 1:
            left = answers
        if (kept, left) == (rows, answers):
            return rows
        rows, answers = kept, left


def true_claims(
    model: ag.models.AlignmentModel, values: Vector, equilibria: Solver, paths: Solver
) -> tuple[Claims, Claims]:
    own, other = model.game(values).exact_payoffs.tolist()
    names = model.strategies[0]
    simultaneous: Claims = set()
    others = {i: [k for k in range(3) if k != i] for i in range(3)}
    strict = [i for i in range(3) if all(own[i][j] > own[k][j] for k in others[i] for j in (0, 1))]
    weak = [
        i
        for i in range(3)
        if i not in strict
        and all(
            all(own[i][j] >= own[k][j] for j in (0, 1))
            and any(own[i][j] > own[k][j] for j in (0, 1))
            for k in others[i]
        )
    ]
    simultaneous |= {(ClaimKind.STRICTLY_DOMINANT, names[i]) for i in strict}
    simultaneous |= {(ClaimKind.WEAKLY_DOMINANT, names[i]) for i in weak}
    left = survivors(own, other)
    if not strict and len(left) == 1:
        simultaneous.add((ClaimKind.ITERATED_DOMINANCE, names[left[0]]))
    found = equilibria(own, other)
    used = {tuple(i for i, p in enumerate(x) if p) for x, _ in found}
    sole = next(iter(used))[0] if len(used) == 1 and len(next(iter(used))) == 1 else None
    posture = None if sole is None else names[sole]
    if len(found) == 1:
        simultaneous.add((ClaimKind.UNIQUE_EQUILIBRIUM, posture))
    else:
        simultaneous.add((ClaimKind.SEVERAL_EQUILIBRIA, None))
        if posture is not None:
            simultaneous.add((ClaimKind.EVERY_EQUILIBRIUM, posture))
    sequential: Claims = set()
    reached = paths(own, other)
    first = {i for i, _ in reached}
    if len(first) > 1:
        sequential.add((ClaimKind.SEVERAL_SUBGAME_PERFECT_POSTURES, None))
    else:
        (chosen,) = first
        sequential.add((ClaimKind.UNIQUE_SUBGAME_PERFECT_POSTURE, names[chosen]))
        if all(v[0] != v[1] for v in other):  # then no other plan is subgame-perfect
            sequential.add((ClaimKind.UNIQUE_SUBGAME_PERFECT, names[chosen]))
    return simultaneous, sequential


@pytest.mark.parametrize(("kind", "how_many"), [("prior", 600), ("domain", 300), ("ties", 800)])
def test_exactly_the_true_claims_are_made(
    model: ag.models.AlignmentModel,
    draw: Draw,
    equilibria: Solver,
    perfect_paths: Solver,
    kind: str,
    how_many: int,
) -> None:
    counts = dict.fromkeys(ClaimKind, 0)
    for values in draw(kind, how_many, 21):
        found = decide(model, values)
        simultaneous, sequential = true_claims(model, values, equilibria, perfect_paths)
        assert {(c.kind, c.posture) for c in found.simultaneous} == simultaneous
        assert {(c.kind, c.posture) for c in found.sequential} == sequential
        assert len(found.simultaneous) == len(simultaneous)
        assert len(found.sequential) == len(sequential)
        for claim_kind, posture in simultaneous | sequential:
            counts[claim_kind] += 1
            assert found.makes(claim_kind)
            assert found.makes(claim_kind, posture)
        for claim_kind in ClaimKind:
            for name in model.strategies[0]:
                made = (claim_kind, name) in simultaneous | sequential
                assert found.makes(claim_kind, name) == made
    rare = {
        ClaimKind.WEAKLY_DOMINANT,
        ClaimKind.EVERY_EQUILIBRIUM,
        ClaimKind.SEVERAL_SUBGAME_PERFECT_POSTURES,
    }
    if kind == "ties":
        assert min(counts.values()) > 10
    else:
        assert min(n for k, n in counts.items() if k not in rare) > 3


def test_posture_is_the_unique_subgame_perfect_one(
    model: ag.models.AlignmentModel, draw: Draw, perfect_paths: Solver
) -> None:
    undecided = 0
    for values in draw("ties", 300, 22):
        first = {i for i, _ in perfect_paths(*model.game(values).exact_payoffs.tolist())}
        found = decide(model, values).posture
        undecided += found is None
        assert found == (model.strategies[0][first.pop()] if len(first) == 1 else None)
    assert undecided > 30


def test_a_dominant_posture_need_not_be_subgame_perfect(
    model: ag.models.AlignmentModel, draw: Draw
) -> None:
    # The two games are judged apart: strict dominance is about choosing at once.
    apart = 0
    for values in draw("prior", 800, 23):
        found = decide(model, values)
        for name in model.strategies[0]:
            if found.makes(ClaimKind.STRICTLY_DOMINANT, name):
                assert found.makes(ClaimKind.UNIQUE_EQUILIBRIUM) or found.makes(
                    ClaimKind.EVERY_EQUILIBRIUM, name
                )
                apart += found.posture not in (name, None)
    assert apart > 10


def test_no_claim_of_dominance_on_the_knife_edge(model: ag.models.AlignmentModel) -> None:
    # Ukraine with hedging_discount such that hedging ties with balancing in peace.
    values = ag.load_scenario("ukraine").replace(hedging_discount=Fraction(23, 100))
    game = model.game(values)
    assert game.payoff("small_state", "hedge", "accommodate") == game.payoff(
        "small_state", "balance", "accommodate"
    )
    found = decide(model, values)
    assert not found.makes(ClaimKind.STRICTLY_DOMINANT)
    assert found.makes(ClaimKind.WEAKLY_DOMINANT, "balance")
    edge = decide(model, values.replace(hedging_discount=Fraction(23, 100) + Fraction(1, 10**9)))
    assert edge.makes(ClaimKind.STRICTLY_DOMINANT, "balance")


def test_claims_of_the_cases(model: ag.models.AlignmentModel) -> None:
    vietnam = decide(model, ag.load_scenario("vietnam"))
    assert {(c.kind, c.posture) for c in (*vietnam.simultaneous, *vietnam.sequential)} == {
        (ClaimKind.ITERATED_DOMINANCE, "hedge"),
        (ClaimKind.UNIQUE_EQUILIBRIUM, "hedge"),
        (ClaimKind.UNIQUE_SUBGAME_PERFECT_POSTURE, "hedge"),
        (ClaimKind.UNIQUE_SUBGAME_PERFECT, "hedge"),
    }
    ukraine = decide(model, ag.load_scenario("ukraine"))
    assert {(c.kind, c.posture) for c in (*ukraine.simultaneous, *ukraine.sequential)} == {
        (ClaimKind.STRICTLY_DOMINANT, "balance"),
        (ClaimKind.UNIQUE_EQUILIBRIUM, "balance"),
        (ClaimKind.UNIQUE_SUBGAME_PERFECT_POSTURE, "hedge"),
        (ClaimKind.UNIQUE_SUBGAME_PERFECT, "hedge"),
    }


def test_texts_name_what_they_claim(model: ag.models.AlignmentModel, draw: Draw) -> None:
    for values in draw("ties", 100, 24):
        found = decide(model, values)
        claims = (*found.simultaneous, *found.sequential)
        assert str(found).splitlines() == [c.text for c in claims]
        for claim in claims:
            if claim.posture is not None:
                assert claim.posture.capitalize() in claim.text
            if claim.kind is ClaimKind.WEAKLY_DOMINANT:
                assert "not strictly" in claim.text
            elif claim.kind not in {
                ClaimKind.SEVERAL_EQUILIBRIA,
                ClaimKind.SEVERAL_SUBGAME_PERFECT_POSTURES,
                ClaimKind.UNIQUE_SUBGAME_PERFECT,
                ClaimKind.UNIQUE_EQUILIBRIUM,
            }:
                assert claim.kind.value in claim.text


def test_the_count_of_several_equilibria_is_true(
    model: ag.models.AlignmentModel, draw: Draw
) -> None:
    counted = continua = 0
    for values in draw("ties", 300, 25):
        solution = ag.solve(model.game(values))
        for claim in decide(model, values).simultaneous:
            if claim.kind is not ClaimKind.SEVERAL_EQUILIBRIA:
                continue
            if any(part.dimension for part in solution.components):
                continua += 1
                assert "infinitely many" in claim.text
            else:
                counted += 1
                assert claim.text == f"There are {len(solution.equilibria)} equilibria."
    assert counted > 2
    assert continua > 50


def test_an_incomplete_solution_supports_no_claim(model: ag.models.AlignmentModel) -> None:
    values = ag.load_scenario("vietnam")
    game, tree = model.game(values), model.tree(values)
    for partial in (
        ag.solve(game, "nashpy-lemke-howson"),
        ag.solve(tree),  # not a normal form
    ):
        found = verdict(partial, ag.solve(tree), player="small_state")
        assert found.simultaneous == ()
        assert found.posture == "hedge"
    limited = ag.solvers.subgame_perfect(
        model.tree(dict.fromkeys(model.parameters, 0)), max_equilibria=1
    )
    assert limited.status is ag.solvers.Status.LIMIT
    assert verdict(ag.solve(game), limited, player="small_state").sequential == ()
