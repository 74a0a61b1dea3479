#include "capacity/writes.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "capacity/joined.h"
#include "capacity/parents.h"
#include "capacity/sent.h"
#include "capacity/sizes.h"
#include "capacity/steps.h"
#include "dynamo/limits.h"
#include "dynamo/units.h"
#include "model/conjuncts.h"
#include "model/fan_out.h"

namespace ddbplan::capacity {
namespace {

using design::ItemLayout;
using design::KeyEntry;
using design::Operation;
using design::WriteAction;
using model::Attribute;

constexpr double kBlock = static_cast<double>(dynamo::kWriteBlockBytes);

using Names = std::set<std::string>;

struct ClauseName {
  const std::string& operator()(const design::SetValue& clause) const { return clause.attribute; }
  const std::string& operator()(const design::AddNumber& clause) const { return clause.attribute; }
  const std::string& operator()(const design::AppendTo& clause) const { return clause.attribute; }
  const std::string& operator()(const design::SetExtreme& clause) const { return clause.attribute; }
  const std::string& operator()(const design::RemoveAttribute& clause) const {
    return clause.attribute;
  }
};

std::vector<double> point(std::size_t count, std::size_t position) {
  std::vector<double> shares(count, 0.0);
  shares[position] = 1;
  return shares;
}

bool intersects(const Names& a, const Names& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& name) { return b.contains(name); });
}

class Effect {
 public:
  Effect(const model::Workload& workload, const design::Design& design, StockSizes& sizes,
         const model::Pattern& pattern, const WriteAction& action)
      : workload_(workload),
        design_(design),
        sizes_(sizes),
        layout_(design.items[action.layout]),
        entity_(workload.entity(layout_.entity)),
        table_(design.tables[layout_.table]),
        pattern_(pattern),
        action_(action),
        write_(write_of(pattern, action.action)) {}

  /// What is known of the row before and after, and nothing else.
  WriteEffect views() {
    look();
    return std::move(effect_);
  }

  WriteEffect of() {
    look();
    switch (action_.operation) {
      case Operation::put_item:
        put();
        break;
      case Operation::delete_item:
        remove();
        break;
      case Operation::condition_check:
        check();
        break;
      default:
        update();
        break;
    }
    return std::move(effect_);
  }

 private:
  void look() {
    switch (action_.operation) {
      case Operation::put_item:
        effect_.after = created_view();
        break;
      case Operation::delete_item:
        effect_.before = before_view();
        break;
      case Operation::condition_check:
        break;
      default:
        effect_.before = before_view();
        effect_.after = effect_.before;
        follow_clauses();
        break;
    }
  }

  /// True when the action is about the row that the pattern writes, or what stands beside it, not about a guard or a
  /// parent.
  [[nodiscard]] bool is_own_row() const {
    if (write_ == nullptr || write_->entities.empty()) return false;
    const bool is_beside =
        layout_.role == design::ItemRole::facet || layout_.role == design::ItemRole::copy;
    return is_beside ? is_about(*write_, layout_.entity)
                     : capacity::is_own_row(workload_, design_, *write_, action_);
  }

  /// A new row: its states are the first ones, unless the create names others.
  [[nodiscard]] RowView created_view() const {
    RowView view;
    for (const Attribute& attribute : entity_.attributes) {
      if (attribute.is_state && !attribute.values.empty()) {
        view.values[attribute.name] = point(attribute.values.size(), 0);
      }
    }
    if (is_own_row()) {
      for (const model::Assignment& assignment : write_->set) assign(assignment, view);
    }
    return view;
  }

  void assign(const model::Assignment& assignment, RowView& view) const {
    if (!assignment.value || *assignment.value == nullptr) return;
    set_constant(assignment.attribute, *assignment.value, view);
  }

  /// A constant fixes the value; a run-time value is drawn as the stock's are.
  void set_constant(const std::string& name, const model::OperandPtr& value, RowView& view) const {
    view.present[name] = 1;
    view.values.erase(name);
    const Attribute* attribute = entity_.find(name);
    if (attribute == nullptr || value == nullptr) return;
    const auto* constant = std::get_if<model::Constant>(&value->node);
    if (constant == nullptr) return;
    const std::size_t count = stock_values(*attribute).size();
    if (const auto position = value_position(*attribute, constant->value)) {
      view.values[name] = point(count, *position);
    }
  }

