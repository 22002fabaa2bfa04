"""The bare import is light, and the frozen names are all there."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys

import pytest

import alignment_games as ag

HEAVY = {
    "flint",
    "h5py",
    "tqdm",
    "zarr",
    "numpy",
    "scipy",
    "sympy",
    "numba",
    "nashpy",
    "xarray",
    "matplotlib",
    "msgspec",
}

# The names that users meet. Changing this list is deliberate.
FROZEN = {
    "ag": {
        "ExtensiveGame",
        "NormalFormGame",
        "Scenario",
        "__version__",
        "analysis",
        "batch",
        "cite",
        "errors",
        "figures",
        "games",
        "io",
        "load_scenario",
        "models",
        "report",
        "scenarios",
        "solve",
        "solvers",
        "sweep",
        "symbolic",
        "verify",
    },
    "solvers": {
        "best_responses",
        "coarse_correlated",
        "correlated",
        "dominance",
        "lemke_howson",
        "markov_perfect",
        "nash",
        "p_dominance",
        "payoff_dominance",
        "potential",
        "pure_nash",
        "quantal",
        "rationalizable",
        "risk_dominance",
        "security_levels",
        "sequential",
        "solve",
        "subgame_perfect",
        "verify",
    },
    "models": {
        "alignment",
        "build_model",
        "build_parameter",
        "load_model",
        "model_document",
        "parse_condition",
        "parse_formula",
        "parse_model",
        "save_model",
    },
    "symbolic": {"dominance_condition"},
    "batch": {"BatchStatus", "solve_bimatrices", "sweep"},
    "figures": {"phase_map"},
    "io": {
        "format_efg",
        "format_nfg",
        "from_nashpy",
        "from_pygambit",
        "from_quantecon",
        "game_table",
        "parse_efg",
        "parse_nfg",
        "read_efg",
        "read_nfg",
        "solution_table",
        "to_nashpy",
        "to_pygambit",
        "to_quantecon",
        "write_efg",
        "write_nfg",
    },
}
PARAMETERS = [
    "autonomy_weight",
    "autonomy_balance",
    "autonomy_hedge",
    "autonomy_bandwagon",
    "economy_hegemon",
    "economy_patron",
    "market_retention_balance",
    "market_retention_bandwagon",
    "hedging_discount",
    "cost_balance",
    "cost_hedge",
    "cost_bandwagon",
    "coercion_success",
    "support_effect",
    "patron_reliability",
    "informal_support",
    "stake",
    "alignment_loss",
    "tilt",
    "friendship",
    "coercion_cost",
    "escalation_cost",
    "overrun_loss",
    "coercion_damage",
]


@pytest.mark.parametrize("module", ["alignment_games", "alignment_games.io"])
def test_bare_import_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, json, {module}; print(json.dumps(sorted(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = {name.split(".")[0] for name in json.loads(result.stdout)}
    assert not loaded & HEAVY


def test_bare_import_adds_few_modules() -> None:
    # A count in place of a time, which would depend on the machine: benchmarks/perf has that.
    code = (
        "import sys; before = set(sys.modules); import alignment_games; "
        "print(len(set(sys.modules) - before))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert int(result.stdout) < 40


def test_frozen_names() -> None:
    assert set(ag.__all__) == FROZEN["ag"]
    for name in FROZEN["ag"]:
        assert getattr(ag, name) is not None
    for room in ("solvers", "models", "symbolic", "figures", "io"):
        assert FROZEN[room] <= set(getattr(ag, room).__all__)
    assert set(ag.__all__) <= set(dir(ag))


def test_frozen_parameters_and_strategies() -> None:
    model = ag.models.alignment()
    assert tuple(model.parameters) == tuple(PARAMETERS)
    assert model.players == ("small_state", "hegemon")
    assert model.strategies == (("balance", "hedge", "bandwagon"), ("accommodate", "coerce"))


def test_frozen_report_attributes() -> None:
    report = ag.report(ag.load_scenario("vietnam"))
    for name in ("game", "simultaneous", "sequential", "verdict", "thresholds"):
        assert hasattr(report, name)


def test_unknown_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'solv'"):
        _ = ag.solv


@pytest.mark.parametrize(
    "room", ["analysis", "games", "io", "models", "scenarios", "solvers", "symbolic"]
)
def test_public_names_are_documented(room: str) -> None:
    module = getattr(ag, room)
    for name in module.__all__:
        item = getattr(module, name)
        if inspect.isfunction(item) or inspect.isclass(item):
            assert inspect.getdoc(item), f"{room}.{name}"


def test_games_from_arrays_need_no_symbols() -> None:
    code = (
        "import sys, json, alignment_games as ag; "
        "ag.batch.solve_bimatrices([[[1.0]]], [[[1.0]]]); print(json.dumps(sorted(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = {name.split(".")[0] for name in json.loads(result.stdout)}
    assert not loaded & {"sympy", "xarray", "h5py", "dask", "zarr"}
