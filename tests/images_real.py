"""Images made of real root file systems, a step a layer, as engines make them.

`shop_image()` is a Debian with packages of every language; it is made once and kept (`kept`).
"""

import hashlib
import os
import shutil
import stat
import tarfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from io import BytesIO
from pathlib import Path

import msgspec

import rpm_packages
from image_builder import BuiltImage
from kept import kept, run
from language_trees import fat_jar, go_programs, maven_jars, npm_tree, python_tree
from root_filesystems import alpine_root, debian_root, rpm_root

DEBS = ("python3-idna", "python3-six")  # small, without anything that would have to be run
PIP = "usr/local/lib/python3.11/dist-packages"
DEBIAN_PYTHON = "usr/lib/python3/dist-packages"
SHOP = "srv/shop"
LIBRARIES = "opt/shop/lib"
PROGRAMS = "usr/local/bin"
NAME = "example.test/shop:1.4"
_FORMS: dict[str, tuple[str, Callable[[BuiltImage, Path], Path]]] = {
    "gzip": ("gzip", BuiltImage.layout),
    "zstd": ("zstd", BuiltImage.layout),
    "none": ("none", BuiltImage.layout),
    "docker.tar": ("gzip", BuiltImage.docker_archive),
    "oci.tar": ("gzip", BuiltImage.oci_archive),
}
FORMS = tuple(_FORMS)
"""The forms in which an image lies in its folder: OCI layouts by compression, and archives."""

_VERSION = 3  # raised whenever the steps below change: part of the name the image is kept under
_NOT_IN_IMAGES = ("var/cache/apt/archives", "var/lib/apt/lists", "var/log")


class Step(msgspec.Struct, frozen=True):
    """One line of a history; one that changes nothing makes no layer."""

    command: str
    change: Callable[[Path], None] | None = None


class RealImage(msgspec.Struct, frozen=True):
    """An image in all its forms, and the root file system that is seen in it."""

    folder: Path

    @property
    def root(self) -> Path:
        """The root file system as the last step left it."""
        return self.folder / "root"

    def form(self, name: str) -> Path:
        """Return the image in one of `FORMS`."""
        return self.folder / name


def shop_image() -> RealImage:
    """Return the Debian image with packages of every language."""
    trees = (debian_root(), python_tree(), npm_tree(), maven_jars(), go_programs())
    made_of = hashlib.sha256("/".join(tree.name for tree in trees).encode()).hexdigest()[:8]
    name = f"shop-image-{_VERSION}-{made_of}"
    return RealImage(kept(name, ("apt-get", "dpkg", "npm"), lambda it: build(it, SHOP_STEPS)))


def alpine_image() -> RealImage:
    """Return an Alpine in one layer, as `gzip` alone."""
    alpine = alpine_root()
    steps = (Step("ADD alpine.tar.gz / # buildkit", partial(copy_root, alpine)),)
    return RealImage(kept(f"image-{alpine.name}-1", (), lambda it: build(it, steps, ("gzip",))))


def rpm_image() -> RealImage:
    """Return an AlmaLinux of a few packages, which trusts a key, as `zstd` alone."""
    rpms = rpm_root()
    key = next((debian_root() / "etc/apt/trusted.gpg.d").glob("*.asc"))
    steps = (
        Step("ADD rpms.tar.gz / # buildkit", partial(copy_root, rpms)),
        Step("RUN rpm --import KEY # buildkit", partial(_import_key, key)),
    )
    return RealImage(kept(f"image-{rpms.name}-1", ("rpm",), lambda it: build(it, steps, ("zstd",))))


def build(folder: Path, steps: Sequence[Step], forms: Sequence[str] = FORMS) -> None:
    """Take the steps one after the other; what each changed becomes a layer."""
    root = folder / "root"
    root.mkdir()
    tars, seen = [], look(root)
    for step in steps:
        if step.change:
            step.change(root)
            before, seen = seen, look(root)
            tars.append(difference(root, before, seen))
    history = [{"created_by": s.command, "empty_layer": s.change is None} for s in steps]
    packed = cache(lambda packer: BuiltImage(tars, history=history, packer=packer, tag=NAME))
    for form in forms:
        packer, write = _FORMS[form]
        write(packed(packer), folder / form)


Look = dict[str, tuple[int, ...]]
"""What tells of each path whether it is still the same: mode, size, time, inode."""


def look(root: Path) -> Look:
    """Look at everything below a folder; of folders only whether they are there."""
    return {path.relative_to(root).as_posix(): _state(path.lstat()) for path in _below(root)}


