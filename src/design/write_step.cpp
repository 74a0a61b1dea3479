// Steps that write: rows become items, moves become updates that carry the row from one index entry
// to the next, several actions become one transaction.
#include <algorithm>
#include <functional>
#include <utility>

#include "design/prepared_write.h"
#include "dynamo/limits.h"
#include "model/evaluate.h"
#include "support/check.h"

namespace ddbplan::design {
namespace {

using dynamo::AttributeValue;
using dynamo::Decimal;
using dynamo::Item;

/// What an UpdateItem does to the attributes that are known: the row afterwards, as far as it
/// matters to keys.
Item row_after(Item row, const std::vector<UpdateClause>& update, const model::Scope& scope,
               const Execution& execution, const std::vector<std::size_t>& layouts) {
  struct Visitor {
    Item& row;
    const model::Scope& scope;
    const Execution& execution;
    const std::vector<std::size_t>& layouts;

    void operator()(const SetValue& clause) const {
      const model::ValueType type = execution.type_of(layouts, clause.attribute);
      std::optional<AttributeValue> value = model::evaluate(*clause.value, scope, type);
      if (value) row.insert_or_assign(clause.attribute, *std::move(value));
    }
    void operator()(const AddNumber& clause) const {
      auto* before = row.find(clause.attribute);
      const std::optional<AttributeValue> amount = model::evaluate(*clause.amount, scope);
      if (before == row.end() || !amount) return;
      const Decimal* number = before->second.as_number();
      const Decimal* change = amount->as_number();
      if (number == nullptr || change == nullptr) return;
      const auto sum =
          clause.subtract ? Decimal::subtract(*number, *change) : Decimal::add(*number, *change);
      if (sum) before->second = AttributeValue::number(*sum);
    }
    void operator()(const AppendTo&) const {}  // a list is never part of a key
    void operator()(const RemoveAttribute& clause) const { row.erase(clause.attribute); }
    void operator()(const SetExtreme& clause) const {
      (*this)(SetValue{clause.attribute, clause.value});  // settled before, see settled()
    }
  };
  const Item before = row;
  model::Scope with_row = scope;
  with_row.row = &before;
  for (const UpdateClause& clause : update)
    std::visit(Visitor{row, with_row, execution, layouts}, clause);
  return row;
}

/// A sum that is kept of rows gains nothing from one that has no such value.
bool adds_nothing(const UpdateClause& clause, const model::Entity& entity,
                  const model::Scope& scope) {
  const auto* add = std::get_if<AddNumber>(&clause);
  const auto* amount =
      add == nullptr ? nullptr : std::get_if<model::ParameterRef>(&add->amount->node);
  if (amount == nullptr || scope.parameters->contains(amount->name)) return false;
  const model::Attribute* kept = entity.find(add->attribute);
  return entity.rollup || (kept != nullptr && kept->upkeep);
}

/// Clauses whose values are given: a pattern may set "any non-identity attribute", and a call sets
/// some. What `reads` says was looked for and is not there goes.
std::vector<UpdateClause> given_clauses(const std::vector<UpdateClause>& update,
                                        const model::Entity& entity, const model::Scope& scope,
                                        const std::function<bool(const std::string&)>& reads) {
  std::vector<UpdateClause> given;
  for (const UpdateClause& clause : update) {
    const auto* set = std::get_if<SetValue>(&clause);
    const auto* parameter =
        set == nullptr ? nullptr : std::get_if<model::ParameterRef>(&set->value->node);
    if (adds_nothing(clause, entity, scope)) continue;
    if (parameter == nullptr || scope.parameters->contains(parameter->name)) {
      given.push_back(clause);
    } else if (reads(parameter->name)) {
      given.emplace_back(RemoveAttribute{set->attribute});
    }
  }
  return given;
}

/// What the caller has to compare itself is compared.
std::vector<UpdateClause> settled(const std::vector<UpdateClause>& update,
                                  const model::Scope& scope) {
  std::vector<UpdateClause> out;
  for (const UpdateClause& clause : update) {
    const auto* extreme = std::get_if<SetExtreme>(&clause);
    if (extreme == nullptr) {
      out.push_back(clause);
      continue;
    }
    std::optional<AttributeValue> best = model::evaluate(*extreme->value, scope);
    const auto* was = scope.parameters->find(extreme->was);
    if (was != scope.parameters->end()) {
      const bool stays =
          !best ||
          (extreme->greatest ? model::compare_in_order(nullptr, &was->second, &*best) >= 0
                             : model::compare_in_order(nullptr, &was->second, &*best) <= 0);
      if (stays) best = was->second;
    }
    if (!best) continue;
    SetExtreme one = *extreme;
    one.value = std::make_shared<const model::Operand>(
        model::Operand{model::Constant{*std::move(best)}, {}});
    out.emplace_back(std::move(one));
  }
  return out;
}

/// The row with what it surely has of attributes that are key attributes as they are, whatever their values: the
/// index follows them, and this write need not know them.
Item with_followed(const model::Entity& entity, const KeyEntry& entry,
                   const dynamo::KeySchema& schema, const Item& row) {
  Item out = row;
  const auto add = [&](const std::vector<KeyTemplate>& keys,
                       const std::vector<dynamo::KeyAttribute>& attributes) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const dynamo::KeyAttribute& own = attributes[i];
      const model::Attribute* attribute = entity.find(own.name);
      const bool is_followed =
          attribute != nullptr && attribute->present >= 1 && keys[i].parts.size() == 1;
      if (!is_followed || out.contains(own.name)) continue;
      out.insert_or_assign(own.name, own.type == dynamo::ScalarType::N
                                         ? AttributeValue::number(std::int64_t{0})
                                         : AttributeValue::string("0"));
    }
  };
  add(entry.partition, schema.partition);
  add(entry.sort, schema.sort);
  return out;
}

