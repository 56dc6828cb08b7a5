"""Simulators that packages bring: experts to learn from, and closed loops that show what was learnt."""

from unio.data.simulators.shelf import SIMULATORS
from unio.data.simulators.trial import SimulatedTrial, Simulator, run_expert
from unio.data.simulators.world import Action, World, WorldSplit

__all__ = ["SIMULATORS", "Action", "SimulatedTrial", "Simulator", "World", "WorldSplit", "run_expert"]
