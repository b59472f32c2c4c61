"""Makes the archives of a release: for each wheel one with its program, the licences and the notice, and SHA256SUMS.

    python packaging/archive.py FOLDER WHEEL...

The program of an archive is the one in the wheel, byte for byte: what is tried is what is shipped. The wheel's platform
names the archive. The output of the same wheels is the same on every day.
"""

import gzip
import hashlib
import io
import pathlib
import sys
import tarfile
import zipfile

# The earliest time that a zip archive can hold.
EPOCH = (1980, 1, 1, 0, 0, 0)


def content(wheel):
    """Names and bytes: the program, and what lies beside it."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            last = name.rsplit("/", 1)[-1]
            if last and (".data/scripts/" in name or ".dist-info/licenses/" in name):
                yield last, archive.read(name)


def as_zip(folder, files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(f"{folder}/{name}", EPOCH), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def as_tar(folder, files):
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data in files:
            entry = tarfile.TarInfo(f"{folder}/{name}")
            entry.size, entry.mode = len(data), 0o755 if name == "consentlint" else 0o644
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def main(folder, wheels):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    sums = []
    for wheel in sorted(map(pathlib.Path, wheels)):
        # consentlint-0.1.0-py3-none-PLATFORM.whl
        name, version, *_, platforms = wheel.stem.split("-")
        platform = platforms.split(".")[0]
        files = sorted(content(wheel))
        if [file for file, _ in files if file in ("consentlint", "consentlint.exe")] == []:
            sys.exit(f"{wheel} holds no program")
        inside = f"{name}-{version}-{platform}"
        pack, ending = (as_zip, "zip") if platform.startswith("win") else (as_tar, "tar.gz")
        data = pack(inside, files)
        (folder / f"{inside}.{ending}").write_bytes(data)
        sums.append(f"{hashlib.sha256(data).hexdigest()}  {inside}.{ending}\n")
    (folder / "SHA256SUMS").write_text("".join(sums), newline="\n")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
