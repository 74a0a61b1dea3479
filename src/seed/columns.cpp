#include "seed/columns.h"

#include <algorithm>
#include <cmath>

#include "capacity/traffic.h"
#include "model/evaluate.h"
#include "model/row_times.h"
#include "model/timestamp.h"
#include "seed/logical_rows.h"
#include "seed/values.h"
#include "support/text.h"

namespace ddbplan::seed {

using dynamo::AttributeValue;
using dynamo::Item;
using model::Attribute;
using model::Entity;
using model::EntityId;
using model::ValueType;
using support::Prng;

namespace {

bool is_from_relation(const Entity& entity, const std::string& name) {
  // The tenant's own rows make the value that all others carry.
  const bool is_tenant_itself = entity.id.size() == 1 && entity.id.front() == entity.tenant;
  if (name == entity.tenant && !is_tenant_itself) return true;
  for (const model::Relation& relation : entity.relations) {
    const auto& names = relation.attributes;
    if (std::find(names.begin(), names.end(), name) != names.end()) return true;
  }
  return false;
}

/// The attribute is the expiry that follows from another time.
bool is_implied_expiry(const Entity& entity, const Attribute& attribute) {
  return entity.retention && entity.retention->follows_base() &&
         entity.retention->attribute == attribute.name;
}

bool is_expiry_itself(const Entity& entity, const Attribute& attribute) {
  return entity.retention && !entity.retention->after &&
         entity.retention->base_attribute == attribute.name;
}

/// The attribute decides when the row expires.
bool decides_expiry(const Entity& entity, const Attribute& attribute) {
  return is_expiry_itself(entity, attribute) ||
         (entity.retention && entity.retention->base_attribute == attribute.name);
}

/// Filled here: everything that neither other rows nor the rest of the row determine.
bool is_own(const Entity& entity, const Attribute& attribute) {
  return !attribute.upkeep && attribute.derive == nullptr &&
         !is_implied_expiry(entity, attribute) && !is_from_relation(entity, attribute.name);
}

/// The identity without what relations bring.
std::vector<std::string> own_identity(const Entity& entity) {
  std::vector<std::string> names;
  for (const std::string& name : entity.id) {
    if (!is_from_relation(entity, name)) names.push_back(name);
  }
  return names;
}

std::string signature(const AttributeValue& value) {
  if (const std::string* text = value.as_string()) return support::to_lower_ascii(*text);
  if (const dynamo::Decimal* number = value.as_number()) return number->to_string();
  return {};
}

/// The first entity of those that take their values of an attribute from one name space.
EntityId name_space_of(const Entity& entity, EntityId id, const std::string& attribute) {
  EntityId first = id;
  for (const model::Unique& unique : entity.unique) {
    const auto& names = unique.attributes;
    if (std::find(names.begin(), names.end(), attribute) == names.end()) continue;
    first = std::min(first, model::name_space(id, unique).front());
  }
  return first;
}

/// The part of the identity that is changed where two rows came out the same: a time, else the last one.
/// Null where the values differ by themselves, or relations bring them all.
const Attribute* told_apart_by(const Entity& entity) {
  const Attribute* last = nullptr;
  for (const std::string& name : own_identity(entity)) {
    const Attribute* attribute = entity.find(name);
    if (attribute == nullptr || is_id(attribute->type)) return nullptr;
    if (last == nullptr || !is_time(last->type)) last = attribute;
  }
  return last;
}

std::string identity_signature(const Entity& entity, const Item& row) {
  std::string text;
  for (const std::string& name : entity.id) {
    const auto* value = row.find(name);
    if (value != row.end()) text += signature(value->second);
    text += '\0';
  }
  return text;
}

/// The smallest difference that a time of this type can hold.
std::int64_t step_ms(ValueType type) {
  constexpr std::int64_t kSecond = 1000;
  constexpr std::int64_t kDay = 86'400 * kSecond;
  if (type == ValueType::date) return kDay;
  return type == ValueType::epoch_s ? kSecond : 1;
}

std::int64_t rounded(double value) {
  return static_cast<std::int64_t>(std::llround(value));
}

std::int64_t whole_ms(double seconds) {
  return rounded(seconds * 1000);
}

}  // namespace

std::size_t expired_rows(const Entity& entity, std::size_t rows) {
  constexpr std::size_t kRowsMin = 50;
  constexpr double kShareMax = 0.01;
  if (!entity.retention || rows < kRowsMin) return 0;
  const double span = model::age_span(entity).seconds;
  const double lag = capacity::kExpiryLag.seconds;
  const double share = std::min(kShareMax, lag / (span + lag));
  return std::max<std::size_t>(1, static_cast<std::size_t>(static_cast<double>(rows) * share));
}

Columns::Columns(const model::Workload& workload, const Demands& demands, std::int64_t now_ms)
    : workload_(workload), demands_(demands), now_ms_(now_ms) {}

void Columns::fill(EntityId entity, std::vector<Item>& rows) {
  const Entity& described = workload_.entity(entity);
  row_counts_[entity.index] = rows.size();
  // Times first: identifiers sort as they do.
  for (const bool times : {true, false}) {
    for (const Attribute& attribute : described.attributes) {
      const bool is_first = is_time(attribute.type) && !attribute.sorts_as;
      if (is_first == times && is_own(described, attribute)) fill_column(entity, attribute, rows);
    }
  }
  tell_apart(entity, rows);
  tell_values_apart(entity, rows);
  for (Item& row : rows) complete(entity, row);
}

void Columns::know(const std::vector<std::vector<Item>>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const EntityId entity{i};
    row_counts_[i] = rows[i].size();
    for (const Attribute& attribute : workload_.entity(entity).attributes) {
      if (!is_own(workload_.entity(entity), attribute)) continue;
      Column& known = column(entity, attribute);
      if (!known.is_unique && !attribute.sequence_per) continue;
      for (const Item& row : rows[i]) {
        const auto* value = row.find(attribute.name);
        if (value == row.end()) continue;
        if (known.is_unique) known.taken->insert(signature(value->second));
        if (attribute.sequence_per) static_cast<void>(next_in_sequence({known, row}));
      }
    }
  }
}

