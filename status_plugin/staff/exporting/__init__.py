"""`flask status export`: the pages as files, for a host elsewhere."""
