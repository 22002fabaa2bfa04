"""Parametric equilibria: closed forms as functions of the parameters, and where each exists."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import sympy as sp

from .._typing import Profile, Values
from ..errors import WorkLimitError
from ..io.document import Block, Heading, Paragraph, Statement, html_body, latex_body
from ..io.formulas import infix
from ..models import AlignmentModel
from ..models.evaluate import exact_function
from ..models.model import model_of
from ..solvers import Solution, Status, nash
from ..solvers.certify import certified_profiles
from ..solvers.result import EquilibriumComponent, EquilibriumFamily, NashSubset
from ._forms import Candidate
from ._polynomials import Polynomials, polynomial_payoffs, ranges
from ._three_players import three_player_candidates
from ._two_players import two_player_candidates
from ._values import index, numbers
from ._writing import payoffs_of, probabilities, relations
from .truth import truth

__all__ = ["ParametricEquilibria", "ParametricEquilibrium", "equilibria"]

_LONG = 6
"""Operations from which a factor gets a name where all equilibria are printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParametricEquilibrium:
    """A profile in closed form, and the conditions under which it is an equilibrium.

    Attributes
    ----------
    model : AlignmentModel
    supports : tuple of tuples of str, one a player
        Strategies that are played with positive probability.
    profile : tuple of tuples of sympy.Expr, one a player
        Probabilities of all strategies.
    payoffs : tuple of sympy.Expr, one a player
    conditions : tuple of Relational
        Strict inequalities (and ``!=``) between polynomials of the parameters, or between such
        with one square root. What the domains of the parameters imply is left out.
    denominators : tuple of sympy.Expr
        What `profile` is divided by; not zero where the conditions hold.
    form : Candidate
        The same in the form in which points are decided.
    """

    model: AlignmentModel = field(repr=False)
    supports: tuple[tuple[str, ...], ...]
    profile: tuple[tuple[sp.Expr, ...], ...]
    payoffs: tuple[sp.Expr, ...] = field(repr=False)
    conditions: tuple[sp.Basic, ...]
    denominators: tuple[sp.Expr, ...] = field(repr=False)
    form: Candidate = field(repr=False, compare=False)

    @property
    def exists(self) -> sp.Basic:
        """All conditions at once: where it is true, this is a regular equilibrium."""
        return sp.And(*self.conditions)

    @property
    def is_pure(self) -> bool:
        """Whether every player plays one strategy for certain."""
        return all(len(own) == 1 for own in self.supports)

    @property
    def name(self) -> str:
        """The supports in short, for example ``(hedge, accommodate)``."""
        return f"({', '.join(' + '.join(own) for own in self.supports)})"

    def __str__(self) -> str:
        return self.text({})

    def text(self, names: Mapping[sp.Expr, sp.Expr]) -> str:
        """Return what ``str`` does, with names in place of some expressions."""
        lines = [self.name]
        for who, strategies, own in zip(
            self.model.players, self.model.strategies, self.profile, strict=True
        ):
            used = [(s, p) for s, p in zip(strategies, own, strict=True) if p != 0]
            lines += [
                f"  {who} plays {s} with probability {infix(p.xreplace(names))}"
                for s, p in used[:-1]
            ]
        wheres = [infix(c.xreplace(names)) for c in self.conditions] or ["always"]
        return "\n".join([*lines, f"  where {wheres[0]}", *(f"    and {w}" for w in wheres[1:])])

    def blocks(self, names: Mapping[sp.Expr, sp.Expr]) -> list[Block]:
        """Return what `text` does as a document."""
        blocks: list[Block] = []
        for who, strategies, own in zip(
            self.model.players, self.model.strategies, self.profile, strict=True
        ):
            used = [(s, p) for s, p in zip(strategies, own, strict=True) if p != 0]
            for s, p in used[:-1]:
                words = f"{_words(who)} plays {_words(s)} with probability"
                blocks += [Paragraph(words), Statement(p.xreplace(names))]
        if not self.conditions:
            return [*blocks, Paragraph("always")]
        wheres = [condition.xreplace(names) for condition in self.conditions]
        return [*blocks, Paragraph("where"), Statement(sp.And(*wheres, evaluate=False))]

    def _repr_html_(self) -> str:
        return html_body([Heading(_words(self.name), 3), *self.blocks({})])


