"""Sweeps in zarr stores: whole, interrupted by kill -9 and taken up again, and on a cluster."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.batch import Random, sweep, sweep_summary
from alignment_games.errors import OutputError

xr = pytest.importorskip("xarray", minversion="2024.11", reason="xarray reads zarr 3 stores later")
pytest.importorskip("zarr", minversion="3.1.3", reason="extra `scale` is not installed")

MODEL = ag.models.alignment()
VIETNAM = ag.load_scenario("vietnam")
AXES = {"tilt": (0, 1, 3), "stake": (0, 2, 40), "patron_reliability": (0, 1, 50)}
OUTPUTS = ("posture", "coerced", "margin", "equilibria")

# One line a chunk computed, each after it is stored; slow enough to be killed in between.
SCRIPT = f"""
import sys, time
import alignment_games as ag
from alignment_games.batch import points

def told(done, total):
    print(done, flush=True)
    time.sleep(float(sys.argv[2]))

ag.sweep(
    ag.models.alignment(), ag.load_scenario("vietnam"), axes={AXES!r}, outputs={OUTPUTS!r},
    resolve=True, chunk=100, store=sys.argv[1], progress=told,
)
"""


def run(store: Path, wait: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SCRIPT, str(store), str(wait)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def files(store: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(store)): file.read_bytes()
        for file in sorted(store.rglob("*"))
        if file.is_file()
    }


def done(store: Path) -> int:
    return sum(1 for file in (store / "status" / "c").rglob("*") if file.is_file())


def here(store: Path) -> list[int]:
    """Run the same sweep in this process; return the points done after each chunk."""
    told: list[int] = []
    sweep(
        MODEL,
        VIETNAM,
        axes=AXES,
        outputs=OUTPUTS,
        resolve=True,
        chunk=100,
        store=store,
        progress=lambda now, _: told.append(now),
    )
    return told


def test_a_killed_sweep_goes_on_and_is_bit_equal_to_a_whole_one(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.zarr", tmp_path / "cut.zarr"
    assert here(whole) == list(range(100, 6001, 100))
    stored = 0
    computed: Counter[int] = Counter()
    for stop in (7, 11):
        with run(cut, 0.02) as process:
            assert process.stdout is not None
            computed.update(int(process.stdout.readline()) for _ in range(stop))
            process.send_signal(signal.SIGKILL)
            computed.update(int(line) for line in process.stdout)  # said before it was killed
        assert process.returncode == -signal.SIGKILL
        assert done(cut) > stored
        stored = done(cut)
    assert 18 <= stored < 60
    with run(cut, 0) as process:
        assert process.stdout is not None
        last = [int(line) for line in process.stdout]
    assert process.returncode == 0
    # Exactly what was missing was computed: nothing twice, nothing lost.
    assert last == list(range(100 * stored + 100, 6001, 100))
    computed.update(last)
    assert set(computed.values()) == {1}
    assert len(computed) >= 58  # a chunk may have been stored without a word
    assert files(cut) == files(whole)
    assert here(cut) == []  # nothing is left to compute


def test_a_store_holds_what_a_sweep_in_memory_returns(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "map.zarr"
    arguments: dict[str, Any] = {"axes": AXES, "outputs": OUTPUTS, "resolve": True}
    kept = sweep(MODEL, VIETNAM, **arguments, store=place, chunk=700)
    memory = sweep(MODEL, VIETNAM, **arguments)
    assert list(kept.data_vars) == list(memory.data_vars)
    for name in memory.variables:
        assert kept[name].dtype == memory[name].dtype
        np.testing.assert_array_equal(kept[name].values, memory[name].values)
        assert kept[name].dims == memory[name].dims
    for name in ("model_hash", "design", "values", "scenario", "versions"):
        assert kept.attrs[name] == memory.attrs[name]
    assert sweep_summary(kept) == sweep_summary(memory)
    # What a user opens without this package, without a warning.
    alone = xr.open_zarr(place, chunks=None)
    assert alone.posture.equals(memory.posture)


def test_points_of_a_design_are_stored_with_their_coordinates(tmp_path: Path) -> None:
    design = Random({"stake": (0, 2), "tilt": (0, 1)}, 1000, rng=5)
    kept = sweep(MODEL, VIETNAM, design=design, store=tmp_path / "r.zarr", chunk=300)
    memory = sweep(MODEL, VIETNAM, design=design)
    assert set(kept.coords) == {"stake", "tilt"}
    for name in memory.variables:
        np.testing.assert_array_equal(kept[name].values, memory[name].values)


def test_a_chunk_that_lacks_a_file_is_computed_again(tmp_path: Path) -> None:
    place = tmp_path / "map.zarr"
    arguments: dict[str, Any] = {"axes": AXES, "outputs": OUTPUTS, "chunk": 1000}
    sweep(MODEL, VIETNAM, **arguments, store=place)
    before = files(place)
    (place / "status" / "c" / "1" / "0" / "0").unlink()
    (place / "posture" / "c" / "2" / "0" / "0").unlink()
    (place / "coerced" / "c" / "0" / "0" / "0").write_bytes(b"")
    (place / "margin" / "c" / "1" / "0" / "0").write_bytes(b"half")
    (place / "margin" / "c" / "1" / "0" / "0.abc.partial").write_bytes(b"h")
    told: list[int] = []
    sweep(MODEL, VIETNAM, **arguments, store=place, progress=lambda now, _: told.append(now))
    assert told == [4000, 5000, 6000]
    assert files(place) == before


def test_a_damaged_store_is_called_that(tmp_path: Path) -> None:
    def cut(place: Path) -> None:
        (place / "zarr.json").write_text("{")

    def without(name: str) -> Any:
        return lambda place: shutil.rmtree(place / name)

    harms: tuple[Any, ...] = (cut, without("status"), without("posture"))
    for number, harm in enumerate(harms):
        place = tmp_path / f"{number}.zarr"
        sweep(MODEL, VIETNAM, axes={"stake": (0, 2, 3)}, store=place)
        harm(place)
        with pytest.raises(OutputError, match=r"damaged .* delete it and begin again"):
            sweep(MODEL, VIETNAM, axes={"stake": (0, 2, 3)}, store=place)


@pytest.mark.parametrize(
    ("change", "different"),
    [
        ({"outputs": "posture"}, "outputs"),
        ({"axes": {"stake": (0, 1, 3)}}, "design"),
        ({"chunk": 99}, "chunk"),
        ({"resolve": True}, "resolve"),
        ({"values": VIETNAM.replace(cost_hedge=0.1)}, "values"),
    ],
)
def test_another_sweep_is_not_mixed_in(
    tmp_path: Path, change: dict[str, Any], different: str
) -> None:
    arguments: dict[str, Any] = {"values": VIETNAM, "axes": {"stake": (0, 2, 3)}, "chunk": 100}
    sweep(MODEL, **arguments, store=tmp_path / "a.zarr")
    before = files(tmp_path / "a.zarr")
    with pytest.raises(OutputError, match=f"another sweep .other {different}"):
        sweep(MODEL, **(arguments | change), store=tmp_path / "a.zarr")
    assert files(tmp_path / "a.zarr") == before


def test_places_that_are_no_store_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.zarr").mkdir()
    (tmp_path / "notes.zarr" / "notes.txt").write_text("mine")
    (tmp_path / "file.zarr").write_text("mine")
    for name in ("notes.zarr", "file.zarr"):
        with pytest.raises(OutputError, match="is not the store of a sweep"):
            sweep(MODEL, VIETNAM, axes={"stake": (0, 2, 3)}, store=tmp_path / name)
    with pytest.raises(OutputError, match="cannot write the store"):
        sweep(MODEL, VIETNAM, axes={"stake": (0, 2, 3)}, store=tmp_path / "file.zarr" / "sub.zarr")
    assert (tmp_path / "file.zarr").read_text() == "mine"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file.zarr", "notes.zarr"]


@pytest.mark.skipif(os.name == "nt", reason="file locks of POSIX")
def test_two_processes_do_not_write_to_one_store(tmp_path: Path) -> None:
    place = tmp_path / "map.zarr"
    with run(place, 0.2) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(OutputError, match="another process is writing"):
            here(place)
        process.kill()
    here(place)
    assert done(place) == 60


def test_memory_stays_flat_when_streaming(tmp_path: Path) -> None:
    code = """
