import { create, toBinary, type DescMessage, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";

/**
 * The request, with a new `request_id` where it takes one and has none: its retries keep it, so nothing is done twice.
 *
 * @throws where a value does not fit its field, which the transport would take for a connection that broke off
 */
export function makeRequest<I extends DescMessage>(schema: I, input: MessageInitShape<I>): MessageShape<I> {
  const message = create(schema, input);
  const field = schema.fields.find((one) => one.name === "request_id");
  if (field?.fieldKind === "scalar") {
    const request = reflect(schema, message);
    if (request.get(field) === "") {
      request.set(field, crypto.randomUUID());
    }
  }
  toBinary(schema, message);
  return message;
}
