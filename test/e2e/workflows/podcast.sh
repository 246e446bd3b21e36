#!/usr/bin/env bash
# The call as one MP3, whose path is printed.
# Usage: podcast.sh <archive> <folder>
set -euo pipefail

rawreel mix-audio --input-file "$1" --output "$2" >&2
printf '%s\n' "$2"/composite_*_audio_*.mp3
