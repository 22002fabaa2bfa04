"""The graph of improvements: profiles, joined where one player gains by deviating."""

from __future__ import annotations

import itertools
from collections import defaultdict, deque
from collections.abc import Iterator

import numpy as np

from .._typing import IntArray
from ..games import NormalFormGame
from .ranks import own_ranks

__all__ = ["improvement_levels"]

_Edge = tuple[int, int]


def improvement_levels(
    game: NormalFormGame, *, ties: bool
) -> tuple[IntArray, list[tuple[int, ...]]]:
    """Give each profile a number that rises with every improvement.

    Parameters
    ----------
    game : NormalFormGame
    ties : bool
        Whether the number must also stay the same where the deviator gains nothing and loses
        nothing.

    Returns
    -------
    levels : ndarray of int, shape game.shape
        Length of the longest chain of improvements that ends there.
    cycle : list of tuples of int
        If there is no such numbering: profiles, each reached from the one before by one
        player's deviation, which is an improvement (with `ties`: which costs nothing, and at
        least one is an improvement). The last is followed by the first.
    """
    size = int(np.prod(game.shape))
    label = _classes(game, size) if ties else list(range(size))
    successors: dict[int, list[_Edge]] = defaultdict(list)
    predecessors: dict[int, list[_Edge]] = defaultdict(list)
    degree = [0] * size

    def join(start: int, end: int) -> None:
        here, there = label[start], label[end]
        successors[here].append((start, end))
        predecessors[there].append((start, end))
        degree[there] += 1

    for groups in _lines(game):
        for lower, higher in itertools.pairwise(groups):
            if ties:  # equal profiles share a class, so one of each group stands for all
                join(lower[0], higher[0])
            elif len(lower) == 1 or len(higher) == 1:
                for start, end in itertools.product(lower, higher):
                    join(start, end)
            else:  # a gate between the groups, because their pairs may be too many
                gate = len(label)
                label.append(gate)
                degree.append(0)
                for start in lower:
                    join(start, gate)
                for end in higher:
                    join(gate, end)
    level = [0] * len(label)
    queue = deque(node for node in set(label) if not degree[node])
    while queue:
        node = queue.popleft()
        step = int(node < size)  # leaving a gate is the second half of an improvement
        for _, end in successors[node]:
            there = label[end]
            level[there] = max(level[there], level[node] + step)
            degree[there] -= 1
            if not degree[there]:
                queue.append(there)
    numbers = np.array([level[label[k]] for k in range(size)], dtype=np.int64)
    stuck = next((node for node in label if degree[node]), None)
    cycle: list[tuple[int, ...]] = []
    if stuck is not None:
        edges = _closed_walk(stuck, predecessors, label, degree)
        flat = (
            _joined(game, edges, label) if ties else [start for start, _ in edges if start < size]
        )
        cycle = [tuple(int(k) for k in np.unravel_index(node, game.shape)) for node in flat]
    return numbers.reshape(game.shape), cycle


def _lines(game: NormalFormGame) -> Iterator[list[list[int]]]:
    """Yield, for each player and each profile of the others, the groups of equal profiles.

    Groups come in the order of the player's payoffs; profiles are flat positions.
    """
    places = np.arange(int(np.prod(game.shape))).reshape(game.shape)
    for who, size in enumerate(game.shape):
        ranks = own_ranks(game, who).T.tolist()
        lines = np.moveaxis(places, who, 0).reshape(size, -1).T.tolist()
        for values, line in zip(ranks, lines, strict=True):
            groups: dict[int, list[int]] = defaultdict(list)
            for value, place in zip(values, line, strict=True):
                groups[value].append(place)
            yield [groups[value] for value in sorted(groups)]


def _classes(game: NormalFormGame, size: int) -> list[int]:
    """Return for each profile the first one that indifferent deviations lead to."""
    parent = list(range(size))

    def root(k: int) -> int:
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    for groups in _lines(game):
        for group in groups:
            for other in group[1:]:
                a, b = sorted((root(group[0]), root(other)))
                parent[b] = a
    return [root(k) for k in range(size)]


def _closed_walk(
    start: int, predecessors: dict[int, list[_Edge]], label: list[int], degree: list[int]
) -> list[_Edge]:
    """Walk against the improvements among the nodes that are left until one comes again."""
    node, seen, walk = start, {start: 0}, []
    while True:
        edge = next(e for e in predecessors[node] if degree[label[e[0]]])
        walk.append(edge)
        node = label[edge[0]]
        if node in seen:
            return walk[seen[node] :][::-1]
        seen[node] = len(walk)


def _joined(game: NormalFormGame, edges: list[_Edge], label: list[int]) -> list[int]:
    """Join improvements between classes by indifferent deviations within them."""
    ties: dict[int, list[list[int]]] = defaultdict(list)
    wanted = {label[start] for start, _ in edges}
    for groups in _lines(game):
        for group in groups:
            if len(group) > 1 and label[group[0]] in wanted:
                for place in group:
                    ties[place].append(group)
    walk: list[int] = []
    for (_, end), (start, _) in zip([edges[-1], *edges[:-1]], edges, strict=True):
        walk += _path(end, start, ties)
    return walk


def _path(start: int, end: int, ties: dict[int, list[list[int]]]) -> list[int]:
    """Return a shortest path of ties, both ends included."""
    before = {start: start}
    queue = deque([start])
    seen: set[int] = set()
    while end not in before:
        here = queue.popleft()
        for group in ties[here]:
            if id(group) in seen:  # all of it was reached before
                continue
            seen.add(id(group))
            for there in group:
                if there not in before:
                    before[there] = here
                    queue.append(there)
    path = [end]
    while path[-1] != start:
        path.append(before[path[-1]])
    return path[::-1]
