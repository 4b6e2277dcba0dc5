"""The Python API: one store, and everything that can be done with it, without Qt.

What the window can do and what a command can do goes through ``OpenStore``; there is no second
way.
"""

from scrubber.api.forking import Fork
from scrubber.api.open_store import OpenStore, open_store
from scrubber.places import default_store_path
from scrubber.store.connection import translated as store_errors
from scrubber.transfer.imported import Imported
from scrubber.transfer.progress import Progress

__all__ = [
    "Fork",
    "Imported",
    "OpenStore",
    "Progress",
    "default_store_path",
    "open_store",
    "store_errors",
]
