#!/bin/sh
# Repeats what crates/nattoku-web/assets/vendor holds: the values of the Digital Agency's design tokens that
# app.css uses, and their licence. Needs npm; nothing is fetched when Nattoku is built or run.
#   scripts/vendor-assets.sh          write the files
#   scripts/vendor-assets.sh --check  fail if they would change
set -eu

package=@digital-go-jp/design-tokens
version=1.1.9
sum=3ebac947682ff0b2854714f2c145fabb726dd3949c5ac9af37786ab5598302f8

assets=$(cd "$(dirname "$0")/../crates/nattoku-web/assets" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
archive=$(npm pack --silent "$package@$version")
echo "$sum  $archive" | sha256sum --check --quiet
tar xzf "$archive"

{
    echo "/* $package $version, MIT, (c) 2023 Digital Agency of Japan: only the values that app.css uses. */"
    echo "/* Written by scripts/vendor-assets.sh; the licence stands in dads-tokens-LICENSE.txt. */"
    echo ":root {"
    grep -o 'var(--[a-z0-9-]*)' "$assets/app.css" | sed 's/var(\(.*\))/\1/' | sort -u | while read -r name; do
        grep -m1 -E "^ *$name: " package/dist/tokens.css || true
    done
    echo "}"
} > tokens.css

if [ "${1:-}" = --check ]; then
    diff -u "$assets/vendor/dads-tokens-$version.css" tokens.css
    diff -u "$assets/vendor/dads-tokens-LICENSE.txt" package/LICENSE
else
    cp tokens.css "$assets/vendor/dads-tokens-$version.css"
    cp package/LICENSE "$assets/vendor/dads-tokens-LICENSE.txt"
fi