Columns::Column& Columns::column(EntityId entity, const Attribute& attribute) {
  const auto [place, is_new] = columns_.try_emplace(&attribute);
  Column& known = place->second;
  if (!is_new) return known;
  const Entity& described = workload_.entity(entity);
  known.entity = entity;
  known.attribute = &attribute;
  known.demand = demands_.find(entity, attribute.name);
  known.is_unique = is_unique(entity, attribute);
  // Days are few by themselves, and a new row's is not any of them; a constant has to be one of the values.
  const bool is_drawn_by_day =
      attribute.days && (known.demand == nullptr || known.demand->constants.empty());
  const bool is_asked = known.demand != nullptr && known.demand->equality;
  const bool has_few_values = (is_asked && !is_drawn_by_day) || attribute.distinct;
  known.is_pooled = has_few_values && !known.is_unique && !attribute.sorts_as &&
                    attribute.type != ValueType::boolean;
  known.decides_expiry = decides_expiry(described, attribute);
  known.span_seconds = model::age_span(described).seconds;
  known.taken = &taken_[{name_space_of(described, entity, attribute.name).index, attribute.name}];
  return known;
}

void Columns::fill_column(EntityId entity, const Attribute& attribute, std::vector<Item>& rows) {
  const Entity& described = workload_.entity(entity);
  Prng prng = Prng(workload_.settings.seed_number).fork(described.name).fork(attribute.name);
  const std::size_t n = rows.size();
  std::vector<std::size_t> quantiles = permutation(n, prng);
  const std::vector<std::size_t> presence = permutation(n, prng);
  const bool always = attribute.present >= 1 || described.is_identity(attribute.name);
  const auto present =
      static_cast<std::size_t>(rounded(attribute.present * static_cast<double>(n)));
  Column& known = column(entity, attribute);
  const std::size_t expired = known.decides_expiry ? expired_rows(described, n) : 0;
  const bool is_among_present = !always && expired == 0;
  if (is_among_present) rank_present(presence, present, quantiles);
  for (std::size_t i = 0; i < n; ++i) {
    if (!always && presence[i] >= present) continue;
    Draw one{known, rows[i]};
    one.rows = n;
    one.u = (static_cast<double>(quantiles[i]) + 0.5) /
            static_cast<double>(is_among_present ? present : n);
    // The last quantiles are the expired rows, so that the others keep an even spread.
    if (expired > 0) {
      const std::size_t live = n - expired;
      const bool is_expired = quantiles[i] >= live;
      const double position =
          static_cast<double>(is_expired ? quantiles[i] - live : quantiles[i]) + 0.5;
      one.u = position / static_cast<double>(is_expired ? expired : live);
      if (is_expired) one.u += 1;
    }
    place_time(one, prng);
    rows[i].insert_or_assign(attribute.name, draw(one, prng));
  }
}

