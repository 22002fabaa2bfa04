"""Which units a model's payoffs leave open, and its parameters without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sympy as sp

from ..errors import ModelError, ParameterError, WorkLimitError
from ..io.formulas import infix
from ..models import AlignmentModel, ParameterStatus
from ..models.model import model_of
from .truth import expanded_terms

__all__ = ["Normalization", "Scaling", "normalize"]

_MOST_TERMS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """A change of units after which every player ranks all outcomes as before.

    Attributes
    ----------
    weights : mapping of str to Rational
        Each of these parameters is multiplied by the factor to this power.
    payoffs : mapping of str to Rational
        So are the payoffs of these players; those of others stay as they are.
    """

    weights: Mapping[str, sp.Rational]
    payoffs: Mapping[str, sp.Rational]

    def __str__(self) -> str:
        def terms(powers: Mapping[str, sp.Rational]) -> str:
            return ", ".join(name if p == 1 else f"{name}^({p})" for name, p in powers.items())

        return f"{terms(self.weights)}; payoffs: {terms(self.payoffs) or 'unchanged'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalization:
    """A model without the units that its payoffs leave open.

    Attributes
    ----------
    scalings : tuple of Scaling
        Independent of each other; every other one is made of them.
    numeraires : tuple of str
        The parameters that are set to 1, one for each scaling.
    groups : mapping of str to sympy.Expr
        For each other parameter the dimensionless group that stands in its place.
    factors : mapping of str to sympy.Expr
        What a player's normalized payoffs are to be multiplied by.
    payoffs : mapping of profile to tuple of sympy.Expr
        With the numeraires at 1: at the groups' values, times the factors, they are the model's
        payoffs wherever the numeraires are positive.
    model : AlignmentModel
    """

    scalings: tuple[Scaling, ...]
    numeraires: tuple[str, ...]
    groups: Mapping[str, sp.Expr]
    factors: Mapping[str, sp.Expr]
    payoffs: Mapping[tuple[str, ...], tuple[sp.Expr, ...]] = field(repr=False)
    model: AlignmentModel = field(repr=False)

    def __str__(self) -> str:
        lines = [f"{len(self.scalings)} changes of units leave the game as it is"]
        lines += [f"  {scaling}" for scaling in self.scalings]
        lines.append(f"set to 1: {', '.join(self.numeraires) or 'nothing'}")
        lines += [f"  {name} -> {infix(group)}" for name, group in self.groups.items()]
        return "\n".join(lines)


def normalize(model: AlignmentModel, *, numeraires: Sequence[str] | None = None) -> Normalization:
    """Remove the units from a model: find its scale invariances and dimensionless groups.

    Parameters
    ----------
    model : AlignmentModel
        With payoffs that are polynomials of the parameters.
    numeraires : sequence of str, optional
        The parameters to set to 1, one for each scaling. By default those that are
        normalizations, then those without an upper bound, in their order.

    Returns
    -------
    Normalization

    Raises
    ------
    ModelError
        If a payoff is not a polynomial of the parameters.
    WorkLimitError
        If a payoff has more than 20,000 terms when it is multiplied out.
    ParameterError
        If `numeraires` does not fix every scaling exactly once.

    Notes
    -----
    A parameter can be multiplied by a power of a factor if every term of each player's payoffs
    is multiplied by the same power: a linear system, whose solutions are the scalings (the
    theorem of E. Buckingham, 1914, doi:10.1103/PhysRev.4.345). Domains are not looked at: a
    share that must not exceed 1 may do so after a change of units.

    Examples
    --------
    The 24 parameters are 20 numbers: utilities of both players have units, autonomy counts only
    by its product with its weight, and the patron's reliability only by two products.

    >>> import alignment_games as ag
    >>> found = normalize(ag.models.alignment())
    >>> len(found.scalings), found.numeraires
    (4, ('coercion_cost', 'autonomy_weight', 'cost_balance', 'escalation_cost'))
    >>> found.groups["stake"], found.groups["overrun_loss"]
    (V/kappa, L/c_B)
    """
    model_of(model)
    names = list(model.parameters)
    symbols = [model.parameters[name].symbol for name in names]
    rows = []
    for k, player in enumerate(model.players):
        for profile, payoffs in model.payoffs.items():
            own = sp.sympify(payoffs[k])
            if not own.is_polynomial(*symbols):
                where = ", ".join(profile)
                msg = f"the payoff of {player} at ({where}) is not a polynomial of the parameters"
                raise ModelError(msg)
            if own == 0:
                continue
            if expanded_terms(own) > _MOST_TERMS:
                msg = f"a payoff of {player} has more than {_MOST_TERMS} terms"
                raise WorkLimitError(msg)
            unit = [-int(k == other) for other in range(len(model.players))]
            rows += [[*power, *unit] for power in sp.Poly(own, *symbols).monoms()]
    width = len(names) + len(model.players)
    kernel = sp.Matrix(rows).nullspace() if rows else list(sp.eye(width).columnspace())
    # A player whose payoffs are all zero, or a parameter in no payoff, has no unit of interest.
    basis = [v for v in _integers(kernel) if any(v[: len(names)])]
    chosen = _numeraires(model, basis, names, numeraires)
    places = [names.index(name) for name in chosen]
    moving = basis
    if basis:  # others with the same span, each of which moves one numeraire, by the factor itself
        table = sp.Matrix([[vector[place] for place in places] for vector in basis])
        moving = (table.inv() * sp.Matrix(basis)).tolist()
    scales = [symbols[place] for place in places]
    powers = {
        name: [vector[names.index(name)] for vector in moving]
        for name in names
        if name not in chosen
    }
    groups = {
        name: model.parameters[name].symbol / _product(scales, own) for name, own in powers.items()
    }
    factors = {
        player: _product(scales, [vector[len(names) + k] for vector in moving])
        for k, player in enumerate(model.players)
    }
    ones = dict.fromkeys(scales, sp.S.One)
    return Normalization(
        scalings=tuple(_scaling(model, names, vector) for vector in basis),
        numeraires=tuple(chosen),
        groups=groups,
        factors=factors,
        payoffs={
            profile: tuple(sp.sympify(own).xreplace(ones) for own in payoffs)
            for profile, payoffs in model.payoffs.items()
        },
        model=model,
    )


def _integers(vectors: Sequence[sp.Matrix]) -> list[list[sp.Rational]]:
    return [list(vector * sp.ilcm(*(entry.q for entry in vector))) for vector in vectors]


def _product(scales: Sequence[sp.Symbol], powers: Sequence[sp.Rational]) -> sp.Expr:
    return sp.Mul(*(scale**power for scale, power in zip(scales, powers, strict=True)))


def _scaling(model: AlignmentModel, names: list[str], vector: list[sp.Rational]) -> Scaling:
    own, payoffs = vector[: len(names)], vector[len(names) :]
    return Scaling(
        weights={name: power for name, power in zip(names, own, strict=True) if power},
        payoffs={
            player: power for player, power in zip(model.players, payoffs, strict=True) if power
        },
    )


def _numeraires(
    model: AlignmentModel,
    basis: list[list[sp.Rational]],
    names: list[str],
    wanted: Sequence[str] | None,
) -> list[str]:
    def fixes(chosen: Sequence[str]) -> int:
        columns = [[vector[names.index(name)] for vector in basis] for name in chosen]
        return int(sp.Matrix(columns).rank()) if columns and basis else 0

    if isinstance(wanted, str):
        wanted = [wanted]
    if wanted is not None:
        for name in wanted:
            model.parameters[name]
        if len(wanted) != len(basis) or fixes(wanted) != len(basis):
            msg = (
                f"`numeraires` must fix each of {len(basis)} scalings once, "
                f"got {', '.join(wanted) or 'none'}"
            )
            raise ParameterError(msg)
        return list(wanted)

    def rank(name: str) -> int:
        parameter = model.parameters[name]
        if parameter.status is ParameterStatus.NORMALIZATION:
            return 0
        return 1 if parameter.domain.upper is None else 2

    chosen: list[str] = []
    for name in sorted(names, key=rank):
        if fixes([*chosen, name]) > len(chosen):
            chosen.append(name)
    return chosen