def _below(folder: Path) -> Iterator[Path]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        yield Path(entry)
        if entry.is_dir(follow_symlinks=False):
            yield from _below(Path(entry))


def _state(found: os.stat_result) -> tuple[int, ...]:
    if stat.S_ISDIR(found.st_mode):
        return (found.st_mode,)
    return (found.st_mode, found.st_size, found.st_mtime_ns, found.st_ino)


def difference(root: Path, before: Look, after: Look) -> bytes:
    """Return the layer that makes of one state another: what is new, and whiteouts."""
    buffer = BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(before.keys() - after.keys()):
            folder, _, name = path.rpartition("/")
            if folder in after or not folder:  # else its folder's whiteout speaks for it
                archive.addfile(tarfile.TarInfo(f"{folder}/.wh.{name}".lstrip("/")))
        for path, state in after.items():
            if before.get(path) != state:
                archive.add(root / path, path, recursive=False, filter=_in_seconds)
    return buffer.getvalue()


def _in_seconds(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """Cut the time as engines do; a fraction would cost each file a further header."""
    info.mtime = int(info.mtime)
    return info


def copy_root(source: Path, root: Path) -> None:
    """Fill a root with what is in another one."""
    run("cp", "-a", f"{source}/.", root, cwd=root)


def _import_key(key: Path, root: Path) -> None:
    run("rpm", f"--root={root}", f"--dbpath={rpm_packages.DATABASE}", "--import", key, cwd=root)


def slim_debian(root: Path) -> None:
    """Fill a root with Debian's, less what images do without: package lists, archives, logs."""
    copy_root(debian_root(), root)
    for folder in _NOT_IN_IMAGES:
        shutil.rmtree(root / folder)
        (root / folder).mkdir()


def _install_debs(root: Path) -> None:
    scratch = root.parent.parent / "apt"
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (scratch / folder).mkdir(parents=True)
    places = ("-o", f"Dir::State={scratch}/state", "-o", f"Dir::Cache={scratch}/cache")
    run("apt-get", *places, "update", cwd=scratch)
    run("apt-get", *places, "download", *DEBS, cwd=scratch)
    _dpkg(root, "--force-depends", "--install", *map(str, scratch.glob("*.deb")))


def _dpkg(root: Path, *arguments: str) -> None:
    run("dpkg", f"--root={root}", *arguments, cwd=root)


def _install_python(root: Path) -> None:
    shutil.copytree(python_tree(), root / PIP, dirs_exist_ok=True)


def _copy_npm(root: Path) -> None:
    shutil.copytree(npm_tree(), root / SHOP, symlinks=True)


def _copy_jars(root: Path) -> None:
    jars = sorted(maven_jars().glob("*.jar"))
    (root / LIBRARIES).mkdir(parents=True)
    for jar in jars:
        shutil.copy(jar, root / LIBRARIES)
    (root / LIBRARIES / "app.jar").write_bytes(fat_jar(jars))


def _copy_programs(root: Path) -> None:
    shutil.copytree(go_programs(), root / PROGRAMS, dirs_exist_ok=True)


def _remove(root: Path) -> None:
    """Remove something of every step before."""
    _dpkg(root, "--force-depends", "--remove", "python3-six", "adduser")
    for gone in (root / PIP).glob("requests*"):
        shutil.rmtree(gone)
    options = ("--offline", "--no-audit", "--no-fund", "--ignore-scripts")
    cache = str(root.parent.parent / "npm")
    run("npm", "uninstall", *options, "axios", cwd=root / SHOP, npm_config_cache=cache)
    for gone in (*(root / LIBRARIES).glob("log4j-core-*.jar"), root / PROGRAMS / "mips"):
        gone.unlink()


SHOP_STEPS = (
    Step("ADD rootfs.tar.xz / # buildkit", slim_debian),
    Step("ENV LANG=C.UTF-8"),
    Step("RUN dpkg --install *.deb # buildkit", _install_debs),
    Step("RUN pip install -r requirements.txt # buildkit", _install_python),
    Step("WORKDIR /srv/shop"),
    Step("COPY shop /srv/shop # buildkit", _copy_npm),
    Step("COPY lib /opt/shop/lib # buildkit", _copy_jars),
    Step("COPY bin /usr/local/bin # buildkit", _copy_programs),
    Step("RUN clean-up # buildkit", _remove),
    Step('CMD ["node" "."]'),
)
"""How the image is made."""
