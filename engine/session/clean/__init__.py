"""A take's clean result, made afterwards of its raw poses: both directions of time are known."""
