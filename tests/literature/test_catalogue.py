"""The package against the catalogue: of each named game every equilibrium and no other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

import alignment_games as ag
from alignment_games.solvers import Solution, Status, verify

from .catalogue import MORE_PLAYERS, TWO_PLAYERS
from .named_game import NamedGame, Profile

NAMES = {record.name: record for record in (*TWO_PLAYERS, *MORE_PLAYERS)}
TOLERANCE = 1e-9


def each(records: Iterable[NamedGame]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("record", list(records), ids=lambda record: record.name)


@cache
def solved(name: str) -> Solution:
    return ag.solve(NAMES[name].game, exact=True)


def flat(profile: Iterable[Iterable[Any]]) -> list[float]:
    return [float(p) for own in profile for p in own]


def apart(one: Sequence[float], other: Sequence[float]) -> float:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def graph_components(equilibria: Iterable[Profile]) -> int:
    """Count the components of the graph whose vertices are strategies and edges equilibria.

    Two extreme equilibria that share a strategy are joined by a segment of equilibria, and
    maximal Nash subsets that meet share an extreme equilibrium: the graph is as connected as
    the set of equilibria is (Avis, Rosenberg, Savani and von Stengel 2010).
    """
    groups: list[set[tuple[int, Any]]] = []
    for profile in equilibria:
        merged = set(enumerate(profile))
        for group in [group for group in groups if group & merged]:
            groups.remove(group)
            merged |= group
        groups.append(merged)
    return len(groups)


def maximal_subsets(solution: Solution) -> list[Any]:
    """The maximal Nash subsets, whether components hold them or are them."""
    return [part for whole in solution.components for part in getattr(whole, "subsets", (whole,))]


def test_the_catalogue_is_large_and_every_record_has_a_source_and_a_reason() -> None:
    assert len(TWO_PLAYERS) >= 100
    assert len(MORE_PLAYERS) >= 20
    assert len(NAMES) == len(TWO_PLAYERS) + len(MORE_PLAYERS)
    for record in NAMES.values():
        assert record.source
        assert record.why
        assert record.equilibria or record.continuum or record.count
        assert len(record.equilibria) in (0, record.count)


@each(NAMES.values())
def test_what_is_listed_are_equilibria(record: NamedGame) -> None:
    """Exactly, or to 55 digits where a square root is involved."""
    for profile in (*record.equilibria, *record.continuum):
        assert max(verify(record.game, profile)) < Fraction(1, 10**55)


# Two players


@each(TWO_PLAYERS)
def test_all_equilibria_are_found_exactly(record: NamedGame) -> None:
    solution = solved(record.name)
    assert solution.status is Status.COMPLETE
    assert solution.exact
    assert solution.max_regret == 0
    assert len(solution) == record.count
    found = {eq.profile for eq in solution.equilibria}
    assert len(found) == record.count
    if record.equilibria:
        assert found == record.equilibria
    assert record.count % 2 == 1 or solution.degenerate  # Wilson (1971)


@each(TWO_PLAYERS)
def test_all_equilibria_are_found_in_floats(record: NamedGame) -> None:
    solution = ag.solve(record.game, exact=False)
    assert solution.status is Status.COMPLETE
    assert not solution.exact
    assert len(solution) == record.count
    found = [flat(eq.profile) for eq in solution.equilibria]
    for profile in record.equilibria:
        assert sum(apart(flat(profile), other) < TOLERANCE for other in found) == 1


@each(record for record in TWO_PLAYERS if record.subsets is not None)
def test_maximal_nash_subsets_are_as_many_as_known(record: NamedGame) -> None:
    assert len(maximal_subsets(solved(record.name))) == record.subsets


@each(record for record in TWO_PLAYERS if record.equilibria)
def test_the_known_number_of_components_fits_the_known_equilibria(record: NamedGame) -> None:
    assert graph_components(record.equilibria) == record.components


@each(record for record in TWO_PLAYERS if record.components is not None)
def test_components_and_their_indices_are_as_known(record: NamedGame) -> None:
    """The indices of all components sum to 1 (Shapley 1974)."""
    components: Any = solved(record.name).components
    assert len(components) == record.components
    assert sum(component.index for component in components) == 1
    if record.components == record.count:
        assert all(part.dimension == 0 for part in maximal_subsets(solved(record.name)))


@pytest.mark.parametrize("size", range(1, 6))
def test_an_equilibrium_of_coordination_on_k_strategies_has_index_plus_or_minus_one(
    size: int,
) -> None:
    """(-1)^(k - 1): the sign of a determinant of a positive diagonal block."""
    components: Any = solved(f"pure coordination on {size}").components
    for component in components:
        (subset,) = component.subsets
        (strategy,) = subset.vertices[0]
        assert component.index == (-1) ** (sum(p > 0 for p in strategy) - 1)


def test_the_optimal_strategies_of_kuhn_poker_are_those_published() -> None:
    """Kuhn (1950): the first player chooses one number, the second has no choice."""
    solution = solved("Kuhn poker")
    third = Fraction(1, 3)
    bluffs = set()
    for eq in solution.equilibria:
        assert eq.payoffs == (-third, third)  # six times -1/18
        x, y = eq.profile
        bluff = sum(x[4:])
        assert sum(p for k, p in enumerate(x) if k & 2) == bluff + third  # calls with Q
        assert sum(p for k, p in enumerate(x) if k & 1) == 3 * bluff  # bets K
        assert y[2] + y[3] == third == y[1] + y[3]
        bluffs.add(bluff)
    assert (min(bluffs), max(bluffs)) == (0, third)


# Three players and more


@each(MORE_PLAYERS)
def test_all_isolated_equilibria_of_more_players_are_found(record: NamedGame) -> None:
    solution = ag.solve(record.game)
    found = [flat(eq.profile) for eq in solution.equilibria]
    for eq in solution.equilibria:
        assert math.fsum(map(float, eq.regret)) < TOLERANCE
    for profile in record.equilibria:
        assert sum(apart(flat(profile), other) < TOLERANCE for other in found) == 1
    if record.distance is None:
        assert solution.status is Status.COMPLETE
        assert len(found) == record.count
    else:
        assert solution.status not in (Status.NONE, Status.FAILED)
        for eq, values in zip(solution.equilibria, found, strict=True):
            listed = any(apart(values, flat(other)) < TOLERANCE for other in record.equilibria)
            assert listed or record.distance(as_floats(eq.profile)) < 1e-6


def as_floats(profile: Iterable[Iterable[Any]]) -> list[list[float]]:
    return [[float(p) for p in own] for own in profile]


@each(record for record in MORE_PLAYERS if record.distance is not None)
def test_a_continuum_is_described_by_its_equation(record: NamedGame) -> None:
    assert record.distance is not None
    for profile in record.continuum:
        assert record.distance(as_floats(profile)) < 1e-12
    for profile in record.equilibria:
        assert record.distance(as_floats(profile)) > 0.1


def test_two_of_the_five_equilibria_of_gambits_3x3x3_game_are_pure() -> None:
    solution = ag.solve(NAMES["Gambit's 3x3x3 game"].game)
    assert sum(eq.is_pure for eq in solution.equilibria) == 2
