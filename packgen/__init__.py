"""packgen: a batch generator of drum sample packs.

An open implementation of the *Neural Drum Machine* (Aouameur, Esling, Hadjeres, ICCC 2019): a conditional
Wasserstein auto-encoder draws mel spectrograms, a multi-head convolutional network turns them into audio.
"""

__version__ = "0.1.0"
