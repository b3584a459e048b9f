"""Files of sound: told apart, decoded, mended where they are damaged."""
