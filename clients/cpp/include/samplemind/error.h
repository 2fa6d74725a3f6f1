// What goes wrong between a caller and the daemon.
#pragma once

#include <map>
#include <stdexcept>
#include <string>

#include <grpcpp/support/status.h>

namespace samplemind {

/// The daemon refused; what() is a sentence for people.
class Error : public std::runtime_error {
 public:
  Error(std::string code, std::string reason, const std::string& message)
      : std::runtime_error(message), code(std::move(code)), reason(std::move(reason)) {}

  std::string code;                           ///< The status of gRPC by name: "NOT_FOUND".
  std::string reason;                         ///< Stable, for programs: "AUDIO_NOT_FOUND".
  std::map<std::string, std::string> fields;  ///< What is wrong with the request, by field.
  std::map<std::string, std::string> facts;   ///< For programs, such as the limit that was met.
  double retry_seconds = 0;                   ///< When to try again; 0 where nothing was said.
};

/// The daemon does not answer: it is not running, or the way to it is broken. Code UNAVAILABLE, reason CANNOT_REACH.
class CannotReach : public Error {
 public:
  explicit CannotReach(const std::string& message) : Error("UNAVAILABLE", "CANNOT_REACH", message) {}
};

/// The error that a failed call ended with, read from the google.rpc details of its status.
Error read_error(const grpc::Status& status);

}  // namespace samplemind