/// The action without the entries that hang on what the call could have given and has not: they stay as they are.
WriteAction without_untouched(const WriteAction& action, const ItemLayout& layout,
                              const std::vector<UpdateClause>& given) {
  if (given.size() == action.update.size()) return action;
  const auto changes = [](const std::vector<UpdateClause>& clauses, const std::string& name) {
    return std::any_of(clauses.begin(), clauses.end(), [&](const UpdateClause& clause) {
      return std::visit([&](const auto& one) { return one.attribute == name; }, clause);
    });
  };
  WriteAction out = action;
  std::erase_if(out.maintains, [&](std::size_t position) {
    const std::vector<std::string> inputs = inputs_of(layout.entries[position]);
    const auto is_changed_by = [&](const std::vector<UpdateClause>& clauses) {
      return std::any_of(inputs.begin(), inputs.end(),
                         [&](const std::string& name) { return changes(clauses, name); });
    };
    return is_changed_by(action.update) && !is_changed_by(given);
  });
  return out;
}

class WriteStep {
 public:
  WriteStep(Execution& execution, std::size_t position)
      : execution_(execution), position_(position), step_(execution.plan.steps[position]) {}

  void run() {
    // A write that follows a look-up which found nothing has nothing to write.
    for (const WriteAction& action : step_.actions) {
      for (const std::size_t used : steps_used(action)) {
        const bool is_needed =
            !action.for_each_found && !execution_.plan.steps[used].may_find_nothing;
        if (is_needed && finds_nothing(action, used)) return;
      }
    }
    if (step_.operation == Operation::transact_write_items) return run_transactions();
    std::vector<PreparedWrite> writes;
    for (const WriteAction& action : step_.actions) {
      prepare_all(action, std::nullopt, writes);
      if (execution_.failed()) return;
    }
    if (step_.operation == Operation::batch_write_item) {
      batch(writes);
    } else {
      one_by_one(std::move(writes));
    }
  }

