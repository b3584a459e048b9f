"""The four papers' systems: their modules, stages, loss and conditions, and nothing else."""
