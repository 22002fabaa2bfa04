"""Priors: what is drawn and from where, stated as data; those of the notes F9 by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .._numeric import decimal_text, exact_number
from .._typing import Number
from ..batch import Random, Uniform
from ..errors import ParameterError, suggestion
from ..models import AlignmentModel
from ..models.model import model_of
from ..scenarios import Scenario

__all__ = ["Prior", "base_prior", "named_priors", "prior_named", "scenario_prior"]

Change = Number | Uniform | tuple[Number, Number]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """Independent uniform ranges of some parameters and fixed values of the others.

    A prior says what is taken to be possible before a case is looked at. It is an argument, not
    knowledge: state it, and show what changes with it.

    Attributes
    ----------
    name : str
    meaning : str
        One clause that says what is special about it.
    ranges : mapping of str to Uniform
        Those that another parameter scales are drawn as a share of it.
    fixed : mapping of str to Fraction

    Examples
    --------
    >>> import alignment_games as ag
    >>> prior = ag.analysis.base_prior(ag.models.alignment())
    >>> wider = prior.replace("a costlier hedge", cost_hedge=(0, 1), tilt=0.25)
    >>> len(prior.ranges), len(wider.ranges), wider.fixed["tilt"]
    (23, 22, Fraction(1, 4))
    """

    name: str
    meaning: str = ""
    ranges: Mapping[str, Uniform] = field(repr=False)
    fixed: Mapping[str, Fraction] = field(repr=False)

    def replace(self, name: str, *, meaning: str = "", **changes: Change) -> Prior:
        """Return another prior in which some parameters are drawn or fixed otherwise.

        Parameters
        ----------
        name, meaning : str
            Of the new prior.
        **changes : number, (lower, upper) or Uniform
            By parameter: a value that it is fixed at, or a range that it is drawn from. A range
            takes the place of the old one, so that one seed draws the same shares from both.

        Raises
        ------
        ParameterError
            If a parameter is not one of the prior's, or a change is none of the three.
        """
        ranges, fixed = dict(self.ranges), dict(self.fixed)
        for parameter, change in changes.items():
            if parameter not in ranges and parameter not in fixed:
                msg = (
                    f"prior {self.name!r} has no parameter {parameter!r}"
                    f"{suggestion(parameter, [*ranges, *fixed])}"
                )
                raise ParameterError(msg)
            if isinstance(change, tuple) and len(change) == 2:
                ranges[parameter] = Uniform(*change)
            elif isinstance(change, Uniform):
                ranges[parameter] = change
            else:
                fixed[parameter] = _fixed_value(parameter, change)
                ranges.pop(parameter, None)
                continue
            fixed.pop(parameter, None)
        return Prior(name=name, meaning=meaning, ranges=ranges, fixed=fixed)

    def design(self, points: int, rng: Any = None) -> Random:
        """Return independent random points of the prior.

        Raises
        ------
        ParameterError
            If nothing is drawn, or a number is out of bounds.
        """
        return Random(self.ranges, points, rng=rng)

    def check(self, model: AlignmentModel) -> None:
        """Check that every point of the prior is a point of a model.

        Raises
        ------
        ParameterError
            If a parameter of the model is missing or another is named, a range or a value
            leaves its parameter's domain, or two ranges can break a joint constraint.
        """
        space = model.parameters
        for name in (*self.ranges, *self.fixed):
            if name not in space:
                msg = f"prior {self.name!r}: unknown parameter {name!r}{suggestion(name, space)}"
                raise ParameterError(msg)
        missing = [name for name in space if name not in self.ranges and name not in self.fixed]
        if missing:
            msg = f"prior {self.name!r} needs a range or a value of {', '.join(missing)}"
            raise ParameterError(msg)
        for name, value in self.fixed.items():
            space.number(name, value)
        self.design(1, 0).check(space)
        for constraint in space.constraints:
            own = self.ranges.get(constraint.smaller)
            if own is not None and own.scaled_by == constraint.larger:
                safe = own.upper <= 1
            else:
                safe = self._ends(constraint.smaller)[1] <= self._ends(constraint.larger)[0]
            if not safe:
                msg = (
                    f"prior {self.name!r} can draw `{constraint.smaller}` above "
                    f"`{constraint.larger}` ({constraint.reason}); draw it as a share: "
                    f'{constraint.smaller}=Uniform(0, 1, scaled_by="{constraint.larger}")'
                )
                raise ParameterError(msg)

    def highest(self, name: str) -> Fraction:
        """Return the highest value of a parameter."""
        return self._ends(name)[1]

    def _ends(self, name: str) -> tuple[Fraction, Fraction]:
        """Return the lowest and the highest value of a parameter."""
        if name in self.fixed:
            return self.fixed[name], self.fixed[name]
        one = self.ranges[name]
        if one.scaled_by is None:
            return one.lower, one.upper
        corners = [a * b for a in (one.lower, one.upper) for b in self._ends(one.scaled_by)]
        return min(corners), max(corners)

    def to_dict(self) -> dict[str, Any]:
        """Return the prior as JSON types, numbers as exact text."""
        return {
            "name": self.name,
            "ranges": {
                name: [str(one.lower), str(one.upper), *([one.scaled_by] if one.scaled_by else [])]
                for name, one in self.ranges.items()
            },
            "fixed": {name: str(value) for name, value in self.fixed.items()},
        }

    def __str__(self) -> str:
        return f"{self.name}: {self.meaning}" if self.meaning else self.name


def base_prior(model: AlignmentModel) -> Prior:
    """Return the base prior (F9): each parameter uniform over its usual range.

    Parameters
    ----------
    model : AlignmentModel

    Returns
    -------
    Prior
        A hedger keeps all of its autonomy (`autonomy_hedge` is fixed at 1: an assumption that
        does work). A parameter that may not exceed another and has the usual range [0, 1] is
        drawn as a share of it: `support_effect` of `coercion_success`. Everything else is
        independent, the two market shares too, so they do not sum to 1.

    Raises
    ------
    ParameterError
        If a usual range has no upper end.

    Examples
    --------
    >>> import alignment_games as ag
    >>> prior = ag.analysis.base_prior(ag.models.alignment())
    >>> prior.fixed, prior.ranges["support_effect"].scaled_by
    ({'autonomy_hedge': Fraction(1, 1)}, 'coercion_success')
    """
    model_of(model)
    ranges: dict[str, Uniform] = {}
    fixed: dict[str, Fraction] = {}
    scaled = {c.smaller: c.larger for c in model.parameters.constraints}
    for name, parameter in model.parameters.items():
        if name == "autonomy_hedge":
            fixed[name] = Fraction(1)
            continue
        if parameter.usual.upper is None:
            msg = f"`{name}` has no upper end of its usual range; state a `Prior` with one"
            raise ParameterError(msg)
        ranges[name] = Uniform(parameter.usual.lower, parameter.usual.upper, scaled.get(name))
    return Prior(
        name="base", meaning="the usual ranges; a hedger keeps all of its autonomy", ranges=ranges,
        fixed=fixed,
    )  # fmt: skip


def named_priors(model: AlignmentModel) -> dict[str, Prior]:
    """Return the base prior of the alignment model and the six ablations of it (F9), by name.

    Each ablation takes away an assumption that favors hedging or one that may.

    Parameters
    ----------
    model : AlignmentModel
        With the parameters of `alignment_games.models.alignment`.

    Returns
    -------
    dict of str to Prior

    Raises
    ------
    ParameterError
        If the model lacks one of the parameters that are changed.

    Examples
    --------
    >>> import alignment_games as ag
    >>> for prior in ag.analysis.named_priors(ag.models.alignment()).values():
    ...     print(prior)
    base: the usual ranges; a hedger keeps all of its autonomy
    autonomy-free: a hedger keeps any share of its autonomy
    discount-to-one: a hedger may lose both markets
    both-free: a hedger keeps any share of its autonomy and of its markets
    no-provocation: the hegemon does not care whom the small state joins
    no-informal-support: the patron gives a hedger no help
    all-four: all of these at once
    """
    model_of(model)
    base = base_prior(model)
    free: dict[str, Change] = {"autonomy_hedge": (0, 1)}
    discount: dict[str, Change] = {"hedging_discount": (0, 1)}
    calm: dict[str, Change] = {"alignment_loss": 0}
    alone: dict[str, Change] = {"informal_support": 0}
    changes = (
        ("autonomy-free", "a hedger keeps any share of its autonomy", free),
        ("discount-to-one", "a hedger may lose both markets", discount),
        ("both-free", "a hedger keeps any share of its autonomy and of its markets",
         free | discount),
        ("no-provocation", "the hegemon does not care whom the small state joins", calm),
        ("no-informal-support", "the patron gives a hedger no help", alone),
        ("all-four", "all of these at once", free | discount | calm | alone),
    )  # fmt: skip
    return {"base": base} | {
        name: base.replace(name, meaning=meaning, **own) for name, meaning, own in changes
    }


def scenario_prior(scenario: Scenario, *, fixed: tuple[str, ...] = ()) -> Prior:
    """Return a prior that is uniform over the ranges that a case states.

    Parameters
    ----------
    scenario : Scenario
    fixed : tuple of str, optional
        Parameters that stay at the case's own values; so do those whose range is one point.

    Returns
    -------
    Prior

    Raises
    ------
    ParameterError
        If a name in `fixed` is no parameter of the case.

    Examples
    --------
    >>> import alignment_games as ag
    >>> prior = ag.analysis.scenario_prior(ag.load_scenario("vietnam"))
    >>> prior.fixed["coercion_cost"], prior.ranges["hedging_discount"].upper
    (Fraction(3, 5), Fraction(1, 2))
    """
    for name in fixed:
        if name not in scenario:
            msg = f"`fixed` names {name!r}{suggestion(name, scenario)}"
            raise ParameterError(msg)
    ranges: dict[str, Uniform] = {}
    values: dict[str, Fraction] = {}
    for name, entry in scenario.entries.items():
        lower, upper = entry.range.lower, entry.range.upper
        if name in fixed or lower == upper:
            values[name] = entry.value
        elif upper is None:
            msg = f"`{name}` has no upper end of its range; state one in the case's file"
            raise ParameterError(msg)
        else:
            ranges[name] = Uniform(lower, upper)
    prior = Prior(
        name=scenario.name, meaning=f"the ranges stated for {scenario.title}", ranges=ranges,
        fixed=values,
    )  # fmt: skip
    prior.check(scenario.model)
    return prior


def prior_named(model: AlignmentModel, prior: Prior | str | None) -> Prior:
    """Return a checked prior: the one given, one of `named_priors`, or by default the base one.

    Raises
    ------
    ParameterError
    """
    if prior is None:
        found = base_prior(model)
    elif isinstance(prior, Prior):
        found = prior
    else:
        known = named_priors(model)
        if prior not in known:
            msg = f"unknown prior {str(prior)[:80]!r}{suggestion(prior, known)}"
            raise ParameterError(msg)
        found = known[prior]
    found.check(model)
    return found


def _fixed_value(parameter: str, change: object) -> Fraction:
    try:
        return exact_number(change)
    except (TypeError, ValueError) as error:
        msg = f"`{parameter}` must be a number, a pair (lower, upper) or a `Uniform`: {error}"
        raise ParameterError(msg) from None


def range_text(prior: Prior, name: str) -> str:
    """Return how a parameter is drawn, in few words.

    Examples
    --------
    >>> import alignment_games as ag
    >>> prior = base_prior(ag.models.alignment())
    >>> range_text(prior, "support_effect"), range_text(prior, "autonomy_hedge")
    ('[0, 1] of coercion_success', '= 1')
    """
    if name in prior.fixed:
        return f"= {decimal_text(prior.fixed[name])}"
    one = prior.ranges[name]
    tail = f" of {one.scaled_by}" if one.scaled_by else ""
    return f"[{decimal_text(one.lower)}, {decimal_text(one.upper)}]{tail}"
