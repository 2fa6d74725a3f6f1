#include "samplemind/analysis.h"

#include "samplemind/request_id.h"

namespace samplemind {
namespace {

std::function<v1::AnalyzeRequest()> always(const std::string& audio_id) {
  v1::AnalyzeRequest request;
  request.set_audio_id(audio_id);
  request.set_request_id(new_request_id());
  return [request] { return request; };
}

}  // namespace

Analysis::Analysis(const Line& line, const std::string& audio_id)
    : stream_(line, &v1::AnalysisService::Stub::Analyze, always(audio_id)) {}

std::optional<v1::AnalyzeResponse> Analysis::next() {
  while (!over_) {
    std::optional<v1::AnalyzeResponse> update = stream_.next();
    if (!update) break;
    over_ = update->has_result();
    if (is_news(*update)) return update;
  }
  return std::nullopt;
}

/// False for a finding that was said before a break.
bool Analysis::is_news(const v1::AnalyzeResponse& update) {
  if (update.has_finding()) {
    if (!found_.emplace(update.finding().name(), update.finding().fingerprint()).second) return false;
    stream_.renew();
  }
  if (update.decoding().fraction() > furthest_) {
    furthest_ = update.decoding().fraction();
    stream_.renew();
  }
  return true;
}

}  // namespace samplemind
