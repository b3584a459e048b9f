"""What outputs cost the show."""
