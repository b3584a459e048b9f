"""The separated sound of a running show, a file a track."""
