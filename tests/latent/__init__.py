"""Tests; the folders mirror packgen/."""
