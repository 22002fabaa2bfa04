"""Normal-form games: any number of players, labelled strategies, exact or floating payoffs."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from .._numeric import decimal_text, exact_number, integers, is_exact
from .._typing import FloatArray, ObjectArray
from ..errors import GameError, WorkLimitError, suggestion

__all__ = ["NormalFormGame", "index_of", "names_of"]

_MAX_SHOWN = 2000  # payoffs that print() shows
_MAX_ENTRIES = 4_000_000
_MAX_PLAYERS = 31  # NumPy 1 takes 32 axes, and one is that of the players


@dataclass(frozen=True, slots=True, init=False, eq=False)
class NormalFormGame:
    """A finite game in normal form.

    Parameters
    ----------
    payoffs : array_like, shape (n_players, n_strategies_1, ..., n_strategies_n)
        ``payoffs[player][profile]``, in utility units. Integers, Fractions and Decimals make
        the game *exact*: its solutions are then Fractions. One float makes it a floating
        game: it is still solved in rational arithmetic, every float standing for the
        shortest decimal that prints it, and its solutions are floats.
    players : sequence of str, optional
        Names of the players; ``player_1``, ... by default.
    strategies : sequence of sequences of str, optional
        Names of each player's strategies; ``s1``, ``s2``, ... by default.

    Attributes
    ----------
    payoffs : ndarray of float64, shape (n_players, n_strategies_1, ..., n_strategies_n)
        Read-only.
    exact : bool
        Whether all payoffs were given as exact numbers.

    Raises
    ------
    GameError
        If payoffs are ragged, empty, not finite real numbers or of the wrong shape, or if
        names are missing, repeated or of the wrong number.
    WorkLimitError
        If there are more than 31 players or 4,000,000 payoffs.

    Examples
    --------
    >>> game = NormalFormGame([[[2, 0], [3, 1]], [[2, 3], [0, 1]]], players=["Row", "Column"],
    ...                       strategies=[["cooperate", "defect"], ["cooperate", "defect"]])
    >>> game.shape
    (2, 2)
    >>> game.payoff("Row", "defect", "cooperate")
    Fraction(3, 1)
    >>> print(game)
    Row, Column    cooperate    defect
    -------------  -----------  --------
    cooperate      2, 2         0, 3
    defect         3, 0         1, 1
    """

    payoffs: FloatArray
    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    exact: bool
    _integers: ObjectArray = field(repr=False)
    _scales: tuple[int, ...] = field(repr=False)
    _fractions: ObjectArray | None = field(repr=False)

    def __init__(
        self,
        payoffs: Any,
        *,
        players: Sequence[str] | None = None,
        strategies: Sequence[Sequence[str]] | None = None,
    ) -> None:
        raw = _payoff_blocks(payoffs, _axes(players))
        n_players = len(raw)
        names = names_of("players", players, n_players, "player_")
        if strategies is None:
            labels = tuple(tuple(f"s{k + 1}" for k in range(size)) for size in raw[0].shape)
        else:
            given: object = strategies
            if not isinstance(given, Sized) or isinstance(given, str) or len(given) != n_players:
                msg = (
                    f"`strategies` must hold one list of names for each of the {n_players} "
                    f"players, got {len(given) if isinstance(given, Sized) else given!r}"
                )
                raise GameError(msg)
            labels = tuple(
                names_of(f"strategies[{k}]", own, size, "s")
                for k, (own, size) in enumerate(zip(strategies, raw[0].shape, strict=True))
            )
        self._fill(*_to_integers(raw), names, labels)

    def _fill(
        self,
        integer_payoffs: ObjectArray,
        scales: tuple[int, ...],
        exact: bool,
        players: tuple[str, ...],
        strategies: tuple[tuple[str, ...], ...],
    ) -> None:
        floats = np.empty(integer_payoffs.shape)
        try:
            for k, scale in enumerate(scales):
                floats[k] = (integer_payoffs[k] / scale).astype(np.float64)
        except OverflowError:
            msg = "`payoffs` must lie within the range of floats, about +-1.8e308; rescale them"
            raise GameError(msg) from None
        floats.flags.writeable = False
        integer_payoffs.flags.writeable = False
        for name, value in (
            ("payoffs", floats),
            ("players", players),
            ("strategies", strategies),
            ("exact", exact),
            ("_integers", integer_payoffs),
            ("_scales", scales),
            ("_fractions", None),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def _build(
        cls,
        integer_payoffs: ObjectArray,
        scales: tuple[int, ...],
        exact: bool,
        players: tuple[str, ...],
        strategies: tuple[tuple[str, ...], ...],
    ) -> NormalFormGame:
        """Make a game from parts that are known to be well formed."""
        game = object.__new__(cls)
        game._fill(integer_payoffs, scales, exact, players, strategies)
        return game

    @classmethod
    def _from_fractions(
        cls,
        payoffs: ObjectArray,
        exact: bool,
        players: tuple[str, ...],
        strategies: tuple[tuple[str, ...], ...],
    ) -> NormalFormGame:
        """Make a game from Fractions, shape (n_players, ...), and well-formed names."""
        scaled = np.empty(payoffs.shape, dtype=object)
        scales = []
        for own, target in zip(payoffs, scaled, strict=True):
            values, scale = integers(own.ravel().tolist())
            target.reshape(-1)[:] = values
            scales.append(scale)
        return cls._build(scaled, tuple(scales), exact, players, strategies)

    def __reduce__(self) -> tuple[Any, ...]:
        return NormalFormGame._build, (
            self._integers,
            self._scales,
            self.exact,
            self.players,
            self.strategies,
        )

    def __deepcopy__(self, memo: dict[int, object]) -> NormalFormGame:
        return self

    def as_exact(self) -> NormalFormGame:
        """Return the same game, its floats taken for the decimals that they stand for.

        Examples
        --------
        >>> NormalFormGame([[0.5, 1]]).as_exact().exact
        True
        """
        return NormalFormGame._build(
            self._integers, self._scales, True, self.players, self.strategies
        )

    @classmethod
    def from_bimatrix(
        cls,
        row_payoffs: Any,
        column_payoffs: Any,
        *,
        players: Sequence[str] | None = None,
        strategies: Sequence[Sequence[str]] | None = None,
    ) -> NormalFormGame:
        """Make a two-player game from its two payoff matrices.

        Parameters
        ----------
        row_payoffs, column_payoffs : array_like, shape (m, n)
            Payoffs of the row and the column player; rows are the first player's strategies.
        players, strategies
            As for the class.

        Examples
        --------
        >>> NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]).shape
        (2, 2)
        """
        first, second = _block(row_payoffs, "row_payoffs"), _block(column_payoffs, "column_payoffs")
        if first.ndim != 2 or first.shape != second.shape:
            msg = (
                "`row_payoffs` and `column_payoffs` must be matrices of one shape (m, n), got "
                f"{first.shape} and {second.shape}"
            )
            raise GameError(msg)
        return cls([first, second], players=players, strategies=strategies)

    @property
    def n_players(self) -> int:
        """Number of players."""
        return len(self.players)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of strategies of each player."""
        return tuple(map(len, self.strategies))

    @property
    def agents(self) -> tuple[str, ...]:
        """Who holds the vectors of a profile, in order: the players."""
        return self.players

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """What each agent's vector ranges over, in order: the strategies."""
        return self.strategies

    @property
    def exact_payoffs(self) -> ObjectArray:
        """Payoffs as Fractions, shape (n_players, ...), read-only."""
        if self._fractions is None:
            fractions = np.empty(self._integers.shape, dtype=object)
            for own, values, scale in zip(fractions, self._integers, self._scales, strict=True):
                own.reshape(-1)[:] = [Fraction(value, scale) for value in values.flat]
            fractions.flags.writeable = False
            object.__setattr__(self, "_fractions", fractions)
            return fractions
        return self._fractions

    @property
    def integer_payoffs(self) -> tuple[ObjectArray, tuple[int, ...]]:
        """Payoffs times one positive integer a player, and these integers.

        Returns
        -------
        tuple of ndarray of int, shape (n_players, ...), and tuple of int, one a player
            ``exact_payoffs[k] == integers[k] / scales[k]``; read-only.

        Examples
        --------
        >>> integers, scales = NormalFormGame([[0.5, 0.75]]).integer_payoffs
        >>> integers.tolist(), scales
        ([[2, 3]], (4,))
        """
        return self._integers, self._scales

    def player_index(self, player: str | int) -> int:
        """Return a player's position, from its name or position."""
        return index_of("player", player, self.players)

    def strategy_index(self, player: str | int, strategy: str | int) -> int:
        """Return a strategy's position among those of `player`, from its name or position."""
        who = self.player_index(player)
        return index_of(f"strategy of {self.players[who]}", strategy, self.strategies[who])

    def payoff(self, player: str | int, *profile: str | int) -> Fraction | float:
        """Return a player's payoff at a pure profile, one strategy a player.

        Returns
        -------
        Fraction or float
            A Fraction if the game is exact.
        """
        if len(profile) != self.n_players:
            msg = f"`profile` must name one strategy for each of {self.players}, got {profile}"
            raise GameError(msg)
        where = tuple(self.strategy_index(k, own) for k, own in enumerate(profile))
        who = self.player_index(player)
        value = Fraction(self._integers[(who, *where)], self._scales[who])
        return value if self.exact else float(value)

    def profiles(self) -> Iterator[tuple[int, ...]]:
        """Iterate over all pure profiles, as positions, the last player's strategy fastest."""
        return itertools.product(*(range(size) for size in self.shape))

    def without(self, player: str | int, *strategies: str | int) -> NormalFormGame:
        """Return the game in which `player` has given up some strategies.

        This is commitment as a restriction of the strategy set: ``without("small_state",
        "balance")`` is a state that has renounced alliances.

        Raises
        ------
        GameError
            If a name is unknown or no strategy would be left.
        """
        who = self.player_index(player)
        gone = {self.strategy_index(who, own) for own in strategies}
        return self.restrict(player, [k for k in range(self.shape[who]) if k not in gone])

    def restrict(self, player: str | int, strategies: Sequence[str | int]) -> NormalFormGame:
        """Return the game in which `player` keeps only `strategies`, in the order given."""
        who = self.player_index(player)
        kept = [self.strategy_index(who, own) for own in strategies]
        if not kept:
            msg = f"`strategies` must leave {self.players[who]} at least one strategy, got none"
            raise GameError(msg)
        labels = list(self.strategies)
        labels[who] = tuple(self.strategies[who][k] for k in kept)
        if len(set(kept)) != len(kept):
            msg = f"`strategies` must hold different names, got {list(strategies)}"
            raise GameError(msg)
        values = np.take(self._integers, kept, axis=who + 1)
        return NormalFormGame._build(values, self._scales, self.exact, self.players, tuple(labels))

    def __str__(self) -> str:
        names = ", ".join(self.players)
        if self.n_players != 2 or self._integers.size > _MAX_SHOWN:
            sizes = " x ".join(map(str, self.shape))
            return f"{sizes} game of {names}"
        from tabulate import tabulate

        rows = [
            [
                name,
                *(
                    ", ".join(decimal_text(u) for u in cell)
                    for cell in self.exact_payoffs[:, k].T.tolist()
                ),
            ]
            for k, name in enumerate(self.strategies[0])
        ]
        return tabulate(rows, headers=[names, *self.strategies[1]], disable_numparse=True)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NormalFormGame):
            return NotImplemented
        return (
            self.players == other.players
            and self.strategies == other.strategies
            and self.exact == other.exact
            and bool(np.array_equal(self.exact_payoffs, other.exact_payoffs))
        )

    def __hash__(self) -> int:
        return hash((self.players, self.strategies, self.payoffs.tobytes()))


