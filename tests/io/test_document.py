"""Documents in three formats: everything is escaped, nothing is lost."""

from __future__ import annotations

from html.parser import HTMLParser

import sympy as sp

from alignment_games.io.document import (
    Block,
    Bullets,
    Display,
    Formula,
    Heading,
    Paragraph,
    Table,
    to_html,
    to_latex,
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
    Display(sp.And(RHO < 1, sp.Eq(STAKE, RHO**2))),
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
