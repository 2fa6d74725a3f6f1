// Names for requests.
#pragma once

#include <string>

namespace samplemind {

/// A new random UUID. A request that is sent again with the same one is done once.
std::string new_request_id();

}  // namespace samplemind
