#include "samplemind/events.h"

namespace samplemind {
namespace {

std::function<v1::SubscribeRequest()> from(std::shared_ptr<std::string> cursor, const std::vector<std::string>& kinds) {
  v1::SubscribeRequest request;
  for (const std::string& kind : kinds) request.add_kinds(kind);
  return [cursor = std::move(cursor), request]() mutable {
    request.set_cursor(*cursor);
    return request;
  };
}

}  // namespace

Events::Events(const Line& line, const std::string& cursor, const std::vector<std::string>& kinds)
    : cursor_(std::make_shared<std::string>(cursor)),
      stream_(line, &v1::EventService::Stub::Subscribe, from(cursor_, kinds)) {}

std::optional<v1::Event> Events::next() {
  while (const auto message = stream_.next()) {
    stream_.renew();
    *cursor_ = message->cursor();
    if (message->has_event()) return message->event();  // else a heartbeat
  }
  return std::nullopt;
}

}  // namespace samplemind
