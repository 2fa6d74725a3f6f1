// What is hard to see from outside: that something is done once, and goes on from where it was.

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <vector>

#include "check.h"
#include "fake_daemon.h"
#include "fake_live.h"
#include "samplemind/client.h"

using samplemind::Client;
using samplemind::Session;
using samplemind::Tokens;
using Clock = std::chrono::system_clock;

namespace {

const samplemind::Delays kQuick(5, 0.02);  // seconds

Tokens tokens(const std::string& access, Clock::duration age, Clock::duration life) {
  const Clock::time_point obtained = Clock::now() - age;
  return {access, "refresh", obtained, obtained + life};
}

Tokens spent_tokens() { return tokens("old", std::chrono::minutes(9), std::chrono::minutes(10)); }
Tokens fresh_tokens() { return tokens("good", std::chrono::minutes(0), std::chrono::minutes(10)); }

template <class Deed>
samplemind::Error error_of(Deed deed) {
  try {
    deed();
  } catch (const samplemind::Error& error) {
    return error;
  }
  return samplemind::Error("OK", "OK", "no error");
}

void tokens_are_due_at_four_fifths_of_their_life() {
  const Tokens tokens = fresh_tokens();
  CHECK(!tokens.due(tokens.obtained_at + std::chrono::seconds(479)));
  CHECK(tokens.due(tokens.obtained_at + std::chrono::seconds(481)));
  const Tokens odd = ::tokens("odd", Clock::duration(0), std::chrono::minutes(-1));
  CHECK(!odd.due(Clock::now() + std::chrono::hours(1)));  // a clock is wrong: the daemon's refusal tells
}

void many_threads_share_one_renewal() {
  std::atomic<int> renewals{0};
  Session session(spent_tokens(), [&](const std::string& refresh) {
    CHECK(refresh == "refresh");
    ++renewals;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return fresh_tokens();
  });
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) threads.emplace_back([&] { CHECK(session.header().value == "Bearer good"); });
  for (auto& thread : threads) thread.join();
  CHECK(renewals == 1 && session.renewals() == 1);
}

void a_renewal_that_fails_fails_for_all_that_wait_and_is_tried_by_the_next() {
  std::atomic<int> tried{0}, failed{0};
  Session session(spent_tokens(), [&](const std::string&) -> Tokens {
    if (++tried > 1) return fresh_tokens();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    throw samplemind::CannotReach("not there");
  });
  const auto ask = [&] { failed += error_of([&] { session.header(); }).reason == "CANNOT_REACH"; };
  std::thread first(ask);
  CHECK_SOON(tried == 1);
  std::thread second(ask);
  first.join();
  second.join();
  CHECK(failed >= 1 && tried <= 2);
  CHECK(session.header().value == "Bearer good");
  CHECK(tried == 2);
}

void a_call_that_is_refused_renews_the_session_and_is_made_again() {
  FakeAuth auth;
  FakeServer server({&auth});
  const auto session = std::make_shared<Session>(tokens("old", {}, std::chrono::minutes(10)),
                                                 [](const std::string&) { return fresh_tokens(); });
  CHECK(Client(server.address(), session).me().user().email() == "ada@example.org");
  CHECK(auth.calls == 2 && session->renewals() == 1);
  const Client stranger(server.address(), samplemind::api_key("sm_wrong"));
  CHECK(error_of([&] { stranger.me(); }).code == "UNAUTHENTICATED");
  CHECK(auth.calls == 3);
}

void a_file_is_sent_again_from_what_is_committed_and_under_the_same_request_id() {
  const auto path = std::filesystem::temp_directory_path() / ("samplemind-" + std::to_string(getpid()) + ".wav");
  std::string bytes(700'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7 >> 4);
  std::ofstream(path, std::ios::binary) << bytes;
  FakeAudio audio;
  FakeServer server({&audio});
  const auto sent = Client(server.address(), samplemind::nobody(), kQuick).upload(path);
  std::filesystem::remove(path);
  server.stop();  // from here on nobody writes down what came

  CHECK(sent.audio.id() == "sound");
  CHECK(audio.bytes == bytes);
  CHECK(audio.offsets.size() == 2 && audio.offsets[0] == 0 && audio.offsets[1] == 3 * 65'536);
  CHECK(audio.create_ids.size() == 2 && audio.create_ids[0] == audio.create_ids[1]);
  CHECK(audio.finish_ids.size() == 2 && audio.finish_ids[0] == audio.finish_ids[1]);
  CHECK(audio.create_ids[0].size() == 36 && audio.create_ids[0] != audio.finish_ids[0]);
  CHECK(audio.sha256.size() == 64);
}

void events_go_on_after_the_last_one_seen() {
  FakeEvents source;
  FakeServer server({&source});
  auto events = Client(server.address(), samplemind::nobody(), kQuick).events("0");
  for (int number = 1; number <= 6; ++number) CHECK(events.next()->cursor() == std::to_string(number));
  CHECK(events.cursor() == "6");
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    events.cancel();
  });
  CHECK(!events.next());
  other.join();
  server.stop();
  CHECK((std::vector<std::string>(source.cursors.begin(), source.cursors.begin() + 3) ==
         std::vector<std::string>{"0", "2", "4"}));
}

