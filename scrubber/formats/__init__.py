"""Transcript formats: one module or package each, between bytes and events.

``base`` says what a format is, ``registry`` knows them all, ``jsonl`` splits files of lines.
"""
