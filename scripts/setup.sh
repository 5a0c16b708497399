# Sourced by run and test: a .venv with the project in it, and the system libraries Qt needs.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export PIP_DISABLE_PIP_VERSION_CHECK=1
unset PYTHONDONTWRITEBYTECODE  # as containers set it: every process would compile every module anew

find_python() {
    local name
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "Python 3.11 or newer with venv is needed (Debian: apt-get install python3 python3-venv)." >&2
    return 2
}

add_packages() {
    [ $# -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ]; then
        echo "For the window, type: sudo apt-get install $*" >&2
        return
    fi
    echo "Installing system libraries: $*" >&2
    {
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
    } >/dev/null || echo "They could not be installed; going on without." >&2
}

set_up() { # EXTRA: empty or [dev]
    local stamp="$root/.venv/installed$1" python
    cmp -s "$stamp" "$root/pyproject.toml" && return
    python=$(find_python) || return
    if command -v apt-get >/dev/null; then
        # shellcheck disable=SC2046  # a list of package names
        add_packages $("$python" "$root/app/display.py") $([ -z "$1" ] || command -v Xvfb >/dev/null || echo xvfb)
    fi
    [ -x "$root/.venv/bin/python" ] || "$python" -m venv "$root/.venv" || return
    echo "Installing into .venv (once; a minute or two)" >&2
    # what is imported is compiled then; all of it would take most of a minute
    "$root/.venv/bin/python" -m pip install -qq --no-compile --editable "$root$1" || return
    cp "$root/pyproject.toml" "$stamp"
}
