"""The pictures of a model card: sheets, maps, curves, drawn with Pillow."""
