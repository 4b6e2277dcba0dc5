"""The timeline's arithmetic: positions, times, tokens and pixels, without a window.

``axis`` and ``time`` say how far along an event stands, ``view`` which stretch is on screen,
``prepare`` makes a track ready to be painted, ``ticks``, ``marks``, ``curve``, ``layout`` and
``text`` say what stands where.
"""
