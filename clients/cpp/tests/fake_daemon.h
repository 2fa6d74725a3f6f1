// A daemon that takes one file and says who calls, and breaks off as it is told.
#pragma once

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "samplemind/v1/audio.grpc.pb.h"
#include "samplemind/v1/auth.grpc.pb.h"
#include "samplemind/v1/event.grpc.pb.h"

namespace v1 = samplemind::v1;

inline grpc::Status broken() { return {grpc::StatusCode::UNAVAILABLE, "broken on purpose"}; }

/// Takes an upload; its first CreateUpload, its first stream and its first FinishUpload break off.
class FakeAudio final : public v1::AudioService::Service {
 public:
  std::vector<std::string> create_ids, finish_ids;  // request ids as they came
  std::vector<std::int64_t> offsets;                // of the first piece of each stream
  std::string bytes, sha256;

 private:
  grpc::Status CreateUpload(grpc::ServerContext*, const v1::CreateUploadRequest* request,
                            v1::CreateUploadResponse* answer) override {
    create_ids.push_back(request->request_id());
    sha256 = request->sha256();
    if (create_ids.size() == 1) return broken();
    answer->mutable_upload()->set_id("upload");
    answer->mutable_upload()->set_size_bytes(request->size_bytes());
    return grpc::Status::OK;
  }

  grpc::Status UploadChunks(grpc::ServerContext*, grpc::ServerReader<v1::UploadChunksRequest>* reader,
                            v1::UploadChunksResponse* answer) override {
    v1::UploadChunksRequest piece;
    for (int pieces = 0; reader->Read(&piece); ++pieces) {
      if (pieces == 0) offsets.push_back(piece.offset());
      if (pieces == 3 && offsets.size() == 1) return broken();
      if (piece.offset() != static_cast<std::int64_t>(bytes.size())) return {grpc::StatusCode::OUT_OF_RANGE, "offset"};
      bytes += piece.data();
    }
    answer->mutable_upload()->set_committed_bytes(static_cast<std::int64_t>(bytes.size()));
    return grpc::Status::OK;
  }

  grpc::Status GetUpload(grpc::ServerContext*, const v1::GetUploadRequest*, v1::GetUploadResponse* answer) override {
    answer->mutable_upload()->set_committed_bytes(static_cast<std::int64_t>(bytes.size()));
    return grpc::Status::OK;
  }

  grpc::Status FinishUpload(grpc::ServerContext*, const v1::FinishUploadRequest* request,
                            v1::FinishUploadResponse* answer) override {
    finish_ids.push_back(request->request_id());
    if (finish_ids.size() == 1) return broken();
    answer->mutable_audio()->set_id("sound");
    return grpc::Status::OK;
  }
};

/// Knows one token, "Bearer good".
class FakeAuth final : public v1::AuthService::Service {
 public:
  int calls = 0;

 private:
  grpc::Status GetMe(grpc::ServerContext* context, const v1::GetMeRequest*, v1::GetMeResponse* answer) override {
    ++calls;
    const auto shown = context->client_metadata().find("authorization");
    if (shown == context->client_metadata().end() || shown->second != "Bearer good") {
      return {grpc::StatusCode::UNAUTHENTICATED, "Who is that?"};
    }
    answer->mutable_user()->set_email("ada@example.org");
    return grpc::Status::OK;
  }
};

/// Has six events, and breaks off after each two.
class FakeEvents final : public v1::EventService::Service {
 public:
  std::vector<std::string> cursors;  // that it was asked from

 private:
  grpc::Status Subscribe(grpc::ServerContext* context, const v1::SubscribeRequest* request,
                         grpc::ServerWriter<v1::SubscribeResponse>* writer) override {
    cursors.push_back(request->cursor());
    const int first = std::stoi(request->cursor()) + 1;
    for (int number = first; number < first + 2 && number <= 6; ++number) {
      v1::SubscribeResponse message;
      message.set_cursor(std::to_string(number));
      message.mutable_event()->set_cursor(message.cursor());
      writer->Write(message);
    }
    while (first > 6 && !context->IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return broken();
  }
};
