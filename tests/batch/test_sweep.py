"""Sweeps: labels, designs, executors, memory, progress, refusals."""

from __future__ import annotations

import io
import json
import sys
import tracemalloc
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.batch import (
    BatchStatus,
    Grid,
    Latin,
    PointList,
    Random,
    Sobol,
    Uniform,
    sweep,
    sweep_summary,
)
from alignment_games.batch.chunks import chunk_shape, chunks
from alignment_games.batch.fused import OUTPUTS
from alignment_games.errors import AlignmentGamesError, GameError, ModelError, ParameterError

MODEL = ag.models.alignment()
VIETNAM = ag.load_scenario("vietnam")
AXES = {"stake": (0, 2, 21), "patron_reliability": (0, 1, 11)}


def alone(point: dict[str, Fraction]) -> dict[str, Any]:
    """Answer every question about one point with the scalar solvers."""
    tree = ag.solve(MODEL.tree(VIETNAM, **point))
    game = MODEL.game(VIETNAM, **point)
    nash = ag.solve(game)
    paths = {eq.path for eq in tree.equilibria}
    postures = {path[0] for path in paths}
    harsh = {path[1] == "coerce" for path in paths}
    own = {tuple(eq.profile[0]) for eq in nash.equilibria}
    first = game.payoffs[0]
    dominant = [i for i in range(3) if all((first[i] > first[k]).all() for k in range(3) if k != i)]
    continuum = any(component.dimension for component in nash.components)
    certain = own.pop() if len(own) == 1 else ()
    return {
        "posture": MODEL.strategies[0].index(postures.pop()) if len(postures) == 1 else -1,
        "coerced": int(harsh.pop()) if len(harsh) == 1 else -1,
        "dominant": dominant[0] if dominant else -1,
        "equilibria": -1 if continuum else len(nash.equilibria),
        "equilibrium_posture": certain.index(1) if 1 in certain else -1,
    }


def test_every_answer_of_a_grid_is_that_of_the_scalar_solvers() -> None:
    outputs = tuple(OUTPUTS)
    ds = sweep(MODEL, VIETNAM, axes=AXES, outputs=outputs, resolve=True)
    assert list(ds.data_vars) == ["status", *outputs]
    assert dict(ds.sizes) == {"stake": 21, "patron_reliability": 11}
    assert set(np.unique(ds.status)) == {BatchStatus.OK, BatchStatus.RESOLVED}
    for i in range(21):
        for j in range(11):
            point = {"stake": Fraction(i, 10), "patron_reliability": Fraction(j, 10)}
            cell = ds.isel(stake=i, patron_reliability=j)
            expected = alone(point)
            assert {name: int(cell[name]) for name in expected} == expected
            if expected["posture"] >= 0 and expected["coerced"] >= 0:
                posture = MODEL.strategies[0][expected["posture"]]
                answer = ("accommodate", "coerce")[expected["coerced"]]
                place = MODEL.strategies[0].index(posture), int(answer == "coerce")
                payoff = MODEL.game(VIETNAM, **point).payoffs[0][place]
                assert float(cell["payoff"]) == pytest.approx(float(payoff), abs=1e-13)


def test_a_point_near_a_tie_is_open_until_it_is_asked_to_be_resolved() -> None:
    # Nothing but 0.9 V against kappa moves the hegemon: it is indifferent at V = 0.3.
    tie = {"coercion_cost": Fraction("0.27"), "escalation_cost": 0, "support_effect": 0}
    case = VIETNAM.replace(**tie, alignment_loss=0)
    axes = {"stake": [0.3, 0.8], "patron_reliability": [0.4, 0.6]}
    left = sweep(MODEL, case, axes=axes, outputs=("posture", "coerced"))
    assert (left.status.sel(stake=0.3) == BatchStatus.DEGENERATE).all()
    assert (left.coerced.sel(stake=0.3) == -2).all()
    assert (left.status.sel(stake=0.8) == BatchStatus.OK).all()
    done = sweep(MODEL, case, axes=axes, outputs=("posture", "coerced"), resolve=True)
    assert (done.status.sel(stake=0.3) == BatchStatus.RESOLVED).all()
    assert (done.coerced.sel(stake=0.3) == -1).all()
    assert done.sel(stake=0.8).equals(left.sel(stake=0.8))


