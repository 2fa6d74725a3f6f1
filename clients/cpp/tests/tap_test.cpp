// A tap's process() may do nothing but compute, whatever the daemon does: it runs here on a thread whose first system
// call would kill the test, and whose allocations and locks are counted.

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <vector>

#include "check.h"
#include "fake_live.h"
#include "samplemind/live_tap.h"
#include "watch.h"

using samplemind::LiveTap;
using samplemind::LiveView;

namespace {

constexpr std::size_t kBlock = 512;    // frames
constexpr std::size_t kRing = 32'768;  // frames: what half a second is rounded up to
constexpr std::chrono::seconds kMinute{60};

samplemind::LiveTapOptions options() {
  samplemind::LiveTapOptions options;
  options.ring_seconds = 0.5;
  options.delays = samplemind::Delays(200, 0.05);  // seconds
  return options;
}

samplemind::Line line_to(const std::string& address) { return samplemind::Line(address); }

LiveView look(const LiveTap& tap) {
  LiveView view;
  CHECK_SOON(tap.look(view));
  return view;
}

/// A host: it has its audio thread call process() as often as it is told to.
class Host {
 public:
  explicit Host(LiveTap& tap) : tap_(tap), thread_([this] { run_without_system_calls([this] { play(); }); }) {}

  ~Host() {
    over_ = true;
    thread_.join();
  }

  /// Has so many blocks played, a millisecond each: ten times as fast as by a sound card.
  void play_blocks(int count) {
    for (int i = 0; i < count; ++i) {
      ++due_;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    CHECK_SOON(done_ == due_);
  }

  std::uint64_t frames() const { return done_ * kBlock; }

 private:
  void play() {  // not even a clock: that may be a system call
    float left[kBlock], right[kBlock];
    const float* const planes[] = {left, right};
    while (!over_) {
      if (done_ == due_) continue;
      for (std::size_t i = 0; i < kBlock; ++i) {
        left[i] = played(static_cast<std::int64_t>(done_ * kBlock + i), 0);
        right[i] = played(static_cast<std::int64_t>(done_ * kBlock + i), 1);
      }
      tap_.process(planes, kBlock);
      ++done_;
    }
  }

  LiveTap& tap_;
  std::atomic<std::uint64_t> due_{0}, done_{0};
  std::atomic<bool> over_{false};
  std::thread thread_;
};

void check_nothing_was_done() {
  CHECK(misdeeds().allocations == 0);
  CHECK(misdeeds().locks == 0);
}

void check_all_is_counted(const LiveTap& tap, const Host& host) {
  CHECK(tap.frames() == host.frames());
  CHECK_SOON(tap.sent() + tap.dropped() + kRing - tap.room() == tap.frames());
}

/// A socket whose peers connect, and never hear a word.
class MuteSocket {
 public:
  MuteSocket() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    CHECK(listen(socket_, 16) == 0);
    socklen_t size = sizeof address;
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }

