"""Every message there is, with any contents, arrives as it was sent and has its JSON."""

import pytest
from google.protobuf import json_format, message_factory
from google.protobuf.descriptor import FieldDescriptor
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_calls import MODULES

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
MESSAGES = sorted(
    (one for module in MODULES for one in module.DESCRIPTOR.message_types_by_name.values()),
    key=lambda one: one.full_name,
)


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda one: one.name)
@settings(max_examples=max(8, settings.default.max_examples // 20))  # there are nearly 200 messages
@given(data=st.data())
def test_every_message_arrives_as_it_was_sent_and_has_its_json(kind, data):
    message = message_factory.GetMessageClass(kind)(**data.draw(contents(kind)))
    assert type(message).FromString(message.SerializeToString()) == message
    assert json_format.Parse(json_format.MessageToJson(message), type(message)()) == message


def contents(kind, depth=3):
    """Any contents of a message: of a oneof, one at most."""
    if kind.full_name == "google.protobuf.Timestamp":
        return st.fixed_dictionaries({"seconds": st.integers(-62_135_596_800, 253_402_300_799)})
    alone = {field for oneof in kind.oneofs for field in oneof.fields[1:]}
    fields = {
        field.name: _any(field, depth)
        for field in kind.fields
        if field not in alone and (depth or not deep(field))
    }
    return st.fixed_dictionaries({}, optional=fields)


def deep(field):
    return field.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE


def _any(field, depth):
    if deep(field) and field.message_type.GetOptions().map_entry:
        return st.dictionaries(*(_one(part, depth) for part in field.message_type.fields), max_size=2)
    return st.lists(_one(field, depth), max_size=2) if field.is_repeated else _one(field, depth)


def _one(field, depth):
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING:
            return st.binary(max_size=9) if field.type == FieldDescriptor.TYPE_BYTES else texts
        case FieldDescriptor.CPPTYPE_MESSAGE:
            return contents(field.message_type, depth - 1)
        case FieldDescriptor.CPPTYPE_BOOL:
            return st.booleans()
        case FieldDescriptor.CPPTYPE_DOUBLE | FieldDescriptor.CPPTYPE_FLOAT:
            return st.floats(
                allow_nan=False, width=64 if field.cpp_type == FieldDescriptor.CPPTYPE_DOUBLE else 32
            )
        case FieldDescriptor.CPPTYPE_ENUM:
            return st.sampled_from([value.number for value in field.enum_type.values])
        case FieldDescriptor.CPPTYPE_INT32:
            return st.integers(-(2**31), 2**31 - 1)
        case FieldDescriptor.CPPTYPE_INT64:
            return st.integers(-(2**63), 2**63 - 1)
    return st.integers(0, 2**31 - 1)
