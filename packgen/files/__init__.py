"""Files and folders: whole or not at all, portable names, TOML and JSON with bounds, where packgen's data lies."""
