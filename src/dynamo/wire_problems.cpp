#include "dynamo/wire_problems.h"

#include <fmt/format.h>

namespace ddbplan::dynamo {
namespace {

/// The service reports no more of them at once.
constexpr std::size_t kConstraintsMax = 10;

}  // namespace

std::string constraint_path(const WirePath& path) {
  std::string text = path.parent == nullptr ? std::string() : constraint_path(*path.parent) + ".";
  if (path.name.empty()) return text;
  const std::size_t start = text.size();
  text += path.name;
  if (!path.is_key && text[start] >= 'A' && text[start] <= 'Z')
    text[start] = static_cast<char>(text[start] + 32);
  return text;
}

void WireProblems::constraint(std::string_view shown, const WirePath& path, std::string_view must) {
  if (constraints_.size() >= kConstraintsMax) return;
  constraints_.push_back(
      fmt::format("Value {} at '{}' failed to satisfy constraint: Member must {}", shown,
                  constraint_path(path), must));
}

std::optional<JsonError> WireProblems::first() const {
  if (shape_) return JsonError{"", *shape_, true};
  if (!constraints_.empty()) {
    return JsonError{"",
                     fmt::format("{} validation error{} detected: {}", constraints_.size(),
                                 constraints_.size() > 1 ? "s" : "", fmt::join(constraints_, "; ")),
                     false};
  }
  if (parameters_) return JsonError{"", *parameters_, false};
  return value_;
}

}  // namespace ddbplan::dynamo
