"""From pictures to the pixels of a frame, without Qt."""
