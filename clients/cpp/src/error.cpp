#include "samplemind/error.h"

#include <array>

#include "error_details.pb.h"

namespace samplemind {
namespace {

const std::string kType = "type.googleapis.com/google.rpc.";

std::string name_of(grpc::StatusCode code) {
  static constexpr std::array kNames = {
      "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
      "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
      "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
      "DATA_LOSS", "UNAUTHENTICATED"};
  const auto index = static_cast<std::size_t>(code);
  return index < kNames.size() ? kNames[index] : "UNKNOWN";
}

template <class Part>
Part unpack(const details::Status& status, const std::string& name) {
  Part part;
  for (const auto& packed : status.details()) {
    if (packed.type_url() == kType + name && part.ParseFromString(packed.value())) return part;
  }
  return Part();
}

}  // namespace

Error read_error(const grpc::Status& status) {
  details::Status packed;  // where a proxy has its own idea of details, the code still stands
  if (!packed.ParseFromString(status.error_details())) packed.Clear();
  const auto info = unpack<details::ErrorInfo>(packed, "ErrorInfo");
  const auto wrong = unpack<details::BadRequest>(packed, "BadRequest");
  const auto retry = unpack<details::RetryInfo>(packed, "RetryInfo").retry_delay();

  const std::string code = name_of(status.error_code());
  const std::string message = status.error_message();
  Error error(code, info.reason().empty() ? code : info.reason(),
              message.empty() ? "The daemon answered " + code + "." : message);
  error.facts.insert(info.metadata().begin(), info.metadata().end());
  for (const auto& one : wrong.field_violations()) error.fields[one.field()] = one.description();
  error.retry_seconds = static_cast<double>(retry.seconds()) + retry.nanos() / 1e9;
  return error;
}

}  // namespace samplemind