@dataclass(frozen=True, slots=True, kw_only=True)
class ParametricEquilibria:
    """Every equilibrium of a model in closed form, with its conditions.

    Attributes
    ----------
    model : AlignmentModel
    equilibria : tuple of ParametricEquilibrium
        Smaller supports first. Profiles that are equilibria at knife edges only, whatever the
        other parameters, are not among them.
    denominators : tuple of sympy.Expr
        What the model's payoffs are divided by.
    candidates : tuple of Candidate
        All that must be decided at a point, those included that are not listed.
    polynomials : tuple of sympy.Expr
        Whose values decide a point.

    Notes
    -----
    *What complete means.* At a point of the parameters each combination of supports is certain
    (all conditions hold strictly), excluded (one fails strictly), or open (one holds with
    equality and none fails). Where none is open, the profiles whose conditions hold are all
    equilibria of the game, and each is regular: this is proved for all games of up to 4 x 4
    or 3 x 2 x 2 strategies and needs no assumption about the point. A point where one is open is
    a knife edge: there may be other equilibria, even a continuum of them, for which no profile
    is listed. `at` tells the two apart exactly, and solves a knife edge with
    `alignment_games.solvers.nash`.
    """

    model: AlignmentModel = field(repr=False)
    equilibria: tuple[ParametricEquilibrium, ...]
    denominators: tuple[sp.Expr, ...] = field(repr=False)
    candidates: tuple[Candidate, ...] = field(repr=False, compare=False)
    polynomials: tuple[sp.Expr, ...] = field(repr=False, compare=False)
    _evaluate: Callable[..., list[Any]] = field(repr=False, compare=False)

    @property
    def claim(self) -> str:
        """What the list claims, in one sentence."""
        return (
            "Complete: at parameters where no condition holds with equality, exactly the profiles "
            "whose conditions hold are equilibria; elsewhere ask for the equilibria at the point."
        )

    def __len__(self) -> int:
        return len(self.equilibria)

    def __iter__(self) -> Iterator[ParametricEquilibrium]:
        return iter(self.equilibria)

    def __getitem__(self, k: int) -> ParametricEquilibrium:
        return self.equilibria[k]

    def decided(self, values: Values, **overrides: Any) -> tuple[int, ...]:
        """Return 1, 0 or -1 for each candidate: certain, open, or excluded at a point.

        All are open where a payoff is divided by zero.

        Examples
        --------
        >>> import alignment_games as ag
        >>> found = ag.symbolic.equilibria(ag.models.alignment())
        >>> found.decided(ag.load_scenario("vietnam"))
        (-1, -1, 1, -1, -1, -1, -1, -1, -1)
        """
        complete = self.model.parameters.complete(values, overrides)
        symbols = self.model.parameters.symbols
        here = {symbols[name]: value for name, value in complete.items()}
        if any(truth(sp.Eq(own, 0, evaluate=False), here) for own in self.denominators):
            return (0,) * len(self.candidates)
        point = self._point(complete)
        return tuple(own.verdict(point) for own in self.candidates)

    def at(self, values: Values, **overrides: Any) -> Solution:
        """Return all equilibria at a point, with certificates.

        Parameters
        ----------
        values : Scenario or mapping of str to number
            Parameter values by name.
        **overrides : number
            Values that replace those of `values`.

        Returns
        -------
        Solution
            Where no condition holds with equality: `method` is ``closed-form`` and the listed
            profiles were evaluated, in rational arithmetic or, where a root is irrational, to the
            nearest floats. At a knife edge: the solution of `alignment_games.solvers.nash`, with
            its continua, as `method` tells. Indices are computed for two players only.

        Raises
        ------
        ParameterError
            If a parameter is unknown, missing or outside its domain.
        GameError
            If a payoff has no value at the point, because it is divided by zero.

        Examples
        --------
        >>> import alignment_games as ag
        >>> found = ag.symbolic.equilibria(ag.models.alignment())
        >>> print(found.at(ag.load_scenario("ukraine")))
        nash by closed-form: 1 found. All equilibria were found and verified.
          small_state: balance; hegemon: coerce  payoffs (-0.876, -0.52)
        """
        complete = self.model.parameters.complete(values, overrides)
        game = self.model.game(complete)
        point = self._point(complete)
        verdicts = [own.verdict(point) for own in self.candidates]
        if 0 in verdicts:
            return nash(game, exact=True)
        certain = [own for own, found in zip(self.candidates, verdicts, strict=True) if found == 1]
        profiles: list[Profile] = [numbers(own.weights, point) for own in certain]
        records = certified_profiles(game, profiles)
        components: list[EquilibriumComponent] = []
        families: list[EquilibriumFamily] = []
        for own, record in zip(certain, records, strict=True):
            vertices = tuple((vector,) for vector in record.profile)
            if game.n_players == 2:
                subset = NashSubset(vertices=vertices, dimension=0)
                components.append(EquilibriumComponent(subsets=(subset,), index=index(own, point)))
            else:
                families.append(
                    EquilibriumFamily(
                        support=record.support,
                        dimension=0,
                        equilibria=(record,),
                        vertices=vertices,
                    )
                )
        return Solution(
            game=game,
            concept="nash",
            method="closed-form",
            status=Status.COMPLETE,
            equilibria=records,
            components=tuple(components),
            families=tuple(families),
            exact=all(type(p) is Fraction for own in profiles for v in own for p in v),
            parameters=complete,
        )

    def _point(self, complete: Mapping[str, Fraction]) -> dict[sp.Expr, Fraction]:
        values = self._evaluate(*complete.values())
        return dict(zip(self.polynomials, map(Fraction, values), strict=True))

    def __str__(self) -> str:
        head = f"{len(self)} equilibria of {self.model.title} in closed form. {self.claim}"
        names = self._names()
        both = _with_opposites(names)
        lines = [f"{k}. {own.text(both)}" for k, own in enumerate(self, 1)]
        return "\n".join([head, *lines, *map(infix, _definitions(names))])

    def blocks(self) -> list[Block]:
        """Return profiles and conditions as a document, with names for long factors."""
        names = self._names()
        both = _with_opposites(names)
        blocks: list[Block] = [Paragraph(self.claim)]
        for k, own in enumerate(self, 1):
            blocks += [Heading(f"{k}. {_words(own.name)}", 3), *own.blocks(both)]
        if names:
            blocks += [Heading("In these formulas", 3), *map(Statement, _definitions(names))]
        return blocks

    def _names(self) -> dict[sp.Expr, sp.Symbol]:
        """Name the long factors of products and denominators, so that they can be read."""
        products = (
            factor.a
            for own in self
            for test in own.form.needed
            if len(test.odd) > 1
            for factor in test.odd
            if factor.b == 0
        )
        divisors = (divisor for own in self for divisor in own.denominators)
        named = itertools.chain(products, divisors)
        factors = dict.fromkeys(own for own in named if sp.count_ops(own) >= _LONG)
        taken = {symbol.name for symbol in self.model.parameters.symbols.values()}
        letter = "g"
        while any(f"{letter}{k}" in taken for k in range(1, len(factors) + 1)):
            letter += "g"
        return {factor: sp.Symbol(f"{letter}{k}") for k, factor in enumerate(factors, 1)}

    def latex(self) -> str:
        r"""Return it as LaTeX to put into a document; it needs amsmath.

        Examples
        --------
        >>> import alignment_games as ag
        >>> print(ag.symbolic.equilibria(ag.models.alignment()).latex().splitlines()[2])
        \subsection*{1. (balance, accommodate)}
        """
        return latex_body(self.blocks())

    def _repr_html_(self) -> str:
        return html_body(self.blocks())


