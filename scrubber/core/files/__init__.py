"""What a session did to files, as its tool calls tell it: changes, edits, diffs."""
