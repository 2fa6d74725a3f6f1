#include "samplemind/credential.h"

namespace samplemind {
namespace {

constexpr double kEarly = 0.8;  // of an access token's life after which it is renewed

class Fixed : public Credential {
 public:
  explicit Fixed(Header header) : header_(std::move(header)) {}
  Header header() override { return header_; }
  bool renew(const Header&) override { return false; }

 private:
  const Header header_;
};

Header bearer(const std::string& token) { return {"authorization", "Bearer " + token}; }

}  // namespace

std::shared_ptr<Credential> nobody() { return std::make_shared<Fixed>(Header{}); }

std::shared_ptr<Credential> api_key(std::string secret) {
  return std::make_shared<Fixed>(Header{"x-api-key", std::move(secret)});
}

std::shared_ptr<Credential> access_token(const std::string& token) { return std::make_shared<Fixed>(bearer(token)); }

bool Tokens::due(Time now) const {
  const std::chrono::duration<double> life = expires_at - obtained_at;
  return life.count() > 0 && now - obtained_at >= kEarly * life;
}

Header Session::header() {
  Lock lock(mutex_);
  if (tokens_.due(std::chrono::system_clock::now())) renew_once(lock);
  return bearer(tokens_.access);
}

bool Session::renew(const Header& refused) {
  Lock lock(mutex_);
  if (refused.value == bearer(tokens_.access).value) renew_once(lock);  // else somebody else has renewed it already
  return true;
}

Tokens Session::tokens() const {
  const Lock lock(mutex_);
  return tokens_;
}

int Session::renewals() const {
  const Lock lock(mutex_);
  return renewals_;
}

/// Joins the renewal under way, or begins one.
void Session::renew_once(Lock& lock) {
  if (!flight_.valid()) return begin_renewal(lock);
  const std::shared_future<void> flight = flight_;
  lock.unlock();
  flight.get();
  lock.lock();
}

void Session::begin_renewal(Lock& lock) {
  std::promise<void> landing;
  flight_ = landing.get_future().share();
  const std::string spent = tokens_.refresh;
  lock.unlock();
  try {
    Tokens fresh = refresh_(spent);
    lock.lock();
    tokens_ = std::move(fresh);
    ++renewals_;
    flight_ = {};
    landing.set_value();
  } catch (...) {
    if (!lock.owns_lock()) lock.lock();
    flight_ = {};
    landing.set_exception(std::current_exception());
    throw;
  }
}

}  // namespace samplemind
