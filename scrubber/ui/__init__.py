"""The window: widgets only; what they show lives in scrubber.models."""
