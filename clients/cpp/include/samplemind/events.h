// What happens at the daemon, in order and without a gap.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "samplemind/stream.h"
#include "samplemind/v1/event.grpc.pb.h"

namespace samplemind {

/// The events after a cursor, then those that happen, each once, however often the stream breaks.
class Events {
 public:
  /// An empty cursor means from now on; "0" means all that is kept. `kinds` are those wanted, as in
  /// "audio.completed" or "audio."; all if empty.
  Events(const Line& line, const std::string& cursor, const std::vector<std::string>& kinds);

  /// The next event, which is waited for; nothing once it was cancelled. Throws Error.
  std::optional<v1::Event> next();

  /// Up to where all was seen: what to give to go on another time.
  const std::string& cursor() const { return *cursor_; }

  /// Has next() give nothing any more. For any thread.
  void cancel() { stream_.cancel(); }

 private:
  std::shared_ptr<std::string> cursor_;  // the stream asks from here after a break
  Stream<v1::SubscribeResponse> stream_;
};

}  // namespace samplemind
