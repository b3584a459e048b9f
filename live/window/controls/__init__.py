"""Keys, menus and the panel of settings."""
