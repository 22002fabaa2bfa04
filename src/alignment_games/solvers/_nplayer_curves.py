"""Continua of equilibria of one support: arcs, and polytopes over finitely many points."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ._nplayer_numbers import RealNumber, dot, rank, solve_linear, sorted_numbers
from ._nplayer_system import Point, System, Weights

__all__ = ["Arc", "Polytope", "arcs", "curve", "fibers"]


@dataclass(frozen=True, slots=True)
class Arc:
    """A continuum of equilibria along which every probability is a function of one of them.

    Attributes
    ----------
    ends, middle : Weights
        Its two limits, which are equilibria too, and an equilibrium inside.
    formulas : dict of int to tuples of str
        Each player's probabilities as functions of ``v``.
    interval : pair of numbers
        The range of ``v``.
    """

    ends: tuple[Weights, Weights]
    middle: Weights
    formulas: dict[int, tuple[str, ...]]
    interval: tuple[Fraction | float, Fraction | float]


@dataclass(frozen=True, slots=True)
class Polytope:
    """A product of polytopes of equilibria, by the vertices of each mixing player's part."""

    parts: dict[int, list[tuple[Fraction | float, ...]]]
    dimension: int


def fibers(s: System, basis: list[Any]) -> list[Polytope] | None:
    """Describe polytopes of one player's strategies, each at fixed strategies of the others.

    So it is where a strategy is duplicated or ties with a mixture: the others' coordinates (and
    perhaps some of that player's) take finitely many values, and all constraints are linear in
    the rest. None if it is not so.
    """
    moving = []
    for k, x in enumerate(s.free):
        order = [y for y in s.free if y != x] + [x]
        if not any(g.free_symbols <= {x} for g in s.basis(basis, "lex", *order)):
            moving.append(k)
    owner = next((j for j in s.own if set(moving) <= set(s.places(j))), None)
    if owner is None:
        return None
    fixed = [k for k in range(len(s.free)) if k not in moving]
    inner = [s.free[k] for k in fixed]
    eliminated = [
        s.sympy.Poly(g.as_expr(), *inner, domain="QQ")
        for g in s.basis(basis, "lex", *(s.free[k] for k in moving), *inner)
        if g.free_symbols <= set(inner)
    ]
    found = []
    for number, values in s.solutions(s.basis(eliminated, "grevlex", *inner), "grevlex", inner):
        known = dict(zip(fixed, values, strict=True))
        polytope = _fiber(s, number, known, moving, owner)
        if polytope is not None:
            found.append(polytope)
    return found


def _fiber(
    s: System, number: RealNumber, known: dict[int, Any], moving: list[int], owner: int
) -> Polytope | None:
    """Return the polytope of equilibria at one value of the fixed coordinates, if there is one."""
    one = s.constant(1)
    rows = [_affine(s, g, number, known, moving) for g in s.equations]
    rows = [row for row in rows if not all(c.is_zero for c in row)]
    bounds = [[-c for c in _affine(s, p, number, known, moving)] for p in s.positive]
    bounds += [_affine(s, d, number, known, moving) for d in s.deviations]
    vertices: list[list[Any]] = []
    for count in range(len(moving) + 1):
        for tight in itertools.combinations(bounds, count):
            x = solve_linear([*rows, *tight], number, len(moving))
            if x is None or x in vertices:
                continue
            if all(number.sign(dot(row, [*x, one])) <= 0 for row in bounds):
                vertices.append(x)
    if not vertices or not all(
        any(number.sign(dot(row, [*x, one])) < 0 for x in vertices)
        for row in bounds[: len(s.positive)]
    ):
        return None  # some strategy of the support is nowhere played
    weights = [
        s.weights(
            number,
            [known[k] if k in known else x[moving.index(k)] for k in range(len(s.free))],
        )
        for x in vertices
    ]
    differences = [[a - b for a, b in zip(x, vertices[0], strict=True)] for x in vertices[1:]]
    return Polytope(
        parts={
            j: [w[j] for w in weights] if j == owner else [weights[0][j]] for j in s.problem.mixing
        },
        dimension=rank(differences, number),
    )


def _affine(
    s: System, poly: Any, number: RealNumber, known: dict[int, Any], moving: list[int]
) -> list[Any]:
    """Return the coefficients of a row in the moving coordinates of one player, then the rest."""
    row = [s.constant(0) for _ in range(len(moving) + 1)]
    for monomial, coefficient in poly.terms():
        term = s.constant(coefficient)
        place = len(moving)
        for k, exponent in enumerate(monomial):
            if exponent and k in known:
                term = number.reduce(term * known[k])
            elif exponent:
                place = moving.index(k)
        row[place] += term
    return [number.reduce(c) for c in row]


