"""F22: hands in archives that unpack outside their folder, or to terabytes."""

# %% hand_in
import io
import tarfile
import zipfile


def hand_in(folder, notebook):
    with zipfile.ZipFile(folder / "slip.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../../../victim/attack-f22", "x")
        archive.writestr("/tmp/attack-f22", "x")
        archive.writestr("bomb", bytes(50 * 2**20))
    with tarfile.open(folder / "1_targets.tar", "w") as archive:
        link = tarfile.TarInfo("1_targets.ipynb")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        archive.addfile(tarfile.TarInfo("../attack-f22"), io.BytesIO())
