// Ending what another thread waits in.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include <grpcpp/client_context.h>

namespace samplemind {

/// Ends the call or the pause that another thread is in, and every one after. For all threads.
class Stop {
 public:
  /// From now on nothing is waited for.
  void stop();

  /// Whether it was stopped.
  bool stopped() const;

  /// Waits; false where it was stopped before the time was over.
  bool sleep(std::chrono::duration<double> time);

  /// Has stop() cancel this call until detach(); at once where it was stopped already.
  void attach(grpc::ClientContext& call);

  /// The call is over.
  void detach();

 private:
  mutable std::mutex mutex_;
  std::condition_variable news_;
  bool stopped_ = false;
  grpc::ClientContext* call_ = nullptr;
};

}  // namespace samplemind
