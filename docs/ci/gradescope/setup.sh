#!/bin/bash
# Gradescope runs this once, when it builds the image, as root in Ubuntu 22.04. Not tried on Gradescope itself.
set -euo pipefail

export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes --no-install-recommends software-properties-common
add-apt-repository --yes ppa:deadsnakes/ppa # Ubuntu 22.04's own Python is too old
apt-get install --yes --no-install-recommends python3.12 python3.12-venv
python3.12 -m venv /opt/autograde
/opt/autograde/bin/pip install --quiet uv
UV_TORCH_BACKEND=cpu /opt/autograde/bin/uv pip install --python /opt/autograde/bin/python /autograder/source/course
chmod -R go-rwx /autograder/source
# What is missing for student code to be confined, if anything is: grading will refuse then.
/opt/autograde/bin/autograde doctor || echo "setup.sh: this machine cannot grade, see above" >&2
