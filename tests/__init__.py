"""The tests; the folders mirror scrubber/."""
