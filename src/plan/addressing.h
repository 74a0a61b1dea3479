// What every access by key knows of a row: a base key may be made of nothing else (see candidates.h).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/workload.h"

namespace ddbplan::plan {

/// The attributes that every access by key knows: what a base key may be made of.
class Addressing {
 public:
  Addressing(const model::Workload& workload, model::EntityId entity);

  [[nodiscard]] bool knows(const std::string& attribute) const {
    return ignorant(attribute).empty();
  }
  /// The first pattern that finds the row by its identity and does not know `attribute`; empty: all know it.
  [[nodiscard]] std::string ignorant(const std::string& attribute) const;

 private:
  void consider(const model::Pattern& pattern, const model::Write& write);
  void consider(const model::Pattern& pattern, const model::Read& read);
  void consider_children();
  void know_identity(const std::string& who);
  [[nodiscard]] bool contains_entity(const std::vector<model::EntityId>& entities) const;
  void add_access(const model::Pattern& pattern, const std::vector<model::AttributeRef>& by);

  const model::Workload& workload_;
  model::EntityId id_;
  std::vector<std::pair<std::string, std::vector<std::string>>> accesses_;
};

}  // namespace ddbplan::plan
