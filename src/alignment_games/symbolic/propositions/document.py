"""Propositions and their proofs as documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy as sp

from ..._numeric import ratio_text
from ...io.document import Block, Bullets, Heading, Paragraph, Statement, Table
from ..proofs import Proof, ProofStatus
from .library import THEOREMS
from .record import Proposition

__all__ = ["proof_blocks", "proof_table", "proposition_blocks", "theorem_table"]


def proof_table(results: Sequence[tuple[Proposition, Proof]]) -> list[Block]:
    """Return a table of propositions with what became of them, and a count.

    Examples
    --------
    >>> import alignment_games as ag
    >>> from alignment_games.io.document import to_text
    >>> p = ag.symbolic.proposition("F1.1")
    >>> print(to_text(proof_table([(p, p.prove())])).splitlines()[-1])
    1 of 1 proved.
    """
    rows = tuple(
        (
            p.label,
            ", ".join(p.part_of),
            p.title,
            proof.status.name.lower(),
            proof.method,
            f"{proof.seconds:.2f}",
        )
        for p, proof in results
    )
    done = sum(proof.status is ProofStatus.PROVED for _, proof in results)
    return [
        Table(("name", "part of", "title", "status", "method", "seconds"), rows),
        Paragraph(f"{done} of {len(results)} proved."),
    ]


def theorem_table(results: Sequence[tuple[Proposition, Proof]]) -> Table:
    """Return a table of theorems with how many of their parts are proved.

    Examples
    --------
    >>> import alignment_games as ag
    >>> parts = ag.symbolic.propositions("P9")[:1]
    >>> theorem_table([(p, p.prove()) for p in parts]).rows
    (('P9', 'complementarity and tipping', '1 of 1'),)
    """
    rows = []
    for name, title in THEOREMS.items():
        parts = [proof.status is ProofStatus.PROVED for p, proof in results if name in p.part_of]
        if parts:
            rows.append((name, title, f"{sum(parts)} of {len(parts)}"))
    return Table(("theorem", "title", "parts proved"), tuple(rows))


def proposition_blocks(proposition: Proposition) -> list[Block]:
    """Return a proposition in words and in symbols.

    Examples
    --------
    >>> import alignment_games as ag
    >>> proposition_blocks(ag.symbolic.proposition("F1.7"))[0].text
    'F1.7. Deterrence threshold of balancing'
    """
    return list(_stated(proposition))


def proof_blocks(proposition: Proposition, proof: Proof) -> list[Block]:
    """Return a proposition with what became of it.

    Examples
    --------
    >>> import alignment_games as ag
    >>> p = ag.symbolic.proposition("F1.1")
    >>> proof_blocks(p, p.prove())[-1].text[:23]
    'Proved for all paramete'
    """
    return [*_stated(proposition), *_proved(proof)]


def _stated(proposition: Proposition) -> Iterator[Block]:
    yield Heading(f"{proposition.label}. {proposition.title}")
    yield Paragraph(proposition.statement)
    claim = proposition.claim
    # Implications and equivalences stand by themselves, on two lines each where they are long.
    joined = isinstance(claim, sp.And) and not all(part.is_Relational for part in claim.args)
    for k, part in enumerate(claim.args if joined else (claim,)):
        if k:
            yield Paragraph("and")
        yield Statement(part)
    if proposition.hypotheses:
        yield Paragraph("Provided that:")
        yield Bullets(
            tuple(
                f"{h.words} ({h.name})." + (f" Added: {h.added}" if h.added else "")
                for h in proposition.hypotheses
            )
        )
        yield Paragraph("In symbols")
        for h in proposition.hypotheses:
            yield Statement(h.condition)
    if proposition.definitions:
        yield Paragraph("Here")
        for symbol, value in proposition.definitions.items():
            yield Statement(sp.Eq(symbol, value, evaluate=False))
    if proposition.ranges:
        yield Paragraph("and the symbols that are no parameters of the model lie where")
        for condition in proposition.ranges:
            yield Statement(condition)
    if proposition.note:
        yield Paragraph(proposition.note)


def _proved(proof: Proof) -> Iterator[Block]:
    method = f" Method: {proof.method}. Seconds: {proof.seconds:.2f}."
    yield Paragraph(f"{proof.status.value} {proof.reason}".rstrip() + method)
    if proof.counterexample is not None:
        yield Paragraph("The part that is not true:")
        yield Statement(proof.claim)
        yield Table(
            ("counterexample", "value"),
            tuple((name, ratio_text(value)) for name, value in proof.counterexample.items()),
        )
