"""Critical discount factors of many games: equal to the exact ones, within the stated error."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.batch import (
    BatchStatus,
    CriticalDiscounts,
    PointList,
    Sustained,
    critical_discount_map,
    critical_discounts,
)
from alignment_games.batch import _discount_kernels as kernels
from alignment_games.errors import GameError, ModelError, ParameterError, WorkLimitError
from alignment_games.solvers import CriticalDiscount, critical_discount

MODEL = ag.models.alignment()
UKRAINE = ag.load_scenario("ukraine")
RESTRAINT = ("hedge", "accommodate")
AXES = {"stake": (0, 2, 21), "patron_reliability": (0, 1, 11)}


def exact(
    game: ag.NormalFormGame, path: Any, punishment: Any, back: Any
) -> CriticalDiscount | None:
    """Return what the scalar solver says, None where the reversion is no equilibrium."""
    if back is not None:
        for who, size in enumerate(game.shape):
            for k in range(size):
                other = (*back[:who], k, *back[who + 1 :])
                if game.exact_payoffs[(who, *other)] > game.exact_payoffs[(who, *back)]:
                    return None
    return critical_discount(game, path, punishment=punishment, reversion=back)


def agrees(wanted: CriticalDiscount | None, sustained: int, number: float, error: float) -> bool:
    if wanted is None:
        return sustained == Sustained.NOT_AN_EQUILIBRIUM
    if wanted.discount is None:
        return sustained == (Sustained.SOME if wanted.intervals else Sustained.NEVER)
    code = Sustained.FROM if wanted.discount > 0 else Sustained.EVERY
    near = abs(sp.Rational(number) - wanted.discount) <= sp.Rational(error)
    return sustained == code and bool(near) and error < 1e-9


def compare(
    games: np.ndarray, path: Any, punishment: Any = "nash", back: Any = None
) -> tuple[int, int]:
    """Compare many games with the scalar solver; return how many are certain, and how many tied."""
    asked = {"punishment": punishment, "reversion": back}
    quick = critical_discounts(games, path, **asked, workers=1)
    full = critical_discounts(games, path, **asked, resolve=True)
    counts = [0, 0]
    for k, payoffs in enumerate(games):
        wanted = exact(ag.NormalFormGame(payoffs), path, punishment, back)
        status = int(quick.status[k])
        counts[status] += 1
        assert int(full.status[k]) == (
            BatchStatus.RESOLVED if status == BatchStatus.DEGENERATE else BatchStatus.OK
        )
        given = int(full.sustained[k]), float(full.discount[k]), float(full.error[k])
        assert agrees(wanted, *given), (payoffs.tolist(), path, given, str(wanted))
        single = wanted is not None and len(wanted.binding) == 1
        if full.binding[k] >= 0:
            assert wanted is not None
            assert wanted.binding == (f"player_{full.binding[k] + 1}",)
        elif single and wanted is not None and wanted.discount:
            # Within the error another player asks for as much.
            assert status == BatchStatus.OK
        if status == BatchStatus.OK:
            assert quick.sustained[k] == full.sustained[k]
        else:
            assert quick.sustained[k] == Sustained.OPEN
            if not np.isnan(quick.discount[k]):
                assert wanted is not None
                assert wanted.discount is not None
                assert abs(quick.discount[k] - float(wanted.discount)) <= 1.01 * quick.error[k]
    return counts[0], counts[1]


def draws(rng: np.random.Generator, count: int, *sizes: int) -> np.ndarray:
    """Small integers, many of them tied, beside decimals of one digit."""
    whole = rng.integers(-3, 4, (count, len(sizes), *sizes))
    return np.where(rng.random(count)[(...,) + (None,) * (len(sizes) + 1)] < 0.5, whole,
                    rng.integers(-60, 60, whole.shape) / 10)  # fmt: skip


@pytest.mark.parametrize("sizes", [(2, 2), (3, 2), (1, 3), (2, 2, 2)])
@pytest.mark.parametrize("periods", [1, 2, 3])
def test_every_punishment_is_that_of_the_scalar_solver(
    sizes: tuple[int, ...], periods: int
) -> None:
    rng = np.random.default_rng(10 * len(sizes) + periods + sizes[0])
    games = 12 if periods < 3 else 5  # the scalar solver's roots of cubics are slow
    certain, tied = 0, 0
    kinds: list[tuple[str, Any]] = [("minmax", None), ("grim", None)]
    kinds += [("nash", None)] * (len(sizes) == 2)
    kinds += [("tit-for-tat", None)] * (sizes == (2, 2) and periods == 1)
    for punishment, _ in kinds:
        for _ in range(4):
            path = [tuple(int(rng.integers(size)) for size in sizes) for _ in range(periods)]
            back = tuple(int(rng.integers(size)) for size in sizes)
            found = compare(
                draws(rng, games, *sizes), path, punishment, back if punishment == "grim" else None
            )
            certain, tied = certain + found[0], tied + found[1]
    assert certain > 20
    assert sizes == (1, 3) or tied > 2


def dilemma(t: float, r: float, p: float, s: float) -> list[Any]:
    return [[[r, s], [t, p]], [[r, t], [s, p]]]


def test_dilemmas_of_the_literature() -> None:
    """(T - R) / (T - P) by grim trigger, and at least (T - R) / (R - S) by tit-for-tat."""
    rng = np.random.default_rng(1)
    s, p, r, t = np.sort(rng.normal(size=(4, 500)), axis=0)
    games = np.array([dilemma(*own) for own in zip(t, r, p, s, strict=True)])
    grim = (t - r) / (t - p)
    for asked in ({"punishment": "nash"}, {"punishment": "minmax"},
                  {"punishment": "grim", "reversion": (1, 1)}):  # fmt: skip
        found = critical_discounts(games, (0, 0), **asked)
        assert (found.status == BatchStatus.OK).all()
        assert (found.sustained == Sustained.FROM).all()
        np.testing.assert_allclose(found.discount, grim, rtol=1e-12)
        assert (found.error < 1e-12).all()
    found = critical_discounts(games, (0, 0), punishment="tit-for-tat")
    other = (t - r) / (r - s)
    assert ((found.sustained == Sustained.FROM) == (other < 1)).all()
    kept = other < 1
    np.testing.assert_allclose(found.discount[kept], np.maximum(grim, other)[kept], rtol=1e-12)


def test_patience_can_undo_tit_for_tat() -> None:
    stage = [[[[2, 1], [0, 3]], [[2, 0], [1, 3]]]]
    found = critical_discounts(stage, (0, 0), punishment="tit-for-tat")
    assert found.sustained.tolist() == [Sustained.SOME]
    assert np.isnan(found.discount).all()


def test_the_loops_are_their_definitions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The compiled loops and the same text run by Python give the same bits."""
    rng = np.random.default_rng(5)
    games = draws(rng, 40, 3, 2)
    questions: list[tuple[Any, Any, dict[str, Any]]] = [
        (games, (0, 0), {}),
        (games, [(0, 0), (1, 1), (2, 0)], {"punishment": "minmax"}),
        (games, [(0, 0), (1, 1)], {"punishment": "grim", "reversion": (2, 1)}),
        (games[:, :, :2], (0, 0), {"punishment": "tit-for-tat"}),
    ]
    compiled = [critical_discounts(own, path, **rest) for own, path, rest in questions]
    for name, loop in list(vars(kernels).items()):
        if hasattr(loop, "py_func") and name != "judge":
            monkeypatch.setattr(kernels, name, loop.py_func)
    with np.errstate(all="ignore"):
        plain = [critical_discounts(own, path, **rest, workers=1) for own, path, rest in questions]
    assert not hasattr(kernels.sustain, "py_func")
    for one, two in zip(compiled, plain, strict=True):
        for name in ("status", "sustained", "discount", "error", "binding"):
            np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