def _axes(players: object) -> str:
    """Return the tail of a message on shapes that names the axes, where players are named."""
    if isinstance(players, Iterable) and not isinstance(players, str):
        return f"; axes are ({', '.join(map(str, players))})"
    return ""


def _block(values: Any, argument: str) -> ObjectArray:
    """Return one player's payoffs as an array, refusing lists of different lengths."""
    if isinstance(values, np.ma.MaskedArray) or (
        isinstance(values, np.ndarray) and values.dtype.kind in "mM"
    ):
        msg = (
            f"`{argument}` must hold finite real numbers, got an array of {values.dtype} "
            f"({type(values).__name__}); a payoff is neither missing nor a time"
        )
        raise GameError(msg)
    ragged = f"`{argument}` must be rectangular; its lists have different lengths"
    try:
        block = values if isinstance(values, np.ndarray) else np.array(values, dtype=object)
    except ValueError:  # arrays whose shapes do not fit together
        raise GameError(ragged) from None
    if block.ndim > _MAX_PLAYERS:
        msg = (
            f"`{argument}` must have one axis a player, at most {_MAX_PLAYERS}, got "
            f"{block.ndim} or more. Leave out players without a choice"
        )
        raise WorkLimitError(msg)
    if block.dtype == object and any(isinstance(v, (list, tuple, np.ndarray)) for v in block.flat):
        raise GameError(ragged)
    return block


