// A WAV file of 16-bit PCM.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>

/// The samples of a WAV file as they lie in it: 16-bit integers, interleaved.
struct Wav {
  int rate_hz = 0;
  int channels = 0;
  std::string samples;

  std::size_t frame_bytes() const { return static_cast<std::size_t>(channels) * 2; }
  std::size_t frames() const { return samples.size() / frame_bytes(); }
};

/// Reads a file; std::runtime_error where it is no WAV file of 16-bit PCM.
inline Wav read_wav(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const auto number = [&file](int bytes) {
    unsigned char raw[4] = {};
    file.read(reinterpret_cast<char*>(raw), bytes);
    return raw[0] | raw[1] << 8 | raw[2] << 16 | static_cast<std::uint32_t>(raw[3]) << 24;
  };
  const auto word = [&file] {
    std::string text(4, '\0');
    file.read(text.data(), 4);
    return text;
  };
  const bool riff = word() == "RIFF";
  number(4);
  if (!riff || word() != "WAVE") throw std::runtime_error(path + " is no WAV file.");
  Wav wav;
  std::uint32_t format = 0, bits = 0;
  for (std::string name = word(); file; name = word()) {
    const std::uint32_t size = number(4);
    const auto next = file.tellg() + static_cast<std::streamoff>(size + (size & 1));
    if (name == "fmt ") {
      format = number(2);
      wav.channels = static_cast<int>(number(2));
      wav.rate_hz = static_cast<int>(number(4));
      number(4), number(2);
      bits = number(2);
    } else if (name == "data") {
      wav.samples.resize(size);
      file.read(wav.samples.data(), size);
      wav.samples.resize(static_cast<std::size_t>(file.gcount()));
      break;
    }
    file.seekg(next);
  }
  const bool pcm = format == 1 || format == 0xFFFE;  // the second says it in more words
  if (!pcm || bits != 16 || wav.channels < 1) throw std::runtime_error(path + " is no 16-bit PCM.");
  wav.samples.resize(wav.frames() * wav.frame_bytes());
  return wav;
}
