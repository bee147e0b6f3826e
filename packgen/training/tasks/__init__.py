"""What each network is trained on: one task a file, for the loop of `packgen.training.loop`."""
