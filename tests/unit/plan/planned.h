// A schema given as text, planned: the Design with short ways to look into it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "design/design.h"
#include "model/workload.h"
#include "support/diagnostics.h"

namespace ddbplan::test {

struct Planned {
  model::Workload workload;
  std::optional<design::Design> design;
  support::Diagnostics diagnostics;

  [[nodiscard]] const design::ItemLayout& row(std::string_view entity) const;
  /// That the entity's rows are in.
  [[nodiscard]] const design::Table& table(std::string_view entity) const;
  [[nodiscard]] const design::AccessPlan& pattern(std::string_view name) const;
  /// "partition / sort" of an entity's base key, or of its entry in an index.
  [[nodiscard]] std::string key(std::string_view entity, std::string_view index = {}) const;
  [[nodiscard]] std::vector<std::string> indexes() const;
  /// Codes of the errors and warnings, in source order.
  [[nodiscard]] std::vector<std::string> errors() const;
  /// All messages, one a line.
  [[nodiscard]] std::string messages() const;
};

/// `entities` and `access_patterns` are the bodies of those keys; `settings` may be empty. `more`: further keys.
Planned plan_text(const std::string& entities, const std::string& access_patterns,
                  const std::string& settings = {}, const std::string& more = {});
/// The same around an earlier design, given as the JSON document.
Planned plan_around(const std::string& earlier, const std::string& entities,
                    const std::string& access_patterns, const std::string& settings = {});

/// The same after something of the Workload was changed.
std::optional<design::Design> replan(const model::Workload& workload,
                                     support::Diagnostics& diagnostics);

}  // namespace ddbplan::test
