"""Which distribution a release file names: thirty-odd of them, and what broken files lead to."""

import mmap
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.analyzer import File
from hullguard.inventory.analyzers.os_release import read
from hullguard.model import Budget, Distro, Gap, Malformed

# What each distribution writes, shortened to the fields that matter here; then id, version and
# code name as they should be understood.
OS_RELEASES = {
    "debian 12": (
        (
            'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\n'
            'VERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n'
        ),
        ("debian", "12", "bookworm"),
    ),
    "debian 8, without a field for its code name": (
        (
            'PRETTY_NAME="Debian GNU/Linux 8 (jessie)"\nVERSION_ID="8"\nVERSION="8 (jessie)"\n'
            "ID=debian\n"
        ),
        ("debian", "8", "jessie"),
    ),
    "debian testing and sid": (
        (
            'PRETTY_NAME="Debian GNU/Linux trixie/sid"\nNAME="Debian GNU/Linux"\n'
            "VERSION_CODENAME=trixie\nID=debian\n"
        ),
        ("debian", "", "trixie"),
    ),
    "distroless": (
        (
            'PRETTY_NAME="Distroless"\nNAME="Debian GNU/Linux"\nID="debian"\nVERSION_ID="11"\n'
            'VERSION="Debian GNU/Linux 11 (bullseye)"\n'
        ),
        ("debian", "11", "bullseye"),
    ),
    "ubuntu 22.04": (
        (
            'PRETTY_NAME="Ubuntu 22.04.3 LTS"\nVERSION_ID="22.04"\n'
            'VERSION="22.04.3 LTS (Jammy Jellyfish)"\nVERSION_CODENAME=jammy\nID=ubuntu\n'
            "ID_LIKE=debian\nUBUNTU_CODENAME=jammy\n"
        ),
        ("ubuntu", "22.04", "jammy"),
    ),
    "ubuntu 14.04": (
        'NAME="Ubuntu"\nVERSION="14.04.6 LTS, Trusty Tahr"\nID=ubuntu\nVERSION_ID="14.04"\n',
        ("ubuntu", "14.04", "trusty"),
    ),
    "linux mint": (
        (
            'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="21.3"\nVERSION_CODENAME=virginia\n'
            "UBUNTU_CODENAME=jammy\n"
        ),
        ("linuxmint", "21.3", "virginia"),
    ),
    "kali": (
        (
            'PRETTY_NAME="Kali GNU/Linux Rolling"\nID=kali\nVERSION_ID="2024.1"\n'
            'VERSION_CODENAME="kali-rolling"\nID_LIKE=debian\n'
        ),
        ("kali", "2024.1", "kali-rolling"),
    ),
    "raspbian": (
        'ID=raspbian\nID_LIKE=debian\nVERSION_ID="11"\nVERSION_CODENAME=bullseye\n',
        ("raspbian", "11", "bullseye"),
    ),
    "alpine 3.19": (
        'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME="Alpine Linux v3.19"\n',
        ("alpine", "3.19.1", ""),
    ),
    "alpine edge": (
        'ID=alpine\nVERSION_ID=3.21.0_alpha20240923\nPRETTY_NAME="Alpine Linux edge"\n',
        ("alpine", "3.21.0_alpha20240923", "edge"),
    ),
    "wolfi": ('ID=wolfi\nNAME="Wolfi"\nVERSION_ID="20230201"\n', ("wolfi", "20230201", "")),
    "chainguard": ('ID=chainguard\nVERSION_ID="20230214"\n', ("chainguard", "20230214", "")),
    "rhel 9": (
        (
            'NAME="Red Hat Enterprise Linux"\nVERSION="9.3 (Plow)"\nID="rhel"\nID_LIKE="fedora"\n'
            'VERSION_ID="9.3"\n'
        ),
        ("rhel", "9.3", ""),
    ),
    "centos 7": (
        (
            'NAME="CentOS Linux"\nVERSION="7 (Core)"\nID="centos"\nID_LIKE="rhel fedora"\n'
            'VERSION_ID="7"\n'
        ),
        ("centos", "7", ""),
    ),
    "centos stream 10": (
        'NAME="CentOS Stream"\nVERSION="10 (Coughlan)"\nID="centos"\nVERSION_ID="10"\n',
        ("centos", "10", ""),
    ),
    "fedora 39": (
        (
            'NAME="Fedora Linux"\nVERSION="39 (Container Image)"\nID=fedora\nVERSION_ID=39\n'
            'VERSION_CODENAME=""\n'
        ),
        ("fedora", "39", ""),
    ),
    "almalinux 8": ('ID="almalinux"\nVERSION_ID="8.9"\n', ("almalinux", "8.9", "")),
    "rocky 9": ('ID="rocky"\nVERSION_ID="9.3"\n', ("rocky", "9.3", "")),
    "oracle 8": ('NAME="Oracle Linux Server"\nID="ol"\nVERSION_ID="8.9"\n', ("ol", "8.9", "")),
    "amazon linux 1": ('ID="amzn"\nVERSION_ID="2018.03"\n', ("amzn", "2018.03", "")),
    "amazon linux 2": ('ID="amzn"\nID_LIKE="centos rhel"\nVERSION_ID="2"\n', ("amzn", "2", "")),
    "amazon linux 2023": ('ID="amzn"\nVERSION_ID="2023"\n', ("amzn", "2023", "")),
    "suse enterprise 15": ('NAME="SLES"\nVERSION_ID="15.5"\nID="sles"\n', ("sles", "15.5", "")),
    "suse micro": ('ID="sl-micro"\nVERSION_ID="6.0"\n', ("sl-micro", "6.0", "")),
    "opensuse leap": (
        'ID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.5"\n',
        ("opensuse-leap", "15.5", ""),
    ),
    "opensuse tumbleweed": (
        '# VERSION="20240101"\nID="opensuse-tumbleweed"\nVERSION_ID="20240101"\n',
        ("opensuse-tumbleweed", "20240101", ""),
    ),
    "photon": ('NAME="VMware Photon OS"\nID=photon\nVERSION_ID=5.0\n', ("photon", "5.0", "")),
    "mariner": ("ID=mariner\nVERSION_ID=2.0.20240112\n", ("mariner", "2.0.20240112", "")),
    "azure linux": ('ID=azurelinux\nVERSION_ID="3.0"\n', ("azurelinux", "3.0", "")),
    "openeuler, which writes its ID with a capital": (
        'NAME="openEuler"\nVERSION="22.03 (LTS-SP3)"\nID="openEuler"\nVERSION_ID="22.03"\n',
        ("openeuler", "22.03", ""),
    ),
    "arch": ("ID=arch\nBUILD_ID=rolling\n", ("arch", "", "")),
    "gentoo": ("ID=gentoo\nVERSION_ID='2.14'\n", ("gentoo", "2.14", "")),
    "void": ('ID="void"\nPRETTY_NAME="Void Linux"\n', ("void", "", "")),
    "nixos": (
        'ID=nixos\nVERSION_ID="23.11"\nVERSION_CODENAME=tapir\n',
        ("nixos", "23.11", "tapir"),
    ),
    "bottlerocket": ("ID=bottlerocket\nVERSION_ID=1.19.0\n", ("bottlerocket", "1.19.0", "")),
    "flatcar": ("ID=flatcar\nID_LIKE=coreos\nVERSION_ID=3760.2.0\n", ("flatcar", "3760.2.0", "")),
    "container-optimized os": ("ID=cos\nVERSION_ID=109\n", ("cos", "109", "")),
    "openwrt": ('ID="openwrt"\nVERSION_ID="23.05.2"\n', ("openwrt", "23.05.2", "")),
}

