"""From parameters to answers in one loop: source text that computes payoffs and solves the game.

The text joins that of `alignment_games.models.compile` (payoffs and bounds on their errors) with
comparisons within these bounds: the sequential outcome, dominance, and, for up to three
strategies a player, all equilibria of the simultaneous game. It treats `LANES` points side by
side and keeps nothing of their payoffs.

The bounds hold for every value of the parameters within the stated distance of the given one.
With distances of zero an answer is certain at the point; with those of half a cell's sides it is
certain throughout the cell.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

from ..errors import GameError, ParameterError, suggestion
from ..models import AlignmentModel
from ..models.compile import payoff_text
from .closed_forms import (
    LANES,
    LARGEST,
    Differences,
    Lines,
    payoff_names,
    simultaneous,
    size_bounds,
    support_pairs,
)

__all__ = [
    "MOST_PROFILES",
    "NONE",
    "OPEN",
    "OUTPUTS",
    "domain_test",
    "fused_loop",
    "fused_source",
    "wanted_outputs",
]

MOST_PROFILES = 40
"""Largest number of pure profiles: beyond, the text takes more than a minute to compile."""

NONE = -1
"""Code of an answer that certainly is no single strategy, or of infinitely many equilibria."""

OPEN = -2
"""Code of an answer that is open within the bounds."""

_SEQUENTIAL = ("posture", "coerced", "payoff", "margin")
_DOMINANCE = ("dominant",)
_SIMULTANEOUS = ("equilibria", "equilibrium_posture")

OUTPUTS: dict[str, str] = {
    "posture": "posture on every path that is subgame-perfect when the posture is observed",
    "coerced": "whether the second player answers with its last strategy on that path",
    "payoff": "the first player's payoff on that path",
    "margin": "by how much that posture is better than the next",
    "dominant": "strictly dominant strategy of the first player",
    "equilibria": "number of Nash equilibria of the simultaneous game",
    "equilibrium_posture": "strategy that the first player chooses in all of them for certain",
}
"""What can be asked about a point, with its meaning."""

NUMBERS = ("payoff", "margin")
"""Outputs that are floats; the others are codes."""


def wanted_outputs(outputs: object) -> tuple[str, ...]:
    """Return checked names of outputs, in the order of `OUTPUTS`.

    Raises
    ------
    ParameterError
    """
    names = [outputs] if isinstance(outputs, str) else outputs
    if not isinstance(names, Sequence) or not names:
        msg = f"`outputs` must be one or more of {', '.join(OUTPUTS)}, got {outputs!r}"
        raise ParameterError(msg)
    for name in names:
        if not isinstance(name, str) or name not in OUTPUTS:
            msg = f"`outputs` holds {str(name)[:80]!r}{suggestion(str(name), OUTPUTS)}"
            raise ParameterError(msg)
    return tuple(name for name in OUTPUTS if name in names)


@functools.lru_cache(maxsize=64)
def fused_loop(model: AlignmentModel, outputs: tuple[str, ...]) -> Callable[..., None]:
    """Return the compiled loop of `fused_source`, kept on disk for the next process."""
    from .._compiled import generated

    return generated("solve", fused_source(model, outputs))


@functools.lru_cache(maxsize=64)
def fused_source(model: AlignmentModel, outputs: tuple[str, ...]) -> str:
    """Return the source of ``solve(fixed, swept, columns, distances, codes, numbers)``.

    ``fixed`` holds a value for each parameter, ``swept`` the places of those that ``columns``
    (one row each) replaces, ``distances`` how far each parameter may be from its value.
    ``codes`` (one row for the status and one for each output that is a code) and ``numbers`` (one
    row for each other) receive the answers.

    Raises
    ------
    GameError
        If the model has not two players, or more strategies than a question allows.
    """
    sizes = _sizes(model, outputs)
    body = Lines()
    text = payoff_text(model)
    for k, (name, error) in enumerate(zip(text.parameters, text.errors, strict=True)):
        body.add(f"{name} = inputs[{k * LANES} + lane]")
        body.add(f"{error} = abs({name}) * 1.1102230246251565e-16 + distances[{k}]")
    domain_test(body, model, text.parameters)
    for line in text.lines:
        body.add(line)
    _payoffs(body, text.payoffs, text.bounds, sizes)
    if set(outputs) & set(_SIMULTANEOUS):
        simultaneous(body, *sizes)
    else:
        _all_differences(body, *sizes)
    for names, write in (
        (_SEQUENTIAL, _sequential),
        (_DOMINANCE, _dominance),
        (_SIMULTANEOUS, _equilibria),
    ):
        if set(outputs) & set(names):
            write(body, *sizes)
    # Codes are sums of tests: chains of choices between integers would become branches, which
    # cost the compiler's vector instructions.
    codes = [name for name in outputs if name not in NUMBERS]
    numbers = [name for name in outputs if name in NUMBERS]
    body.add(f"unknown = odd | {_any([f'(not {name}_known)' for name in outputs])}")
    body.add("lost = invalid | odd")
    body.add("found[lane] = 2 * int(invalid) + int(unknown & (not invalid))")
    for k, name in enumerate(codes, 1):
        body.add(f"known = {name}_known & (not lost)")
        body.add(f"found[{k * LANES} + lane] = {name} * int(known) + {OPEN} * int(not known)")
    for k, name in enumerate(numbers):
        body.add(f"measured[{k * LANES} + lane] = {name} if {name}_known & (not lost) else nan")
    head = [
        f'"""Points of the model {model.name}: generated by alignment_games.batch.fused."""',
        "",
        f"from math import {', '.join((*text.functions, 'inf', 'nan'))}",
        "",
        "import numpy as np",
        "",
        "",
        "def solve(fixed, swept, columns, distances, codes, numbers):",
        f"    inputs = np.empty(fixed.size * {LANES})",
        f"    found = np.empty(codes.shape[0] * {LANES}, np.int64)",
        f"    measured = np.empty(numbers.shape[0] * {LANES})",
        "    for k in range(fixed.size):",
        f"        for lane in range({LANES}):",
        f"            inputs[k * {LANES} + lane] = fixed[k]",
        "    total = codes.shape[1]",
        f"    for first in range(0, total, {LANES}):",
        f"        count = min({LANES}, total - first)",
        "        for s in range(swept.size):",
        f"            row = swept[s] * {LANES}",
        "            for lane in range(count):",
        "                inputs[row + lane] = columns[s, first + lane]",
        f"        for lane in range({LANES}):",
    ]
    tail = [
        "        for k in range(codes.shape[0]):",
        "            for lane in range(count):",
        f"                codes[k, first + lane] = found[k * {LANES} + lane]",
        "        for k in range(numbers.shape[0]):",
        "            for lane in range(count):",
        f"                numbers[k, first + lane] = measured[k * {LANES} + lane]",
    ]
    return "\n".join([*head, *(" " * 12 + line for line in body.lines), *tail]) + "\n"


def _sizes(model: AlignmentModel, outputs: tuple[str, ...]) -> tuple[int, int]:
    """Return the numbers of strategies of two players."""
    if len(model.players) != 2:
        msg = f"`model` must have two players to be swept, {model.name} has {len(model.players)}"
        raise GameError(msg)
    m, n = (len(own) for own in model.strategies)
    if m * n > MOST_PROFILES:
        msg = (
            f"`model` must have at most {MOST_PROFILES} profiles to be swept, {model.name} has "
            f"{m} x {n}; solve points one by one with `alignment_games.solve`"
        )
        raise GameError(msg)
    asked = [name for name in outputs if name in _SIMULTANEOUS]
    if asked and max(m, n) > LARGEST:
        msg = (
            f"`outputs` {', '.join(asked)} need a model of up to {LARGEST} strategies a player, "
            f"{model.name} has {m} and {n}; ask for the other outputs, or solve points one by "
            "one with solvers.nash"
        )
        raise GameError(msg)
    return m, n


def domain_test(body: Lines, model: AlignmentModel, names: Sequence[str]) -> None:
    """Write down whether a parameter lies outside its domain, or is no number."""
    body.add("invalid = False")
    for name, parameter in zip(names, model.parameters.values(), strict=True):
        upper = parameter.domain.upper
        inside = f"({name} >= {float(parameter.domain.lower)!r})"
        inside += f" & ({name} <= {1e100 if upper is None else float(upper)!r})"
        body.add(f"invalid = invalid | (not ({inside}))")
    place = dict(zip(model.parameters, names, strict=True))
    for constraint in model.parameters.constraints:
        body.add(f"invalid = invalid | ({place[constraint.smaller]} > {place[constraint.larger]})")


def _payoffs(
    body: Lines,
    payoffs: Sequence[Sequence[str]],
    bounds: Sequence[Sequence[str]],
    sizes: tuple[int, int],
) -> None:
    """Name the payoffs, and bound the errors of their differences."""
    names = payoff_names(*sizes)
    for own, values in zip(names, payoffs, strict=True):
        for name, value in zip(own, values, strict=True):
            body.add(f"{name} = {value}")
    every = [value for values in payoffs for value in values]
    body.add(
        f"invalid = invalid | (not (({' + '.join(f'{value} * 0.0' for value in every)}) == 0.0))"
    )
    body.add("odd = False")
    for who, own, errors in zip("ab", names, bounds, strict=True):
        # A hundredth more for the rounding of the bounds, and what gradual underflow may hide.
        body.add(f"error_{who} = {errors[0]}")
        for error in errors[1:]:
            if error not in (errors[0], "0.0"):
                body.add(f"error_{who} = {error} if {error} > error_{who} else error_{who}")
        body.add(f"odd = odd | (not (({' + '.join(dict.fromkeys(errors))}) * 0.0 == 0.0))")
        size_bounds(body, who, own, f"2.02 * error_{who} + largest * {2.0**-51!r} + 1e-200")


def _all_differences(body: Lines, m: int, n: int) -> None:
    Differences(body, [[f"a{i}{j}" for j in range(n)] for i in range(m)], "a")
    Differences(body, [[f"b{i}{j}" for i in range(m)] for j in range(n)], "b")


def _any(tests: Sequence[str]) -> str:
    return f"({' | '.join(tests)})" if tests else "False"


def _all(tests: Sequence[str]) -> str:
    return f"({' & '.join(tests)})" if tests else "True"


def _sum(terms: Sequence[str]) -> str:
    return " + ".join(terms) or "0"


def _sequential(body: Lines, m: int, n: int) -> None:
    """Write down what follows where the row player chooses first and is observed."""
    for i in range(m):
        for j in range(n):
            better = [f"b_more_{k}_{j}_{i}" for k in range(n) if k != j]
            body.add(f"may_{i}_{j} = not {_any(better)}")
        body.add(f"low_{i} = inf")
        body.add(f"high_{i} = -inf")
        for j in range(n):
            body.add(f"low_{i} = a{i}{j} if may_{i}_{j} & (a{i}{j} < low_{i}) else low_{i}")
            body.add(f"high_{i} = a{i}{j} if may_{i}_{j} & (a{i}{j} > high_{i}) else high_{i}")
        body.add(f"single_{i} = ({_sum([f'int(may_{i}_{j})' for j in range(n)])}) == 1")
        body.add(f"soft_{i} = {_any([f'may_{i}_{j}' for j in range(n - 1)])}")
    body.add("payoff, margin = nan, nan")
    for i in range(m):
        others = [k for k in range(m) if k != i]
        body.add(f"best_{i} = {_all([f'(low_{i} - high_{k} > e1a)' for k in others])}")
        body.add(f"payoff = low_{i} if best_{i} else payoff")
        body.add("next_ = -inf")
        for k in others:
            body.add(f"next_ = high_{k} if high_{k} > next_ else next_")
        body.add(f"margin = low_{i} - next_ if best_{i} else margin")
    body.add(f"posture = {_sum([f'{i} * int(best_{i})' for i in range(1, m)])}")
    body.add(f"posture_known = {_any([f'best_{i}' for i in range(m)])}")
    yes = [f"(best_{i} & may_{i}_{n - 1} & (not soft_{i}))" for i in range(m)]
    no = [f"(best_{i} & (not may_{i}_{n - 1}))" for i in range(m)]
    body.add(f"coerced = int({_any(yes)})")
    body.add(f"coerced_known = {_any([*yes, *no])}")
    body.add(f"payoff_known = {_any([f'(best_{i} & single_{i})' for i in range(m)])}")
    body.add(f"margin_known = posture_known & {_all([f'single_{i}' for i in range(m)])}")


def _dominance(body: Lines, m: int, n: int) -> None:
    for i in range(m):
        others = [(k, j) for k in range(m) if k != i for j in range(n)]
        body.add(f"wins_{i} = {_all([f'a_more_{i}_{k}_{j}' for k, j in others])}")
        body.add(f"loses_{i} = {_any([f'a_more_{k}_{i}_{j}' for k, j in others])}")
    body.add(f"none = {_all([f'loses_{i}' for i in range(m)])}")
    terms = [f"{i} * int(wins_{i})" for i in range(1, m)]
    body.add(f"dominant = {_sum([*terms, f'({NONE}) * int(none)'])}")
    body.add(f"dominant_known = none | {_any([f'wins_{i}' for i in range(m)])}")


def _equilibria(body: Lines, m: int, n: int) -> None:
    pairs = support_pairs(m, n)
    body.add(f"equilibria = {_sum([f'((sure >> {k}) & 1)' for k in range(len(pairs))])}")
    for i in range(m):
        others = sum(1 << k for k, (own, _) in enumerate(pairs) if own != (i,))
        body.add(f"only_{i} = (sure & {others}) == 0")
    body.add(f"none = not {_any([f'only_{i}' for i in range(m)])}")
    terms = [f"{i} * int(only_{i})" for i in range(1, m)]
    body.add(f"equilibrium_posture = {_sum([*terms, f'({NONE}) * int(none)'])}")
    for name in _SIMULTANEOUS:
        body.add(f"{name}_known = open_ == 0")
