"""Average discounted payoffs of finitely many states, exactly, block by block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ._rational import solve_unique

__all__ = ["discounted"]


def discounted(
    payoffs: Sequence[Fraction], follow: Sequence[Mapping[int, Fraction]], discount: Fraction
) -> tuple[Fraction, ...]:
    """Solve ``v = (1 - delta) u + delta P v``, whose matrix is never singular.

    States that lead to each other are solved together, after all states to which they lead.

    Parameters
    ----------
    payoffs : sequence of Fraction, one a state
    follow : sequence of mappings, one a state
        Probabilities of the next states, by position.
    discount : Fraction

    Examples
    --------
    >>> discounted([Fraction(0), Fraction(1)], [{1: Fraction(1)}, {1: Fraction(1)}], Fraction(1, 2))
    (Fraction(1, 2), Fraction(1, 1))
    """
    values: dict[int, Fraction] = {}
    for block in _blocks(follow):
        rows, right = [], []
        for state in block:
            row = {state: Fraction(1)}
            value = (1 - discount) * payoffs[state]
            for other, p in follow[state].items():
                if other in values:
                    value += discount * p * values[other]
                else:
                    row[other] = row.get(other, Fraction(0)) - discount * p
            rows.append([row.get(own, Fraction(0)) for own in block])
            right.append(value)
        found = solve_unique(rows, right)
        if found is None:  # the matrix is strictly diagonally dominant
            msg = "discounted payoffs are always determined"
            raise AssertionError(msg)
        values.update(zip(block, found, strict=True))
    return tuple(values[k] for k in range(len(payoffs)))


def _blocks(follow: Sequence[Mapping[int, Fraction]]) -> list[list[int]]:
    """Return the strongly connected components, each after those to which it leads (Tarjan)."""
    found: list[list[int]] = []
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    placed: set[int] = set()
    for root in range(len(follow)):
        if root in order:
            continue
        order[root] = low[root] = len(order)
        stack.append(root)
        path = [(root, iter(follow[root]))]
        while path:
            state, waiting = path[-1]
            new = next((own for own in waiting if own not in placed), None)
            if new is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[state])
                if low[state] == order[state]:
                    block = stack[stack.index(state) :]
                    del stack[stack.index(state) :]
                    placed.update(block)
                    found.append(block)
            elif new in order:
                low[state] = min(low[state], order[new])
            else:
                order[new] = low[new] = len(order)
                stack.append(new)
                path.append((new, iter(follow[new])))
    return found