def test_errors_cover_what_is_uncertain() -> None:
    """Within the tolerance no other payoffs lead outside the stated error, or to another code."""
    rng = np.random.default_rng(6)
    games = rng.normal(size=(60, 2, 2, 2))
    tolerance = 1e-3
    for path in ((0, 0), [(0, 0), (1, 1)]):
        found = critical_discounts(games, path, punishment="minmax", tolerance=tolerance)
        largest = np.abs(games).reshape(60, 2, -1).max(axis=2)[:, :, None, None]
        for _ in range(20):
            moved = games + largest * tolerance * rng.choice([-1, 1], games.shape)
            other = critical_discounts(moved, path, punishment="minmax")
            sure = found.status == BatchStatus.OK
            assert sure.sum() > 10
            assert (other.sustained == found.sustained)[sure].all()
            number = sure & (found.sustained == Sustained.FROM)
            apart = np.abs(other.discount - found.discount)[number]
            assert (apart <= found.error[number] + 1e-12).all()
        assert np.nanmax(found.error) > 1e-4


def test_single_precision_is_not_taken_for_more() -> None:
    games = np.array([dilemma(5.1, 3, 1, 0)] * 2)
    rough = critical_discounts(games.astype(np.float32), (0, 0))
    assert abs(rough.discount[0] - 2.1 / 4.1) <= rough.error[0] < 1e-5
    assert critical_discounts(games, (0, 0)).error[0] < 1e-13


