"""Official checkpoints: read without executing anything, told apart by their keys, renamed to ours.

`safe.py` reads a file; every other module knows how one family of files names its parameters.
"""
