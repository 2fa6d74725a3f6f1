// The bytes of a file that is sent.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace samplemind {

/// An open file, with its size and digest.
class Source {
 public:
  /// Reads it once, for size and digest. Throws std::system_error where it is no regular file, or cannot be read.
  explicit Source(const std::filesystem::path& file);

  /// So many bytes from there on, or what there is.
  std::string read(std::int64_t offset, std::int64_t length);

  std::string name;       ///< The file's.
  std::int64_t size = 0;  ///< Bytes.
  std::string sha256;     ///< Lower-case hexadecimal.

 private:
  std::ifstream file_;
};

}  // namespace samplemind