/// So many pieces of 256 frames, as fast as they are taken.
class Pieces : public samplemind::LiveSource {
 public:
  explicit Pieces(std::int64_t count) : left_(count) {}

  Answer read(samplemind::LivePiece& piece) override {
    if (left_-- == 0) return Answer::kOver;
    piece.frame = next_;
    piece.frames = 256;
    for (std::int64_t i = 0; i < 512; ++i) {
      const float sample = played(next_ + i / 2, static_cast<std::size_t>(i % 2));
      piece.data.append(reinterpret_cast<const char*>(&sample), sizeof sample);
    }
    next_ += 256;
    return Answer::kPiece;
  }

 private:
  std::int64_t left_, next_ = 0;
};

void live_sound_goes_on_from_the_frame_that_the_daemon_names() {
  FakeLive live;
  live.break_after = 7;
  FakeServer server({&live});
  Pieces pieces(40);
  v1::LiveConfig config;
  config.set_format(v1::SAMPLE_FORMAT_F32LE);
  config.set_sample_rate_hz(48'000);
  config.set_channels(2);
  int finals = 0;
  CHECK(Client(server.address(), samplemind::nobody(), kQuick).play(config, pieces).run([&](const auto& update) {
    finals += update.has_final();
  }));
  const FakeLive::Heard heard = live.heard();
  CHECK(heard.ended && heard.streams == 1 && heard.resumptions == 5);
  CHECK(heard.next_frame == 40 * 256 && heard.gaps == 0 && heard.wrong_samples == 0);
  CHECK(finals == 1);
}

void what_is_not_there_cannot_be_reached() {
  const Client client("127.0.0.1:1", samplemind::nobody(), {0.01, 0.01});
  const auto error = error_of([&] { client.me(); });
  CHECK(error.code == "UNAVAILABLE" && error.reason == "CANNOT_REACH");
}

void details_of_an_error_are_read() {
  samplemind::details::Status status;
  const auto pack = [&](const std::string& name, const auto& part) {
    auto& packed = *status.add_details();
    packed.set_type_url("type.googleapis.com/google.rpc." + name);
    packed.set_value(part.SerializeAsString());
  };
  samplemind::details::ErrorInfo info;
  info.set_reason("RATE_LIMITED");
  (*info.mutable_metadata())["limit"] = "60";
  pack("ErrorInfo", info);
  samplemind::details::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(2);
  retry.mutable_retry_delay()->set_nanos(500'000'000);
  pack("RetryInfo", retry);
  samplemind::details::BadRequest wrong;
  wrong.add_field_violations()->set_field("page_size");
  pack("BadRequest", wrong);
  const grpc::Status refused(grpc::StatusCode::RESOURCE_EXHAUSTED, "Slow.", status.SerializeAsString());
  const auto error = samplemind::read_error(refused);
  CHECK(error.code == "RESOURCE_EXHAUSTED" && error.reason == "RATE_LIMITED" && error.retry_seconds == 2.5);
  CHECK(error.facts.at("limit") == "60" && error.fields.count("page_size") == 1);
  const auto plain = samplemind::read_error({grpc::StatusCode::INTERNAL, "", "no details \xff"});
  CHECK(plain.reason == "INTERNAL" && std::string(plain.what()) == "The daemon answered INTERNAL.");
}

}  // namespace

int main() {
  RUN(tokens_are_due_at_four_fifths_of_their_life);
  RUN(many_threads_share_one_renewal);
  RUN(a_renewal_that_fails_fails_for_all_that_wait_and_is_tried_by_the_next);
  RUN(a_call_that_is_refused_renews_the_session_and_is_made_again);
  RUN(a_file_is_sent_again_from_what_is_committed_and_under_the_same_request_id);
  RUN(events_go_on_after_the_last_one_seen);
  RUN(live_sound_goes_on_from_the_frame_that_the_daemon_names);
  RUN(what_is_not_there_cannot_be_reached);
  RUN(details_of_an_error_are_read);
}
