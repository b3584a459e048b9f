"""From nothing to a bundle, in one command: python -m training.picturebook."""
