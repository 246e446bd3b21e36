#!/usr/bin/env bash
# Everybody's sound, user by user, of a recording in a bucket or behind a signed link.
# Usage: from-bucket.sh <s3://bucket/key or https://…> <folder>
set -euo pipefail

rawreel list-tracks --input-s3 "$1" --format users | while IFS= read -r user; do
  rawreel extract-audio --input-s3 "$1" --user-id "$user" --output "$2"
done
