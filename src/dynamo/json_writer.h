// Appends JSON to a string: puts the commas, and leaves the order to the caller.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "dynamo/json_lines.h"
#include "dynamo/json_text.h"

namespace ddbplan::dynamo {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  /// The name of the member that comes next.
  void name(std::string_view name) {
    comma();
    append_json_string(out_, name);
    out_ += ':';
    is_first_ = true;
  }

  void string(std::string_view text) {
    comma();
    append_json_string(out_, text);
  }
  void boolean(bool value) { raw(value ? "true" : "false"); }
  void integer(std::int64_t value) { raw(std::to_string(value)); }
  void item(const Item& item) {
    comma();
    append_item_json(out_, item);
  }
  /// A value that is JSON already.
  void raw(std::string_view json) {
    comma();
    out_ += json;
  }

  void member(std::string_view key, std::string_view text) {
    name(key);
    string(text);
  }
  void member(std::string_view key, const char* text) { member(key, std::string_view(text)); }
  void member(std::string_view key, std::int64_t value) {
    name(key);
    integer(value);
  }
  void member(std::string_view key, int value) { member(key, static_cast<std::int64_t>(value)); }
  void member(std::string_view key, bool value) {
    name(key);
    boolean(value);
  }
  void member(std::string_view key, const Item& value) {
    name(key);
    item(value);
  }

 private:
  void open(char bracket) {
    comma();
    out_ += bracket;
    is_first_ = true;
  }
  void close(char bracket) {
    out_ += bracket;
    is_first_ = false;
  }
  void comma() {
    if (!is_first_) out_ += ',';
    is_first_ = false;
  }

  std::string& out_;
  bool is_first_ = true;
};

}  // namespace ddbplan::dynamo
