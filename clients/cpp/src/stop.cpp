#include "samplemind/stop.h"

namespace samplemind {

void Stop::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  if (call_ != nullptr) call_->TryCancel();
  news_.notify_all();
}

bool Stop::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

bool Stop::sleep(std::chrono::duration<double> time) {
  std::unique_lock lock(mutex_);
  return !news_.wait_for(lock, time, [this] { return stopped_; });
}

void Stop::attach(grpc::ClientContext& call) {
  const std::lock_guard lock(mutex_);
  call_ = &call;
  if (stopped_) call.TryCancel();
}

void Stop::detach() {
  const std::lock_guard lock(mutex_);
  call_ = nullptr;
}

}  // namespace samplemind
