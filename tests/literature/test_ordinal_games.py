"""The strict ordinal 2x2 games: how many there are, and what all of them have in common.

The counts are published: 576 tables of ranks, 144 games up to the order of rows and columns,
78 up to the players' seats too (Rapoport and Guyer 1966; Robinson and Goforth 2005; Bruns
(2015), Games 6, 495-520, doi:10.3390/g6040495). All are derived here from the permutations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache
from itertools import permutations, product
from typing import Any, TypeAlias

import pytest

import alignment_games as ag
from alignment_games import NormalFormGame
from alignment_games.solvers import Solution, Status, dominance

Table: TypeAlias = tuple[tuple[int, int], tuple[int, int]]
Ordinal: TypeAlias = tuple[Table, Table]

TABLES: list[Table] = [((a, b), (c, d)) for a, b, c, d in permutations((1, 2, 3, 4))]


def turn_rows(table: Table) -> Table:
    return table[1], table[0]


def turn_columns(table: Table) -> Table:
    (a, b), (c, d) = table
    return (b, a), (d, c)


def transpose(table: Table) -> Table:
    (a, b), (c, d) = table
    return (a, c), (b, d)


def relabelled(game: Ordinal) -> Ordinal:
    """The first of the four tables that differ in the order of rows and columns."""
    row, column = game
    turned = (turn_rows(row), turn_rows(column))
    both = (game, turned)
    return min(*both, *((turn_columns(a), turn_columns(b)) for a, b in both))


def seats_changed(game: Ordinal) -> Ordinal:
    row, column = game
    return relabelled((transpose(column), transpose(row)))


@cache
def games_144() -> tuple[Ordinal, ...]:
    return tuple(sorted({relabelled(game) for game in product(TABLES, TABLES)}))


@cache
def games_78() -> tuple[Ordinal, ...]:
    return tuple(sorted({min(game, seats_changed(game)) for game in games_144()}))


@cache
def solution(game: Ordinal) -> Solution:
    return ag.solve(NormalFormGame(game), exact=True)


def cells_of_equilibria(game: Ordinal) -> list[tuple[int, int]]:
    return [
        (eq.profile[0].index(1), eq.profile[1].index(1))
        for eq in solution(game).equilibria
        if eq.is_pure
    ]


def outcomes(game: Ordinal) -> dict[tuple[int, int], tuple[int, int]]:
    return {(i, j): (game[0][i][j], game[1][i][j]) for i, j in product((0, 1), repeat=2)}


def pure_by_definition(game: Ordinal) -> list[tuple[int, int]]:
    row, column = game
    return [
        (i, j)
        for i, j in product((0, 1), repeat=2)
        if row[i][j] > row[1 - i][j] and column[i][j] > column[i][1 - j]
    ]


def dominant_strategies(game: Ordinal) -> int:
    """How many of the two players have a strategy that strictly dominates their other one."""
    row, column = game
    return sum(
        (own[0] > own[2]) == (own[1] > own[3])
        for own in ((*row[0], *row[1]), (*transpose(column)[0], *transpose(column)[1]))
    )


def win_win(game: Ordinal) -> bool:
    return (4, 4) in outcomes(game).values()


def unique_but_inferior(game: Ordinal) -> bool:
    """One pure equilibrium, and another outcome that both prefer to it."""
    found = cells_of_equilibria(game)
    at = outcomes(game)
    return len(found) == 1 and any(
        all(a > b for a, b in zip(other, at[found[0]], strict=True)) for other in at.values()
    )


def count(feature: Callable[[Ordinal], Any], games: Iterable[Ordinal]) -> dict[Any, int]:
    return dict(Counter(map(feature, games)))


# How many there are


def test_576_tables_make_144_games_and_78_without_seats() -> None:
    assert len(TABLES) ** 2 == 576
    assert len(games_144()) == 144
    assert len(games_78()) == 78
    assert set(count(relabelled, product(TABLES, TABLES)).values()) == {4}


def test_twelve_are_symmetric() -> None:
    symmetric = [game for game in games_144() if seats_changed(game) == game]
    assert len(symmetric) == 12
    # Each of the 24 orders of R, S, T, P makes one; renaming the strategies pairs them off.
    by_ranks = {relabelled((table, transpose(table))) for table in TABLES}
    assert by_ranks == set(symmetric)


# What all of them have in common


def test_all_are_solved_completely_and_none_is_degenerate() -> None:
    """Three equilibria where there are two pure ones, else exactly one: never a tie."""
    for game in games_144():
        found = solution(game)
        assert found.status is Status.COMPLETE
        assert not found.degenerate
        assert found.max_regret == 0
        assert len(found) == {0: 1, 1: 1, 2: 3}[len(cells_of_equilibria(game))]


def test_pure_equilibria_are_those_of_the_definition() -> None:
    for game in games_144():
        assert sorted(cells_of_equilibria(game)) == pure_by_definition(game)


def test_a_mixed_equilibrium_makes_the_other_player_indifferent() -> None:
    for game in games_144():
        row, column = game
        for eq in solution(game).equilibria:
            if eq.is_pure:
                continue
            (x, _), (y, _) = eq.profile
            gain = [a - b for a, b in zip(row[0], row[1], strict=True)]
            assert y == Fraction(gain[1], gain[1] - gain[0])
            gain = [own[0] - own[1] for own in column]
            assert x == Fraction(gain[1], gain[1] - gain[0])


def test_the_seats_do_not_matter() -> None:
    """Each game solved from the other side: the same numbers of equilibria of each kind."""
    for game in games_144():
        mirrored = solution(seats_changed(game))
        assert len(mirrored) == len(solution(game))
        assert sorted(eq.payoffs[::-1] for eq in mirrored.equilibria) == sorted(
            eq.payoffs for eq in solution(game).equilibria
        )


# Published counts


@pytest.mark.parametrize(
    ("feature", "of_144", "of_78"),
    [
        (lambda g: len(cells_of_equilibria(g)), {0: 18, 1: 108, 2: 18}, {0: 9, 1: 57, 2: 12}),
        (dominant_strategies, {0: 36, 1: 72, 2: 36}, {0: 21, 1: 36, 2: 21}),
        (win_win, {True: 36, False: 108}, {True: 21, False: 57}),
        (unique_but_inferior, {True: 7, False: 137}, {True: 4, False: 74}),
    ],
    ids=["pure equilibria", "dominant strategies", "win-win", "unique but inferior"],
)
def test_counts(
    feature: Callable[[Ordinal], Any], of_144: dict[Any, int], of_78: dict[Any, int]
) -> None:
    assert count(feature, games_144()) == of_144
    assert count(feature, games_78()) == of_78


def test_the_packages_dominance_finds_the_dominant_strategies() -> None:
    """A player with a dominant strategy keeps one; then the other keeps one too."""
    for game in games_144():
        kept = [
            len(own) for own in dominance(NormalFormGame(game), kind="strict").survivors.values()
        ]
        assert kept == ([1, 1] if dominant_strategies(game) else [2, 2])


def test_the_best_outcome_of_both_is_an_equilibrium() -> None:
    for game in filter(win_win, games_144()):
        (best,) = (cell for cell, ranks in outcomes(game).items() if ranks == (4, 4))
        assert best in cells_of_equilibria(game)


def test_the_prisoners_dilemma_is_one_of_the_four_tragedies() -> None:
    dilemma = ((3, 1), (4, 2))
    assert unique_but_inferior(relabelled((dilemma, transpose(dilemma))))
    symmetric = [g for g in games_78() if unique_but_inferior(g) and seats_changed(g) == g]
    assert len(symmetric) == 1


# Six crises against each other


CRISES: dict[str, Table] = {  # ((R, S), (T, P)) by rank
    "prisoner": ((3, 1), (4, 2)),
    "chicken": ((3, 2), (4, 1)),
    "stag": ((4, 1), (3, 2)),
    "deadlock": ((2, 1), (4, 3)),
    "leader": ((2, 3), (4, 1)),
    "hero": ((2, 4), (3, 1)),
}

# Pure equilibria of each row crisis against each column crisis; C cooperates, D defects.
TABLE = """
         prisoner chicken stag  deadlock leader hero