OLDER_FILES = {
    "centos-release 5": ("CentOS release 5.11 (Final)\n", ("centos", "5.11")),
    "centos-release 6": ("CentOS release 6.10 (Final)\n", ("centos", "6.10")),
    "redhat-release 4": (
        "Red Hat Enterprise Linux AS release 4 (Nahant Update 8)\n",
        ("rhel", "4"),
    ),
    "redhat-release 7": ("Red Hat Enterprise Linux Server release 7.9 (Maipo)\n", ("rhel", "7.9")),
    "redhat-release of stream": ("CentOS Stream release 9\n", ("centos", "9")),
    "redhat-release of fedora": ("Fedora release 40 (Forty)\n", ("fedora", "40")),
    "redhat-release of rocky": ("Rocky Linux release 9.3 (Blue Onyx)\n", ("rocky", "9.3")),
    "redhat-release of alma": ("AlmaLinux release 8.9 (Midnight Oncilla)\n", ("almalinux", "8.9")),
    "oracle-release 6": ("Oracle Linux Server release 6.10\n", ("ol", "6.10")),
    "system-release of amazon": ("Amazon Linux AMI release 2018.03\n", ("amzn", "2018.03")),
    "SuSE-release 11": (
        "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n",
        ("sles", "11.4"),
    ),
    "SuSE-release of opensuse": (
        "openSUSE 13.1 (x86_64)\nVERSION = 13.1\nCODENAME = Bottle\n",
        ("opensuse", "13.1"),
    ),
    "alpine-release 3": ("3.18.4\n", ("alpine", "3.18.4")),
    "debian_version 11": ("11.6\n", ("debian", "11")),
    "debian_version 3": ("3.1\n", ("debian", "3.1")),
    "lsb-release of ubuntu": (
        'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\nDISTRIB_DESCRIPTION="Ubuntu 10.04 LTS"\n',
        ("ubuntu", "10.04"),
    ),
}


