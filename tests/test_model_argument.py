"""Every public function that takes a model refuses what is none, by name and with a remedy."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

import alignment_games as ag
from alignment_games.errors import ModelError

CASE = ag.load_scenario("vietnam")
STAKE = CASE.model.parameters["stake"].symbol
GIVEN: dict[str, Any] = {
    "by": ["stake"],
    "case": CASE,
    "claim": STAKE > 1,
    "expression": STAKE,
    "over": "balance",
    "parameter": "stake",
    "relation": STAKE > 1,
    "strategy": "hedge",
    "values": CASE,
}
ROOMS = [ag, ag.analysis, ag.batch, ag.models, ag.symbolic]


def functions() -> dict[str, Callable[..., Any]]:
    return {
        f"{room.__name__}.{name}": getattr(room, name)
        for room in ROOMS
        for name in room.__all__
        if inspect.isfunction(getattr(room, name))
        and "model" in inspect.signature(getattr(room, name)).parameters
    }


def test_there_are_many() -> None:
    assert len(functions()) > 30


@pytest.mark.parametrize("name", functions())
def test_a_name_is_no_model(name: str) -> None:
    function = functions()[name]
    needed = {
        argument: GIVEN.get(argument, "hedge")
        for argument, own in inspect.signature(function).parameters.items()
        if own.default is own.empty and own.kind is not own.VAR_KEYWORD
    }
    with pytest.raises(ModelError, match=r"`model` must be an AlignmentModel, such as models\.al"):
        function(**(needed | {"model": "alignment"}))