  void put() {
    const double replaces = is_own_row() && write_->kind == model::WriteKind::put
                                ? std::clamp(write_->replaces, 0.0, 1.0)
                                : 0;
    Names all;  // what a row of the same identity can have otherwise
    for (const std::string& name : layout_.attributes) {
      const Attribute* attribute = entity_.find(name);
      // A row that is written again is still its parents'.
      const bool stays = entity_.is_identity(name) || entity_.relation_by(name) != nullptr ||
                         (attribute != nullptr && attribute->immutable);
      if (!stays) all.insert(name);
    }
    const std::vector<double> in_after = shares_in_entries(effect_.after);
    const SizeLaw created = item_law(workload_, design_, layout_, context(in_after, {}));
    effect_.table_units = (1 - replaces) * created.expected_blocks(kBlock);
    if (replaces > 0) {
      const SizeLaw either = item_law(workload_, design_, layout_, context(in_after, all));
      effect_.table_units += replaces * either.expected_blocks_of_larger(kBlock);
    }
    for (std::size_t i = 0; i < layout_.entries.size(); ++i) {
      EntryEffect entry;
      entry.entry = i;
      if (replaces > 0) entry = rewritten(i, all);
      for (double* share : {&entry.enters, &entry.leaves, &entry.moves, &entry.changes}) {
        *share *= replaces;
      }
      entry.enters += (1 - replaces) * in_after[i];
      add(entry);
    }
  }

  void remove() {
    const std::vector<double> in_before = shares_in_entries(effect_.before);
    effect_.table_units =
        item_law(workload_, design_, layout_, as_known(effect_.before, context(in_before, {})))
            .expected_blocks(kBlock);
    for (std::size_t i = 0; i < layout_.entries.size(); ++i) {
      EntryEffect entry;
      entry.entry = i;
      entry.leaves = in_before[i];
      add(entry);
    }
  }

  void check() { effect_.table_units = sizes_.item_write_units(action_.layout); }

  /// Applies the clauses of an update to the view after it.
  void follow_clauses() {
    for (const design::UpdateClause& clause : action_.update) {
      const std::string& name = std::visit(ClauseName{}, clause);
      // The identity and the type that an upsert repeats are what they were.
      if (entity_.is_identity(name) || entity_.find(name) == nullptr) continue;
      changed_.insert(name);
      if (const auto* value = std::get_if<design::SetValue>(&clause)) {
        set_constant(name, value->value, effect_.after);
      } else if (std::holds_alternative<design::RemoveAttribute>(clause)) {
        effect_.after.present[name] = 0;
      } else {
        effect_.after.present[name] = 1;
      }
    }
  }

  void update() {
    const std::vector<double> in_before = shares_in_entries(effect_.before);
    const std::vector<double> in_after = shares_in_entries(effect_.after);
    const SizeLaw old_law = item_law(workload_, design_, layout_,
                                     as_known(effect_.before, context(in_before, changed_)));
    const SizeLaw new_law =
        item_law(workload_, design_, layout_, as_known(effect_.after, context(in_after, changed_)));
    effect_.table_units =
        (old_law.mean() > new_law.mean() ? old_law : new_law).expected_blocks_of_larger(kBlock);
    for (std::size_t i = 0; i < layout_.entries.size(); ++i) {
      if (touches(i, changed_)) add(rewritten(i, changed_));
    }
  }

  /// The row is still as an earlier step found it: what it lacked then it lacks now (design::absent_where_missing).
  [[nodiscard]] bool compares_with_found(const model::Expression& term) const {
    const auto* compare = std::get_if<model::Compare>(&term.node);
    const auto* parameter = compare == nullptr || compare->right == nullptr
                                ? nullptr
                                : std::get_if<model::ParameterRef>(&compare->right->node);
    if (parameter == nullptr) return false;
    const auto known = action_.known.find(parameter->name);
    return known != action_.known.end() && std::holds_alternative<design::FromStep>(known->second);
  }

