// A JSON object on a line.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <string>
#include <type_traits>
#include <vector>

/// A value as JSON. Numbers have as many digits as it takes to read the same bits.
inline std::string json(double value) {
  if (!std::isfinite(value)) return "null";
  char text[32];
  return std::string(text, std::to_chars(text, text + sizeof text, value).ptr);
}

template <class Integer, class = std::enable_if_t<std::is_integral_v<Integer>>>
std::string json(Integer value) {
  return std::to_string(value);
}

inline std::string json(const std::string& value) {
  static const char* const kDigits = "0123456789abcdef";
  std::string text = "\"";
  for (const char letter : value) {
    if (letter == '"' || letter == '\\') {
      text += '\\';
      text += letter;
    } else if (static_cast<unsigned char>(letter) < 0x20) {
      text += "\\u00";
      text += kDigits[letter >> 4];
      text += kDigits[letter & 15];
    } else {
      text += letter;
    }
  }
  return text + '"';
}

inline std::string json(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ", ") + json(value);
  return "[" + text + "]";
}

/// An object that grows field by field.
class Object {
 public:
  Object& add(const std::string& name, const char* value) { return add_json(name, json(std::string(value))); }

  template <class Value>
  Object& add(const std::string& name, const Value& value) {
    return add_json(name, json(value));
  }

  Object& add(const std::string& name, const Object& value) { return add_json(name, value.text()); }

  /// Prints it as a line, and at once.
  void print() const { std::cout << text() << std::endl; }

  std::string text() const { return "{" + fields_ + "}"; }

 private:
  Object& add_json(const std::string& name, const std::string& value) {
    fields_ += (fields_.empty() ? "" : ", ") + json(name) + ": " + value;
    return *this;
  }

  std::string fields_;
};