def curve(s: System, basis: list[Any], place: int) -> tuple[list[Any], list[list[Any]]] | None:
    """Write all coordinates of a curve as rational functions of one of them.

    Returns
    -------
    The functions, and systems for the zeros of the basis that are not on the curve; None if the
    coordinates need radicals.
    """
    sympy, v = s.sympy, s.free[place]
    others = [x for x in s.free if x != v]
    # With v last, a lexicographic basis is one over the rational functions of v as well.
    solved = {}
    for g in s.basis(basis, "lex", *others, v):
        poly = sympy.Poly(g.as_expr(), *others, domain=sympy.QQ[v])
        top = poly.monoms(order="lex")[0]
        if sum(top) == 1:
            x = others[top.index(1)]
            solved[x] = sympy.cancel(x - poly.as_expr() / poly.coeffs(order="lex")[0])
    if len(solved) != len(others):
        return None
    forms = {v: v}
    for x in reversed(others):  # each depends on later ones only
        forms[x] = sympy.cancel(solved[x].subs(forms))
    apart = sympy.Symbol("s")
    rest = []
    for x in others:
        top, bottom = sympy.fraction(sympy.together(forms[x]))
        trick = sympy.Poly(1 - apart * (bottom * x - top), apart, *s.free, domain="QQ")
        away = s.basis([*basis, trick], "lex", apart, *s.free)
        if not any(g.is_ground for g in away):
            rest.append([s.poly(g.as_expr()) for g in away if apart not in g.free_symbols])
    return [forms[x].subs(v, s.parameter) for x in s.free], rest


def arcs(s: System, forms: list[Any]) -> tuple[list[Arc], list[Point]]:
    """Cut a curve where a probability or a deviation's gain changes its sign.

    Returns its arcs of equilibria, and its isolated ones.
    """
    sympy, t = s.sympy, s.parameter
    forms = [sympy.cancel(form) for form in forms]
    substitution = dict(zip(s.free, forms, strict=True))

    def quotient(expression: Any) -> tuple[Any, Any]:
        top, bottom = sympy.fraction(sympy.cancel(sympy.together(expression)))
        return sympy.Poly(top, t, domain="QQ"), sympy.Poly(bottom, t, domain="QQ")

    def along(poly: Any) -> tuple[Any, Any]:
        return quotient(poly.as_expr().subs(substitution, simultaneous=True))

    positive = [along(p) for p in s.positive]
    deviations = [along(d) for d in s.deviations]
    product = s.constant(1)
    for pair in positive + deviations:
        for factor in pair:
            if not factor.is_zero:
                product *= factor
    cuts = sorted_numbers(list(s.real_roots(product.sqf_part())))
    quotients = [quotient(form) for form in forms]

    def holds(number: RealNumber) -> bool:
        return all(number.sign(a) * number.sign(b) > 0 for a, b in positive) and all(
            number.sign(b) != 0 and number.sign(a) * number.sign(b) <= 0 for a, b in deviations
        )

    def located(number: RealNumber) -> list[Any]:
        return [
            number.reduce(number.reduce(a) * number.reduce(b).invert(number.poly))
            for a, b in quotients
        ]

    def weights(number: RealNumber) -> Weights:
        return s.weights(number, located(number))

    between = [s.number((a.high + b.low) / 2) for a, b in itertools.pairwise(cuts)]
    inside = [False, *map(holds, between), False]  # before, between and after the cuts
    found: list[Arc] = []
    isolated: list[Point] = []
    start = 0
    for k, cut in enumerate(cuts):
        left, right = inside[k], inside[k + 1]
        here = holds(cut)
        if left and not (here and right):
            found.append(
                Arc(
                    ends=(weights(cuts[start]), weights(cut)),
                    middle=weights(between[start]),
                    formulas=_formulas(s, forms),
                    interval=(
                        cuts[start].value(sympy.Poly(t, t, domain="QQ")),
                        cut.value(sympy.Poly(t, t, domain="QQ")),
                    ),
                )
            )
        if right and not (here and left):
            start = k
        if here and not left and not right:
            point = s.judge(cut, located(cut))
            if point is not None:
                isolated.append(point)
    return found, isolated


def _formulas(s: System, forms: list[Any]) -> dict[int, tuple[str, ...]]:
    """Return the probabilities as functions of the parameter, for people."""
    found = {}
    for j in s.problem.mixing:
        own = [forms[k] for k in s.places(j)]
        whole = [1 - sum(own), *own]
        found[j] = tuple(str(s.sympy.factor(form)) for form in whole)
    return found
