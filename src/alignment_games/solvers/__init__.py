"""Solvers: a game in, a certified `Solution` out.

One function for each concept; `solve` chooses the natural one for the game's type.
"""

from __future__ import annotations

from .agent_quantal import AgentQuantalEquilibrium, agent_quantal
from .ambiguity import (
    AmbiguousChoice,
    BeliefSet,
    MaxminChoice,
    alpha_maxmin,
    maxmin,
    minimax_regret,
)
from .assessment import Assessment, verify_assessment
from .bayesian import bayes_nash, interim_payoffs
from .best_response import BestResponses, best_responses
from .bimatrix import nash
from .certify import expected_payoffs
from .correlated import CorrelatedSolution, coarse_correlated, correlated
from .correlated_payoffs import PayoffPolygon, correlated_payoffs
from .correlated_play import CorrelatedPlay, Temptation, verify_correlated
from .decision import OptimalPolicy, optimal_policy
from .discounting import CriticalDiscount, DiscountInterval, critical_discount
from .dispatch import solve, verify
from .dominance import DominanceKind, DominanceSolution, Domination, dominance
from .extensive import subgame_perfect
from .finite_horizon import FiniteHorizonSolution, SeveralEquilibria, finite_horizon
from .folk import FolkPayoffs, folk_payoffs
from .learning import fictitious_play
from .learning_path import LearningPath
from .lemke_howson import lemke_howson
from .markov import markov_perfect, verify_markov
from .markov_result import MarkovEquilibrium, MarkovSolution
from .minmax import Minmax, MinmaxLevel, PunishmentCell, minmax
from .nplayer import nash_nplayer
from .one_shot import OneShotDeviation, RepeatedPlay, verify_automaton
from .p_dominance import PDominance, p_dominance
from .payoff_cover import PayoffCover, nearest_play, payoff_cover
from .penal_codes import PenalCode, PunishmentPath
from .potential import DeviationCycle, Potential, PotentialKind, potential
from .public_monitoring import (
    AttainedPublicPayoff,
    PublicPayoffs,
    attaining_public_automaton,
    public_perfect_payoffs,
)
from .public_play import PublicPlay, verify_public_automaton
from .pure import pure_nash
from .quantal import QuantalEquilibrium, QuantalPath, quantal, quantal_path
from .rationalizable import Justification, NeverBestReply, Rationalizability, rationalizable
from .recurrence import StateClasses, state_classes
from .regions import BestResponseRegion, BestResponseRegions, best_response_regions
from .repeated import AttainedPayoff, RepeatedPayoffs, attaining_automaton, repeated_payoffs
from .replicator import replicator
from .result import (
    Equilibrium,
    EquilibriumComponent,
    EquilibriumFamily,
    NashSubset,
    Solution,
    Status,
)
from .security import SecurityLevel, security_levels
from .selection import PayoffDominance, RiskDominance, payoff_dominance, risk_dominance
from .sequence_form import nash_sequence_form
from .sequential import sequential
from .sequential_result import (
    SequentialComponent,
    SequentialEquilibrium,
    SequentialSolution,
    SequentialSubset,
)
from .stochastic_value import StochasticValue, stochastic_value

__all__ = [
    "AgentQuantalEquilibrium",
    "AmbiguousChoice",
    "Assessment",
    "AttainedPayoff",
    "AttainedPublicPayoff",
    "BeliefSet",
    "BestResponseRegion",
    "BestResponseRegions",
    "BestResponses",
    "CorrelatedPlay",
    "CorrelatedSolution",
    "CriticalDiscount",
    "DeviationCycle",
    "DiscountInterval",
    "DominanceKind",
    "DominanceSolution",
    "Domination",
    "Equilibrium",
    "EquilibriumComponent",
    "EquilibriumFamily",
    "FiniteHorizonSolution",
    "FolkPayoffs",
    "Justification",
    "LearningPath",
    "MarkovEquilibrium",
    "MarkovSolution",
    "MaxminChoice",
    "Minmax",
    "MinmaxLevel",
    "NashSubset",
    "NeverBestReply",
    "OneShotDeviation",
    "OptimalPolicy",
    "PDominance",
    "PayoffCover",
    "PayoffDominance",
    "PayoffPolygon",
    "PenalCode",
    "Potential",
    "PotentialKind",
    "PublicPayoffs",
    "PublicPlay",
    "PunishmentCell",
    "PunishmentPath",
    "QuantalEquilibrium",
    "QuantalPath",
    "Rationalizability",
    "RepeatedPayoffs",
    "RepeatedPlay",
    "RiskDominance",
    "SecurityLevel",
    "SequentialComponent",
    "SequentialEquilibrium",
    "SequentialSolution",
    "SequentialSubset",
    "SeveralEquilibria",
    "Solution",
    "StateClasses",
    "Status",
    "StochasticValue",
    "Temptation",
    "agent_quantal",
    "alpha_maxmin",
    "attaining_automaton",
    "attaining_public_automaton",
    "bayes_nash",
    "best_response_regions",
    "best_responses",
    "coarse_correlated",
    "correlated",
    "correlated_payoffs",
    "critical_discount",
    "dominance",
    "expected_payoffs",
    "fictitious_play",
    "finite_horizon",
    "folk_payoffs",
    "interim_payoffs",
    "lemke_howson",
    "markov_perfect",
    "maxmin",
    "minimax_regret",
    "minmax",
    "nash",
    "nash_nplayer",
    "nash_sequence_form",
    "nearest_play",
    "optimal_policy",
    "p_dominance",
    "payoff_cover",
    "payoff_dominance",
    "potential",
    "public_perfect_payoffs",
    "pure_nash",
    "quantal",
    "quantal_path",
    "rationalizable",
    "repeated_payoffs",
    "replicator",
    "risk_dominance",
    "security_levels",
    "sequential",
    "solve",
    "state_classes",
    "stochastic_value",
    "subgame_perfect",
    "verify",
    "verify_assessment",
    "verify_automaton",
    "verify_correlated",
    "verify_markov",
    "verify_public_automaton",
]
