"""The composer: what a branch is told, with what it is run, and how its run stands."""

from scrubber.ui.composer.composer import Composer

__all__ = ["Composer"]
