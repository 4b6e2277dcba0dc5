"""What a session used: answers, turns and tools, with tokens, cost and time."""
