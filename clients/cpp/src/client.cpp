#include "samplemind/client.h"

namespace samplemind {

Client::Client(const Server& server, std::shared_ptr<Credential> credential, Delays delays)
    : line_(server, std::move(credential), std::move(delays)) {}

v1::GetMeResponse Client::me() const { return line_.call(&v1::AuthService::Stub::GetMe, v1::GetMeRequest()); }

void Client::log_out(bool everywhere) const {
  v1::LogoutRequest request;
  request.set_everywhere(everywhere);
  line_.call(&v1::AuthService::Stub::Logout, request);
}

Uploaded Client::upload(const std::filesystem::path& file, const Progress& progress) const {
  return samplemind::upload(line_, file, progress);
}

Analysis Client::analyze(const std::string& audio_id) const { return Analysis(line_, audio_id); }

v1::Analysis Client::analysis(const std::string& audio_id) const {
  v1::GetAnalysisRequest request;
  request.set_audio_id(audio_id);
  return line_.call(&v1::AnalysisService::Stub::GetAnalysis, request).analysis();
}

v1::Audio Client::get(const std::string& audio_id) const {
  v1::AudioServiceGetRequest request;
  request.set_audio_id(audio_id);
  return line_.call(&v1::AudioService::Stub::Get, request).audio();
}

Pages<v1::AudioServiceListResponse> Client::list(v1::AudioServiceListRequest request) const {
  return Pages<v1::AudioServiceListResponse>([line = line_, request = std::move(request)](const auto& token) mutable {
    request.set_page_token(token);
    return line.call(&v1::AudioService::Stub::List, request);
  });
}

Pages<v1::QueryResponse> Client::search(v1::QueryRequest request) const {
  return Pages<v1::QueryResponse>([line = line_, request = std::move(request)](const auto& token) mutable {
    request.set_page_token(token);
    return line.call(&v1::LibraryService::Stub::Query, request);
  });
}

Events Client::events(const std::string& cursor, const std::vector<std::string>& kinds) const {
  return Events(line_, cursor, kinds);
}

Live Client::play(v1::LiveConfig config, LiveSource& source) const { return Live(line_, std::move(config), source); }

}  // namespace samplemind
