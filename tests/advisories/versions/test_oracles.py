"""Our orders beside those of dpkg, rpm and Maven themselves, on thousands of made-up versions."""

import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpora import record_agreement
from hullguard.advisories.versions import byte_key, compare
from hullguard.advisories.versions.rpm import compare as rpm_compare

pytestmark = pytest.mark.integration

PAIRS = 10_000
SIGNS = {"<": -1, "==": 0, ">": 1}
MAVEN_JARS = (
    ("/usr/share/java/maven3-artifact.jar", "/usr/share/maven/lib/maven-artifact-3.x.jar"),
    ("/usr/share/java/commons-lang3.jar", "/usr/share/maven/lib/commons-lang3.jar"),
)

Pair = tuple[str, str]


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - made-up versions are no secrets


def word(rng: random.Random, pieces: list[str], longest: int) -> str:
    return "".join(rng.choice(pieces) for _ in range(rng.randint(1, longest)))


def changed(rng: random.Random, text: str, pieces: list[str]) -> str:
    """Return the text with one character replaced, taken out or put in: a close neighbour."""
    at = rng.randrange(len(text) + 1)
    piece = rng.choice([*pieces, ""])
    return text[:at] + piece + text[at + rng.randint(0, 1) :]


def pairs(rng: random.Random, pieces: list[str], frame: str) -> Iterator[Pair]:
    """Yield pairs, two in three of them neighbours; `frame` is filled with what is made up."""
    for _ in range(PAIRS):
        left = word(rng, pieces, 7)
        near = rng.random() < 0.67
        right = changed(rng, left, pieces) if near else word(rng, pieces, 7)
        one, other = rng.choice(["", "-1", "-0", "-1a", "-~1", "-2+b1"]), rng.choice(["", "-1"])
        yield frame.format(left + one), frame.format(right + other)


def run(program: str, arguments: list[str], given: str = "") -> list[str]:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"needs {program}, which is not installed")
    done = subprocess.run(
        [found, *arguments], input=given, capture_output=True, text=True, check=False
    )
    if "Can't locate Dpkg/Version.pm" in done.stderr:
        pytest.skip("needs Debian's package libdpkg-perl, which is not installed")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def differing(scheme: str, tried: list[Pair], answers: list[str]) -> list[tuple[str, str, str]]:
    """Return the pairs on which the order or the byte keys differ from the answers."""
    assert len(answers) == len(tried)
    keys = [(byte_key(scheme, left), byte_key(scheme, right)) for left, right in tried]
    return [
        (left, answer, right)
        for (left, right), (low, high), answer in zip(tried, keys, answers, strict=True)
        if not compare(scheme, left, right) == (low > high) - (low < high) == int(answer)
    ]


DEBIAN = [*"~+.:-", *"~+.", *"0019", *"aAz", "00", "10", "rc", "+deb1", "~bpo"]
PERL = """
use Dpkg::Version;
while (<STDIN>) {
    chomp;
    my ($left, $right) = map { Dpkg::Version->new($_) } split /\\t/;
    print $left <=> $right, "\\n";
}
"""


@pytest.mark.parametrize("frame", ["0{}", "0:0{}", "1:{}"])
def test_debian_versions_sort_as_in_dpkg_s_own_module(frame: str) -> None:
    pieces = DEBIAN if ":" in frame else [piece for piece in DEBIAN if piece != ":"]
    tried = [*pairs(dice(1), pieces, frame)]
    answers = run("perl", ["-e", PERL], "".join(f"{left}\t{right}\n" for left, right in tried))
    wrong = differing("dpkg", tried, answers)
    record_agreement(f"made-up versions beside Dpkg::Version, {frame}", PAIRS - len(wrong), PAIRS)
    assert wrong == []


def test_debian_versions_sort_as_in_the_program_dpkg() -> None:
    made = pairs(dice(2), DEBIAN, "1:0{}")
    tried = [pair for pair in made if not any(text.endswith("-") for text in pair)][:200]
    script = "".join(
        f"dpkg --compare-versions '{left}' lt '{right}' && echo -1 || "
        f"{{ dpkg --compare-versions '{left}' gt '{right}' && echo 1 || echo 0; }}\n"
        for left, right in tried
    )
    run("dpkg", ["--version"])
    assert differing("dpkg", tried, run("sh", [], script)) == []


