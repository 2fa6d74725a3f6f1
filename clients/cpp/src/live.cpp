#include "samplemind/live.h"

#include <atomic>
#include <thread>

#include "tape.h"

namespace samplemind {
namespace {

constexpr std::int64_t kKeptSeconds = 35;       // of sound: after a break the daemon waits 30 for us
constexpr std::chrono::milliseconds kPause{5};  // before an empty source or a full tape is tried again

}  // namespace

/// One call: a thread that sends, and one that reads.
class Live::Attempt {
 public:
  using Call = grpc::ClientReaderWriter<v1::AnalyzeLiveRequest, v1::AnalyzeLiveResponse>;

  Attempt(Live& live, Tries& tries) : live_(live), tries_(tries) {
    live_.line_.sign(context_, tries_);
    live_.stop_->attach(context_);
    call_ = v1::AnalysisService::Stub(live_.line_.channel()).AnalyzeLive(&context_);
  }

  ~Attempt() {
    if (sender_.joinable()) {  // left by an exception
      context_.TryCancel();
      join();
    }
    live_.stop_->detach();
  }

  /// Reads until the stream is over (OK) or has broken.
  grpc::Status run(const OnUpdate& on_update) {
    v1::AnalyzeLiveRequest request;
    *request.mutable_config() = live_.config_;
    call_->Write(request);
    v1::AnalyzeLiveResponse message;
    bool ended = false;
    while (call_->Read(&message)) {
      tries_.renew();
      if (message.has_started()) begin(message.started());
      if (message.has_progress()) live_.tape_->forget(message.progress().received_frames());
      ended = ended || message.has_end();
      on_update(message);
    }
    join();
    const grpc::Status status = call_->Finish();
    if (ended) return grpc::Status::OK;
    return status.ok() ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "The stream ended.") : status;
  }

 private:
  /// Learns where to begin, and by what name to go on.
  void begin(const v1::LiveStarted& started) {
    if (sender_.joinable()) return;  // it is said once
    live_.config_.set_resume_token(started.resume_token());
    live_.tape_->forget(started.next_frame());
    if (!live_.begun_) live_.source_.begin();
    live_.begun_ = true;
    sender_ = std::thread([this, from = started.next_frame()] { send(from); });
  }

  /// What is on the tape from this frame on, then what comes, then the end.
  void send(std::int64_t frame) {
    while (const auto piece = live_.tape_->find(frame)) {
      if (!write(*piece)) return;
      frame = piece->frame + piece->frames;
    }
    while (!live_.over_ && !broken_) {
      if (live_.tape_->is_full() || !send_next()) std::this_thread::sleep_for(kPause);
    }
    v1::AnalyzeLiveRequest request;
    request.mutable_finish();
    if (!broken_ && call_->Write(request)) call_->WritesDone();
  }

  /// Sends what comes next; false where there is nothing yet.
  bool send_next() {
    LivePiece piece;
    const LiveSource::Answer answer = live_.source_.read(piece);
    if (answer == LiveSource::Answer::kPiece) {
      live_.tape_->add(piece);
      if (!write(piece)) broken_ = true;  // it is sent again by the next attempt
    }
    live_.over_ = answer == LiveSource::Answer::kOver;
    return answer != LiveSource::Answer::kLater;
  }

  bool write(const LivePiece& piece) {
    v1::AnalyzeLiveRequest request;
    request.mutable_audio()->set_frame(piece.frame);
    request.mutable_audio()->set_data(piece.data);
    return call_->Write(request);
  }

  void join() {
    broken_ = true;
    if (sender_.joinable()) sender_.join();
  }

  Live& live_;
  Tries& tries_;
  grpc::ClientContext context_;
  std::unique_ptr<Call> call_;
  std::thread sender_;
  std::atomic<bool> broken_{false};
};

Live::Live(Line line, v1::LiveConfig config, LiveSource& source, std::shared_ptr<Stop> stop)
    : line_(std::move(line)), config_(std::move(config)), source_(source), stop_(std::move(stop)) {
  tape_ = std::make_unique<Tape>(kKeptSeconds * config_.sample_rate_hz());
}

Live::~Live() = default;

bool Live::run(const OnUpdate& on_update, const OnBreak& on_break) {
  Tries tries = line_.tries(stop_);
  while (!stop_->stopped()) {
    grpc::Status status;
    {
      Attempt attempt(*this, tries);
      status = attempt.run(on_update);
    }
    if (status.ok()) return true;
    if (stop_->stopped()) break;
    const Error error = read_error(status);
    if (on_break) on_break(error);
    try {
      line_.recover(error, tries);
    } catch (const Error&) {
      if (!stop_->stopped()) throw;
    }
  }
  return false;
}

}  // namespace samplemind
