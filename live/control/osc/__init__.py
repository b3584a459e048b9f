"""OSC: the controls over UDP, what is heard sent out, and OSCQuery to find all of it."""
