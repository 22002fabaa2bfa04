"""A model whose game is a tree: named parameters in, an extensive game out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from .._numeric import decimal_text
from .._typing import Values
from ..errors import GameError, ModelError, ParameterError
from ..games import Chance, Decision, ExtensiveGame, Terminal
from ..games.nodes import Node
from ..io.formulas import infix
from .evaluate import all_finite, exact_function, first_without_value, values_of
from .parameters import ParameterSpace
from .quantities import ClosedForms, Quantity, holds

__all__ = ["TreeModel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeModel(ClosedForms):
    """A game tree whose payoffs and probabilities are SymPy expressions of named parameters.

    Attributes
    ----------
    name, title, reference : str
    players : tuple of str
    parameters : ParameterSpace
    template : Decision, Chance or Terminal
        The tree, with expressions where an `ExtensiveGame` has numbers.
    quantities : mapping of str to Quantity
        Closed forms.
    regions : mapping of str to sympy Boolean
        For each kind of equilibrium, the condition under which there is one.

    Raises
    ------
    ModelError
        If a symbol is no parameter, an end has not one payoff a player, or the probabilities of a
        chance move do not sum to 1 identically.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.classics.choosing_sides()
    >>> model.players
    ('third_state',)
    """

    name: str
    title: str
    players: tuple[str, ...]
    parameters: ParameterSpace
    template: Node = field(repr=False)
    quantities: Mapping[str, Quantity] = field(repr=False, default_factory=dict)
    regions: Mapping[str, sp.Basic] = field(repr=False, default_factory=dict)
    reference: str = ""

    def __post_init__(self) -> None:
        known = set(self.parameters.symbols.values())
        for node in _nodes(self.template):
            if isinstance(node, Terminal) and len(node.payoffs) != len(self.players):
                msg = f"an end must hold a payoff for each of {self.players}, got {node.payoffs}"
                raise ModelError(msg[:300])
            if isinstance(node, Chance):
                total = sp.expand(sp.Add(*node.probabilities.values()))
                if total != 1:
                    msg = f"the probabilities of {list(node.branches)} must sum to 1, got {total}"
                    raise ModelError(msg[:300])
        conditions = [own.condition for own in self.quantities.values()]
        closed = [own.expression for own in self.quantities.values()]
        for own in (*_numbers_in(self.template), *closed, *conditions, *self.regions.values()):
            foreign = own.free_symbols - known
            if foreign:
                names = ", ".join(sorted(map(str, foreign)))
                msg = f"{names} in {infix(own)[:200]} must be a symbol of a parameter"
                raise ModelError(msg)

    def __hash__(self) -> int:
        return hash(self.name)

    def tree(self, values: Values | None = None, **changes: Any) -> ExtensiveGame:
        """Return the game tree at values of the parameters.

        Parameters
        ----------
        values : Scenario or mapping of str to number, optional
            Parameter values by name.
        **changes : number
            Values that replace those of `values`.

        Returns
        -------
        ExtensiveGame
            Exact: a float value stands for the shortest decimal that prints it.

        Raises
        ------
        ParameterError
            If a parameter is unknown, missing or outside its domain, or a probability leaves
            [0, 1] there.
        GameError
            If a payoff or probability has no finite real value there.
        """
        numbers = self._numbers(values, changes)
        found = values_of(_compiled(self), numbers)
        if not all_finite(found):
            symbols, entries = list(self.parameters.symbols.values()), _numbers_in(self.template)
            bad = first_without_value(symbols, entries, numbers)
            formula = "" if bad is None else f": {infix(entries[bad])[:200]}"
            msg = f"{self.name} has a number without a finite real value at these values{formula}"
            raise GameError(msg)
        return ExtensiveGame(self._filled(self.template, iter(found)), players=self.players)

    def regions_at(self, values: Values | None = None, **changes: Any) -> tuple[str, ...]:
        """Return the names of the regions that hold the values, in the order of `regions`.

        Parameters
        ----------
        values, **changes
            As of `tree`.

        Returns
        -------
        tuple of str
            More than one on a border that regions share, or where regions overlap.

        Raises
        ------
        ParameterError
            If a parameter is unknown, missing or outside its domain.
        """
        numbers = self._numbers(values, changes)
        return tuple(
            name for name, own in self.regions.items() if holds(own, self.parameters, numbers)
        )

    def _filled(self, node: Node, found: Iterator[Any]) -> Node:
        """Return a copy of a node with numbers, taken in the order of `_numbers_in`."""
        if isinstance(node, Terminal):
            return Terminal(tuple(next(found) for _ in node.payoffs))
        chances = {}
        if isinstance(node, Chance):
            for event in node.branches:
                chances[event] = self._probability(next(found), event, node)
        branches = {name: self._filled(child, found) for name, child in node.branches.items()}
        if isinstance(node, Decision):
            return Decision(node.player, branches, node.information_set)
        return Chance(branches, chances)

    def _probability(self, chance: Any, event: str, node: Chance) -> Fraction:
        if not 0 <= chance <= 1:
            formula: Any = node.probabilities[event]
            msg = (
                f"the probability of {event!r} must lie in [0, 1], got {decimal_text(chance)} at "
                f"these parameters: {infix(formula)[:200]}"
            )
            raise ParameterError(msg)
        return Fraction(chance)


def _nodes(node: Node) -> Iterator[Node]:
    """Yield a node and all that follow it, first branches first."""
    yield node
    if not isinstance(node, Terminal):
        for child in node.branches.values():
            yield from _nodes(child)


def _numbers_in(template: Node) -> list[sp.Expr]:
    """Return payoffs and probabilities in depth-first order."""
    found: list[sp.Expr] = []
    for node in _nodes(template):
        if isinstance(node, Terminal):
            found += map(sp.sympify, node.payoffs)
        elif isinstance(node, Chance):
            found += [sp.sympify(node.probabilities[event]) for event in node.branches]
    return found


@lru_cache(maxsize=32)
def _compiled(model: TreeModel) -> Any:
    return exact_function(list(model.parameters.symbols.values()), _numbers_in(model.template))
