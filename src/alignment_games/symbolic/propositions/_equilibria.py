"""Equilibria of the alignment game, and the renunciation of a posture (F1.8, F1.9, F7).

That a profile is an equilibrium is said by what it means: no player gains by playing any one of
its strategies instead. The profile is three probabilities of the small state and one of the
hegemon, all free, so "the only equilibrium" is an equivalence over all profiles, mixed ones too.
"""

from __future__ import annotations

import sympy as sp

from ._alignment import (
    DOING,
    MODEL,
    POSTURES,
    THREAT,
    S,
    advantage,
    exposure,
    kept,
    lead,
    payoff,
    state,
    tempted,
)
from .record import Hypothesis, Proposition

__all__ = ["equilibria"]

_PLAYED = {a: sp.Symbol(f"s_{a}", nonnegative=True) for a in POSTURES}
"""Probabilities of the small state's postures."""

_COST = sp.Symbol("F", nonnegative=True)
"""What it costs to break a promise not to balance."""


def equilibria() -> tuple[Proposition, ...]:
    """Return the propositions on equilibria and on commitment."""
    return (*_unique(), _worth(), _worlds(), *_commitment())


def _profile(postures: str) -> tuple[sp.Basic, ...]:
    return (sp.Eq(sum(_PLAYED[a] for a in postures), 1),)


def _is_equilibrium(postures: str) -> sp.Basic:
    """Whether a profile is a Nash equilibrium of the simultaneous game with some postures."""
    expected = {a: (1 - THREAT) * payoff[f"{a}A"] + THREAT * payoff[f"{a}C"] for a in postures}
    own = sum(_PLAYED[a] * expected[a] for a in postures)
    gain = sum(_PLAYED[a] * tempted(a) for a in postures)
    return sp.And(
        *(own >= expected[a] for a in postures),
        # The hegemon gains neither by coercing for sure nor by never coercing.
        (1 - THREAT) * gain <= 0,
        THREAT * gain >= 0,
    )


def _is_pure(posture: str, coerced: int) -> sp.Basic:
    return sp.And(sp.Eq(_PLAYED[posture], 1), sp.Eq(THREAT, coerced))


def _no(a: str) -> Hypothesis:
    return Hypothesis(
        name=f"{POSTURES[a]}-spared",
        words=f"{DOING[a]} does not tempt the hegemon: T_{a} < 0",
        condition=tempted(a) < 0,
    )


def _dominates(over: str, why: str = "") -> Hypothesis:
    return Hypothesis(
        name=f"dominates-{POSTURES[over]}",
        words=f"hedging strictly dominates {DOING[over]} (F1.2)",
        condition=sp.And(lead("H", over, "A") > 0, lead("H", over, "C") > 0),
        added=why,
    )


def _unique() -> tuple[Proposition, ...]:
    return (
        state(
            "F1.8-hedge",
            "When (Hedge, Accommodate) is an equilibrium",
            "(Hedge, Accommodate) is an equilibrium of the simultaneous game exactly if no posture "
            "pays more in peace and the hegemon does not gain from coercing a hedger.",
            sp.Equivalent(
                sp.And(*(payoff["HA"] >= payoff[f"{a}A"] for a in "BW"), tempted("H") <= 0),
                sp.And(*(advantage("H", a) >= 0 for a in "BW"), tempted("H") <= 0),
            ),
        ),
        state(
            "F1.8",
            "The only equilibrium, by dominance",
            "Where hedging strictly dominates both other postures and does not tempt the hegemon, "
            "(Hedge, Accommodate) is the only equilibrium of the simultaneous game.",
            sp.Equivalent(_is_equilibrium("BHW"), _is_pure("H", 0)),
            _dominates("B"),
            _dominates("W"),
            _no("H"),
            ranges=_profile("BHW"),
            part_of=("P1",),
            note="Sufficient, not necessary.",
        ),
        state(
            "F1.8-peace",
            "The only equilibrium, where nothing is coerced",
            "Where no posture tempts the hegemon and hedging leads in peace, (Hedge, Accommodate) "
            "is the only equilibrium of the simultaneous game.",
            sp.Equivalent(_is_equilibrium("BHW"), _is_pure("H", 0)),
            *(_no(a) for a in POSTURES),
            *(
                Hypothesis(
                    name=f"peace-{POSTURES[a]}",
                    words=f"hedging leads over {DOING[a]} in peace",
                    condition=lead("H", a, "A") > 0,
                )
                for a in "BW"
            ),
            ranges=_profile("BHW"),
            note="Sufficient, not necessary.",
        ),
    )


def _worth() -> Proposition:
    def worth(a: str, peace: sp.Expr, coerced: sp.Expr) -> sp.Expr:
        return sp.Piecewise((coerced, tempted(a) > 0), (peace, True))

    return state(
        "F1.8-worth",
        "What a posture is worth if it is seen first",
        "A posture is worth Y - c, less X + d if it tempts the hegemon.",
        sp.And(
            *(
                sp.Eq(
                    worth(a, payoff[f"{a}A"], payoff[f"{a}C"]),
                    (kept[a] - S[f"c_{a}"]) - worth(a, sp.Integer(0), exposure[a] + S["d"]),
                )
                for a in POSTURES
            )
        ),
        note="Where T = 0 the hegemon is indifferent; the formula takes it to accommodate then.",
    )


