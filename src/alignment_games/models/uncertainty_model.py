"""A game of alignment under uncertainty: its tree with chance, its agents and closed forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .._typing import Number, Values
from ..games import Chance, Decision, ExtensiveGame, NormalFormGame, Terminal
from .alignment import alignment
from .model import AlignmentModel
from .parameters import ParameterSpace
from .quantities import ClosedForms, Quantity

__all__ = ["UncertaintyModel"]

HEGEMON_TYPES = ("status_quo", "revisionist")
PATRON_TYPES = ("committed", "uncommitted")


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertaintyModel(ClosedForms):
    """The alignment game with a hegemon and a patron of unknown types.

    Attributes
    ----------
    name, title, reference : str
    agents : AlignmentModel
        The same game with each type of the hegemon as a player of its own, all choosing at once:
        `symbolic.dominance_condition` and `symbolic.threshold` take it. Sweeps are of two players;
        the postures over two beliefs are mapped by `analysis.ambiguity_map`.
    quantities : mapping of str to Quantity
        Closed forms.
    """

    name: str
    title: str
    agents: AlignmentModel
    quantities: Mapping[str, Quantity] = field(repr=False)
    reference: str = ""

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def parameters(self) -> ParameterSpace:
        """The parameters, by name and in order."""
        return self.agents.parameters

    def tree(self, values: Values | None = None, **changes: Any) -> ExtensiveGame:
        """Return the game in which the hegemon sees the posture and knows its own type.

        Chance draws the hegemon's type after the posture. The small state could not see it
        before either, so nothing depends on when it is drawn; and drawn so, every information set
        holds one decision, and backward induction solves the game. The patron's type is drawn
        after coercion, and no one knows it before.

        Parameters
        ----------
        values : mapping of str to number, optional
            Parameter values by name.
        **changes : number
            Values that replace those of `values`.

        Returns
        -------
        ExtensiveGame
            Of ``small_state`` and ``hegemon``; exact.

        Raises
        ------
        ParameterError
            If a parameter is unknown, missing or outside its domain.
        """
        numbers = self._numbers(values, changes)
        belief, committed = numbers["revisionist_belief"], numbers["patron_commitment"]
        certain = {
            (hegemon, patron): _between_types(numbers, hegemon, patron)
            for hegemon in HEGEMON_TYPES
            for patron in PATRON_TYPES
        }
        postures, answers = self.agents.strategies[0], self.agents.strategies[1]

        def ends(hegemon: str, posture: str, answer: str) -> Terminal | Chance:
            after = {
                patron: Terminal(_payoffs(certain[hegemon, patron], posture, answer))
                for patron in PATRON_TYPES
            }
            if answer == "accommodate":  # The patron is not called upon.
                return after["committed"]
            return Chance(after, dict(zip(PATRON_TYPES, (committed, 1 - committed), strict=True)))

        branches = {}
        for posture in postures:
            decisions = {
                hegemon: Decision("hegemon", {c: ends(hegemon, posture, c) for c in answers})
                for hegemon in HEGEMON_TYPES
            }
            chances = dict(zip(HEGEMON_TYPES, (1 - belief, belief), strict=True))
            branches[posture] = Chance(decisions, chances)
        return ExtensiveGame(Decision("small_state", branches), players=["small_state", "hegemon"])

    def game(self, values: Values | None = None, **changes: Any) -> NormalFormGame:
        """Return the game in which the small state and either type of hegemon choose at once.

        Parameters and errors are those of `tree`.
        """
        return self.agents.game(values, **changes)

    def values_of(
        self,
        values: Values,
        *,
        revisionist_belief: Number,
        stake_status_quo: Number,
        stake_revisionist: Number,
        patron_commitment: Number | None = None,
        reliability_committed: Number = 1,
        reliability_uncommitted: Number = 0,
    ) -> dict[str, Fraction]:
        """Return parameter values made of those of `alignment` and of what is uncertain.

        Parameters
        ----------
        values : Scenario or mapping of str to number
            Values of all parameters of `alignment`. The ``stake`` gives way to the stakes of the
            two types, and ``patron_reliability`` to what is said of the patron's types.
        revisionist_belief, stake_status_quo, stake_revisionist : number
        patron_commitment : number, optional
            The chance that the patron is of the committed type; by default the
            ``patron_reliability`` of `values`.
        reliability_committed, reliability_uncommitted : number, optional
            How reliable either type is. By default the committed type always helps and the other
            never does, and ``patron_commitment`` is the reliability that is expected.

        Raises
        ------
        ParameterError
            If a value is missing or outside its domain.

        Examples
        --------
        >>> import alignment_games as ag
        >>> model = ag.models.uncertainty()
        >>> values = model.values_of(ag.load_scenario("vietnam"), revisionist_belief=0.2,
        ...                          stake_status_quo=0.2, stake_revisionist=1.2)
        >>> values["patron_commitment"]
        Fraction(2, 5)
        """
        known = alignment().parameters.complete(values, {})
        reliability = known.pop("patron_reliability")
        del known["stake"]
        uncertain = {
            "patron_commitment": reliability if patron_commitment is None else patron_commitment,
            "reliability_committed": reliability_committed,
            "reliability_uncommitted": reliability_uncommitted,
            "revisionist_belief": revisionist_belief,
            "stake_status_quo": stake_status_quo,
            "stake_revisionist": stake_revisionist,
        }
        return self.parameters.complete(known, uncertain)


def _between_types(numbers: Mapping[str, Fraction], hegemon: str, patron: str) -> NormalFormGame:
    """Return the alignment game of a hegemon and a patron whose types are known."""
    base = alignment()
    known = {name: number for name, number in numbers.items() if name in base.parameters}
    known["stake"] = numbers[f"stake_{hegemon}"]
    known["patron_reliability"] = numbers[f"reliability_{patron}"]
    return base.game(known)


def _payoffs(game: NormalFormGame, posture: str, answer: str) -> tuple[Number, ...]:
    row, column = game.strategies[0].index(posture), game.strategies[1].index(answer)
    return tuple(table[row, column] for table in game.exact_payoffs)
