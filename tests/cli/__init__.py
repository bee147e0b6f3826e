"""Tests of the commands, in process."""
