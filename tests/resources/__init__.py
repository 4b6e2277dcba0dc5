"""Tests of what is bundled: the sample (and the program that writes it), the icons."""
