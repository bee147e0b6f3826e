"""`packgen explore`: a browser of sounds. A local page with the paper's XY pad, and the small server behind it.

`asks` reads requests, `sounds` renders them, `renderings` decides in which order and keeps the last ones,
`packs` writes favourites as a pack, `app` puts them behind HTTP, `guard` keeps strangers out, `listen` runs it.
The page is in `static`; it needs no build step and nothing from the network.
"""
