"""Takes on disk: recorded without loss, finished after a crash, read back. Knows no Qt."""
