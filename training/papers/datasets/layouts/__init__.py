"""How the data sets of the field lie on people's disks: a file each, all giving the same clips."""
