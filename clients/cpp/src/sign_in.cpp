#include "samplemind/sign_in.h"

#include "samplemind/v1/auth.grpc.pb.h"

namespace samplemind {
namespace {

Tokens read_tokens(const v1::Tokens& message) {
  const auto since_1970 = std::chrono::seconds(message.access_expires_at().seconds()) +
                          std::chrono::nanoseconds(message.access_expires_at().nanos());
  Tokens tokens;
  tokens.access = message.access_token();
  tokens.refresh = message.refresh_token();
  tokens.obtained_at = std::chrono::system_clock::now();
  tokens.expires_at = Tokens::Time(std::chrono::duration_cast<Tokens::Time::duration>(since_1970));
  return tokens;
}

std::shared_ptr<Session> log_in(const Server& server, const v1::LoginRequest& request) {
  const Line line(server);
  const auto answer = line.call(&v1::AuthService::Stub::Login, request);
  return std::make_shared<Session>(read_tokens(answer.tokens()), [line](const std::string& refresh_token) {
    v1::RefreshRequest refresh;
    refresh.set_refresh_token(refresh_token);
    return read_tokens(line.call(&v1::AuthService::Stub::Refresh, refresh).tokens());
  });
}

}  // namespace

std::shared_ptr<Session> sign_in(const Server& server, const std::string& email, const std::string& password) {
  v1::LoginRequest request;
  request.mutable_password()->set_email(email);
  request.mutable_password()->set_password(password);
  return log_in(server, request);
}

std::shared_ptr<Session> sign_in_by_code(const Server& server, const std::string& code) {
  v1::LoginRequest request;
  request.set_one_time_code(code);
  return log_in(server, request);
}

}  // namespace samplemind
