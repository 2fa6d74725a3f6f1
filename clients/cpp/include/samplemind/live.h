// Having sound heard as it is played.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "samplemind/line.h"
#include "samplemind/v1/analysis.grpc.pb.h"

namespace samplemind {

/// Whole frames of sound.
struct LivePiece {
  std::int64_t frame = 0;   ///< The number of the first one, counted from 0. A jump of it is a gap.
  std::int64_t frames = 0;  ///< How many.
  std::string data;         ///< Samples as the config says, interleaved; up to 64 KiB.
};

/// What is played. It is asked by one thread at a time, and as fast as the daemon takes it: it is held up while 35 s of
/// its sound are on their way.
class LiveSource {
 public:
  enum class Answer {
    kPiece,  ///< The piece is filled.
    kLater,  ///< There is none yet; it is asked again after a few milliseconds.
    kOver,   ///< There will be none.
  };

  virtual ~LiveSource() = default;

  /// Fills the piece that comes next. Must not throw.
  virtual Answer read(LivePiece& piece) = 0;

  /// A stream begins, and the first piece of it is asked for next.
  virtual void begin() {}
};

class Tape;

/// One stream of live sound, which goes on after breaks.
class Live {
 public:
  using OnUpdate = std::function<void(const v1::AnalyzeLiveResponse&)>;
  using OnBreak = std::function<void(const Error&)>;

  /// `config` as in AnalyzeLive, without a token. `source` is used until run() is over.
  Live(Line line, v1::LiveConfig config, LiveSource& source, std::shared_ptr<Stop> stop = std::make_shared<Stop>());

  ~Live();

  /// Sends what the source gives from a thread of its own, and tells what is heard on this one, until all of it was
  /// heard (true) or it was stopped (false). `on_break`, if given, is told of each break before it is tried again.
  /// Throws Error; after CannotReach it may be run again to go on.
  bool run(const OnUpdate& on_update, const OnBreak& on_break = {});

  /// Has run() return soon. For any thread.
  void stop() { stop_->stop(); }

 private:
  class Attempt;

  Line line_;
  v1::LiveConfig config_;
  LiveSource& source_;
  std::shared_ptr<Stop> stop_;
  std::unique_ptr<Tape> tape_;  // what is to be sent again after a break
  bool begun_ = false;
  bool over_ = false;  // the source is
};

}  // namespace samplemind
