"""Finds the files of resources/: inside an installed wheel, or beside the package in a checkout."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path


def resource_path(name: str = "") -> Path:
    """The file or folder of resources/ with this name; a FileNotFoundError names it."""
    package = Path(__file__).resolve().parent
    for root in (package / "_resources", package.parent / "resources"):
        if (root / name).exists():
            return root / name
    raise FileNotFoundError(f"resource {name!r} is not part of this installation")


@lru_cache(maxsize=128)
def read_resource(name: str) -> bytes:
    """The bytes of a resource."""
    return resource_path(name).read_bytes()