 private:
  /// The step found nothing, or nothing that the action's own call names.
  [[nodiscard]] bool finds_nothing(const WriteAction& action, std::size_t step) const {
    const std::vector<Found>& found = execution_.found[step];
    const auto is_in_vain = [&](const Call& call) {
      return call.action == action.action && execution_.asks(step, call.values) &&
             std::none_of(found.begin(), found.end(), [&](const Found& one) {
               return execution_.is_named_by(one.item, step, call.values);
             });
    };
    const std::vector<Call>& calls = execution_.parameters.calls;
    const bool may_be_left_out = !execution_.plan.steps[step].only_if_given.empty();
    return (found.empty() && !may_be_left_out) ||
           std::any_of(calls.begin(), calls.end(), is_in_vain);
  }

  /// Writes of related rows that are not one transaction, or of all that a query finds, stand each by themselves: a row
  /// whose condition fails is passed over, so that they can be repeated from their start.
  [[nodiscard]] bool passes_over() const {
    const auto* write =
        std::get_if<model::Write>(&execution_.workload.pattern(execution_.plan.pattern).action);
    if (write == nullptr) return false;
    const model::Entity& entity = execution_.workload.entity(write->entities.front());
    return write->for_each.has_value() || model::is_about_many(entity, *write);
  }

  /// A row that an earlier step found: the latest one that the actions follow.
  struct FoundRow {
    std::size_t step = 0;
    std::size_t position = 0;
  };

  /// A transaction; for a write of all rows that a query finds one for each row, since there may be more of
  /// them than a transaction takes.
  void run_transactions() {
    const bool is_one_write = std::holds_alternative<model::Write>(
        execution_.workload.pattern(execution_.plan.pattern).action);
    // The pattern's own row comes first; what follows it may be many items of one transaction.
    const std::set<std::size_t> refs = steps_used(step_.actions.front());
    const bool by_row = is_one_write && !refs.empty() && finds_many(refs);
    const std::size_t rows = by_row ? execution_.found[*refs.rbegin()].size() : 1;
    for (std::size_t row = 0; row < rows && !execution_.failed(); ++row) {
      const auto only = by_row ? std::optional(FoundRow{*refs.rbegin(), row}) : std::nullopt;
      std::vector<PreparedWrite> writes;
      for (const WriteAction& action : step_.actions) {
        prepare_all(action, only, writes);
        if (execution_.failed()) return;
      }
      for (PreparedWrite& write : writes) {
        if (write.is_added_to) materialise_again(write);
      }
      transact(std::move(writes));
    }
  }

  /// The item with the index keys that its attributes make.
  void materialise_again(PreparedWrite& write) const {
    const ItemLayout& layout = execution_.design.items[write.layout];
    auto item = materialise(layout, execution_.design.tables[layout.table],
                            execution_.workload.settings.type_attribute, write.item);
    if (item) write.item = *std::move(item);
  }

  [[nodiscard]] bool finds_many(const std::set<std::size_t>& steps) const {
    return std::any_of(steps.begin(), steps.end(), [&](std::size_t step) {
      const Step& read = execution_.plan.steps[step];
      return read.operation != Operation::get_item && read.times.max <= 1;
    });
  }

  /// The bindings are about the row, or about what led to it.
  [[nodiscard]] bool is_about(const Bindings& bindings, const FoundRow& row) const {
    const auto& led_by = execution_.found[row.step][row.position].origin;
    return std::all_of(bindings.origin.begin(), bindings.origin.end(), [&](const auto& bound) {
      if (bound.first == row.step) return bound.second == row.position;
      const auto led = led_by.find(bound.first);
      return led == led_by.end() || led->second == bound.second;
    });
  }

