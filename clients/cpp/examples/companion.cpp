// A plug-in without a host: plays a WAV file in blocks, as an audio callback gets them, and has it heard meanwhile.
//
//   companion SERVER (--key KEY | EMAIL PASSWORD) [options] FILE.wav
//
//   --block FRAMES   in a callback; 512
//   --ring SECONDS   of sound that is kept while the daemon is slow or gone; 10
//   --pace TIMES     as fast as a sound card; 1
//   --fast           as fast as it is heard
//   --report         the last line is a JSON object

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <thread>

#include "json.h"
#include "samplemind/client.h"
#include "samplemind/live_tap.h"
#include "wav.h"

namespace v1 = samplemind::v1;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds kLastWords{60};  // that what was sent may still be heard after the end

struct Wish {
  std::string server, key, email, password, file;
  std::size_t block = 512;
  double ring_seconds = 10, pace = 1;
  bool fast = false, report = false;
};

/// The command line; std::invalid_argument where it says too little or too much.
Wish read_wish(int argc, char** argv) {
  Wish wish;
  std::vector<std::string> rest;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto value = [&] { return ++i < argc ? std::string(argv[i]) : throw std::invalid_argument(word); };
    if (word == "--key")
      wish.key = value();
    else if (word == "--block")
      wish.block = std::stoul(value());
    else if (word == "--ring")
      wish.ring_seconds = std::stod(value());
    else if (word == "--pace")
      wish.pace = std::stod(value());
    else if (word == "--fast")
      wish.fast = true;
    else if (word == "--report")
      wish.report = true;
    else
      rest.push_back(word);
  }
  if (rest.size() != (wish.key.empty() ? 4 : 2) || wish.block == 0) throw std::invalid_argument("arguments");
  wish.server = rest.front();
  wish.file = rest.back();
  if (wish.key.empty()) wish.email = rest[1], wish.password = rest[2];
  return wish;
}

/// A host's audio thread: it calls the tap once a block, and that is all that a plug-in does there.
class Player {
 public:
  Player(const Wav& wav, const Wish& wish, samplemind::LiveTap& tap) : wish_(wish), tap_(tap), rate_hz_(wav.rate_hz) {
    planes_.assign(static_cast<std::size_t>(wav.channels), std::vector<float>(wav.frames()));
    for (std::size_t i = 0; i < wav.samples.size() / 2; ++i) {
      std::int16_t sample;
      std::memcpy(&sample, &wav.samples[i * 2], 2);
      planes_[i % planes_.size()][i / planes_.size()] = static_cast<float>(sample) / 32768.0F;
    }
    thread_ = std::thread([this] { play(); });
    const sched_param urgent{sched_get_priority_min(SCHED_FIFO)};
    pthread_setschedparam(thread_.native_handle(), SCHED_FIFO, &urgent);  // where the system allows it
  }

  ~Player() { thread_.join(); }

  bool is_over() const { return over_; }
  double longest_callback_us() const { return longest_us_; }

 private:
  void play() {
    const std::size_t frames = planes_.front().size();
    std::vector<const float*> block(planes_.size());
    const Clock::time_point start = Clock::now();
    for (std::size_t at = 0; at < frames; at += wish_.block) {
      const std::size_t count = std::min(wish_.block, frames - at);
      for (std::size_t channel = 0; channel < block.size(); ++channel) block[channel] = planes_[channel].data() + at;
      wait_for_block(start, at, count);
      const Clock::time_point called = Clock::now();
      tap_.process(block.data(), count);
      const std::chrono::duration<double, std::micro> took = Clock::now() - called;
      longest_us_ = std::max(longest_us_.load(), took.count());
    }
    over_ = true;
  }

