"""The ear: encoder and separator, their batches, losses and training."""
