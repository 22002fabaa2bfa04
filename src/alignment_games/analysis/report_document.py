"""A report as a document of headings, sentences, tables and formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from .._numeric import decimal_text
from ..games import ExtensiveGame
from ..io.document import Block, Bullets, Formula, Heading, Paragraph, Table
from ..solvers import Equilibrium, Solution
from .counterfactual import Span
from .flips import Flip, Outcomes, Timing, posture_sets
from .inequalities import Inequality
from .report import Report

__all__ = ["report_blocks"]


def report_blocks(report: Report) -> list[Block]:
    """Return the report as blocks, in the order in which it is read."""
    scenario = report.scenario
    blocks: list[Block] = [
        Heading(scenario.title, 1),
        Paragraph(scenario.summary.strip()),
        *_verdict(report),
        *_reasons(report),
        *_payoffs(report),
        *_equilibria(report),
        *_dominance(report),
        *_flips(report),
        *_belief(report),
        *_commitment(report),
        *_numbers(report),
    ]
    return [block for block in blocks if block != Paragraph("")]


def _name(report: Report, player: str) -> str:
    return report.scenario.actors.get(player, player)


def _verdict(report: Report) -> Iterator[Block]:
    yield Heading("Verdict")
    yield Paragraph(_headline(report))
    yield Bullets(
        tuple(
            f"{game}: {claim.text}"
            for game, claims in (
                ("Simultaneous game", report.verdict.simultaneous),
                ("Sequential game", report.verdict.sequential),
            )
            for claim in claims
        )
    )


def _headline(report: Report) -> str:
    sentences = []
    for solution in (report.simultaneous, report.sequential):
        paths = {eq.path for eq in solution.equilibria if eq.is_pure}
        if len(paths) == 1 and all(eq.is_pure for eq in solution.equilibria):
            posture, answer = next(iter(paths))
            sentences.append(
                f"{_name(report, 'small_state')} {posture}s and {_name(report, 'hegemon')} "
                f"{answer}s"
            )
        elif len(solution.equilibria) == 1:
            sentences.append("both sides mix their strategies")
        else:
            sentences.append("there are several equilibria")
    at_once, observed = sentences
    if at_once == observed:
        headline = f"{_capital(at_once)}, whether the posture is observed first or not."
    else:
        headline = (
            f"If both choose at once, {at_once}. If the posture is observed first, {observed}."
        )
    if report.belief is not None:
        ends = " or ".join(
            f"{o.posture}s and {_name(report, 'hegemon')} {o.actual}s"
            for o in report.belief.outcomes
        )
        headline += (
            f" Acting on its belief, {_name(report, 'small_state')} {ends}: a regret "
            f"{'of ' if report.belief.regret.unique else ''}{_span(report.belief.regret)}."
        )
    return headline


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def _reasons(report: Report) -> Iterator[Block]:
    yield Heading("What decides it")
    if report.sequential_inequalities:
        first, *others = report.sequential_inequalities
        yield Paragraph(
            "Sequential game. The posture rests on the following; it changes if any one is "
            "reversed. The tightest, relative to its size, decides: " + _sentence(report, first)
        )
        yield _formula(first)
        if others:
            yield Bullets(tuple(_capital(_sentence(report, i)) for i in others))
    else:
        yield Paragraph(
            "Sequential game. Several postures are tied, so no single inequality decides."
        )
    equilibria = report.simultaneous.equilibria
    for eq, own in zip(equilibria, report.simultaneous_inequalities, strict=True):
        if len(equilibria) == 1:
            known = {frozenset((i.comparison.left, i.comparison.right)) for i in own}
            extra = [
                i
                for i in report.uniqueness_inequalities
                if frozenset((i.comparison.left, i.comparison.right)) not in known
            ]
            first, *others = sorted((*own, *extra), key=lambda i: i.margin)
            opening = (
                f"Simultaneous game. That {_equilibrium_text(eq)} is the only equilibrium rests "
                "on the following; it changes if any one is reversed. The tightest decides: "
            )
        else:
            first, *others = own
            opening = (
                f"Simultaneous game. That {_equilibrium_text(eq)} is one of the equilibria rests "
                "on the following, the tightest first: "
            )
        yield Paragraph(opening + _sentence(report, first))
        yield _formula(first)
        if others:
            yield Bullets(tuple(_capital(_sentence(report, i)) for i in others))


def _sentence(report: Report, inequality: Inequality) -> str:
    words = inequality.meaning.replace(
        "the small state's", f"{_name(report, 'small_state')}'s"
    ).replace("the hegemon's", f"{_name(report, 'hegemon')}'s")
    return (
        f"{words}: {decimal_text(inequality.left)} {inequality.relation} "
        f"{decimal_text(inequality.right)}."
    )


def _formula(inequality: Inequality) -> Formula:
    return Formula(
        inequality.comparison.left,
        inequality.relation,
        inequality.comparison.right,
        (decimal_text(inequality.left), decimal_text(inequality.right)),
    )


def _payoffs(report: Report) -> Iterator[Block]:
    game = report.game
    small, hegemon = (_name(report, who) for who in game.players)
    yield Heading("Payoffs")
    yield Paragraph(f"Rows: {small}; columns: {hegemon}. Each cell: {small}'s payoff, {hegemon}'s.")
    yield Table(
        ("", *(_capital(answer) for answer in game.strategies[1])),
        tuple(
            (
                _capital(posture),
                *(
                    ", ".join(
                        decimal_text(game.payoff(who, posture, answer)) for who in game.players
                    )
                    for answer in game.strategies[1]
                ),
            )
            for posture in game.strategies[0]
        ),
    )


def _equilibria(report: Report) -> Iterator[Block]:
    yield Heading("Equilibria")
    rows = [
        (
            game,
            _equilibrium_text(eq),
            ", ".join(decimal_text(u) for u in eq.payoffs),
            ", ".join(decimal_text(r) for r in eq.regret),
        )
        for game, solution in (
            ("simultaneous", report.simultaneous),
            ("sequential", report.sequential),
        )
        for eq in solution.equilibria
    ]
    yield Table(("game", "equilibrium", "payoffs", "regret"), tuple(rows))
    yield Bullets(
        tuple(
            f"{game}: {_status(solution)}"
            for game, solution in (
                ("Simultaneous", report.simultaneous),
                ("Sequential", report.sequential),
            )
        )
    )


def _status(solution: Solution) -> str:
    text = f"{solution.method}, {solution.concept}. {solution.message}"
    if solution.components and solution.degenerate:
        sizes = ", ".join(
            str(subset.dimension) for part in solution.components for subset in part.subsets
        )
        indices = ", ".join(str(part.index) for part in solution.components)
        text += (
            " Some equilibria are degenerate: they form maximal sets of dimension "
            f"{sizes}, spanned by the extreme ones listed, in connected components of index "
            f"{indices}."
        )
    elif solution.degenerate:
        text += (
            " A player is indifferent somewhere; mixtures of tied choices can be equilibria too."
        )
    return text


def _equilibrium_text(equilibrium: Equilibrium) -> str:
    parts = []
    for names, vector in zip(equilibrium.game.actions, equilibrium.profile, strict=True):
        used = [(name, p) for name, p in zip(names, vector, strict=True) if p]
        parts.append(
            _capital(used[0][0])
            if len(used) == 1
            else " + ".join(f"{decimal_text(p, 4)} {_capital(name)}" for name, p in used)
        )
    game = equilibrium.game
    if not isinstance(game, ExtensiveGame):
        return f"({', '.join(parts)})"
    plans = ", ".join(
        f"{part} after {history[-1]}"
        for part, history in zip(parts[1:], game.histories[1:], strict=True)
    )
    return f"{parts[0]}; {plans}"


def _dominance(report: Report) -> Iterator[Block]:
    yield Heading("Dominance")
    tests = report.dominance_tests
    if tests:
        posture = tests[0].posture
        yield Paragraph(
            f"{_capital(posture)} strictly dominates another posture where its advantage in peace "
            "exceeds max(0, its extra exposure to coercion) (F1.2)."
        )
        yield Table(
            ("over", "advantage in peace", "max(0, extra exposure)", "dominates"),
            tuple(
                (
                    _capital(t.over),
                    decimal_text(t.advantage),
                    decimal_text(t.threshold),
                    "yes" if t.holds else "no",
                )
                for t in tests
            ),
        )
    trace = report.elimination.trace
    if trace:
        yield Paragraph("Iterated elimination of strictly dominated strategies:")
        yield Bullets(
            tuple(
                _capital(str(step).replace(step.player, _name(report, step.player), 1))
                for step in trace
            )
        )
    else:
        yield Paragraph("No strategy is strictly dominated, even by a mixture.")


def _flips(report: Report) -> Iterator[Block]:
    hegemon = _name(report, "hegemon")
    yield Heading("How far from flipping")
    yield Paragraph(
        "For each parameter the nearest value at which the posture changes, all others held "
        "fixed, what is played beyond it, and whether it lies inside the stated range. The last "
        f"column is the nearest value at which the posture or {hegemon}'s answer to it changes, "
        "where that is nearer. Nearest first, relative to the width of the range. Market shares "
        "are varied one at a time, too, and then no longer sum to 1."
    )
    for timing in (Timing.SEQUENTIAL, Timing.SIMULTANEOUS):
        pairs = [
            (posture, outcome)
            for posture, outcome in zip(report.thresholds, report.outcome_thresholds, strict=True)
            if posture.timing is timing and outcome.value is not None
        ]
        still = [
            f.parameter for f in report.outcome_thresholds if f.timing is timing and f.value is None
        ]
        yield Heading(f"{_capital(timing.value)} game", 3)
        yield Table(
            ("parameter", "now", "flips at", "to", "stated range", "inside", "answer changes at"),
            tuple(_flip_row(*pair) for pair in sorted(pairs, key=_relative_distance)),
        )
        if still:
            yield Paragraph(f"No change anywhere in the domain: {', '.join(still)}.")


def _flip_row(posture: Flip, outcome: Flip) -> tuple[str, ...]:
    if posture.value is None:
        flip = ("-", "-", str(posture.range), "-")
    else:
        inside = "yes" if posture.inside_range else "no"
        flip = (
            decimal_text(posture.value), _outcomes(posture.after), str(posture.range), inside
        )  # fmt: skip
    nearer = outcome.value if outcome.value != posture.value else None
    return (posture.parameter, decimal_text(posture.current), *flip, decimal_text(nearer))


def _relative_distance(pair: tuple[Flip, Flip]) -> tuple[bool, Fraction]:
    flip = pair[0] if pair[0].value is not None else pair[1]
    upper = flip.range.upper
    width = Fraction(0) if upper is None else upper - flip.range.lower
    return pair[0].value is None, (flip.distance or Fraction(0)) / (width or 1)


def _outcomes(outcomes: Outcomes) -> str:
    return " or ".join(
        f"{'+'.join(posture)} ({answer[0] if len(answer) == 1 else 'mixed'})"
        for posture, answer in sorted(outcomes)
    )


def _belief(report: Report) -> Iterator[Block]:
    belief, scenario = report.belief, report.scenario
    if belief is None:
        return
    small, hegemon = (_name(report, who) for who in report.game.players)
    yield Heading("Belief and truth")
    perceived = ", ".join(
        f"{name} = {decimal_text(entry.value)} (true: {decimal_text(scenario[name])})"
        for name, entry in scenario.perceived.items()
    )
    yield Paragraph(f"{small} believes {perceived}.")
    rows = tuple(
        (
            _capital(o.posture),
            _capital(o.expected),
            decimal_text(o.believed_payoff),
            _capital(o.actual),
            decimal_text(o.true_payoff),
        )
        for o in belief.outcomes
    )
    yield Table(
        (
            "chosen under belief",
            f"{hegemon} expected to",
            "payoff expected",
            "under truth",
            "payoff",
        ),
        rows,
    )
    simultaneous = "; ".join(_equilibrium_text(eq) for eq in belief.simultaneous.equilibria)
    yield Bullets(
        (
            f"Equilibrium of the simultaneous game under belief: {simultaneous}.",
            f"Regret against the best posture under truth: {_span(belief.regret)}.",
            *(
                f"No other belief about {f.parameter} alone changes the believed posture."
                if f.value is None
                else f"The believed posture flips to {_postures(f)} at {f.parameter} = "
                f"{decimal_text(f.value)}, {'inside' if f.inside_range else 'outside'} the stated "
                f"range {f.range} of the belief."
                for f in report.belief_thresholds
            ),
        )
    )


def _postures(flip: Flip) -> str:
    return " or ".join("+".join(own) for own in sorted(posture_sets(flip.after)))


def _commitment(report: Report) -> Iterator[Block]:
    c = report.commitment
    yield Heading(f"Value of giving up the right to {c.renounced}")
    yield Bullets(
        (
            f"Simultaneous game: {_span(c.value)}. Sequential game: {_span(c.sequential_value)}.",
            *(f"{_capital(text)}: {'yes' if met else 'no'}." for text, met in c.conditions),
            _conclusion(report),
        )
    )


def _conclusion(report: Report) -> str:
    c = report.commitment
    if c.holds:
        return (
            "All five conditions hold (F7): the commitment pays. To be believed it needs a cost "
            f"of breach above {decimal_text(c.breach_cost_sustains)} so that "
            f"({_capital(c.instead)}, Accommodate) is an equilibrium, and above "
            f"{decimal_text(c.breach_cost_dominates)} so that {c.renounced} is worse than "
            f"{c.instead} whatever {_name(report, 'hegemon')} does."
        )
    if c.value.lowest > 0:
        effect = "yet the commitment pays"
    elif c.value.highest < 0:
        effect = "and the commitment costs"
    elif c.value.lowest == c.value.highest:
        effect = "and the commitment is worth nothing"
    else:
        effect = "and the commitment may gain or lose, by the equilibrium that is played"
    return f"Not all five conditions hold (F7), {effect}."


def _span(span: Span) -> str:
    if span.unique:
        return decimal_text(span.lowest)
    return f"from {decimal_text(span.lowest)} to {decimal_text(span.highest)}"


def _numbers(report: Report) -> Iterator[Block]:
    scenario = report.scenario
    parameters = scenario.model.parameters
    yield Heading("Numbers")
    yield Table(
        ("parameter", "symbol", "value", "stated range", "status", "sources"),
        tuple(
            (
                name,
                str(parameters[name].symbol),
                decimal_text(entry.value),
                str(entry.range),
                "set by the user" if entry.overridden else entry.status.value,
                ", ".join(entry.sources),
            )
            for name, entry in scenario.entries.items()
        ),
    )
    if report.remarks:
        yield Bullets(report.remarks)
    if scenario.notes:
        yield Heading("Notes")
        yield Bullets(
            tuple(_cited(" ".join(note.text.split()), note.sources) for note in scenario.notes)
        )
    if scenario.sources:
        yield Heading("Sources")
        yield Bullets(tuple(f"[{key}] {source}" for key, source in scenario.sources.items()))


def _cited(text: str, keys: Iterable[str]) -> str:
    tail = ", ".join(keys)
    return f"{text} [{tail}]" if tail else text
