"""Sound as numbers: the ring, windows, resampling, loudness, filters."""
