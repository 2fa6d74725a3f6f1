// How a caller shows who it is.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>

namespace samplemind {

/// What is sent along with a call; nothing where the name is empty.
struct Header {
  std::string name;
  std::string value;
};

/// Something to show with each call. For all threads.
class Credential {
 public:
  virtual ~Credential() = default;

  /// What to send along. Throws Error where a session cannot be renewed.
  virtual Header header() = 0;

  /// Replaces what the daemon refused; false where there is nothing to replace it with.
  virtual bool renew(const Header& refused) = 0;
};

/// No credential: enough for signing in.
std::shared_ptr<Credential> nobody();

/// An API key, "sm_...".
std::shared_ptr<Credential> api_key(std::string secret);

/// An access token that is not renewed.
std::shared_ptr<Credential> access_token(const std::string& token);

/// The tokens of a session.
struct Tokens {
  using Time = std::chrono::system_clock::time_point;

  std::string access;
  std::string refresh;  ///< Good for one new pair.
  Time obtained_at;     ///< By this machine's clock.
  Time expires_at;      ///< When the access token ends, by the daemon's clock.

  /// Whether four fifths of the access token's life are over. Never where it seems to have ended before it was
  /// obtained: then one of the clocks is wrong, and only the daemon's refusal tells.
  bool due(Time now) const;
};

/// Tokens that are renewed in time, by one request for all threads that need it at once.
class Session : public Credential {
 public:
  using Refresh = std::function<Tokens(const std::string& refresh_token)>;

  Session(Tokens tokens, Refresh refresh) : refresh_(std::move(refresh)), tokens_(std::move(tokens)) {}

  Header header() override;
  bool renew(const Header& refused) override;

  /// The tokens as they are now.
  Tokens tokens() const;

  /// How often they were renewed.
  int renewals() const;

 private:
  using Lock = std::unique_lock<std::mutex>;

  void renew_once(Lock& lock);
  void begin_renewal(Lock& lock);

  const Refresh refresh_;
  mutable std::mutex mutex_;
  Tokens tokens_;
  int renewals_ = 0;
  std::shared_future<void> flight_;  // the renewal under way, if there is one
};

}  // namespace samplemind
