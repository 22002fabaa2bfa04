"""Candidates of games of three players of up to 3 x 2 x 2 strategies, one of them quadratic.

Names and formulas are those of decision page 8, which also shows that these combinations of
supports suffice: what carries an equilibrium with a tie leaves one of them open.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sympy as sp

from ._forms import ALWAYS, ZERO, Candidate, Support, Surd, Test, made_test
from ._polynomials import Polynomials, short, terms
from ._two_players import minors, reference, same_sign, spread, subsets

__all__ = ["three_player_candidates"]

_EXPANDED = 400
"""Terms up to which an expression is expanded to see whether it is zero."""

Vector = Sequence[Surd]
Form = Sequence[Sequence[sp.Expr]]


def three_player_candidates(
    payoff: Callable[[int, tuple[int, int, int]], sp.Expr],
    sizes: tuple[int, int, int],
    polynomials: Polynomials,
) -> list[Candidate]:
    """Return the candidates of a three-player game, the smallest supports first.

    Parameters
    ----------
    payoff : callable
        The payoff of a player by the strategies of all.
    sizes : tuple of three int
        Two are at most 2, one at most 3, in any order.
    polynomials : Polynomials
    """
    order = sorted(range(3), key=lambda who: -sizes[who])
    game = _Game(payoff, tuple(sizes[who] for who in order), order, polynomials)
    found = []
    for rows in subsets(game.sizes[0]):
        for own in subsets(game.sizes[1]):
            for other in subsets(game.sizes[2]):
                found += game.candidates((rows, own, other))
    return sorted(found, key=lambda c: (sum(map(len, c.supports)), c.supports))


class _Game:
    """A game whose first player has the most strategies; `order` says whose place each takes."""

    __slots__ = ("order", "payoff", "polynomials", "sizes")

    def __init__(
        self,
        payoff: Callable[[int, tuple[int, int, int]], sp.Expr],
        sizes: tuple[int, ...],
        order: list[int],
        polynomials: Polynomials,
    ) -> None:
        self.payoff, self.sizes, self.order = payoff, sizes, order
        self.polynomials = polynomials

    def utility(self, who: int, i: int, j: int, k: int) -> sp.Expr:
        profile = [0, 0, 0]
        for place, choice in zip(self.order, (i, j, k), strict=True):
            profile[place] = choice
        return self.payoff(self.order[who], (profile[0], profile[1], profile[2]))

    def gain(self, who: int, one: int, two: int, others: tuple[int, int]) -> sp.Expr:
        """Return what a player gains by `one` over `two` where the others play as said."""
        a, b = ([*others[:who], choice, *others[who:]] for choice in (one, two))
        return self.polynomials.tidy(self.utility(who, *a) - self.utility(who, *b))

    def expected(self, who: int, one: int, two: int, weights: tuple[Vector, Vector]) -> Surd:
        """Return that gain where the others mix, by their weights on all strategies."""
        total = Surd(ZERO)
        for s, x in enumerate(weights[0]):
            for t, y in enumerate(weights[1]):
                if (x.a != 0 or x.b != 0) and (y.a != 0 or y.b != 0):
                    total = total + x * y * Surd(self.gain(who, one, two, (s, t)))
        return total

    def candidates(self, supports: Support) -> list[Candidate]:
        """Return the candidates with some supports: one, or one for each root."""
        lengths = tuple(map(len, supports))
        if lengths in ((2, 2, 2), (3, 2, 2)):
            return self._all_mix(supports)
        if lengths == (1, 1, 1):
            one = Surd(sp.Integer(1))
            ones = [spread([one], own, n) for own, n in zip(supports, self.sizes, strict=True)]
            return [self._made(supports, ones)]
        if lengths in ((1, 2, 2), (2, 1, 2), (2, 2, 1)):
            return [self._two_mix(supports)]
        return []

    def _two_mix(self, supports: Support) -> Candidate:
        """Make a candidate where two players mix: each makes the other one indifferent."""
        pure = next(who for who, own in enumerate(supports) if len(own) == 1)
        weights: list[Sequence[Surd]] = [()] * 3
        weights[pure] = [Surd(sp.Integer(1))]
        mixing = [who for who in range(3) if who != pure]
        for who, other in (mixing, mixing[::-1]):
            row = []
            for s in supports[who]:
                choices = {who: s, pure: supports[pure][0]}
                others = [choices[player] for player in range(3) if player != other]
                one, two = supports[other][1], supports[other][0]
                row.append(self.gain(other, one, two, (others[0], others[1])))
            weights[who] = [Surd(w) for w in minors([row], 2)]
        spreads = [
            spread(w, own, n) for w, own, n in zip(weights, supports, self.sizes, strict=True)
        ]
        return self._made(supports, spreads)

    def _made(
        self,
        supports: Support,
        weights: Sequence[tuple[Surd, ...]],
        discriminant: Test | None = None,
        guard: Test = ALWAYS,
    ) -> Candidate:
        """Make a candidate: weights have one sign, and what is not in use does not gain."""
        tests: list[Test] = []
        references = []
        for own, values in zip(supports, weights, strict=True):
            used = [values[s] for s in own]
            at = reference(used, self.polynomials)
            tests += same_sign(used, at, self.polynomials)
            references.append(used[at])
        for who, own in enumerate(supports):
            others = [weights[k] for k in range(3) if k != who]
            signs = [references[k] for k in range(3) if k != who]
            for s in range(self.sizes[who]):
                if s not in own:
                    gain = self.expected(who, s, own[0], (others[0], others[1]))
                    tests.append(made_test(self.polynomials, -gain, *signs))
        return self._placed(supports, weights, tuple(tests), discriminant, guard)

    def _placed(
        self,
        supports: Support,
        weights: Sequence[tuple[Surd, ...]],
        tests: tuple[Test, ...],
        discriminant: Test | None,
        guard: Test,
    ) -> Candidate:
        """Return a candidate with the players in the user's order."""
        places = [self.order.index(who) for who in range(3)]
        return Candidate(
            supports=tuple(supports[k] for k in places),
            weights=tuple(weights[k] for k in places),
            tests=tests,
            discriminant=discriminant,
            guard=guard,
        )

    def _all_mix(self, supports: Support) -> list[Candidate]:
        """Make the candidates where all mix: the roots of a quadratic form in q."""
        rows = supports[0]
        a = [[self.gain(0, rows[1], rows[0], (j, k)) for k in (0, 1)] for j in (0, 1)]
        b = [[self.gain(1, 1, 0, (i, k)) for k in (0, 1)] for i in rows]
        c = [[self.gain(2, 1, 0, (i, j)) for j in (0, 1)] for i in rows]
        d = a
        if len(rows) == 3:
            d = [[self.gain(0, rows[2], rows[0], (j, k)) for k in (0, 1)] for j in (0, 1)]

        def second(d: Form, b: Form, c: Form) -> Form:
            if len(rows) == 3:
                return d
            return [[b[0][k] * c[1][j] - b[1][k] * c[0][j] for k in (0, 1)] for j in (0, 1)]

        found = []
        for root in _roots((a, d, b, c), second, self.polynomials):
            if root.weights is None:
                nothing = [(Surd(ZERO),) * n for n in self.sizes]
                found.append(self._placed(supports, nothing, (), root.discriminant, root.guard))
                continue
            q = root.weights
            r = _reply(a, second(d, b, c), q)
            if len(rows) == 3:
                u = [_dot([Surd(x) for x in row], r) for row in b]
                v = [_dot([Surd(x) for x in row], q) for row in c]
                p: Vector = [
                    u[1] * v[2] + -(u[2] * v[1]),
                    u[2] * v[0] + -(u[0] * v[2]),
                    u[0] * v[1] + -(u[1] * v[0]),
                ]
            else:
                p = _against([_dot([Surd(x) for x in row], q) for row in c])
                if all(map(_zero, p)):
                    p = _against([_dot([Surd(x) for x in row], r) for row in b])
            weights = [
                spread(w, own, n) for w, own, n in zip((p, q, r), supports, self.sizes, strict=True)
            ]
            found.append(self._made(supports, weights, root.discriminant, root.guard))
        return found


