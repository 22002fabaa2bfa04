"""Scenarios: cases as documented numbers, shipped with the package or the user's own."""

from .loader import load_scenario, new_scenario, parse_scenario, scenario_names
from .schema import Note, ParameterValue, Scenario

__all__ = [
    "Note",
    "ParameterValue",
    "Scenario",
    "load_scenario",
    "new_scenario",
    "parse_scenario",
    "scenario_names",
]
