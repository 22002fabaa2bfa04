"""Tables of games and solutions: nothing is lost, names mean nothing but themselves."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import alignment_games as ag
from alignment_games import ExtensiveGame, NormalFormGame
from alignment_games.errors import GameError, WorkLimitError
from alignment_games.games import RepeatedGame, StochasticGame
from alignment_games.io import game_table, solution_table
from alignment_games.testing import games

SETTINGS = settings(max_examples=50, deadline=None)
HOSTILE = [
    "<script>alert(1)</script>",
    "a & b",
    "50% #1",
    "$x_1^2$",
    "{~\\}",
    "[hedge]*",
    "|pipe|",
    "*bold* `code`",
    "line\nend",
    "\\input{secret}",
    "Füße",
    "a---b,,c",
    "what?` no!` ``x'' it's",
]
FORMATS = ["text", "markdown", "latex", "html"]


def chicken() -> NormalFormGame:
    return NormalFormGame.from_bimatrix(
        [[3, 1], [4, 0]],
        [[3, 4], [1, 0]],
        players=["Row", "Column"],
        strategies=[["swerve", "straight"]] * 2,
    )


def volunteers() -> NormalFormGame:
    return NormalFormGame(
        [
            [[[0, 1], [2, 3]], [[4, 5], [6, 7]]],
            [[[0, 0], [0, -1]], [[0, 0], [0, 0]]],
            [[[0, 0], [0, 0]], [[0, -1], [0, 0]]],
        ],
        players=["A", "B", "patron"],
        strategies=[["x", "y"], ["l", "r"], ["support", "abandon"]],
    )


class Reader(HTMLParser):
    """The cells of all tables, and every tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.tags: set[str] = set()
        self.captions: list[str] = []
        self.where: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        assert all(name in {"class", "style", "scope", "colspan"} for name, _ in attrs)
        self.tags.add(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th", "caption"}:
            self.where = tag
            (self.captions if tag == "caption" else self.tables[-1][-1]).append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.where:
            self.where = None

    def handle_data(self, data: str) -> None:
        if self.where == "caption":
            self.captions[-1] += data
        elif self.where:
            self.tables[-1][-1][-1] += data


# Two, three and other numbers of players


def test_a_matrix_in_text() -> None:
    assert game_table(chicken(), best_replies=True).splitlines() == [
        "Row, Column    swerve    straight",
        "-------------  --------  ----------",
        "swerve         3, 3      1*, 4*",
        "straight       4*, 1*    0, 0",
    ]


def test_a_matrix_in_latex() -> None:
    strut = r"\rule[-1.7ex]{0pt}{4.4ex}"
    game = NormalFormGame.from_bimatrix([[Fraction(-1, 3), 2]], [[1, 0]], players=["R", "C"])
    table = game_table(game, "latex", best_replies=True)
    assert table.replace(strut, "STRUT").splitlines() == [
        r"\begin{tabular}{@{}lcc@{}}",
        r"\toprule",
        r" & \multicolumn{2}{c}{C} \\",
        r"\cmidrule(l){2-3}",
        r"R & s1 & s2 \\",
        r"\midrule",
        r"s1STRUT & $\underline{-\frac{1}{3}},\; \underline{1}$ & $\underline{2},\; 0$ \\",
        r"\bottomrule",
        r"\end{tabular}",
    ]


def test_three_players_have_a_matrix_for_each_strategy_of_the_third() -> None:
    reader = Reader(game_table(volunteers(), "html"))
    assert reader.captions == ["patron: support", "patron: abandon"]
    assert reader.tables[1] == [
        ["", "B"],
        ["A", "l", "r"],
        ["x", "1, 0, 0", "3, −1, 0"],
        ["y", "5, 0, −1", "7, 0, 0"],
    ]
    assert game_table(volunteers()).count("patron: ") == 2
    assert game_table(volunteers(), "latex").count(r"\begin{tabular}") == 2


def test_other_numbers_of_players_have_a_list() -> None:
    lines = game_table(NormalFormGame([[0.1, -2.5e-9, 1e22]]), best_replies=True).splitlines()
    assert [line.split()[1] for line in lines[2:]] == ["0.1", "-2.5e-09", "1e+22*"]
    assert r"$-2.5 \times 10^{-9}$" in game_table(NormalFormGame([[-2.5e-9]]), "latex")
    assert "−2.5 × 10<sup>−9</sup>" in game_table(NormalFormGame([[-2.5e-9]]), "html")
    four = NormalFormGame([[[[[1, 2]]]]] * 4)
    assert Reader(game_table(four, "html")).tables[0][2] == ["s1", "s1", "s1", "s2", "2, 2, 2, 2"]


def test_different_payoffs_look_different() -> None:
    game = NormalFormGame([[0.1234567, 0.1234568, 3.0, 1 / 3]])
    for name in FORMATS:
        table = game_table(game, name)  # type: ignore[arg-type]
        assert all(text in table for text in ("0.1234567", "0.1234568", "0.3333333333333333"))
        assert "3.0" not in table
    among = game_table(NormalFormGame([[1 / 3, Fraction(1, 3)]]), best_replies=True)
    assert among.splitlines()[-2].endswith("0.3333333333333333")
    assert among.splitlines()[-1].split() == ["s2", "1/3*"]
    short = game_table(game, best_replies=True, digits=6)
    assert [line.split()[1] for line in short.splitlines()[2:]] == [
        "0.123457",
        "0.123457",
        "3*",
        "0.333333",
    ]


@pytest.mark.parametrize("digits", [0, -1, 18, 1.5, "6", True], ids=repr)
def test_digits_must_be_a_small_whole_number(digits: Any) -> None:
    with pytest.raises(GameError, match="`digits` must be a whole number from 1 to 17"):
        game_table(chicken(), digits=digits)
    with pytest.raises(GameError, match="`digits` must be a whole number from 1 to 17"):
        solution_table(ag.solve(chicken()), digits=digits)


@SETTINGS
@given(games(min_players=1, max_players=4, max_strategies=3))
def test_html_holds_every_payoff(game: NormalFormGame) -> None:
    reader = Reader(game_table(game, "html"))
    found = []
    if game.n_players == 2:
        found = [cell for row in reader.tables[0][2:] for cell in row[1:]]
    elif game.n_players == 3:
        per_table = [[row[1:] for row in table[2:]] for table in reader.tables]
        found = [
            per_table[k][i][j] for i, j, k in game.profiles()
        ]  # the third player's strategy is the table
    else:
        found = [row[-1] for row in reader.tables[0][1:]]
    assert found == [
        ", ".join(str(game.payoff(k, *p)).replace("-", "−") for k in range(game.n_players))
        for p in game.profiles()
    ]


@SETTINGS
@given(games(min_players=1, max_players=4, max_strategies=3))
def test_profiles_of_marked_payoffs_are_the_pure_equilibria(game: NormalFormGame) -> None:
    one_list = game_table(game, best_replies=True)
    marked = re.findall(rf"(?:-?\d+\*(?:, )?){{{game.n_players}}}(?=\s|$)", one_list)
    assert len(marked) == len(ag.solve(game, method="pure"))


# Solutions


def test_a_solution_in_text() -> None:
    solution = ag.solve(chicken())
    assert solution_table(solution).splitlines() == [
        "N" + str(solution).splitlines()[0][1:],
        "",
        "Row                        Column                     payoffs",
        "-------------------------  -------------------------  ---------",
        "swerve                     straight                   1, 4",
        "straight                   swerve                     4, 1",
        "1/2 swerve + 1/2 straight  1/2 swerve + 1/2 straight  2, 2",
    ]


def test_a_solution_in_latex_html_and_floats() -> None:
    solution = ag.solve(chicken())
    assert r"$\frac{1}{2}$ swerve + $\frac{1}{2}$ straight" in solution_table(solution, "latex")
    reader = Reader(solution_table(solution, "html"))
    assert reader.tables[0][-1] == ["1/2 swerve + 1/2 straight"] * 2 + ["2, 2"]
    assert reader.captions == ["N" + str(solution).splitlines()[0][1:]]
    floating = ag.solve(NormalFormGame.from_bimatrix([[0.5, -1], [-1, 1]], [[-1, 1], [1, -1]]))
    assert "0.571429 s1 + 0.428571 s2" in solution_table(floating)
    assert "0.57 s1 + 0.43 s2" in solution_table(floating, digits=2)
    assert f"{4 / 7} s1 + {3 / 7} s2" in solution_table(floating, digits=None)


def test_tables_stay_together_in_latex_and_wrap_in_html() -> None:
    solution = ag.solve(chicken())
    latex = solution_table(solution, "latex")
    assert latex.startswith("\\noindent Nash by ")
    assert "verified.\n\n\\nopagebreak\\medskip\n\\noindent\n\\begin{tabular}" in latex
    page = solution_table(solution, "html")
    assert "nowrap" not in page
    assert page.count("border-bottom:1px solid") == 3  # under each name of the header
    assert page.count("text-align:center") == 2 + 2 * 3  # all but the first column


def test_underlined_payoffs_do_not_touch_the_row_below_in_latex() -> None:
    rows = game_table(chicken(), "latex", best_replies=True).splitlines()
    assert rows[6].startswith(r"swerve\rule[-1.1ex]{0pt}{3.3ex} & $3,\; 3$ & $\underline{1}")
    assert r"\rule[" not in game_table(chicken(), "latex")


def test_extreme_points_of_continua_say_so() -> None:
    """The second row pays the column player the same everywhere, so it mixes over an interval."""
    solution = ag.solve(NormalFormGame.from_bimatrix([[2, 0], [1, 1]], [[1, 0], [1, 1]]))
    assert sorted(component.dimension for component in solution.components) == [0, 1]
    for name in FORMATS:
        table = solution_table(solution, name)  # type: ignore[arg-type]
        for k, component in enumerate(solution.components, 1):
            line = f"Component {k}: dimension {component.dimension}, index {component.index}; "
            assert line in table
        assert "its rows are extreme points of a continuum" in table
    lines = solution_table(solution).splitlines()
    assert lines[2].split()[-1] == "component"
    for line, equilibrium in zip(lines[4:], solution.equilibria, strict=False):
        own = solution.components[int(line.split()[-1]) - 1]
        assert any(
            all(v in part for v, part in zip(equilibrium.profile, subset.vertices, strict=True))
            for subset in own.subsets
        )
    reader = Reader(solution_table(solution, "html"))
    assert reader.tables[0][-1][0].startswith("Component 2")
    assert "component" not in solution_table(ag.solve(chicken())).lower()


@SETTINGS
@given(games(max_strategies=3, payoffs=st.integers(0, 1)))
def test_every_row_of_a_degenerate_game_belongs_to_one_component(game: NormalFormGame) -> None:
    for each in (game, floating(game)):
        solution = ag.solve(each)
        lines = solution_table(solution).splitlines()
        if any(component.dimension for component in solution.components):
            found = {line.split()[-1] for line in lines[4 : 4 + len(solution)]}
            assert found == {str(k + 1) for k in range(len(solution.components))}


def floating(game: NormalFormGame) -> NormalFormGame:
    return NormalFormGame([own.astype(float) / 10 for own in game.payoffs])


def test_infinite_families_of_several_players_say_so() -> None:
    """Nothing matters to the third player: each of its mixes is in an equilibrium."""
    solution = ag.solve(
        NormalFormGame([[[[1, 1]], [[0, 0]]], [[[1, 1]], [[1, 1]]], [[[0, 0]], [[0, 0]]]])
    )
    assert any(family.dimension for family in solution.families)
    lines = solution_table(solution).splitlines()
    assert lines[2].split()[-1] == "family"
    assert {line.split()[-1] for line in lines[4 : 4 + len(solution)]} == {
        str(k + 1) for k in range(len(solution.families))
    }
    for k, family in enumerate(solution.families, 1):
        support = " x ".join("{" + ", ".join(own) + "}" for own in family.support)
        wanted = f"Family {k}: support {support}, dimension {family.dimension}"
        assert any(line.startswith(wanted) for line in lines)


def test_solutions_of_trees_and_without_equilibria() -> None:
    text = solution_table(ag.solve(ExtensiveGame.from_normal_form(chicken())))
    assert "Column after swerve" in text
    pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    for name in FORMATS:
        table = solution_table(ag.solve(pennies, method="pure"), name)  # type: ignore[arg-type]
        assert "0 found" in table


# Names


def hostile_game() -> NormalFormGame:
    return NormalFormGame(
        [[[k * 6 + j for j in range(7)] for k in range(6)], [[0] * 7] * 6],
        players=["<b>&%_</b>", "$\\end{tabular}"],
        strategies=[HOSTILE[:6], HOSTILE[6:]],
    )


def shown(name: str) -> str:
    return name.replace("\n", "\\n")


def test_names_mean_nothing_in_html() -> None:
    game = hostile_game()
    for text in (game_table(game, "html"), solution_table(ag.solve(game, method="pure"), "html")):
        reader = Reader(text)
        assert not reader.tags - {"table", "thead", "tbody", "tr", "th", "td", "u", "caption"}
    table = Reader(game_table(game, "html")).tables[0]
    assert table[0] == ["", game.players[1]]
    assert table[1] == [game.players[0], *map(shown, game.strategies[1])]
    assert [row[0] for row in table[2:]] == list(game.strategies[0])


def test_names_mean_nothing_in_markdown() -> None:
    table = game_table(hostile_game(), "markdown").splitlines()
    for line in table:
        assert len(re.findall(r"(?<!\\)\|", line)) == 9  # the bars of eight columns
    assert r"\<script\>alert(1)\</script\>" in table[2]
    assert r"\*bold\* \`code\`" in table[0]
    assert r"\$x\_1^2\$" in "\n".join(table)


@pytest.mark.skipif(
    shutil.which("pdflatex") is None or shutil.which("pdftotext") is None,
    reason="pdflatex (with booktabs) or pdftotext is not installed",
)
def test_latex_prints_the_names(tmp_path: Path) -> None:
    game = hostile_game()
    body = "\n\n".join(
        [
            game_table(game, "latex", best_replies=True),
            game_table(volunteers(), "latex"),
            solution_table(ag.solve(chicken()), "latex"),
        ]
    )
    (tmp_path / "table.tex").write_text(
        "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{booktabs}\n"
        "\\usepackage[a2paper,margin=1cm,landscape]{geometry}\n"
        f"\\begin{{document}}\n{body}\n\\end{{document}}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "table.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
        check=False,
    )
    if "booktabs.sty' not found" in done.stdout:
        pytest.skip("the LaTeX package booktabs is not installed")
    assert done.returncode == 0, done.stdout[-3000:]
    printed = subprocess.run(
        ["pdftotext", "-layout", "table.pdf", "-"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    ).stdout
    flat = re.sub(r"\s+", "", printed).replace("˜", "~").replace("ˆ", "^").replace("‘", "`")
    for name in [*game.players, *game.strategies[0], *game.strategies[1]]:
        assert shown(name).replace(" ", "") in flat, name


@SETTINGS
@given(
    st.lists(st.text(min_size=1, max_size=5), min_size=2, max_size=2, unique=True),
    st.sampled_from(FORMATS),
)
def test_any_names_can_be_set(names: list[str], name: Any) -> None:
    game = NormalFormGame.from_bimatrix(
        [[1, 2]], [[3, 4]], players=names, strategies=[["a"], names]
    )
    table = game_table(game, name, best_replies=True)
    assert all(c.isprintable() or c == "\n" for c in table)
    assert solution_table(ag.solve(game), name)


# What cannot be set


def test_what_is_no_game_or_no_format_is_refused() -> None:
    tree: Any = ExtensiveGame.from_normal_form(chicken())
    wrong: Any = "Latex"
    with pytest.raises(GameError, match=r"got ExtensiveGame; take its normal_form"):
        game_table(tree)
    with pytest.raises(
        GameError, match="`format` must be one of 'text', 'markdown', 'latex', 'html', got 'Latex'"
    ):
        game_table(chicken(), wrong)
    with pytest.raises(GameError, match=r"`format`.*'Latex'"):
        solution_table(ag.solve(chicken()), wrong)
    for bad in (chicken(), None, [1]):
        with pytest.raises(GameError, match="`solution` must be a Solution"):
            solution_table(bad)  # type: ignore[arg-type]
    with pytest.raises(WorkLimitError, match="200000 payoffs"):
        game_table(NormalFormGame([[0] * 200_000]))


# Correlated play


def test_correlated_play_is_a_table_of_profiles() -> None:
    """The best correlated equilibrium of chicken (Aumann 1974) obeys a mediator's lottery."""
    chicken = ag.NormalFormGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    assert solution_table(ag.solvers.correlated(chicken)) == (
        "Correlated by correlated-program: 1 found. It is proved that none is better; others may "
        "exist. Weighted payoffs: 10.5.\n\n"
        "player_1    player_2    probability\n"
        "----------  ----------  -------------\n"
        "s1          s1          1/2\n"
        "s1          s2          1/4\n"
        "s2          s1          1/4\n\n"
        "Equilibrium: payoffs 21/4, 21/4."
    )


@pytest.mark.parametrize("kind", ["text", "markdown", "latex", "html"])
def test_all_extreme_correlated_equilibria_are_told_apart(kind: Any) -> None:
    chicken = ag.NormalFormGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    solution = ag.solvers.correlated(chicken, "extreme", exact=False)
    text = solution_table(solution, kind)
    assert len(solution) > 2
    for k in range(1, len(solution) + 1):
        assert f"Equilibrium {k}: payoffs " in text


def test_what_is_no_solution_has_no_table() -> None:
    with pytest.raises(GameError, match="`solution` must be a Solution"):
        solution_table("solution")  # type: ignore[arg-type]


def partnership(discount: Any = Fraction(2, 3)) -> StochasticGame:
    return StochasticGame(
        payoffs=[[[[2, 0], [3, 1]], [[2, 3], [0, 1]]], [[[0]], [[0]]]],
        transitions=[[[[1, 0], [0, 1]], [[0, 1], [0, 1]]], [[[0, 1]]]],
        discount=discount, states=["together", "over & out"],
        strategies=[[["c", "d"]] * 2, [["wait"]] * 2],
    )  # fmt: skip


def test_markov_equilibria_are_listed_by_state() -> None:
    text = solution_table(ag.solve(partnership())).splitlines()
    assert text[0].startswith("Pure-markov-perfect by branch-and-bound: 2 found. All pure")
    cells = [line.split() for line in text[4:]]
    assert cells == [
        ["1", "together", "c", "c", "6,", "6"],
        ["1", "over", "&", "out", "wait", "wait", "0,", "0"],
        ["2", "together", "d", "d", "1,", "1"],
        ["2", "over", "&", "out", "wait", "wait", "0,", "0"],
    ]
    assert "over &amp; out" in solution_table(ag.solve(partnership()), "html")
    assert r"over \& out & wait & wait & $0,\; 0$" in solution_table(
        ag.solve(partnership()), "latex"
    )
    one = solution_table(ag.solve(partnership(), "logit"))
    assert one.splitlines()[2].split() == ["state", "player_1", "player_2", "values"]
    none = StochasticGame([[[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]], [np.ones((2, 2, 1))], 0.5)
    assert "no pure stationary equilibrium exists" in solution_table(ag.solve(none))


def test_periods_bounds_and_corners_are_listed() -> None:
    plan = ag.solvers.finite_horizon(partnership(), 2)
    cells = [line.split() for line in solution_table(plan).splitlines()[4:]]
    assert cells[0] == ["0", "together", "d", "d", "1,", "1"]
    assert len(cells) == 4
    zero_sum = StochasticGame(
        [[[[3, -1], [-1, 1]], [[-3, 1], [1, -1]]]], [np.ones((2, 2, 1), int)], Fraction(1, 2)
    )
    text = solution_table(ag.solvers.stochastic_value(zero_sum))
    assert text.splitlines()[-1].split("  ")[-1].strip() == "2/3"
    assert "1/3 s1 + 2/3 s2" in text
    dilemma = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    found = ag.solve(RepeatedGame(dilemma, discount=Fraction(1, 2)))
    rows = [line.split() for line in solution_table(found).splitlines()[4:]]
    assert rows == [
        ["1,", "1", "exact"], ["13/3,", "1", "exact"], ["3,", "3", "exact"], ["1,", "13/3", "exact"]
    ]  # fmt: skip
    floats = ag.solve(RepeatedGame(dilemma, discount=0.5))
    assert "4.33, 1" in solution_table(floats, digits=3)
    far = ((Fraction(0), Fraction(0)), *found.outer[1:])
    gap = dataclasses.replace(found, status=ag.solvers.Status.PARTIAL, outer=far, gap=1.0)
    rows = [line.split() for line in solution_table(gap).splitlines()[4:]]
    assert ["1,", "1", "attained"] in rows
    assert ["0,", "0", "bound"] in rows


def test_long_plans_and_games_in_time_have_no_table() -> None:
    plan = ag.solvers.finite_horizon(partnership(0.5), 5)
    with pytest.raises(WorkLimitError, match="would have 200000 rows, one a period and state"):
        solution_table(dataclasses.replace(plan, horizon=100_000))
    for game, tail in (
        (partnership(), "stages"),
        (RepeatedGame(plan.game.stages[0], discount=0.5), "stage"),
    ):
        with pytest.raises(GameError, match=f"must be a NormalFormGame, .*; take its {tail}$"):
            game_table(game)  # type: ignore[arg-type]
