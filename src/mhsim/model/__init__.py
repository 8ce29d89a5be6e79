"""The engine with the face of Mesa: a model, its people and groups as agents, a collector, a network, a page.

Importing it imports Mesa, which takes most of a second and makes "spawn" the way in which Python starts processes. So
nothing else in the package imports it.
"""

from mhsim.model.agentset import AgentRows
from mhsim.model.collecting import DataCollector
from mhsim.model.group import Group
from mhsim.model.model import MutualHelpModel
from mhsim.model.person import Person, Tie

__all__ = ["AgentRows", "DataCollector", "Group", "MutualHelpModel", "Person", "Tie"]
