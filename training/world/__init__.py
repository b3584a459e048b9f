"""The image world: an endless painter of picture-book scenes with ground truth."""
