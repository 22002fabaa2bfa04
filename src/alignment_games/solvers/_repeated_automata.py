"""Automata from the reasons of a polygon's corners: each corner a state, deviators punished."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ..games import Automaton, RepeatedGame
from ..games.repeated import Positions
from ._polygons import hull, nearest, weights
from ._self_generation import Generated
from .one_shot import RepeatedPlay, verify_automaton

__all__ = ["extended", "machine", "punished", "reduced"]

_SHARES = 1 << 60
"""Probabilities that need not be exact are multiples of one over this."""


def machine(game: RepeatedGame, reasons: Sequence[Generated], *, exact: bool) -> RepeatedPlay:
    """Return the automaton in which each corner of a polygon is a state, with its certificate.

    Each state plays the profile that generates its corner, then draws corners that make up what
    must follow. Whoever deviates alone is led to its worst state. What states are worth does not
    depend on this punishment, so that their values come first and the worst is found exactly.

    Parameters
    ----------
    game : RepeatedGame
    reasons : sequence of Generated
        At least one.
    exact : bool
        Whether what follows lies in the hull of the payoffs. Otherwise the nearest point of it is
        drawn, with rounded probabilities, and states are worth what the certificate says.
    """
    by_payoff = {own.payoff: own for own in reasons}
    corners = hull(by_payoff)
    states = [f"phase {k + 1}" for k in range(len(corners))]
    play, drawn = {}, {}
    for state, corner in zip(states, corners, strict=True):
        reason = by_payoff[corner]
        play[state] = reason.profile.positions
        later = reason.later if exact else nearest(corners, reason.later)
        shares = weights(corners, later)
        if not exact:
            shares = _rounded(shares)
        drawn[state] = {states[k]: own for k, own in shares.items()}
    values = verify_automaton(game, Automaton(game.stage, play=play, after=drawn)).values
    worst = tuple(min(states, key=lambda own: values[own][who]) for who in range(2))
    after = {state: punished(game, play[state], drawn[state], worst) for state in states}
    return verify_automaton(game, Automaton(game.stage, play=play, after=after))


def extended(
    play: RepeatedPlay,
    positions: Positions,
    lottery: Mapping[str, Fraction],
    worst: Sequence[str],
) -> RepeatedPlay:
    """Return an automaton that plays a profile first, then draws a state of another one."""
    game, old = play.game, play.automaton
    first = punished(game, positions, lottery, worst)
    automaton = Automaton(
        game.stage,
        play={"start": positions, **old.actions},
        after={"start": first, **old.transitions},
    )
    return reduced(verify_automaton(game, automaton), ["start"])


def reduced(play: RepeatedPlay, starts: Sequence[str]) -> RepeatedPlay:
    """Return the part of an automaton that can be reached from some states, with its certificate.

    The first of them is the start.
    """
    old, known, waiting = play.automaton, dict.fromkeys(starts), list(starts)
    while waiting:
        for lottery in old.transitions[waiting.pop()].values():
            waiting += [own for own in lottery if own not in known]
            known.update(dict.fromkeys(lottery))
    automaton = Automaton(
        old.stage,
        play={own: old.actions[own] for own in known},
        after={own: old.transitions[own] for own in known},
    )
    return verify_automaton(play.game, automaton)


def punished(
    game: RepeatedGame, positions: Positions, lottery: Mapping[str, Fraction], worst: Sequence[str]
) -> dict[Positions, Mapping[str, Fraction]]:
    """Return what follows each profile; two deviations at once are treated as that of player 1."""
    found: dict[Positions, Mapping[str, Fraction]] = {}
    for other in game.stage.profiles():
        if other == positions:
            found[other] = lottery
        else:
            found[other] = {worst[0 if other[0] != positions[0] else 1]: Fraction(1)}
    return found


def _rounded(shares: dict[int, Fraction]) -> dict[int, Fraction]:
    first, *others = shares
    found = {k: Fraction(round(shares[k] * _SHARES), _SHARES) for k in others}
    return {first: 1 - sum(found.values(), Fraction(0)), **found}
