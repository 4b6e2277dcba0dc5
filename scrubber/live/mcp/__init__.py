"""Tools of MCP servers: started when needed, spoken to through the official SDK, stopped again.

``toolbox`` is what a runner is given. It holds a ``connection`` for each enabled server; that one
starts the server (``child``, ``environment``) or reaches it by HTTP (``http``), and talks to it in
``life``. Only ``life`` and what it imports know the SDK, which takes half a second to import.
"""
