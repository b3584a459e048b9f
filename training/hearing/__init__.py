"""The ear: encoder and separator, what they learn from and by, and the public teacher."""