  /// Of the row that the write finds: what its condition and its move's `from` say.
  [[nodiscard]] RowView before_view() const {
    RowView view;
    for (const model::ExpressionPtr& term : model::conjuncts(action_.condition)) {
      if (!compares_with_found(*term))
        view = restricted(workload_, layout_.entity, term, std::move(view));
    }
    if (!is_own_row() || !write_->move) return view;
    const Attribute* attribute = entity_.find(write_->move->attribute);
    if (attribute == nullptr || write_->move->from.empty()) return view;
    std::vector<double> shares = stock_values(*attribute);
    double kept = 0;
    for (std::size_t i = 0; i < attribute->values.size(); ++i) {
      const auto& from = write_->move->from;
      const bool stays =
          std::find(from.begin(), from.end(), attribute->values[i].name) != from.end();
      if (!stays) shares[i] = 0;
      kept += shares[i];
    }
    if (kept <= 0) return view;
    for (double& share : shares) share /= kept;
    view.values[attribute->name] = std::move(shares);
    view.present[attribute->name] = 1;
    return view;
  }

  [[nodiscard]] std::vector<double> shares_in_entries(const RowView& view) const {
    std::vector<double> shares;
    for (const KeyEntry& entry : layout_.entries) {
      shares.push_back(entry_share(workload_, layout_, entry, view));
    }
    return shares;
  }

  static SizeContext context(const std::vector<double>& in_entry, const Names& changed) {
    SizeContext out;
    out.in_entry = in_entry;
    out.changed.assign(changed.begin(), changed.end());
    return out;
  }

  /// Of rows that surely have some attributes, or lack them: so the condition says, or the write makes it so.
  static SizeContext as_known(const RowView& view, SizeContext context) {
    for (const auto& [name, share] : view.present) {
      if (share >= 1) context.present.push_back(name);
      if (share <= 0) context.absent.push_back(name);
    }
    return context;
  }

  [[nodiscard]] const design::Index& index_of(std::size_t entry) const {
    return *table_.find_index(*layout_.entries[entry].index);
  }

  /// True when an entry can be another afterwards: in its key, its membership or its content.
  [[nodiscard]] bool touches(std::size_t position, const Names& changed) const {
    const KeyEntry& entry = layout_.entries[position];
    return intersects(key_attributes(entry), changed) ||
           intersects(attributes_in(entry.when), changed) || changes_content(position, changed);
  }
  [[nodiscard]] bool changes_content(std::size_t position, const Names& changed) const {
    return std::any_of(changed.begin(), changed.end(), [&](const std::string& name) {
      const bool stored = std::find(layout_.attributes.begin(), layout_.attributes.end(), name) !=
                          layout_.attributes.end();
      return stored && projects(table_, index_of(position), name);
    });
  }

  /// Of an entry that is written anew in place, some of its attributes changed.
  [[nodiscard]] double changed_units(std::size_t position, const Names& changed) const {
    return entry_law(workload_, design_, layout_, layout_.entries[position], context({}, changed))
        .expected_blocks_of_larger(kBlock);
  }

  /// An entry of a row that is there before and after, and whose `changed` attributes are drawn
  /// anew.
  [[nodiscard]] EntryEffect rewritten(std::size_t position, const Names& changed) const {
    const KeyEntry& entry = layout_.entries[position];
    EntryEffect effect;
    effect.entry = position;
    // Terms and key attributes that the write leaves alone hold before and after, or never.
    const Shares shares = split_shares(entry, changed);
    effect.enters = shares.common * (1 - shares.before) * shares.after;
    effect.leaves = shares.common * shares.before * (1 - shares.after);
    const double both = shares.common * shares.before * shares.after;
    // Of rows that are in the entry both times.
    const RowView before = restricted(workload_, layout_.entity, entry.when, effect_.before);
    const RowView after = restricted(workload_, layout_.entity, entry.when, effect_.after);
    const double same_key = share_unchanged(entity_, key_attributes(entry), changed, before, after);
    effect.moves = both * (1 - same_key);
    Names content;
    for (const std::string& name : changed) {
      if (changes_content(position, {name})) content.insert(name);
    }
    const double same = share_unchanged(entity_, content, changed, before, after);
    effect.changes = both * std::max(0.0, same_key - same);
    if (effect.changes > 0) effect.changed_units = changed_units(position, changed);
    return effect;
  }

