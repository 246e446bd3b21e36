#!/usr/bin/env bash
# Everybody's sound as files of their own, user by user, in one folder.
# Usage: everybodys-audio.sh <archive> <folder>
set -euo pipefail

rawreel list-tracks --input-file "$1" --format users | while IFS= read -r user; do
  rawreel extract-audio --input-file "$1" --user-id "$user" --output "$2"
done
