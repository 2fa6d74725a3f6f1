// What a tap sends.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "samplemind/audio_ring.h"
#include "samplemind/live.h"

namespace samplemind {

/// The frames of a ring, numbered from where each stream begins.
class LiveFeed : public LiveSource {
 public:
  explicit LiveFeed(AudioRing& ring);

  Answer read(LivePiece& piece) override;

  /// What waits is given up where something after it is missing: a new stream begins with sound of now.
  void begin() override;

  /// No more is pushed: it is over once the ring is empty. For any thread.
  void finish() { finished_ = true; }

  /// Frames that were given to be sent; for any thread.
  std::uint64_t sent() const { return sent_; }

  /// Frames that were given up; for any thread.
  std::uint64_t skipped() const { return skipped_; }

 private:
  AudioRing& ring_;
  std::vector<float> samples_;
  std::size_t most_;  // frames in a piece
  std::atomic<bool> finished_{false};
  std::atomic<std::uint64_t> sent_{0};
  std::atomic<std::uint64_t> skipped_{0};
  std::uint64_t dropped_before_ = 0;
  std::int64_t start_ = 0;  // the frame that is the stream's first
  bool starts_ = true;
};

}  // namespace samplemind
