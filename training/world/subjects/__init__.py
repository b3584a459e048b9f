"""What can stand in a scene: each subject, its looks, its place."""
