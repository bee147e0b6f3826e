"""Kit formats: one file each, a table maps format name to writer."""
