#include "design/document_place.h"

#include "dynamo/json_text.h"

namespace ddbplan::design {

namespace {

class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  support::Span to(const std::vector<PlaceStep>& steps) {
    skip_blanks();
    for (const PlaceStep& step : steps) {
      const std::size_t before = at_;
      if (enter(step)) continue;
      at_ = before;
      break;
    }
    const std::size_t begin = at_;
    skip_value();
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)};
  }

 private:
  [[nodiscard]] char now() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_blanks() {
    while (now() == ' ' || now() == '\n' || now() == '\r' || now() == '\t') ++at_;
  }

  /// A string as it means; the place moves behind it.
  std::string take_string() {
    std::string out;
    ++at_;
    while (at_ < text_.size() && now() != '"') {
      const std::size_t end = dynamo::json_plain_end(text_, at_);
      out += text_.substr(at_, end - at_);
      at_ = end;
      if (now() == '\\' && !dynamo::append_json_escape(out, text_, ++at_)) break;
    }
    ++at_;
    return out;
  }

  /// Brackets are counted, so that depth costs nothing.
  void skip_value() {
    std::size_t depth = 0;
    do {
      skip_blanks();
      const char c = now();
      if (c == '"') {
        take_string();
      } else if (c == '{' || c == '[') {
        ++depth;
        ++at_;
      } else if (c == '}' || c == ']') {
        --depth;
        ++at_;
      } else if (c == ',' || c == ':') {
        ++at_;
      } else {
        const std::size_t end = text_.find_first_of(",:]} \n\r\t", at_);
        at_ = end == std::string_view::npos ? text_.size() : end;
      }
      if (depth > 0) skip_blanks();
    } while (depth > 0 && at_ < text_.size());
  }

  bool enter(const PlaceStep& step) {
    const std::string* name = std::get_if<std::string>(&step);
    if (now() != (name != nullptr ? '{' : '[')) return false;
    ++at_;
    for (std::size_t i = 0; at_ < text_.size(); ++i) {
      skip_blanks();
      if (now() == '}' || now() == ']') return false;
      const bool is_it =
          name != nullptr ? take_string() == *name : i == std::get<std::size_t>(step);
      skip_blanks();
      if (name != nullptr) ++at_;  // the colon
      skip_blanks();
      if (is_it) return true;
      skip_value();
      skip_blanks();
      if (now() != ',') return false;
      ++at_;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

support::Span place_in_json(std::string_view text, const std::vector<PlaceStep>& steps) {
  return Walk(text).to(steps);
}

}  // namespace ddbplan::design
