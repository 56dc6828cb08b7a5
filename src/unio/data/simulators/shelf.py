"""`SIMULATORS`: every simulator whose closed loop `unio eval` runs, beside the playroom."""

from unio.core import Registry
from unio.data.simulators.babyai import BABYAI
from unio.data.simulators.metaworld import METAWORLD
from unio.data.simulators.pusht import PUSHT
from unio.data.simulators.trial import Simulator

__all__ = ["SIMULATORS"]

SIMULATORS: Registry[Simulator] = Registry("simulator")
"""Name -> simulator."""

for _simulator in (BABYAI, PUSHT, METAWORLD):
    SIMULATORS.register(_simulator.name, _simulator)
