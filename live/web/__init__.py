"""The show in a browser: seen, steered and watched over from the sofa."""
