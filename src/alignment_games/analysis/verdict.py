"""Verdicts in strict words: only claims that are true are made, each named for what it is.

"Strictly dominant", "the unique equilibrium" and "the unique subgame-perfect posture" are
different claims about different games; none is inferred from another.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from ..games import NormalFormGame
from ..solvers import Solution, Status, dominance

__all__ = ["Claim", "ClaimKind", "Verdict", "verdict"]


class ClaimKind(enum.Enum):
    """The claims that a verdict can make; the value is the words it uses."""

    STRICTLY_DOMINANT = "strictly dominant"
    WEAKLY_DOMINANT = "weakly dominant, not strictly"
    ITERATED_DOMINANCE = (
        "the only posture left by iterated elimination of strictly dominated strategies"
    )
    UNIQUE_EQUILIBRIUM = "the unique equilibrium"
    EVERY_EQUILIBRIUM = "played in every equilibrium"
    SEVERAL_EQUILIBRIA = "several equilibria"
    UNIQUE_SUBGAME_PERFECT = "the unique subgame-perfect equilibrium"
    UNIQUE_SUBGAME_PERFECT_POSTURE = "the unique subgame-perfect posture"
    SEVERAL_SUBGAME_PERFECT_POSTURES = "several subgame-perfect postures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One true statement.

    Attributes
    ----------
    kind : ClaimKind
    posture : str or None
        The small state's posture that the claim is about, if it is about one.
    text : str
    """

    kind: ClaimKind
    posture: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What may be said of a case.

    Attributes
    ----------
    simultaneous, sequential : tuple of Claim
        True claims about each of the two games.
    """

    simultaneous: tuple[Claim, ...]
    sequential: tuple[Claim, ...]

    def makes(self, kind: ClaimKind, posture: str | None = None) -> bool:
        """Tell whether the verdict makes a claim of this kind (about this posture)."""
        return any(
            claim.kind is kind and (posture is None or claim.posture == posture)
            for claim in (*self.simultaneous, *self.sequential)
        )

    @property
    def posture(self) -> str | None:
        """The unique subgame-perfect posture, or None if there are several."""
        for claim in self.sequential:
            if claim.kind is ClaimKind.UNIQUE_SUBGAME_PERFECT_POSTURE:
                return claim.posture
        return None

    def __str__(self) -> str:
        return "\n".join(claim.text for claim in (*self.simultaneous, *self.sequential))


def verdict(simultaneous: Solution, sequential: Solution, *, player: str) -> Verdict:
    """Return the claims about a player's posture that the two solutions support.

    Claims that another one implies are left out: what a strictly dominant posture survives,
    and that a posture of the unique equilibrium is played in every equilibrium.

    Parameters
    ----------
    simultaneous : Solution
        All equilibria of the normal form.
    sequential : Solution
        All subgame-perfect equilibria of the tree in which `player` moves first.
    player : str

    Returns
    -------
    Verdict

    Examples
    --------
    >>> import alignment_games as ag
    >>> report = ag.report(ag.load_scenario("ukraine"))
    >>> report.verdict.posture
    'hedge'
    >>> report.verdict.makes(ag.analysis.ClaimKind.STRICTLY_DOMINANT, "hedge")
    False
    """
    return Verdict(
        simultaneous=tuple(_simultaneous_claims(simultaneous, player)),
        sequential=tuple(_sequential_claims(sequential)),
    )


def _simultaneous_claims(solution: Solution, player: str) -> list[Claim]:
    game = solution.game
    if not isinstance(game, NormalFormGame) or solution.status is not Status.COMPLETE:
        return []
    claims = []
    who = game.player_index(player)
    strict, weak = _dominant(game, who)
    if strict is not None:
        claims.append(
            _claim(ClaimKind.STRICTLY_DOMINANT, strict, f"{_title(strict)} is strictly dominant.")
        )
    elif weak is not None:
        claims.append(
            _claim(
                ClaimKind.WEAKLY_DOMINANT, weak, f"{_title(weak)} is weakly dominant, not strictly."
            )
        )
    if strict is None:
        left = dominance(game).survivors[player]
        if len(left) == 1:
            claims.append(
                _claim(
                    ClaimKind.ITERATED_DOMINANCE,
                    left[0],
                    f"{_title(left[0])} is the only posture left by iterated elimination of "
                    "strictly dominated strategies.",
                )
            )
    supports = {eq.support[who] for eq in solution.equilibria}
    own = next(iter(supports)) if len(supports) == 1 else ()
    posture = own[0] if len(own) == 1 else None
    if len(solution.equilibria) == 1:
        only = solution.equilibria[0]
        if only.is_pure:
            text = f"({', '.join(map(_title, only.path))}) is the unique equilibrium."
        else:
            text = f"The unique equilibrium is mixed: {only}; no pure equilibrium exists."
        claims.append(_claim(ClaimKind.UNIQUE_EQUILIBRIUM, posture, text))
    else:
        continua = any(part.dimension for part in solution.components)
        sets = sum(len(part.subsets) for part in solution.components)
        count = (
            f"infinitely many equilibria, in {sets} maximal sets spanned by "
            f"{len(solution.equilibria)} extreme ones"
            if continua
            else f"{len(solution.equilibria)} equilibria"
        )
        claims.append(_claim(ClaimKind.SEVERAL_EQUILIBRIA, None, f"There are {count}."))
        if posture is not None:
            claims.append(
                _claim(
                    ClaimKind.EVERY_EQUILIBRIUM,
                    posture,
                    f"{_title(posture)} is played in every equilibrium.",
                )
            )
    return claims


def _sequential_claims(solution: Solution) -> list[Claim]:
    if solution.status is not Status.COMPLETE:
        return []
    paths = [eq.path for eq in solution.equilibria]
    first = list(dict.fromkeys(path[0] for path in paths))
    if len(first) > 1:
        names = ", ".join(map(_title, first))
        return [
            _claim(
                ClaimKind.SEVERAL_SUBGAME_PERFECT_POSTURES,
                None,
                f"Several postures are subgame-perfect, by ties: {names}.",
            )
        ]
    posture = first[0]
    claims = [
        _claim(
            ClaimKind.UNIQUE_SUBGAME_PERFECT_POSTURE,
            posture,
            f"{_title(posture)} is the unique subgame-perfect posture.",
        )
    ]
    if len(paths) == 1:
        claims.append(
            _claim(
                ClaimKind.UNIQUE_SUBGAME_PERFECT,
                posture,
                f"({', '.join(map(_title, paths[0]))}) is played in the unique subgame-perfect "
                "equilibrium.",
            )
        )
    return claims


def _dominant(game: NormalFormGame, who: int) -> tuple[str | None, str | None]:
    """Return the strictly dominant strategy and the weakly dominant one, where they exist."""
    names = game.strategies[who]
    table = game.exact_payoffs[who].swapaxes(0, who).reshape(len(names), -1).tolist()
    strict = weak = None
    for k, own in enumerate(table):
        others = [row for j, row in enumerate(table) if j != k]
        if all(a > b for row in others for a, b in zip(own, row, strict=True)):
            strict = names[k]
        elif all(
            any(a > b for a, b in zip(own, row, strict=True))
            and all(a >= b for a, b in zip(own, row, strict=True))
            for row in others
        ):
            weak = names[k]
    return strict, weak


def _claim(kind: ClaimKind, posture: str | None, text: str) -> Claim:
    return Claim(kind=kind, posture=posture, text=text)


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()
