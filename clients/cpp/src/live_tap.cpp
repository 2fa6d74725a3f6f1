#include "samplemind/live_tap.h"

#include <cmath>
#include <set>

#include "feed.h"

namespace samplemind {
namespace {

constexpr double kRest = 2;  // seconds between attempts once all tries were used up

v1::LiveConfig config_of(const LiveTapOptions& options) {
  v1::LiveConfig config;
  config.set_format(v1::SAMPLE_FORMAT_F32LE);
  config.set_sample_rate_hz(options.sample_rate_hz);
  config.set_channels(options.channels);
  for (const std::string& name : options.descriptors) config.add_descriptors(name);
  config.set_update_seconds(options.update_seconds);
  config.set_keep(options.keep);
  config.set_name(options.name);
  return config;
}

std::size_t ring_frames(const LiveTapOptions& options) {
  return static_cast<std::size_t>(std::ceil(options.ring_seconds * options.sample_rate_hz));
}

bool is_forgotten(const Error& error) {  // the stream cannot be gone on with, and another can
  static const std::set<std::string> kForgotten = {"STREAM_NOT_FOUND", "STREAM_BROKEN", "TOO_LONG"};
  return kForgotten.count(error.reason) != 0;
}

bool may_pass(const Error& error) {
  return error.code == "UNAVAILABLE" || error.code == "RESOURCE_EXHAUSTED" || error.code == "INTERNAL";
}

}  // namespace

LiveTap::LiveTap(const Line& line, LiveTapOptions options, Live::OnUpdate on_update)
    : line_(line.with(options.delays)),
      options_(std::move(options)),
      on_update_(std::move(on_update)),
      ring_(ring_frames(options_), static_cast<std::size_t>(options_.channels)),
      feed_(std::make_unique<LiveFeed>(ring_)),
      stop_(std::make_shared<Stop>()),
      worker_([this] { work(); }) {}

LiveTap::~LiveTap() {
  stop_->stop();
  worker_.join();
}

bool LiveTap::look(LiveView& view) const {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (lock) view = view_;
  return lock.owns_lock();
}

bool LiveTap::finish(std::chrono::duration<double> most) {
  feed_->finish();
  std::unique_lock lock(mutex_);
  return news_.wait_for(lock, most, [this] { return done_; });
}

std::uint64_t LiveTap::sent() const noexcept { return feed_->sent(); }

std::uint64_t LiveTap::dropped() const noexcept { return ring_.dropped() + feed_->skipped(); }

/// One stream after another, until one was heard to its end, the daemon refuses, or it is stopped.
void LiveTap::work() {
  bool goes_on = true;
  while (goes_on && !stop_->stopped()) {
    Live live(line_, config_of(options_), *feed_, stop_);
    goes_on = play(live);
  }
  const std::lock_guard lock(mutex_);
  done_ = true;
  news_.notify_all();
}

/// Plays one stream; whether another shall begin.
bool LiveTap::play(Live& live) {
  const auto on_update = [this](const auto& message) { tell(message); };
  const auto on_break = [this](const Error& error) { set_link(LiveView::Link::kConnecting, error.what()); };
  while (true) {
    try {
      if (live.run(on_update, on_break)) set_link(LiveView::Link::kEnded, "");
      return false;
    } catch (const Error& error) {
      const bool lasting = !is_forgotten(error) && !may_pass(error);
      set_link(lasting ? LiveView::Link::kRefused : LiveView::Link::kConnecting, error.what());
      if (lasting || !stop_->sleep(std::chrono::duration<double>(is_forgotten(error) ? 0.1 : kRest))) return false;
      if (is_forgotten(error)) return true;
    }
  }
}

void LiveTap::tell(const v1::AnalyzeLiveResponse& message) {
  {
    const std::lock_guard lock(mutex_);
    switch (message.update_case()) {
      case v1::AnalyzeLiveResponse::kStarted:
        ++(message.started().next_frame() == 0 ? view_.streams : view_.resumptions);
        view_.link = LiveView::Link::kHeard;
        view_.problem.clear();
        break;
      case v1::AnalyzeLiveResponse::kProgress: view_.progress = message.progress(); break;
      case v1::AnalyzeLiveResponse::kEstimate:
        view_.estimates[message.estimate().finding().name()] = message.estimate();
        break;
      case v1::AnalyzeLiveResponse::kBeat: view_.beat = message.beat(); break;
      case v1::AnalyzeLiveResponse::kLoudness: view_.loudness = message.loudness(); break;
      case v1::AnalyzeLiveResponse::kGap:
        ++view_.gaps;
        view_.gap_frames += message.gap().frames();
        break;
      case v1::AnalyzeLiveResponse::kFinal: view_.finals[message.final().name()] = message.final(); break;
      default: break;
    }
  }
  if (on_update_) on_update_(message);
}

void LiveTap::set_link(LiveView::Link link, const std::string& problem) {
  const std::lock_guard lock(mutex_);
  view_.link = link;
  view_.problem = problem;
}

}  // namespace samplemind
