"""Folders of recordings, of which each is described by a line: see docs/archives.md."""