def test_units_and_names_do_not_matter() -> None:
    rng = np.random.default_rng(7)
    games = rng.normal(size=(200, 2, 3, 2))
    path = [(0, 1), (2, 0)]
    one = critical_discounts(games, path)
    scaled = critical_discounts(games * [[[[8.0]], [[0.25]]]] + [[[[0.5]], [[-2.0]]]], path)
    turned = critical_discounts(games[:, ::-1].transpose(0, 1, 3, 2), [own[::-1] for own in path])
    shuffled = critical_discounts(games[:, :, [2, 0, 1]], [(1, 1), (0, 0)])
    for other in (scaled, turned, shuffled):
        np.testing.assert_array_equal(one.sustained, other.sustained)
        np.testing.assert_allclose(one.discount, other.discount, rtol=1e-9)
    swap = {0: 1, 1: 0, -1: -1}
    assert [swap[own] for own in one.binding.tolist()] == turned.binding.tolist()
    assert (np.isin(one.sustained, [Sustained.FROM, Sustained.EVERY])
            == ~np.isnan(one.discount)).all()  # fmt: skip


def test_a_repetition_is_the_cycle_that_is_repeated() -> None:
    games = np.random.default_rng(8).normal(size=(50, 2, 2, 2))
    for path in ((0, 1), [(0, 1), (1, 0)]):
        once = [path] if isinstance(path, tuple) else path
        one, two = critical_discounts(games, path), critical_discounts(games, once * 3)
        np.testing.assert_array_equal(one.discount, two.discount)


def test_threads_do_not_change_answers() -> None:
    games = np.random.default_rng(9).normal(size=(20_000, 2, 2, 2))
    one, two = (critical_discounts(games, (0, 0), workers=k) for k in (1, 2))
    np.testing.assert_array_equal(one.discount, two.discount)
    assert isinstance(one, CriticalDiscounts)
    assert len(one) == 20_000
    assert str(one).startswith("20000 games; sustained by discount factors: ")


