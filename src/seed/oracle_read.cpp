#include <algorithm>

#include "seed/oracle.h"

namespace ddbplan::seed {

using dynamo::AttributeValue;
using dynamo::Item;
using model::EntityId;
using model::Read;

namespace {

struct MentionsParameter {
  bool operand(const model::OperandPtr& operand) const {
    if (std::holds_alternative<model::ParameterRef>(operand->node)) return true;
    if (const auto* sum = std::get_if<model::Arithmetic>(&operand->node)) {
      return this->operand(sum->left) || this->operand(sum->right);
    }
    const auto* truncate = std::get_if<model::Truncate>(&operand->node);
    return truncate != nullptr && this->operand(truncate->operand);
  }
  bool of(const model::ExpressionPtr& expression) const {
    return expression != nullptr && std::visit(*this, expression->node);
  }
  bool any(const std::vector<model::ExpressionPtr>& terms) const {
    return std::any_of(terms.begin(), terms.end(), [this](const auto& term) { return of(term); });
  }
  bool operator()(const model::Compare& node) const {
    return operand(node.left) || operand(node.right);
  }
  bool operator()(const model::Between& node) const {
    return operand(node.operand) || operand(node.low) || operand(node.high);
  }
  bool operator()(const model::OneOf& node) const {
    return std::any_of(node.alternatives.begin(), node.alternatives.end(),
                       [this](const auto& alternative) { return operand(alternative); });
  }
  bool operator()(const model::BeginsWith& node) const { return operand(node.prefix); }
  bool operator()(const model::Contains& node) const { return operand(node.element); }
  bool operator()(const model::Exists&) const { return false; }
  bool operator()(const model::Missing&) const { return false; }
  bool operator()(const model::And& node) const { return any(node.terms); }
  bool operator()(const model::Or& node) const { return any(node.terms); }
  bool operator()(const model::Not& node) const { return of(node.term); }
};

}  // namespace

ReadOracle::ReadOracle(const LogicalRows& rows, const Read& read) : rows_(rows), read_(read) {
  where_has_parameters_ = MentionsParameter{}.of(read.where);
  for (const EntityId entity : read.entities) {
    for (const model::AttributeRef& by : read.by) {
      if (rows_.is_below(entity, by)) is_grouped_ = false;
    }
  }
  collect_related();
  for (const EntityId entity : read.entities) collect(entity);
  collect_children();
  std::stable_sort(
      candidates_.begin(), candidates_.end(),
      [&](const Answered& a, const Answered& b) { return compare(read_.order, a, b) < 0; });
  if (!is_grouped_) return;
  for (const Answered& row : candidates_) {
    if (const auto group = by_text(row)) groups_[*group].push_back(row);
  }
}

void ReadOracle::collect_related() {
  related_.resize(read_.by.size());
  for (std::size_t i = 0; i < read_.by.size(); ++i) {
    const model::AttributeRef& by = read_.by[i];
    for (const EntityId entity : read_.entities) {
      if (!rows_.is_below(entity, by)) continue;
      const model::Relation* way = rows_.way_from_below(*by.via, entity);
      if (way == nullptr) continue;
      auto& values = related_[i] ? *related_[i] : related_[i].emplace();
      for (const Item* row : rows_.all(*by.via)) {
        const auto* own = row->find(by.name);
        if (own == row->end() || rows_.is_expired(*by.via, *row)) continue;
        const Item* above = rows_.parent(*by.via, *row, *way, nullptr);
        if (above != nullptr) values[above].push_back(&own->second);
      }
    }
  }
}

const ReadOracle::Values* ReadOracle::related(const Answered& row, std::size_t by) const {
  static const Values kNone;
  if (!related_[by] || !rows_.is_below(row.entity, read_.by[by])) return nullptr;
  const auto found = related_[by]->find(row.row);
  return found == related_[by]->end() ? &kNone : &found->second;
}

void ReadOracle::collect(EntityId entity) {
  static const Item kNone;
  for (const Item* row : rows_.all(entity)) {
    if (!read_.include_expired && rows_.is_expired(entity, *row)) continue;
    if (!where_has_parameters_ && !model::holds(read_.where, rows_.scope(entity, *row, kNone)))
      continue;
    candidates_.push_back({entity, row});
  }
}

std::strong_ordering ReadOracle::compare(const std::vector<model::OrderBy>& order,
                                         const Answered& a, const Answered& b) const {
  for (const model::OrderBy& by : order) {
    const AttributeValue* left = rows_.value(a.entity, *a.row, by.attribute);
    const AttributeValue* right = rows_.value(b.entity, *b.row, by.attribute);
    const EntityId owner = by.attribute.via.value_or(a.entity);
    const model::Attribute* attribute = rows_.workload().entity(owner).find(by.attribute.name);
    const std::strong_ordering compared = model::compare_in_order(attribute, left, right);
    if (compared == 0) continue;
    return (by.direction == model::Direction::ascending) == (compared < 0)
               ? std::strong_ordering::less
               : std::strong_ordering::greater;
  }
  return std::strong_ordering::equal;
}

const AttributeValue* ReadOracle::value_asked(const Answered& row, std::size_t by) const {
  const Values* below = related(row, by);
  if (below == nullptr) return rows_.value(row.entity, *row.row, read_.by[by]);
  return below->empty() ? nullptr : below->front();
}

std::optional<Item> ReadOracle::by_values(const Answered& row) const {
  Item values;
  for (std::size_t i = 0; i < read_.by.size(); ++i) {
    const AttributeValue* value = value_asked(row, i);
    if (value == nullptr) return std::nullopt;
    values.insert_or_assign(read_.by[i].name, *value);
  }
  return values;
}

std::optional<std::string> ReadOracle::by_text(const Answered& row) const {
  std::string text;
  for (std::size_t i = 0; i < read_.by.size(); ++i) {
    const AttributeValue* value = value_asked(row, i);
    if (value == nullptr) return std::nullopt;
    text += text_of(*value) + '\0';
  }
  return text;
}

bool ReadOracle::in_range(const Answered& row, const Item& values) const {
  if (!read_.range) return true;
  const model::Range& range = *read_.range;
  if (range.condition != nullptr) {
    return model::holds(range.condition, rows_.scope(row.entity, *row.row, values));
  }
  const AttributeValue* value = rows_.value(row.entity, *row.row, range.attribute);
  const auto* low = values.find(range.attribute.name + "_from");
  const auto* high = values.find(range.attribute.name + "_to");
  if (low == values.end() && high == values.end()) return true;
  if (value == nullptr) return false;
  return (low == values.end() ||
          model::compare_values(model::CompareOp::ge, *value, low->second)) &&
         (high == values.end() ||
          model::compare_values(model::CompareOp::le, *value, high->second));
}

bool ReadOracle::is_match(const Answered& row, const Item& values) const {
  if (!is_grouped_) {
    for (std::size_t i = 0; i < read_.by.size(); ++i) {
      const AttributeValue& wanted = values.at(read_.by[i].name);
      const Values* below = related(row, i);
      if (below == nullptr) {
        if (!rows_.agrees(row.entity, *row.row, read_.by[i], wanted)) return false;
      } else if (std::none_of(below->begin(), below->end(),
                              [&](const AttributeValue* one) { return *one == wanted; })) {
        return false;
      }
    }
  }
  for (const model::NarrowBy& narrow : read_.narrow_by) {
    const auto* wanted = values.find(narrow.attribute.name);
    if (wanted == values.end()) continue;
    const AttributeValue* value = rows_.value(row.entity, *row.row, narrow.attribute);
    if (value == nullptr || !(*value == wanted->second)) return false;
  }
  if (!in_range(row, values)) return false;
  return !where_has_parameters_ ||
         model::holds(read_.where, rows_.scope(row.entity, *row.row, values));
}

std::vector<Answered> ReadOracle::matches(const Item& values) const {
  const std::vector<Answered>* from = &candidates_;
  static const std::vector<Answered> kNone;
  if (is_grouped_ && !read_.by.empty()) {
    std::string text;
    for (const model::AttributeRef& by : read_.by) {
      const auto* value = values.find(by.name);
      if (value == values.end()) return {};
      text += text_of(value->second) + '\0';
    }
    const auto group = groups_.find(text);
    from = group == groups_.end() ? &kNone : &group->second;
  }
  std::vector<Answered> found;
  for (const Answered& row : *from) {
    if (is_match(row, values)) found.push_back(row);
  }
  return found;
}

OrderedRows ReadOracle::rows(const Item& values, int pages) const {
  OrderedRows result;
  result.rows = matches(values);
  if (!read_.limit_per.empty() && read_.limit) return first_of_groups(result.rows);
  result.wanted = result.rows.size();
  if (read_.limit && pages > 0) {
    const auto most = static_cast<std::size_t>(*read_.limit) * static_cast<std::size_t>(pages);
    result.wanted = std::min(result.wanted, most);
  }
  if (read_.kind == model::ReadKind::get) result.wanted = std::min<std::size_t>(result.wanted, 1);
  return result;
}

OrderedRows ReadOracle::first_of_groups(const std::vector<Answered>& matches) const {
  OrderedRows result;
  std::map<std::string, std::vector<std::size_t>> groups;
  const auto limit = static_cast<std::size_t>(*read_.limit);
  for (const Answered& row : matches) {
    const auto* value = row.row->find(read_.limit_per);
    std::vector<std::size_t>& kept =
        groups[value == row.row->end() ? std::string() : text_of(value->second)];
    if (kept.size() < limit) {
      kept.push_back(result.rows.size());
      result.rows.push_back(row);
      continue;
    }
    OrderedRows::StandIn other{row, {}};
    for (const std::size_t position : kept) {
      if (compare(read_.order, row, result.rows[position]) == 0)
        other.positions.push_back(position);
    }
    if (!other.positions.empty()) result.stand_ins.push_back(std::move(other));
  }
  result.wanted = result.rows.size();
  return result;
}

void ReadOracle::collect_children() {
  children_.resize(read_.with_children.size());
  for (std::size_t i = 0; i < children_.size(); ++i) {
    const model::WithChildren& with = read_.with_children[i];
    for (const model::Relation& relation : rows_.workload().entity(with.child).relations) {
      const bool is_ours =
          std::any_of(read_.entities.begin(), read_.entities.end(), [&](const EntityId entity) {
            const auto& parents = relation.parents;
            return std::find(parents.begin(), parents.end(), entity) != parents.end();
          });
      if (!is_ours) continue;
      for (const Item* row : rows_.all(with.child)) {
        if (!read_.include_expired && rows_.is_expired(with.child, *row)) continue;
        EntityId entity;
        const Item* parent = rows_.parent(with.child, *row, relation, &entity);
        if (parent == nullptr) continue;
        children_[i][{entity, rows_.identity(entity, *parent)}].push_back({with.child, row});
      }
      break;
    }
    for (auto& [id, group] : children_[i]) {
      std::stable_sort(group.begin(), group.end(), [&](const Answered& a, const Answered& b) {
        return compare(with.order, a, b) < 0;
      });
    }
  }
}

OrderedRows ReadOracle::children(const Answered& parent, std::size_t with) const {
  OrderedRows result;
  const auto group =
      children_[with].find({parent.entity, rows_.identity(parent.entity, *parent.row)});
  if (group != children_[with].end()) result.rows = group->second;
  result.wanted = result.rows.size();
  if (const std::optional<int> limit = read_.with_children[with].limit) {
    result.wanted = std::min(result.wanted, static_cast<std::size_t>(*limit));
  }
  return result;
}

std::optional<Answered> ReadOracle::parent(const Answered& child,
                                           const model::WithParent& with) const {
  const model::Relation* relation =
      rows_.workload().entity(child.entity).relation_by(with.relation_attribute);
  if (relation == nullptr) return std::nullopt;
  EntityId entity;
  const Item* row = rows_.parent(child.entity, *child.row, *relation, &entity);
  // Of several kinds of parents a row has one.
  if (row == nullptr || !(entity == with.parent)) return std::nullopt;
  return Answered{entity, row};
}

}  // namespace ddbplan::seed
