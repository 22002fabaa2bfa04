"""One door for games of every type: `solve` and `verify` choose by the type of the game."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, overload

from .._typing import ProfileLike, Vector
from ..errors import GameError, suggestion
from ..games import (
    Automaton,
    BayesianGame,
    ExtensiveGame,
    MonitoredGame,
    NormalFormGame,
    PublicAutomaton,
    RepeatedGame,
    SignalingGame,
    StochasticGame,
)
from . import certify
from .bayesian import BAYESIAN_METHODS, bayes_nash, bayesian_methods
from .bimatrix import nash
from .extensive import subgame_perfect
from .lemke_howson import lemke_howson
from .markov import markov_perfect, verify_markov
from .markov_result import MarkovEquilibrium, MarkovSolution
from .nplayer import nash_nplayer
from .one_shot import RepeatedPlay, verify_automaton
from .public_monitoring import PublicPayoffs, public_perfect_payoffs
from .public_play import PublicPlay, verify_public_automaton
from .pure import pure_nash
from .reference import nashpy_nash
from .repeated import AS, RepeatedPayoffs, repeated_payoffs
from .repeated import METHODS as REPEATED_METHODS
from .result import Equilibrium, Solution, SolvedGame
from .sequence_form import nash_sequence_form
from .sequential import sequential
from .sequential_result import SequentialSolution

__all__ = ["METHODS", "solve", "verify"]

METHODS = (
    "vertex-enumeration",
    "lemke-howson",
    "support-enumeration",
    "pure",
    "backward-induction",
    "subgame-decomposition",
    "reduced-normal-form",
    "sequence-form",
    "nashpy-support-enumeration",
    "nashpy-vertex-enumeration",
    "nashpy-lemke-howson",
)
"""Methods that `solve` knows for normal forms and trees."""

_TREES = (
    "backward-induction",
    "subgame-decomposition",
    "reduced-normal-form",
    "sequence-form",
)
_EXACT_CHOICE = (
    "vertex-enumeration",
    "lemke-howson",
    "support-enumeration",
    "reduced-normal-form",
    *BAYESIAN_METHODS,
)
_GAMES = (NormalFormGame, ExtensiveGame, BayesianGame, StochasticGame, RepeatedGame, MonitoredGame)
_ELSEWHERE = (
    *METHODS,
    "logit",
    *REPEATED_METHODS,
    "self-generation",
    "sequential",
    *BAYESIAN_METHODS,
)

_AnyGame: TypeAlias = SolvedGame | StochasticGame | RepeatedGame | MonitoredGame

MarkovLike: TypeAlias = MarkovEquilibrium | Sequence[ProfileLike] | Mapping[str, ProfileLike]
"""Stationary strategies of a stochastic game."""


@overload
def solve(
    game: SolvedGame, method: str | None = None, *, exact: bool | None = None
) -> Solution: ...
@overload
def solve(
    game: StochasticGame, method: str | None = None, *, exact: None = None
) -> MarkovSolution: ...
@overload
def solve(
    game: RepeatedGame, method: str | None = None, *, exact: None = None
) -> RepeatedPayoffs: ...
@overload
def solve(
    game: MonitoredGame, method: str | None = None, *, exact: None = None
) -> PublicPayoffs: ...
@overload
def solve(
    game: SignalingGame, method: str | None = None, *, exact: None = None
) -> SequentialSolution: ...
def solve(
    game: _AnyGame | SignalingGame, method: str | None = None, *, exact: bool | None = None
) -> Solution | MarkovSolution | RepeatedPayoffs | PublicPayoffs | SequentialSolution:
    """Solve a game by the natural concept of its type: all equilibria.

    Parameters
    ----------
    game : NormalFormGame or another game
        A normal form (all Nash equilibria), a tree (subgame-perfect equilibria: all pure ones
        with perfect information, else pure and mixed ones, as `subgame_perfect` says), a
        BayesianGame (all Bayes-Nash equilibria), a SignalingGame (all sequential equilibria), a
        stochastic game (all pure Markov-perfect equilibria), or of two players a repeated game
        (all payoffs of pure subgame-perfect equilibria) or one with a public signal (all payoffs
        of pure public perfect equilibria).
    method : str, optional
        Normal forms: ``vertex-enumeration`` (two players; their default), ``lemke-howson`` (some
        equilibria of two players, fast), ``support-enumeration`` (the default for one and for
        three or more players), ``pure`` (pure equilibria only), or one of nashpy's for two
        players: ``nashpy-support-enumeration``, ``nashpy-vertex-enumeration``,
        ``nashpy-lemke-howson``. Trees: ``backward-induction`` (the default with perfect
        information), ``subgame-decomposition`` (the default with hidden moves),
        ``reduced-normal-form`` (all Nash equilibria, also those that are not subgame-perfect;
        the solution's game is then ``game.reduced_normal_form()``), or ``sequence-form`` (one
        Nash equilibrium of two players, in trees beyond their normal form). Bayesian games:
        ``strategic-form`` (the default for two players) or ``agent-form``. Stochastic games:
        ``pure`` (the default) or ``logit`` (one, pure or mixed), as in `markov_perfect`. Repeated
        games: ``abreu-sannikov`` (the default for equal discount factors, and only for them),
        ``abreu-pearce-stacchetti`` (the default for unequal ones) or ``judd-yeltekin-conklin``, as
        in `repeated_payoffs`. With a public signal: ``self-generation``. Signaling games:
        ``sequential``.
    exact : bool, optional
        Whether to return Fractions; by default if the game is exact. Only for
        ``vertex-enumeration``, ``lemke-howson``, ``support-enumeration``,
        ``reduced-normal-form`` and Bayesian games.

    Returns
    -------
    Solution
        Of a normal form, tree or Bayesian game. Of a stochastic game a MarkovSolution, of a
        repeated game RepeatedPayoffs, with a public signal PublicPayoffs, of a signaling game a
        SequentialSolution.

    Raises
    ------
    GameError
        If the method is unknown or does not fit the game.
    WorkLimitError
        If the game is too large for the method.

    Examples
    --------
    >>> import alignment_games as ag
    >>> game = ag.NormalFormGame.from_bimatrix([[88, 78, 16], [18, 35, 20], [42, 91, 81]],
    ...                                        [[11, 32, 37], [69, 11, 5], [68, 17, 2]])
    >>> ag.solve(game).equilibria[0].profile[0]
    (Fraction(17, 24), Fraction(0, 1), Fraction(7, 24))

    The same dilemma once, and repeated:

    >>> dilemma = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> [eq.payoffs for eq in ag.solve(dilemma).equilibria]
    [(Fraction(1, 1), Fraction(1, 1))]
    >>> print(ag.solve(ag.games.RepeatedGame(dilemma, discount=0.4)))
    Subgame-perfect payoffs form exactly a polygon with 3 vertices: (1, 1) (4, 1) (1, 4)
    """
    if method is None and type(game) is NormalFormGame:
        return nash(game, exact=exact)
    unchecked: object = game
    if not isinstance(unchecked, (*_GAMES, SignalingGame)):
        msg = f"`game` must be {_wanted()}, got {type(game).__name__}"
        raise GameError(msg)
    name = _chosen(game, method)
    if exact is not None and name not in _EXACT_CHOICE:
        msg = f"`exact` is for the methods {', '.join(_EXACT_CHOICE)}, not for {name!r}"
        raise GameError(msg)
    if isinstance(game, SignalingGame):
        return sequential(game)
    if isinstance(game, StochasticGame):
        return markov_perfect(game, name)
    if isinstance(game, RepeatedGame):
        return repeated_payoffs(game, method=name)
    if isinstance(game, MonitoredGame):
        return public_perfect_payoffs(game)
    if isinstance(game, ExtensiveGame):
        if name == "reduced-normal-form":
            return nash(game.reduced_normal_form(), exact=exact)
        if name == "sequence-form":
            return nash_sequence_form(game)
        return subgame_perfect(game)
    if isinstance(game, BayesianGame):
        return bayes_nash(game, name, exact=exact)
    if name == "vertex-enumeration":
        return nash(game, exact=exact)
    if name == "support-enumeration":
        return nash_nplayer(game, exact=exact)
    if name == "lemke-howson":
        return lemke_howson(game, exact=exact)
    if name == "pure":
        return pure_nash(game)
    return nashpy_nash(game, method=name)


@overload
def verify(game: SolvedGame, profile: ProfileLike | Equilibrium) -> Vector: ...
@overload
def verify(game: StochasticGame, profile: MarkovLike) -> tuple[Vector, ...]: ...
@overload
def verify(game: RepeatedGame, profile: Automaton | RepeatedPlay) -> RepeatedPlay: ...
@overload
def verify(game: MonitoredGame, profile: PublicAutomaton | PublicPlay) -> PublicPlay: ...
def verify(
    game: _AnyGame,
    profile: ProfileLike
    | Equilibrium
    | MarkovLike
    | Automaton
    | RepeatedPlay
    | PublicAutomaton
    | PublicPlay,
) -> Vector | tuple[Vector, ...] | RepeatedPlay | PublicPlay:
    """Return what players could still gain by deviating, recomputed from the game alone.

    Parameters
    ----------
    game : NormalFormGame or another game, as for `solve`
    profile : Equilibrium, sequence, mapping, MarkovEquilibrium, or an automaton
        Of a normal form, a tree or a Bayesian game, one entry for each of ``game.agents`` (the
        players, the information sets, the possible types): a probability vector over its actions,
        or the name of one action. A mapping names the agents. Of a stochastic game one such
        profile for each state, as for `verify_markov`. Of a repeated game an Automaton or
        RepeatedPlay, with a public signal a PublicAutomaton or PublicPlay.

    Returns
    -------
    tuple of numbers, one a player (of a Bayesian game: one an agent)
        Of a normal form or a tree: the regret of each player, computed in rational arithmetic and
        rounded once, so that the certificate is exact. Zero for all players exactly at an
        equilibrium (of a tree: a subgame-perfect one; the gain is then the largest, over all
        subgames, of any deviation before the next subgames begin: with perfect information, of
        any one-shot deviation). Of a Bayesian game: of each possible type, which knows itself
        alone. Fractions if the game and the profile are exact.
        Of a stochastic game such a tuple for each state (`verify_markov`). Of a repeated game a
        RepeatedPlay with every deviation (`verify_automaton`), with a public signal a PublicPlay
        (`verify_public_automaton`).

    Raises
    ------
    ProfileError
        If a vector has the wrong length, a negative entry, or does not sum to 1.
    GameError
        If some player of a tree has no perfect recall, or `profile` is no automaton of the game
        in time.

    Examples
    --------
    >>> import alignment_games as ag
    >>> pennies = ag.NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> ag.verify(pennies, [[0.5, 0.5], [0.5, 0.5]])
    (0.0, 0.0)
    >>> ag.verify(pennies, ["s1", "s1"])
    (Fraction(0, 1), Fraction(2, 1))
    """
    unchecked: object = game
    if isinstance(unchecked, SignalingGame):
        msg = (
            "`game` is a SignalingGame, whose equilibria need beliefs: call "
            "solvers.verify_assessment(game, profile, beliefs)"
        )
        raise GameError(msg)
    if not isinstance(unchecked, _GAMES):
        msg = f"`game` must be {_wanted()}, got {type(game).__name__}"
        raise GameError(msg)
    if isinstance(game, (NormalFormGame, ExtensiveGame, BayesianGame)):
        return certify.verify(game, profile)  # type: ignore[arg-type]
    if isinstance(game, StochasticGame):
        return verify_markov(game, profile)  # type: ignore[arg-type]
    automaton = profile.automaton if isinstance(profile, (RepeatedPlay, PublicPlay)) else profile
    if isinstance(game, MonitoredGame):
        return verify_public_automaton(game, automaton)  # type: ignore[arg-type]
    return verify_automaton(game, automaton)  # type: ignore[arg-type]


def _chosen(game: _AnyGame | SignalingGame, method: str | None) -> str:
    """Return the name of the method, the type's first one by default."""
    what, fits = _methods(game)
    name = fits[0] if method is None else method
    if name not in fits:
        if name in _ELSEWHERE:
            msg = f"`method` {name!r} is not for {what}; choose from {', '.join(fits)}"
        else:
            msg = f"no method {name!r} for {what}{suggestion(name, fits)}"
        raise GameError(msg)
    return name