def test_payoffs_that_are_no_numbers_have_a_status() -> None:
    games = np.array([dilemma(5, 3, 1, 0)] * 3, dtype=float)
    games[1, 0, 1, 1] = np.nan
    games[2, 1, 0, 0] = np.inf
    found = critical_discounts(games, (0, 0), resolve=True)
    assert found.status.tolist() == [BatchStatus.OK, BatchStatus.BAD_INPUT, BatchStatus.BAD_INPUT]
    assert found.sustained.tolist() == [Sustained.FROM, Sustained.OPEN, Sustained.OPEN]
    assert np.isnan(found.discount[1:]).all()
    assert len(critical_discounts(np.empty((0, 2, 2, 2)), (0, 0))) == 0


# Models


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        (RESTRAINT, {}),
        (RESTRAINT, {"punishment": "grim", "reversion": ("balance", "coerce")}),
        pytest.param(
            [RESTRAINT, ("bandwagon", "accommodate")],
            {"punishment": "minmax"},
            marks=pytest.mark.slow,
        ),
        (("balance", "coerce"), {"punishment": "grim", "reversion": ("balance", "coerce")}),
    ],
)
def test_maps_are_those_of_the_scalar_solver(path: Any, asked: dict[str, Any]) -> None:
    """A grid of tenths, on which many points are tied."""
    ds = critical_discount_map(MODEL, path, UKRAINE, axes=AXES, resolve=True, **asked)
    assert list(ds.data_vars) == ["status", "sustained", "discount", "error", "binding"]
    assert dict(ds.sizes) == {"stake": 21, "patron_reliability": 11}
    assert set(np.unique(ds.status)) <= {BatchStatus.OK, BatchStatus.RESOLVED}
    back = asked.get("reversion")
    names = [list(own) for own in MODEL.strategies]
    place = None if back is None else tuple(map(list.index, names, back))
    seen = set()
    for i, j in itertools.product(range(21), range(11)):
        game = MODEL.game(UKRAINE, stake=Fraction(i, 10), patron_reliability=Fraction(j, 10))
        wanted = exact(game, path, asked.get("punishment", "nash"), place)
        cell = ds.isel(stake=i, patron_reliability=j)
        given = int(cell.sustained), float(cell.discount), float(cell.error)
        assert agrees(wanted, *given), (i, j, given, str(wanted))
        seen.add(given[0])
        if wanted is not None and int(cell.binding) >= 0:
            assert wanted.binding == (MODEL.players[int(cell.binding)],)
    assert len(seen) > 1


def test_mutual_restraint_is_easy_in_the_ukraine_like_case() -> None:
    """(1.52 - 1.45) / (1.52 + 0.876), only the state being tempted (F4b)."""
    case = PointList({"stake": [float(UKRAINE["stake"])]})
    rest = {name: value for name, value in UKRAINE.items() if name != "stake"}
    ds = critical_discount_map(MODEL, RESTRAINT, rest, design=case)
    assert float(ds.discount[0]) == pytest.approx(0.07 / 2.396, abs=1e-14)
    assert int(ds.binding[0]) == MODEL.players.index("small_state")
    assert ds.attrs["path"] == ["hedge, accommodate"]
    assert ds.attrs["punishment"] == "nash"
    assert ds.attrs["reversion"] == ""
    assert ds.attrs["players"] == ["small_state", "hegemon"]
    assert ds.sustained.attrs["flag_meanings"] == ("open not_an_equilibrium never from every some")


def test_points_outside_the_domain_have_a_status() -> None:
    rest = {name: value for name, value in UKRAINE.items() if name != "support_effect"}
    ds = critical_discount_map(
        MODEL, RESTRAINT, rest, design=PointList({"support_effect": [0.3, -1.0, 5.0]})
    )
    assert ds.status.values.tolist() == [BatchStatus.OK, *[BatchStatus.BAD_INPUT] * 2]
    assert np.isnan(ds.discount.values[1:]).all()


