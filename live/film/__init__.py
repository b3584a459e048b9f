"""The show as one moving picture: composed once and encoded once, for all who take it."""
