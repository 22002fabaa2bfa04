"""A dynamic model: named parameters in, a stochastic game out, and its closed forms beside it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import sympy as sp

from .._numeric import decimal_text
from .._typing import Values
from ..errors import GameError, ParameterError, suggestion
from ..games import StochasticGame
from ..io._escape import tex_words
from ..io.formulas import aligned, infix, latex
from ._dynamic_checks import check_dynamic_model
from .evaluate import all_finite, exact_function, first_without_value, values_of
from .parameters import ParameterSpace
from .quantities import ClosedForms, Quantity

__all__ = ["DynamicModel"]

Move: TypeAlias = tuple[str, tuple[str, ...]]
"""A state, and the pure profile that is played in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamicModel(ClosedForms):
    """A discounted stochastic game whose numbers are SymPy expressions of named parameters.

    Attributes
    ----------
    name, title, reference : str
    players, states : tuple of str
    strategies : mapping of str to tuple of tuples of str
        For each state the strategies of each player; who has no choice there has one strategy.
    parameters : ParameterSpace
        One of them is ``discount``, the discount factor of all players, above 0 and below 1.
    payoffs : mapping of (state, profile) to tuple of sympy.Expr
        What each player earns in a period.
    transitions : mapping of (state, profile) to mapping of str to sympy.Expr
        The probabilities of the next states; states that are left out have none.
    quantities : mapping of str to Quantity
        Closed forms.

    Raises
    ------
    ModelError
        If a state, strategy, profile or payoff is missing or not known, a symbol is no parameter,
        the probabilities of a row do not sum to 1 identically, or one that is linear in each of
        parameters with bounded domains leaves [0, 1] somewhere in them. (Any other probability is
        checked where a game is made.)

    Examples
    --------
    An alliance that lasts as long as the patron, which leaves with probability ``hazard``:

    >>> import alignment_games as ag
    >>> from alignment_games.models import build_parameter, ParameterSpace
    >>> discount, hazard = (build_parameter(name, (0, 1)) for name in ("discount", "hazard"))
    >>> delta, leaving = discount.symbol, hazard.symbol
    >>> model = DynamicModel(
    ...     name="alliance", title="An alliance", reference="", players=("state",),
    ...     states=("allied", "alone"), strategies={"allied": (("wait",),), "alone": (("wait",),)},
    ...     parameters=ParameterSpace((discount, hazard)),
    ...     payoffs={("allied", ("wait",)): (sp.Integer(1),), ("alone", ("wait",)): (sp.Integer(0),)},
    ...     transitions={("allied", ("wait",)): {"allied": 1 - leaving, "alone": leaving},
    ...                  ("alone", ("wait",)): {"alone": sp.Integer(1)}},
    ...     quantities={"worth": Quantity(expression=1 / (1 - delta * (1 - leaving)),
    ...                                   meaning="value of the alliance", reference="")},
    ... )
    >>> values = {"discount": 0.9, "hazard": 0.1}
    >>> model.value("worth", values)
    Fraction(100, 19)
    >>> game = model.game(values)
    >>> ag.solvers.markov_perfect(game).equilibria[0].values[0]
    (Fraction(100, 19),)
    """  # noqa: E501

    name: str
    title: str
    players: tuple[str, ...]
    states: tuple[str, ...]
    strategies: Mapping[str, tuple[tuple[str, ...], ...]]
    parameters: ParameterSpace
    payoffs: Mapping[Move, tuple[sp.Expr, ...]] = field(repr=False)
    transitions: Mapping[Move, Mapping[str, sp.Expr]] = field(repr=False)
    quantities: Mapping[str, Quantity] = field(repr=False, default_factory=dict)
    reference: str = ""

    def __post_init__(self) -> None:
        check_dynamic_model(self)

    def __hash__(self) -> int:
        return hash(self.name)

    def payoff(self, player: str, state: str, *profile: str) -> sp.Expr:
        """Return what a player earns in a period, as an expression of the parameters.

        Raises
        ------
        GameError
            If the player, the state or a strategy is unknown.
        """
        if player not in self.players:
            msg = f"unknown player {player!r}{suggestion(player, self.players)}"
            raise GameError(msg)
        return self.payoffs[self._move(state, profile)][self.players.index(player)]

    def transition(self, state: str, *profile: str) -> dict[str, sp.Expr]:
        """Return the probabilities of the next states, those of probability 0 left out.

        Raises
        ------
        GameError
            If the state or a strategy is unknown.
        """
        row = self.transitions[self._move(state, profile)]
        return {target: chance for target, chance in row.items() if chance != 0}

    def game(self, values: Values | None = None, **changes: Any) -> StochasticGame:
        """Return the stochastic game at values of the parameters.

        Parameters
        ----------
        values : Scenario or mapping of str to number, optional
            Parameter values by name.
        **changes : number
            Values that replace those of `values`.

        Returns
        -------
        StochasticGame
            Exact: a float value stands for the shortest decimal that prints it. (Where there are
            ``exp``, ``log`` or roots it is a floating game.)

        Raises
        ------
        ParameterError
            If a parameter is unknown, missing or outside its domain, or a probability leaves
            [0, 1] there.
        GameError
            If a payoff or probability has no finite real value there.
        """
        numbers = self._numbers(values, changes)
        found = iter(self._evaluated(numbers))
        payoffs, transitions = [], []
        for state in self.states:
            own = self.strategies[state]
            shape = tuple(map(len, own))
            earned = np.empty((*shape, len(self.players)), dtype=object)
            moves = np.full((*shape, len(self.states)), Fraction(0), dtype=object)
            for place, profile in zip(np.ndindex(*shape), itertools.product(*own), strict=True):
                earned[place] = [next(found) for _ in self.players]
                for target in self.transitions[state, profile]:
                    chance = self._probability(next(found), target, state, profile)
                    moves[(*place, self.states.index(target))] = chance
            payoffs.append(np.moveaxis(earned, -1, 0))
            transitions.append(moves)
        return StochasticGame(
            payoffs,
            transitions,
            numbers["discount"],
            states=self.states,
            players=self.players,
            strategies=[self.strategies[state] for state in self.states],
        )

    def _move(self, state: str, profile: tuple[str, ...]) -> Move:
        """Return a state with a profile of its strategies, checked."""
        if state not in self.states:
            msg = f"unknown state {state!r}{suggestion(state, self.states)}"
            raise GameError(msg)
        if len(profile) != len(self.players):
            msg = f"`profile` must name one strategy for each of {self.players}, got {profile}"
            raise GameError(msg)
        for who, strategy, known in zip(self.players, profile, self.strategies[state], strict=True):
            if strategy not in known:
                tail = suggestion(strategy, known)
                msg = f"{who} has no strategy {strategy!r} in {state}{tail}"
                raise GameError(msg)
        return state, profile

    def _numbers(self, values: Values | None, changes: Values) -> dict[str, Fraction]:
        # The two-argument form: a dataclass with slots is not the class that `super` knows.
        numbers = ClosedForms._numbers(self, values, changes)
        if not 0 < numbers["discount"] < 1:
            msg = (
                "`discount` must be above 0 and below 1, got "
                f"{decimal_text(numbers['discount'])}; a game without a future is its stage game, "
                "and payoffs that are not discounted have no sum"
            )
            raise ParameterError(msg)
        return numbers

    def _evaluated(self, numbers: Mapping[str, Fraction]) -> list[Any]:
        """Return payoffs and probabilities in the order of `_entries`."""
        found = values_of(_compiled(self), numbers)
        if all_finite(found):
            return found
        entries = _entries(self)
        symbols, expressions = _symbols(self), [expression for _, expression in entries]
        bad = first_without_value(symbols, expressions, numbers)
        what = "a payoff or probability" if bad is None else entries[bad][0]
        formula = "" if bad is None else f": {infix(expressions[bad])[:200]}"
        msg = f"{what} of {self.name} has no finite real value at these parameters{formula}"
        raise GameError(msg)

    def _probability(self, chance: Any, target: str, state: str, profile: tuple[str, ...]) -> Any:
        if not 0 <= chance <= 1:
            formula = infix(self.transitions[state, profile][target])[:200]
            msg = (
                f"{_chance_text(target, state, profile)} must lie in [0, 1], got "
                f"{decimal_text(chance)} at these parameters: {formula}"
            )
            raise ParameterError(msg)
        return chance

    def __str__(self) -> str:
        lines = [f"{self.title} ({self.name}) of {', '.join(self.players)}"]
        for state in self.states:
            lines.append(f"state {state}")
            for profile in itertools.product(*self.strategies[state]):
                earned = ", ".join(map(infix, self.payoffs[state, profile]))
                next_ = " + ".join(
                    target if chance == 1 else f"[{infix(chance)}] {target}"
                    for target, chance in self.transition(state, *profile).items()
                )
                lines.append(f"  {', '.join(profile)}: earns {earned}; then {next_}")
        lines += [f"{name} = {own}" for name, own in self.quantities.items()]
        return "\n".join(lines)

    def latex(self) -> str:
        r"""Return payoffs, transition probabilities and closed forms as a LaTeX ``aligned`` block.

        Probabilities 0 are left out; a closed form says where it holds. It needs amsmath.
        """
        rows: list[tuple[str, sp.Expr, sp.Basic]] = []
        for (state, profile), own in self.payoffs.items():
            played = f"{tex_words(state)}; {', '.join(map(tex_words, profile))}"
            for who, earned in zip(self.players, own, strict=True):
                name = rf"u_{{\text{{{tex_words(who)}}}}}(\text{{{played}}})"
                rows.append((name, earned, sp.true))
            for target, chance in self.transition(state, *profile).items():
                name = rf"\Pr(\text{{{tex_words(target)}}} \mid \text{{{played}}})"
                rows.append((name, chance, sp.true))
        for name, quantity in self.quantities.items():
            rows.append((rf"\text{{{tex_words(name)}}}", quantity.expression, quantity.condition))
        return aligned(
            f"{left} &= {latex(right)}"
            + ("" if where == sp.true else rf" \quad \text{{if }} {latex(where)}")
            for left, right, where in rows
        )


def _symbols(model: DynamicModel) -> list[sp.Symbol]:
    return list(model.parameters.symbols.values())


def _entries(model: DynamicModel) -> list[tuple[str, sp.Expr]]:
    """Return payoffs and probabilities with what they are, state by state, profile by profile."""
    entries = []
    for state in model.states:
        for profile in itertools.product(*model.strategies[state]):
            for who, earned in zip(model.players, model.payoffs[state, profile], strict=True):
                entries.append((f"the payoff of {who} at {', '.join(profile)} in {state}", earned))
            for target, chance in model.transitions[state, profile].items():
                entries.append((_chance_text(target, state, profile), chance))
    return entries


def _chance_text(target: str, state: str, profile: tuple[str, ...]) -> str:
    return f"the probability of {target} after {', '.join(profile)} in {state}"


@lru_cache(maxsize=32)
def _compiled(model: DynamicModel) -> Callable[..., list[Any]]:
    return exact_function(_symbols(model), [expression for _, expression in _entries(model)])
