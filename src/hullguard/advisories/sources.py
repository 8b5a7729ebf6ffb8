"""Where advisories come from: every feed, one row each. Licences: docs/sources.md."""

from hullguard.advisories.feed import Feed

_OSV = "https://storage.googleapis.com/osv-vulnerabilities/"
_DEBIAN_LISTS = "https://salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data/"


def _osv(name: str, bucket: str) -> Feed:
    return Feed(name=name, family=name, url=f"{_OSV}{bucket}/all.zip", format="osv")


FEEDS: tuple[Feed, ...] = (
    # languages and applications
    _osv("pypi", "PyPI"),
    _osv("npm", "npm"),
    _osv("maven", "Maven"),
    _osv("golang", "Go"),
    _osv("cargo", "crates.io"),
    _osv("gem", "RubyGems"),
    _osv("composer", "Packagist"),
    _osv("nuget", "NuGet"),
    _osv("bitnami", "Bitnami"),
    _osv("julia", "Julia"),
    # distributions
    Feed(
        name="debian",
        family="debian",
        url="https://security-tracker.debian.org/tracker/data/json",
        format="debian_tracker",
    ),
    Feed(name="debian-dsa", family="debian", url=_DEBIAN_LISTS + "DSA/list", format="debian_list"),
    Feed(name="debian-dla", family="debian", url=_DEBIAN_LISTS + "DLA/list", format="debian_list"),
    Feed(
        name="alpine",
        family="alpine",
        url="https://secdb.alpinelinux.org/{release}/{repository}.json",
        format="alpine_secdb",
    ),
    _osv("almalinux", "AlmaLinux"),
    Feed(
        name="azurelinux",
        family="azurelinux",
        url="https://raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main/{release}-oval.xml",
        format="azure_oval",
    ),
    # what ranks and rates a CVE
    Feed(
        name="kev",
        family="kev",
        url="https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
        format="kev",
    ),
    Feed(
        name="epss",
        family="epss",
        url="https://epss.empiricalsecurity.com/epss_scores-current.csv.gz",
        format="epss",
    ),
    Feed(
        name="cve",
        family="cve",
        url="https://nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-{year}.json.gz",
        format="nvd",
    ),
)