  struct Shares {
    double common = 1;
    double before = 1;
    double after = 1;
  };
  [[nodiscard]] Shares split_shares(const KeyEntry& entry, const Names& changed) const {
    std::vector<model::ExpressionPtr> terms;
    if (entry.when != nullptr) {
      const auto* all = std::get_if<model::And>(&entry.when->node);
      terms = all != nullptr ? all->terms : std::vector<model::ExpressionPtr>{entry.when};
    }
    Shares shares;
    RowView common = effect_.before;
    RowView old_view = effect_.before;
    RowView new_view = effect_.after;
    for (const model::ExpressionPtr& term : terms) {
      if (intersects(attributes_in(term), changed)) {
        shares.before *= share_of(workload_, layout_.entity, term, old_view);
        shares.after *= share_of(workload_, layout_.entity, term, new_view);
        old_view = restricted(workload_, layout_.entity, term, old_view);
        new_view = restricted(workload_, layout_.entity, term, new_view);
      } else {
        shares.common *= share_of(workload_, layout_.entity, term, common);
        common = restricted(workload_, layout_.entity, term, common);
      }
    }
    // Without `when` entry_share is the presence of the key's attributes.
    for (const std::string& name : key_attributes(entry)) {
      KeyEntry only = entry;
      only.when = nullptr;
      keep_field(only, name);
      if (changed.contains(name)) {
        shares.before *= entry_share(workload_, layout_, only, old_view);
        shares.after *= entry_share(workload_, layout_, only, new_view);
      } else {
        shares.common *= entry_share(workload_, layout_, only, common);
      }
    }
    return shares;
  }

  static void keep_field(KeyEntry& entry, const std::string& name) {
    for (auto* templates : {&entry.partition, &entry.sort}) {
      for (design::KeyTemplate& key : *templates) {
        std::erase_if(key.parts, [&](const design::KeyPart& part) {
          const auto* field = std::get_if<design::Field>(&part);
          return field == nullptr || field->attribute != name;
        });
      }
    }
  }

  void add(EntryEffect entry) {
    const double done = model::share_done(pattern_);
    for (double* share : {&entry.enters, &entry.leaves, &entry.moves, &entry.changes}) {
      *share *= done;
    }
    entry.old_units = sizes_.entry_write_units(action_.layout, entry.entry);
    entry.new_units = entry.old_units;
    effect_.entries.push_back(entry);
  }

  const model::Workload& workload_;
  const design::Design& design_;
  StockSizes& sizes_;
  const ItemLayout& layout_;
  const model::Entity& entity_;
  const design::Table& table_;
  const model::Pattern& pattern_;
  const WriteAction& action_;
  const model::Write* write_;
  WriteEffect effect_;
  // Attributes that the clauses of an update make another value of.
  Names changed_;
};

}  // namespace

const model::Write* write_of(const model::Pattern& pattern, std::size_t action) {
  if (const auto* write = std::get_if<model::Write>(&pattern.action)) return write;
  const auto* transaction = std::get_if<model::Transaction>(&pattern.action);
  if (transaction == nullptr || action >= transaction->writes.size()) return nullptr;
  return &transaction->writes[action];
}

bool is_own_row(const model::Workload& workload, const design::Design& design,
                const model::Write& write, const WriteAction& action) {
  const ItemLayout& layout = design.items[action.layout];
  if (layout.role != design::ItemRole::row || !is_about(write, layout.entity)) return false;
  // In a tree a row's parent, in which it is counted, is one of its kind: known by another attribute.
  const std::vector<std::string>& id = workload.entity(layout.entity).id;
  return action.for_each_found || std::all_of(id.begin(), id.end(), [&](const std::string& name) {
           const auto known = action.known.find(name);
           if (known == action.known.end()) return true;
           const auto* said = std::get_if<design::FromParameter>(&known->second);
           const auto* read = std::get_if<design::FromStep>(&known->second);
           return (said == nullptr || said->name == name) &&
                  (read == nullptr || read->attribute == name);
         });
}

namespace {

Effect effect_of(const StepContext& context, const WriteAction& action) {
  return {context.workload, context.design, context.sizes, context.pattern(), action};
}

}  // namespace

WriteEffect views_of(const StepContext& context, const WriteAction& action) {
  return effect_of(context, action).views();
}

