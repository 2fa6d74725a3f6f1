// Having sounds analysed.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "samplemind/stream.h"
#include "samplemind/v1/analysis.grpc.pb.h"

namespace samplemind {

/// What happens to a sound until it is done; asked again after a break, and each finding said once.
class Analysis {
 public:
  Analysis(const Line& line, const std::string& audio_id);

  /// What happens next: queued, decoding, a descriptor, and last the result; then nothing. Throws Error.
  std::optional<v1::AnalyzeResponse> next();

  /// Has next() give nothing any more; the analysis goes on. For any thread.
  void cancel() { stream_.cancel(); }

 private:
  bool is_news(const v1::AnalyzeResponse& update);

  Stream<v1::AnalyzeResponse> stream_;
  std::set<std::pair<std::string, std::string>> found_;  // names with fingerprints
  double furthest_ = 0;
  bool over_ = false;
};

}  // namespace samplemind
