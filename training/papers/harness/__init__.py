"""What trains every system alike: batches, draws, stages, processes, runs."""
