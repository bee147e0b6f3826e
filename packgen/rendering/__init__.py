"""From plan entries to sounds: draws that meet wishes, takes, velocity layers, effects."""
