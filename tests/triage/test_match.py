"""What the patterns of an exception mean."""

import pytest

from hullguard.model import FindingException, Package
from hullguard.triage.match import applies
from triage.findings import vulnerability

SSL = Package(type="deb", name="libssl1.1", version="1.1.1n", source="openssl")
LOG4J = Package(type="maven", name="org.apache.logging.log4j:log4j-core", version="2.14.1")


@pytest.mark.parametrize(
    ("name", "package"),
    [("libssl1.1", SSL), ("openssl", SSL), ("log4j-core", LOG4J), ("*log4j-core", LOG4J)],
)
def test_a_package_goes_by_its_source_and_an_artifact_by_itself(
    name: str, package: Package
) -> None:
    exception = FindingException(match={"package": name}, kind="false_positive", reason="x")
    found = [each for each in (SSL, LOG4J) if applies(exception, vulnerability(package=each))]
    assert found == [package]
