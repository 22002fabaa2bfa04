"""What a convex set of continuation payoffs generates in a two-player repeated game.

With stage payoffs g(a), gains h(a) of the best deviation and discount factors delta, a profile a
followed by w is worth ``v = (1 - delta) g(a) + delta w``, player by player. Nobody deviates if
``w >= P + (1 - delta) / delta h(a)``, where P is the worst payoff of each player in the set
[APS]_. A set that lies in the convex hull of what it generates consists of subgame-perfect
payoffs, and the set V of all these payoffs is the largest such set.

.. [APS] D. Abreu, D. Pearce and E. Stacchetti (1990), Toward a theory of discounted repeated games
   with imperfect monitoring, Econometrica 58, 1041-1063, doi:10.2307/2938299.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..games import RepeatedGame
from ..games.repeated import Positions
from ._polygons import Corner, Polygon, clip, contains, edge_normals, hull, reach

__all__ = [
    "Generated",
    "Profile",
    "Setting",
    "generate",
    "largest",
    "rationale",
    "setting",
    "stage_equilibria",
    "worst",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A pure profile of the stage game.

    Attributes
    ----------
    positions : tuple of int
    payoffs : pair of Fraction
    wanted : pair of Fraction
        By how much continuation payoffs must exceed the worst ones: ``(1 - delta) / delta h``.
    """

    positions: Positions
    payoffs: Corner
    wanted: Corner

    def least(self, threats: Corner, slack: Fraction = Fraction(0)) -> Corner:
        """Return what must follow at least, given the worst payoffs."""
        (one, two), (first, second) = self.wanted, threats
        return first + one + (slack if one else 0), second + two + (slack if two else 0)

    def deters(self, later: Corner, threats: Corner) -> bool:
        """Tell whether nobody deviates from the profile, given what follows and is threatened."""
        one, two = self.least(threats)
        return later[0] >= one and later[1] >= two


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A two-player repeated game as its profiles need it.

    Attributes
    ----------
    discounts : pair of Fraction
    profiles : tuple of Profile
    minmax : pair of Fraction
        Pure minmax payoffs.
    unit : Fraction
        The largest difference of a player's payoffs, 1 if there is none.
    """

    discounts: Corner
    profiles: tuple[Profile, ...]
    minmax: Corner
    unit: Fraction

    @property
    def equal(self) -> bool:
        """Whether both discount factors are the same."""
        return self.discounts[0] == self.discounts[1]

    def worth(self, profile: Profile, later: Corner) -> Corner:
        """Return the payoffs of a profile that is followed by `later`."""
        (one, two), (now_one, now_two) = self.discounts, profile.payoffs
        return (1 - one) * now_one + one * later[0], (1 - two) * now_two + two * later[1]

    def later(self, profile: Profile, payoff: Corner) -> Corner:
        """Return what must follow a profile so that it is worth `payoff`."""
        (one, two), (now_one, now_two) = self.discounts, profile.payoffs
        return (payoff[0] - (1 - one) * now_one) / one, (payoff[1] - (1 - two) * now_two) / two


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """A payoff with its reason: a profile, and what follows it."""

    payoff: Corner
    profile: Profile
    later: Corner


def setting(game: RepeatedGame) -> Setting:
    """Return a two-player repeated game as its profiles need it."""
    one, two = game.stage.exact_payoffs
    best_one, best_two = one.max(axis=0), two.max(axis=1)
    price = [(1 - own) / own for own in game.discounts]
    spread = max(own.max() - own.min() for own in (one, two))
    return Setting(
        discounts=(game.discounts[0], game.discounts[1]),
        profiles=tuple(
            Profile(
                positions=(i, j),
                payoffs=(one[i, j], two[i, j]),
                wanted=(
                    price[0] * (best_one[j] - one[i, j]),
                    price[1] * (best_two[i] - two[i, j]),
                ),
            )
            for i, j in game.stage.profiles()
        ),
        minmax=(best_one.min(), best_two.min()),
        unit=spread or Fraction(1),
    )


def stage_equilibria(game: Setting) -> list[Generated]:
    """Return the payoffs of the stage game's pure equilibria, played for ever."""
    return [
        Generated(payoff=own.payoffs, profile=own, later=own.payoffs)
        for own in game.profiles
        if not any(own.wanted)
    ]


def worst(polygon: Polygon) -> Corner:
    """Return the smallest payoff of each player in a polygon that is not empty."""
    return min(p[0] for p in polygon), min(p[1] for p in polygon)


