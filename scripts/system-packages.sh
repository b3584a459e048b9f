#!/bin/sh
# Installs the system packages for one purpose: venv, run (microphone and window) or test.
# As root or with a password-less sudo it calls apt-get; else it prints the exact line to type.
# Only `venv` is indispensable; without the others the program still runs, with less.
set -eu

purpose=${1:?usage: system-packages.sh venv [PYTHON]|run|test}

venv="${2:-python3}-venv"
run="libportaudio2 libasound2-plugins libgl1 libegl1 libxkbcommon0 libxkbcommon-x11-0
 libfontconfig1 fonts-dejavu-core libglib2.0-0 libdbus-1-3 libxcb-cursor0 libxcb-icccm4
 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1"
test="chromium ffmpeg strace xvfb xauth x11-xserver-utils dbus-daemon libgl1-mesa-dri
 pulseaudio pulseaudio-utils"

case $purpose in
venv) wanted=$venv ;;
run) wanted=$run ;;
test) wanted="$run $test" ;;
*) echo "system-packages.sh: there is no purpose '$purpose': venv, run or test" >&2; exit 2 ;;
esac

installed() { # newer releases rename libraries to NAMEt64
    for name in "$1" "$1t64"; do
        case $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) in
        installed) return 0 ;;
        esac
    done
    return 1
}

finish_without() { # $1: what to tell the person
    echo "soundglass: $1" >&2
    if [ "$purpose" = venv ]; then exit 1; fi
    echo "soundglass: going on without; what needs them will say so." >&2
    exit 3
}

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    finish_without "no apt-get here; install what your system calls these: $(echo $wanted)"
fi

missing=""
for package in $wanted; do
    installed "$package" || missing="$missing $package"
done
if [ -z "$missing" ]; then exit 0; fi

# --no-remove: never trade a person's own sound server for ours
install="apt-get install -y --no-install-recommends --no-remove$missing"
if [ "$(id -u)" = 0 ]; then
    as_root="env"
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo -n env"
else
    finish_without "system packages are missing; type: sudo apt-get update && sudo $install"
fi

echo "soundglass: installing system packages:$missing"
quiet="DEBIAN_FRONTEND=noninteractive"
if ! $as_root $quiet $install >/dev/null 2>&1; then
    $as_root $quiet apt-get update >/dev/null 2>&1 || true # the package lists may be stale or absent
    if ! $as_root $quiet $install; then
        finish_without "apt-get could not install them; try: sudo apt-get update && sudo $install"
    fi
fi
