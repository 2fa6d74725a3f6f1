// Everything that a client does, once, with a JSON object a line to show for it. docs/languages.md says what they mean.
//
//   tour SERVER EMAIL PASSWORD FILE.wav

#include <algorithm>
#include <cctype>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <string>
#include <thread>

#include "json.h"
#include "samplemind/client.h"
#include "wav.h"

using samplemind::Client;
using samplemind::Error;
namespace v1 = samplemind::v1;

namespace {

constexpr std::size_t kPieceFrames = 1024;

Object step(const std::string& name) { return Object().add("step", name); }

/// The error that something must end with.
template <class Deed>
Error refusal_of(Deed deed) {
  try {
    deed();
  } catch (const Error& error) {
    return error;
  }
  throw std::runtime_error("The daemon did not refuse what it should.");
}

Object refused(const std::string& name, const Error& error) {
  return step(name).add("code", error.code).add("reason", error.reason);
}

const v1::Descriptor& find(const v1::Analysis& analysis, const std::string& name) {
  for (const auto& descriptor : analysis.descriptors()) {
    if (descriptor.name() == name) return descriptor;
  }
  throw std::runtime_error("Nothing is known of " + name + ".");
}

std::string name_of(v1::AnalyzeResponse::UpdateCase update) {
  switch (update) {
    case v1::AnalyzeResponse::kQueued: return "queued";
    case v1::AnalyzeResponse::kDecoding: return "decoding";
    case v1::AnalyzeResponse::kFinding: return "finding";
    case v1::AnalyzeResponse::kResult: return "result";
    default: return "unknown";
  }
}

v1::Audio send(const Client& client, const std::string& file) {
  const auto [audio, sent_bytes] = client.upload(file);
  step("upload")
      .add("id", audio.id())
      .add("name", audio.name())
      .add("size_bytes", audio.size_bytes())
      .add("sha256", audio.sha256())
      .add("sent_bytes", sent_bytes)
      .print();
  const auto again = client.upload(file);
  step("again").add("id", again.audio.id()).add("sent_bytes", again.sent_bytes).print();
  return audio;
}

/// Follows the analysis; the beats a minute.
double analyze(const Client& client, const std::string& audio_id) {
  std::vector<std::string> updates;
  v1::Analysis result;
  auto analysis = client.analyze(audio_id);
  while (const auto update = analysis.next()) {
    const std::string kind = name_of(update->update_case());
    if (std::find(updates.begin(), updates.end(), kind) == updates.end()) updates.push_back(kind);
    if (update->has_result()) result = update->result();
  }
  const v1::Descriptor& tempo = find(result, "tempo.bpm");
  step("analyze")
      .add("updates", updates)
      .add("state", v1::AudioState_Name(result.audio().state()))
      .add("bpm", tempo.value().number())
      .add("unit", tempo.unit())
      .add("confidence", tempo.confidence())
      .add("key", find(result, "key.key").value().text())
      .print();
  return tempo.value().number();
}

void follow(const Client& client, const std::string& audio_id) {
  std::vector<std::string> kinds;
  auto events = client.events("0");
  while (const auto event = events.next()) {
    if (event->audio_id() != audio_id) continue;
    kinds.push_back(event->kind());
    if (event->kind() == "audio.completed") break;
  }
  step("events").add("kinds", kinds).add("cursor", events.cursor()).print();
}

void list(const Client& client) {
  std::vector<std::string> ids;
  int count = 0;
  v1::AudioServiceListRequest request;
  request.set_page_size(1);
  auto pages = client.list(request);
  while (const auto page = pages.next()) {
    ++count;
    for (const auto& audio : page->audios()) ids.push_back(audio.id());
  }
  step("list").add("ids", ids).add("pages", count).print();
}

std::string first_word(const std::string& name) {
  const auto is_letter = [](unsigned char letter) { return std::isalnum(letter) != 0 || letter >= 0x80; };
  const auto begin = std::find_if(name.begin(), name.end(), is_letter);
  return std::string(begin, std::find_if_not(begin, name.end(), is_letter));
}

void search(const Client& client, const std::string& name, double bpm) {
  v1::QueryRequest request;
  request.mutable_query()->set_text(first_word(name));
  request.mutable_query()->mutable_bpm()->set_low(bpm - 1);
  request.mutable_query()->mutable_bpm()->set_high(bpm + 1);
  std::vector<std::string> ids;
  std::int64_t total = 0;
  auto pages = client.search(request);
  while (const auto page = pages.next()) {
    total = page->total();
    for (const auto& found : page->found()) ids.push_back(found.audio().id());
  }
  step("search").add("ids", ids).add("total", total).print();
}

/// A file, played as fast as it is taken.
class FileSource : public samplemind::LiveSource {
 public:
  explicit FileSource(const Wav& wav) : wav_(wav) {}