def _payoff_blocks(payoffs: Any, axes: str) -> list[ObjectArray]:
    """Return one array a player, all of one shape with one axis a player."""
    try:
        blocks = [_block(values, f"payoffs[{k}]") for k, values in enumerate(payoffs)]
    except TypeError:
        msg = f"`payoffs` must hold one array a player, got {type(payoffs).__name__}"
        raise GameError(msg) from None
    if not blocks:
        msg = "`payoffs` must hold one array a player, got none"
        raise GameError(msg)
    shape = blocks[0].shape
    if len(shape) != len(blocks):
        msg = (
            f"`payoffs` holds {len(blocks)} arrays, one a player, so each must have "
            f"{len(blocks)} axes{axes}; `payoffs[0]` has shape {shape}"
        )
        raise GameError(msg)
    for k, block in enumerate(blocks):
        if block.shape != shape:
            msg = (
                f"`payoffs[{k}]` must have shape {shape} like `payoffs[0]`, got {block.shape}{axes}"
            )
            raise GameError(msg)
    if 0 in shape:
        msg = f"`payoffs` must give every player at least one strategy, got shape {shape}"
        raise GameError(msg)
    entries = len(blocks) * math.prod(shape)
    if entries > _MAX_ENTRIES:
        msg = (
            f"`payoffs` of shape {(len(blocks), *shape)} hold {entries} numbers; the limit is "
            f"{_MAX_ENTRIES}, each an exact number of 100 bytes or more. Leave out strategies"
        )
        raise WorkLimitError(msg)
    return blocks


