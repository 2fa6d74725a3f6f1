#include <iostream>

#include <samplemind/client.h>

int main(int argc, char** argv) {
  if (argc != 4) return 2;  // SERVER KEY FILE
  const samplemind::Client client(argv[1], samplemind::api_key(argv[2]));
  try {
    const auto sound = client.upload(argv[3]).audio;
    auto analysis = client.analyze(sound.id());
    while (const auto update = analysis.next()) {
      if (!update->has_result()) continue;
      for (const auto& found : update->result().descriptors()) {
        if (found.name() == "tempo.bpm" && found.has_value()) {
          std::cout << found.value().number() << ' ' << found.unit() << '\n';
        }
      }
    }
  } catch (const samplemind::CannotReach& error) {
    std::cerr << error.what() << '\n';
  } catch (const samplemind::Error& error) {
    if (error.reason == "TOO_LARGE") std::cerr << "Send a shorter one. ";
    std::cerr << error.code << ' ' << error.reason << ": " << error.what() << '\n';
  }
}