  /// A sound card calls when the block is due; with --fast, once there is room for it.
  void wait_for_block(Clock::time_point start, std::size_t at, std::size_t count) const {
    if (!wish_.fast) {
      const std::chrono::duration<double> due(static_cast<double>(at + count) / rate_hz_ / wish_.pace);
      std::this_thread::sleep_until(start + std::chrono::duration_cast<Clock::duration>(due));
    }
    while (wish_.fast && tap_.room() < count) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  const Wish& wish_;
  samplemind::LiveTap& tap_;
  const int rate_hz_;
  std::vector<std::vector<float>> planes_;
  std::atomic<bool> over_{false};
  std::atomic<double> longest_us_{0};
  std::thread thread_;
};

std::string rounded(double number) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << number;
  return text.str();
}

std::string told(const samplemind::LiveView& view, const std::string& name) {
  const auto found = view.estimates.find(name);
  if (found == view.estimates.end()) return "-";
  const v1::Value& value = found->second.finding().value();
  if (!value.has_number() && !value.has_text()) return "-";
  const std::string text = value.has_number() ? rounded(value.number()) : value.text();
  return text + (found->second.stability() < 0.9 ? "?" : "");
}

/// One line for people.
void show(const samplemind::LiveView& view) {
  if (view.link != samplemind::LiveView::Link::kHeard) {
    std::cout << "waiting  " << view.problem << std::endl;
    return;
  }
  std::cout << told(view, "tempo.bpm") << " BPM  " << told(view, "key.key");
  if (view.beat) std::cout << "  beat at " << rounded(view.beat->seconds()) << " s";
  if (view.loudness && view.loudness->has_momentary()) {
    std::cout << "  " << rounded(view.loudness->momentary()) << " LUFS";
  }
  std::cout << std::endl;
}

Object finals_of(const samplemind::LiveView& view) {
  Object finals;
  for (const auto& [name, found] : view.finals) {
    const v1::Value& value = found.value();
    if (value.has_number()) finals.add(name, value.number());
    if (value.has_integer()) finals.add(name, value.integer());
    if (value.has_text()) finals.add(name, value.text());
  }
  return finals;
}

void report(const samplemind::LiveTap& tap, const samplemind::LiveView& view, double longest_us) {
  Object()
      .add("frames", tap.frames())
      .add("sent", tap.sent())
      .add("dropped", tap.dropped())
      .add("longest_callback_us", longest_us)
      .add("gaps", view.gaps)
      .add("gap_frames", view.gap_frames)
      .add("streams", view.streams)
      .add("resumptions", view.resumptions)
      .add("finals", finals_of(view))
      .print();
}

samplemind::LiveView look(const samplemind::LiveTap& tap) {
  samplemind::LiveView view;
  while (!tap.look(view)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return view;
}

/// Plays the file; whether it was heard to its end.
bool accompany(const Wish& wish) {
  const Wav wav = read_wav(wish.file);
  const auto credential = wish.key.empty() ? std::static_pointer_cast<samplemind::Credential>(
                                                 samplemind::sign_in(wish.server, wish.email, wish.password))
                                           : samplemind::api_key(wish.key);
  const samplemind::Client client(wish.server, credential);
  samplemind::LiveTapOptions options;
  options.sample_rate_hz = wav.rate_hz;
  options.channels = wav.channels;
  options.ring_seconds = wish.ring_seconds;
  samplemind::LiveTap tap(client.line(), options);

  double longest_us = 0;
  {
    const Player player(wav, wish, tap);
    while (!player.is_over()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
      show(look(tap));
    }
    longest_us = player.longest_callback_us();
  }
  const bool heard = tap.finish(kLastWords);
  const samplemind::LiveView view = look(tap);
  if (!view.problem.empty()) std::cerr << view.problem << '\n';
  std::cout << "The longest callback took " << rounded(longest_us) << " us; " << tap.dropped() << " of " << tap.frames()
            << " frames were dropped." << std::endl;
  if (wish.report) report(tap, view, longest_us);
  return heard && view.link == samplemind::LiveView::Link::kEnded;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return accompany(read_wish(argc, argv)) ? 0 : 1;
  } catch (const std::invalid_argument&) {
    std::cerr << "usage: companion SERVER (--key KEY | EMAIL PASSWORD) [--block FRAMES] [--ring SECONDS] "
                 "[--pace TIMES | --fast] [--report] FILE.wav\n";
    return 2;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