def test_a_payoff_without_a_value_has_a_status(make_model: Any) -> None:
    x, y = sp.symbols("x y", real=True)
    model = make_model([[3, 0], [5, 1 / x]], [[3, 5], [0, 1 + y]])
    points = PointList({"x": [0.0, 1.0], "y": [0.0, 0.0], "z": [0.0, 0.0]})
    ds = critical_discount_map(
        model, (0, 0), design=points, punishment="grim", reversion=(1, 1), resolve=True
    )
    assert ds.status.values.tolist() == [BatchStatus.BAD_INPUT, BatchStatus.OK]
    assert ds.discount.values[1] == pytest.approx(0.5, abs=1e-14)


def test_a_model_of_three_players() -> None:
    model = ag.models.build_model(
        "commons",
        players=dict.fromkeys(("north", "south", "west"), ("spare", "use")),
        parameters={"gain": (0, 3)},
        payoffs={
            profile: tuple(
                ("gain" if own == "use" else "0") + f" - {2 * profile.count('use')}"
                for own in profile
            )
            for profile in itertools.product(("spare", "use"), repeat=3)
        },
    )
    ds = critical_discount_map(
        model, ("spare",) * 3, axes={"gain": [2.5, 3.0]}, punishment="grim", reversion=(1, 1, 1)
    )
    # Using gains g - 2 and costs the others 2 each: (g - 2) / (g - 2 + 6 - g).
    np.testing.assert_allclose(ds.discount, [0.5 / 4, 1 / 4], rtol=1e-12)
    assert (ds.binding == -1).all()  # all three are as tempted


@pytest.mark.parametrize(
    ("games", "path", "options", "message"),
    [
        (np.zeros((2, 2, 2)), (0, 0), {}, "must have the axes .* got shape"),
        (np.zeros((2, 3, 2, 2)), (0, 0), {}, "must have the axes"),
        ([["a"]], (0, 0), {}, "must hold real numbers"),
        (np.zeros((1, 2, 2, 2)), (0, 0), {"punishment": "nahs"}, "did you mean 'nash'"),
        (np.zeros((1, 2, 2, 2)), (0, 0), {"punishment": "grim"}, "`reversion` must name the"),
        (np.zeros((1, 2, 2, 2)), (0, 0), {"reversion": (1, 1)}, "no other punishment has one"),
        (np.zeros((1, 2, 2, 2)), (0,), {}, "must name one strategy for each"),
        (np.zeros((1, 2, 2, 2)), (0, 2), {}, "player_2"),
        (np.zeros((1, 2, 5, 2)), (0, 0), {}, "up to four strategies each, got 5 x 2"),
        (np.zeros((1, 3, 2, 2, 2)), (0, 0, 0), {}, "'nash' needs two players"),
        (np.zeros((1, 2, 3, 2)), (0, 0), {"punishment": "tit-for-tat"}, "two strategies each"),
        (np.zeros((1, 2, 2, 2)), (0, 0), {"resolve": 1}, "`resolve` must be True or False"),
    ],
)
def test_what_is_refused(games: Any, path: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(GameError, match=message):
        critical_discounts(games, path, **options)


def test_what_else_is_refused() -> None:
    games = np.zeros((1, 2, 2, 2))
    with pytest.raises(ParameterError, match="`tolerance`"):
        critical_discounts(games, (0, 0), tolerance=1)
    with pytest.raises(ParameterError, match="`workers`"):
        critical_discounts(games, (0, 0), workers=0)
    with pytest.raises(WorkLimitError, match="60 periods"):
        critical_discounts(games, [(0, 0)] * 61)
    with pytest.raises(ModelError):
        critical_discount_map(3, RESTRAINT, axes=AXES)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match=r"`axes` .* or `design`"):
        critical_discount_map(MODEL, RESTRAINT, UKRAINE)
    with pytest.raises(ParameterError, match="missing"):
        critical_discount_map(MODEL, RESTRAINT, {}, axes=AXES)
    with pytest.raises(GameError, match="unknown strategy"):
        critical_discount_map(MODEL, ("hedge", "attack"), UKRAINE, axes=AXES)
