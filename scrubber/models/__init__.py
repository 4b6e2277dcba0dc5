"""Qt models and state: what the window shows, without a widget in it."""
