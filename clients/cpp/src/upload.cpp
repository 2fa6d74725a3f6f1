#include "samplemind/upload.h"

#include <algorithm>
#include <set>

#include "samplemind/request_id.h"
#include "samplemind/v1/audio.grpc.pb.h"
#include "source.h"

namespace samplemind {
namespace {

constexpr std::int64_t kPiece = 64 * 1024;           // bytes in a message
constexpr std::int64_t kStretch = 16 * 1024 * 1024;  // bytes in one stream: after each the daemon says how far it is
constexpr std::chrono::seconds kStretchDeadline{300};
constexpr std::chrono::seconds kFinishDeadline{120};  // the daemon hashes and syncs the whole file

bool is_unclear(const Error& error) {  // why a stream ended: ask where the upload stands, and go on from there
  static const std::set<std::string> kUnclear = {
      "WRONG_OFFSET",  // our last stream was not over yet, there
      "STILL_SENDING",
      "DEADLINE_EXCEEDED",  // a slow line
      "INTERNAL",           // what gRPC says if the stream was ended, for whatever reason, while we wrote to it
  };
  return kUnclear.count(error.reason) != 0;
}

/// One upload on its way.
class Sending {
 public:
  Sending(const Line& line, Source& source, const Progress& progress)
      : line_(line), source_(source), progress_(progress), tries_(line.tries()) {}

  /// Sends from what is committed to the end; after a break, from what is committed then.
  void send(const v1::Upload& upload) {
    id_ = upload.id();
    std::int64_t committed = upload.committed_bytes();
    report(committed);
    while (committed < source_.size) {
      const std::int64_t reached = send_stretch(committed);
      if (reached > committed) tries_.renew();
      committed = reached;
    }
  }

  std::int64_t sent_bytes = 0;

 private:
  /// The bytes that are committed after one stream.
  std::int64_t send_stretch(std::int64_t from) {
    grpc::ClientContext context;
    line_.sign(context, tries_);
    context.set_deadline(std::chrono::system_clock::now() + kStretchDeadline);
    v1::AudioService::Stub stub(line_.channel());
    v1::UploadChunksResponse answer;
    const auto writer = stub.UploadChunks(&context, &answer);
    const bool whole = write(*writer, from);
    whole ? void(writer->WritesDone()) : context.TryCancel();
    const grpc::Status status = writer->Finish();
    if (!whole) throw Error("FAILED_PRECONDITION", "FILE_CHANGED", source_.name + " became shorter while it was sent.");
    return status.ok() ? answer.upload().committed_bytes() : recover(read_error(status));
  }

  /// Writes a stretch, or until the stream breaks; false where the file has become shorter.
  bool write(grpc::ClientWriter<v1::UploadChunksRequest>& writer, std::int64_t offset) {
    const std::int64_t end = std::min(offset + kStretch, source_.size);
    v1::UploadChunksRequest piece;
    piece.set_upload_id(id_);
    while (offset < end) {
      piece.set_offset(offset);
      piece.set_data(source_.read(offset, std::min(kPiece, end - offset)));
      if (piece.data().empty()) return false;
      if (!writer.Write(piece)) return true;
      const auto length = static_cast<std::int64_t>(piece.data().size());
      offset += length;
      sent_bytes += length;
      report(offset);
    }
    return true;
  }

  /// What is committed, once it can be gone on with.
  std::int64_t recover(const Error& error) {
    if (!is_unclear(error)) {
      line_.recover(error, tries_);
    } else if (!tries_.wait()) {
      throw error;
    }
    v1::GetUploadRequest ask;
    ask.set_upload_id(id_);
    return line_.call(&v1::AudioService::Stub::GetUpload, ask).upload().committed_bytes();
  }

  void report(std::int64_t done) const {
    if (progress_) progress_(done, source_.size);
  }

  const Line& line_;
  Source& source_;
  const Progress& progress_;
  Tries tries_;
  std::string id_;
};

}  // namespace

Uploaded upload(const Line& line, const std::filesystem::path& file, const Progress& progress,
                const std::string& name) {
  Source source(file);
  v1::CreateUploadRequest create;
  create.set_request_id(new_request_id());
  create.set_name(name.empty() ? source.name : name);
  create.set_size_bytes(source.size);
  create.set_sha256(source.sha256);
  const auto opened = line.call(&v1::AudioService::Stub::CreateUpload, create);
  if (opened.has_audio()) {
    if (progress) progress(source.size, source.size);
    return {opened.audio(), 0};
  }
  Sending sending(line, source, progress);
  sending.send(opened.upload());
  v1::FinishUploadRequest finish;
  finish.set_request_id(new_request_id());
  finish.set_upload_id(opened.upload().id());
  const auto done = line.call(&v1::AudioService::Stub::FinishUpload, finish, kFinishDeadline);
  return {done.audio(), sending.sent_bytes};
}

}  // namespace samplemind
