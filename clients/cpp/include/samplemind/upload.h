// Bringing a file to the daemon, in pieces that need be sent once only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "samplemind/line.h"
#include "samplemind/v1/audio.pb.h"

namespace samplemind {

/// Called with bytes done and bytes in all.
using Progress = std::function<void(std::int64_t done, std::int64_t total)>;

/// A sound that the daemon has now.
struct Uploaded {
  v1::Audio audio;
  std::int64_t sent_bytes = 0;  ///< 0 where it had these bytes already.
};

/// The sound that the file's bytes are now, or were already; `name` is its file's if empty.
/// Throws Error, and std::system_error where the file cannot be read.
Uploaded upload(const Line& line, const std::filesystem::path& file, const Progress& progress = {},
                const std::string& name = {});

}  // namespace samplemind