@dataclass(frozen=True, slots=True)
class _Root:
    """Weights q, or None where q is pure or nothing is known but where the guard is not 0."""

    weights: Vector | None
    discriminant: Test | None
    guard: Test


def _dot(left: Vector, right: Vector) -> Surd:
    total = Surd(ZERO)
    for x, y in zip(left, right, strict=True):
        total = total + x * y
    return total


def _against(pair: Vector) -> Vector:
    """Return the weights under which two numbers average to 0."""
    return (pair[1], -pair[0])


def _zero(number: Surd) -> bool:
    """Tell whether a number is identically zero, if it is short enough to be expanded."""
    return all(
        part == 0 or (terms(part) <= _EXPANDED and sp.expand(part) == 0)
        for part in (number.a, number.b)
    )


def _reply(a: Form, m: Form, q: Vector) -> Vector:
    """Return the weights r for which q'ar = q'mr = 0, by the second where a says nothing."""
    for form in (a, m):
        against = [_dot(q, [Surd(form[0][k]), Surd(form[1][k])]) for k in (0, 1)]
        if not all(map(_zero, against)):
            break
    return _against(against)


def _roots(
    tables: tuple[Form, Form, Form, Form],
    second: Callable[[Form, Form, Form], Form],
    polynomials: Polynomials,
) -> list[_Root]:
    """Return the weights q at which q'a and q'm are proportional.

    The form h0 q0^2 + h1 q0 q1 + h2 q1^2 is factored first: a root that is rational for all
    parameters is written without a root. One at which q is pure for all is none of this support.
    """
    x, y = sp.symbols("x y", cls=sp.Dummy)
    names: dict[sp.Expr, sp.Dummy] = {}
    form = _form(tables, second)
    if not all(map(short, form)):
        if _has_root(form):
            return _two_roots(form, Test(1), polynomials)
        # One symbol for each difference: what is a product because of the structure of the
        # game still shows.
        entries = {e for table in tables for row in table for e in row if not e.is_number}
        names = {e: sp.Dummy() for e in sorted(entries, key=sp.default_sort_key)}
        a, d, b, c = ([[names.get(e, e) for e in row] for row in table] for table in tables)
        form = _form((a, d, b, c), second)
    back = {name: e for e, name in names.items()}
    h = form[0] * x**2 + form[1] * x * y + form[2] * y**2
    number, found = sp.factor_list(sp.expand(h))
    if number == 0:
        return [_Root(None, Test(-1), _overdetermined(tables[0], tables[1], polynomials))]
    guards = []
    linear: list[tuple[sp.Expr, ...]] = []
    square: tuple[sp.Expr, ...] = ()
    for factor, power in found:
        poly = sp.Poly(factor, x, y)
        degree = poly.total_degree()
        values = tuple(
            polynomials.tidy(poly.coeff_monomial(x ** (degree - k) * y**k).xreplace(back))
            for k in range(degree + 1)
        )
        if degree == 0:
            guards.append(Surd(values[0]))
        elif degree == 1:
            linear += [values] * power
        else:
            square = values
    guard = made_test(polynomials, *guards, *guards)
    if square:
        return _two_roots(square, guard, polynomials)
    if linear[0] == linear[1]:
        return [_Root(None, None, Test(0))]  # a double root for all parameters
    return [
        _Root(None, Test(-1), guard)
        if 0 in values
        else _Root((Surd(values[1]), Surd(-values[0])), None, guard)
        for values in linear
    ]


