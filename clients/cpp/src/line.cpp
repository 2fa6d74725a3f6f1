#include "samplemind/line.h"

namespace samplemind {
namespace {

constexpr double kShortWait = 5;  // seconds that a limited call is held back; a longer wait is the caller's to decide

bool is_broken(const Error& error) { return error.code == "UNAVAILABLE" || error.code == "CANCELLED"; }

bool is_limited(const Error& error) {
  return error.code == "RESOURCE_EXHAUSTED" && error.retry_seconds > 0 && error.retry_seconds <= kShortWait;
}

}  // namespace

Line::Line(const Server& server, std::shared_ptr<Credential> credential, Delays delays)
    : address_(server.address),
      channel_(open_channel(server)),
      credential_(std::move(credential)),
      delays_(std::move(delays)) {}

void Line::recover(const Error& error, Tries& tries) const {
  if (error.code == "UNAUTHENTICATED" && !tries.renewed) {
    tries.renewed = true;
    if (credential_->renew(tries.shown)) return;
  }
  if (is_broken(error)) {
    if (tries.wait()) return;
    throw CannotReach("The daemon at " + address_ + " cannot be reached (tried " + std::to_string(tries.used() + 1) +
                      " times): is it running? " + error.what());
  }
  if (is_limited(error) && tries.wait(error.retry_seconds)) return;
  throw error;
}

void Line::sign(grpc::ClientContext& context, Tries& tries) const {
  tries.shown = credential_->header();
  if (!tries.shown.name.empty()) context.AddMetadata(tries.shown.name, tries.shown.value);
}

}  // namespace samplemind
