"""Pure functions on signals: spectrograms, phase reconstruction, shaping, descriptors."""