void Columns::tell_apart(EntityId entity, std::vector<Item>& rows) {
  const Entity& described = workload_.entity(entity);
  const Attribute* last = told_apart_by(described);
  if (last == nullptr) return;
  Prng prng = Prng(workload_.settings.seed_number).fork(described.name).fork("apart");
  std::set<std::string> taken;
  std::erase_if(rows, [&](Item& row) {
    if (taken.insert(identity_signature(described, row)).second) return false;
    if (!find_another(entity, *last, taken, row, prng)) return true;
    taken.insert(identity_signature(described, row));
    return false;
  });
}

bool Columns::find_another(EntityId entity, const Attribute& attribute,
                           const std::set<std::string>& taken, Item& row, Prng& prng) {
  const Entity& described = workload_.entity(entity);
  constexpr int kTries = 1000;
  const auto ms =
      is_time(attribute.type) ? model::instant_of(row.at(attribute.name)) : std::nullopt;
  for (int i = 1; i <= kTries; ++i) {
    // The nearest free time before, so that rows stay where their ages put them.
    row.insert_or_assign(attribute.name,
                         ms ? model::time_value(attribute.type, *ms - i * step_ms(attribute.type))
                            : redraw(entity, attribute, row, prng));
    if (!taken.contains(identity_signature(described, row))) return true;
  }
  return false;
}

void Columns::fill_new(EntityId entity, Item& row, Prng& prng) {
  const Entity& described = workload_.entity(entity);
  for (const bool times : {true, false}) {
    for (const Attribute& attribute : described.attributes) {
      const bool is_first = is_time(attribute.type) && !attribute.sorts_as;
      if (is_first != times || !is_own(described, attribute)) continue;
      const bool always = attribute.present >= 1 || described.is_identity(attribute.name);
      if (!always && prng.unit() >= attribute.present) continue;
      Draw one{column(entity, attribute), row};
      one.rows = std::max<std::size_t>(1, row_counts_[entity.index]);
      one.u = prng.unit();
      one.is_new = true;
      place_time(one, prng);
      row.insert_or_assign(attribute.name, draw(one, prng));
    }
  }
  complete(entity, row);
}

bool Columns::move_to_free_time(EntityId entity, Item& row,
                                const std::function<bool(const Item&)>& is_taken) const {
  const Attribute* told = told_apart_by(workload_.entity(entity));
  const auto ms =
      told != nullptr && is_time(told->type) ? model::instant_of(row.at(told->name)) : std::nullopt;
  if (!ms) return false;
  constexpr int kTries = 1000;
  for (int i = 1; i <= kTries; ++i) {
    row.insert_or_assign(told->name, model::time_value(told->type, *ms + i * step_ms(told->type)));
    if (is_taken(row)) continue;
    complete(entity, row);
    return true;
  }
  return false;
}

AttributeValue Columns::redraw(EntityId entity, const Attribute& attribute, const Item& row,
                               Prng& prng) {
  Draw one{column(entity, attribute), row};
  one.rows = std::max<std::size_t>(1, row_counts_[entity.index]);
  one.u = prng.unit();
  place_time(one, prng);
  // A change to a state that is not a move: any state, as often as it is met.
  return draw(one, prng);
}

