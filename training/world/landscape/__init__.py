"""What stands behind the subjects: sky, weather, land, water, trees, buildings."""
