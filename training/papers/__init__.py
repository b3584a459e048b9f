"""The systems of four papers on one harness: their data sets, models, losses, training, scores."""