namespace {

/// One execution of an action; `transactional`: it is one of a transaction's.
WriteEffect write_effect(const StepContext& context, const WriteAction& action,
                         bool transactional) {
  WriteEffect effect = effect_of(context, action).of();
  // Rounded, then doubled, and the table's part alone (measured: dynamo::table_write_units).
  if (transactional || action.operation == Operation::condition_check) effect.table_units *= 2;
  return effect;
}

/// The step whose rows an action is repeated for. Of a write for each related row, or of all rows that a query
/// finds, every row's transaction carries what belongs to it, even where the key is the call's (a counter of the
/// parent that all rows share).
std::optional<std::size_t> repeating_step(const StepContext& context, const design::Step& step,
                                          const WriteAction& action) {
  const auto finds_many = [&](std::optional<std::size_t> position) {
    return position && context.plan.steps[*position].operation != design::Operation::get_item;
  };
  const auto own = feeding_step(action);
  const auto* write = std::get_if<model::Write>(&context.pattern().action);
  // What a get found is for all rows that a query did.
  const bool is_by_row = write != nullptr && !write->for_each && !finds_many(own) &&
                         step.operation == design::Operation::transact_write_items;
  if (is_by_row && finds_many(feeding_step(step.actions.front())))
    return feeding_step(step.actions.front());
  if (own || write == nullptr || !write->for_each) return own;
  for (const WriteAction& other : step.actions) {
    if (const auto feeder = feeding_step(other)) return feeder;
  }
  return std::nullopt;
}

}  // namespace

StepUsage write_usage(const StepContext& context, const design::Step& step) {
  StepUsage usage;
  const bool transactional = step.operation == Operation::transact_write_items;
  const bool batched = step.operation == Operation::batch_write_item;
  double executions = 0;
  for (const WriteAction& action : step.actions) {
    std::vector<ResourceUnits>& own = usage.by_action.emplace_back();
    const WriteAction* const main = action.is_joined ? joined_with(step, action) : nullptr;
    const double alone =
        action.is_joined && main == nullptr ? share_left_to_check(context, step, action) : 1;
    if (alone <= 0) continue;
    double times = action.times.mean;
    double times_max = std::max(action.times.max, times);
    const auto feeder = repeating_step(context, step, action);
    // What each row of the call has read for itself is not read for each of the others.
    if (feeder && context.plan.steps[*feeder].times.max <= 1) {
      times *= context.done[*feeder].items;
      times_max *= std::max(1.0, context.done[*feeder].items);
    }
    const model::Write* write = write_of(context.pattern(), action.action);
    if (write != nullptr && write->for_each)
      times_max = std::max(times, model::fan_out(context.workload, *write).max);
    if (batched && write != nullptr && write->batch && action.times.max <= 1) {
      times *= write->batch->mean;
      times_max *= write->batch->max;
    }
    times *= alone * share_sent(context, step, action);
    executions = std::max(executions, times);
    usage.requests.max = std::max(usage.requests.max, times_max);
    const ItemLayout& layout = context.design.items[action.layout];
    const bool is_of_parents = action.times.max > 1 && write != nullptr &&
                               layout.role == design::ItemRole::row &&
                               !is_own_row(context.workload, context.design, *write, action);
    if (is_of_parents) times = parents_of_new_rows(context, *write, layout.entity, times);
    const WriteAction whole = is_checked(step, action) ? with_checks(step, action)
                              : main != nullptr        ? with_condition_of(*main, action)
                                                       : action;
    WriteEffect effect = write_effect(context, whole, transactional);
    if (main != nullptr) keep_added(effect, write_effect(context, *main, transactional));
    add_units(own, layout.table, std::nullopt, 0, times * effect.table_units);
    for (const EntryEffect& entry : effect.entries) {
      add_units(own, layout.table, layout.entries[entry.entry].index, 0, times * entry.units());
    }
    for (const ResourceUnits& one : own)
      add_units(usage.units, one.table, one.index, one.read, one.write);
    if (context.effects != nullptr) context.effects->push_back({&action, times, std::move(effect)});
  }
  usage.requests.mean = executions;
  if (batched) {
    constexpr double kItems = dynamo::limits::kBatchWriteItemsMax;
    const double most = std::ceil(usage.requests.max / kItems);
    usage.requests = {std::max(1.0, executions / kItems), std::max(1.0, most)};
  } else if (transactional && (context.done.empty() || std::holds_alternative<model::Transaction>(
                                                           context.pattern().action))) {
    usage.requests = {1, 1};
  }
  return usage;
}

}  // namespace ddbplan::capacity
