"""`packgen explore`: a browser of sounds. A local page with the paper's XY pad, and the small server behind it.

`requests` reads what the page asks for, `render_queue` decides what is rendered next and keeps the last answers,
`sounds` renders, `favourites` writes a pack, `app` holds the routes, `security` keeps strangers out, `serving` runs
it all. The page is in `static`; it needs no build step and nothing from the network.
"""