def _overdetermined(a: Form, d: Form, polynomials: Polynomials) -> Test:
    """Return what is 0 where the first player's indifferences may have a common solution.

    The quadratic form is zero for all parameters. If the first player's gains `a` and `d` depend
    on the choices of one other player only, its weights are to solve two equations, which they do
    where a determinant is 0. Otherwise nothing is known.
    """
    if a is not d:
        for one, two in ((a, d), (_turned(a), _turned(d))):
            if all(row[0] == row[1] for row in (*one, *two)):
                determinant = Surd(one[0][0] * two[1][0] - one[1][0] * two[0][0])
                return made_test(polynomials, determinant, determinant)
    return Test(0)


def _turned(form: Form) -> Form:
    return list(zip(*form, strict=True))


def _two_roots(form: Sequence[sp.Expr], guard: Test, polynomials: Polynomials) -> list[_Root]:
    """Return the roots of a form with a square root."""
    h0, h1, h2 = map(polynomials.tidy, form)
    d = polynomials.tidy(h1**2 - 4 * h0 * h2)
    positive = made_test(polynomials, Surd(d))
    return [_Root((Surd(-h1, sp.Integer(s), d), Surd(2 * h0)), positive, guard) for s in (-1, 1)]


def _has_root(form: Sequence[sp.Expr]) -> bool:
    """Tell whether some value of the discriminant is no square: then no root is rational."""
    symbols = sorted(set().union(*(part.free_symbols for part in form)), key=str)
    rng = random.Random(0)
    for _ in range(3):
        values = {symbol: sp.Integer(rng.randint(2, 997)) for symbol in symbols}
        h0, h1, h2 = (part.xreplace(values) for part in form)
        if not sp.sqrt(h1**2 - 4 * h0 * h2).is_rational:
            return True
    return False


def _form(
    tables: tuple[Form, Form, Form, Form], second: Callable[[Form, Form, Form], Form]
) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    a, d, b, c = tables
    m = second(d, b, c)
    return (
        m[0][0] * a[0][1] - m[0][1] * a[0][0],
        m[0][0] * a[1][1] - m[0][1] * a[1][0] + m[1][0] * a[0][1] - m[1][1] * a[0][0],
        m[1][0] * a[1][1] - m[1][1] * a[1][0],
    )
