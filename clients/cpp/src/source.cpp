#include "source.h"

#include <openssl/evp.h>

#include <memory>
#include <system_error>
#include <vector>

namespace samplemind {
namespace {

using Digest = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

std::string hexadecimal(const unsigned char* bytes, unsigned length) {
  static const char* const kDigits = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < length; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

std::system_error unreadable(const std::filesystem::path& file, std::errc why) {
  return std::system_error(std::make_error_code(why), file.string());
}

}  // namespace

Source::Source(const std::filesystem::path& file) : name(file.filename().u8string()) {
  if (!std::filesystem::exists(file)) throw unreadable(file, std::errc::no_such_file_or_directory);
  if (!std::filesystem::is_regular_file(file)) throw unreadable(file, std::errc::invalid_argument);  // a pipe
  file_.open(file, std::ios::binary);
  if (!file_) throw unreadable(file, std::errc::permission_denied);

  const Digest digest(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr);
  std::vector<char> piece(1 << 20);
  while (file_.read(piece.data(), static_cast<std::streamsize>(piece.size())), file_.gcount() > 0) {
    EVP_DigestUpdate(digest.get(), piece.data(), static_cast<std::size_t>(file_.gcount()));
    size += file_.gcount();
  }
  if (file_.bad()) throw unreadable(file, std::errc::io_error);
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  EVP_DigestFinal_ex(digest.get(), bytes, &length);
  sha256 = hexadecimal(bytes, length);
}

std::string Source::read(std::int64_t offset, std::int64_t length) {
  std::string data(static_cast<std::size_t>(length), '\0');
  file_.clear();
  file_.seekg(offset);
  file_.read(data.data(), length);
  data.resize(static_cast<std::size_t>(file_.gcount()));
  return data;
}

}  // namespace samplemind
