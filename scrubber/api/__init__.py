"""The Python API: one store, and everything that can be done with it, without Qt.

What the window can do and what a command can do goes through ``OpenStore``; there is no second
way.
"""

from scrubber.api.open_store import Fork, OpenStore, default_store_path, open_store

__all__ = ["Fork", "OpenStore", "default_store_path", "open_store"]
