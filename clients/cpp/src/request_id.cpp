#include "samplemind/request_id.h"

#include <cstdint>
#include <random>

namespace samplemind {

std::string new_request_id() {
  static const char* const kDigits = "0123456789abcdef";
  std::random_device device;
  std::string id = "xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx";  // RFC 9562, version 4
  for (char& digit : id) {
    if (digit == 'x') digit = kDigits[device() & 15];
    if (digit == 'v') digit = kDigits[8 | (device() & 3)];
  }
  return id;
}

}  // namespace samplemind
