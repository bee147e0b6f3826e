"""Sound as arrays: files in and out, mel spectrograms, phase, shaping, descriptors."""
