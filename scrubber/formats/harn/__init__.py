"""harn."""
