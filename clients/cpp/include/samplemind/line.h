// One connection to a daemon.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>

#include "samplemind/credential.h"
#include "samplemind/error.h"
#include "samplemind/server.h"
#include "samplemind/tries.h"

namespace samplemind {

/// A way to call a daemon: signed, tried again after breaks, refused with an Error. Cheap to copy; for all threads.
class Line {
 public:
  static constexpr std::chrono::seconds kDeadline{30};  ///< That a call may take, each try anew.

  explicit Line(const Server& server, std::shared_ptr<Credential> credential = nobody(),
                Delays delays = usual_delays());

  /// The answer to a request, which is sent again unchanged after a break. Any method of a stub will do:
  /// `line.call(&v1::StatusService::Stub::GetStatus, v1::GetStatusRequest())`.
  template <class Stub, class Request, class Answer>
  Answer call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Answer*), const Request& request,
              std::chrono::seconds deadline = kDeadline) const {
    Stub stub(channel_);
    Tries tries = this->tries();
    while (true) {
      Answer answer;
      grpc::ClientContext context;
      sign(context, tries);
      context.set_deadline(std::chrono::system_clock::now() + deadline);
      const grpc::Status status = (stub.*method)(&context, request, &answer);
      if (status.ok()) return answer;
      recover(read_error(status), tries);
    }
  }

  /// Returns when it can be tried again; throws the error where that will not help.
  void recover(const Error& error, Tries& tries) const;

  /// Shows the credential with a call.
  void sign(grpc::ClientContext& context, Tries& tries) const;

  /// Fresh tries for one request, whose pauses `stop` ends.
  Tries tries(std::shared_ptr<Stop> stop = std::make_shared<Stop>()) const {
    return Tries(delays_, std::move(stop), channel_);
  }

  /// The same way, whose requests are tried again after these delays.
  Line with(Delays delays) const {
    Line other = *this;
    other.delays_ = std::move(delays);
    return other;
  }

  /// What is below, for stubs.
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

 private:
  std::string address_;
  std::shared_ptr<grpc::Channel> channel_;
  std::shared_ptr<Credential> credential_;
  Delays delays_;
};

}  // namespace samplemind
