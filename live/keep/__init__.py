"""What a show keeps on the disk: how much of it, and what goes when there is more."""
