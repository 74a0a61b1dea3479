#include "capacity/sizes.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "capacity/membership.h"
#include "support/check.h"
#include "support/text.h"

namespace ddbplan::capacity {
namespace {

using support::contains;

using design::Encoding;
using design::Field;
using design::ItemLayout;
using design::KeyEntry;
using design::KeyTemplate;
using model::Attribute;
using model::Spread;
using model::ValueType;

/// An attribute of a helper item that its entity does not have: a count, a sum, a pointer's target.
constexpr double kHelperBytes = 8;

bool is_number(ValueType type) {
  return type == ValueType::integer || type == ValueType::number;
}

Spread at_most(double mean, double max) {
  return {mean, std::max(mean, max)};
}

/// A value as text: numbers and binaries take more room than stored.
Spread text_bytes(const Attribute& attribute) {
  switch (attribute.type) {
    case ValueType::boolean:
      return at_most(4.5, 5);
    case ValueType::binary:
      return {2 * attribute.bytes.mean, 2 * attribute.bytes.max};
    case ValueType::epoch_s:
      return {10, 10};
    case ValueType::epoch_ms:
      return {13, 13};
    default:
      break;
  }
  if (!is_number(attribute.type)) return attribute.bytes;
  // One byte for two digits, and one.
  const double digits = 2 * std::max(0.5, attribute.bytes.mean - 1);
  return at_most(digits, 2 * std::max(0.5, attribute.bytes.max - 1));
}

double bucket_bytes(model::TimeUnit unit) {
  switch (unit) {
    case model::TimeUnit::second:
      return 19;
    case model::TimeUnit::minute:
      return 16;
    case model::TimeUnit::hour:
      return 13;
    case model::TimeUnit::day:
    case model::TimeUnit::week:
      return 10;
    case model::TimeUnit::month:
      return 7;
    case model::TimeUnit::year:
      return 4;
  }
  return 10;
}

Spread field_bytes(const Attribute& attribute, const Field& field) {
  switch (field.encoding) {
    case Encoding::plain:
    case Encoding::lower:
      return text_bytes(attribute);
    case Encoding::escape: {
      // Generated and usual texts have hardly a byte below '%'; at worst each is doubled.
      const Spread text = text_bytes(attribute);
      return attribute.type == ValueType::string && attribute.values.empty()
                 ? at_most(text.mean, 2 * text.max)
                 : text;
    }
    case Encoding::pad:
    case Encoding::rank:
    case Encoding::scale:
    case Encoding::invert: {
      const auto width = static_cast<double>(field.width);
      return {width, width};
    }
    case Encoding::truncate:
      return {bucket_bytes(field.unit), bucket_bytes(field.unit)};
    case Encoding::ulid_time:
      return {10, 10};
    case Encoding::number:
      return attribute.bytes;
  }
  return attribute.bytes;
}

/// Digits of a shard number, from 0 to count - 1.
Spread shard_bytes(const design::ShardRule& rule) {
  int count = std::max(rule.count, 1);
  double digits = 0;
  for (int i = 0; i < count; ++i) digits += static_cast<double>(std::to_string(i).size());
  for (const auto& named : rule.per_key) count = std::max(count, named.second);
  return at_most(digits / std::max(rule.count, 1),
                 static_cast<double>(std::to_string(count - 1).size()));
}

class Builder {
 public:
  Builder(const model::Workload& workload, const design::Design& design, const ItemLayout& layout,
          const SizeContext& context)
      : workload_(workload),
        entity_(workload.entity(layout.entity)),
        table_(design.tables[layout.table]),
        layout_(layout),
        context_(context) {}

  SizeLaw item() {
    if (entity_.size && layout_.role == design::ItemRole::row) return declared();
    everything([](std::string_view) { return true; });
    return law();
  }
  SizeLaw entry(const KeyEntry& entry) {
    const design::Index* index = table_.find_index(*entry.index);
    DDBPLAN_CHECK_MSG(index != nullptr, "an entry of an index that the table lacks");
    const bool all = index->projection.type == dynamo::ProjectionType::all;
    if (all && entity_.size && layout_.role == design::ItemRole::row) return declared();
    inside_ = &entry;
    inside_keys_ = key_attributes(entry);
    everything([&](std::string_view name) { return projects(table_, *index, name); });
    return law();
  }

 private:
  /// A logical attribute's contribution: its value, as often as the item repeats it.
  struct Parts {
    double fixed = 0;
    double copies = 0;
  };

  SizeLaw declared() {
    SizeLaw law;
    law.add_spread(*entity_.size, 1, 0, 1, false);
    return law;
  }

  template <class Keep>
  void everything(const Keep& keep) {
    for (const std::string& name : layout_.attributes) {
      if (!keep(name)) continue;
      Parts& parts = parts_[name];
      parts.fixed += static_cast<double>(name.size());
      parts.copies += 1;
    }
    const std::string& type = workload_.settings.type_attribute;
    if (layout_.type_value && keep(type)) {
      fixed_ += static_cast<double>(type.size() + layout_.type_value->size());
    }
    keys(
        layout_.base, table_.key, [] { return 1.0; }, keep);
    for (std::size_t i = 0; i < layout_.entries.size(); ++i) {
      const KeyEntry& entry = layout_.entries[i];
      const design::Index* index = table_.find_index(*entry.index);
      DDBPLAN_CHECK_MSG(index != nullptr, "an entry of an index that the table lacks");
      keys(
          entry, index->key, [&] { return share(i); }, keep);
    }
  }

  double share(std::size_t entry) {
    if (inside_ != nullptr && inside_->index == layout_.entries[entry].index) return 1;
    if (entry < context_.in_entry.size()) return context_.in_entry[entry];
    return entry_share(workload_, layout_, layout_.entries[entry]);
  }

