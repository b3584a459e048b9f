"""The painter: autoencoder, generator, distillation."""
