// A daemon that hears live sound, and can be told to behave badly.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "error_details.pb.h"
#include "samplemind/v1/analysis.grpc.pb.h"

/// The sample that a test plays at a frame: whoever hears it knows which one it is.
inline float played(std::int64_t frame, std::size_t channel) {
  return static_cast<float>(frame % (1 << 20)) + static_cast<float>(channel) * 0.5F;
}

/// Hears one stream of 32-bit floats in two channels, as the daemon does; what it heard outlives its server.
class FakeLive final : public samplemind::v1::AnalysisService::Service {
 public:
  struct Heard {
    std::int64_t next_frame = 0, gaps = 0, gap_frames = 0, wrong_samples = 0, streams = 0, resumptions = 0;
    std::int64_t first_frame = -1;  // the number by which what comes first was played
    bool ended = false;
  };

  Heard heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
  }

  /// It knows nothing of what it heard, as after a restart.
  void forget() {
    const std::lock_guard lock(mutex_);
    ++token_;
    const std::int64_t streams = heard_.streams;
    heard_ = Heard();
    heard_.streams = streams;
  }

  std::atomic<bool> deaf{false};             ///< It accepts streams, and reads nothing of them.
  std::atomic<std::int64_t> break_after{0};  ///< It breaks each stream off after so many pieces; 0 for never.

 private:
  using Stream = grpc::ServerReaderWriter<samplemind::v1::AnalyzeLiveResponse, samplemind::v1::AnalyzeLiveRequest>;

  grpc::Status AnalyzeLive(grpc::ServerContext* context, Stream* stream) override {
    samplemind::v1::AnalyzeLiveRequest request;
    stream->Read(&request);
    samplemind::v1::AnalyzeLiveResponse answer;
    if (!begin(request.config().resume_token(), *answer.mutable_started())) return forgotten();
    stream->Write(answer);
    while (deaf && !context->IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    for (std::int64_t pieces = 1; stream->Read(&request); ++pieces) {
      if (request.has_finish()) return end(*stream);
      hear(request.audio(), *stream);
      if (pieces == break_after) return {grpc::StatusCode::UNAVAILABLE, "broken on purpose"};
    }
    return {grpc::StatusCode::CANCELLED, "broken off"};
  }

  bool begin(const std::string& token, samplemind::v1::LiveStarted& started) {
    const std::lock_guard lock(mutex_);
    if (!token.empty() && token != std::to_string(token_)) return false;
    if (token.empty()) ++token_;
    ++(token.empty() ? heard_.streams : heard_.resumptions);
    started.set_resume_token(std::to_string(token_));
    started.set_next_frame(heard_.next_frame);
    return true;
  }

  void hear(const samplemind::v1::LiveAudio& audio, Stream& stream) {
    const std::lock_guard lock(mutex_);
    const auto frames = static_cast<std::int64_t>(audio.data().size() / 8);
    const std::int64_t missing = audio.frame() - heard_.next_frame;
    if (missing > 0) {
      ++heard_.gaps;
      heard_.gap_frames += missing;
      samplemind::v1::AnalyzeLiveResponse answer;
      answer.mutable_gap()->set_frame(heard_.next_frame);
      answer.mutable_gap()->set_frames(missing);
      stream.Write(answer);
    }
    float first;
    std::memcpy(&first, audio.data().data(), sizeof first);
    if (heard_.first_frame < 0) heard_.first_frame = static_cast<std::int64_t>(first) - audio.frame();
    for (std::int64_t i = 0; i < frames * 2; ++i) {
      float sample;
      std::memcpy(&sample, audio.data().data() + i * 4, sizeof sample);
      heard_.wrong_samples += sample != played(heard_.first_frame + audio.frame() + i / 2, i % 2);
    }
    heard_.next_frame = std::max(heard_.next_frame, audio.frame() + frames);
    samplemind::v1::AnalyzeLiveResponse answer;
    answer.mutable_progress()->set_received_frames(heard_.next_frame);
    stream.Write(answer);
  }

  grpc::Status end(Stream& stream) {
    samplemind::v1::AnalyzeLiveResponse answer;
    answer.mutable_final()->set_name("tempo.bpm");
    answer.mutable_final()->mutable_value()->set_number(124);
    stream.Write(answer);
    answer.mutable_end();
    stream.Write(answer);
    const std::lock_guard lock(mutex_);
    heard_.ended = true;
    return grpc::Status::OK;
  }

  static grpc::Status forgotten() {
    samplemind::details::ErrorInfo info;
    info.set_reason("STREAM_NOT_FOUND");
    samplemind::details::Status status;
    auto& packed = *status.add_details();
    packed.set_type_url("type.googleapis.com/google.rpc.ErrorInfo");
    packed.set_value(info.SerializeAsString());
    return {grpc::StatusCode::NOT_FOUND, "There is no such stream.", status.SerializeAsString()};
  }

  mutable std::mutex mutex_;
  Heard heard_;
  int token_ = 0;
};

/// A server of services on a port of its own, which it keeps when it starts again.
class FakeServer {
 public:
  explicit FakeServer(std::vector<grpc::Service*> services) : services_(std::move(services)) { start(); }
  ~FakeServer() { stop(); }

  void start() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port_), grpc::InsecureServerCredentials(), &port_);
    for (grpc::Service* service : services_) builder.RegisterService(service);
    server_ = builder.BuildAndStart();
  }

  /// Cuts all lines.
  void stop() {
    if (server_) server_->Shutdown(std::chrono::system_clock::now());
    if (server_) server_->Wait();
    server_.reset();
  }

  bool is_up() const { return server_ != nullptr; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  std::vector<grpc::Service*> services_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};
