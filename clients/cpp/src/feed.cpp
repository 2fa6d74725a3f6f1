#include "feed.h"

#include <algorithm>
#include <cmath>

namespace samplemind {
namespace {

constexpr std::size_t kPieceSamples = 4096;  // 16 KiB: at 48 kHz stereo 43 ms, so that what is heard soon is told soon

}  // namespace

LiveFeed::LiveFeed(AudioRing& ring)
    : ring_(ring), samples_(kPieceSamples), most_(std::max<std::size_t>(1, kPieceSamples / ring.channels())) {}

LiveSource::Answer LiveFeed::read(LivePiece& piece) {
  const bool last = finished_;  // asked before the ring is, which is filled before it is said
  const AudioRun run = ring_.pop(samples_.data(), most_);
  if (run.frames == 0) return last ? Answer::kOver : Answer::kLater;
  if (starts_) start_ = static_cast<std::int64_t>(run.frame);
  starts_ = false;
  const std::size_t count = run.frames * ring_.channels();
  for (std::size_t i = 0; i < count; ++i) {
    if (!std::isfinite(samples_[i])) samples_[i] = 0;  // the daemon hears nothing else of such a stream
  }
  piece.frame = static_cast<std::int64_t>(run.frame) - start_;
  piece.frames = static_cast<std::int64_t>(run.frames);
  piece.data.assign(reinterpret_cast<const char*>(samples_.data()), count * sizeof(float));
  sent_ += run.frames;
  return Answer::kPiece;
}

void LiveFeed::begin() {
  starts_ = true;
  const std::uint64_t dropped = ring_.dropped();
  if (dropped == dropped_before_) return;
  dropped_before_ = dropped;
  for (std::size_t left = ring_.waiting(); left > 0;) {
    const AudioRun run = ring_.pop(samples_.data(), std::min(most_, left));
    skipped_ += run.frames;
    left -= run.frames;
  }
}

}  // namespace samplemind
