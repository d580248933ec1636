# Shared by demo and test: find a Python, keep a virtual environment that matches setup.cfg.
python_for_maille() {
  local name
  for name in python3.13 python3.12 python3.11 python3 python; do
    if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  echo "maille needs Python 3.11 or newer on the PATH" >&2
  exit 2
}

# venv DIR REQUIREMENT: create DIR where it is missing or older than the sources, and install REQUIREMENT into it.
venv() {
  local dir=$1 what=$2 stamp
  stamp=$(find setup.cfg pyproject.toml graph ontology -type f -not -name '*.pyc' -not -path '*.egg-info/*' -exec cksum {} + | LC_ALL=C sort -k 3 | cksum | cut -d ' ' -f 1)
  if [ -x "$dir/bin/python" ] && [ "$(cat "$dir/stamp" 2>/dev/null)" = "$stamp $what" ]; then
    return
  fi
  if ! "$dir/bin/python" -m pip --version >/dev/null 2>&1; then  # missing, half made, or its Python is gone
    local python
    python=$(python_for_maille)
    "$python" -m venv --clear "$dir"
  fi
  echo "== installing into $dir (once)"
  "$dir/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade "pip>=24" "setuptools>=77"
  rm -rf build
  "$dir/bin/python" -m pip install --quiet --disable-pip-version-check "$what"
  echo "$stamp $what" > "$dir/stamp"
}
