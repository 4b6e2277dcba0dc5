"""What a model sees at an index, as values: blocks, their tokens, what changed between two."""
