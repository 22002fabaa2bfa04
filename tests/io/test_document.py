"""Documents in four formats: everything is escaped, nothing is lost."""

from __future__ import annotations

from html.parser import HTMLParser

import sympy as sp

from alignment_games.io.document import (
    Block,
    Bullets,
    Formula,
    Heading,
    Paragraph,
    Statement,
    Table,
    to_html,
    to_latex,
    to_markdown,
    to_text,
)

HOSTILE = "<script>alert(1)</script> & 100% of $x_1$ #{~^\\}"
RHO, STAKE = sp.symbols("rho V")
BLOCKS: list[Block] = [
    Heading(HOSTILE, 1),
    Heading("Second"),
    Paragraph(HOSTILE),
    Bullets((HOSTILE, "plain")),
    Table(("name", "value"), ((HOSTILE, "-1.5"), ("b", "2e-07"))),
    Formula(RHO * STAKE, "<", STAKE + 1, ("0.2", "1.4")),
]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        assert attrs is not None

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_escapes_text() -> None:
    reader = _Reader()
    reader.feed(to_html(BLOCKS, title=HOSTILE))
    assert "script" not in reader.tags
    assert reader.text.count(HOSTILE) == 5  # title, heading, paragraph, item, cell
    assert {"math", "table", "ul", "h1", "h2"} <= set(reader.tags)


def test_latex_escapes_text() -> None:
    source = to_latex(BLOCKS, title=HOSTILE)
    escaped = (
        r"$<$script$>$alert(1)$<$/script$>$ \& 100\% of "
        r"\$x\_\allowbreak{}1\$ \#\{\textasciitilde{}\textasciicircum{}\textbackslash{}\}"
    )
    assert source.count(escaped) == 4  # title, paragraph, item, cell
    assert "V \\rho\n&< V + 1" in source
    assert "$-$1.5" in source


def test_text_keeps_words_and_aligns_numbers() -> None:
    text = to_text(BLOCKS)
    assert text.startswith(HOSTILE + "\n" + "=" * len(HOSTILE))
    assert "0.2  <  1.4" in text
    row = next(line for line in text.splitlines() if line.startswith("b "))
    assert row.endswith("2e-07")


CONDITION = sp.Equivalent(RHO < STAKE, sp.And(sp.Eq(RHO, 1), STAKE >= 2))


def test_a_statement_reads_as_a_condition() -> None:
    text = to_text([Statement(CONDITION)])
    assert " <=> " in text
    assert "rho = 1" in text
    assert to_text([Statement(sp.Implies(RHO > 0, STAKE > 0))]) == "    rho > 0 => V > 0\n"
    reader = _Reader()
    reader.feed(to_html([Statement(CONDITION)], title="t"))
    assert "math" in reader.tags
    assert "<mo><</mo>" not in to_html([Statement(CONDITION)], title="t")
    assert r"\Leftrightarrow" in to_latex([Statement(CONDITION)], title="t")


def test_a_long_statement_takes_two_lines_of_latex() -> None:
    long = sp.Equivalent(sum(sp.symbols("a:30")) > 0, sum(sp.symbols("b:30")) > 0)
    source = to_latex([Statement(long)], title="t")
    assert source.count("\\\\\n&\\Leftrightarrow\\quad") == 1
    assert to_latex([Statement(RHO > 0)], title="t").count("\\Leftrightarrow") == 0


def test_markdown_escapes_text() -> None:
    source = to_markdown([*BLOCKS, Statement(CONDITION)])
    assert "<script>" not in source
    assert source.startswith("# ")
    assert "| name | value |\n| --- | ---: |\n" in source
    assert source.count("$$") == 4
    assert "$x_1$" not in source
