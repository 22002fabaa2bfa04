"""All extreme equilibria against pygambit's rational enummixed, in a child process."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import alignment_games as ag
from alignment_games import NormalFormGame

from ..literature.catalogue import TWO_PLAYERS
from .gambit import LARGEST, PYTHON, REASON, as_nfg, extreme_equilibria, find_python
from .random_games import CLASSES, HARD_FOR_OTHERS, Pair, draw

needs_pygambit = pytest.mark.skipif(PYTHON is None, reason=REASON)
SMALL = [kind for kind in CLASSES if kind not in HARD_FOR_OTHERS]


def agree(pairs: Sequence[Pair]) -> None:
    for pair, expected in zip(pairs, extreme_equilibria(pairs), strict=True):
        solution = ag.solve(NormalFormGame.from_bimatrix(*pair))
        assert {eq.profile for eq in solution.equilibria} == expected, pair
        assert len(solution) == len(expected), pair


@needs_pygambit
def test_a_sample_of_random_games_has_the_same_extreme_equilibria() -> None:
    """60 games of up to 4x4 in one child process."""
    agree([pair for kind in SMALL for pair in draw(kind, 10, largest=4, seed=1)])


@needs_pygambit
@pytest.mark.slow
@pytest.mark.parametrize("kind", SMALL)
def test_1200_random_games_have_the_same_extreme_equilibria(kind: str) -> None:
    agree(list(draw(kind, 200, seed=1200)))


@needs_pygambit
def test_the_catalogue_lists_what_gambit_finds() -> None:
    answers = extreme_equilibria([record.payoffs for record in TWO_PLAYERS])
    for record, found in zip(TWO_PLAYERS, answers, strict=True):
        assert len(found) == record.count, record.name
        if record.equilibria:
            assert found == record.equilibria, record.name


def test_a_game_is_written_with_the_first_players_strategy_fastest() -> None:
    text = as_nfg([[1, 2, 3], [4, 5, 6]], [[0, 0, 0], [0, 0, 9]])
    assert text == 'NFG 1 R "game" { "1" "2" } { 2 3 }\n\n1 0 4 0 2 0 5 0 3 0 6 9\n'


def test_payoffs_that_gambit_would_silently_fail_on_are_not_asked() -> None:
    with pytest.raises(AssertionError):
        as_nfg([[LARGEST + 1]], [[0]])


def test_the_environment_names_the_python_to_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIGNMENT_GAMES_PYGAMBIT_PYTHON", "/some/python")
    assert find_python() == "/some/python"
