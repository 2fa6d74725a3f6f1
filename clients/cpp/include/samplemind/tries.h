// How often something is tried again, and after how long.
#pragma once

#include <memory>
#include <vector>

#include <grpcpp/channel.h>

#include "samplemind/credential.h"
#include "samplemind/stop.h"

namespace samplemind {

using Delays = std::vector<double>;  ///< Seconds before each new try.

/// 0.5, 1, 2, 4 and 8 s.
const Delays& usual_delays();

/// The tries that one request still has.
class Tries {
 public:
  /// `stop` ends its pauses; `channel` is the one that is tried.
  Tries(Delays delays, std::shared_ptr<Stop> stop, std::shared_ptr<grpc::Channel> channel);

  /// Uses up a try and waits before it, up to a fifth longer by chance; false where none is left, or it was stopped.
  bool wait();

  /// The same for a time that was told, in seconds.
  bool wait(double seconds);

  /// Gives all tries back: there was progress.
  void renew();

  /// How many new tries there have been since the last progress.
  int used() const { return used_; }

  Header shown;          ///< The credential that the last try showed.
  bool renewed = false;  ///< Whether the credential was renewed for this request.

 private:
  Delays delays_;
  std::shared_ptr<Stop> stop_;
  std::shared_ptr<grpc::Channel> channel_;
  int used_ = 0;
};

}  // namespace samplemind