  /// `only`: for this row, or for every row.
  void prepare_all(const WriteAction& action, const std::optional<FoundRow>& only,
                   std::vector<PreparedWrite>& writes) {
    const std::set<std::size_t> refs = steps_used(action);
    for (const Call& call : execution_.parameters.calls) {
      if (call.action != action.action) continue;
      for (const Bindings& bindings : execution_.bindings_for(refs, call.values)) {
        if (only && !is_about(bindings, *only)) continue;
        std::optional<PreparedWrite> write = prepare(action, bindings);
        if (execution_.failed()) return;
        if (!write) continue;
        if (step_.operation == Operation::transact_write_items) {
          add_to_transaction(writes, *std::move(write),
                             [this](PreparedWrite both) { return update_keys(std::move(both)); });
        } else {
          writes.push_back(*std::move(write));
        }
      }
    }
  }

  /// The row as the write knows it: the call's values, overlaid by the action's sources. An
  /// attribute that a source does not have is known to be missing.
  [[nodiscard]] Item known_row(const WriteAction& action, const Bindings& bindings) const {
    Item row = bindings.values;
    for (const auto& [attribute, source] : action.known) {
      const model::ValueType type = execution_.type_of({action.layout}, attribute);
      std::optional<AttributeValue> value = execution_.resolve(source, type, bindings);
      if (value) {
        row.insert_or_assign(attribute, *std::move(value));
      } else {
        row.erase(attribute);
      }
    }
    const ShardRule& shards = execution_.design.items[action.layout].base.shards;
    if (shards.by_request)
      row.insert_or_assign(kRequestShard, execution_.picked_shard(bindings.values));
    return row;
  }

  std::optional<PreparedWrite> prepare(const WriteAction& action, const Bindings& bindings) {
    const ItemLayout& layout = execution_.design.items[action.layout];
    const Table& table = execution_.design.tables[layout.table];
    const Item row = known_row(action, bindings);
    const auto is_given = [&](const std::string& name) { return bindings.values.contains(name); };
    if (!std::all_of(action.only_if_given.begin(), action.only_if_given.end(), is_given))
      return std::nullopt;
    if (action.only_if != nullptr) {
      model::Scope scope;
      scope.row = &row;
      scope.parameters = &bindings.values;
      scope.now_ms = execution_.parameters.now_ms;
      if (!model::holds(action.only_if, scope)) return std::nullopt;
    }
    PreparedWrite write;
    write.operation = action.operation;
    write.table = table.name;
    write.layout = action.layout;
    std::optional<Item> key = base_key(layout, table, row);
    // A guard of a missing attribute: there is no such item.
    if (!key) return std::nullopt;
    write.key = *std::move(key);
    if (action.operation == Operation::put_item) {
      std::optional<Item> item =
          materialise(layout, table, execution_.workload.settings.type_attribute, row);
      if (!item) return std::nullopt;
      write.item = *std::move(item);
      write.is_renewed = action.is_renewed;
    }
    write_expressions(action, layout, table, row, bindings, write);
    // What changes nothing still wants its item to be there; a transaction takes no update without an expression.
    const bool only_checks = step_.operation == Operation::transact_write_items &&
                             write.operation == Operation::update_item && write.update.empty();
    if (only_checks && !write.condition) return std::nullopt;
    if (only_checks) write.operation = Operation::condition_check;
    return write;
  }

  static std::optional<Item> base_key(const ItemLayout& layout, const Table& table,
                                      const Item& row) {
    KeyEntry base = layout.base;
    // Whether the item exists is the condition's business.
    base.when = nullptr;
    return entry_key(base, table.key, row);
  }

