"""Packs on disk: folder, files, manifest, journal, shards, contact sheet, inspection."""
