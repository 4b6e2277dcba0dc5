"""Dialogs. They are opened, never executed, so that the window goes on living under them."""
