#include "samplemind/tries.h"

#include <random>

namespace samplemind {
namespace {

constexpr double kJitter = 0.2;  // of a delay, more at most: so that many clients do not come back at once

double stretched(double seconds) {
  thread_local std::minstd_rand chance{std::random_device{}()};
  return seconds * std::uniform_real_distribution<double>(1, 1 + kJitter)(chance);
}

}  // namespace

const Delays& usual_delays() {
  static const Delays delays = {0.5, 1, 2, 4, 8};
  return delays;
}

Tries::Tries(Delays delays, std::shared_ptr<Stop> stop) : delays_(std::move(delays)), stop_(std::move(stop)) {}

bool Tries::wait() { return used_ < static_cast<int>(delays_.size()) && wait(delays_[used_]); }

bool Tries::wait(double seconds) {
  if (used_ >= static_cast<int>(delays_.size())) return false;
  ++used_;
  return stop_->sleep(std::chrono::duration<double>(stretched(seconds)));
}

void Tries::renew() {
  used_ = 0;
  renewed = false;
}

}  // namespace samplemind