def _to_integers(raw: list[ObjectArray]) -> tuple[ObjectArray, tuple[int, ...], bool]:
    """Return each player's payoffs as integers over one scale, and whether all were exact."""
    result = np.empty((len(raw), *raw[0].shape), dtype=object)
    scales = []
    all_exact = True
    for who, block in enumerate(raw):
        fast = _decimal_integers(block)
        if fast is None:
            values, exact = _exact_values(block, who)
            scaled, scale = integers(values)
            result[who].reshape(-1)[:] = scaled
        else:
            result[who], scale, exact = fast
        scales.append(scale)
        all_exact = all_exact and exact
    return result, tuple(scales), all_exact


_PLACES = 6


def _decimal_integers(block: ObjectArray) -> tuple[ObjectArray, int, bool] | None:
    """Convert an array of machine numbers at once, if its floats are short decimals.

    An integer below 1e15 over a power of ten that rounds to a float is the shortest decimal of
    that float, because two decimals of 15 digits never round to the same one.
    """
    if block.dtype.kind in "iu":
        return block.astype(object), 1, True
    if block.dtype != np.float64 or not np.isfinite(block).all():
        return None
    # Round decimals at once; others one by one, from the digits that print them.
    for places in range(_PLACES + 1):
        scale = 10**places
        with np.errstate(over="ignore"):
            scaled = np.rint(block * scale)
        if np.abs(scaled).max() >= 1e15:
            break
        if np.array_equal(scaled / scale, block):
            return scaled.astype(np.int64).astype(object), scale, False
    parts = [_digits(repr(value)) for value in block.ravel().tolist()]
    lowest = min(0, *(exponent for _, exponent in parts))
    values = np.empty(len(parts), dtype=object)
    values[:] = [number * 10 ** (exponent - lowest) for number, exponent in parts]
    return values.reshape(block.shape), 10**-lowest, False


