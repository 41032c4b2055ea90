"""What of a bundle is others' work, under which licence, and the texts that come with it."""

import email
import hashlib
import importlib.metadata
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Optional

from verger_tools.base import environment
from verger_tools.setup import weights

NOT_SAID = "not said"
HEAD = """THIRD-PARTY NOTICES

Verger is under the Apache License 2.0 (LICENSE). This bundle brings along what follows: first a list with versions and licences,
then every text of a licence or notice that an artefact carries, each once.
"""
_TEXT_OF_A_JAR = re.compile(r"(META-INF/)?([^/]*(LICEN[CS]E|NOTICE|COPYING)[^/]*|ThirdPartyNotices[^/]*)"
                            r"|(META-INF/)?licen[cs]es?/[^/]+", re.I)
_TEXT_OF_A_WHEEL = re.compile(r"[^/]+\.dist-info/(licen[cs]es/.+|[^/]*(LICEN[CS]E|NOTICE|COPYING|AUTHORS)[^/]*)", re.I)
_NO_TEXT = (".class", ".java", ".py")
# Of groups whose artefacts leave it to a parent POM, which is not in the jar that they were unpacked into.
_OF_GROUPS = {"commons-codec": "Apache-2.0", "eu.maveniverse": "Apache-2.0", "org.apache": "Apache-2.0",
              "org.codehaus.plexus": "Apache-2.0", "org.dflib.jjava": "Apache-2.0", "org.eclipse.sisu": "Eclipse Public License",
              "org.slf4j": "MIT"}


@dataclass(frozen=True)
class Notice:
    """One artefact: `kind` is jar, wheel or weights; `texts` are (name of the file, its text)."""

    kind: str
    name: str
    version: str
    licence: str
    texts: tuple[tuple[str, str], ...] = ()


def of(jars: Iterable[Path], jjava: Path, wheels: Iterable[Path], packaged: Iterable[Path]) -> bytes:
    """The text of all notices.

    jars: where they lie in Maven's local repository, beside their POMs. jjava: the kernel's jar, which has others' classes in it, and
    is from the package of that name in this very environment. packaged: weights that packages carry.
    """
    found = [*map(of_jar, jars), _of_kernel(jjava), *_inside(jjava), *map(of_wheel, wheels), *_weights(packaged)]
    found = [notice for notice in found if notice.name != "papermill-java"]
    return _written(sorted(set(found), key=lambda notice: (notice.kind, notice.name.lower(), notice.version))).encode()


def of_jar(jar: Path) -> Notice:
    """A jar of Maven's local repository: `<group>/<artifact>/<version>/<artifact>-<version>[-<classifier>].jar`."""
    artifact, version = jar.parent.parent.name, jar.parent.name
    with zipfile.ZipFile(jar) as archive:
        texts = _texts(archive, _TEXT_OF_A_JAR)
        pom = jar.with_name(f"{artifact}-{version}.pom")
        licence = _licence_of_pom(pom, jar) or _licence_of_manifest(archive)
    return Notice("jar", jar.stem[:-len(version) - 1] if jar.stem.endswith(version) else jar.stem.replace(f"-{version}", ""),
                  version, licence or NOT_SAID, texts)


def of_wheel(wheel: Path) -> Notice:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = [name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)]
        said = email.message_from_string(archive.read(metadata).decode("utf-8"))
        return Notice("wheel", str(said["Name"]), str(said["Version"]), _licence_of_metadata(said), _texts(archive, _TEXT_OF_A_WHEEL))


def _inside(jar: Path) -> Iterator[Notice]:
    """A jar that others' jars were unpacked into; each left its POM."""
    with zipfile.ZipFile(jar) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"META-INF/maven/.*/pom\.xml", name):
                pom = ElementTree.fromstring(archive.read(name))
                group = _child(pom, "groupId") or _child(_first(pom, "parent"), "groupId") or ""
                version = _child(pom, "version") or _child(_first(pom, "parent"), "version") or ""
                of_group = (licence for known, licence in _OF_GROUPS.items() if f"{group}.".startswith(f"{known}."))
                yield Notice("jar", f"{_child(pom, 'artifactId')} (in {jar.name})", version, _licences(pom) or next(of_group, NOT_SAID))