def told(text: str, name: str = "os-release") -> Distro:
    [distro] = read(File(path=f"etc/{name}", data=text.encode()), Budget())
    assert isinstance(distro, Distro)
    return distro


@pytest.mark.parametrize(("text", "expected"), OS_RELEASES.values(), ids=OS_RELEASES.keys())
def test_os_release_names_the_distribution(text: str, expected: tuple[str, str, str]) -> None:
    distro = told(text)
    assert (distro.id, distro.version, distro.codename) == expected


@pytest.mark.parametrize("case", OLDER_FILES)
def test_an_older_release_file_names_the_distribution(case: str) -> None:
    text, expected = OLDER_FILES[case]
    distro = told(text, name=case.partition(" ")[0])
    assert (distro.id, distro.version) == expected


def test_an_unreleased_debian_is_known_by_its_code_name() -> None:
    distro = told("trixie/sid\n", name="debian_version")
    assert (distro.version, distro.codename) == ("", "trixie")


def test_parents_keep_their_order() -> None:
    assert told('ID=linuxmint\nID_LIKE="ubuntu debian"\n').like == ("ubuntu", "debian")


def test_the_name_people_know_is_the_pretty_one() -> None:
    assert told('NAME=Wolfi\nID=wolfi\nPRETTY_NAME="Wolfi OS"\n').name == "Wolfi OS"


def test_without_an_id_it_is_some_linux() -> None:
    assert told('NAME="Debian GNU/Linux"\nVERSION_ID="8"\n').id == "linux"


def test_quotes_and_backslashes_are_undone_as_a_shell_would() -> None:
    assert told('ID=x\nPRETTY_NAME="a \\"b\\" \\$c \\\\ d"\n').name == 'a "b" $c \\ d'
    assert told("ID=x\nPRETTY_NAME='a \\$c'\n").name == "a \\$c"


def test_the_last_assignment_of_a_name_holds() -> None:
    assert told("ID=debian\nID=ubuntu\n").id == "ubuntu"


def test_a_byte_order_mark_and_carriage_returns_do_not_matter() -> None:
    assert told('\ufeffID="alpine"\r\nVERSION_ID=3.19.1\r\n').version == "3.19.1"


def test_a_quote_that_never_closes_is_a_gap_and_the_rest_is_read() -> None:
    file = File(path="etc/os-release", data=b'NAME="Debian\nID=debian\n')
    gap, distro = read(file, Budget())
    assert gap == Gap("etc/os-release, line 1", "the quote in NAME is never closed")
    assert isinstance(distro, Distro)


@pytest.mark.parametrize("name", ["os-release", "alpine-release", "debian_version", "lsb-release"])
def test_an_empty_file_says_nothing(name: str) -> None:
    assert list(read(File(path=f"etc/{name}", data=b"\n"), Budget())) == []


def test_a_mapped_file_reads_like_bytes() -> None:
    with mmap.mmap(-1, 10) as mapped:
        mapped.write(b"ID=alpine\n")
        [distro] = read(File(path="etc/os-release", data=mapped), Budget())
    assert isinstance(distro, Distro)
    assert distro.id == "alpine"


def test_a_file_far_too_large_is_refused() -> None:
    with pytest.raises(Malformed, match="too large"):
        list(read(File(path="etc/os-release", data=b"#" * 2_000_000), Budget()))


def test_binary_data_is_refused() -> None:
    with pytest.raises(Malformed, match="binary data"):
        list(read(File(path="etc/os-release", data=b"ID=a\0b\n"), Budget()))


@given(
    st.binary() | st.text(alphabet="ABID_=\"'\\\n v1.0").map(str.encode),
    st.sampled_from(["os-release", "lsb-release", "redhat-release", "SuSE-release"]),
)
def test_no_bytes_make_it_raise_anything_but_malformed(data: bytes, name: str) -> None:
    with suppress(Malformed):
        list(read(File(path=f"etc/{name}", data=data), Budget()))
