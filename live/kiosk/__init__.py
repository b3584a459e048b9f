"""The show as an appliance: started with the desktop, watched, and started again when it ends."""