def test_attributes_say_how_to_run_it_again() -> None:
    design = Sobol({"stake": (0, 2), "tilt": (0, 1)}, 64, rng=7)
    ds = sweep(MODEL, VIETNAM, design=design, outputs="posture")
    assert ds.attrs["scenario"] == "vietnam"
    assert ds.attrs["seed"] == "7"
    assert len(ds.attrs["model_hash"]) == 64
    told = json.loads(ds.attrs["design"])
    ranges = {name: tuple(map(Fraction, ends)) for name, ends in told["parameters"].items()}
    again = Sobol(ranges, told["points"], rng=told["seed"])
    values = {name: Fraction(text) for name, text in json.loads(ds.attrs["values"]).items()}
    twice = sweep(MODEL, values, design=again, outputs=ds.attrs["outputs"])
    assert twice.posture.equals(ds.posture)
    assert np.array_equal(twice.stake, ds.stake)
    assert json.loads(ds.attrs["versions"])["alignment_games"] == ag.__version__
    assert ds.stake.attrs["long_name"] == MODEL.parameters["stake"].meaning
    assert ds.posture.attrs["flag_meanings"] == "open several balance hedge bandwagon"
    assert ds.posture.attrs["flag_values"].tolist() == [-2, -1, 0, 1, 2]


def test_another_model_has_another_hash() -> None:
    from dataclasses import replace

    from alignment_games.models.compile import model_hash

    payoffs = dict(MODEL.payoffs)
    own, other = payoffs["hedge", "coerce"]
    payoffs["hedge", "coerce"] = own + 1, other
    assert model_hash(replace(MODEL, payoffs=payoffs)) != model_hash(MODEL)


@pytest.mark.parametrize("kind", [Random, Sobol, Latin])
def test_spread_designs_keep_their_ranges_and_constraints(kind: Any) -> None:
    ranges = {
        "coercion_success": Uniform(Fraction(1, 2), 1),
        "support_effect": Uniform(0, 1, scaled_by="coercion_success"),
        "stake": (0, 2),
    }
    ds = sweep(MODEL, VIETNAM, design=kind(ranges, 3000, rng=3), outputs=("posture", "margin"))
    assert dict(ds.sizes) == {"point": 3000}
    assert (ds.status != BatchStatus.BAD_INPUT).all()
    assert (ds.support_effect <= ds.coercion_success).all()
    assert 0.5 <= float(ds.coercion_success.min()) <= float(ds.coercion_success.max()) <= 1
    for k in range(0, 3000, 500):
        point = {name: float(ds[name][k]) for name in ranges}
        tree = ag.solve(MODEL.tree(VIETNAM, **point))
        assert MODEL.strategies[0][int(ds.posture[k])] == tree.equilibria[0].path[0]


def test_a_bad_point_of_a_list_is_a_status() -> None:
    points = {"stake": [0.3, -1.0, np.nan, 0.3, 0.3], "support_effect": [0.5, 0.5, 0.5, 1.5, 0.95]}
    ds = sweep(MODEL, VIETNAM, design=PointList(points), outputs=("posture", "payoff"))
    bad = [k == BatchStatus.BAD_INPUT for k in ds.status.values.tolist()]
    assert bad == [False, True, True, True, True]
    assert ds.posture.values.tolist() == [1, -2, -2, -2, -2]
    assert np.isnan(ds.payoff.values).tolist() == bad


def results(**more: Any) -> Any:
    return sweep(MODEL, VIETNAM, axes=AXES, outputs=tuple(OUTPUTS), chunk=17, **more)


