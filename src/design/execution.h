// One run of an access plan: what the steps have found so far, and the values that keys and
// expressions are made of. Internal to design; requests.h is the way in.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "design/expression_text.h"
#include "design/requests.h"

namespace ddbplan::design {

/// An item that a step found, and which items of earlier steps led to it.
struct Found {
  dynamo::Item item;
  std::size_t layout = 0;
  /// By step: position in that step's found items.
  std::map<std::size_t, std::size_t> origin;
  std::size_t step = 0;  ///< of the answer's items: the step that found it
};

/// What is known while one request is made.
struct Bindings {
  dynamo::Item values;                        ///< the call's parameters, overlaid by alternatives
  std::map<std::size_t, std::size_t> origin;  ///< by step: the found item that FromStep means
  int shard = 0;
};

/// A key value under some bindings. `cut`: an optional parameter is missing, and the text ends
/// before it.
struct KeyValue {
  dynamo::AttributeValue value;
  bool cut = false;
};

class Execution {
 public:
  Execution(const Design& made_design, const model::Workload& made_workload,
            const AccessPlan& made_plan, const Parameters& made_parameters,
            const Executor& made_execute);

  /// Sends a request and keeps the exchange. Null after an error, which ends the run.
  const dynamo::Response* send(std::size_t step, dynamo::Request request,
                               std::optional<KeyRange> range = std::nullopt);
  /// Ends the run with an error of the caller's, in the service's words.
  void fail(const std::string& message);
  [[nodiscard]] bool failed() const { return answer.error.has_value(); }

  [[nodiscard]] const Table& table_of(const Step& step) const { return design.tables[step.table]; }
  /// A call with these values makes the requests of the step (Step::only_if_given, Step::only_if_left_out).
  [[nodiscard]] bool asks(std::size_t step, const dynamo::Item& values) const;
  /// Of a read that several actions of a transaction share, or several rows of a call: the item is the one that this
  /// action's call names.
  [[nodiscard]] bool is_named_by(const dynamo::Item& item, std::size_t step,
                                 const dynamo::Item& values) const;
  [[nodiscard]] const dynamo::Item* item_of(const Bindings& bindings, std::size_t step) const;
  /// Of a row in parts (ShardRule::by_request): the one that a write with these values changes, as kRequestShard has it.
  [[nodiscard]] dynamo::AttributeValue picked_shard(const dynamo::Item& values) const;

  /// nullopt: the parameter is not given, or the item does not have the attribute.
  [[nodiscard]] std::optional<dynamo::AttributeValue> resolve(const Source& source,
                                                              model::ValueType type,
                                                              const Bindings& bindings) const;
  /// The type of a stored attribute: that of the first of these layouts' entities that has it.
  [[nodiscard]] model::ValueType type_of(const std::vector<std::size_t>& layouts,
                                         const std::string& attribute) const;
  /// nullopt: a value that no row can have, so there is nothing to find.
  [[nodiscard]] std::optional<KeyValue> key_value(const KeyExpr& expression,
                                                  const std::vector<std::size_t>& layouts,
                                                  const Bindings& bindings) const;

  /// The calls that a read step is run for: in a transaction, those of the action that it looks up
  /// for.
  [[nodiscard]] std::vector<const Call*> calls_of(std::size_t step) const;
  /// One set of bindings with these values for each combination of items that the steps in `refs`
  /// found and that belong together.
  [[nodiscard]] std::vector<Bindings> bindings_for(const std::set<std::size_t>& refs,
                                                   const dynamo::Item& values) const;
  /// Which layout an item of this step is, by its type attribute, else by its key.
  [[nodiscard]] std::size_t layout_of(const Step& step, const dynamo::Item& item) const;

  const Design& design;
  const model::Workload& workload;
  const AccessPlan& plan;
  const Parameters& parameters;
  const Executor& execute;
  Answer answer;
  /// By step.
  std::vector<std::vector<Found>> found;
  /// By step: the sum of the counts answered.
  std::vector<std::int64_t> counts;
};

/// The steps that a source, a key or an action takes values from.
std::set<std::size_t> steps_used(const Step& step);
std::set<std::size_t> steps_used(const WriteAction& action);

/// A text that differs for different keys.
std::string key_signature(const dynamo::Item& key);

/// The items in the order of `order`: enums by rank, what is missing first. Stable.
bool sorts_before(const Execution& execution, const std::vector<model::OrderBy>& order,
                  const Found& a, const Found& b);

/// A Query or Scan over shards, alternatives, buckets and pages: fills found[step], counts[step].
void run_query_step(Execution& execution, std::size_t step);
/// GetItem for each set of bindings, or BatchGetItem for all of them.
void run_get_step(Execution& execution, std::size_t step);
/// One TransactGetItems request for all steps with that operation. The n-th of them is the
/// pattern's n-th read.
void run_transact_get(Execution& execution);
/// A step of writes.
void run_write_step(Execution& execution, std::size_t step);

/// "PK = :pk AND SK BETWEEN :from AND :to", placeholders reserved in `writer` with these values.
std::string write_key_condition(ExpressionWriter& writer, const dynamo::KeySchema& key,
                                const KeyRange& range);

/// The key attributes of maintained entries that an update sets or removes.
struct IndexKeys {
  dynamo::Item set;
  std::vector<std::string> removed;
};
/// The key attributes that the row will have in an entry's index; nullopt: it will not be there.
using KeyOf = std::function<std::optional<dynamo::Item>(const KeyEntry&, const dynamo::KeySchema&)>;
IndexKeys index_keys(const ItemLayout& layout, const Table& table,
                     const std::vector<std::size_t>& maintained, const KeyOf& key_of);

/// What an update does to one attribute.
struct UpdateTerm {
  enum class Kind {
    set,
    greatest,
    smallest,
    append,
    remove,
    add,
    subtract,
    add_element,
    delete_element
  };
  Kind kind = Kind::set;
  std::string target;  ///< the attribute's name, or its placeholder
  std::string text;    ///< the whole term: "status = :paid", "stock :less"
  std::string value;   ///< the placeholder of what is set or added; empty: none
  [[nodiscard]] bool is_sum() const { return kind == Kind::add || kind == Kind::subtract; }
};
/// The terms of an update, their placeholders reserved in `writer`.
std::vector<UpdateTerm> write_update(ExpressionWriter& writer, const model::Entity& entity,
                                     const std::vector<UpdateClause>& clauses,
                                     const IndexKeys& keys);
/// "SET status = :paid REMOVE GSI1PK, GSI1SK".
std::string update_text(const std::vector<UpdateTerm>& terms);

}  // namespace ddbplan::design
