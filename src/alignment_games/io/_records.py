"""What JSON files hold: plain records of games and strategies, and the way there and back.

Numbers of games are texts of Fractions, ``"7/10"``, so that nothing is rounded; `exact` says
whether a game counts as one of exact numbers or of floats.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TypeAlias

import msgspec
import numpy as np

from .._numeric import exact_number
from .._typing import Number, Vector
from ..errors import GameFileError
from ..games import Automaton, BayesianGame, NormalFormGame, RepeatedGame, StochasticGame

__all__ = [
    "AutomatonRecord",
    "GameRecord",
    "JsonGame",
    "NumberRecord",
    "automaton_of",
    "game_of",
    "number_of",
    "number_record",
    "record_of_automaton",
    "record_of_game",
]

JsonGame: TypeAlias = NormalFormGame | BayesianGame | RepeatedGame | StochasticGame
"""Games that JSON files hold."""

NumberRecord: TypeAlias = str | float
"""A Fraction as text, or a float."""

_MAX_DIGITS = 4000
_MAX_BITS = 13_280
_MAX_TABLE = 2**30  # bits of numbers over their common denominator: 128 MiB
_MAX_PLAYERS = 32  # axes that every version of NumPy's arrays can have
_RATIO = re.compile(r"-?[0-9]+(/[0-9]+)?", re.ASCII)


class NormalFormRecord(msgspec.Struct, tag="normal-form", forbid_unknown_fields=True):
    """A normal form; payoffs of each player in the order of profiles, the last fastest."""

    players: list[str]
    strategies: list[list[str]]
    payoffs: list[list[str]]
    exact: bool


class RepeatedRecord(msgspec.Struct, tag="repeated", forbid_unknown_fields=True):
    """A repeated game."""

    stage: NormalFormRecord
    discounts: list[str]
    exact: bool


class StateRecord(msgspec.Struct, forbid_unknown_fields=True):
    """A state of a stochastic game; `moves` by profile and next state."""

    name: str
    stage: NormalFormRecord
    moves: list[list[str]]


class StochasticRecord(msgspec.Struct, tag="stochastic", forbid_unknown_fields=True):
    """A stochastic game."""

    states: list[StateRecord]
    discounts: list[str]
    exact: bool


class BayesianRecord(msgspec.Struct, tag="bayesian", forbid_unknown_fields=True):
    """A Bayesian game; stages and prior in the order of type profiles, the last type fastest."""

    types: list[list[str]]
    stages: list[NormalFormRecord]
    prior: list[str]
    exact: bool


class AutomatonRecord(msgspec.Struct, forbid_unknown_fields=True):
    """An automaton of a stage game that stands beside it; `moves` by state and profile."""

    states: list[str]
    start: str
    actions: list[list[int]]
    moves: list[list[dict[str, str]]]


GameRecord: TypeAlias = NormalFormRecord | BayesianRecord | RepeatedRecord | StochasticRecord


def record_of_game(game: JsonGame) -> GameRecord:
    """Return the record of a game."""
    if isinstance(game, NormalFormGame):
        return _normal_form(game)
    if isinstance(game, RepeatedGame):
        return RepeatedRecord(_normal_form(game.stage), _texts(game.discounts), game.exact)
    if isinstance(game, BayesianGame):
        return BayesianRecord(
            types=list(map(list, game.types)),
            stages=list(map(_normal_form, game.stages.values())),
            prior=_texts(game.exact_prior.values()),
            exact=game.exact,
        )
    states = [
        StateRecord(name, _normal_form(stage), [_texts(row) for row in _rows(moves)])
        for name, stage, moves in zip(game.states, game.stages, game.exact_transitions, strict=True)
    ]
    return StochasticRecord(states, _texts(game.exact_discount), game.exact)


def game_of(record: GameRecord) -> JsonGame:
    """Return the game of a record, checked as every game is.

    Raises
    ------
    GameFileError
        If a number is none.
    GameError, ParameterError, WorkLimitError
        If the numbers do not make a game.
    """
    if isinstance(record, NormalFormRecord):
        return _stage(record)
    if isinstance(record, RepeatedRecord):
        repeated = RepeatedGame(_stage(record.stage), discount=_fractions(record.discounts))
        return RepeatedGame._build(repeated.stage, repeated.discounts, record.exact)
    if isinstance(record, BayesianRecord):
        return _bayesian(record)
    stages = [_stage(own.stage) for own in record.states]
    moves = []
    for own, stage in zip(record.states, stages, strict=True):
        shape = (*stage.shape, len(stages))
        flat = [number for row in own.moves for number in _fractions(row)]
        if len(flat) != math.prod(shape) or any(len(row) != len(stages) for row in own.moves):
            msg = (
                f"`moves` of state {own.name!r} must hold {math.prod(stage.shape)} rows, one a "
                f"profile, of {len(stages)} probabilities"
            )
            raise GameFileError(msg)
        table = np.empty(len(flat), dtype=object)
        table[:] = flat
        moves.append(table.reshape(shape))
    game = StochasticGame(
        stages, moves, _fractions(record.discounts), states=[own.name for own in record.states]
    )
    return StochasticGame._build(
        game.stages, game.states, game.exact_discount, game.exact_transitions, record.exact
    )


def record_of_automaton(automaton: Automaton) -> AutomatonRecord:
    """Return the record of an automaton."""
    profiles = list(automaton.stage.profiles())
    return AutomatonRecord(
        states=list(automaton.states),
        start=automaton.start,
        actions=[list(automaton.actions[state]) for state in automaton.states],
        moves=[
            [
                dict(zip(lottery, _texts(lottery.values()), strict=True))
                for lottery in map(automaton.transitions[state].__getitem__, profiles)
            ]
            for state in automaton.states
        ],
    )


def automaton_of(stage: NormalFormGame, record: AutomatonRecord) -> Automaton:
    """Return the automaton of a record, checked as every automaton is.

    Raises
    ------
    GameFileError, GameError
        If it is none of the stage game.
    """
    profiles = list(stage.profiles())
    sizes = [len(record.actions), *map(len, record.moves)]
    if sizes != [len(record.states)] + [len(profiles)] * len(record.states):
        msg = (
            f"an automaton must have actions and moves for each of its {len(record.states)} "
            f"states, and moves for each of {len(profiles)} profiles"
        )
        raise GameFileError(msg)
    return Automaton(
        stage,
        play=dict(zip(record.states, record.actions, strict=True)),
        after={
            state: {
                profile: dict(zip(lottery, _fractions(lottery.values()), strict=True))
                for profile, lottery in zip(profiles, moves, strict=True)
            }
            for state, moves in zip(record.states, record.moves, strict=True)
        },
        start=record.start,
    )


def number_text(value: Number) -> str:
    """Return a number as the text of its Fraction.

    Raises
    ------
    GameFileError
        If it has more than 4,000 digits.

    Examples
    --------
    >>> number_text(0.7), number_text(2)
    ('7/10', '2')
    """
    exact = exact_number(value)
    if max(exact.numerator.bit_length(), exact.denominator.bit_length()) > _MAX_BITS:
        msg = f"a number of more than {_MAX_DIGITS} digits cannot be written"
        raise GameFileError(msg)
    return str(exact)


def fraction_of(text: str) -> Fraction:
    """Return the Fraction of a text.

    Raises
    ------
    GameFileError
        If it is none, or has more than 4,000 digits.

    Examples
    --------
    >>> fraction_of("7/10")
    Fraction(7, 10)
    """
    if len(text) <= 2 * _MAX_DIGITS + 2 and _RATIO.fullmatch(text):
        top, _, bottom = text.partition("/")
        if max(len(top), len(bottom)) <= _MAX_DIGITS + 1 and int(bottom or 1):
            return Fraction(int(top), int(bottom or 1))
    msg = f"an integer or a ratio such as 7/10 is needed, got {text[:40]!r}"
    raise GameFileError(msg)


def number_record(value: Number) -> NumberRecord:
    """Return a float as it is, another number as text."""
    return value if isinstance(value, float) else number_text(value)


def number_of(record: NumberRecord) -> Number:
    """Return a float as it is, and the Fraction of a text."""
    return record if isinstance(record, float) else fraction_of(record)


def _normal_form(game: NormalFormGame) -> NormalFormRecord:
    return NormalFormRecord(
        players=list(game.players),
        strategies=list(map(list, game.strategies)),
        payoffs=[_texts(own.flat) for own in game.exact_payoffs],
        exact=game.exact,
    )


def _stage(record: NormalFormRecord) -> NormalFormGame:
    shape = tuple(map(len, record.strategies))
    if len(shape) > _MAX_PLAYERS:
        msg = f"a game of {len(shape)} players cannot be held; the limit is {_MAX_PLAYERS}"
        raise GameFileError(msg)
    size = math.prod(shape)
    if any(len(own) != size for own in record.payoffs):
        msg = f"`payoffs` must hold {size} numbers for each player, one a profile"
        raise GameFileError(msg)
    blocks = []
    for own in record.payoffs:
        block = np.empty(size, dtype=object)
        block[:] = _fractions(own)
        blocks.append(block.reshape(shape))
    game = NormalFormGame(blocks, players=record.players, strategies=record.strategies)
    if record.exact:
        return game
    return NormalFormGame._build(*game.integer_payoffs, False, game.players, game.strategies)


def _bayesian(record: BayesianRecord) -> BayesianGame:
    count = math.prod(map(len, record.types))
    if len(record.stages) != count or len(record.prior) != count:
        msg = f"`stages` and `prior` must hold {count} entries, one a type profile"
        raise GameFileError(msg)
    profiles = list(itertools.product(*record.types))
    stages, chances = map(_stage, record.stages), _fractions(record.prior)
    game = BayesianGame(
        dict(zip(profiles, stages, strict=True)),
        dict(zip(profiles, chances, strict=True)),
        types=record.types,
    )
    return BayesianGame._build(
        game.types, tuple(game.stages.values()), tuple(game.exact_prior.values()), record.exact
    )


def _texts(values: Iterable[Number]) -> list[str]:
    numbers = [exact_number(own) for own in values]
    texts = list(map(number_text, numbers))
    _check_common(numbers)
    return texts


def _fractions(texts: Iterable[str]) -> tuple[Fraction, ...]:
    numbers = tuple(map(fraction_of, texts))
    _check_common(numbers)
    return numbers


def _check_common(numbers: Sequence[Fraction]) -> None:
    """Refuse numbers that belong together but whose sum or common multiple would be too long.

    Raises
    ------
    GameFileError
    """
    common = 1
    for own in numbers:
        common = math.lcm(common, own.denominator)
        if common.bit_length() > _MAX_BITS:
            msg = (
                f"payoffs of a player, or probabilities of a row, must have a common denominator "
                f"of at most {_MAX_DIGITS} digits; round them"
            )
            raise GameFileError(msg)
    longest = max((abs(own.numerator).bit_length() for own in numbers), default=0)
    if (longest + common.bit_length()) * len(numbers) > _MAX_TABLE:
        msg = f"{len(numbers)} numbers of so many digits are more than a table may hold; round them"
        raise GameFileError(msg)


def _rows(moves: object) -> list[Vector]:
    table = np.asarray(moves, dtype=object)
    return [tuple(row) for row in table.reshape(-1, table.shape[-1]).tolist()]
