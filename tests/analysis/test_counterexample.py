"""Counterexamples as scenarios that run."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.analysis import write_counterexample
from alignment_games.errors import ModelError, OutputError, ScenarioError
from alignment_games.symbolic import Proof, ProofStatus, proposition, prove, truth


def refuted(name: str, hypothesis: str) -> Proof:
    proof = proposition(name).leave_out(hypothesis).prove()
    assert proof.status is ProofStatus.REFUTED
    return proof


@pytest.mark.parametrize(
    ("name", "hypothesis"),
    [("F1.4", "exposed"), ("F1.8", "hedge-spared"), ("F1.7", "help"), ("P5-balance", "reliable")],
)
def test_a_counterexample_runs_and_is_one(tmp_path: Path, name: str, hypothesis: str) -> None:
    proof = refuted(name, hypothesis)
    path = write_counterexample(
        proof, tmp_path / "found.toml", claim=f"{name} without {hypothesis}"
    )
    scenario = ag.load_scenario(path)
    assert (scenario.name, scenario.title) == (
        "found", f"Counterexample to {name} without {hypothesis}",
    )  # fmt: skip
    assert proof.counterexample is not None
    assert dict(scenario) == {k: v for k, v in proof.counterexample.items() if k in scenario}
    assert ag.report(scenario).to_text()
    # What the file says is what refutes the claim, and every value says where it is from.
    point = {scenario.model.parameters[key].symbol: value for key, value in scenario.items()}
    free = set().union(*(f.free_symbols for f in (proof.claim, *proof.given)))
    point |= {s: proof.counterexample[s.name] for s in free if s.name in proof.counterexample}
    assert all(truth(condition, point) for condition in proof.given)
    assert not truth(proof.claim, point)
    assert all(entry.sources == ("proof",) for entry in scenario.entries.values())
    assert proof.method in scenario.sources["proof"].fields["title"]
    notes = {entry.note for entry in scenario.entries.values()}
    assert notes <= {"Where the claim fails.", "Not in the claim: middle of the usual range."}
    assert ("q = " in scenario.notes[-1].text) == any(str(s) == "q" for s in free)


def test_a_value_outside_its_usual_range_widens_it(tmp_path: Path) -> None:
    model = ag.models.alignment()
    stake = model.parameters["stake"].symbol
    proof = prove(stake <= 7, model=model)
    scenario = ag.load_scenario(write_counterexample(proof, tmp_path / "large.toml"))
    assert scenario["stake"] > 7
    assert scenario["stake"] in scenario.entries["stake"].range


def test_what_is_no_counterexample_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "none.toml"
    with pytest.raises(ModelError, match="must hold a counterexample, but its claim is proved"):
        write_counterexample(proposition("F1.1").prove(), target)
    with pytest.raises(ModelError, match="must be about a model"):
        write_counterexample(prove(sp.Symbol("x", real=True) > 0), target)
    proof = refuted("F1.7", "help")
    with pytest.raises(ScenarioError, match=r"`path` must end in \.toml"):
        write_counterexample(proof, tmp_path / "none.txt")
    assert proof.counterexample is not None
    long = {**proof.counterexample, "stake": Fraction(1, 10**70)}
    with pytest.raises(ScenarioError, match="`stake` has more than 60 digits"):
        write_counterexample(replace(proof, counterexample=long), target)
    assert not target.exists()


def test_a_file_is_replaced_only_on_demand(tmp_path: Path) -> None:
    proof = refuted("F1.7", "help")
    target = write_counterexample(proof, tmp_path / "a b.toml", claim='quotes " and \\ and \n')
    assert ag.load_scenario(target).name == "a-b"
    with pytest.raises(OutputError, match="exists"):
        write_counterexample(proof, target)
    assert write_counterexample(proof, target, overwrite=True) == target