def generate(
    game: Setting,
    profiles: Sequence[Profile],
    polygon: Polygon,
    threats: Corner,
    slack: Fraction = Fraction(0),
) -> list[Generated]:
    """Return payoffs whose hull holds V if the polygon does and `threats` are not above V's worst.

    In general these are the corners of what each profile generates. If discount factors are
    equal, fewer will do [AS]_. Let v be a corner of V, the farthest in a direction, generated by a
    profile a and w in V; as w is not farther than v, g(a) is not nearer.

    - If g(a) itself may follow a, g(a) is generated, is at least as far as v, and will do.
    - Otherwise the way from w to g(a) leaves the set of w that deter deviations. If all that a
      generates lies in the polygon, then so does this way up to that border: each w on it that
      deters leads to ``(1 - delta) g(a) + delta w``, in the polygon again and nearer to g(a). So
      the points on the border, where a player is indifferent, will do.

    That condition on a is checked. The second step would be wrong without it: threats that
    are too low put w inside the border, and it might be the polygon's only point.

    Parameters
    ----------
    game : Setting
    profiles : sequence of Profile
    polygon : Polygon
    threats : pair of Fraction
    slack : Fraction, optional
        By how much more than needed deviations must cost where they bring a gain. The set is then
        another one, of which nothing is claimed, and the condition is not checked.

    References
    ----------
    .. [AS] D. Abreu and Y. Sannikov (2014), An algorithm for two-player repeated games with perfect
       monitoring, Theoretical Economics 9, 313-338, doi:10.3982/TE1302.
    """
    found = []
    for own in profiles:
        least = own.least(threats, slack)
        if game.equal and own.payoffs[0] >= least[0] and own.payoffs[1] >= least[1]:
            found.append(Generated(payoff=own.payoffs, profile=own, later=own.payoffs))
            continue
        deterring = clip(clip(polygon, (-1, 0), -least[0]), (0, -1), -least[1])
        reached = [
            Generated(payoff=game.worth(own, later), profile=own, later=later)
            for later in deterring
        ]
        if game.equal and (slack or all(contains(polygon, one.payoff) for one in reached)):
            reached = [
                one for one in reached if one.later[0] == least[0] or one.later[1] == least[1]
            ]
        found += reached
    return found


def rationale(game: Setting, polygon: Polygon) -> list[Generated] | None:
    """Return how each corner of a polygon is generated by the polygon, None if one is not."""
    threats, found = worst(polygon), []
    for corner in polygon:
        for own in game.profiles:
            later = game.later(own, corner)
            if own.deters(later, threats) and contains(polygon, later):
                found.append(Generated(payoff=corner, profile=own, later=later))
                break
        else:
            return None
    return found


def largest(game: Setting, polygon: Polygon, around: Sequence[Polygon]) -> bool:
    """Tell whether V is proved to be a self-generating polygon; False proves nothing.

    V lies in the last polygon of `around`. Let the polygon be ``n . v <= b`` for its normals n,
    and D(t) the set ``n . v <= b + t c``, with numbers c >= 0 such that V lies in D(1). If, for
    every t in [0, 1], D(t) generates only payoffs in D(s t), with one s < 1, then V lies in D(1),
    D(s), D(s * s) and so on, hence in the polygon. What D(t) generates in a direction is a linear
    program whose right sides are linear in t, so that one solution of its dual bounds it for all t
    by a linear function of t, which is compared at t = 0 and t = 1.

    The c are sums of the distances of several polygons `around`, one generated by the other: what
    shrinks in some steps, though not in each, makes the sum shrink in each.

    Parameters
    ----------
    game : Setting
    polygon : Polygon
        Not empty; it lies in each polygon of `around`.
    around : sequence of Polygon
    """
    normals = edge_normals(polygon)
    bounds = [reach(polygon, own) for own in normals]
    excess = [
        sum((reach(other, own) - bound for other in around), Fraction(0))
        for own, bound in zip(normals, bounds, strict=True)
    ]
    right, top, left, bottom = (
        bound + more for bound, more in zip(bounds[:4], excess[:4], strict=True)
    )
    wide: Polygon = hull([(x, y) for x in (-left, right) for y in (-bottom, top)])
    for own, bound, more in zip(normals, bounds, excess, strict=True):
        wide = clip(wide, own, bound + more)
    lefts = normals.index((Fraction(-1), Fraction(0))), normals.index((Fraction(0), Fraction(-1)))
    duals = [_duals(game, normals, own) for own in normals]
    for profile in game.profiles:
        # Deterring continuation payoffs: two of the constraints, for players 1 and 2, are tighter.
        sides, deterring = list(bounds), wide
        for who, k in enumerate(lefts):
            sides[k] -= profile.wanted[who]
            deterring = clip(deterring, normals[k], sides[k] + excess[k])
        if not deterring:
            continue
        now = game.worth(profile, (Fraction(0), Fraction(0)))
        for k, normal in enumerate(normals):
            base = normal[0] * now[0] + normal[1] * now[1]
            limit = excess[k]
            for dual in duals[k]:
                low = base + sum(y * sides[j] for j, y in dual) - bounds[k]
                high = low + sum(y * excess[j] for j, y in dual)
                if low <= 0 and (high < limit or high <= limit == 0):
                    break
            else:
                return False
    return True


def _duals(
    game: Setting, normals: Sequence[Corner], normal: Corner
) -> list[tuple[tuple[int, Fraction], ...]]:
    """Return the ways to write a normal, discounted, as a sum of one or two others."""
    x, y = normal[0] * game.discounts[0], normal[1] * game.discounts[1]
    found: list[tuple[tuple[int, Fraction], ...]] = []
    for (j, a), (k, b) in itertools.combinations(enumerate(normals), 2):
        area = a[0] * b[1] - a[1] * b[0]
        if not area:
            continue
        one, two = (x * b[1] - y * b[0]) / area, (a[0] * y - a[1] * x) / area
        if one >= 0 and two >= 0:
            found.append(tuple((m, own) for m, own in ((j, one), (k, two)) if own))
    return list(dict.fromkeys(found))