def _of_kernel(jar: Path) -> Notice:
    distribution = importlib.metadata.distribution("jjava")
    own = [(str(file), _normal(file.read_binary())) for file in distribution.files or () if _TEXT_OF_A_WHEEL.fullmatch(str(file))]
    with zipfile.ZipFile(jar) as archive:
        return Notice("jar", "jjava", distribution.version, "Apache-2.0", (*own, *_texts(archive, _TEXT_OF_A_JAR)))


def _weights(packaged: Iterable[Path]) -> Iterator[Notice]:
    names = {file.name for file in packaged}
    for each in weights.ALL:
        for name, version in environment.pinned(each.requirements).items() if each.file in names else ():
            yield Notice("weights", name, version, "Apache-2.0")


# Where a licence is said


def _licence_of_pom(pom: Path, jar: Path) -> Optional[str]:
    """That of a POM, else of its parents, as Maven inherits it."""
    repository = _repository(pom, jar)
    while pom.is_file():
        root = ElementTree.fromstring(pom.read_bytes())
        said = _licences(root)
        parent = _first(root, "parent")
        if said or parent is None:
            return said
        group, artifact, version = (_child(parent, name) or "" for name in ("groupId", "artifactId", "version"))
        pom = repository.joinpath(*group.split("."), artifact, version, f"{artifact}-{version}.pom")
    return None


def _repository(pom: Path, jar: Path) -> Path:
    """The root of the repository: above the folders of the group, the artifact and the version."""
    if not pom.is_file():
        return jar.parent
    root = ElementTree.fromstring(pom.read_bytes())
    group = _child(root, "groupId") or _child(_first(root, "parent"), "groupId") or ""
    return jar.parents[len(group.split(".")) + 2]


def _licences(pom: ElementTree.Element) -> Optional[str]:
    licences = _first(pom, "licenses")
    names = [_child(one, "name") or _child(one, "url") or "" for one in (licences if licences is not None else [])]
    return " or ".join(" ".join(name.split()) for name in names if name) or None


def _licence_of_manifest(archive: zipfile.ZipFile) -> Optional[str]:
    if "META-INF/MANIFEST.MF" not in archive.namelist():
        return None
    manifest = archive.read("META-INF/MANIFEST.MF").decode("utf-8", "replace").replace("\r", "").replace("\n ", "")
    found = re.search(r"^Bundle-License: *(.+)$", manifest, re.M)
    return found.group(1).strip() if found else None


def _licence_of_metadata(said: Message) -> str:
    classifiers = [value.rpartition(" :: ")[2] for value in said.get_all("Classifier", [])
                   if value.startswith("License :: ") and value != "License :: OSI Approved"]
    short = str(said["License"] or "").strip()
    return str(said["License-Expression"] or "") or " or ".join(classifiers) or (short if short and "\n" not in short else NOT_SAID)


def _first(element: Optional[ElementTree.Element], name: str) -> Optional[ElementTree.Element]:
    """The child of a name, whatever its namespace."""
    if element is None:
        return None
    return next((child for child in element if isinstance(child.tag, str) and child.tag.rpartition("}")[2] == name), None)


def _child(element: Optional[ElementTree.Element], name: str) -> Optional[str]:
    found = _first(element, name)
    return found.text.strip() if found is not None and found.text else None


# Texts


def _texts(archive: zipfile.ZipFile, pattern: "re.Pattern[str]") -> tuple[tuple[str, str], ...]:
    names = sorted(name for name in archive.namelist() if pattern.fullmatch(name) and not name.endswith(("/", *_NO_TEXT)))
    return tuple((name, _normal(archive.read(name))) for name in names)


def _normal(content: bytes) -> str:
    lines = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _written(notices: Sequence[Notice]) -> str:
    lines = [HEAD]
    for kind, title in (("jar", "Jars"), ("wheel", "Python wheels"), ("weights", "Weights")):
        of_kind = [notice for notice in notices if notice.kind == kind]
        if of_kind:
            lines += [title, *(f"  {notice.name} {notice.version}: {notice.licence}" for notice in of_kind), ""]
    owners: dict[str, tuple[str, list[str]]] = {}
    for notice in notices:
        for name, text in notice.texts:
            key = hashlib.sha256(text.encode()).hexdigest()
            owners.setdefault(key, (text, []))[1].append(f"{notice.name} {notice.version}, {name.rpartition('/')[2]}")
    for text, of_whom in owners.values():
        lines += ["=" * 80, *dict.fromkeys(of_whom), "-" * 80, text, ""]
    return "\n".join(lines)
