"""Unknown types (F3): closed forms against solved trees, exactly, and the numbers of the notes."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

import alignment_games as ag
from alignment_games.errors import ModelError, ParameterError

MODEL = ag.models.uncertainty()
BASE = ag.models.alignment()
POSTURES = ("balance", "hedge", "bandwagon")
TYPES = {"stake_status_quo": Fraction(1, 5), "stake_revisionist": Fraction(6, 5)}

# A committed patron that makes allies safe, friends that are worth exploiting, and the payoffs
# 1, 0.8, 0.5 in peace and 1.5, 0.6 under coercion of the design notes, F3.3.
YIN_YANG: dict[str, Any] = {
    "autonomy_weight": 1, "autonomy_balance": 0, "autonomy_hedge": 1,
    "autonomy_bandwagon": Fraction(2, 3), "economy_hegemon": 0.5, "economy_patron": 0.5,
    "market_retention_balance": 0, "market_retention_bandwagon": 0, "hedging_discount": 1,
    "cost_balance": 0, "cost_hedge": 0.2, "cost_bandwagon": Fraction(1, 6),
    "coercion_success": 0.9, "support_effect": 0.9, "informal_support": Fraction(5, 9),
    "alignment_loss": 0, "tilt": 0.25, "friendship": 0.3, "coercion_cost": 0.3,
    "escalation_cost": 0, "overrun_loss": 0.5, "coercion_damage": 0,
    "patron_commitment": 1, "reliability_committed": 1, "reliability_uncommitted": 0,
    "revisionist_belief": 0.4, "stake_status_quo": 0, "stake_revisionist": 1,
}  # fmt: skip


def drawn(seed: int, count: int) -> Iterator[dict[str, Fraction]]:
    """Values with odd denominators, so that ties do not come up by chance."""
    draw = random.Random(seed)
    for _ in range(count):
        values = {
            name: Fraction(draw.randint(1, 96), 97)
            * (1 if parameter.domain.upper is not None else 2)
            for name, parameter in MODEL.parameters.items()
        }
        values["support_effect"] *= values["coercion_success"]
        values["reliability_uncommitted"] *= values["reliability_committed"]
        values["stake_status_quo"] *= values["stake_revisionist"] / 2
        yield values


def worth(values: Any, **changes: Any) -> dict[str, Fraction]:
    found = {a: MODEL.value(f"value_{a}", values, **changes) for a in POSTURES}
    return {a: value for a, value in found.items() if isinstance(value, Fraction)}


def best(values: Any, **changes: Any) -> set[str]:
    found = worth(values, **changes)
    return {a for a in POSTURES if found[a] == max(found.values())}


def chosen(tree: ag.ExtensiveGame, equilibrium: ag.solvers.Equilibrium) -> str:
    return tree.actions[0][equilibrium.profile[0].index(1)]


def case(name: str, belief: Any, commitment: Any) -> dict[str, Fraction]:
    return MODEL.values_of(
        ag.load_scenario(name), revisionist_belief=belief, patron_commitment=commitment, **TYPES
    )


def test_closed_forms_are_what_backward_induction_finds() -> None:
    postures = set()
    for values in drawn(1, 150):
        tree = MODEL.tree(values)
        (only,) = ag.solvers.subgame_perfect(tree).equilibria
        (posture,) = best(values)
        assert chosen(tree, only) == posture
        assert only.payoffs[0] == worth(values)[posture]
        postures.add(posture)
    assert postures == set(POSTURES)


def test_either_type_answers_as_its_temptation_says() -> None:
    answers = set()
    for values in drawn(2, 60):
        tree = MODEL.tree(values)
        (only,) = ag.solvers.subgame_perfect(tree).equilibria
        for history, names, played in zip(tree.histories, tree.actions, only.profile, strict=True):
            if len(history) == 2:
                posture, hegemon = history
                tempted = MODEL.value(f"temptation_{hegemon}_{posture}", values) > 0
                assert dict(zip(names, played, strict=True))["coerce"] == tempted
                answers.add((hegemon, tempted))
    assert len(answers) == 4


def test_the_agents_earn_what_the_tree_gives() -> None:
    for values in drawn(3, 20):
        tree = MODEL.tree(values)
        game = MODEL.game(values)
        for k, a in enumerate(POSTURES):
            for quiet in range(2):
                for grim in range(2):
                    plan = []
                    for history, names in zip(tree.histories, tree.actions, strict=True):
                        chosen = k if not history else quiet if history[1] == "status_quo" else grim
                        plan.append(tuple(Fraction(int(chosen == i)) for i in range(len(names))))
                    small, hegemon = ag.solvers.expected_payoffs(tree, plan)
                    own = [table[k, quiet, grim] for table in game.exact_payoffs]
                    belief = values["revisionist_belief"]
                    assert small == own[0]
                    assert hegemon == (1 - belief) * own[1] + belief * own[2], a


def test_known_types_are_the_alignment_game() -> None:
    scenario = ag.load_scenario("ukraine")
    for belief, stake in ((0, "stake_status_quo"), (1, "stake_revisionist")):
        values = case("ukraine", belief, 0.2)
        tree = MODEL.tree(values)
        (posture,) = {chosen(tree, own) for own in ag.solvers.subgame_perfect(tree).equilibria}
        known = BASE.tree(scenario, stake=values[stake], patron_reliability=0.2)
        assert ag.solve(known).equilibria[0].path[0] == posture
        assert ag.solve(known).equilibria[0].payoffs[0] == worth(values)[posture]


def test_only_the_expected_reliability_matters() -> None:
    for values in drawn(4, 30):
        share = values["patron_commitment"]
        low, high = values["reliability_uncommitted"], values["reliability_committed"]
        same = {
            "patron_commitment": share * high + (1 - share) * low,
            "reliability_committed": 1,
            "reliability_uncommitted": 0,
        }
        assert worth(values, **same) == worth(values)


def test_the_yin_yang_interval_of_the_design_notes() -> None:
    assert {a: MODEL.value(f"peace_{a}", YIN_YANG) for a in POSTURES} == {
        "balance": Fraction(1, 2), "hedge": Fraction(4, 5), "bandwagon": 1,
    }  # fmt: skip
    assert MODEL.value("exposure_bandwagon", YIN_YANG) == Fraction(3, 2)
    assert MODEL.value("exposure_hedge", YIN_YANG) == Fraction(3, 5)
    ends = [MODEL.value(name, YIN_YANG) for name in ("belief_lower", "belief_upper")]
    assert ends == [Fraction(2, 9), Fraction(1, 2)]
    assert [round(float(end), 4) for end in ends] == [0.2222, 0.5]
    for belief, wanted in (
        (0, {"bandwagon"}), ("2/9", {"bandwagon", "hedge"}), ("1/3", {"hedge"}),
        ("1/2", {"hedge", "balance"}), (1, {"balance"}),
    ):  # fmt: skip
        assert best(YIN_YANG, revisionist_belief=Fraction(belief)) == wanted
    # Balancing that costs little leaves nothing between: hedging is then best nowhere.
    assert MODEL.value("belief_width", YIN_YANG, autonomy_balance=0.2) < 0
    for k in range(41):
        assert "hedge" not in best(
            YIN_YANG, autonomy_balance=0.2, revisionist_belief=Fraction(k, 40)
        )


@pytest.mark.parametrize(
    ("names", "world"),
    [
        # Who is coerced by a revisionist, and by a status quo power: balancers, hedgers, friends.
        (("belief_deterrence",), ("010", "000")),
        (("belief_spiral",), ("110", "100")),
        (("belief_lower", "belief_upper"), ("011", "000")),
    ],
)
def test_beliefs_on_either_side_of_a_threshold(
    names: tuple[str, ...], world: tuple[str, str]
) -> None:
    found = 0
    for values in drawn(5, 2000):
        if any(
            (MODEL.value(f"temptation_{hegemon}_{a}", values) > 0) != (coerced == "1")
            for hegemon, row in zip(("revisionist", "status_quo"), world, strict=True)
            for a, coerced in zip(POSTURES, row, strict=True)
        ):
            continue
        if len(names) == 2 and not (
            MODEL.value("exposure_bandwagon", values) > MODEL.value("exposure_hedge", values)
        ):
            continue
        ends = [MODEL.value(name, values) for name in names]
        low, high = (Fraction(-1), *ends)[-2:]
        found += 1
        for belief in (Fraction(k, 16) for k in range(17)):
            hedges = best(values, revisionist_belief=belief) == {"hedge"}
            assert hedges == (low < belief < high)
        if found == 6:
            break
    assert found == 6


@pytest.mark.parametrize("step", range(0, 41, 4))
def test_the_vietnamese_map(step: int) -> None:
    # F3.4: hedging for mu <= 0.2 whatever the patron; at mu = 1 only up to pi = 0.125.
    commitment = Fraction(step, 40)
    for belief in (0, 0.1, 0.2):
        assert best(case("vietnam", belief, commitment)) == {"hedge"}
    wanted = "hedge" if commitment <= Fraction(1, 8) else "balance"
    assert best(case("vietnam", 1, commitment)) == {wanted}


def test_the_ends_of_the_maps() -> None:
    assert best(case("vietnam", 1, 0.125)) == {"hedge"}
    assert best(case("vietnam", 1, 0.15)) == {"balance"}
    # A committed patron leaves balancing the better answer from high beliefs on.
    assert best(case("vietnam", 0.25, 1)) == {"balance"}
    # F3.4: balancing from pi = 0.275 on. In full, from the reliability that deters a status quo
    # power, rho_D(0.2) = 3/11.
    deterring = Fraction(3, 11)
    assert best(case("ukraine", 0.9, 0.275)) == {"balance"}
    for belief in (0, 0.3, 0.6):
        assert best(case("ukraine", belief, 0.275)) == {"balance"}
        assert best(case("ukraine", belief, deterring)) == {"balance"}
        assert best(case("ukraine", belief, deterring - Fraction(1, 1000))) == {"hedge"}
    assert MODEL.value("temptation_status_quo_balance", case("ukraine", 0, deterring)) == 0


def test_values_fall_in_the_belief_and_rise_in_commitment() -> None:
    for values in drawn(6, 40):
        for name, sign in (("revisionist_belief", -1), ("patron_commitment", 1)):
            path = [worth(values, **{name: Fraction(k, 8)}) for k in range(9)]
            for before, after in itertools.pairwise(path):
                assert all(sign * (after[a] - before[a]) >= 0 for a in POSTURES)


def test_what_is_refused() -> None:
    values = case("vietnam", 0.2, 0.4)
    with pytest.raises(ParameterError, match="`stake_status_quo` must not exceed"):
        MODEL.tree(values, stake_status_quo=2)
    with pytest.raises(ParameterError, match="`reliability_uncommitted` must not exceed"):
        MODEL.game(values, reliability_committed=0.1, reliability_uncommitted=0.2)
    with pytest.raises(ParameterError, match="`revisionist_belief` must lie in"):
        MODEL.tree(values, revisionist_belief=1.1)
    with pytest.raises(ParameterError, match="'belief_lower' of uncertainty holds only if"):
        MODEL.value("belief_lower", values)
    with pytest.raises(ModelError, match=r"no closed form 'value_hege'.*value_hedge"):
        MODEL.value("value_hege", values)


def test_conditions_are_found_for_the_agents() -> None:
    condition = ag.symbolic.dominance_condition(MODEL.agents, "hedge", over="balance")
    values = case("vietnam", 0.2, 0.4)
    numbers = {MODEL.parameters.symbols[name]: value for name, value in values.items()}
    game = MODEL.game(values).exact_payoffs[0]
    assert bool(condition.subs(numbers)) == bool((game[1] > game[0]).all())