prisoner DD       DC      DD    DD       DC     DC
chicken  CD       CD,DC   -     CD       CD,DC  CD,DC
stag     DD       -       CC,DD DD       -      -
deadlock DD       DC      DD    DD       DC     DC
leader   CD       CD,DC   -     CD       CD,DC  CD,DC
hero     CD       CD,DC   -     CD       CD,DC  CD,DC
"""


def read_table() -> dict[tuple[str, str], set[str]]:
    head, *lines = (line.split() for line in TABLE.strip().splitlines())
    return {
        (own, other): set() if entry == "-" else set(entry.split(","))
        for own, *entries in lines
        for other, entry in zip(head, entries, strict=True)
    }


def crisis(own: str, other: str) -> Ordinal:
    return CRISES[own], transpose(CRISES[other])


@pytest.mark.parametrize("own", CRISES)
@pytest.mark.parametrize("other", CRISES)
def test_crises_against_each_other(own: str, other: str) -> None:
    """Snyder and Diesing's orderings (notes, C1): the package, the definition and the table."""
    game = crisis(own, other)
    pure = {"CD"[i] + "CD"[j] for i, j in cells_of_equilibria(game)}
    assert pure == {"CD"[i] + "CD"[j] for i, j in pure_by_definition(game)}
    assert pure == read_table()[own, other]


@pytest.mark.parametrize(
    ("own", "other", "pure"),
    [
        ("prisoner", "prisoner", {"DD"}),
        ("chicken", "chicken", {"CD", "DC"}),
        ("stag", "stag", {"CC", "DD"}),
        ("deadlock", "deadlock", {"DD"}),
        ("leader", "leader", {"CD", "DC"}),
        ("hero", "hero", {"CD", "DC"}),
        ("prisoner", "chicken", {"DC"}),
        ("deadlock", "chicken", {"DC"}),
        ("stag", "prisoner", {"DD"}),
        ("stag", "chicken", set()),
        ("stag", "leader", set()),
        ("stag", "hero", set()),
    ],
)
def test_the_pairs_of_crises_that_the_notes_list(own: str, other: str, pure: set[str]) -> None:
    assert read_table()[own, other] == pure
    assert len(solution(crisis(own, other))) == (3 if len(pure) == 2 else 1)


@pytest.mark.parametrize("own", CRISES)
@pytest.mark.parametrize("other", CRISES)
def test_the_mixed_equilibrium_of_two_crises(own: str, other: str) -> None:
    """A player cooperates with chance (S - P) / ((T - R) + (S - P)) of the other's payoffs."""
    mixed = [eq for eq in solution(crisis(own, other)).equilibria if not eq.is_pure]
    assert len(mixed) == (len(read_table()[own, other]) != 1)
    for eq in mixed:
        for chances, name in zip(eq.profile, (other, own), strict=True):
            (r, s), (t, p) = CRISES[name]
            assert chances[0] == Fraction(s - p, (t - r) + (s - p))
