// A daemon, and all that is asked of it here.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "samplemind/analysis.h"
#include "samplemind/events.h"
#include "samplemind/line.h"
#include "samplemind/live.h"
#include "samplemind/pages.h"
#include "samplemind/sign_in.h"
#include "samplemind/upload.h"
#include "samplemind/v1/audio.grpc.pb.h"
#include "samplemind/v1/auth.grpc.pb.h"
#include "samplemind/v1/library.grpc.pb.h"

namespace samplemind {

/// Asks a daemon. Calls wait up to 30 s a try, go on after breaks, and throw Error where the daemon refuses and
/// CannotReach where it does not answer. For all threads. What it hands out may outlive it.
class Client {
 public:
  /// `credential` is an api_key(...) or what sign_in(...) answers.
  Client(const Server& server, std::shared_ptr<Credential> credential, Delays delays = usual_delays());

  /// Who is calling, and with what scope.
  v1::GetMeResponse me() const;

  /// Ends the session, or all sessions of the user.
  void log_out(bool everywhere = false) const;

  /// The sound that a file's bytes are now, or were already; std::system_error where it cannot be read.
  Uploaded upload(const std::filesystem::path& file, const Progress& progress = {}) const;

  /// What happens to a sound until it is analysed.
  Analysis analyze(const std::string& audio_id) const;

  /// All that is known of a sound.
  v1::Analysis analysis(const std::string& audio_id) const;

  /// A sound.
  v1::Audio get(const std::string& audio_id) const;

  /// The caller's sounds; `request` says which, in what order and how many a page.
  Pages<v1::AudioServiceListResponse> list(v1::AudioServiceListRequest request = {}) const;

  /// The sounds that match.
  Pages<v1::QueryResponse> search(v1::QueryRequest request) const;

  /// The events after a cursor, then those that happen; "" for those from now on, "0" for all that are kept.
  Events events(const std::string& cursor = "", const std::vector<std::string>& kinds = {}) const;

  /// A stream of live sound, to be run().
  Live play(v1::LiveConfig config, LiveSource& source) const;

  /// For every other call: `client.line().call(&v1::StatusService::Stub::GetStatus, v1::GetStatusRequest())`.
  const Line& line() const { return line_; }

 private:
  Line line_;
};

}  // namespace samplemind
