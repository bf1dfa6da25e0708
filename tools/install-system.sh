#!/bin/sh
# Usage: tools/install-system.sh run|test
# Installs the system packages that are missing, by apt; elsewhere says exactly what to install.
set -eu
want="${1:-run}"
missing=""

need_library() {
    PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep -q "$1" || missing="$missing $2"
}
need_file() { [ -e "$1" ] || missing="$missing $2"; }
need_command() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }

need_library libpango-1.0.so.0 libpango-1.0-0
need_library libpangoft2-1.0.so.0 libpangoft2-1.0-0
need_library libharfbuzz-subset.so.0 libharfbuzz-subset0
need_file /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf fonts-noto-core
need_file /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc fonts-noto-cjk
"${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
if [ "$want" = test ]; then
    need_library libatomic.so.1 libatomic1
    need_command chromium chromium
    need_command pdftoppm poppler-utils
    need_command wrk wrk
    need_command java default-jre-headless
fi

[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "This machine has no apt-get. Please install what corresponds to these Debian packages:" >&2
    echo "   $missing" >&2
    exit 1
fi
sudo=""
if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        sudo=sudo
    else
        echo "System packages are missing. Run this as root, then try again:" >&2
        echo "  apt-get install --no-install-recommends$missing" >&2
        exit 1
    fi
fi
echo "Installing system packages:$missing"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
$sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
