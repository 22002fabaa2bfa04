"""The command ``prove``: propositions and what became of them."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ParameterError
from .common import FORMATS

if TYPE_CHECKING:
    from ..symbolic import Attack, Proof, Proposition

    Result = tuple[Proposition, Proof, Attack | None]

__all__ = ["add_prove"]


def add_prove(commands: Any) -> None:
    """Add the command that proves propositions."""
    parser = commands.add_parser("prove", help="prove the propositions of the models, or refute")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="a proposition (F1.5-threat), an equation (F1.5), a theorem (P3) or a family (F1); "
        "all by default",
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="HYPOTHESIS",
        help="leave out a hypothesis of the one proposition that is named; may be repeated",
    )
    parser.add_argument(
        "--timeout",
        type=float,
        default=30.0,
        metavar="S",
        help="seconds for each question to z3 (default: %(default)g)",
    )
    parser.add_argument(
        "--attack", type=int, metavar="N", help="also try N random points that meet the hypotheses"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="S", help="of --attack (default: %(default)s)"
    )
    parser.add_argument(
        "--counterexample",
        type=Path,
        metavar="FILE",
        help="write the counterexample of the one proposition that is named as a scenario (.toml)",
    )
    parser.add_argument("--force", action="store_true", help="replace an existing file")
    parser.add_argument(
        "--format", choices=(*FORMATS, "markdown"), default="text", help="(default: %(default)s)"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress on a terminal")
    parser.set_defaults(run=_prove)


def _prove(options: argparse.Namespace) -> str:
    from ..symbolic import ProofStatus, proposition, propositions

    if not options.timeout > 0:
        msg = f"`--timeout` must be a positive number of seconds, got {options.timeout:g}"
        raise ParameterError(msg)
    if options.seed < 0:
        msg = f"`--seed` must be a whole number of at least 0, for example 1, got {options.seed}"
        raise ParameterError(msg)
    if options.attack is not None and options.attack < 1:
        msg = f"`--attack` must be a whole number of at least 1, got {options.attack}"
        raise ParameterError(msg)
    if options.without or options.counterexample is not None:
        if len(options.names) != 1:
            msg = (
                "`--without` and `--counterexample` need the name of one proposition, such as F1.4"
            )
            raise ParameterError(msg)
        chosen: tuple[Proposition, ...] = (
            proposition(options.names[0]).leave_out(*options.without),
        )
    else:
        chosen = propositions(*options.names)
    results = _results(chosen, options)
    if any(proof.status is not ProofStatus.PROVED for _, proof, _ in results):
        options.exit_status = 1
    written = _shown(results, options)
    if options.counterexample is not None:
        from ..analysis import write_counterexample

        ((own, proof, _),) = results
        path = write_counterexample(
            proof, options.counterexample, claim=own.label, overwrite=options.force
        )
        print(f"counterexample written; run: alignment-games report {path}", file=sys.stderr)
    return written


def _results(chosen: tuple[Proposition, ...], options: argparse.Namespace) -> list[Result]:
    from tqdm import tqdm

    from ..symbolic import attack

    silent = options.quiet or sys.stderr is None or not sys.stderr.isatty()
    results: list[Result] = []
    with tqdm(total=len(chosen), disable=silent, leave=False, delay=1) as bar:
        for own in chosen:
            bar.set_description(own.label)
            proof = own.prove(timeout=options.timeout)
            tried = None
            if options.attack is not None:
                tried = attack(own, options.attack, rng=options.seed)
            results.append((own, proof, tried))
            bar.update()
    return results


def _shown(results: list[Result], options: argparse.Namespace) -> str:
    if options.format == "json":
        entries = [_entry(*result) for result in results]
        return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
    from ..io.document import Block, Heading, Paragraph, to_html, to_latex, to_markdown, to_text
    from ..symbolic.propositions.document import proof_blocks, proof_table, theorem_table

    title = "Propositions"
    proved = [(own, proof) for own, proof, _ in results]
    blocks: list[Block] = [Heading(title, 1), *proof_table(proved)]
    if not options.names:
        blocks.append(theorem_table(proved))
    # On a terminal the table is what is asked for, unless propositions are named.
    if options.names or options.format != "text":
        for own, proof, tried in results:
            blocks += proof_blocks(own, proof)
            if tried is not None:
                blocks.append(Paragraph(f"{tried}."))
    elif options.attack is not None:
        blocks += [Paragraph(f"{tried}.") for _, _, tried in results]
    if options.format == "html":
        return to_html(blocks, title=title)
    if options.format == "latex":
        return to_latex(blocks, title=title)
    return to_markdown(blocks) if options.format == "markdown" else to_text(blocks)


def _entry(own: Proposition, proof: Proof, tried: Attack | None) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": own.name,
        "without": list(own.without),
        "title": own.title,
        "statement": own.statement,
        "part_of": list(own.part_of),
        "model": None if own.model is None else own.model.name,
        "hypotheses": [
            {
                "name": h.name,
                "words": h.words,
                "added": h.added,
                "condition": str(own.spelled_out(h.condition)),
            }
            for h in own.hypotheses
        ],
        "claim": str(proof.claim),
        "note": own.note,
        "status": proof.status.name.lower(),
        "method": proof.method,
        "reason": proof.reason,
        "seconds": round(proof.seconds, 3),
        "counterexample": _exact(proof.counterexample),
    }
    if tried is not None:
        entry["attack"] = {
            "drawn": tried.drawn,
            "met": tried.met,
            "suspects": tried.suspects,
            "counterexample": _exact(tried.counterexample),
        }
    return entry


def _exact(point: Any) -> dict[str, str] | None:
    return None if point is None else {name: str(value) for name, value in point.items()}
