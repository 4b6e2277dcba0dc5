"""What the tests share. The plugins among these are switched on in tests/conftest.py."""