RPM = [*"~^.+_-", *"~^.", *"0019", *"aAz", "00", "10", "rc", "el9", "é"]
LUA = """%{lua:
local answers = io.open(rpm.expand("%{answers}"), "w")
for line in io.lines(rpm.expand("%{pairs}")) do
    local left, right = line:match("^(.*)\\t(.*)$")
    answers:write(rpm.vercmp(left, right), "\\n")
end
answers:close()}"""


def asked_rpm(tried: list[Pair], folder: Path) -> list[str]:
    given, taken = folder / "pairs", folder / "answers"
    given.write_text("".join(f"{left}\t{right}\n" for left, right in tried))
    run("rpm", ["--define", f"pairs {given}", "--define", f"answers {taken}", "--eval", LUA])
    return taken.read_text().splitlines()


@pytest.mark.parametrize("frame", ["{}", "1:{}", "01:0{}"])
def test_rpm_versions_sort_as_in_rpm(frame: str, tmp_path: Path) -> None:
    made = pairs(dice(4), RPM, frame)
    tried = [pair for pair in made if all(pair)]  # rpm refuses the empty text
    wrong = differing("rpm", tried, asked_rpm(tried, tmp_path))
    record_agreement(f"made-up versions beside rpm, {frame}", len(tried) - len(wrong), len(tried))
    assert wrong == []


def test_rpm_leaves_a_release_out_where_one_side_has_none() -> None:
    assert rpm_compare("1.2", "1.2-3.el9") == 0
    assert rpm_compare("1:1.2", "1.2-3.el9") == 1
    assert rpm_compare("1.2-3", "1.2-4") == -1


NUMBERS = ["0", "0", "1", "1", "2", "10", "01", "00", "20190126230843123456789"]
QUALIFIERS = [
    *("alpha", "a", "b", "beta", "m", "milestone", "rc", "cr", "snapshot", "SNAPSHOT"),
    *("ga", "final", "release", "sp", "foo", "x", "jre", "RC"),
]
# Where Maven 3.8 and older differ from the specification, and from Maven 3.9 and later.
MAVEN_3_8 = {
    "a qualifier after a dot, which since Maven 3.9 counts as after a hyphen (MNG-7644)": (
        re.compile(r"\.[a-z]")
    ),
    "a part between hyphens that means nothing, which the specification drops": (
        re.compile(r"-(?:0+|ga|final|release)(?:\.0+)*(?=-)")
    ),
}
TURN = re.compile("(?<=[0-9])(?=[a-z])|(?<=[a-z])(?=[0-9])")


def maven_versions(rng: random.Random) -> Iterator[str]:
    for _ in range(PAIRS + 1):
        text = rng.choice(NUMBERS)
        for _ in range(rng.randint(0, 4)):
            separator = rng.choice([*"..--", ""])
            after = text[-1].isdigit()
            piece = rng.choice(QUALIFIERS if not separator and after else [*NUMBERS, *QUALIFIERS])
            text += (separator or ("" if after else "-")) + piece
        yield text


def explained(version: str) -> bool:
    text = TURN.sub("-", version.lower())
    return any(group.search(text) for group in MAVEN_3_8.values())


def asked_maven(versions: list[str]) -> list[tuple[str, str, str]]:
    jars = [next((jar for jar in names if Path(jar).exists()), None) for names in MAVEN_JARS]
    if None in jars:
        pytest.skip("needs maven-artifact and commons-lang3 under /usr/share")
    main = "org.apache.maven.artifact.versioning.ComparableVersion"
    lines = run("java", ["-cp", ":".join(map(str, jars)), main, *versions])
    found = (re.fullmatch(r"   (\S+) (<|==|>) (\S+)", line) for line in lines)
    return [(each[1], each[2], each[3]) for each in found if each]


def test_maven_versions_sort_as_in_maven() -> None:
    answers = asked_maven([*maven_versions(dice(3))])
    assert len(answers) == PAIRS
    ours = [row for row in answers if not explained(row[0]) and not explained(row[2])]
    assert len(ours) > PAIRS // 4
    wrong = [row for row in answers if compare("maven", row[0], row[2]) != SIGNS[row[1]]]
    record_agreement("made-up versions beside Maven", PAIRS - len(wrong), PAIRS)
    assert [row for row in wrong if row in ours] == []
