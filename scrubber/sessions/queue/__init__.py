"""What waits for a session: inputs to be said (``inputs``), work to be done (``work``), and the
commands among it (``commands``); the rules are lash's."""