_COMMON = {
    "V": "0.3",
    "b": "0.8",
    "kappa": "0.6",
    "w": "0.6",
    "l0": "0.9",
    "delta": "0.5",
    "rho": "0.4",
    "eta": "0.2",
    "zeta": "0.25",
    "beta_w": "0.3",
}
"""A point at which nothing is coerced: all that the hegemon's answer depends on."""

_WORLDS: dict[tuple[int, int, int], dict[str, str]] = {
    (0, 0, 0): {},
    (0, 0, 1): {"V": "1.2", "rho": "1", "eta": "0.7"},
    (0, 1, 0): {"zeta": "1"},
    (0, 1, 1): {"V": "1.3", "rho": "1"},
    (1, 0, 0): {"w": "0"},
    (1, 0, 1): {"V": "1.1", "rho": "0.6", "eta": "1"},
    (1, 1, 0): {"V": "0.7"},
    (1, 1, 1): {"V": "2"},
}
"""Which of (balance, hedge, bandwagon) are coerced, and where: changes of the point above."""


def _worlds() -> Proposition:
    def occurs(coerced: tuple[int, int, int], changes: dict[str, str]) -> sp.Basic:
        point = {name: sp.Rational(value) for name, value in (_COMMON | changes).items()}
        for name, parameter in MODEL.parameters.items():
            if parameter.symbol.name in point:
                MODEL.parameters.number(name, point[parameter.symbol.name])
        here = sp.And(*(sp.Eq(S[name], value) for name, value in point.items()))
        answers = (
            tempted(a) > 0 if c else tempted(a) < 0 for a, c in zip(POSTURES, coerced, strict=True)
        )
        return sp.Implies(here, sp.And(*answers))

    return state(
        "F1.9",
        "Eight worlds",
        "Any set of postures can be the one that is coerced: at eight points of the domain, one "
        "for each set, it is.",
        sp.And(*(occurs(coerced, changes) for coerced, changes in _WORLDS.items())),
        note="How often each occurs, and what is chosen there, are statements about a prior, which "
        "are counted and not proved.",
    )


def _commitment() -> tuple[Proposition, ...]:
    tempting = [
        Hypothesis(
            name=f"tempting-{when}",
            words=f"balancing pays more than hedging {words}",
            condition=lead("B", "H", answer) > 0,
        )
        for answer, when, words in (
            ("A", "peace", "in peace"),
            ("C", "coercion", "under coercion"),
        )
    ]
    fifth = _dominates(
        "W", "The first statement compares two postures only; the state may bandwagon instead."
    )
    provoked = Hypothesis(
        name="provoked", words="balancing tempts the hegemon: T_B > 0", condition=tempted("B") > 0
    )
    charged = payoff["BA"] - _COST, payoff["BC"] - _COST
    return (
        state(
            "F7-before",
            "Renunciation: before",
            "Where balancing tempts the small state whatever the hegemon does, and the hegemon, "
            "(Balance, Coerce) is the only equilibrium of the simultaneous game.",
            sp.Equivalent(_is_equilibrium("BHW"), _is_pure("B", 1)),
            *tempting,
            provoked,
            fifth,
            ranges=_profile("BHW"),
            part_of=("P6",),
        ),
        state(
            "F7-after",
            "Renunciation: after",
            "Without balancing, where hedging does not tempt the hegemon, (Hedge, Accommodate) is "
            "the only equilibrium.",
            sp.Equivalent(_is_equilibrium("HW"), _is_pure("H", 0)),
            _no("H"),
            fifth,
            ranges=_profile("HW"),
            part_of=("P6",),
            note="If hedging strictly dominates balancing as well, F1.8 says the same of the game "
            "before: then renouncing is worth nothing.",
        ),
        state(
            "F7-value",
            "Renunciation: value",
            "The gain u(H, A) - u(B, C) is D_HB + X_B + d.",
            sp.Eq(payoff["HA"] - payoff["BC"], advantage("H", "B") + exposure["B"] + S["d"]),
            part_of=("P6",),
            note="With F7-before and F7-after, renouncing has this value; that it is positive is "
            "the fourth condition of F7 and nothing else.",
        ),
        state(
            "F7-sustains",
            "Renunciation: the price that sustains it",
            "If balancing costs F more, (Hedge, Accommodate) is an equilibrium exactly if F is at "
            "least what balancing gains in peace.",
            sp.Equivalent(
                sp.And(payoff["HA"] >= charged[0], payoff["HA"] >= payoff["WA"], tempted("H") <= 0),
                lead("B", "H", "A") <= _COST,
            ),
            Hypothesis(
                name="hedge-spared",
                words="the hegemon does not gain from coercing a hedger: T_H <= 0",
                condition=tempted("H") <= 0,
            ),
            Hypothesis(
                name="peace-bandwagon",
                words="bandwagoning pays no more in peace",
                condition=payoff["HA"] >= payoff["WA"],
                added="Otherwise no price for balancing is enough.",
            ),
            part_of=("P6",),
        ),
        state(
            "F7-binds",
            "Renunciation: the price that rules out the alternative",
            "If balancing costs F more, hedging strictly dominates it exactly if F exceeds what "
            "balancing gains, in peace and under coercion.",
            sp.Equivalent(
                sp.And(payoff["HA"] > charged[0], payoff["HC"] > charged[1]),
                sp.Max(lead("B", "H", "A"), lead("B", "H", "C")) < _COST,
            ),
            part_of=("P6",),
        ),
    )
