"""The data sets of the field, as people have them on disk, made into shards of samples."""
