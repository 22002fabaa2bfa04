"""Scenarios: every parameter's value with its range, status, note and sources."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from ..citations import Source
from ..errors import ScenarioError, suggestion
from ..models import AlignmentModel, Interval, ParameterStatus, alignment, triangle

__all__ = ["MODELS", "Note", "ParameterValue", "Scenario"]

MODELS = {"alignment": alignment, "triangle": triangle}
"""Models that a scenario can name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterValue:
    """One number of a scenario and where it comes from.

    Attributes
    ----------
    value : Fraction
    range : Interval
        Values that are plausible for this case.
    status : ParameterStatus
    note : str
    sources : tuple of str
        Keys of the scenario's sources.
    overridden : bool
        Whether the user replaced the value after loading.
    """

    value: Fraction
    range: Interval
    status: ParameterStatus
    note: str = ""
    sources: tuple[str, ...] = ()
    overridden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A remark on the case, with the keys of its sources."""

    text: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario(Mapping[str, Fraction]):
    """A case: a mapping from parameter names to exact values, with its documentation.

    Attributes
    ----------
    name, title, summary : str
    model_name : str
    actors : mapping of str to str
        Display names of ``small_state``, ``hegemon`` and ``patron``.
    entries : mapping of str to ParameterValue
        The values taken to be true.
    perceived : mapping of str to ParameterValue
        Values that the small state believed instead; may be empty.
    notes : tuple of Note
    sources : mapping of str to Source
    extensions : mapping of str to mapping of str to ParameterValue
        For other models, by name, values of parameters that only they have; see `for_model`.

    Examples
    --------
    >>> import alignment_games as ag
    >>> scenario = ag.load_scenario("vietnam")
    >>> scenario["stake"], scenario.entries["stake"].status.value
    (Fraction(3, 10), 'elicited')
    """

    name: str
    title: str
    summary: str
    model_name: str
    actors: Mapping[str, str]
    entries: Mapping[str, ParameterValue] = field(repr=False)
    perceived: Mapping[str, ParameterValue] = field(repr=False)
    notes: tuple[Note, ...] = field(repr=False)
    sources: Mapping[str, Source] = field(repr=False)
    extensions: Mapping[str, Mapping[str, ParameterValue]] = field(repr=False, default_factory=dict)

    def __getitem__(self, name: str) -> Fraction:
        return self.entries[name].value

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def model(self) -> AlignmentModel:
        """The model that the scenario gives numbers for."""
        return MODELS[self.model_name]()

    @property
    def beliefs(self) -> dict[str, Fraction]:
        """Values as the small state believes them: the perceived ones over the true ones."""
        return {name: (self.perceived.get(name) or self.entries[name]).value for name in self}

    def provenance(self) -> dict[str, str]:
        """Return what a dataset made from the scenario says about it, as JSON where it nests.

        Examples
        --------
        >>> import alignment_games as ag
        >>> ag.load_scenario("vietnam").provenance()["scenario"]
        'vietnam'
        """
        ranges = {
            name: [str(entry.range.lower), str(entry.range.upper)]
            for name, entry in self.entries.items()
        }
        perceived = {name: str(entry.value) for name, entry in self.perceived.items()}
        return {
            "title": self.title,
            "scenario": self.name,
            "ranges": json.dumps(ranges),
            "perceived": json.dumps(perceived),
        }

    def for_model(self, name: str) -> Scenario:
        """Return the case as another model sees it.

        Parameters
        ----------
        name : str
            ``alignment`` or ``triangle``.

        Returns
        -------
        Scenario
            With the values of the parameters that both models have, and those of
            `extensions`. Perceived values of parameters that the model does not have are left
            out.

        Raises
        ------
        ScenarioError
            If there is no such model, or the scenario lacks values for it.
        ParameterError
            If values break the model's joint constraints.

        Examples
        --------
        >>> import alignment_games as ag
        >>> case = ag.load_scenario("vietnam").for_model("triangle")
        >>> case["patron_stake"], case.model.name
        (Fraction(4, 25), 'triangle')
        """
        if name == self.model_name:
            return self
        if name not in MODELS:
            msg = f"unknown model {str(name)[:80]!r}{suggestion(name, MODELS)}"
            raise ScenarioError(msg)
        model = MODELS[name]()
        known = {**self.entries, **self.extensions.get(name, {})}
        missing = [own for own in model.parameters if own not in known]
        if missing:
            msg = (
                f"scenario {self.name!r} has no values of {', '.join(missing)} for the model "
                f"{name}; add tables [models.{name}.{missing[0]}] and so on to a file of your own"
            )
            raise ScenarioError(msg)
        case = replace(
            self,
            model_name=name,
            entries={own: known[own] for own in model.parameters},
            perceived={k: v for k, v in self.perceived.items() if k in model.parameters},
            extensions={},
        )
        for values in (case, case.beliefs):
            model.parameters.complete(values, {})
        return case

    def replace(self, **values: Any) -> Scenario:
        """Return the scenario with other true values; ranges and notes stay.

        Parameters
        ----------
        **values : number
            New values by parameter name.

        Raises
        ------
        ParameterError
            If a name is unknown or a value outside its domain.

        Examples
        --------
        >>> import alignment_games as ag
        >>> ag.load_scenario("vietnam").replace(stake=0.6)["stake"]
        Fraction(3, 5)
        """
        return replace(self, entries=_replaced(self.model, self.entries, values))

    def replace_perceived(self, **values: Any) -> Scenario:
        """Return the scenario with other perceived values.

        Raises
        ------
        ParameterError
            If a name is unknown or a value outside its domain.
        ScenarioError
            If the scenario has no perceived value of that name.
        """
        for name in values:
            if name in self.model.parameters and name not in self.perceived:
                msg = (
                    f"scenario {self.name!r} has no perceived `{name}`; add a table "
                    f"[perceived.{name}] to a file of your own"
                )
                raise ScenarioError(msg)
        return replace(self, perceived=_replaced(self.model, self.perceived, values))


def _replaced(
    model: AlignmentModel, entries: Mapping[str, ParameterValue], values: Mapping[str, Any]
) -> dict[str, ParameterValue]:
    new = dict(entries)
    for name, value in values.items():
        number = model.parameters.number(name, value)
        new[name] = replace(entries[name], value=number, overridden=True)
    return new
