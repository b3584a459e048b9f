"""The measures of speed, each taken on the real parts of the program."""
