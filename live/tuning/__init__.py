"""Finding the settings that suit a machine: sweep, measure, choose."""