void Columns::complete(EntityId entity, Item& row) const {
  const Entity& described = workload_.entity(entity);
  for (const Attribute& attribute : described.attributes) {
    if (is_implied_expiry(described, attribute)) {
      auto* base = row.find(described.retention->base_attribute);
      const auto ms = base == row.end() ? std::nullopt : model::instant_of(base->second);
      row.erase(attribute.name);
      if (!ms) continue;
      const auto& lifetime = described.retention->after;
      const std::int64_t expires = *ms + (lifetime ? whole_ms(lifetime->seconds) : 0);
      row.insert_or_assign(attribute.name, model::time_value(ValueType::epoch_s, expires));
    } else if (attribute.derive != nullptr) {
      model::Scope scope;
      scope.row = &row;
      scope.now_ms = now_ms_;
      auto value = model::evaluate(*attribute.derive, scope, attribute.type);
      row.erase(attribute.name);
      if (value) row.insert_or_assign(attribute.name, *std::move(value));
    }
  }
}

std::int64_t Columns::age_ms(const Draw& draw) {
  const double span = draw.column.span_seconds;
  // u beyond 1 marks a row that is past its expiry.
  const double age =
      draw.u > 1 ? span + (draw.u - 1) * capacity::kExpiryLag.seconds : draw.u * span;
  return whole_ms(age);
}

void Columns::place_time(Draw& draw, Prng& prng) const {
  const Attribute& attribute = *draw.column.attribute;
  if (attribute.sorts_as) {
    const auto* base = draw.row.find(*attribute.sorts_as);
    const auto ms = base == draw.row.end() ? std::nullopt : model::instant_of(base->second);
    draw.ms = ms.value_or(now_ms_);
    return;
  }
  if (is_time(attribute.type)) {
    if (is_expiry_itself(workload_.entity(draw.column.entity), attribute)) {
      // At least a minute from now: a second's rounding must not decide.
      constexpr std::int64_t kMinute = 60'000;
      draw.ms = draw.u > 1
                    ? now_ms_ - whole_ms((draw.u - 1) * capacity::kExpiryLag.seconds) - kMinute
                    : now_ms_ + age_ms(draw) + kMinute;
      return;
    }
    const double ahead = draw.column.span_seconds * attribute.ahead.value_or(0);
    if (draw.is_new) {
      draw.ms = now_ms_ + whole_ms(draw.u * ahead);
    } else {
      // An expired row is expired, however far ahead others are.
      draw.ms = now_ms_ - age_ms(draw) + (draw.u > 1 ? 0 : whole_ms(ahead));
    }
    return;
  }
  if (!is_id(attribute.type)) return;
  // An identifier with a time of its own.
  draw.ms = draw.is_new ? now_ms_ : now_ms_ - whole_ms(prng.unit() * draw.column.span_seconds);
}

AttributeValue Columns::draw(const Draw& one, Prng& prng) {
  AttributeValue value = draw_once(one, prng);
  if (!one.column.is_unique) return value;
  constexpr int kTries = 60;
  Draw again{one};
  for (int i = 0; i < kTries && !one.column.taken->insert(signature(value)).second; ++i) {
    // Too short to differ: sizes are rounded up to what uniqueness needs.
    if (i > 20) again.u = std::min(1.0, again.u + 0.02);
    value = draw_once(again, prng);
    if (i > 40 && value.as_string() != nullptr) {
      value = AttributeValue::string(*value.as_string() + random_word(prng, 4));
    }
  }
  return value;
}

AttributeValue Columns::draw_once(const Draw& one, Prng& prng) {
  const Attribute& attribute = *one.column.attribute;
  if (attribute.sequence_per) return next_in_sequence(one);
  if (!attribute.values.empty()) {
    if (one.is_new && attribute.is_state) {
      return enum_value(attribute, attribute.values.front().name);
    }
    double sum = 0;
    for (const model::EnumValue& value : attribute.values) {
      sum += value.share;
      if (one.u < sum) return enum_value(attribute, value.name);
    }
    return enum_value(attribute, attribute.values.back().name);
  }
  if (one.column.is_pooled) return pooled_value(one);
  const Demand* demand = one.column.demand;
  if (demand != nullptr && !demand->thresholds.empty() && attribute.type != ValueType::boolean) {
    const Demand::Threshold& threshold = demand->thresholds.front();
    const bool is_small = (prng.unit() < threshold.share) == threshold.below;
    const double bound = std::max(1.0, std::abs(threshold.value.to_double()));
    const double value =
        is_small ? std::floor(prng.unit() * bound) : std::ceil(bound * (1 + 9 * prng.unit())) + 1;
    return AttributeValue::number(rounded(value));
  }
  AttributeValue value = plain_value(one, prng);
  if (demand != nullptr && demand->sought_words > 0)
    put_sought_word(prng, demand->sought_words, value);
  return value;
}

