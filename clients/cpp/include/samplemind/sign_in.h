// Beginning a session.
#pragma once

#include <memory>
#include <string>

#include "samplemind/credential.h"
#include "samplemind/line.h"

namespace samplemind {

/// A session by e-mail address and password. Throws Error.
std::shared_ptr<Session> sign_in(const Server& server, const std::string& email, const std::string& password);

/// A session by a one-time code, such as the one that the daemon prints at its first start. Throws Error.
std::shared_ptr<Session> sign_in_by_code(const Server& server, const std::string& code);

}  // namespace samplemind
