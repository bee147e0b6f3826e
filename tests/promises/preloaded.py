"""Imported once by the server that runs of the program are forked from: everything that takes long to import."""

from typer.testing import CliRunner

import packgen.engine.engine
import packgen.evaluation.reconstruction
import packgen.humanizer.recording
import packgen.packs.shards
import packgen.training.corpus  # noqa: F401
from packgen.cli.app import app

CliRunner().invoke(app, ["kit", "--dry-run", "--seed", "1"])  # typer imports what it parses options with
