// Whether a key can be an entity's base key: every access by key must know all of it, nothing of it may change, and
// no second row may come to have the same identity.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "plan/key_spec.h"

namespace ddbplan::plan {

class BaseKeyRule {
 public:
  BaseKeyRule(const model::Workload& workload, model::EntityId entity);

  /// Its attributes are there in every row, as text or whole numbers, and the tenant is among them.
  [[nodiscard]] bool can_be(const KeySpec& key) const;
  /// What speaks against a key that can be one; "" when nothing does.
  [[nodiscard]] std::string why_not(const KeySpec& key) const;
  /// What speaks against a key that was not made from the identity.
  [[nodiscard]] std::string judge(const KeySpec& key) const;

 private:
  [[nodiscard]] std::string ignorant(const std::string& attribute) const;
  [[nodiscard]] std::string beyond_identity(const std::vector<std::string>& attributes) const;
  [[nodiscard]] bool has_own_id() const;

  const model::Workload& workload_;
  const model::Entity& entity_;
  /// Patterns that find the row by its identity, and what each of them knows.
  std::vector<std::pair<std::string, std::vector<std::string>>> accesses_;
};

}  // namespace ddbplan::plan
