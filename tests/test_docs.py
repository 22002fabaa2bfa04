"""The pages of docs/ are true: their examples run, their tables and excerpts agree with the code.

The ``>>>`` examples are doctests: ``python -m pytest --doctest-glob='*.md' docs`` runs them too.
"""

from __future__ import annotations

import argparse
import contextlib
import doctest
import inspect
import re
import shlex
from importlib import import_module
from pathlib import Path

import pytest
import sympy as sp

import alignment_games as ag
from alignment_games import cli
from alignment_games.io._escape import markdown

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(p for p in DOCS.rglob("*.md") if "_build" not in p.parts)
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROOMS = (
    "games", "models", "symbolic", "scenarios", "solvers", "batch", "io", "analysis", "figures",
)  # fmt: skip


def page_id(page: Path) -> str:
    return str(page.relative_to(DOCS))


def fences(page: Path, language: str) -> list[str]:
    return [body for name, body in FENCE.findall(page.read_text("utf-8")) if name == language]


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_examples_run(page: Path) -> None:
    failures, _ = doctest.testfile(
        str(page), module_relative=False, optionflags=doctest.ELLIPSIS, encoding="utf-8"
    )
    assert failures == 0


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_commands_print_what_the_page_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``$ alignment-games ...`` blocks: the output below a command, ``...`` for any text."""
    monkeypatch.chdir(tmp_path)
    checker = doctest.OutputChecker()
    for block in fences(page, "console"):
        for command, wanted in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            if not command.startswith("alignment-games ") or not wanted:
                continue
            with contextlib.suppress(SystemExit):  # --help leaves
                cli.main(shlex.split(command)[1:])
            got = capsys.readouterr().out
            assert checker.check_output(wanted, got, doctest.ELLIPSIS), f"{command}\n{got}"


def test_excerpts_of_the_tutorial_are_parts_of_the_reports() -> None:
    reports = [ag.report(ag.load_scenario(name)).to_text() for name in ("vietnam", "ukraine")]
    excerpts = fences(DOCS / "tutorials" / "first-verdict.md", "text")
    assert excerpts
    for excerpt in excerpts:
        assert any(excerpt in text for text in reports), excerpt


def table_rows(page: Path, n_columns: int) -> list[list[str]]:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.read_text("utf-8").splitlines()
        if line.startswith("| `")
    ]
    return [row for row in rows if len(row) == n_columns]


def test_the_table_of_parameters_is_that_of_the_model() -> None:
    page = DOCS / "explanation" / "alignment-model.md"
    assert table_rows(page, 6) == [
        [
            f"`{p.name}`", f"${sp.latex(p.symbol)}$", f"{p.meaning}; *{p.unit}*", str(p.domain),
            str(p.usual), p.status.value,
        ]
        for p in ag.models.alignment().parameters.values()
    ]  # fmt: skip


def test_the_table_of_the_cases_is_that_of_the_scenarios() -> None:
    page = DOCS / "explanation" / "alignment-model.md"
    vietnam, ukraine = ag.load_scenario("vietnam"), ag.load_scenario("ukraine")
    wanted = [
        [
            f"`{name}`",
            f"{float(vietnam[name]):g}",
            "same" if vietnam[name] == ukraine[name] else f"{float(ukraine[name]):g}",
        ]
        for name in vietnam
    ]
    assert [row for row in table_rows(page, 3) if row[0].strip("`") in vietnam] == wanted


def test_every_equation_that_the_code_cites_is_on_the_page() -> None:
    pages = ("alignment-model", "propositions")
    page = "".join((DOCS / "explanation" / f"{name}.md").read_text("utf-8") for name in pages)
    code = "".join(p.read_text("utf-8") for p in (ROOT / "src").rglob("*.py"))
    cited = set(re.findall(r"\bF\d+(?:\.\d+)?\b", code))
    assert cited
    for number in cited:
        assert f"({number})" in page, number


def test_the_table_of_propositions_is_that_of_the_library() -> None:
    def described(own: ag.symbolic.Proposition) -> list[str]:
        conditions = "; ".join(
            f"{markdown(h.words)} (`{h.name}`{', added' if h.added else ''})"
            for h in own.hypotheses
        )
        theorems = ", ".join(own.part_of) or "-"
        return [f"`{own.name}`", theorems, markdown(own.statement), conditions or "-"]

    page = DOCS / "explanation" / "propositions.md"
    assert table_rows(page, 4) == [described(own) for own in ag.symbolic.propositions()]


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_has_a_reference(room: str) -> None:
    page = (DOCS / "reference" / f"{room}.md").read_text("utf-8")
    module = import_module(f"alignment_games.{room}")
    documented = set(
        re.findall(r"^\.\. (?:auto(?:class|function)|py:data):: (\w+)$", page, re.MULTILINE)
    )
    assert documented == set(module.__all__)


def test_every_error_has_a_reference() -> None:
    page = (DOCS / "reference" / "errors.md").read_text("utf-8")
    for name, item in vars(ag.errors).items():
        if inspect.isclass(item) and issubclass(item, ag.errors.AlignmentGamesError):
            assert f".. autoclass:: {name}\n" in page


def options(parser: argparse.ArgumentParser) -> set[str]:
    found: set[str] = set()
    for action in parser._actions:
        found |= set(action.option_strings)
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                found |= {name} | options(child)
    return found - {"-h"}


def test_every_command_and_option_is_described() -> None:
    page = (DOCS / "reference" / "command-line.md").read_text("utf-8")
    for name in options(cli._parser()):
        assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", page), name


def test_the_commands_of_the_index_are_those_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = [block.removeprefix("$ ") for block in fences(DOCS / "index.md", "console")]
    assert shown == [body for name, body in FENCE.findall(readme) if name == "bash"]
