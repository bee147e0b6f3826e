"""packgen: a batch generator of drum sample packs.

An open implementation of the *Neural Drum Machine* (Aouameur, Esling, Hadjeres, ICCC 2019): a conditional
Wasserstein auto-encoder draws mel spectrograms, a multi-head convolutional network turns them into audio.

A recipe (preset, options, seed) becomes a plan of latent points, the engine renders each point to a sound, and formats
write the sounds as packs that samplers open. The rooms of the house, from the ground up; a module imports from the
rows below its own only, and a test holds it to that:

=============  =====================================================================================================
errors         every error that a user can cause
classes        the table of drum classes
files          whole files or none, folders and their claims, TOML and JSON with bounds, portable names, where data lies
kit            frozen values that travel from a pack to the formats
audio          sound as arrays: reading, mel spectrograms, phase, shaping, descriptors, WAV
latent         points of the latent space, random streams, what is predicted of a point; numpy only
networks       the papers, readable: auto-encoder, vocoder, classifier, losses, weight files
planning       recipes, plans, presets, wishes, effects as data
engine         the fast way from a class and a code to a sound; torch stops here
rendering      a plan's entry to a sound with its takes and layers, on many processes or machines
formats        a kit format a file: write, read, how to load it
packs          packs on disk: build, journal, manifest, names, contact sheets, inspection
humanizer      a programmed MIDI loop to a played one
server         OSC over UDP for Max, Max for Live and Pure Data
max4live       the device and the patch, and what generates them
explore        the page for browsing by ear
training       corpus, voices, tasks, the loop, the fit of a model
evaluation     how good the sounds are, beside references
benchmark      how fast it is, as ratios
cli            one file a command: parse, call, print
=============  =====================================================================================================

Three ways through it. ``packgen kit``: options become a `planning.recipe.Recipe`, `packs.build` plans, renders and
writes it, `formats` add the sampler files. ``packgen humanize``: `humanizer.run` reads the MIDI file, plays it, casts
its drums, renders every stroke and records it. ``packgen serve``: `server.udp` receives, `server.dispatcher` queues,
`server.service` renders, `server.files` keeps the WAVs.
"""

__version__ = "0.1.0"
