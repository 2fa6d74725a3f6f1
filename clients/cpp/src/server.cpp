#include "samplemind/server.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

namespace samplemind {
namespace {

const std::string kTls = "https://";

bool is_loopback(const std::string& target) {
  const std::string host = target.substr(0, target.rfind(':'));
  return host == "localhost" || host == "[::1]" || host.rfind("127.", 0) == 0;
}

grpc::ChannelArguments arguments(const std::string& target) {
  grpc::ChannelArguments arguments;
  arguments.SetInt("grpc.keepalive_time_ms", 30'000);  // finds a peer that vanished without a word
  arguments.SetInt("grpc.keepalive_timeout_ms", 10'000);
  arguments.SetInt("grpc.http2.ping_timeout_ms", 10'000);
  arguments.SetInt("grpc.initial_reconnect_backoff_ms", 200);  // each try of ours is a real one: gRPC's own
  arguments.SetInt("grpc.max_reconnect_backoff_ms", 400);      // waiting would answer some from memory
  arguments.SetInt("grpc.min_reconnect_backoff_ms", 10'000);   // (this one is how long a connect may take)
  arguments.SetMaxReceiveMessageSize(4 * 1024 * 1024);
  if (is_loopback(target)) arguments.SetInt("grpc.enable_http_proxy", 0);  // not reached through a proxy
  return arguments;
}

}  // namespace

std::shared_ptr<grpc::Channel> open_channel(const Server& server) {
  const bool tls = server.address.rfind(kTls, 0) == 0;
  const std::string target = tls ? server.address.substr(kTls.size()) : server.address;
  grpc::ChannelArguments options = arguments(target);
  if (!tls) return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), options);
  if (!server.name.empty()) options.SetSslTargetNameOverride(server.name);
  grpc::SslCredentialsOptions trust;
  trust.pem_root_certs = server.certificates;
  return grpc::CreateCustomChannel(target, grpc::SslCredentials(trust), options);
}

}  // namespace samplemind
