"""Folders of real packages in old, vulnerable versions, installed by the languages' own tools.

`python_tree`, `npm_tree`, `maven_jars`, `go_programs` and `old_go_programs` each return a folder
that is made once and kept (see `kept`); they skip the test where a tool or its registry is missing.
"""

import io
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from kept import kept, run

PYTHON = (
    "django==2.2",
    "pytz==2023.3",
    "sqlparse==0.4.4",
    "flask==0.12.3",
    "jinja2==2.10",
    "markupsafe==2.1.5",
    "requests==2.19.0",
    "urllib3==1.24",
    "chardet==3.0.4",
    "idna==2.7",
    "certifi==2018.4.16",
    "pyyaml==6.0.1",
    "pillow==9.5.0",
)
NPM = ("lodash@4.17.4", "minimist@0.0.8", "express@4.15.2", "axios@0.18.0", "handlebars@4.0.11")
MAVEN = (
    "org.apache.logging.log4j:log4j-core:2.14.1",
    "org.springframework:spring-webmvc:5.3.17",
    "com.fasterxml.jackson.core:jackson-databind:2.9.8",
    "org.apache.struts:struts2-core:2.5.10",
    # built by Gradle or Ant, so without pom.properties, like Spring
    "com.h2database:h2:1.4.199",
    "com.squareup.okhttp3:okhttp:3.12.0",
    "mysql:mysql-connector-java:8.0.11",
    "org.apache.tomcat.embed:tomcat-embed-core:9.0.31",
    "org.hibernate:hibernate-core:5.4.2.Final",
)

_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1"
_POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>test.example</groupId><artifactId>shop</artifactId><version>1.0</version>
  <dependencies>{}</dependencies>
</project>
"""

_GO_MODULE = """\
module example.test/shop

go 1.17

require (
	example.test/local v1.0.0
	github.com/dgrijalva/jwt-go v3.2.0+incompatible
	golang.org/x/text v0.3.0
	gopkg.in/yaml.v2 v2.2.2
)

replace example.test/local => ./local

replace gopkg.in/yaml.v2 => gopkg.in/yaml.v2 v2.2.1
"""
_GO_MAIN = """\
package main

import (
	"fmt"

	"example.test/local"
	jwt "github.com/dgrijalva/jwt-go"
	"golang.org/x/text/language"
	"gopkg.in/yaml.v2"
)

var version = "unknown"

func main() {
	text, _ := yaml.Marshal(language.English)
	fmt.Println(version, local.Name, jwt.SigningMethodHS256.Alg(), string(text))
}
"""
_GO_FILES = {
    "go.mod": _GO_MODULE,
    "main.go": _GO_MAIN,
    "local/go.mod": "module example.test/local\n\ngo 1.17\n",
    "local/local.go": 'package local\n\nconst Name = "local"\n',
}
_OLD_GO = "go1.17.13"  # the last minor version that points to the texts

GO_BUILDS: dict[str, tuple[list[str], dict[str, str]]] = {
    "plain": ([], {}),
    "pie": (["-buildmode=pie"], {}),
    "stripped": (["-ldflags=-s -w -X main.version=1.4.0"], {}),
    "external": (["-ldflags=-linkmode=external"], {"CGO_ENABLED": "1"}),
    "386": ([], {"GOARCH": "386"}),
    "mips": ([], {"GOARCH": "mips"}),
    "ppc64": ([], {"GOARCH": "ppc64"}),
    "s390x": ([], {"GOARCH": "s390x"}),
}
"""How each program of `go_programs` is built: flags, and what is set in the environment."""

OLD_GO_BUILDS = {name: GO_BUILDS[name] for name in ("plain", "pie", "stripped", "386", "ppc64")}
"""The same for `old_go_programs`."""


def python_tree() -> Path:
    """Return a folder of installed packages, as `site-packages` is."""
    return kept("python-tree-1", (), install_python)


def npm_tree() -> Path:
    """Return an application's folder with `node_modules` in it."""
    return kept("npm-tree-1", ("npm", "node"), install_npm)


