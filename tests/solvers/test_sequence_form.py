"""One equilibrium by Lemke's algorithm in the sequence form."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import alignment_games as ag
from alignment_games import ExtensiveGame
from alignment_games.errors import GameError, WorkLimitError
from alignment_games.games import Chance, Decision, Terminal
from alignment_games.solvers import Status, nash_sequence_form

from ..games.test_information_sets import card_game, driver
from ..random_trees import random_tree


@pytest.mark.parametrize("largest", [1, 9])
@pytest.mark.parametrize("seed", range(40))
def test_what_is_found_is_an_equilibrium_of_the_reduced_normal_form(
    seed: int, largest: int
) -> None:
    """Payoffs of -1, 0 and 1 bring ties, which the lexicographic rule has to break."""
    tree = random_tree(seed, largest=largest)
    solution = ag.solve(tree, "sequence-form")
    assert solution.status is Status.PARTIAL
    (only,) = solution.equilibria
    assert only.regret == (0, 0)
    mixtures = tree.sequence_form().mixtures(only.profile)
    reduced = tree.reduced_normal_form()
    assert ag.verify(reduced, mixtures) == (0, 0)
    assert ag.solvers.expected_payoffs(reduced, mixtures) == only.payoffs


def test_the_card_game_has_one_equilibrium() -> None:
    (only,) = nash_sequence_form(card_game()).equilibria
    assert only.profile == ag.solve(card_game()).equilibria[0].profile


def matching(events: int) -> ExtensiveGame:
    """Matching pennies in one of many rooms that A sees; B does not see which."""
    names = [f"room {k}" for k in range(events)]

    def room(k: int) -> Decision:
        def answer(sign: int) -> Decision:
            ends = {"l": Terminal((sign * (k + 1), -sign * (k + 1)))}
            return Decision("B", ends | {"r": Terminal((-sign, sign))}, "unseen")

        return Decision("A", {"l": answer(1), "r": answer(-1)})

    rooms = {name: room(k) for k, name in enumerate(names)}
    return ExtensiveGame(
        Chance(rooms, dict.fromkeys(names, Fraction(1, events))), players=["A", "B"]
    )


def test_a_tree_beyond_its_normal_form_has_the_value_of_a_small_one() -> None:
    """A has 2^24 plans, but it has a zero-sum game whose value small relatives confirm."""
    small = matching(4)
    (one,) = nash_sequence_form(small).equilibria
    assert one.payoffs == ag.solve(small, "reduced-normal-form").equilibria[0].payoffs
    large = matching(24)
    with pytest.raises(WorkLimitError):
        large.reduced_normal_form()
    (only,) = nash_sequence_form(large).equilibria
    assert only.regret == (0, 0)
    assert only.payoffs[0] == -only.payoffs[1]


def test_the_algorithm_is_cited() -> None:
    assert "10.1006/game.1996.0051" in ag.cite(nash_sequence_form(card_game()))


def test_floats_stay_floats() -> None:
    ends = {"a": Terminal((0.1, 0.2)), "b": Terminal((0.3, 0.1))}
    tree = ExtensiveGame(Decision("A", ends), players=["A", "B"])
    solution = nash_sequence_form(tree)
    assert not solution.exact
    assert solution.equilibria[0].profile == ((0.0, 1.0),)
    assert isinstance(solution.equilibria[0].profile[0][0], float)


def test_a_tree_that_is_over() -> None:
    tree = ExtensiveGame(Terminal((1, 2)), players=["A", "B"])
    assert nash_sequence_form(tree).equilibria[0].payoffs == (1, 2)


@pytest.mark.parametrize(
    ("game", "message"),
    [
        (driver(), "two players, and `game` has 1"),
        (ag.NormalFormGame.from_bimatrix([[1]], [[1]]), "ExtensiveGame, got NormalFormGame"),
    ],
)
def test_what_does_not_fit_is_described(game: Any, message: str) -> None:
    with pytest.raises(GameError, match=message):
        nash_sequence_form(game)


def test_a_large_sequence_form_is_refused() -> None:
    with pytest.raises(WorkLimitError, match="the limit is 600"):
        nash_sequence_form(matching(200))
