"""Azure Linux's list of packages: what a line says, and what becomes of a broken one."""

from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.rpm_manifest import read
from hullguard.model import Budget, Gap, Package

PATH = "var/lib/rpmmanifest/container-manifest-2"
OPENSSL = (
    b"openssl-libs\t1.1.1k-15.cm2\t1653816591\t1653631609\tMicrosoft Corporation\t(none)\t"
    b"4365048\tx86_64\t0\topenssl-1.1.1k-15.cm2.src.rpm\n"
)


def outcomes(data: bytes) -> list[Found | Gap]:
    return list(read(File(path=PATH, data=data), Budget()))


def test_a_line_is_a_package_with_its_source() -> None:
    [found] = outcomes(OPENSSL)
    assert isinstance(found, Found)
    assert found.package == Package(
        type="rpm",
        name="openssl-libs",
        version="1.1.1k-15.cm2",
        arch="x86_64",
        source="openssl",
        vendor="Microsoft Corporation",
        path=PATH,
    )


def test_an_epoch_goes_before_the_version() -> None:
    [found] = outcomes(OPENSSL.replace(b"(none)", b"1"))
    assert isinstance(found, Found)
    assert found.package.version == "1:1.1.1k-15.cm2"


def test_a_short_line_is_a_gap_and_the_next_one_is_read() -> None:
    gap, found = outcomes(b"bash\t5.1-1\n" + OPENSSL)
    assert gap == Gap(f"{PATH}, line 1", "has 2 fields, not 10")
    assert isinstance(found, Found)


def test_binary_data_spoils_its_own_line_alone() -> None:
    gap, found = outcomes(b"bash\0\t5.1-1\n" + OPENSSL)
    assert gap == Gap(f"{PATH}, line 1", "holds binary data")
    assert isinstance(found, Found)


@given(st.binary() | st.text(alphabet="ab\t\n-.1()none").map(str.encode))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    outcomes(data)