def test_the_result_depends_neither_on_chunks_nor_on_who_computes() -> None:
    whole = sweep(MODEL, VIETNAM, axes=AXES, outputs=tuple(OUTPUTS))
    assert results().identical(whole)
    assert results(workers=3).identical(whole)
    with ThreadPoolExecutor(2) as pool:
        assert results(executor=pool).identical(whole)
    with ProcessPoolExecutor(2) as pool:
        assert results(executor=pool).identical(whole)


def test_a_list_is_sent_to_an_executor_in_parts() -> None:
    rng = np.random.default_rng(1)
    points = {"stake": rng.uniform(0, 2, 100), "tilt": rng.uniform(0, 1, 100)}
    whole = sweep(MODEL, VIETNAM, design=PointList(points))
    with ThreadPoolExecutor(2) as pool:
        cut = sweep(MODEL, VIETNAM, design=PointList(points), chunk=7, executor=pool)
    assert cut.identical(whole)


class Broken(ThreadPoolExecutor):
    """An executor whose fifth task fails, or cannot be handed in."""

    def __init__(self, *, at_once: bool) -> None:
        super().__init__(2)
        self.at_once = at_once
        self.count = self.done = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        def counted() -> Any:
            answers = fn(*args, **kwargs)
            self.done += 1
            return answers

        self.count += 1
        if self.count < 5:
            return super().submit(counted)
        if self.at_once:
            raise ZeroDivisionError
        return super().submit(lambda: 1 / 0)


@pytest.mark.parametrize("at_once", [False, True])
def test_a_failure_in_an_executor_is_raised_and_loses_nothing(at_once: bool) -> None:
    told: list[int] = []
    with Broken(at_once=at_once) as pool, pytest.raises(ZeroDivisionError):
        results(executor=pool, progress=lambda done, _: told.append(done))
    # What was computed of the four chunks before, each of 11 points (one row of the grid).
    assert told == [11 * (k + 1) for k in range(pool.done)]
    assert 0 < pool.done <= 4


def test_memory_is_the_answer_and_a_few_megabytes() -> None:
    sweep(MODEL, VIETNAM, axes={"stake": (0, 2, 8)})
    tracemalloc.start()
    ds = sweep(MODEL, VIETNAM, axes={"stake": (0, 2, 1001), "tilt": (0, 1, 1001)}, workers=2)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert ds.nbytes < 6e6
    assert peak < ds.nbytes + 9e6


