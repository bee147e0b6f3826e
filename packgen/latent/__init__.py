"""Points of the latent space: spaces, random streams, predicted descriptors, electronic and acoustic. Numpy only."""
