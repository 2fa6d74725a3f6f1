// Where a daemon is.
#pragma once

#include <memory>
#include <string>

#include <grpcpp/channel.h>

namespace samplemind {

/// A daemon's address, and how one that speaks TLS is known.
struct Server {
  /// "host:port" for plain text, "https://host:port" for TLS.
  Server(std::string address) : address(std::move(address)) {}  // NOLINT: a name is enough
  Server(const char* address) : address(address) {}             // NOLINT

  /// The same by TLS, trusting these PEM certificates instead of the system's; `name` is the name in the
  /// certificate where it is not that of the address.
  Server(std::string address, std::string certificates, std::string name = {})
      : address(std::move(address)), certificates(std::move(certificates)), name(std::move(name)) {}

  std::string address;
  std::string certificates;
  std::string name;
};

/// A channel to a daemon; it connects at its first call. Keepalive 30 s, with 10 s to answer; messages up to 4 MiB.
std::shared_ptr<grpc::Channel> open_channel(const Server& server);

}  // namespace samplemind