const AttributeValue& Columns::pooled_value(const Draw& one) {
  Column& column = one.column;
  const Attribute& attribute = *column.attribute;
  const double values = std::max(
      1.0, std::floor(capacity::distinct_values(attribute, static_cast<double>(one.rows))));
  const double u = one.u - std::floor(one.u);
  const auto k = static_cast<std::size_t>(std::min(values - 1, std::floor(u * values)));
  if (column.demand != nullptr && k < column.demand->constants.size()) {
    return column.demand->constants[k];
  }
  if (k >= column.pool.size()) column.pool.resize(k + 1);
  if (column.pool[k]) return *column.pool[k];
  Prng prng = Prng(workload_.settings.seed_number)
                  .fork(workload_.entity(column.entity).name)
                  .fork(attribute.name)
                  .fork("value " + std::to_string(k));
  Draw fixed{one};
  fixed.u = (static_cast<double>(k) + 0.5) / values;
  fixed.is_new = false;
  fixed.ms = now_ms_ - age_ms(fixed);
  column.pool[k] = plain_value(fixed, prng);
  return *column.pool[k];
}

AttributeValue Columns::plain_value(const Draw& one, Prng& prng) const {
  const Attribute& attribute = *one.column.attribute;
  const double u = std::min(one.u, 1.0);
  const std::int64_t bytes = rounded(capacity::size_quantile(attribute.bytes, u));
  const std::int64_t entries =
      attribute.entries ? rounded(capacity::size_quantile(*attribute.entries, u)) : 0;
  switch (attribute.type) {
    case ValueType::ulid:
      return AttributeValue::string(random_ulid(prng, one.ms));
    case ValueType::ksuid:
      return AttributeValue::string(random_ksuid(prng, one.ms));
    case ValueType::uuid:
      return AttributeValue::string(attribute.sorts_as ? random_uuid7(prng, one.ms)
                                                       : random_uuid(prng));
    case ValueType::integer:
      if (attribute.sorts_as)
        return AttributeValue::number(one.ms * 1000 + static_cast<std::int64_t>(prng.below(1000)));
      return AttributeValue::number(random_whole(prng, bytes));
    case ValueType::number:
      return AttributeValue::number(random_decimal(prng, bytes));
    case ValueType::boolean:
      return AttributeValue::boolean(u < 0.5);
    case ValueType::timestamp:
    case ValueType::epoch_s:
    case ValueType::epoch_ms:
    case ValueType::date:
      return model::time_value(attribute.type, one.ms);
    case ValueType::binary:
      return {AttributeValue::Variant(dynamo::Binary{random_word(prng, bytes)})};
    case ValueType::list:
      return random_list(prng, bytes, entries);
    case ValueType::map:
      return random_map(prng, bytes, entries);
    case ValueType::set:
      return random_set(prng, attribute.element.value_or(ValueType::string), bytes,
                        std::max<std::int64_t>(entries, 1));
    case ValueType::string:
      break;
  }
  if (!attribute.sorts_as) return AttributeValue::string(random_text(prng, bytes));
  const std::string time = model::format_timestamp(one.ms);
  return AttributeValue::string(time +
                                random_word(prng, bytes - static_cast<std::int64_t>(time.size())));
}

AttributeValue Columns::next_in_sequence(const Draw& one) {
  const auto* scope = one.row.find(*one.column.attribute->sequence_per);
  const std::string key = scope == one.row.end() ? std::string() : signature(scope->second);
  return AttributeValue::number(
      ++sequences_[{one.column.entity.index, one.column.attribute->name + "/" + key}]);
}

bool Columns::is_unique(EntityId entity, const Attribute& attribute) const {
  if (!attribute.values.empty() || attribute.sequence_per || is_time(attribute.type)) return false;
  if (attribute.distinct_all) return true;
  const Entity& described = workload_.entity(entity);
  const std::vector<std::string> identity = own_identity(described);
  // The last part of an identity tells rows apart, unless it is said to have fewer values; parts before it, be it
  // before a parent, may be shared by many.
  if (!identity.empty() && described.id.back() == attribute.name)
    return !attribute.distinct || *attribute.distinct >= described.count;
  if (described.is_own_id(attribute.name)) return true;
  return std::any_of(described.unique.begin(), described.unique.end(),
                     [&](const model::Unique& unique) {
                       return support::contains(unique.attributes, attribute.name) &&
                              !is_shared_part(entity, unique, attribute);
                     });
}

