// Long answers, piece by piece.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace samplemind {

/// The pages of a list or a search, each asked for when it is wanted.
template <class Answer>
class Pages {
 public:
  using Ask = std::function<Answer(const std::string& page_token)>;

  explicit Pages(Ask ask) : ask_(std::move(ask)) {}

  /// The next page; nothing after the last one. Throws Error.
  std::optional<Answer> next() {
    if (over_) return std::nullopt;
    Answer page = ask_(token_);
    token_ = page.next_page_token();
    over_ = token_.empty();
    return page;
  }

 private:
  Ask ask_;
  std::string token_;
  bool over_ = false;
};

}  // namespace samplemind
