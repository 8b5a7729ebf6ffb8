"""The images that `image_scan.py` measures with: made of real packages, once, and kept.

A Debian of the smallest kind, an Alpine as its virtual machine has it, and one with more than
500 MB of Python, JavaScript, Java and Go on top of the Debian. Making them takes root, some
minutes, and Debian's, PyPI's, npm's and Maven's registries.
"""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import msgspec

from images_real import Step, build, copy_root, slim_debian
from language_trees import MAVEN, copy_jars, go_programs, install_npm, install_python
from root_filesystems import alpine_root

_FORM = "gzip"  # an OCI layout, which every peer reads
_VERSION = 2  # raised whenever an image becomes another one

_LEARNING = ("tensorflow-cpu==2.18.0",)
_SCIENCE = (
    "pyarrow==15.0.0",
    "scipy==1.11.1",
    "pandas==2.0.0",
    "polars==0.20.0",
    "opencv-python-headless==4.8.0.74",
    "scikit-learn==1.3.0",
    "numpy==1.24.0",
    "matplotlib==3.7.0",
    "pillow==9.5.0",
)
_SERVICE = (
    "ansible==7.0.0",
    "aiohttp==3.8.4",
    "babel==2.9.0",
    "boto3==1.28.0",
    "botocore==1.31.0",
    "certifi==2022.12.7",
    "cryptography==40.0.0",
    "django==3.2",
    "flask==2.0.0",
    "grpcio==1.53.0",
    "gunicorn==20.1.0",
    "idna==2.10",
    "ipython==8.0.0",
    "jinja2==2.11.3",
    "lxml==4.9.2",
    "notebook==6.4.0",
    "paramiko==3.1.0",
    "protobuf==3.20.3",
    "pygments==2.14.0",
    "pyyaml==6.0.1",
    "requests==2.25.0",
    "setuptools==65.5.0",
    "sqlalchemy==1.4.41",
    "tornado==6.2",
    "twisted==22.4.0",
    "urllib3==1.26.4",
    "werkzeug==2.0.0",
)
_NPM = ("react-scripts@5.0.0", "next@12.3.4", "@angular/cli@14.0.0", "lodash@4.17.4")
_MAVEN = (*MAVEN, "org.apache.spark:spark-sql_2.12:3.3.0")


def _install(packages: Sequence[str], root: Path) -> None:
    """Add to what is there: pip's target keeps folders that other packages brought."""
    folder = root / "usr/local/lib/python3.11/dist-packages"
    folder.mkdir(parents=True, exist_ok=True)
    install_python(folder, packages)


def _install_shop(root: Path) -> None:
    (root / "srv/shop").mkdir(parents=True)
    install_npm(root / "srv/shop", _NPM)


def _copy_archives(root: Path) -> None:
    (root / "opt/shop/lib").mkdir(parents=True)
    copy_jars(root / "opt/shop/lib", _MAVEN)


def _copy_programs(root: Path) -> None:
    shutil.copytree(go_programs(), root / "usr/local/bin", dirs_exist_ok=True)


_DEBIAN = Step("ADD debian.tar.gz / # buildkit", slim_debian)
_LARGE = (
    _DEBIAN,
    Step("RUN pip install tensorflow # buildkit", partial(_install, _LEARNING)),
    Step("RUN pip install -r science.txt # buildkit", partial(_install, _SCIENCE)),
    Step("RUN pip install -r service.txt # buildkit", partial(_install, _SERVICE)),
    Step("RUN npm ci # buildkit", _install_shop),
    Step("COPY lib /opt/shop/lib # buildkit", _copy_archives),
    Step("COPY bin /usr/local/bin # buildkit", _copy_programs),
)


class Sample(msgspec.Struct, frozen=True):
    """An image to measure with."""

    name: str
    layout: Path

    @property
    def megabytes(self) -> float:
        """How much it holds, compressed."""
        return sum(blob.stat().st_size for blob in self.layout.glob("blobs/sha256/*")) / 1e6


def samples(work: Path) -> list[Sample]:
    """Return the images, the smallest first, making those that are not in the folder yet."""
    return [
        Sample("Debian 12, minbase", _kept(work, "debian", lambda: (_DEBIAN,))),
        Sample("Alpine 3.23, whole system", _kept(work, "alpine", _alpine)),
        Sample("large", _kept(work, "large", lambda: _LARGE)),
    ]


def _alpine() -> Sequence[Step]:
    return (Step("ADD alpine.tar.gz / # buildkit", partial(copy_root, alpine_root())),)


def _kept(work: Path, name: str, steps: Callable[[], Sequence[Step]]) -> Path:
    target = work / f"{name}-{_VERSION}"
    if not target.exists():
        work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=work) as scratch:
            made = Path(scratch) / "made"
            made.mkdir()
            build(made, steps(), (_FORM,))
            shutil.rmtree(made / "root")
            made.rename(target)
    return target / _FORM
