"""The figures as table, plots and sheets of pictures."""
