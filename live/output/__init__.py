"""What a show leaves behind: films, events, snapshots, traces."""
