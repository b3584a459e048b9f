"""What every training shares: steps, checkpoints, rates, arguments."""