def equilibria(model: AlignmentModel) -> ParametricEquilibria:
    """Return all equilibria of a model as functions of its parameters, with their conditions.

    Parameters
    ----------
    model : AlignmentModel
        Two players with up to four strategies each, or three of whom two have up to two and one
        up to three. Payoffs are quotients of polynomials of the parameters.

    Returns
    -------
    ParametricEquilibria
        Complete: at every point of the parameters where no condition holds with equality, the
        profiles whose conditions hold are exactly the equilibria (see its notes). Other points are
        knife edges, where there may be equilibria for which no profile is listed;
        `ParametricEquilibria.at` recognizes these and finds all of theirs as well.

    Raises
    ------
    ModelError
        If a payoff is not a quotient of polynomials.
    WorkLimitError
        If the model has more players or strategies.

    Notes
    -----
    Two players: for each pair of supports of one size the weights that make the opponent
    indifferent are minors of payoff differences. Three players: where all mix, the conditions come
    down to one quadratic equation, so that weights hold one square root.

    Examples
    --------
    >>> import alignment_games as ag
    >>> found = ag.symbolic.equilibria(ag.models.alignment())
    >>> found[4].profile
    ((0, 0, 1), (1, 0))
    >>> print(found[4])
    (bandwagon, accommodate)
      where alpha*theta_W + c_B + e_G + e_P*y_W > alpha*theta_B + c_W + e_G*x_B + e_P
        and alpha*theta_W + c_H + e_G*tau + e_P*tau + e_P*y_W > alpha*theta_H + c_W + e_P
        and b*beta_w*l0 + kappa > V*l0
    """
    model_of(model)
    sizes = tuple(len(own) for own in model.strategies)
    bimatrix = len(sizes) == 2 and max(sizes) <= 4
    if not bimatrix and not (len(sizes) == 3 and all(map(int.__le__, sorted(sizes), (2, 2, 3)))):
        msg = (
            "closed forms are known for two players with up to 4 strategies each, and for three "
            f"with up to 3, 2 and 2; `model` has {' x '.join(map(str, sizes))}. At a point, "
            "solve `model.game(values)`"
        )
        raise WorkLimitError(msg)
    table, denominators = polynomial_payoffs(model)
    polynomials = Polynomials(ranges(model.parameters))
    if bimatrix:
        found = two_player_candidates(
            lambda who, i, j: table[i, j][who], (sizes[0], sizes[1]), polynomials
        )
    else:
        found = three_player_candidates(
            lambda who, profile: table[profile][who], (sizes[0], sizes[1], sizes[2]), polynomials
        )
    candidates = tuple(own for own in found if not own.excluded)
    needed = tuple(
        dict.fromkeys(itertools.chain.from_iterable(own.polynomials for own in candidates))
    )
    listed = []
    for own in candidates:
        if own.possible:
            profile, divisors = probabilities(own, polynomials)
            listed.append(
                ParametricEquilibrium(
                    model=model,
                    supports=tuple(
                        tuple(names[s] for s in support)
                        for names, support in zip(model.strategies, own.supports, strict=True)
                    ),
                    profile=profile,
                    payoffs=payoffs_of(model, own, profile),
                    conditions=relations(own, polynomials.ranges),
                    denominators=divisors,
                    form=own,
                )
            )
    return ParametricEquilibria(
        model=model,
        equilibria=tuple(listed),
        denominators=denominators,
        candidates=candidates,
        polynomials=needed,
        _evaluate=exact_function(list(model.parameters.symbols.values()), needed),
    )


def _with_opposites(names: Mapping[sp.Expr, sp.Symbol]) -> dict[sp.Expr, sp.Expr]:
    return {**names, **{-factor: -symbol for factor, symbol in names.items()}}


def _definitions(names: Mapping[sp.Expr, sp.Symbol]) -> Iterator[sp.Basic]:
    """Return what the names stand for, each in terms of the others."""
    for factor, symbol in names.items():
        others = {
            one: two
            for one, two in _with_opposites(names).items()
            if symbol not in two.free_symbols
        }
        yield sp.Eq(symbol, factor.xreplace(others), evaluate=False)


def _words(name: str) -> str:
    return name.replace("_", " ")