  void write_expressions(const WriteAction& action, const ItemLayout& layout, const Table& table,
                         const Item& row, const Bindings& bindings, PreparedWrite& write) {
    // Sources count as parameters of the same name, where the call gives none.
    Item parameters = bindings.values;
    parameters.insert(row.begin(), row.end());
    model::Scope scope;
    scope.parameters = &parameters;
    scope.now_ms = execution_.parameters.now_ms;
    ExpressionWriter writer;
    const model::Entity& entity = execution_.workload.entity(layout.entity);
    if (action.operation == Operation::update_item) {
      const auto reads = [&](const std::string& name) {
        const auto known = action.known.find(name);
        const auto* from =
            known == action.known.end() ? nullptr : std::get_if<FromStep>(&known->second);
        return from != nullptr && execution_.item_of(bindings, from->step) != nullptr;
      };
      const std::vector<UpdateClause> clauses =
          settled(given_clauses(action.update, entity, scope, reads), scope);
      const Item after = row_after(row, clauses, scope, execution_, {action.layout});
      for (const UpdateClause& clause : clauses)
        write.changed.insert(std::visit([](const auto& one) { return one.attribute; }, clause));
      write.maintains = without_untouched(action, layout, clauses).maintains;
      write.keys = keys_after(layout, table, write.maintains, after);
      write.after = after;
      write.update = write_update(writer, entity, clauses, write.keys);
    }
    // Values that were read before, of attributes that the row need not have.
    std::vector<std::string> read_before;
    for (const auto& [name, source] : action.known) {
      if (std::holds_alternative<FromStep>(source)) read_before.push_back(name);
    }
    const model::ExpressionPtr condition =
        absent_where_missing(action.condition, read_before, parameters);
    if (condition != nullptr) write.condition = writer.condition(*condition);
    ExpressionWriter::Values values = writer.values(scope, [&](const std::string& attribute) {
      return execution_.type_of({action.layout}, attribute);
    });
    if (values.missing) execution_.fail("a value is not given: " + *values.missing);
    write.expression = std::move(values.expression);
  }

  [[nodiscard]] IndexKeys keys_after(const ItemLayout& layout, const Table& table,
                                     const std::vector<std::size_t>& maintained,
                                     const Item& after) const {
    const model::Entity& entity = execution_.workload.entity(layout.entity);
    return index_keys(
        layout, table, maintained, [&](const KeyEntry& entry, const dynamo::KeySchema& schema) {
          return entry_key(entry, schema, with_followed(entity, entry, schema, after));
        });
  }

  /// The index keys that two updates of one row make together.
  [[nodiscard]] PreparedWrite update_keys(PreparedWrite both) const {
    const ItemLayout& layout = execution_.design.items[both.layout];
    const Table& table = execution_.design.tables[layout.table];
    both.keys = keys_after(layout, table, both.maintains, both.after);
    ExpressionWriter writer;
    both.update = write_update(writer, execution_.workload.entity(layout.entity), {}, both.keys);
    both.condition.reset();
    both.expression = writer
                          .values(model::Scope{},
                                  [&](const std::string& attribute) {
                                    return execution_.type_of({both.layout}, attribute);
                                  })
                          .expression;
    return both;
  }

  void one_by_one(std::vector<PreparedWrite> writes) {
    for (PreparedWrite& write : writes) {
      const dynamo::Response* response = nullptr;
      if (write.operation == Operation::put_item) {
        response = execution_.send(position_, put_request(std::move(write)));
      } else if (write.operation == Operation::delete_item) {
        response = execution_.send(position_, delete_request(std::move(write)));
      } else {
        dynamo::UpdateItemRequest request = update_request(std::move(write));
        if (is_used_later()) request.return_values = dynamo::ReturnValues::all_new;
        response = execution_.send(position_, std::move(request));
      }
      if (response == nullptr && !pass_over()) return;
      if (response != nullptr && response->attributes) {
        execution_.found[position_].push_back(
            {*response->attributes, step_.actions.front().layout, {}});
      }
    }
  }

  [[nodiscard]] bool is_used_later() const {
    for (const Step& later : execution_.plan.steps) {
      if (steps_used(later).contains(position_)) return true;
      for (const WriteAction& action : later.actions) {
        if (steps_used(action).contains(position_)) return true;
      }
    }
    return false;
  }

  void batch(const std::vector<PreparedWrite>& writes) {
    const auto size = static_cast<std::size_t>(dynamo::limits::kBatchWriteItemsMax);
    for (std::size_t begin = 0; begin < writes.size(); begin += size) {
      dynamo::BatchWriteItemRequest request;
      for (std::size_t i = begin; i < std::min(begin + size, writes.size()); ++i) {
        dynamo::BatchWrite one;
        if (writes[i].operation == Operation::put_item) {
          one.data.emplace<0>(writes[i].item);
        } else {
          one.data.emplace<1>(writes[i].key);
        }
        request.tables[writes[i].table].push_back(std::move(one));
      }
      if (execution_.send(position_, std::move(request)) == nullptr) return;
    }
  }

