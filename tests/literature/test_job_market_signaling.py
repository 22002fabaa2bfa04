"""Education as a signal, with finitely many levels and wages.

M. Spence (1973), Job market signaling, Quarterly Journal of Economics 87, 355-374,
doi:10.2307/1882010; that the intuitive criterion leaves only the cheapest separation is in
I.-K. Cho and D. M. Kreps (1987), doi:10.2307/1885060. Numbers are ours.

Workers produce 1 or 2, and a year of education costs them 1 or 1/2. Employers are punished by the
squared error of the wage, so that they pay the level nearest to what they expect.
"""

from __future__ import annotations

from fractions import Fraction

from alignment_games.games import SignalingGame
from alignment_games.solvers import SequentialEquilibrium, sequential

PRODUCT = {"low": 1, "high": 2}
YEARS = {"none": Fraction(0), "some": Fraction(5, 4), "much": Fraction(7, 4)}
WAGES = {"1": Fraction(1), "5/4": Fraction(5, 4), "2": Fraction(2)}


def job_market() -> SignalingGame:
    return SignalingGame(
        prior={"low": Fraction(3, 4), "high": Fraction(1, 4)},
        responses={level: list(WAGES) for level in YEARS},
        payoffs={
            (t, level, wage): (
                WAGES[wage] - YEARS[level] / PRODUCT[t],
                -((WAGES[wage] - PRODUCT[t]) ** 2),
            )
            for t in PRODUCT
            for level in YEARS
            for wage in WAGES
        },
    )


def levels(eq: SequentialEquilibrium) -> tuple[str, str]:
    """Return the education of the low and the high where neither mixes."""
    low, high = ("+".join(level for level, p in eq.sends(t).items() if p) for t in ("low", "high"))
    return low, high


def test_the_intuitive_criterion_leaves_the_cheapest_separation() -> None:
    solution = sequential(job_market())
    found = {levels(eq) for eq in solution.equilibria}
    assert {("none", "some"), ("none", "much"), ("none", "none")} <= found
    assert {levels(eq) for eq in solution.equilibria if eq.intuitive} == {("none", "some")}
    assert {levels(eq) for eq in solution.equilibria if eq.d1} == {("none", "some")}


def test_separation_pays_products_and_pooling_their_mean() -> None:
    for eq in sequential(job_market()).equilibria:
        if levels(eq) == ("none", "some"):
            assert eq.answers("none")["1"] == eq.answers("some")["2"] == 1
        elif levels(eq) == ("none", "none"):
            assert eq.answers("none")["5/4"] == 1