bool Columns::is_shared_part(EntityId entity, const model::Unique& unique,
                             const Attribute& attribute) const {
  if (unique.attributes.size() < 2) return false;
  const Entity& described = workload_.entity(entity);
  const auto has_fewer = [&](const Attribute& part) {
    return part.distinct && *part.distinct < described.count;
  };
  if (has_fewer(attribute)) return true;
  const auto is_asked_apart = [&](const Attribute& part) {
    const Demand* demand = demands_.find(entity, part.name);
    return demand != nullptr && demand->is_asked_apart;
  };
  if (!is_asked_apart(attribute)) return false;
  double values = 1;
  bool is_last = true;
  bool is_before = true;
  for (const std::string& name : unique.attributes) {
    const Attribute* part = described.find(name);
    if (part == nullptr) continue;
    const bool can_tell = is_own(described, *part) && part->values.empty() &&
                          part->type != ValueType::boolean && !has_fewer(*part);
    if (part == &attribute) {
      is_before = false;
    } else if (can_tell && (is_time(part->type) || !is_asked_apart(*part))) {
      return true;
    } else if (can_tell && !is_before) {
      is_last = false;
    }
    const model::Relation* relation = described.relation_by(name);
    values *= relation != nullptr
                  ? described.count * relation->present / std::max(1.0, relation->children.mean)
                  : capacity::distinct_values(*part, described.count);
  }
  // Where the parts have too few values between them, the last one tells the rows apart.
  return !is_last || values >= 2 * described.count;
}

std::vector<Columns::Compound> Columns::compounds(EntityId entity) {
  const Entity& described = workload_.entity(entity);
  std::vector<Compound> found;
  for (const model::Unique& unique : described.unique) {
    if (unique.attributes.size() < 2) continue;
    Compound compound{&unique, {}, {}};
    bool differs = false;
    for (const std::string& name : unique.attributes) {
      const Attribute* part = described.find(name);
      if (part == nullptr || !is_own(described, *part)) continue;
      differs = differs || column(entity, *part).is_unique;
      const bool is_drawn = part->values.empty() && part->type != ValueType::boolean &&
                            !is_time(part->type) && !described.is_identity(name);
      if (is_drawn) compound.parts.push_back(part);
    }
    if (!differs) found.push_back(std::move(compound));
  }
  return found;
}

void Columns::tell_values_apart(EntityId entity, std::vector<Item>& rows) {
  std::vector<Compound> all = compounds(entity);
  if (all.empty()) return;
  const Entity& described = workload_.entity(entity);
  // By the first that can be drawn again: what the seed of an entity is does not depend on the others.
  const auto drawn =
      std::find_if(all.begin(), all.end(), [](const Compound& one) { return !one.parts.empty(); });
  const std::string by = drawn == all.end() ? std::string() : drawn->parts.back()->name;
  Prng prng = Prng(workload_.settings.seed_number).fork(described.name).fork(by);
  constexpr int kTries = 1000;
  std::erase_if(rows, [&](Item& row) {
    for (int i = 0; i < kTries; ++i) {
      // Together: what tells one apart may be a part of another.
      const auto repeated = std::find_if(all.begin(), all.end(), [&](const Compound& one) {
        const std::optional<std::string> text = text_of(row, one.unique->attributes);
        return text && one.taken.contains(*text);
      });
      if (repeated == all.end()) {
        for (Compound& one : all) {
          if (auto text = text_of(row, one.unique->attributes)) one.taken.insert(*std::move(text));
        }
        return false;
      }
      const std::vector<const Attribute*>& parts = repeated->parts;
      if (parts.empty()) return true;
      // The last part as long as it has other values, then any.
      const Attribute* part = i < kTries / 2 ? parts.back() : parts[prng.below(parts.size())];
      row.insert_or_assign(part->name, redraw(entity, *part, row, prng));
    }
    return true;
  });
}

}  // namespace ddbplan::seed