  /// `share`: of the rows that have the entry; not asked for where all of its key is left out.
  template <class GetShare, class Keep>
  void keys(const KeyEntry& entry, const dynamo::KeySchema& schema, const GetShare& share,
            const Keep& keep) {
    std::optional<double> probability;
    const auto add = [&](const std::vector<KeyTemplate>& templates,
                         const std::vector<dynamo::KeyAttribute>& attributes) {
      for (std::size_t i = 0; i < templates.size() && i < attributes.size(); ++i) {
        const std::string& name = attributes[i].name;
        // A natural key is the attribute itself; an LSI repeats the table's partition key.
        if (contains(layout_.attributes, name) || contains(seen_, name) || !keep(name)) continue;
        seen_.push_back(name);
        if (!probability) probability = share();
        key(name, templates[i], entry.shards, *probability);
      }
    };
    add(entry.partition, schema.partition);
    add(entry.sort, schema.sort);
  }

  void key(const std::string& name, const KeyTemplate& key, const design::ShardRule& shards,
           double probability) {
    auto fixed = static_cast<double>(name.size());
    for (const design::KeyPart& part : key.parts) {
      if (const auto* literal = std::get_if<design::Literal>(&part)) {
        fixed += static_cast<double>(literal->text.size());
      } else if (std::holds_alternative<design::ShardField>(part)) {
        fixed += shard_bytes(shards).mean;
      } else {
        const auto& field = std::get<Field>(part);
        const Attribute* attribute = entity_.find(field.attribute);
        if (attribute == nullptr) {
          fixed += kHelperBytes;
          continue;
        }
        const Spread bytes = field_bytes(*attribute, field);
        const bool repeats = probability >= 1 && !field.absent &&
                             bytes.mean == attribute->bytes.mean && bytes.max > bytes.mean;
        if (repeats) {
          parts_[field.attribute].copies += 1;
        } else {
          const double present = field.absent ? presence(*attribute) : 1;
          const double absent =
              field.absent ? static_cast<double>(field.absent->size()) * (1 - present) : 0;
          fixed += present * bytes.mean + absent;
          if (probability > 0) slack_ += std::max(0.0, bytes.max - bytes.mean);
        }
      }
    }
    if (probability >= 1) {
      fixed_ += fixed;
    } else {
      optional_.emplace_back(probability, fixed);
    }
  }

  double presence(const Attribute& attribute) const {
    if (contains(context_.present, attribute.name)) return 1;
    if (contains(context_.absent, attribute.name)) return 0;
    if (inside_keys_.contains(attribute.name)) return 1;
    return attribute.present;
  }

  SizeLaw law() {
    SizeLaw law;
    law.add_fixed(fixed_);
    for (const auto& [probability, bytes] : optional_) law.add_optional(probability, bytes);
    for (const auto& [name, parts] : parts_) {
      const Attribute* attribute = entity_.find(name);
      if (attribute == nullptr) {
        law.add_fixed(parts.fixed + parts.copies * kHelperBytes);
        continue;
      }
      const double present = presence(*attribute);
      const bool few = !attribute->values.empty() || is_number(attribute->type);
      if (few) {
        // Names of values and digits of numbers differ by a few bytes: their mean is near enough.
        law.add_optional(present, parts.fixed + parts.copies * attribute->bytes.mean);
        slack_ += parts.copies * (attribute->bytes.max - attribute->bytes.mean);
      } else {
        law.add_spread(attribute->bytes, present, parts.fixed, parts.copies,
                       contains(context_.changed, name));
      }
    }
    law.add_slack(slack_);
    return law;
  }

  const model::Workload& workload_;
  const model::Entity& entity_;
  const design::Table& table_;
  const ItemLayout& layout_;
  const SizeContext& context_;
  const KeyEntry* inside_ = nullptr;
  std::set<std::string> inside_keys_;
  double fixed_ = 0;
  double slack_ = 0;
  std::vector<std::pair<double, double>> optional_;
  std::map<std::string, Parts> parts_;
  std::vector<std::string> seen_;
};

}  // namespace

SizeLaw item_law(const model::Workload& workload, const design::Design& design,
                 const ItemLayout& layout, const SizeContext& context) {
  return Builder(workload, design, layout, context).item();
}

SizeLaw entry_law(const model::Workload& workload, const design::Design& design,
                  const ItemLayout& layout, const KeyEntry& entry, const SizeContext& context) {
  return Builder(workload, design, layout, context).entry(entry);
}

bool projects(const design::Table& table, const design::Index& index,
              std::string_view stored_name) {
  if (index.projection.type == dynamo::ProjectionType::all) return true;
  if (table.key.has(stored_name) || index.key.has(stored_name)) return true;
  return index.projection.type == dynamo::ProjectionType::include &&
         contains(index.projection.attributes, stored_name);
}

Spread key_bytes(const model::Workload& workload, const ItemLayout& layout, const KeyTemplate& key,
                 const design::ShardRule& shards) {
  Spread sum;
  const auto add = [&sum](const Spread& bytes) {
    sum.mean += bytes.mean;
    sum.max += bytes.max;
  };
  for (const design::KeyPart& part : key.parts) {
    if (const auto* literal = std::get_if<design::Literal>(&part)) {
      const auto bytes = static_cast<double>(literal->text.size());
      add({bytes, bytes});
    } else if (std::holds_alternative<design::ShardField>(part)) {
      add(shard_bytes(shards));
    } else {
      const auto& field = std::get<Field>(part);
      const Attribute* attribute = workload.entity(layout.entity).find(field.attribute);
      add(attribute == nullptr ? Spread{kHelperBytes, kHelperBytes}
                               : field_bytes(*attribute, field));
    }
  }
  return sum;
}

}  // namespace ddbplan::capacity
