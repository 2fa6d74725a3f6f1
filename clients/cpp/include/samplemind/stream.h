// Messages that go on after a break.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "samplemind/line.h"

namespace samplemind {

/// The messages that answer a request; after a break they go on with what `request` makes then. One thread reads,
/// any may cancel.
template <class Answer>
class Stream {
 public:
  template <class Stub, class Request>
  Stream(Line line, std::unique_ptr<grpc::ClientReader<Answer>> (Stub::*method)(grpc::ClientContext*, const Request&),
         std::function<Request()> request)
      : line_(std::move(line)), stop_(std::make_shared<Stop>()), tries_(line_.tries(stop_)) {
    open_ = [channel = line_.channel(), method, request = std::move(request)](grpc::ClientContext* context) {
      Stub stub(channel);
      return (stub.*method)(context, request());
    };
  }

  Stream(Stream&&) = default;
  Stream& operator=(Stream&&) = delete;

  ~Stream() {
    if (!stop_) return;  // moved from
    cancel();
    close();
  }

  /// The next message, which is waited for; nothing once it was cancelled. A stream that ends has broken. Throws Error.
  std::optional<Answer> next() {
    while (!stop_->stopped()) {
      if (!reader_) open();
      Answer answer;
      if (reader_->Read(&answer)) return answer;
      const grpc::Status status = close();
      if (stop_->stopped()) break;
      recover(status.ok() ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "The stream ended.") : status);
    }
    return std::nullopt;
  }

  /// There was progress: a break from now on has all its tries.
  void renew() { tries_.renew(); }

  /// Ends it; whoever waits in next() gets nothing.
  void cancel() { stop_->stop(); }

 private:
  void open() {
    context_ = std::make_unique<grpc::ClientContext>();
    line_.sign(*context_, tries_);
    stop_->attach(*context_);
    reader_ = open_(context_.get());
  }

  grpc::Status close() {
    if (!reader_) return grpc::Status::OK;
    Answer left;
    while (reader_->Read(&left)) continue;  // gRPC wants it empty before its end; only after cancel() is there some
    const grpc::Status status = reader_->Finish();
    stop_->detach();
    reader_.reset();
    return status;
  }

  void recover(const grpc::Status& status) {
    try {
      line_.recover(read_error(status), tries_);
    } catch (const Error&) {
      if (!stop_->stopped()) throw;
    }
  }

  Line line_;
  std::shared_ptr<Stop> stop_;
  Tries tries_;
  std::function<std::unique_ptr<grpc::ClientReader<Answer>>(grpc::ClientContext*)> open_;
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<grpc::ClientReader<Answer>> reader_;
};

}  // namespace samplemind
