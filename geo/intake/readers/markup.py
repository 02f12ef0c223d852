"""Read XML of strangers as a stream: no document type, so no entities; nothing outside the file is ever opened."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import IO, Final, NoReturn
from xml.parsers import expat

from geo.intake.readers.contents import UnreadableError

CHUNK: Final = 1 << 18
"""Bytes handed to the parser at once."""

DEEPEST: Final = 200
"""Elements inside one another in a piece; a table or a placemark has about ten."""


@dataclass(slots=True)
class Node:
    """One element with all that is in it; names without their namespace prefix."""

    tag: str
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own text, without that of its children."""
        return "".join(self.parts).strip()

    def child(self, tag: str) -> Node | None:
        return next((one for one in self.children if one.tag == tag), None)

    def walk(self) -> Iterator[Node]:
        """The element itself and all below it, in the order of the file."""
        yield self
        for one in self.children:
            yield from one.walk()

    def all_text(self) -> str:
        return "".join("".join(one.parts) for one in self.walk())


def parser() -> expat.XMLParserType:
    """An expat parser that refuses a document type declaration, and with it every entity and bomb made of them."""
    made = expat.ParserCreate()
    made.buffer_text = True
    made.buffer_size = 1 << 16
    made.StartDoctypeDeclHandler = _refuse
    return made


def _refuse(*_: object) -> NoReturn:
    raise UnreadableError("xml.entities")


def feed(made: expat.XMLParserType, stream: IO[bytes], moved: Callable[[int], None] | None = None) -> None:
    """Parse a stream to its end; ``moved`` hears of the bytes of each step."""
    while chunk := stream.read(CHUNK):
        made.Parse(chunk, False)
        if moved:
            moved(len(chunk))
    made.Parse(b"", True)


def local(name: str) -> str:
    """A name without its prefix: ``x:row`` gives ``row``."""
    return name.rpartition(":")[2]


def pieces(stream: IO[bytes], tags: Collection[str], moved: Callable[[int], None] | None = None) -> Iterator[Node]:
    """Every element with one of these names (outermost first), whole, as soon as it is complete."""
    done: list[Node] = []
    above: list[Node] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if not above and name not in tags:
            return
        if len(above) >= DEEPEST:
            raise UnreadableError("xml.deep")
        node = Node(name, {local(key): value for key, value in attributes.items()})
        if above:
            above[-1].children.append(node)
        above.append(node)

    def end(_: str) -> None:
        if above:
            node = above.pop()
            if not above:
                done.append(node)

    def text(part: str) -> None:
        if above:
            above[-1].parts.append(part)

    made = parser()
    made.StartElementHandler = start
    made.EndElementHandler = end
    made.CharacterDataHandler = text
    while True:
        chunk = stream.read(CHUNK)
        made.Parse(chunk, not chunk)
        if moved:
            moved(len(chunk))
        yield from done
        done.clear()
        if not chunk:
            return
