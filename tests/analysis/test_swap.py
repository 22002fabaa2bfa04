"""Swap: exact answers against the solvers and the notes F9 and F14, shares against exact signs."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

import alignment_games as ag
from alignment_games.analysis import Swap, mistaken_belief, scenario_prior, swap
from alignment_games.errors import GameError, ParameterError

VIETNAM, UKRAINE = ag.load_scenario("vietnam"), ag.load_scenario("ukraine")
CASES = {"vietnam": VIETNAM, "ukraine": UKRAINE}
MODEL = VIETNAM.model


@pytest.fixture(name="exchanged", scope="module")
def _exchanged() -> Swap:
    return swap(VIETNAM, UKRAINE, points=20_000, rng=1)


def test_numbers_of_the_notes(exchanged: Swap) -> None:
    # F9: T_H = -.218 and T_B = -.07 with Vietnam's numbers, T_B = .28 and T_H = -.052 with
    # Ukraine's; F14: the payoffs.
    wanted = {
        ("vietnam", "vietnam"): ("hedge", "-0.218", False, "1.6", "-0.2", "0"),
        ("vietnam", "ukraine"): ("hedge", "-0.052", False, "1.45", "-0.2", "0"),
        ("ukraine", "ukraine"): ("balance", "0.28", True, "-0.876", "-0.52", "2.326"),
        ("ukraine", "vietnam"): ("balance", "-0.07", False, "1", "-0.8", "0.6"),
    }
    assert len(exchanged.cells) == 4
    for pair, (posture, temptation, coerced, own, other, regret) in wanted.items():
        cell = exchanged.cell(*pair)
        assert cell.posture == posture
        assert cell.temptation == Fraction(temptation)
        assert cell.coerced is coerced
        assert cell.small_state.unique
        assert cell.small_state.lowest == Fraction(own)
        assert cell.hegemon.lowest == Fraction(other)
        assert cell.regret.unique
        assert cell.regret.lowest == Fraction(regret)


@pytest.mark.parametrize("posture", MODEL.strategies[0])
@pytest.mark.parametrize("name", ag.scenarios.scenario_names())
def test_answers_are_those_of_the_tree(name: str, posture: str) -> None:
    case = ag.load_scenario(name)
    other = VIETNAM if name != "vietnam" else UKRAINE
    exchanged = swap(other, case, posture=posture, points=10, rng=1)
    cell = exchanged.cell(other.name, name)
    tree = case.model.tree(case)
    for rival in set(MODEL.strategies[0]) - {posture}:
        tree = tree.without("small_state", rival)
    only = ag.solve(tree).equilibria
    assert len(only) == 1
    assert only[0].path == (posture, "coerce" if cell.coerced else "accommodate")
    assert [Fraction(u) for u in only[0].payoffs] == [cell.small_state.lowest, cell.hegemon.lowest]
    best = ag.solve(case.model.tree(case)).equilibria[0].payoffs[0]
    assert cell.regret.lowest == Fraction(best) - cell.small_state.lowest
    assert (cell.temptation > 0) is cell.coerced


def test_own_postures_are_those_chosen_under_belief(exchanged: Swap) -> None:
    mistake = mistaken_belief(MODEL, UKRAINE, UKRAINE.beliefs)
    own = exchanged.cell("ukraine", "ukraine")
    assert own.posture == mistake.outcomes[0].posture
    assert own.regret == mistake.regret


def test_order_of_the_cases_does_not_matter(exchanged: Swap) -> None:
    turned = swap(UKRAINE, VIETNAM, points=20_000, rng=1)
    for cell in exchanged.cells:
        assert turned.cell(cell.posture_of, cell.numbers_of) == cell


def test_shares_are_those_of_exact_signs() -> None:
    found = swap(VIETNAM, UKRAINE, points=250, rng=3)
    for name, case in CASES.items():
        prior = scenario_prior(case)
        design = prior.design(250, found.seed)
        calm: dict[str, list[bool]] = {"hedge": [], "balance": []}
        for k in range(250):
            game = MODEL.game(dict(prior.fixed) | design.exact(k))
            for posture, signs in calm.items():
                row = [game.payoff("hegemon", posture, a) for a in MODEL.strategies[1]]
                signs.append(row[1] < row[0])
        taken = {"vietnam": "hedge", "ukraine": "balance"}
        for source, posture in taken.items():
            cell = found.cell(source, name)
            assert cell.peace.count == sum(calm[posture])
            if source == name:
                assert cell.instead is None
                continue
            hit = [not c for c in calm[taken[name]]]
            assert cell.instead is not None
            assert cell.instead.points == sum(hit)
            assert cell.instead.count == sum(
                h and c for h, c in zip(hit, calm[posture], strict=True)
            )


def test_the_stated_ranges_do_not_carry_the_essays_inference(exchanged: Swap) -> None:
    # At the stated values the hedge keeps the peace; in the stated ranges it mostly does not.
    cell = exchanged.cell("vietnam", "ukraine")
    assert cell.coerced is False
    assert cell.peace.interval[1] < 0.25
    assert cell.instead is not None
    assert cell.instead.interval[1] < 0.1
    # Balancing would have been left in peace with Vietnam's numbers: numbers differ, too.
    assert exchanged.cell("ukraine", "vietnam").coerced is False


def test_an_indifferent_hegemon_may_do_either() -> None:
    # l_H (V + zeta b) = kappa + rho eta w at V = .648 / .86 - .2.
    case = VIETNAM.replace(stake=Fraction(648, 860) - Fraction(1, 5))
    cell = swap(case, UKRAINE, posture="hedge", points=10, rng=1).cell("vietnam", "vietnam")
    assert cell.temptation == 0
    assert cell.coerced is None
    assert cell.answer == "either answer"
    assert (cell.small_state.lowest, cell.small_state.highest) == (
        Fraction("-0.979"),
        Fraction("1.6"),
    )
    assert cell.hegemon.unique
    assert cell.regret.lowest < cell.regret.highest


def test_text_and_json_hold_the_numbers(exchanged: Swap) -> None:
    text, data = str(exchanged), json.loads(exchanged.to_json())
    for cell, entry in zip(exchanged.cells, data["cells"], strict=True):
        assert str(cell.peace) in text
        assert Fraction(entry["temptation"]) == cell.temptation
        assert entry["coerced"] is cell.coerced
    words = " ".join(text.split())
    assert "With the numbers of ukraine, the posture of vietnam (hedge) is left in peace" in words
    hedge = exchanged.cell("vietnam", "ukraine")
    assert f"left in peace at {hedge.instead} of the points." in words


def test_mistakes_are_named(exchanged: Swap) -> None:
    with pytest.raises(GameError, match="two cases have one name, 'vietnam'"):
        swap(VIETNAM, VIETNAM.replace(stake=1))
    with pytest.raises(GameError, match="`other_posture` 'hegde' is unknown; did you mean 'hedge'"):
        swap(VIETNAM, UKRAINE, other_posture="hegde")
    tied = UKRAINE.replace_perceived(patron_reliability=Fraction(3, 7))
    with pytest.raises(GameError, match=r"'ukraine' has several postures.*give `other_posture`"):
        swap(VIETNAM, tied)
    with pytest.raises(ParameterError, match="`points` must be an integer from 1"):
        swap(VIETNAM, UKRAINE, points=0)
    with pytest.raises(GameError, match="the cases are 'vietnam' and 'ukraine'"):
        exchanged.cell("vietnam", "poland")