  ~MuteSocket() { close(socket_); }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  int socket_ = socket(AF_INET, SOCK_STREAM, 0);
  int port_ = 0;
};

// The watch itself: it sees what it should.

void a_system_call_of_the_watched_thread_kills() {
  const pid_t child = fork();
  if (child == 0) {
    run_without_system_calls([] { std::this_thread::sleep_for(std::chrono::milliseconds(1)); });
    std::_Exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

void allocations_and_locks_of_the_watched_thread_are_counted() {
  const pid_t child = fork();
  if (child == 0) {
    std::mutex mutex;
    watch(true);
    char* volatile memory = new char[100];  // volatile: else the compiler does without
    delete[] memory;
    mutex.lock();
    watch(false);
    std::_Exit(misdeeds().allocations == 2 && misdeeds().locks == 1 ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

// What the daemon may do.

void process_does_not_mind_a_daemon_that_is_not_there() {
  LiveTap tap(line_to("127.0.0.1:1"), options());
  Host host(tap);
  host.play_blocks(200);
  CHECK(tap.dropped() > 0);
  CHECK(tap.sent() == 0);
  check_all_is_counted(tap, host);
  CHECK_SOON(look(tap).link == LiveView::Link::kConnecting && !look(tap).problem.empty());
  check_nothing_was_done();
}

void process_does_not_mind_a_daemon_that_never_says_a_word() {
  const MuteSocket socket;
  LiveTap tap(line_to(socket.address()), options());
  Host host(tap);
  host.play_blocks(200);
  CHECK(tap.dropped() > 0);
  CHECK(tap.sent() == 0);
  check_all_is_counted(tap, host);
  check_nothing_was_done();
}

void process_does_not_mind_a_daemon_that_does_not_read() {
  FakeLive live;
  live.deaf = true;
  FakeServer server({&live});
  LiveTap tap(line_to(server.address()), options());
  Host host(tap);
  CHECK_SOON(live.heard().streams == 1);
  while (tap.dropped() == 0 && host.frames() < 40'000'000) host.play_blocks(50);
  CHECK(tap.dropped() > 0);  // gRPC takes a few hundred KiB, the ring its fill, and no more
  check_all_is_counted(tap, host);
  CHECK(look(tap).link == LiveView::Link::kHeard);
  live.deaf = false;  // at last
  CHECK(tap.finish(kMinute));
  CHECK(tap.sent() + tap.dropped() == tap.frames());
  CHECK(live.heard().wrong_samples == 0);
  CHECK(live.heard().ended);
  check_nothing_was_done();
}

void a_stream_goes_on_after_a_break_and_what_was_dropped_is_a_gap() {
  FakeLive live;
  FakeServer server({&live});
  LiveTap tap(line_to(server.address()), options());
  Host host(tap);
  host.play_blocks(200);
  CHECK_SOON(live.heard().next_frame > 0);
  server.stop();
  while (tap.dropped() == 0) host.play_blocks(20);
  CHECK(look(tap).link == LiveView::Link::kConnecting);
  server.start();
  CHECK_SOON(tap.room() == kRing);
  host.play_blocks(100);
  CHECK(tap.finish(kMinute));

  const FakeLive::Heard heard = live.heard();
  const auto dropped = static_cast<std::int64_t>(tap.dropped());
  CHECK(heard.ended && heard.streams == 1 && heard.resumptions >= 1);
  CHECK(heard.wrong_samples == 0);
  CHECK(heard.gaps == 1 && heard.gap_frames == dropped);
  CHECK(heard.next_frame == static_cast<std::int64_t>(host.frames()));
  CHECK(tap.sent() + tap.dropped() == host.frames());
  const LiveView view = look(tap);
  CHECK(view.link == LiveView::Link::kEnded && view.gaps == 1 && view.gap_frames == dropped);
  CHECK(view.finals.at("tempo.bpm").value().number() == 124);
  check_nothing_was_done();
}

void another_stream_begins_with_sound_of_now_where_the_daemon_has_forgotten_the_first() {
  FakeLive live;
  FakeServer server({&live});
  LiveTap tap(line_to(server.address()), options());
  Host host(tap);
  host.play_blocks(200);
  CHECK_SOON(live.heard().next_frame > 0);
  server.stop();
  while (tap.dropped() == 0) host.play_blocks(20);
  const auto now = static_cast<std::int64_t>(host.frames());
  live.forget();
  server.start();
  CHECK_SOON(live.heard().streams == 2 && tap.room() == kRing);
  host.play_blocks(100);
  CHECK(tap.finish(kMinute));

  const FakeLive::Heard heard = live.heard();
  CHECK(heard.ended && heard.gaps == 0 && heard.wrong_samples == 0);
  CHECK(heard.first_frame == now && heard.next_frame == static_cast<std::int64_t>(host.frames()) - now);
  CHECK(tap.sent() + tap.dropped() == host.frames());
  CHECK(look(tap).streams == 2);
  check_nothing_was_done();
}

}  // namespace

int main() {
  RUN(a_system_call_of_the_watched_thread_kills);  // these fork, which goes before there are threads
  RUN(allocations_and_locks_of_the_watched_thread_are_counted);
  RUN(process_does_not_mind_a_daemon_that_is_not_there);
  RUN(process_does_not_mind_a_daemon_that_never_says_a_word);
  RUN(process_does_not_mind_a_daemon_that_does_not_read);
  RUN(a_stream_goes_on_after_a_break_and_what_was_dropped_is_a_gap);
  RUN(another_stream_begins_with_sound_of_now_where_the_daemon_has_forgotten_the_first);
}
