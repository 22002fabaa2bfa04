"""Random trees of hidden moves and perfect recall, the same for a seed everywhere."""

from __future__ import annotations

import random
from fractions import Fraction

from alignment_games import ExtensiveGame
from alignment_games.games import Chance, Decision, Terminal
from alignment_games.games.nodes import Node


def random_tree(
    seed: int, *, players: int = 2, depth: int = 3, largest: int = 9, max_profiles: int = 400
) -> ExtensiveGame:
    """Return a small tree in which some player does not see some move, and none forgets."""
    rng = random.Random(seed)
    names = "ABCDE"[:players]
    while True:
        tree = ExtensiveGame(_grow(rng, names, 0, depth, largest), players=list(names))
        if tree.has_perfect_information or not tree.has_perfect_recall:
            continue
        profiles = 1
        for own in tree.actions:
            profiles *= len(own)
        if profiles <= max_profiles:
            return tree


def _grow(rng: random.Random, names: str, depth: int, deepest: int, largest: int) -> Node:
    if depth == deepest or (depth and rng.random() < 0.2):
        return Terminal(tuple(rng.randint(-largest, largest) for _ in names))
    size = 2 if rng.random() < 0.8 else 3
    branches = {"abc"[k]: _grow(rng, names, depth + 1, deepest, largest) for k in range(size)}
    who = rng.choice(names + "*")
    if who == "*":
        weights = [rng.randint(1, 3) for _ in branches]
        shares = [Fraction(w, sum(weights)) for w in weights]
        return Chance(branches, dict(zip(branches, shares, strict=True)))
    hidden = rng.random() < 0.7
    return Decision(who, branches, f"{who}{depth}{size}{rng.randint(1, 2)}" if hidden else None)
