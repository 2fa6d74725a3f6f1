#include "samplemind/tries.h"

#include <algorithm>
#include <chrono>
#include <random>

namespace samplemind {
namespace {

constexpr std::chrono::milliseconds kSlice{100};  // after which a pause looks whether it was stopped
constexpr double kJitter = 0.2;  // of a delay, more at most: so that many clients do not come back at once

double stretched(double seconds) {
  thread_local std::minstd_rand chance{std::random_device{}()};
  return seconds * std::uniform_real_distribution<double>(1, 1 + kJitter)(chance);
}

/// Waits; false where it was stopped. It waits in gRPC, which takes a broken connection up again only while somebody
/// does: after a pause elsewhere a call would hear of the last attempt to connect, and not of one of now.
bool pause(double seconds, const Stop& stop, grpc::Channel& channel) {
  using Clock = std::chrono::system_clock;
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  while (!stop.stopped() && Clock::now() < end) {
    channel.WaitForStateChange(channel.GetState(true), std::min(end, Clock::now() + kSlice));
  }
  return !stop.stopped();
}

}  // namespace

const Delays& usual_delays() {
  static const Delays delays = {0.5, 1, 2, 4, 8};
  return delays;
}

Tries::Tries(Delays delays, std::shared_ptr<Stop> stop, std::shared_ptr<grpc::Channel> channel)
    : delays_(std::move(delays)), stop_(std::move(stop)), channel_(std::move(channel)) {}

bool Tries::wait() { return used_ < static_cast<int>(delays_.size()) && wait(delays_[used_]); }

bool Tries::wait(double seconds) {
  if (used_ >= static_cast<int>(delays_.size())) return false;
  ++used_;
  return pause(stretched(seconds), *stop_, *channel_);
}

void Tries::renew() {
  used_ = 0;
  renewed = false;
}

}  // namespace samplemind
