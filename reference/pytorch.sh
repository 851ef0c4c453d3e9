#!/usr/bin/env bash
# Builds a folder that holds a real PyTorch (CPU) from Debian packages, and runs Python in it.
#   pytorch.sh build            once; about 90 seconds and 2 GB
#   pytorch.sh run FILE [ARG…]  runs FILE with that Python; FILE's folder is its working folder
# Needs root. The folder is $PYTORCH_REFERENCE, by default ~/.cache/pytorch-reference.
set -euo pipefail
root=${PYTORCH_REFERENCE:-$HOME/.cache/pytorch-reference}
suite=forky   # Debian's testing suite; it carries a recent PyTorch
case ${1:-} in
  build)
    [[ -x $root/usr/bin/python3 && -d $root/usr/lib/python3/dist-packages/torch ]] && { echo "already at $root"; exit 0; }
    command -v debootstrap >/dev/null || { apt-get update -qq; apt-get install -y -qq debootstrap >/dev/null; }
    [[ -e /usr/share/debootstrap/scripts/$suite ]] || ln -s sid "/usr/share/debootstrap/scripts/$suite"
    mkdir -p "$root"; log=$(mktemp)
    debootstrap --variant=minbase --include=python3-torch,python3-numpy,python3-safetensors "$suite" "$root" >"$log" 2>&1 \
      || { tail -5 "$log"; exit 1; }
    chroot "$root" python3 -c 'import torch; print("PyTorch", torch.__version__)'
    ;;
  run)
    file=$(realpath "$2"); shift 2
    mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
    mkdir -p "$root/mnt/job"
    mount --bind "$(dirname "$file")" "$root/mnt/job"
    trap 'umount "$root/mnt/job"' EXIT
    chroot "$root" /bin/bash -c 'cd /mnt/job && exec python3 "$@"' python3 "$(basename "$file")" "$@"
    ;;
  *) sed -n '2,6p' "$0"; exit 2 ;;
esac