def _methods(game: _AnyGame | SignalingGame) -> tuple[str, list[str]]:
    """Return what kind of game it is, in words, and the methods that fit it."""
    if isinstance(game, SignalingGame):
        return "a signaling game", ["sequential"]
    if isinstance(game, StochasticGame):
        return "a stochastic game", ["pure", "logit"]
    if isinstance(game, RepeatedGame):
        if len(set(game.discounts)) == 1:
            return "a repeated game", list(REPEATED_METHODS)
        what = "a repeated game with unequal discount factors"
        return what, [own for own in REPEATED_METHODS if own != AS]
    if isinstance(game, MonitoredGame):
        return "a game with a public signal", ["self-generation"]
    if isinstance(game, ExtensiveGame):
        if game.has_perfect_information:
            return "a tree with perfect information", [_TREES[0], *_TREES[2:]]
        return "a tree with hidden moves", list(_TREES[1:])
    if isinstance(game, BayesianGame):
        what = f"a Bayesian game of {game.n_players} player{'s' * (game.n_players > 1)}"
        return what, list(bayesian_methods(game))
    count = len(game.players)
    what = f"a normal form of {'one player' if count == 1 else f'{count} players'}"
    if count != 2:
        return what, ["support-enumeration", "pure"]
    return what, [own for own in METHODS if own not in _TREES]


def _wanted() -> str:
    return (
        "a NormalFormGame, ExtensiveGame, BayesianGame, StochasticGame, RepeatedGame or "
        "MonitoredGame"
    )
