#!/usr/bin/env bash
# All that can be made of a recording, into a folder named after the archive.
# Usage: everything.sh <archive>...
set -euo pipefail

for archive in "$@"; do
  rawreel process-all --input-file "$archive" --output "${archive%.*}"
done
