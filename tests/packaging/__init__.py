"""Tests of the project itself: what is installed and what is shipped."""
