"""From presets, options and wishes to a plan: the latent points to render, with their names."""
