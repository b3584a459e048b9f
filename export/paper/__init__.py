"""Bundles that paint as a paper's trained system does: soundglass export paper."""
