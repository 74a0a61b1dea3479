#include "plan/natural_keys.h"

#include <algorithm>

#include "plan/counter.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using support::contains;

using model::ValueType;

/// Developer Guide, "Multi-attribute keys pattern": up to four attributes for each side.
constexpr std::size_t kAttributesPerSide = 4;

class NaturalRule {
 public:
  NaturalRule(const model::Workload& workload, const TablePlan& tables, const KeySpec& spec)
      : workload_(workload),
        tables_(tables),
        spec_(spec),
        entity_(workload.entity(spec.entity)),
        table_(tables.table_of[spec.entity.index]) {}

  [[nodiscard]] bool partition_of_base() const {
    return is_only_kind() && !is_counter(workload_, spec_.entity) && spec_.partition.size() == 1 &&
           can_be_key(spec_.partition.front());
  }
  [[nodiscard]] bool sort_of_base() const {
    return is_only_kind() && (spec_.sort.empty() || (spec_.sort.size() == 1 && sorts(0)));
  }
  [[nodiscard]] bool sort_of_index() const {
    const std::size_t most = spec_.local ? 1 : kAttributesPerSide;
    if (spec_.sort.size() > most || (spec_.sort.empty() && spec_.local)) return false;
    for (std::size_t i = 0; i < spec_.sort.size(); ++i) {
      if (!sorts(i) || (spec_.local && others_have(spec_.sort[i]))) return false;
    }
    return true;
  }
  [[nodiscard]] bool partition_of_index(bool sort_is_natural) const {
    if (spec_.local || !spec_.fixed.empty() || !spec_.lacking.empty() ||
        !spec_.bucket_attribute.empty())
      return false;
    if (spec_.partition.empty() || spec_.partition.size() > kAttributesPerSide) return false;
    const bool all = std::all_of(spec_.partition.begin(), spec_.partition.end(),
                                 [&](const std::string& name) { return can_be_key(name); });
    const bool sparse =
        std::all_of(spec_.required.begin(), spec_.required.end(), [&](const std::string& name) {
          return contains(spec_.partition, name) || (sort_is_natural && contains(spec_.sort, name));
        });
    return all && sparse && (!sort_is_natural || is_not_joined_by_others());
  }

 private:
  [[nodiscard]] bool is_only_kind() const { return item_kinds(workload_, tables_, table_) == 1; }

  [[nodiscard]] bool can_be_key(const std::string& name) const {
    const model::Attribute* attribute = entity_.find(name);
    if (attribute == nullptr || attribute->absent) return false;
    const std::optional<dynamo::ScalarType> type = key_type(*attribute);
    return type && is_of_one_type(name, *type);
  }

  /// An item whose attribute has another type than the key is refused (PutItem API, "Type mismatch for key").
  [[nodiscard]] bool is_of_one_type(const std::string& name, dynamo::ScalarType type) const {
    for (const model::EntityId member : tables_.members(table_)) {
      const model::Attribute* other = workload_.entity(member).find(name);
      if (other != nullptr && key_type(*other) != type) return false;
    }
    return true;
  }

  /// The attribute alone orders as it is meant to: an enum by its ranks only where its names sort like them.
  [[nodiscard]] bool sorts(std::size_t position) const {
    const std::string& name = spec_.sort[position];
    if (!can_be_key(name) || contains(spec_.inverted, name)) return false;
    return key_field_in_order(entity_, name).encoding != design::Encoding::rank;
  }

  /// Another kind of item of the table has the attribute, and with it a place in a local index.
  [[nodiscard]] bool others_have(const std::string& name) const {
    const std::vector<model::EntityId> members = tables_.members(table_);
    return std::any_of(members.begin(), members.end(), [&](model::EntityId member) {
      return !(member == spec_.entity) && workload_.entity(member).find(name) != nullptr;
    });
  }

  /// No other kind of item of the table has all the attributes of the key, and with them a place in the index.
  [[nodiscard]] bool is_not_joined_by_others() const {
    std::vector<std::string> keys = spec_.partition;
    keys.insert(keys.end(), spec_.sort.begin(), spec_.sort.end());
    const auto has_all = [&](const model::Entity& entity) {
      return std::all_of(keys.begin(), keys.end(),
                         [&](const std::string& name) { return entity.find(name) != nullptr; });
    };
    // A guard holds some of its entity's attributes.
    if (!entity_.unique.empty()) return false;
    const std::vector<model::EntityId> members = tables_.members(table_);
    return std::none_of(members.begin(), members.end(), [&](model::EntityId member) {
      return !(member == spec_.entity) && has_all(workload_.entity(member));
    });
  }

  const model::Workload& workload_;
  const TablePlan& tables_;
  const KeySpec& spec_;
  const model::Entity& entity_;
  std::size_t table_;
};

}  // namespace

std::optional<dynamo::ScalarType> key_type(const model::Attribute& attribute) {
  switch (attribute.type) {
    case ValueType::integer:
    case ValueType::number:
    case ValueType::epoch_s:
    case ValueType::epoch_ms:
      return dynamo::ScalarType::N;
    case ValueType::boolean:
    case ValueType::binary:
    case ValueType::set:
    case ValueType::list:
    case ValueType::map:
      return std::nullopt;
    default:
      return dynamo::ScalarType::S;
  }
}

KeySpec with_natural_sides(const model::Workload& workload, const TablePlan& tables, KeySpec spec) {
  if (!tables.natural) return spec;
  const NaturalRule rule(workload, tables, spec);
  const bool sort = spec.is_base ? rule.sort_of_base() : rule.sort_of_index();
  const bool partition = spec.is_base ? rule.partition_of_base() : rule.partition_of_index(sort);
  spec.natural_sort = sort;
  spec.natural_partition = partition;
  return spec;
}

}  // namespace ddbplan::plan
