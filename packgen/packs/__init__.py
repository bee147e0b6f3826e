"""Packs on disk: folder, files, manifest, journal, shards, contact sheet, and looking at them afterwards."""