import resource, sys
import alignment_games as ag
model, case = ag.models.alignment(), ag.load_scenario("vietnam")
peaks = []
for k, points in enumerate((8, 40, 200)):
    axes = {"tilt": (0, 1, points), "stake": (0, 2, 200), "patron_reliability": (0, 1, 200)}
    ag.sweep(model, case, axes=axes, store=f"{sys.argv[1]}/{k}.zarr", chunk=2**16)
    peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(*peaks)
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    first, _, last = map(int, text.split())
    assert last - first < 20_000  # kB; the last result alone has 40 MB


def test_a_dask_cluster_of_two_workers_computes_the_same(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="extra `scale` is not installed")
    whole = sweep(MODEL, VIETNAM, axes=AXES, outputs=OUTPUTS)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        executor = client.get_executor(pure=False)
        many = sweep(MODEL, VIETNAM, axes=AXES, outputs=OUTPUTS, chunk=500, executor=executor)
        kept = sweep(
            MODEL,
            VIETNAM,
            axes=AXES,
            outputs=OUTPUTS,
            chunk=500,
            executor=executor,
            store=tmp_path / "cluster.zarr",
        )
        assert len(client.scheduler_info()["workers"]) == 2
    assert many.identical(whole)
    assert kept.posture.equals(whole.posture)