def _digits(text: str) -> tuple[int, int]:
    """Return the digits that print a float as an integer, and the power of ten it is times."""
    mantissa, _, exponent = text.partition("e")
    whole, _, digits = mantissa.partition(".")
    return int(whole + digits), int(exponent or 0) - len(digits)


def _exact_values(block: ObjectArray, who: int) -> tuple[list[Fraction], bool]:
    values = []
    all_exact = True
    for where in np.ndindex(*block.shape):
        value = block[where]
        if hasattr(value, "item"):  # a NumPy scalar in a list
            value = value.item()
        try:
            values.append(exact_number(value))
        except (TypeError, ValueError) as error:
            place = "".join(f"[{k}]" for k in (who, *where))
            msg = f"`payoffs{place}` must be a finite real number: {error}"
            raise GameError(msg) from None
        all_exact = all_exact and is_exact(value)
    return values, all_exact


def names_of(argument: str, given: Sequence[str] | None, size: int, prefix: str) -> tuple[str, ...]:
    """Return names after checking that there are enough, all different; or numbered ones.

    Raises
    ------
    GameError

    Examples
    --------
    >>> names_of("players", None, 2, "player_")
    ('player_1', 'player_2')
    """
    if given is None:
        return tuple(f"{prefix}{k + 1}" for k in range(size))
    values: object = given
    sequence = isinstance(values, Iterable) and not isinstance(values, str)
    names = (
        tuple(name.item() if isinstance(name, np.str_) else name for name in given)
        if (sequence)
        else ()
    )
    if len(names) != size:
        msg = (
            f"`{argument}` must hold {size} name{'s' * (size != 1)} like the payoffs' axis, "
            f"got {given!r}"
        )
        raise GameError(msg)
    unchecked: tuple[object, ...] = names
    for name in unchecked:
        if not isinstance(name, str) or not name:
            msg = f"`{argument}` must hold non-empty text, got {name!r}"
            raise GameError(msg)
    if len(set(names)) != size:
        msg = f"`{argument}` must hold different names, got {names}"
        raise GameError(msg)
    return names


def index_of(what: str, key: object, names: tuple[str, ...]) -> int:
    """Return a position, from a name or a position.

    Raises
    ------
    GameError

    Examples
    --------
    >>> index_of("player", "Row", ("Row", "Column"))
    0
    """
    if isinstance(key, str):
        if key in names:
            return names.index(key)
        msg = f"unknown {what} {key!r}{suggestion(key, names)}"
        raise GameError(msg)
    if isinstance(key, (int, np.integer)) and not isinstance(key, bool) and 0 <= key < len(names):
        return int(key)
    msg = f"a {what} is a name or a position from 0 to {len(names) - 1}, got {key!r}"
    raise GameError(msg)