  Answer read(samplemind::LivePiece& piece) override {
    const std::size_t count = std::min(kPieceFrames, wav_.frames() - next_);
    if (count == 0) return Answer::kOver;
    piece.frame = static_cast<std::int64_t>(next_);
    piece.frames = static_cast<std::int64_t>(count);
    piece.data = wav_.samples.substr(next_ * wav_.frame_bytes(), count * wav_.frame_bytes());
    next_ += count;
    return Answer::kPiece;
  }

 private:
  const Wav& wav_;
  std::size_t next_ = 0;  // frame
};

void add_value(Object& object, const v1::Descriptor& found) {
  switch (found.value().kind_case()) {
    case v1::Value::kNumber: object.add(found.name(), found.value().number()); break;
    case v1::Value::kInteger: object.add(found.name(), found.value().integer()); break;
    case v1::Value::kText: object.add(found.name(), found.value().text()); break;
    default: break;
  }
}

void play(const Client& client, const std::string& file) {
  const Wav wav = read_wav(file);
  v1::LiveConfig config;
  config.set_format(v1::SAMPLE_FORMAT_S16LE);
  config.set_sample_rate_hz(wav.rate_hz);
  config.set_channels(wav.channels);
  config.set_update_seconds(0.1);
  FileSource source(wav);
  int estimates = 0, gaps = 0;
  Object finals;
  client.play(config, source).run([&](const v1::AnalyzeLiveResponse& update) {
    estimates += update.has_estimate();
    gaps += update.has_gap();
    if (update.has_final()) add_value(finals, update.final());
  });
  step("live").add("frames", wav.frames()).add("estimates", estimates).add("gaps", gaps).add("finals", finals).print();
}

void be_refused(const Client& client) {
  refused("missing", refusal_of([&] { client.get("00000000-0000-4000-8000-000000000000"); })).print();
  v1::AudioServiceListRequest request;
  request.set_page_size(-1);
  const Error wrong = refusal_of([&] { client.list(request).next(); });
  std::vector<std::string> fields;
  for (const auto& field : wrong.fields) fields.push_back(field.first);
  refused("wrong", wrong).add("fields", fields).print();
}

/// Sleeps until the access token has ended, and calls all the same.
void outlive_token(const Client& client, const samplemind::Session& session) {
  const std::chrono::duration<double> left = session.tokens().expires_at - std::chrono::system_clock::now();
  step("wait").add("seconds", left.count()).print();
  std::this_thread::sleep_for(left);
  const std::string email = client.me().user().email();
  step("renewed").add("email", email).add("renewals", session.renewals()).print();
}

void leave(const std::string& server, const Client& client, const samplemind::Session& session) {
  client.log_out();
  step("logout").print();
  const Client late(server, samplemind::access_token(session.tokens().access));
  refused("ended", refusal_of([&] { late.me(); })).print();
}

void tour(const std::string& server, const std::string& email, const std::string& password, const std::string& file) {
  refused("refused", refusal_of([&] { samplemind::sign_in(server, email, password + "x"); })).print();

  const auto session = samplemind::sign_in(server, email, password);
  const Client client(server, session);
  const auto me = client.me();
  step("login").add("email", me.user().email()).add("scope", v1::Scope_Name(me.scope())).print();

  const v1::Audio audio = send(client, file);
  const double bpm = analyze(client, audio.id());
  follow(client, audio.id());
  list(client);
  search(client, audio.name(), bpm);
  play(client, file);
  be_refused(client);
  outlive_token(client, *session);
  leave(server, client, *session);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: tour SERVER EMAIL PASSWORD FILE.wav\n";
    return 2;
  }
  try {
    tour(argv[1], argv[2], argv[3], argv[4]);
  } catch (const Error& error) {
    std::cerr << error.code << ' ' << error.reason << ": " << error.what() << '\n';
    return 1;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
