#include "plan/kept_count.h"

#include <algorithm>

#include "dynamo/units.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using Function = model::Aggregate::Function;

/// Bytes that keys and TTL attributes add to a row, at most.
constexpr double kKeyBytes = 500;

std::string text_of(const model::ExpressionPtr& where) {
  return where ? model::to_string(*where) : std::string();
}

class KeptCount {
 public:
  KeptCount(const model::Workload& workload, const model::Read& read)
      : workload_(workload), read_(read) {}

  std::optional<Need> need() const {
    const bool is_plain = read_.kind == model::ReadKind::count && read_.entities.size() == 1 &&
                          read_.narrow_by.empty() && !read_.range && !read_.limit && !read_.batch;
    if (!is_plain || counted().retention || counted().rollup) return std::nullopt;
    for (const model::Relation& relation : counted().relations) {
      if (relation.parents.size() != 1 || !asks_for_rows_of(relation)) continue;
      if (auto found = of_parent(relation, relation.parents.front())) return found;
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] model::EntityId rows() const { return read_.entities.front(); }
  [[nodiscard]] const model::Entity& counted() const { return workload_.entity(rows()); }

  /// All rows of one parent, and no others.
  [[nodiscard]] bool asks_for_rows_of(const model::Relation& relation) const {
    std::vector<std::string> names;
    for (const model::AttributeRef& by : read_.by) {
      if (!by.is_of(rows())) return false;
      if (by.name != counted().tenant) names.push_back(by.name);
    }
    std::vector<std::string> wanted;
    for (const std::string& name : relation.attributes) {
      if (name != counted().tenant) wanted.push_back(name);
    }
    std::sort(names.begin(), names.end());
    std::sort(wanted.begin(), wanted.end());
    return names == wanted;
  }

  [[nodiscard]] std::optional<Need> of_parent(const model::Relation& relation,
                                              model::EntityId id) const {
    if (id == rows() || !stays_with_its_rows(id) || !is_one_block(workload_.entity(id)))
      return std::nullopt;
    Need need;
    need.entity = id;
    need.at_most_one = true;
    need.strong = read_.strong;
    need.kept_in = kept_in(relation, workload_.entity(id));
    if (need.kept_in.empty()) return std::nullopt;
    for (const auto& [own, theirs] : identity_links(workload_, rows(), relation, id)) {
      need.equal.push_back(Equality{theirs, {}});
      if (own != theirs) need.renamed.emplace_back(theirs, own);
      support::add_once(need.attributes, theirs);
    }
    const std::string& tenant = workload_.entity(id).tenant;
    if (!tenant.empty() && need.find_equality(tenant) == nullptr)
      need.equal.insert(need.equal.begin(), Equality{tenant, {}});
    for (const auto& one : need.kept_in) support::add_once(need.attributes, one.attribute);
    if (!need.binds(workload_.entity(id).id)) return std::nullopt;
    return need;
  }

  /// The parent neither goes before its rows nor begins to count anew.
  [[nodiscard]] bool stays_with_its_rows(model::EntityId id) const {
    if (workload_.entity(id).retention) return false;
    return std::none_of(
        workload_.patterns.begin(), workload_.patterns.end(), [&](const model::Pattern& pattern) {
          const auto writes = writes_of(pattern);
          return std::any_of(writes.begin(), writes.end(), [&](const model::Write* write) {
            return is_about(*write, id) && (write->kind == model::WriteKind::delete_rows ||
                                            write->kind == model::WriteKind::put);
          });
        });
  }

  static bool is_one_block(const model::Entity& entity) {
    double bytes = 0;
    for (const model::Attribute& attribute : entity.attributes)
      bytes += static_cast<double>(attribute.name.size()) + attribute.bytes.max;
    if (entity.size) bytes = std::max(bytes, entity.size->max);
    return bytes + kKeyBytes <= static_cast<double>(dynamo::kReadBlockBytes);
  }

  /// Where each number stands, the count's first; none: one of them stands nowhere.
  [[nodiscard]] std::vector<design::KeptAggregate> kept_in(const model::Relation& relation,
                                                           const model::Entity& parent) const {
    std::vector<design::KeptAggregate> out;
    // Without rows there is no sum, which only their number tells.
    std::vector<model::Aggregate> asked{{Function::count, ""}};
    for (const model::Aggregate& one : read_.aggregates) {
      if (one.function != Function::count) asked.push_back(one);
    }
    for (const model::Aggregate& one : asked) {
      const model::Attribute* held = keeper(one, relation, parent);
      if (held == nullptr) return {};
      out.push_back({one, held->name});
    }
    return out;
  }

  [[nodiscard]] const model::Attribute* keeper(const model::Aggregate& what,
                                               const model::Relation& relation,
                                               const model::Entity& parent) const {
    using Kind = model::Upkeep::Kind;
    if (what.function != Function::count && what.function != Function::sum) return nullptr;
    const Kind kind = what.function == Function::count ? Kind::count_of : Kind::sum_of;
    const model::Attribute* summed = counted().find(what.attribute);
    if (kind == Kind::sum_of && (summed == nullptr || summed->present < 1)) return nullptr;
    for (const model::Attribute& attribute : parent.attributes) {
      const std::optional<model::Upkeep>& upkeep = attribute.upkeep;
      const bool is_it =
          upkeep && upkeep->kind == kind && upkeep->source == rows() &&
          upkeep->source_attribute == what.attribute && upkeep->kept == model::Kept::transaction &&
          support::contains(relation.attributes, upkeep->through) &&
          text_of(upkeep->where) == text_of(read_.where) && !parent.is_in_facet(attribute.name);
      if (is_it) return &attribute;
    }
    return nullptr;
  }

  const model::Workload& workload_;
  const model::Read& read_;
};

}  // namespace

std::optional<Need> parent_that_counts(const model::Workload& workload, model::PatternId id) {
  const model::Pattern& pattern = workload.pattern(id);
  const auto* read = std::get_if<model::Read>(&pattern.action);
  if (read == nullptr || pattern.across_tenants) return std::nullopt;
  std::optional<Need> out = KeptCount(workload, *read).need();
  if (!out) return std::nullopt;
  out->pattern = id;
  out->span = pattern.span;
  return out;
}

}  // namespace ddbplan::plan
