"""Pure values and arithmetic: no input or output, no Qt, no SQLite."""
