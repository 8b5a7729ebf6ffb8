"""Builds small rpms and installs them into a root, with rpm's own programs.

The names, versions and sources are those of AlmaLinux 9 packages, so that its advisories speak of
them; the contents are a line of text each.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

Run = Callable[..., str]

VERSION = "1"  # raised whenever the packages below change: part of the name they are kept under
DATABASE = "/var/lib/rpm"  # Debian's rpm would keep it in the user's home

OS_RELEASE = """\
NAME="AlmaLinux"
ID="almalinux"
ID_LIKE="rhel centos fedora"
VERSION_ID="9.2"
PRETTY_NAME="AlmaLinux 9.2 (Turquoise Kodkod)"
CPE_NAME="cpe:/o:almalinux:almalinux:9::baseos"
"""

# An epoch in front, sub-packages with names and an architecture of their own, no source of the
# same name, an epoch that is nought, and letters of every kind in file names.
SPECS = {
    "openssl": """\
Name: openssl
Epoch: 1
Version: 3.0.7
Release: 6.el9_2
Summary: Utilities
License: ASL 2.0
Vendor: AlmaLinux
%description
Utilities.
%package libs
Summary: Libraries
%description libs
Libraries.
%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/usr/lib64/engines-3
echo tool > %{buildroot}/usr/bin/openssl
echo library > %{buildroot}/usr/lib64/libssl.so.3.0.7
ln -s libssl.so.3.0.7 %{buildroot}/usr/lib64/libssl.so.3
%files
/usr/bin/openssl
%files libs
/usr/lib64/libssl.so.3*
%dir /usr/lib64/engines-3
""",
    "vim": """\
Name: vim
Epoch: 2
Version: 8.2.2637
Release: 20.el9_1
Summary: Editor
License: Vim and MIT
Vendor: AlmaLinux
%description
Editor.
%package minimal
Summary: Small editor
%description minimal
Small.
%package filesystem
Summary: Folders
BuildArch: noarch
%description filesystem
Folders.
%install
mkdir -p %{buildroot}/usr/bin "%{buildroot}/usr/share/vim/vim files/\u00fcber"
echo vi > %{buildroot}/usr/bin/vi
%files minimal
/usr/bin/vi
%files filesystem
"/usr/share/vim/vim files"
""",
    "curl": """\
Name: curl
Version: 7.76.1
Release: 23.el9
Summary: Transfers
License: MIT
%description
Transfers.
%package -n libcurl
Summary: Library
Epoch: 0
%description -n libcurl
Library.
%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/usr/lib64 %{buildroot}/etc
echo curl > %{buildroot}/usr/bin/curl
echo library > %{buildroot}/usr/lib64/libcurl.so.4
echo settings > %{buildroot}/etc/curlrc
%files
/usr/bin/curl
%config(noreplace) /etc/curlrc
%ghost /var/log/curl.log
%files -n libcurl
/usr/lib64/libcurl.so.4
""",
    "tzdata": """\
Name: tzdata
Version: 2023c
Release: 1.el9
Summary: Zones
License: Public Domain
BuildArch: noarch
%description
Zones.
%files
""",
}


def build(folder: Path, run: Run) -> list[Path]:
    """Build every spec below a folder and return the packages."""
    folder.mkdir()
    for name, text in SPECS.items():
        spec = folder / f"{name}.spec"
        spec.write_text(text, encoding="utf-8")
        run("rpmbuild", "-bb", "--nodeps", "--define", f"_topdir {folder}", spec)
    return sorted(folder.glob("RPMS/*/*.rpm"))


def install(packages: Sequence[Path], root: Path, run: Run) -> None:
    """Install packages into a root that has an os-release and nothing else."""
    (root / "etc").mkdir()
    (root / "etc/os-release").write_text(OS_RELEASE, encoding="utf-8")
    run("rpm", "--root", root, "--dbpath", DATABASE, "-i", "--nodeps", "--noscripts", *packages)
