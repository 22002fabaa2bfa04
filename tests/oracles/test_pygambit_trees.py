"""Random trees against pygambit: the reduced normal form, and all its extreme equilibria."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

import alignment_games as ag
from alignment_games import ExtensiveGame
from alignment_games.io import format_efg, parse_nfg

from ..random_trees import random_tree
from .gambit import PYTHON, REASON

needs_pygambit = pytest.mark.skipif(PYTHON is None, reason=REASON)


def agree(trees: Sequence[ExtensiveGame]) -> None:
    assert PYTHON is not None, REASON
    done = subprocess.run(
        [PYTHON, str(Path(__file__).with_name("pygambit_trees_child.py"))],
        input=json.dumps([format_efg(tree) for tree in trees]),
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    answers = json.loads(done.stdout)
    for tree, (text, profiles) in zip(trees, answers, strict=True):
        reduced, theirs = tree.reduced_normal_form(), parse_nfg(text)
        assert reduced.shape == theirs.shape, tree
        for one, other in zip(reduced.exact_payoffs, theirs.exact_payoffs, strict=True):
            assert (one == other).all(), tree
        expected = {
            tuple(tuple(map(Fraction, vector)) for vector in profile) for profile in profiles
        }
        solution = ag.solve(tree, "reduced-normal-form")
        assert {eq.profile for eq in solution.equilibria} == expected, tree
        form = tree.sequence_form()
        for eq in ag.solve(tree).equilibria:  # subgame-perfect ones are among Gambit's game's
            mixtures = form.mixtures(eq.profile)
            assert ag.verify(theirs, mixtures) == (0, 0), tree
            assert ag.solvers.expected_payoffs(theirs, mixtures) == eq.payoffs, tree


@needs_pygambit
def test_a_sample_of_trees_has_the_same_equilibria() -> None:
    agree([random_tree(seed) for seed in range(15)])


@needs_pygambit
@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_2000_trees_have_the_same_equilibria(part: int) -> None:
    agree([random_tree(seed) for seed in range(1000 + 200 * part, 1200 + 200 * part)])