  void transact(std::vector<PreparedWrite> writes) {
    if (writes.empty()) return;
    dynamo::TransactWriteItemsRequest request;
    request.client_request_token = execution_.parameters.token;
    for (PreparedWrite& write : writes) {
      if (write.operation == Operation::put_item) {
        request.actions.emplace_back(put_request(std::move(write)));
      } else if (write.operation == Operation::delete_item) {
        request.actions.emplace_back(delete_request(std::move(write)));
      } else if (write.operation == Operation::update_item) {
        request.actions.emplace_back(update_request(std::move(write)));
      } else {
        dynamo::ConditionCheck check;
        check.table = std::move(write.table);
        check.key = std::move(write.key);
        check.condition = write.condition.value_or("");
        check.expression = std::move(write.expression);
        request.actions.emplace_back(std::move(check));
      }
    }
    if (execution_.send(position_, std::move(request)) == nullptr) pass_over();
  }

  /// The error of the last request is of one row's condition, and the other rows are written all the same.
  bool pass_over() {
    const std::string& type = execution_.answer.error->type;
    const bool is_condition =
        type == "ConditionalCheckFailedException" || type == "TransactionCanceledException";
    if (!is_condition || !passes_over()) return false;
    execution_.answer.error.reset();
    return true;
  }

  static dynamo::PutItemRequest put_request(PreparedWrite write) {
    dynamo::PutItemRequest request;
    request.table = std::move(write.table);
    request.item = std::move(write.item);
    request.condition = std::move(write.condition);
    request.expression = std::move(write.expression);
    return request;
  }
  static dynamo::DeleteItemRequest delete_request(PreparedWrite write) {
    dynamo::DeleteItemRequest request;
    request.table = std::move(write.table);
    request.key = std::move(write.key);
    request.condition = std::move(write.condition);
    request.expression = std::move(write.expression);
    return request;
  }
  static dynamo::UpdateItemRequest update_request(PreparedWrite write) {
    dynamo::UpdateItemRequest request;
    request.table = std::move(write.table);
    request.key = std::move(write.key);
    if (!write.update.empty()) request.update = update_text(write.update);
    request.condition = std::move(write.condition);
    request.expression = std::move(write.expression);
    return request;
  }

  Execution& execution_;
  std::size_t position_;
  const Step& step_;
};

}  // namespace

IndexKeys index_keys(const ItemLayout& layout, const Table& table,
                     const std::vector<std::size_t>& maintained, const KeyOf& key_of) {
  // An attribute that is a key as it is, or the table's own key, is written elsewhere or not at
  // all.
  const auto is_written_elsewhere = [&](const std::string& name) {
    return table.key.has(name) || std::find(layout.attributes.begin(), layout.attributes.end(),
                                            name) != layout.attributes.end();
  };
  IndexKeys keys;
  for (const std::size_t position : maintained) {
    const KeyEntry& entry = layout.entries.at(position);
    const Index* index = table.find_index(*entry.index);
    DDBPLAN_CHECK(index != nullptr);
    const std::optional<Item> key = key_of(entry, index->key);
    for (const auto* part : {&index->key.partition, &index->key.sort}) {
      for (const dynamo::KeyAttribute& attribute : *part) {
        if (is_written_elsewhere(attribute.name)) continue;
        if (key) {
          keys.set.insert_or_assign(attribute.name, key->at(attribute.name));
        } else {
          keys.removed.push_back(attribute.name);
        }
      }
    }
  }
  return keys;
}

void run_write_step(Execution& execution, std::size_t step) {
  WriteStep(execution, step).run();
}

}  // namespace ddbplan::design
