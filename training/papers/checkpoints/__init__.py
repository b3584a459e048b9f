"""Public checkpoints: found, checked and read."""
