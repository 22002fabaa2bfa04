"""Benchmark C6: the strategic probit of two moves.

C. S. Signorino (1999), Strategic interaction and the statistical analysis of international
conflict, American Political Science Review 93, 279-297, doi:10.2307/2585396. The utilities are
those of the test of the 1-2 game in the R package *games*; its
formula was read, its estimates were not run.
"""

from __future__ import annotations

from statistics import NormalDist

import pytest

from alignment_games.games import Decision, ExtensiveGame, Terminal
from alignment_games.solvers import Status, agent_quantal

# Utilities of the first player for status quo, capitulation and war, of the second for war;
# the second's utility of capitulation is 0.
STATUS_QUO, CAPITULATION, WAR, RESISTANCE = -1, 0, -1.4, 0.1

TREE = ExtensiveGame(
    Decision(
        "first",
        {
            "challenge": Decision(
                "second",
                {"war": Terminal((WAR, RESISTANCE)), "capitulate": Terminal((CAPITULATION, 0))},
            ),
            "status quo": Terminal((STATUS_QUO, 0)),
        },
    ),
    players=["first", "second"],
)


@pytest.mark.parametrize(
    ("noise", "challenged", "resisted"),
    [("probit", 0.5730832, 0.5281860), ("logit", 0.5658722, 0.5249792)],
)
def test_both_choice_probabilities(noise: str, challenged: float, resisted: float) -> None:
    solution = agent_quantal(TREE, 1, noise=noise)
    (found,) = solution.equilibria
    assert solution.status is Status.COMPLETE
    assert found.probabilities("first")["challenge"] == pytest.approx(challenged, abs=1e-7)
    assert found.probabilities("second after challenge")["war"] == pytest.approx(resisted, abs=1e-7)


def test_outcomes_of_the_probit() -> None:
    (found,) = agent_quantal(TREE, 1, noise="probit").equilibria
    challenge, resist = found.profile[0][0], found.profile[1][0]
    outcomes = (1 - challenge, challenge * (1 - resist), challenge * resist)
    assert outcomes == pytest.approx((0.4269168, 0.2703887, 0.3026945), abs=1e-7)


@pytest.mark.parametrize("precision", [0.25, 3])
def test_precision_is_the_inverse_of_the_standard_deviation(precision: float) -> None:
    (found,) = agent_quantal(TREE, precision, noise="probit").equilibria
    phi = NormalDist(0, 2**0.5 / precision).cdf
    resist = phi(RESISTANCE)
    challenge = phi(resist * WAR + (1 - resist) * CAPITULATION - STATUS_QUO)
    assert found.profile[1][0] == pytest.approx(resist, abs=1e-14)
    assert found.profile[0][0] == pytest.approx(challenge, abs=1e-14)
