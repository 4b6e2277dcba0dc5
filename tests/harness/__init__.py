"""Tests of the test harness: each of its rules catches what it should."""
