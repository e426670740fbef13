#!/bin/sh
# First thing that runs: brings Node where it is missing, then hands over to the boot program.
set -eu
