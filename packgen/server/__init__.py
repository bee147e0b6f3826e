"""The server of the plug-in: OSC messages in, rendered WAVs and answers out."""
