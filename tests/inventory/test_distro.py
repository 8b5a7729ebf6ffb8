"""Which of several claims about the distribution holds."""

from hullguard.inventory.distro import choose_distro, distro_label
from hullguard.model import Distro

DEBIAN_11 = Distro(id="debian", version="11", codename="bullseye")
UBUNTU = Distro(id="ubuntu", version="22.04", codename="jammy")


def test_without_any_file_there_is_no_distribution() -> None:
    assert choose_distro({}) is None


def test_etc_goes_before_usr_lib() -> None:
    candidates = {"usr/lib/os-release": DEBIAN_11, "etc/os-release": UBUNTU}
    assert choose_distro(candidates) == UBUNTU


def test_debians_version_file_does_not_make_a_derivative_debian() -> None:
    candidates = {
        "etc/debian_version": Distro(id="debian", version="12"),
        "etc/lsb-release": UBUNTU,
    }
    assert choose_distro(candidates) == UBUNTU


def test_oracles_own_file_goes_before_the_one_that_speaks_of_red_hat() -> None:
    oracle = Distro(id="ol", version="6.10")
    candidates = {
        "etc/redhat-release": Distro(id="rhel", version="6.10"),
        "etc/oracle-release": oracle,
    }
    assert choose_distro(candidates) == oracle


def test_debians_version_file_fills_in_what_os_release_leaves_out() -> None:
    candidates = {
        "etc/os-release": Distro(id="debian", codename="bookworm"),
        "etc/debian_version": Distro(id="debian", version="12"),
    }
    assert choose_distro(candidates) == Distro(id="debian", version="12", codename="bookworm")


def test_what_os_release_states_is_never_overridden() -> None:
    candidates = {
        "etc/os-release": DEBIAN_11,
        "etc/debian_version": Distro(id="debian", version="9"),
    }
    assert choose_distro(candidates) == DEBIAN_11


def test_an_os_release_without_a_name_gives_way_to_a_file_that_has_one() -> None:
    nameless = Distro(id="linux", name="Debian GNU/Linux")
    candidates = {"etc/os-release": nameless, "etc/debian_version": DEBIAN_11}
    assert choose_distro(candidates) == DEBIAN_11
    assert choose_distro({"etc/os-release": nameless}) == nameless


def test_a_label_says_release_or_code_name_or_neither() -> None:
    assert distro_label(DEBIAN_11) == "debian-11"
    assert distro_label(Distro(id="debian", codename="trixie")) == "debian-trixie"
    assert distro_label(Distro(id="arch")) == "arch"
