"""The command line: what a scholar types, and one clear line for every mistake."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import alignment_games as ag
from alignment_games.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_report_vietnam(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "report", "vietnam")
    assert (code, err) == (0, "")
    assert "Vietnam hedges and China accommodates" in out
    assert "(Hedge, Accommodate) is the unique equilibrium." in out
    assert "Hedge is the unique subgame-perfect posture." in out
    assert "strictly dominant." not in out


def test_set_changes_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "report", "vietnam", "--set", "stake=0.6")
    words = " ".join(out.split())
    assert "If both choose at once, Vietnam balances and China coerces." in words
    assert "If the posture is observed first, Vietnam bandwagons and China accommodates." in words
    _, out, _ = run(
        capsys, "report", "ukraine", "--set", "perceived.patron_reliability=3/7", "--format", "json"
    )
    assert json.loads(out)["belief"]["perceived"] == {"patron_reliability": 3 / 7}


@pytest.mark.parametrize("name", ag.scenarios.scenario_names())
def test_json_agrees_with_the_report(capsys: pytest.CaptureFixture[str], name: str) -> None:
    _, out, _ = run(capsys, "report", name, "--format", "json")
    data = json.loads(out)
    report = ag.report(ag.load_scenario(name))
    assert data == json.loads(report.to_json())
    assert data["verdict"]["posture"] == report.verdict.posture
    assert len(data["thresholds"]) == 2 * len(report.scenario)
    assert data["simultaneous"]["status"] == "complete"


@pytest.mark.parametrize(("name", "start"), [("html", "<!doctype html>"), ("latex", "\\document")])
def test_output_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, start: str
) -> None:
    target = tmp_path / "report.out"
    code, out, _ = run(capsys, "report", "ukraine", "--format", name, "-o", str(target))
    assert code == 0
    assert out.strip() == str(target)
    assert target.read_text("utf-8").startswith(start)


def test_scenarios(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    _, out, _ = run(capsys, "scenarios", "list")
    assert [line.split()[0] for line in out.splitlines()] == list(ag.scenarios.scenario_names())
    own = tmp_path / "mine.toml"
    code, out, _ = run(capsys, "scenarios", "new", str(own), "--from", "vietnam")
    assert code == 0
    assert str(own) in out
    assert run(capsys, "report", str(own))[0] == 0
    assert run(capsys, "scenarios", "new", str(own))[0] == 2
    assert run(capsys, "scenarios", "new", str(own), "--force")[0] == 0


def test_figures(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = run(capsys, "figures", "--only", "phase-map", "--out", str(tmp_path / "a/b"))
    assert code == 0
    assert [Path(line).name for line in out.splitlines()] == ["phase-map.pdf", "phase-map.png"]
    assert all(Path(line).stat().st_size > 10_000 for line in out.splitlines())


def test_figures_from_fewer_points(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for name, options in (("quick", ["--quick"]), ("full", [])):
        only = ("figures", "--only", "payoff-sets", "--out", str(tmp_path / name))
        assert run(capsys, *only, *options)[0] == 0
    ag.figures.draw("payoff-sets", tmp_path / "python", quick=True)
    quick, full, python = (
        (tmp_path / name / "payoff-sets.png").read_bytes() for name in ("quick", "full", "python")
    )
    assert quick == python != full


def test_conditions(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """What is printed is what Python returns; the threshold of the hedge is V_H of F9."""
    report = ag.symbolic.condition_report(
        ag.models.alignment(), "coerce", over="accommodate", against="hedge",
        solve_for="stake", values=ag.load_scenario("vietnam"),
    )  # fmt: skip
    asked = (
        "condition", "coerce", "--over", "accommodate", "--against", "hedge",
        "--solve-for", "stake", "--at", "vietnam",
    )  # fmt: skip
    for option, expected in {
        "text": report.to_text(),
        "unicode": report.to_text(pretty=True),
        "latex": report.to_latex(),
        "html": report.to_html(),
        "json": report.to_json(),
    }.items():
        assert run(capsys, *asked, "--format", option) == (0, expected, "")
    assert run(capsys, *asked, "--latex") == (0, report.to_latex(), "")
    assert "V in (119/215, inf)" in report.to_text()
    target = tmp_path / "condition.tex"
    code, out, _ = run(capsys, *asked, "--latex", "-o", str(target))
    assert (code, out) == (0, f"{target}\n")
    assert target.read_text("utf-8") == report.to_latex()
    mixed = run(
        capsys, "condition", "hedge", "--over", "balance", "--against",
        "accommodate=0.25,coerce=3/4", "--full",
    )[1]  # fmt: skip
    assert "accommodate with probability 1/4 and coerce with probability 3/4" in mixed
    assert "Y_" not in mixed


def test_conditions_of_a_model_in_a_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    model = ag.models.build_model(
        "duel",
        players={"one": ("wait", "fire"), "other": ("stand",)},
        parameters={"prize": (0, None), "risk": (0, 1)},
        payoffs={("wait", "stand"): ("0", "0"), ("fire", "stand"): ("prize*(1 - risk)", "0")},
    )
    path = tmp_path / "duel.toml"
    ag.models.save_model(model, path)
    code, out, _ = run(capsys, "condition", "fire", "--over", "wait", "--model", str(path))
    assert code == 0
    assert "risk < 1 and prize > 0" in out
    assert "prize > 0" in out


def test_regions(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("regions", "vietnam", "--precision", "1/128", "--set", "stake=0.6")
    axes = ("--x", "tilt=0:1", "--y", "patron_reliability=0:1")
    code, out, err = run(capsys, *arguments, *axes, "--format", "json")
    assert (code, err) == (0, "")
    case = ag.load_scenario("vietnam").replace(stake=0.6)
    found = ag.analysis.phase_regions(
        case, x=("tilt", 0, 1), y=("patron_reliability", 0, 1), precision=1 / 128
    )
    assert json.loads(out) == json.loads(json.dumps(found.to_dict()))
    assert run(capsys, *arguments, *axes)[1] == f"{found}\n"
    _, out, _ = run(capsys, *arguments, "--max-cells", "64", "--outputs", "equilibria")
    assert "Stopped at max_cells = 64" in out
    assert "equilibria  share of the map" in out


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (
            ("robustness", "--prior", "both-free", "--points", "500", "--posture", "balance"),
            lambda: ag.analysis.prior_robustness(
                ag.models.alignment(), "both-free", posture="balance", points=500, rng=1
            ),
        ),
        (
            ("sensitivity", "--points", "128", "--claim", "dominant", "--confidence", "0.8"),
            lambda: ag.analysis.sensitivity(
                ag.models.alignment(), claim="dominant", points=128, rng=1, confidence=0.8
            ),
        ),
        (
            ("identify", "--points", "500"),
            lambda: ag.analysis.identification_table(ag.models.alignment(), points=500, rng=1),
        ),
        (
            ("identify", "--points", "500", "--scheme", "all-free"),
            lambda: ag.analysis.counterfactual_share(
                ag.models.alignment(), scheme="all-free", points=500, rng=1
            ),
        ),
        (
            ("swap", "vietnam", "ukraine-dual-hedge", "--points", "100"),
            lambda: ag.analysis.swap(
                ag.load_scenario("vietnam"),
                ag.load_scenario("ukraine-dual-hedge"),
                points=100,
                rng=1,
            ),
        ),
    ],
    ids=["robustness", "sensitivity", "identify", "identify one", "swap"],
)
def test_analyses_print_what_python_returns(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], result: Callable[[], Any]
) -> None:
    wanted = result()
    assert run(capsys, *arguments, "--seed", "1") == (0, f"{wanted}\n", "")
    code, out, _ = run(capsys, *arguments, "--seed", "1", "--format", "json")
    assert code == 0
    assert json.loads(out) == wanted.to_dict()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("regions", "vietnam", "--x", "tilt=0"), "an axis needs NAME=LOWER:UPPER"),
        (("regions", "vietnam", "--x", "tlt=0:1"), "did you mean 'tilt'?"),
        (("regions", "vietnam", "--precision", "fine"), "`--precision`: a decimal such as 0.7"),
        (("regions", "vietnam", "--precision", "0"), "from 1e-9 to 0.5"),
        (("regions", "vietnam", "--outputs", "payoff"), "leave out those that are numbers"),
        (("report", "vietnm"), "did you mean 'vietnam'?"),
        (("report", "none.toml"), "does not exist"),
        (("report", "vietnam", "--set", "stakes=1"), "did you mean 'stake'?"),
        (("report", "vietnam", "--set", "stake"), "NAME=VALUE"),
        (("report", "vietnam", "--set", "stake="), "a decimal such as 0.7"),
        (("report", "vietnam", "--set", "stake=0.1", "--set", "stake=0.2"), "twice"),
        (("report", "vietnam", "--set", "stake=nan"), "a decimal such as 0.7"),
        (("report", "vietnam", "--set", "stake=inf"), "a decimal such as 0.7"),
        (("report", "vietnam", "--set", "stake=1e9999"), "between 1e-300 and 1e300"),
        (("report", "vietnam", "--set", "stake=-1"), "[0, inf)"),
        (("report", "vietnam", "--set", "patron_reliability=1.2"), "[0, 1]"),
        (("report", "vietnam", "--set", "support_effect=0.95"), "must not exceed"),
        (("report", "vietnam", "--set", "perceived.stake=1"), "no perceived"),
        (("figures", "--only", "phse-map", "--out", "x"), "did you mean 'phase-map'?"),
        (("robustness", "--prior", "bse"), "did you mean 'base'?"),
        (("robustness", "--points", "0"), "from 1 to"),
        (("robustness", "--seed", "-1"), "`--seed` must be a whole number of at least 0"),
        (("swap", "vietnam", "ukraine", "--seed", "-1"), "`--seed` must be"),
        (("robustness", "--confidence", "95"), "`--confidence` must be a number between 0 and 1"),
        (("robustness", "--confidence", "nan"), "`--confidence` must be a number between 0 and 1"),
        (("sensitivity", "--claim", "chozen"), "did you mean 'chosen'?"),
        (("identify", "--scheme", "stake-fre"), "did you mean 'stake-free'?"),
        (("identify", "--posture", "hegde"), "did you mean 'hedge'?"),
        (("swap", "vietnam", "vietnam"), "the same case was given twice, 'vietnam'"),
        (("condition", "hedgs"), "did you mean 'hedge'?"),
        (("condition", "hedge", "--over", "coerce"), "small_state has no strategy 'coerce'"),
        (("condition", "hedge", "--solve-for", "stake"), "`--solve-for` needs `--over STRATEGY`"),
        (("condition", "hedge", "--set", "stake=1"), "`--set` needs `--at SCENARIO`"),
        (("condition", "hedge", "--against", "coerce=0.5"), "probabilities that sum to 1"),
        (("condition", "hedge", "--against", "coerce=x"), "got 'coerce=x'"),
        (("condition", "hedge", "--model", "none.toml"), "none.toml"),
        (("swap", "vietnam", "ukrain"), "did you mean 'ukraine'?"),
        (("scenarios", "new", "mine.txt"), ".toml"),
        (("scenarios", "new", "mine.toml", "--from", "ukrain"), "did you mean 'ukraine'?"),
    ],
)
def test_mistakes_cost_one_line_and_write_nothing(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["robustness", "sensitivity", "identify", "swap"])
def test_help_states_defaults_and_choices(capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    text = " ".join(capsys.readouterr().out.split())
    points = {"robustness": 40_000, "sensitivity": 16_384, "identify": 150_000, "swap": 20_000}
    assert f"(default: {points[command]})" in text
    assert "(default: 0.95)" in text
    if command == "sensitivity":
        start = text.index("chosen (default)")
        assert all(claim in text[start : start + 60] for claim in ag.analysis.POSTURE_CLAIMS)


@pytest.mark.parametrize("arguments", [(), ("report",), ("reprt",), ("report", "x", "--fmt")])
def test_usage_errors_are_one_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    captured = capsys.readouterr()
    assert caught.value.code == 2
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize("place", ["file/inside", "/proc/nowhere/inside"])
def test_folder_that_cannot_be_written(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("x", "utf-8")
    for arguments in (
        ("figures", "--out", place),
        ("report", "vietnam", "-o", f"{place}/report.txt"),
        ("scenarios", "new", f"{place}/mine.toml"),
    ):
        code, out, err = run(capsys, *arguments)
        assert (code, out) == (2, "")
        assert "cannot write" in err
        assert err.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_reader_that_leaves_early() -> None:
    command = f"{sys.executable} -m alignment_games.cli report vietnam | head -n 1"
    result = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60
    )
    assert result.stdout == "Vietnam between China and the United States\n"
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("redirect", "message"),
    [(">&-", "closed"), ("> /dev/full", "No space left")],
    ids=["closed", "full"],
)
def test_output_that_cannot_be_written(redirect: str, message: str) -> None:
    command = f"{sys.executable} -m alignment_games.cli scenarios list {redirect}"
    result = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60
    )
    assert result.returncode == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_terminal_that_knows_no_accents(tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    ag.scenarios.new_scenario(own)
    text = own.read_text("utf-8").replace('small_state = "Vietnam"', 'small_state = "Việt Nam"')
    own.write_text(text, "utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "alignment_games.cli", "report", str(own)],
        capture_output=True,
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert b"Vi\\u1ec7t Nam hedges" in result.stdout


def test_figures_without_matplotlib_say_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['matplotlib'] = None; from alignment_games.cli import main; "
        f"sys.exit(main(['figures', '--out', {str(tmp_path / 'figures')!r}]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert result.returncode == 2
    assert "alignment-games[figures]" in result.stderr
    assert result.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


AXES = ("--x", "patron_reliability=0:1:21", "--y", "stake=0:8/5:17")


def test_sweep_writes_what_python_returns(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    import xarray as xr

    place = tmp_path / "new" / "map.nc"
    code, out, err = run(
        capsys, "sweep", "vietnam", *AXES, "--axis", "tilt=0:1:3", "--set", "cost_hedge=0.1",
        "--outputs", "posture,margin", "--resolve", "-o", str(place),
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert out.startswith(f"{place}: 1071 points (tilt 3 x stake 17 x patron_reliability 21): ")
    expected = ag.sweep(
        ag.models.alignment(),
        ag.load_scenario("vietnam").replace(cost_hedge=0.1),
        axes={
            "tilt": (0, 1, 3),
            "stake": (0, 1.6, 17),
            "patron_reliability": (0, 1, 21),
        },
        outputs=("posture", "margin"),
        resolve=True,
    )
    written = xr.load_dataset(place, engine="h5netcdf")
    assert written.equals(expected)
    assert written.attrs["design"] == expected.attrs["design"]
    assert written.posture.attrs["flag_meanings"] == expected.posture.attrs["flag_meanings"]


def test_sweep_of_a_design(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    import xarray as xr

    for design in ("random", "sobol", "latin"):
        place = tmp_path / f"{design}.nc"
        code, _, _ = run(
            capsys, "sweep", "ukraine", "--design", design, "--points", "64", "--seed", "3",
            "--axis", "stake=0:2", "--axis", "tilt=0:1", "-o", str(place),
        )  # fmt: skip
        assert code == 0
        ds = xr.load_dataset(place, engine="h5netcdf")
        assert dict(ds.sizes) == {"point": 64}
        assert json.loads(ds.attrs["design"])["design"] == design
        assert ds.attrs["seed"] == "3"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-o", "map.csv", *AXES), "`--output` must end in .nc or .zarr"),
        (("-o", "map.nc"), "`--x` is needed"),
        (("-o", "map.nc", "--x", "stake=0:1"), "needs NAME=LOWER:UPPER:POINTS"),
        (("-o", "map.nc", "--x", "stake=0:1:3:4"), "needs NAME=LOWER:UPPER:POINTS"),
        (("-o", "map.nc", "--x", "stake=a:1:3"), "needs NAME=LOWER:UPPER:POINTS"),
        (("-o", "map.nc", "--x", "stake=0:1:x"), "needs NAME=LOWER:UPPER:POINTS"),
        (("-o", "map.nc", "--x", "stake=1:0:3"), "lower < upper"),
        (("-o", "map.nc", "--x", "stakes=0:1:3"), "did you mean 'stake'"),
        (("-o", "map.nc", "--x", "tilt=0:2:3"), "`tilt` must lie in [0, 1]"),
        (("-o", "map.nc", "--x", "tilt=0:1:3", "--y", "tilt=0:1:3"), "has two axes"),
        (("-o", "map.nc", *AXES, "--points", "5"), "`--points` needs a --design"),
        (("-o", "map.nc", *AXES, "--seed", "5"), "`--seed` needs a --design"),
        (("-o", "map.nc", *AXES, "--set", "stake=1"), "`--set stake` has no effect"),
        (("-o", "map.nc", "--design", "sobol", "--x", "tilt=0:1"), "`--design` needs --points"),
        (("-o", "map.nc", *AXES, "--outputs", "colour"), "`outputs` holds 'colour'"),
        (("-o", "/dev/null/map.nc", *AXES), "cannot write in the folder `/dev/null`"),
    ],
)
def test_sweep_mistakes(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, "sweep", "vietnam", *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_an_option_that_would_win_silently_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["sweep", "vietnam", *AXES, "--x", "tilt=0:1:3", "-o", "map.nc"])
    assert caught.value.code == 2
    assert "argument --x: given twice; give it once" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "goes_on"), [("map.nc", False), ("map.zarr", True)])
def test_an_interruption_is_one_line(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    goes_on: bool,
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ag.batch, "sweep", interrupted)
    code, out, err = run(capsys, "sweep", "vietnam", *AXES, "-o", str(tmp_path / name))
    assert (code, out) == (130, "")
    assert err.startswith("alignment-games: interrupted")
    assert err.count("\n") == 1
    assert ("goes on" in err) is goes_on


# prove


def test_prove_lists_what_became_of_propositions(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "prove", "F5", "F1.1")
    assert (code, err) == (0, "")
    rows = [line.split() for line in out.splitlines() if line.startswith("F")]
    assert rows[0][:2] == ["F1.1", "Temptation"]
    assert "9 of 9 proved." in out or re.search(r"(\d+) of \1 proved\.", out)


def test_prove_all_counts_theorems(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from alignment_games import symbolic

    chosen = symbolic.propositions("P9", "P10")
    monkeypatch.setattr(symbolic, "propositions", lambda *names: chosen if not names else ())
    code, out, _ = run(capsys, "prove", "--attack", "10")
    assert code == 0
    assert re.search(r"P10 +sign of the externality +3 of 3", out)
    assert out.count("no counterexample at") == len(chosen)
    assert "Provided that" not in out


def test_prove_without_a_hypothesis_gives_a_scenario(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = tmp_path / "found.toml"
    arguments = ("prove", "F1.7", "--without", "help", "--counterexample", str(target))
    code, out, err = run(capsys, *arguments)
    assert code == 1
    assert "refuted" in out
    assert f"alignment-games report {target}" in err
    assert "Counterexample to F1.7 without help" in run(capsys, "report", str(target))[1]
    code, _, err = run(capsys, *arguments)
    assert (code, "exists" in err) == (2, True)
    assert run(capsys, *arguments, "--force")[0] == 1


@pytest.mark.parametrize(
    ("name", "start"),
    [("html", "<!doctype html>"), ("latex", "\\documentclass"), ("markdown", "# Propositions")],
)
def test_prove_in_other_formats(capsys: pytest.CaptureFixture[str], name: str, start: str) -> None:
    code, out, _ = run(capsys, "prove", "F3.1", "--format", name)
    assert code == 0
    assert out.startswith(start)
    assert "Deterrence world" in out


def test_prove_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(
        capsys, "prove", "F1.4", "--without", "exposed", "--format", "json", "--attack", "100"
    )
    assert code == 1
    (entry,) = json.loads(out)
    assert (entry["name"], entry["without"], entry["status"]) == ("F1.4", ["exposed"], "refuted")
    assert set(entry["counterexample"]) == {*ag.models.alignment().parameters, "q"}
    assert entry["attack"]["counterexample"] is not None
    assert entry["model"] == "alignment"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("F1.44",), "no proposition is named 'F1.44'; did you mean"),
        (("F1.4", "F1.7", "--without", "help"), "need the name of one proposition"),
        (("--counterexample", "a.toml"), "need the name of one proposition"),
        (("P3", "--without", "help"), "no proposition is named 'P3'"),
        (("F1.7", "--without", "helps"), "no hypothesis 'helps'; did you mean 'help'"),
        (("F1.1", "--timeout", "0"), "`--timeout` must be a positive number of seconds, got 0"),
        (("F1.1", "--timeout", "nan"), "`--timeout` must be a positive number of seconds"),
        (("F1.1", "--seed", "-1"), "`--seed` must be a whole number of at least 0"),
        (("F1.1", "--attack", "0"), "`--attack` must be a whole number of at least 1, got 0"),
        (("F1.1", "--counterexample", "a.toml"), "its claim is proved"),
    ],
)
def test_prove_answers_mistakes_with_one_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    code, out, err = run(capsys, "prove", *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
