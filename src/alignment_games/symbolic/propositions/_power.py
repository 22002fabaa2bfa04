"""A shift of power (F4e), and a hedge as an insurance against a patron's isolation (F4a)."""

from __future__ import annotations

import sympy as sp

from .record import Hypothesis, Proposition

__all__ = ["power"]


def power() -> tuple[Proposition, ...]:
    """Return the propositions on preventive war, and on a patron that may come back."""
    return (_insurance(), *_preventive_war(), _visible(), *_uncertain_cost())


def _insurance() -> Proposition:
    """Return when hedging is better, the patron being engaged, than being an ally."""
    discount, hazard, back, exit_cost = sp.symbols("delta lambda mu chi", nonnegative=True)
    premium, loss = sp.symbols("D_E D_I", real=True)
    # What balancing is worth more than hedging for ever; the patron is engaged at first. With A
    # the same for an ally whose patron is isolationist:
    #   W = D_E + delta ((1 - lambda) W + lambda A),  A = -D_I + delta (mu W + (1 - mu) A),
    # and if it leaves whenever the patron is: A = -chi + A0,  A0 = delta (mu W + (1 - mu) A0).
    staying = 1 - discount * (1 - back)
    weight = (1 - discount) * (1 - discount * (1 - hazard - back))
    ally = (premium * staying - discount * hazard * loss) / weight
    leaver = (premium - discount * hazard * exit_cost) * staying / weight
    cost = sp.Min(exit_cost, loss / staying)
    return Proposition(
        name="F4a-insurance",
        title="Hedging as an insurance",
        statement="If the patron returns with probability mu, hedging is better than balancing, "
        "with or without an exit in isolation, exactly if the premium D_E of an ally of an engaged "
        "patron is less than delta lambda min(chi, D_I / (1 - delta (1 - mu))), where D_I is what "
        "an ally loses in a period of isolation.",
        claim=sp.Equivalent(sp.And(ally < 0, leaver < 0), premium < discount * hazard * cost),
        ranges=(discount < 1, hazard <= 1, back <= 1),
        note="For mu = 0 it is F4a with an exit. Values are those of an ally, less those of a "
        "hedger.",
    )


def _preventive_war() -> tuple[Proposition, ...]:
    discount, arrival, cost = sp.symbols("delta q c_G", nonnegative=True)
    now, later, upward, other = sp.symbols("l_1 l_2 beta c_S", nonnegative=True)
    first, second = sp.symbols("p_1 p_2", nonnegative=True)
    rate = 1 - discount
    attack = now / rate - cost
    least, most = later - rate * cost, later + rate * other

    def waits(share: sp.Expr) -> sp.Expr:
        """Return the value of waiting, everything being ceded until the shift is done."""
        return (1 + discount * arrival * share / rate) / (1 - discount * (1 - arrival))

    ranges = (discount < 1, arrival <= 1, now <= 1, later <= now)
    fights_later = Hypothesis(
        name="fights-later",
        words="after the shift a war would still be worth fighting: l_2 >= (1 - delta) c_G",
        condition=later >= rate * cost,
        added="Otherwise the hegemon's share after the shift is 0, not l_2 - (1 - delta) c_G, and "
        "it attacks in fewer cases.",
    )
    return (
        Proposition(
            name="F4e",
            title="Preventive war",
            statement="Though everything is ceded to it until the shift is done, the hegemon "
            "attacks exactly if delta q (l_1 - l_2) > (1 - delta)(1 - l_1 + (1 - delta) c_G).",
            claim=sp.Equivalent(
                attack > waits(sp.Max(0, least)),
                discount * arrival * (now - later) > rate * (1 - now + rate * cost),
            ),
            hypotheses=(fights_later,),
            ranges=ranges,
            note="The small state makes the only offer after the shift, as in F4e with bargaining "
            "power 0.",
        ),
        Proposition(
            name="F4e-one-period",
            title="Preventive war before a shift that is done in one period",
            statement="With the small state's chances p of winning a war, the hegemon attacks "
            "exactly if delta p_2 - p_1 > c_G (1 - delta)^2.",
            claim=sp.Equivalent(
                (1 - first) / rate - cost > 1 + discount * sp.Max(0, (1 - second) / rate - cost),
                discount * second - first > cost * rate**2,
            ),
            hypotheses=(
                Hypothesis(
                    name="fights-later",
                    words="after the shift a war would still be worth fighting: "
                    "1 - p_2 >= (1 - delta) c_G",
                    condition=1 - second >= rate * cost,
                    added="The inequality alone is necessary but not sufficient.",
                ),
            ),
            ranges=(discount < 1, first <= second, second <= 1),
            note="Benchmark C8 states it without the hypothesis.",
        ),
        Proposition(
            name="F4e-bargaining",
            title="Bargaining power after the shift prevents war",
            statement="If the hegemon's share after the shift lies by beta of its width up the "
            "bargaining range, it attacks exactly if delta q (l_1 - l_2) > (1 - delta)"
            "(1 - l_1 + (1 - delta) c_G + delta q beta (c_G + c_S)).",
            claim=sp.Equivalent(
                attack > waits((1 - upward) * least + upward * most),
                discount * arrival * (now - later)
                > rate * (1 - now + rate * cost + discount * arrival * upward * (cost + other)),
            ),
            ranges=(*ranges, upward <= 1),
            note="For a bargaining range that is not cut off at 0 or 1; elsewhere the share is "
            "another one.",
        ),
    )