def test_progress_is_told_and_silent_without_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []
    results(progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (231, 231)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len(told) == len(list(chunks((21, 11), 17)))
    results()
    assert capsys.readouterr() == ("", "")

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    results(progress=True)
    assert "231/231" in screen.getvalue()
    assert "points/s" in screen.getvalue()
    results()  # less than a second: no bar, on a terminal either
    assert screen.getvalue().count("231/231") == 1
    results(progress=False)


@pytest.mark.parametrize("shape", [(7,), (3, 5), (2, 3, 4), (1, 6, 1, 2)])
@pytest.mark.parametrize("most", [1, 2, 5, 12, 1000])
def test_chunks_cover_every_point_once_and_in_order(shape: tuple[int, ...], most: int) -> None:
    seen = np.zeros(shape, dtype=int)
    flat = np.arange(seen.size).reshape(shape)
    last = 0
    for chunk in chunks(shape, most):
        assert chunk.first == last
        last = chunk.last
        assert chunk.last - chunk.first <= most
        assert flat[chunk.region].ravel().tolist() == list(range(chunk.first, chunk.last))
        seen[chunk.region] += 1
    assert (seen == 1).all()
    assert last == seen.size
    assert np.prod(chunk_shape(shape, most)) <= most


def test_summary_names_codes() -> None:
    text = sweep_summary(sweep(MODEL, VIETNAM, axes={"stake": (0, 0.9, 4)}, outputs="posture"))
    assert text.splitlines() == [
        "4 points (stake 4): 4 ok",
        "  posture      hedge 50.0 %, bandwagon 50.0 %",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "`axes` .* or `design` .* must be given"),
        ({"axes": AXES, "design": Grid(AXES)}, "one of them"),
        ({"axes": {}}, "`axes` must map"),
        ({"axes": {"stakes": (0, 1, 3)}}, "did you mean 'stake'"),
        ({"axes": {"stake": (-1, 1, 3)}}, r"`stake` must lie in \[0, inf\)"),
        ({"axes": {"stake": (1, 0, 3)}}, "lower < upper"),
        ({"axes": {"stake": [0, np.nan]}}, "finite numbers, each once"),
        ({"axes": {"stake": [0.5, 0.5]}}, "finite numbers, each once"),
        ({"axes": {"stake": "0:1:3"}}, "must be a row of one or more numbers"),
        ({"axes": {"stake": ag.batch.Axis("tilt", 0, 1, 3)}}, "is an `Axis` of tilt"),
        ({"design": "sobol"}, "`design` must be a Grid"),
        ({"axes": AXES, "outputs": "postures"}, "did you mean 'posture'"),
        ({"axes": AXES, "outputs": []}, "`outputs` must be one or more of"),
        ({"axes": AXES, "chunk": 0}, "`chunk` must be"),
        ({"axes": AXES, "workers": 0}, "`workers` must be"),
        ({"axes": AXES, "values": 3}, "`values` must be a Scenario"),
        ({"axes": AXES, "values": {"tilt": 0.1}}, "missing: autonomy_weight"),
        ({"axes": AXES, "values": {**VIETNAM, "support_effect": 1}}, "must not exceed"),
    ],
)
def test_refusals(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message) as caught:
        sweep(MODEL, **({"values": VIETNAM} | arguments))
    assert isinstance(caught.value, AlignmentGamesError)


def test_flags_must_be_flags() -> None:
    with pytest.raises(GameError, match="`resolve` must be True or False"):
        sweep(MODEL, VIETNAM, axes=AXES, resolve="yes")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"progress": "yes"}, "`progress` must be None, True, False or a callable"),
        ({"executor": "threads"}, "`executor` must be a concurrent.futures.Executor"),
        ({"executor": ThreadPoolExecutor}, "`executor` must be a concurrent.futures.Executor"),
        ({"store": 3}, "`store` must be the path of a folder"),
        ({"outputs": [["posture"]]}, "`outputs` holds"),
        ({"axes": {"stake": (0, 1, 10**11)}}, "must have at most 10000000 points"),
    ],
)
def test_wrong_types_are_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        sweep(MODEL, VIETNAM, **({"axes": AXES} | arguments))
    with pytest.raises(ModelError, match="`model` must be an AlignmentModel"):
        sweep(any_("alignment"), VIETNAM, axes=AXES)


def any_(value: Any) -> Any:
    """Hide a type that the signature forbids."""
    return value


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Random({"stake": (0, 2)}, 0), "`points` must be"),
        (lambda: Random({}, 10), "`ranges` must map"),
        (lambda: Random(any_({"stake": 3}), 10), "must be a pair"),
        (lambda: Random({"stake": (2, 0)}, 10), "lower < upper"),
        (lambda: Random(any_({"stake": ("0", 2)}), 10), "two finite numbers"),
        (lambda: Random({"stake": (0, 2)}, 10, rng=any_("a")), "`rng` must be"),
        (lambda: Random({"a": Uniform(0, 1, scaled_by="b")}, 10), "must be scaled by a parameter"),
        (lambda: PointList({}), "`columns` must map"),
        (lambda: PointList({"stake": [1, 2], "tilt": [0]}), "one value a point"),
        (lambda: PointList({"stake": [[1, 2]]}), "must be a row"),
    ],
)
def test_designs_refuse(build: Any, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        build()
