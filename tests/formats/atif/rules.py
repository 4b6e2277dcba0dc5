"""The rules of a valid trajectory, as its specification words them; and those of others' code."""

from __future__ import annotations

import importlib
import importlib.util
from datetime import datetime
from typing import Any

AGENT_ONLY = ("model_name", "reasoning_effort", "reasoning_content", "tool_calls", "metrics")


def faults(trajectory: dict[str, Any]) -> list[str]:
    found = [] if trajectory["steps"] else ["no step"]
    if trajectory["schema_version"] not in ("ATIF-v1.7", "ATIF-v1.8"):
        found.append(f"version {trajectory['schema_version']}")
    for number, step in enumerate(trajectory["steps"], 1):
        found += [f"step {number}: {fault}" for fault in _step_faults(step, number)]
    for below in trajectory.get("subagent_trajectories", []):
        found += [] if below.get("trajectory_id") else ["an embedded trajectory without an id"]
    return found


def _step_faults(step: dict[str, Any], number: int) -> list[str]:
    found = [] if step["step_id"] == number else ["its number"]
    if step["source"] != "agent":
        found += [f"{key} outside an agent's step" for key in AGENT_ONLY if key in step]
    if "timestamp" in step:
        datetime.fromisoformat(step["timestamp"])
    calls = {call["tool_call_id"] for call in step.get("tool_calls", [])}
    found += [
        "arguments that are no object"
        for call in step.get("tool_calls", [])
        if not isinstance(call["arguments"], dict)
    ]
    for result in step.get("observation", {"results": []})["results"]:
        if result.get("source_call_id", None) not in {None, *calls}:
            found.append(f"a result of another step's call {result['source_call_id']}")
    return found


def has_their_models() -> bool:
    return importlib.util.find_spec("atif") is not None


def check_with_their_models(trajectory: dict[str, Any]) -> None:
    importlib.import_module("atif").Trajectory.model_validate(trajectory)
