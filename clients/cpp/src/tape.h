// Sound that was sent.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>

#include "samplemind/live.h"

namespace samplemind {

/// What was sent and not yet known to have arrived: what is on its way in a break is lost, and sent again. For all
/// threads.
class Tape {
 public:
  /// It is full once it holds so many frames.
  explicit Tape(std::int64_t most) : most_(most) {}

  /// Keeps a piece, behind all others.
  void add(const LivePiece& piece) {
    const std::lock_guard lock(mutex_);
    pieces_.push_back(piece);
    frames_ += piece.frames;
  }

  /// Forgets what comes before this frame: it has arrived.
  void forget(std::int64_t frame) {
    const std::lock_guard lock(mutex_);
    while (!pieces_.empty() && pieces_.front().frame + pieces_.front().frames <= frame) {
      frames_ -= pieces_.front().frames;
      pieces_.pop_front();
    }
  }

  /// The first piece that is not wholly before this frame.
  std::optional<LivePiece> find(std::int64_t frame) const {
    const std::lock_guard lock(mutex_);
    for (const LivePiece& piece : pieces_) {
      if (piece.frame + piece.frames > frame) return piece;
    }
    return std::nullopt;
  }

  bool is_full() const {
    const std::lock_guard lock(mutex_);
    return frames_ >= most_;
  }

 private:
  const std::int64_t most_;
  mutable std::mutex mutex_;
  std::deque<LivePiece> pieces_;
  std::int64_t frames_ = 0;  // in all of them
};

}  // namespace samplemind
