"""From a window of sound to its sources: separated, encoded, named, tracked, ranked."""
