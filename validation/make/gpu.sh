#!/usr/bin/env bash
# What is to be seen on a GPU, in one go; the record is a folder under validation/reports/gpu/.
#
#     bash validation/make/gpu.sh DATE [FOLDER]      DATE is written into the record, FOLDER is validation/reports/gpu/DATE
#
# Needs the extras test, torch and cuda12x or cuda13x. Takes some minutes; every part is told, whether it passed or not.
set -uo pipefail
cd "$(dirname "$0")/../.."
date=${1:?the day, YYYY-MM-DD}
folder=${2:-validation/reports/gpu/$date}
mkdir -p "$folder"
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
failed=0
part() {  # name, command: what it says goes to a file of that name, its exit code into the record
  local name=$1 started=$SECONDS
  shift
  "$@" > "$folder/$name.txt" 2>&1
  local code=$?
  printf '| %s | `%s` | %d | %d s |\n' "$name" "$*" "$code" "$((SECONDS - started))" >> "$folder/README.md"
  [ "$code" -eq 0 ] || failed=1
}
{
  printf '# On a GPU, %s\n\n' "$date"
  refdgm doctor | sed 's/^/    /'
  printf '\n| part | command | exit code | |\n|---|---|--:|--:|\n'
} > "$folder/README.md"
part suite timeout 420 pytest -q --all-references --backend cupy -m gpu
part torch timeout 240 refdgm check validation/candidates/torch_losses.py --device cuda
part torch_float32 timeout 240 refdgm check validation/candidates/torch_losses.py --device cuda --dtype float32
part bfloat16 timeout 120 refdgm check validation/candidates/torch_losses.py --device cuda --dtype bfloat16 --select softmax,affine,gaussian_kl_between,simple_loss
part untrusted timeout 120 refdgm check validation/candidates/torch_losses.py --device cuda --untrusted --select softmax,affine,gaussian_kl,mlp
part one_on_cuda timeout 60 refdgm check validation/candidates/torch_losses.py --device cuda:0 --select gaussian_kl
exit $failed
