"""Writes docs/api.md out of the comments in the .proto files: `make docs` calls it."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    EnumValueDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
    MethodDescriptorProto,
    ServiceDescriptorProto,
)

PROTO = Path(__file__).resolve().parent
SERVICES, MESSAGES, ENUMS, FIELDS, VALUES, METHODS = 6, 4, 5, 2, 2, 2  # field numbers in descriptor.proto
ONEOFS = 8
INTRODUCTION = """# API reference

Made by `make docs` from the comments in `proto/samplemind/v1`; change it there.

Credentials travel as metadata, `authorization: Bearer <access token>` or `x-api-key: <secret>`. Every refusal
carries a `google.rpc.ErrorInfo` with a stable `reason` and the domain `samplemind`, a `google.rpc.BadRequest`
where fields are at fault, and a `google.rpc.RetryInfo` where a retry makes sense. The same mutating request
with the same `request_id` gets the same answer and does nothing twice.
"""

Place = tuple[int, ...]
Named = Sequence[FieldDescriptorProto] | Sequence[EnumValueDescriptorProto]


def reference() -> str:
    """The whole page."""
    files = [one for one in _described().file if one.name.startswith("samplemind/")]
    return "\n".join([INTRODUCTION, *(line for file in files for line in _File(file).lines())]) + "\n"


class _File:
    """One .proto file, with its comments by place."""

    def __init__(self, file: FileDescriptorProto) -> None:
        self._file = file
        self._said = {
            tuple(one.path): (one.leading_comments or one.trailing_comments).strip().replace("\n ", "\n")
            for one in file.source_code_info.location
        }

    def lines(self) -> Iterator[str]:
        for at, service in enumerate(self._file.service):
            yield from self._service(service, (SERVICES, at))
        for at, message in enumerate(self._file.message_type):
            yield from self._message(message, (MESSAGES, at))
        for at, enum in enumerate(self._file.enum_type):
            yield from self._enum(enum, (ENUMS, at))

    def _service(self, service: ServiceDescriptorProto, place: Place) -> Iterator[str]:
        yield from (f"## {service.name}", "", self._said.get(place, ""), "")
        yield from ("| rpc | request | answer | |", "|---|---|---|---|")
        for at, method in enumerate(service.method):
            said = _cell(self._said.get((*place, METHODS, at), ""))
            yield f"| `{method.name}` | {_asked(method)} | {_answered(method)} | {said} |"
        yield ""

    def _message(self, message: DescriptorProto, place: Place) -> Iterator[str]:
        yield from (f"### {message.name}", "", self._said.get(place, ""), "")
        if message.field:
            kinds = [self._type(message, field) for field in message.field]
            yield from self._table("field | type", message.field, kinds, (*place, FIELDS))

    def _enum(self, enum: EnumDescriptorProto, place: Place) -> Iterator[str]:
        yield from (f"### {enum.name}", "", self._said.get(place, ""), "")
        numbers = [str(value.number) for value in enum.value]
        yield from self._table("value |", enum.value, numbers, (*place, VALUES))

    def _table(self, head: str, rows: Named, seconds: list[str], place: Place) -> Iterator[str]:
        yield from (f"| {head} | |", "|---|---|---|")
        for at, (row, second) in enumerate(zip(rows, seconds, strict=True)):
            yield f"| `{row.name}` | {second} | {_cell(self._said.get((*place, at), ''))} |"
        yield ""

    def _type(self, message: DescriptorProto, field: FieldDescriptorProto) -> str:
        entries = {one.name: one for one in message.nested_type if one.options.map_entry}
        if entry := entries.get(field.type_name.rpartition(".")[2]):
            return f"map of {_kind(entry.field[0])} to {_kind(entry.field[1])}"
        if field.label == FieldDescriptorProto.LABEL_REPEATED:
            return f"list of {_kind(field)}"
        if field.proto3_optional:
            return f"{_kind(field)}, may be absent"
        if field.HasField("oneof_index"):
            return f"{_kind(field)}, one of `{message.oneof_decl[field.oneof_index].name}`"
        return _kind(field)


def _kind(field: FieldDescriptorProto) -> str:
    if field.type_name:
        return _link(field.type_name)
    return FieldDescriptorProto.Type.Name(field.type).removeprefix("TYPE_").lower()


def _link(name: str) -> str:
    short = name.rpartition(".")[2]
    return f"[{short}](#{short.lower()})" if name.startswith(".samplemind.") else name.lstrip(".")


def _asked(method: MethodDescriptorProto) -> str:
    return ("stream of " if method.client_streaming else "") + _link(method.input_type)


def _answered(method: MethodDescriptorProto) -> str:
    return ("stream of " if method.server_streaming else "") + _link(method.output_type)


def _cell(comment: str) -> str:
    return " ".join(comment.split()).replace("|", "\\|")


def _described() -> FileDescriptorSet:
    import grpc_tools
    from grpc_tools import protoc

    google = Path(grpc_tools.__file__).parent / "_proto"
    sources = [str(found) for found in sorted(PROTO.glob("samplemind/v1/*.proto"))]
    with tempfile.NamedTemporaryFile() as out:
        flags = ["--include_source_info", f"--descriptor_set_out={out.name}", f"-I{PROTO}", f"-I{google}"]
        if protoc.main(["protoc", *flags, *sources]):
            raise RuntimeError("protoc refused the .proto files")
        return FileDescriptorSet.FromString(Path(out.name).read_bytes())


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PROTO.parent / "docs" / "api.md"
    target.parent.mkdir(exist_ok=True)
    target.write_text(reference(), "utf-8")
