"""From a folder of sounds to weights: corpus, synthesised voices, augmentation, the training loop."""