def maven_jars() -> Path:
    """Return a folder of archives, with Maven's own list of them in `list.txt`."""
    return kept("maven-jars-2", ("mvn",), copy_jars)


def go_programs() -> Path:
    """Return a folder of one program, built by the installed Go in each way of `GO_BUILDS`."""
    return kept("go-programs-1", ("go", "cc"), lambda folder: _build_go(folder, GO_BUILDS))


def old_go_programs() -> Path:
    """Return the same program in each way of `OLD_GO_BUILDS`, built by Go 1.17.

    That Go comes as a module, which the installed one fetches.
    """

    def build(folder: Path) -> None:
        if _OLD_GO not in run("go", "version", cwd=folder, GOTOOLCHAIN=_OLD_GO):
            pytest.skip("needs Go 1.21 or newer, which fetches the version that a build wants")
        _build_go(folder, OLD_GO_BUILDS, GOTOOLCHAIN=_OLD_GO)

    return kept(f"old-go-programs-{_OLD_GO}-1", ("go",), build)


def fat_jar(jars: Sequence[Path], copies: int = 1) -> bytes:
    """Put archives into one, as Spring Boot does: stored, since they are packed already."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("META-INF/MANIFEST.MF", "Main-Class: org.example.Main\n")
        for copy in range(copies):
            for jar in jars:
                archive.write(jar, f"BOOT-INF/lib/{copy}/{jar.name}")
    return buffer.getvalue()


def pip(*arguments: str | Path, cwd: Path) -> str:
    """Run the pip of the tests' environment."""
    return run(sys.executable, "-m", "pip", *arguments, cwd=cwd)


def install_python(folder: Path, packages: Sequence[str] = PYTHON) -> None:
    """Install `name==version` packages into a folder, and nothing that they depend on."""
    pip(
        "install",
        "--quiet",
        "--no-deps",  # the versions do not fit each other, and nothing is run
        "--no-compile",
        "--only-binary=:all:",
        f"--target={folder}",
        *packages,
        cwd=folder,
    )


def install_npm(folder: Path, packages: Sequence[str] = NPM) -> None:
    """Install `name@version` packages, with all that they depend on, into an application."""
    (folder / "package.json").write_text('{"name": "shop", "version": "1.0.0", "private": true}')
    cache = str(folder.parent / "npm")
    options = ("--no-audit", "--no-fund", "--ignore-scripts")
    run("npm", "install", *options, *packages, cwd=folder, npm_config_cache=cache)


def copy_jars(folder: Path, artifacts: Sequence[str] = MAVEN) -> None:
    """Copy the archives of `group:artifact:version`, and all that they depend on, into a folder."""
    dependency = (
        "<dependency><groupId>{}</groupId><artifactId>{}</artifactId>"
        "<version>{}</version></dependency>"
    )
    scratch = folder.parent
    wanted = "".join(dependency.format(*artifact.split(":")) for artifact in artifacts)
    (scratch / "pom.xml").write_text(_POM.format(wanted))
    run(
        "mvn",
        "--batch-mode",
        f"-Dmaven.repo.local={scratch / 'repository'}",
        f"{_COPY}:copy-dependencies",
        f"{_COPY}:list",
        f"-DoutputDirectory={folder}",
        f"-DoutputFile={folder / 'list.txt'}",
        cwd=scratch,
    )


def _build_go(
    folder: Path, builds: dict[str, tuple[list[str], dict[str, str]]], **variables: str
) -> None:
    scratch = folder.parent
    source = scratch / "source"
    for name, text in _GO_FILES.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text)
    variables |= {
        "GOFLAGS": "-mod=mod -modcacherw",
        "GOPATH": str(scratch / "go"),
        "GOCACHE": str(scratch / "go-build"),
        "CGO_ENABLED": "0",
    }
    for name, (flags, more) in builds.items():
        run("go", "build", *flags, "-o", folder / name, ".", cwd=source, **(variables | more))
