"""What agent runtimes do with their sessions, on a store of slices: nothing copied, nothing lost.

Five runtimes (harn, fluers, RustyClaw, lash, a3s-code) have five session systems; ``Sessions`` does
what each of them can. docs/sessions.md shows their verbs beside these, and the one rule where they
disagree. No Qt; any number of threads and of programs on one file.
"""

from scrubber.sessions.facade import Sessions

__all__ = ["Sessions"]
