// What the access patterns ask of single attributes, as far as it shapes their values: an attribute
// that is compared for equality has few values, one that is compared with a constant has values on
// both sides.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/workload.h"

namespace ddbplan::seed {

struct Demand {
  bool equality = false;
  /// Without the others of a compound unique value that it is a part of.
  bool is_asked_apart = false;
  /// Constants that it is compared with for equality.
  std::vector<dynamo::AttributeValue> constants;
  /// `stock < 10`: a tenth of the rows is on the side that the pattern asks for
  /// (capacity/traffic.h).
  struct Threshold {
    bool below = false;
    dynamo::Decimal value;
    double share = 0;  ///< of the rows lie on this side
  };
  std::vector<Threshold> thresholds;
  /// `title contains :word`: as many words, each in one of so many rows; 0: nothing is looked for in it.
  int sought_words = 0;

  /// Each once: every one of them is one of the attribute's few values.
  void add_constant(const dynamo::AttributeValue& value);
};

/// By entity and attribute.
class Demands {
 public:
  explicit Demands(const model::Workload& workload);
  /// Null: nothing is asked.
  [[nodiscard]] const Demand* find(model::EntityId entity, const std::string& attribute) const;
  /// Parents that patterns name: `hottest: {acme: 4/s}`, skews, shards. By entity.
  [[nodiscard]] const std::vector<std::string>& named(model::EntityId entity) const;

 private:
  void note(model::EntityId entity, const model::ExpressionPtr& expression);
  void note_equality(model::EntityId entity, const model::AttributeRef& attribute);
  void note_parts(const model::Workload& workload, model::EntityId entity,
                  const std::vector<model::AttributeRef>& by);
  /// What is asked of a copy is asked of the values of its original.
  void note_original(const model::Workload& workload, model::EntityId holder,
                     const model::Attribute& attribute);
  /// What is asked of a rollup's groups is asked of the values of the rows that they are made of.
  void note_grouped(const model::Entity& entity, model::EntityId id);
  void note_named(const model::Workload& workload, model::EntityId entity, const std::string& name);

  std::map<std::pair<std::size_t, std::string>, Demand> demands_;
  std::vector<std::vector<std::string>> named_;
};

}  // namespace ddbplan::seed