def _visible() -> Proposition:
    """Return that what is seen in time needs no bond."""
    discount, share, now, cost = sp.symbols("delta g_1 l_1 c_S", nonnegative=True)
    rate = 1 - discount
    return Proposition(
        name="F4e-visible",
        title="A hedge that is seen needs no bond",
        statement="If drawing close is seen in time and attacked, the small state does not gain by "
        "it, whatever the shift.",
        claim=(1 - share) / rate >= 1 - share + discount * ((1 - now) / rate - cost),
        hypotheses=(
            Hypothesis(
                name="range",
                words="the settled share leaves the small state no less than war: "
                "g_1 <= l_1 + (1 - delta) c_S",
                condition=share <= now + rate * cost,
            ),
        ),
        ranges=(discount < 1, now <= 1, share <= 1),
    )


def _uncertain_cost() -> tuple[Proposition, ...]:
    """Return the ultimatum of a state that does not know the other's cost, uniform on [0, C]."""
    wins, own, highest, demand = sp.symbols("p c_A C x", nonnegative=True)
    best = wins + (highest - own) / 2

    def war(share: sp.Expr) -> sp.Expr:
        return (share - wins) / highest

    def worth(share: sp.Expr) -> sp.Expr:
        return share * (1 - war(share)) + (wins - own) * war(share)

    ranges = (wins <= 1, highest > 0)
    note = "Benchmark C8. Where the demand exceeds the whole good, the whole is demanded instead."
    cheap = Hypothesis(
        name="cheap-war",
        words="the proposer's own cost is less than the other's highest: c_A < C",
        condition=own < highest,
        added="Otherwise it demands p, which is never refused.",
    )
    return (
        Proposition(
            name="F4e-demand",
            title="Demand under an unknown cost of war",
            statement="Of all demands that some accept and some may refuse, "
            "x = p + (C - c_A) / 2 pays most.",
            claim=worth(best) >= worth(demand),
            ranges=(*ranges, wins <= demand, demand <= wins + highest),
            note=note,
        ),
        Proposition(
            name="F4e-war",
            title="War under an unknown cost of war",
            statement="That demand leads to war with probability (C - c_A) / (2 C), which is above "
            "0 and does not depend on power.",
            claim=sp.And(sp.Eq(war(best), (highest - own) / (2 * highest)), war(best) > 0),
            hypotheses=(cheap,),
            ranges=ranges,
            note=note,
        ),
    )
