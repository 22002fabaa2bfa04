"""The library of propositions: each is proved, attacked, and false without any one hypothesis."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from html.parser import HTMLParser

import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.errors import ModelError, ParameterError
from alignment_games.io.document import to_html, to_latex, to_markdown, to_text
from alignment_games.symbolic import (
    THEOREMS,
    Hypothesis,
    Proof,
    ProofStatus,
    Proposition,
    attack,
    domain,
    proposition,
    propositions,
    truth,
)
from alignment_games.symbolic.identities import is_identity
from alignment_games.symbolic.propositions.document import proof_blocks

LIBRARY = propositions()
DROPPED = [(p, h.name) for p in LIBRARY for h in p.hypotheses]
MODEL = ag.models.alignment()
x, y = sp.symbols("x y", real=True)

NUMBERS = (
    *(f"F1.{k}" for k in range(1, 10)), "F2", "F3.1", "F3.2", "F3.3", "F3.5",
    *(f"F4{k}" for k in "abcde"),
    *(f"F5.{k}" for k in range(1, 5)), *(f"F6.{k}" for k in range(1, 6)), "F7",
    *(f"P{k}" for k in range(1, 13)),
)  # fmt: skip


def at(proof: Proof) -> dict[sp.Symbol, Fraction]:
    """The counterexample by symbol."""
    assert proof.counterexample is not None
    names = {} if proof.model is None else proof.model.parameters.symbols
    symbols = set().union(*(f.free_symbols for f in (proof.claim, *proof.given)))
    short = {symbol: name for name, symbol in names.items()}
    return {s: proof.counterexample[short.get(s, s.name)] for s in symbols}


@pytest.mark.parametrize("number", NUMBERS)
def test_every_statement_of_the_notes_is_there(number: str) -> None:
    assert propositions(number)


@pytest.mark.parametrize("own", LIBRARY, ids=lambda p: p.name)
def test_proved(own: Proposition) -> None:
    proof = own.prove(timeout=120)
    assert proof.status is ProofStatus.PROVED, str(proof)
    assert proof.counterexample is None
    by_algebra = [is_identity(own.spelled_out(part)) for part in sp.And.make_args(own.claim)]
    assert ("SymPy identity" in proof.method) == any(by_algebra)
    assert ("z3" in proof.method) == (not all(by_algebra) or "denominators" in proof.method)


@pytest.mark.parametrize(("own", "name"), DROPPED, ids=lambda v: getattr(v, "name", v))
def test_refuted_without_any_one_hypothesis(own: Proposition, name: str) -> None:
    weaker = own.leave_out(name)
    proof = weaker.prove(timeout=20)
    assert proof.status is ProofStatus.REFUTED, str(proof)
    # Judged here and not by the prover: the point is inside, meets what is left, and the claim
    # fails, so that the hypothesis that was left out fails as well.
    point = at(proof)
    assert all(truth(condition, point) for condition in proof.given)
    assert not truth(proof.claim, point)
    missing = next(h for h in own.hypotheses if h.name == name)
    condition = own.spelled_out(missing.condition)
    if condition.free_symbols <= set(point):
        assert not truth(condition, point)
    if proof.model is not None:
        symbols = proof.model.parameters.symbols
        inside = domain(proof.model, [s for s in point if s in symbols.values()])
        everywhere = point | {
            symbol: proof.counterexample[key]
            for key, symbol in symbols.items()
            if proof.counterexample is not None
        }
        assert all(truth(bound, everywhere) for bound in inside)


@pytest.mark.parametrize("own", LIBRARY, ids=lambda p: p.name)
def test_no_random_point_is_a_counterexample(own: Proposition) -> None:
    result = attack(own, 5_000, rng=20)
    assert result.counterexample is None
    # The hypotheses can be met, and are, so that the attack is not vacuous.
    assert result.met >= 5_000
    assert result.share > 0.004


@pytest.mark.slow
@pytest.mark.parametrize("own", LIBRARY, ids=lambda p: p.name)
def test_no_random_point_is_a_counterexample_at_full_size(own: Proposition) -> None:
    result = attack(own, 100_000, rng=21)
    assert result.counterexample is None
    assert result.met >= 100_000


def test_an_attack_finds_what_is_false() -> None:
    # Independently of z3: without a hypothesis nearly all are refuted by random points as well.
    found = 0
    for own, name in DROPPED:
        result = attack(own.leave_out(name), 5_000, rng=22)
        found += result.counterexample is not None
    assert found >= len(DROPPED) - 3


def test_an_attack_says_what_it_tried() -> None:
    result = attack(proposition("F7-before"), 100, rng=1)
    assert result.met >= 100
    assert str(result).startswith("F7-before: no counterexample at ")
    again = attack(proposition("F7-before"), 100, rng=1)
    assert (again.drawn, again.met) == (result.drawn, result.met)
    with pytest.raises(ParameterError, match="`points` must be an integer from 1"):
        attack(proposition("F7-before"), 0)


def test_an_attack_meets_equations_by_construction() -> None:
    equal = attack(proposition("F1.4-equal"), 5_000, rng=1)
    assert equal.share > 0.05
    # A false claim under the same hypothesis is found out exactly.
    own = proposition("F1.4-equal")
    false = Proposition(
        name="false", title="", statement="", claim=sp.Not(own.claim),
        hypotheses=own.hypotheses, definitions=own.definitions, ranges=own.ranges, model=own.model,
    )  # fmt: skip
    assert attack(false, 1_000, rng=1).counterexample is not None


def test_an_attack_takes_any_equation() -> None:
    # One that is linear in no symbol, one that divides, one that determines a symbol everywhere.
    assert attack(made(x >= -2, sp.Eq(x**2, y**2)), 1_000, rng=1).met > 0
    found = attack(made(x > 0, sp.Eq(x * y, 1)), 1_000, rng=1).counterexample
    assert found is not None
    assert found["x"] * found["y"] == 1
    result = attack(made(x <= 4, sp.Eq(x + y**3, y)), 1_000, rng=1)
    assert result.share == 1
    assert result.counterexample is not None


# Names


def test_names_select_equations_theorems_and_families() -> None:
    assert {p.name for p in propositions("F1.2")} == {"F1.2", "F1.2-mixed"}
    assert {p.name for p in propositions("P1")} == {"F1.2", "F1.2-mixed", "F1.8"}
    assert all(p.name.startswith("F6.") for p in propositions("F6"))
    assert propositions("F6") + propositions("F7") == propositions("F7", "F6")
    assert [p.name for p in propositions("F1.2-mixed")] == ["F1.2-mixed"]
    assert len({p.name for p in LIBRARY}) == len(LIBRARY)
    assert set(THEOREMS) == {name for p in LIBRARY for name in p.part_of}


@pytest.mark.parametrize("call", [propositions, proposition])
def test_an_unknown_name_is_answered_with_the_nearest(call: object) -> None:
    assert callable(call)
    with pytest.raises(ModelError, match=r"no proposition is named 'F1\.44'; did you mean 'F1\.4"):
        call("F1.44")


def test_leaving_out_an_unknown_hypothesis() -> None:
    with pytest.raises(ModelError, match=r"F1\.4 has no hypothesis 'exposure'; did you mean"):
        proposition("F1.4").leave_out("exposure")
    with pytest.raises(ModelError, match=r"F1\.1 has no hypothesis 'any'; it has no hypothesis"):
        proposition("F1.1").leave_out("any")
    both = proposition("F1.4-stakes").leave_out("threat", "helped")
    assert both.label == "F1.4-stakes without threat and helped"
    assert both.hypotheses == ()


def test_what_is_written_of_a_proposition() -> None:
    for own in LIBRARY:
        assert own.statement.endswith(".")
        assert own.title
        names = [h.name for h in own.hypotheses]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[a-z-]+", name) for name in names)
        if own.model is None:  # F3, F4 and P7 are about other models.
            assert ("no model yet" in own.note) != own.name.startswith(("F3", "F4", "P7"))
        # Nothing is left that only the proposition knows, and nothing is defined for nothing.
        known = set(MODEL.parameters.symbols.values()) if own.model is not None else set()
        assert not own.formula.free_symbols & set(own.definitions)
        if own.model is not None:
            assert own.formula.free_symbols & known


# Soundness of proving more than is claimed


def test_definitions_may_not_divide_or_assume() -> None:
    for symbol, value in ((sp.Symbol("r", real=True), 1 / x), (sp.Symbol("r", positive=True), x)):
        with pytest.raises(ModelError, match="must give polynomials to symbols that are real"):
            Proposition(
                name="n", title="t", statement="s.", claim=symbol > 0, definitions={symbol: value}
            )


def made(claim: sp.Basic, *conditions: sp.Basic, **definitions: sp.Expr) -> Proposition:
    return Proposition(
        name="made", title="Made up", statement="Made up.", claim=claim,
        hypotheses=tuple(
            Hypothesis(name=f"h{'i' * k}", words="made up", condition=c)
            for k, c in enumerate(conditions)
        ),
        definitions={sp.Symbol(n, real=True): value for n, value in definitions.items()},
    )  # fmt: skip


def test_what_is_false_in_general_may_be_true_of_what_is_defined() -> None:
    square = sp.Symbol("square", real=True)
    proof = made(square >= 0, square=x**2).prove()
    assert proof.status is ProofStatus.PROVED
    assert "more generally" not in proof.method
    assert proof.claim == (x**2 >= 0)
    proof = made(square + 1 > square, square=x**2).prove()
    assert proof.status is ProofStatus.PROVED
    refuted = made(square > 0, square=x**2).prove()
    assert refuted.status is ProofStatus.REFUTED
    assert refuted.counterexample == {"x": Fraction(0)}


def test_a_false_part_refutes_the_whole() -> None:
    own = made(sp.And(sp.Eq((x + y) ** 2, x**2 + 2 * x * y + y**2, evaluate=False), x > y))
    proof = own.prove()
    assert proof.status is ProofStatus.REFUTED
    assert proof.claim == (x > y)
    assert proof.counterexample is not None
    assert proof.counterexample["x"] <= proof.counterexample["y"]


def test_an_identity_with_a_denominator_that_can_vanish_is_refuted() -> None:
    claim = sp.Eq((x**2 - y**2) / (x - y), x + y, evaluate=False)
    proof = made(claim).prove()
    assert proof.status is ProofStatus.REFUTED
    guarded = made(claim, sp.Ne(x, y)).prove()
    assert guarded.status is ProofStatus.PROVED
    assert guarded.method.startswith("SymPy identity, denominators by z3")


def test_a_mistyped_closed_form_is_refuted() -> None:
    own = proposition("F1.7")
    wrong = own.claim.xreplace({MODEL.parameters["alignment_loss"].symbol: sp.Integer(0)})
    assert wrong != own.claim
    proof = Proposition(
        name="wrong", title="", statement="", claim=wrong, hypotheses=own.hypotheses,
        definitions=own.definitions, model=own.model,
    ).prove()  # fmt: skip
    assert proof.status is ProofStatus.REFUTED


# Against solved games


def test_the_eight_worlds_are_those_of_solved_games() -> None:
    short = {p.symbol: name for name, p in MODEL.parameters.items()}
    usual = {
        name: (p.usual.lower + (p.usual.upper or 0)) / 2 for name, p in MODEL.parameters.items()
    }
    seen = set()
    for part in sp.And.make_args(proposition("F1.9").claim):
        here, _ = part.args
        values = usual | {
            short[equation.lhs]: Fraction(equation.rhs.p, equation.rhs.q) for equation in here.args
        }
        game = MODEL.game(values)
        seen.add(
            tuple(
                game.payoff("hegemon", a, "coerce") > game.payoff("hegemon", a, "accommodate")
                for a in MODEL.strategies[0]
            )
        )
    assert len(seen) == 8


def test_two_stakes_explain_the_ukrainian_case() -> None:
    ukraine = ag.load_scenario("ukraine")
    for stake, path in ((Fraction(9, 20), ("hedge", "accommodate")), (Fraction(4, 5), None)):
        here = ukraine.replace(stake=stake)
        game = MODEL.game(here)
        assert [eq.path for eq in ag.solve(game).equilibria] == [("balance", "coerce")]
        renounced = ag.solve(game.without("small_state", "balance")).equilibria
        assert [eq.path for eq in renounced] == [path or ("hedge", "coerce")]


# Documents


class Tags(HTMLParser):
    """Collects tags and complains about any that is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.seen.add(tag)
        if tag not in {"meta", "none"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def shown() -> Iterator[tuple[Proposition, Proof]]:
    for own in (proposition("F1.1"), proposition("F3.3"), proposition("F1.7").leave_out("help")):
        yield own, own.prove()


def test_documents_of_proofs() -> None:
    for own, proof in shown():
        blocks = proof_blocks(own, proof)
        text = to_text(blocks)
        assert own.label in text
        assert own.statement in " ".join(text.split())
        assert proof.status.value in text
        assert "Equivalent(" not in text
        latex = to_latex(blocks, title=own.label)
        assert latex.count(r"\begin{") == latex.count(r"\end{")
        assert latex.count("{") - latex.count(r"\{") == latex.count("}") - latex.count(r"\}")
        tags = Tags()
        tags.feed(to_html(blocks, title=own.label))
        assert not tags.open
        assert "math" in tags.seen
        assert "$$" in to_markdown(blocks)
        assert str(own) in text
        assert {"F1.1": "=", "F3.3": "⇔", "F1.7": "⇔"}[own.name] in own.pretty()
        assert own._repr_html_().startswith("<!doctype html>")
        assert own.latex().count(r"\left") == own.latex().count(r"\right") + own.latex().count(
            r"\leftarrow"
        )
    assert "counterexample" in text


def test_a_statement_has_its_hypotheses_and_ranges() -> None:
    own = ag.symbolic.proposition("F1.5-threat")
    rows = own.latex().splitlines()
    assert rows[2:5] == [
        r"&\quad\text{if } q \leq 1 \\",
        r"&\quad\text{and } \delta q > 0 \\",
        r"&\quad\text{and } L + Y_{B} > \eta \left(L + Y_{H}\right) \\",
    ]
    assert rows[-1] == r"\end{aligned}"
    assert not rows[-2].endswith(r"\\")
    text = str(own)
    assert "delta*q > 0" in text.partition("In symbols")[2]
    # Turned so that no minus sign leads.
    assert "    (l0*(Y_H - Y_B)" in text
    joined = str(ag.symbolic.proposition("F1.2"))
    assert "\n\nand\n\n" in joined
