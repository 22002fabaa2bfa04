"""Agent logit equilibria of random trees against pygambit's, in a child process."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.games import Chance, Decision, ExtensiveGame, Terminal
from alignment_games.games.nodes import Node
from alignment_games.solvers import agent_quantal

from .gambit import PYTHON, REASON

CHILD = Path(__file__).with_name("agent_quantal_child.py")
PRECISIONS = (0.3, 0.9)


def signaling(seed: int) -> ExtensiveGame:
    """Two types, three messages, two answers, payoffs drawn."""
    rng = np.random.default_rng(seed)
    senders: dict[str, Node] = {}
    for kind in ("strong", "weak"):
        messages: dict[str, Node] = {}
        for message in ("balance", "hedge", "bandwagon"):
            answers: dict[str, Node] = {
                own: Terminal(tuple(rng.integers(-4, 5, size=2).tolist()))
                for own in ("coerce", "accommodate")
            }
            messages[message] = Decision("hegemon", answers, message)
        senders[kind] = Decision("small_state", messages, kind)
    root = Chance(senders, {"strong": 0.3, "weak": 0.7})
    return ExtensiveGame(root, players=["small_state", "hegemon"])


@pytest.mark.skipif(PYTHON is None, reason=REASON)
def test_random_signaling_trees_have_the_same_equilibrium() -> None:
    trees = [signaling(seed) for seed in range(6)]
    tasks = [(ag.io.format_efg(tree), precision) for tree in trees for precision in PRECISIONS]
    answer = subprocess.run(
        [str(PYTHON), str(CHILD)],
        input=json.dumps(tasks),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    expected = iter(json.loads(answer.stdout))
    for tree in trees:
        for precision in PRECISIONS:
            (found,) = agent_quantal(tree, precision).equilibria
            play = dict(zip(tree.agents, found.profile, strict=True))
            senders = [name for name in tree.agents if name.startswith("small_state")]
            answers = [name for name in tree.agents if name.startswith("hegemon")]
            flat = [p for name in (*senders, *answers) for p in play[name]]
            assert flat == pytest.approx(next(expected), abs=1e-7)
