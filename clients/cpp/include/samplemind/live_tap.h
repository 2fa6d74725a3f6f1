// Hearing what flows through an audio plug-in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "samplemind/audio_ring.h"
#include "samplemind/live.h"

namespace samplemind {

/// What was heard last, for a display.
struct LiveView {
  enum class Link {
    kConnecting,  ///< No daemon yet, or the line is cut: what comes is kept for a while, then dropped.
    kHeard,       ///< A daemon listens.
    kEnded,       ///< It was heard to its end.
    kRefused,     ///< The daemon does not want it, as `problem` says; nothing is sent any more.
  };

  Link link = Link::kConnecting;
  std::string problem;                                ///< Why there is no link; empty where there is one.
  std::map<std::string, v1::LiveEstimate> estimates;  ///< By descriptor's name, such as "tempo.bpm".
  std::optional<v1::LiveBeat> beat;
  std::optional<v1::LiveLoudness> loudness;
  std::optional<v1::LiveProgress> progress;
  std::map<std::string, v1::Descriptor> finals;  ///< By name, after finish().
  std::int64_t gaps = 0;                         ///< That the daemon told of: silence was heard in their place.
  std::int64_t gap_frames = 0;                   ///< In all of them.
  std::int64_t streams = 0;                      ///< That began; frames and seconds count from the last one's begin.
  std::int64_t resumptions = 0;                  ///< How often one went on after a break.
};

/// What a tap takes.
struct LiveTapOptions {
  int sample_rate_hz = 48'000;
  int channels = 2;
  double ring_seconds = 10;              ///< That are kept while the daemon is slow or gone; then blocks are dropped.
  std::vector<std::string> descriptors;  ///< As in LiveConfig; the usual ones if empty.
  double update_seconds = 0;             ///< As in LiveConfig.
  bool keep = false;                     ///< Whether the stream becomes a sound at its end.
  std::string name;                      ///< That sound's name.
  Delays delays = {0.5, 1, 2, 2, 2, 2, 2, 2, 2, 2};  ///< Before each new try: sound does not wait for 8 s.
};

class LiveFeed;

/// A tap on the sound that flows through a plug-in: process() in its audio callback, and look() from its display.
///
/// Whatever the daemon does, process() takes no lock, allocates nothing, makes no system call and never waits. What
/// is pushed goes through a ring of fixed size to a thread that sends it. After a break the stream goes on with its
/// token; where the daemon has forgotten it, another one begins. Blocks that found no room are dropped, and the daemon
/// hears of them as a gap. Memory is bounded by the ring and 35 s of sound on its way.
class LiveTap {
 public:
  /// `on_update`, if given, is called by the tap's own thread with each message that comes; it must not throw.
  LiveTap(const Line& line, LiveTapOptions options, Live::OnUpdate on_update = {});

  /// Ends it at once; finish() before has it heard to its end.
  ~LiveTap();

  LiveTap(const LiveTap&) = delete;
  LiveTap& operator=(const LiveTap&) = delete;

  /// Takes a block of one array a channel, full scale 1.0. For the audio thread; see above. False where it was dropped.
  bool process(const float* const* channels, std::size_t frames) noexcept { return ring_.push(channels, frames); }

  /// The same of interleaved samples.
  bool process(const float* interleaved, std::size_t frames) noexcept { return ring_.push(interleaved, frames); }

  /// Copies what was heard last; false, and nothing done, where it is being written just now: look again later.
  bool look(LiveView& view) const;

  /// Says that no more comes, and waits until all was heard; false where that takes longer. Not for the audio thread.
  bool finish(std::chrono::duration<double> most);

  /// Frames that went through process().
  std::uint64_t frames() const noexcept { return ring_.offered(); }

  /// Of them, those that were sent.
  std::uint64_t sent() const noexcept;

  /// Of them, those that never will be: they found no room, or waited too long.
  std::uint64_t dropped() const noexcept;

  /// Frames that process() would take now.
  std::size_t room() const noexcept { return ring_.capacity() - ring_.waiting(); }

 private:
  void work();
  bool play(Live& live);
  void tell(const v1::AnalyzeLiveResponse& message);
  void set_link(LiveView::Link link, const std::string& problem);

  const Line line_;
  const LiveTapOptions options_;
  const Live::OnUpdate on_update_;
  AudioRing ring_;
  std::unique_ptr<LiveFeed> feed_;
  std::shared_ptr<Stop> stop_;
  mutable std::mutex mutex_;
  std::condition_variable news_;
  LiveView view_;
  bool done_ = false;
  std::thread worker_;
};

}  // namespace samplemind
