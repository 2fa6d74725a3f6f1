// Sound on its way from a real-time thread to an ordinary one.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace samplemind {

/// Consecutive frames that were taken out of a ring; `frames` is 0 where there was nothing.
struct AudioRun {
  std::uint64_t frame = 0;  ///< The number of the first one, counted over all that was pushed or dropped.
  std::size_t frames = 0;   ///< How many.
};

/// A ring of interleaved float frames between one thread that pushes and one that pops.
///
/// push() is for an audio callback: it takes no lock, allocates nothing, makes no system call, and never waits. It
/// copies a block as a whole, or drops it and counts its frames. The frames that follow keep their absolute number, so
/// whoever pops sees by a jump of that number where how much is missing.
///
/// Once a block was dropped, blocks are taken again as soon as there is room for one and what was popped has reached
/// the gap before. So there is one gap at most in a ring at a time: an overrun makes few long gaps, not many short
/// ones.
///
/// Order: the pusher writes samples and gap, then releases `pushed_`; the popper acquires it before it reads them, and
/// releases `popped_` after, which the pusher acquires before it writes there again.
class AudioRing {
 public:
  /// Room for at least `frames` frames of `channels` samples (rounded up to a power of two), all of it touched here
  /// so that no page is missing later. No block may have more frames than that.
  AudioRing(std::size_t frames, std::size_t channels)
      : channels_(channels), mask_(power_of_two(frames) - 1), samples_((mask_ + 1) * channels) {}

  AudioRing(const AudioRing&) = delete;
  AudioRing& operator=(const AudioRing&) = delete;

  /// Takes `frames` interleaved frames as a whole, or drops and counts them and returns false. For the pusher alone.
  bool push(const float* interleaved, std::size_t frames) noexcept {
    return push_by(frames, [&](float* into, std::size_t first, std::size_t count) {
      std::memcpy(into, interleaved + first * channels_, count * channels_ * sizeof(float));
    });
  }

  /// The same of one array a channel, as plug-ins get them.
  bool push(const float* const* planes, std::size_t frames) noexcept {
    return push_by(frames, [&](float* into, std::size_t first, std::size_t count) {
      for (std::size_t channel = 0; channel < channels_; ++channel) {
        const float* from = planes[channel] + first;
        for (std::size_t frame = 0; frame < count; ++frame) into[frame * channels_ + channel] = from[frame];
      }
    });
  }

  /// Copies up to `most` consecutive frames to `into` and makes their room free. For the popper alone.
  AudioRun pop(float* into, std::size_t most) noexcept {
    const std::uint64_t from = popped_.value.load(std::memory_order_relaxed);
    const std::uint64_t until = pushed_.value.load(std::memory_order_acquire);
    if (from == until) return {from + missed_, 0};
    const std::uint64_t gap = gap_at_.load(std::memory_order_relaxed);
    if (gap == from) missed_ = missed_until_gap_;
    const std::uint64_t end = gap > from ? std::min(until, gap) : until;
    const std::size_t count = std::min<std::uint64_t>(most, end - from);
    copy_out(into, from, count);
    popped_.value.store(from + count, std::memory_order_release);
    return {from + missed_, count};
  }

  /// Frames that wait to be popped; for any thread, as of a moment ago.
  std::size_t waiting() const noexcept {
    const std::uint64_t popped = popped_.value.load(std::memory_order_acquire);
    return static_cast<std::size_t>(pushed_.value.load(std::memory_order_acquire) - popped);
  }

  /// Frames that were pushed or dropped so far; for any thread.
  std::uint64_t offered() const noexcept { return pushed_.value.load(std::memory_order_acquire) + dropped(); }

  /// Frames that were dropped so far; for any thread.
  std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

  /// Frames that fit in.
  std::size_t capacity() const noexcept { return mask_ + 1; }

  /// Samples a frame.
  std::size_t channels() const noexcept { return channels_; }

 private:
  using Index = std::atomic<std::uint64_t>;
  static_assert(Index::is_always_lock_free, "a 64-bit atomic would need a lock here");
  static constexpr std::size_t kLine = 128;  // bytes: two cache lines, which processors fetch together

  struct alignas(kLine) Lonely {  // an index that shares its cache line with nothing
    Index value{0};
  };

  static std::size_t power_of_two(std::size_t least) {
    std::size_t size = 1;
    while (size < least) size *= 2;
    return size;
  }

  template <class Copy>
  bool push_by(std::size_t frames, Copy copy) noexcept {
    const std::uint64_t at = pushed_.value.load(std::memory_order_relaxed);
    const std::uint64_t dropped = dropped_.load(std::memory_order_relaxed);
    if (!has_room(at, frames, dropped)) {
      dropped_.store(dropped + frames, std::memory_order_relaxed);
      return false;
    }
    if (dropped != marked_) {
      gap_at_.store(at, std::memory_order_relaxed);
      missed_until_gap_ = marked_ = dropped;
    }
    const std::size_t start = at & mask_;
    const std::size_t before_end = std::min(frames, mask_ + 1 - start);
    copy(&samples_[start * channels_], 0, before_end);
    if (before_end < frames) copy(&samples_[0], before_end, frames - before_end);
    pushed_.value.store(at + frames, std::memory_order_release);
    return true;
  }

  bool has_room(std::uint64_t at, std::size_t frames, std::uint64_t dropped) noexcept {
    if (dropped != marked_) {  // a new gap: has the one before been passed?
      seen_popped_ = popped_.value.load(std::memory_order_acquire);
      if (marked_ != 0 && seen_popped_ <= gap_at_.load(std::memory_order_relaxed)) return false;
    } else if (at + frames - seen_popped_ > mask_ + 1) {
      seen_popped_ = popped_.value.load(std::memory_order_acquire);
    }
    return at + frames - seen_popped_ <= mask_ + 1;
  }

  void copy_out(float* into, std::uint64_t from, std::size_t count) const noexcept {
    const std::size_t start = from & mask_;
    const std::size_t before_end = std::min(count, mask_ + 1 - start);
    std::memcpy(into, &samples_[start * channels_], before_end * channels_ * sizeof(float));
    if (before_end == count) return;
    std::memcpy(into + before_end * channels_, &samples_[0], (count - before_end) * channels_ * sizeof(float));
  }

  const std::size_t channels_;
  const std::size_t mask_;  // the number of frames less one
  std::vector<float> samples_;

  Lonely pushed_;                          // frames taken; written by the pusher
  std::atomic<std::uint64_t> dropped_{0};  // written by the pusher
  std::uint64_t seen_popped_ = 0;          // the pusher's last look at popped_
  std::uint64_t marked_ = 0;               // of dropped_, those that a gap tells of
  Index gap_at_{0};                        // the index where the last gap lies, which pushed_ hands over with it;
                                           // a newer one lies behind all that the popper has seen
  std::uint64_t missed_until_gap_ = 0;     // frames dropped up to there

  Lonely popped_;             // frames given out; written by the popper
  std::uint64_t missed_ = 0;  // the popper's: frames dropped before the next one
};

}  // namespace samplemind
