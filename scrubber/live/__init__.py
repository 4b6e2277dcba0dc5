"""Branches that run on: models, tools, recordings, people. Knows no Qt.

``runner`` extends a session until its turn ends. What it needs it is given: a *provider* that
replies (``provider``; ``replay`` and ``person`` here, models in ``providers/``), a *ladder* that
answers tool calls (``ladder``), a *desk* where a person sits (``desk``). What happens it tells in
*reports* (``reports``); what it adds it adds through a *branch* (``branch``).
"""
