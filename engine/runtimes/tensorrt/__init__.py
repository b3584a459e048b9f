"""TensorRT: its engines, their calls, its log."""
