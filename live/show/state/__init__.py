"""How a show stands: awake or not, calm or not, and in figures."""
