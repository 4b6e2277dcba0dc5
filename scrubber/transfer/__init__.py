"""Between files and the store: import, export, and the snapshots that lose nothing."""
