#include "plan/need.h"

#include <algorithm>

#include "model/copies.h"
#include "model/fan_out.h"
#include "model/references.h"
#include "model/upkeep.h"
#include "plan/expressions.h"
#include "plan/facet_needs.h"
#include "plan/kept_count.h"
#include "plan/key_companions.h"
#include "plan/lead_order.h"
#include "plan/narrow.h"
#include "plan/not_planned.h"
#include "plan/read_plan.h"
#include "plan/row_change.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using support::add_once;
using support::contains;

using model::Read;
using model::Write;

/// Collects the Needs of one pattern; gives up on it at the first construct that is not planned yet.
class NeedBuilder {
 public:
  NeedBuilder(const model::Workload& workload, support::Diagnostics& diagnostics,
              std::vector<Need>& needs)
      : workload_(workload), diagnostics_(diagnostics), needs_(needs) {}

  /// false: a diagnostic was added and the pattern's Needs withdrawn.
  bool build(model::PatternId id) {
    const std::size_t before = needs_.size();
    pattern_ = id;
    const bool ok =
        std::visit([this](const auto& action) { return add(action); }, pattern().action);
    if (!ok) needs_.resize(before);
    return ok;
  }

 private:
  [[nodiscard]] const model::Pattern& pattern() const { return workload_.pattern(pattern_); }

  bool refuse(const Unplanned& unplanned, support::Span span) {
    diagnostics_.add(not_planned(pattern(), unplanned, span.known() ? span : pattern().span));
    return false;
  }

  bool refuse(const std::string& what, support::Span span) {
    return refuse(Unplanned{what, ""}, span);
  }

  bool add(const Read& read) { return add_read(read, 0); }

  bool add(const Write& write) { return add_write(write, 0); }

  bool add(const model::Transaction& transaction) {
    if (const std::string what = changed_original(workload_, transaction); !what.empty())
      return refuse(what, pattern().span);
    std::size_t action = 0;
    for (const Write& write : transaction.writes) {
      if (!add_write(write, action++)) return false;
    }
    for (const Read& read : transaction.reads) {
      if (!read.with_children.empty() || !read.with_parents.empty())
        return refuse("related rows in a transactional read", pattern().span);
      if (read.kind != model::ReadKind::get || read.entities.size() != 1 ||
          !names_identity(workload_.entity(read.entities.front()), read.by))
        return refuse("a transactional read of more than rows by their identity", pattern().span);
      if (!add_read(read, action++)) return false;
    }
    return true;
  }

  bool add_read(const Read& read, std::size_t action) {
    switch (read.kind) {
      case model::ReadKind::search:
      case model::ReadKind::similar:
      case model::ReadKind::analyse:
        return true;  // answered by an integration, never by keys
      default:
        break;
    }
    if (const auto what = unplanned_read(read)) return refuse(*what, pattern().span);
    if (auto parent = parent_that_counts(workload_, pattern_)) {
      needs_.push_back(*std::move(parent));
      return true;
    }
    for (const model::EntityId entity : read.entities) {
      if (!add_answer(read, action, entity)) return false;
    }
    return true;
  }

  /// What a read asks of one of its entities.
  bool add_answer(const Read& read, std::size_t action, model::EntityId entity) {
    Need need;
    need.pattern = pattern_;
    need.action = action;
    need.entity = entity;
    need.span = pattern().span;
    need.at_most_one = read.kind == model::ReadKind::get;
    need.count_only = read.kind == model::ReadKind::count && model::only_counts(read);
    need.whole_entity = read.kind == model::ReadKind::export_all;
    need.strong = read.strong;
    need.limit = read.limit;
    need.limit_per = read.limit_per;
    need.batch = read.batch.has_value();
    if (!bind(need, read.by)) return false;
    for (const model::NarrowBy& narrow : read.narrow_by)
      need.optional_equal.push_back(narrow.attribute.name);
    if (!limits_known_groups(need, read))
      return refuse("a limit per " + need.limit_per + ", which no key knows and no order tells",
                    pattern().span);
    apply_where(need, read.where);
    if (const std::string text = text_searched(need); !text.empty())
      return advise_search(need, text);
    if (read.range) {
      need.range = RangeNeed{read.range->attribute.name, read.range->condition};
      need.range->bucket = model::bucket_of(workload_.entity(entity), read.range->attribute.name);
    }
    need.order = order_by_own(need, read);
    need.drops_expired =
        !read.include_expired && workload_.entity(need.entity).retention.has_value();
    fill_attributes(need, read);
    for (const model::WithParent& with : read.with_parents) {
      if (!use_copies(need, with)) need.parents.push_back(with);
    }
    for (const model::OrderBy& by : need.order) add_parent_of_order(need, by);
    Need looks_at = need;
    looks_at.attributes.clear();
    add_filter_attributes(looks_at);
    if (const std::string what = against_facet(workload_, need, looks_at.attributes); !what.empty())
      return refuse(what, pattern().span);
    if (need.led_by) limit_leading_rows(workload_, need, needs_[need.led_by->need]);
    const std::size_t index = needs_.size();
    for (Need& one : by_what_calls_give(std::move(need), read)) needs_.push_back(std::move(one));
    for (const model::WithChildren& with : read.with_children) {
      if (!add_child(index, with, read.strong, read.include_expired)) return false;
    }
    return true;
  }

  bool bind(Need& need, std::vector<model::AttributeRef> by) {
    for (model::AttributeRef& ref : by) {
      ref = model::seen_from(workload_, need.entity, ref);
      if (ref.is_of(need.entity) || holds_copy(need, ref)) {
        need.equal.push_back(Equality{ref.name, {}});
      } else if (!bind_lead(need, ref)) {
        return false;
      }
    }
    narrow_lead(need, by);
    if (workload_.settings.tenant && !pattern().across_tenants &&
        !workload_.entity(need.entity).shared &&
        need.find_equality(*workload_.settings.tenant) == nullptr)
      need.equal.insert(need.equal.begin(), Equality{*workload_.settings.tenant, {}});
    return true;
  }

  /// An equality on a parent's attribute of which the rows hold a copy. The copy has the name of the call's
  /// parameter, or the parent is found first.
  [[nodiscard]] bool holds_copy(const Need& need, const model::AttributeRef& ref) const {
    if (need.purpose != Purpose::answer) return false;
    for (const model::Relation& relation : workload_.entity(need.entity).relations) {
      if (relation.parents.size() != 1 || !(relation.parents.front() == *ref.via)) continue;
      return own_name_of(workload_, need.entity, relation, ref.name, need.strong) == ref.name;
    }
    return false;
  }

  /// An equality on a parent or a child: its rows are found first, and lead to those of `need`.
  bool bind_lead(Need& need, const model::AttributeRef& ref) {
    const std::string what = ref.name + " of " + workload_.entity(*ref.via).name;
    if (need.purpose == Purpose::lead) return refuse("related rows by " + what, ref.span);
    if (!need.led_by) {
      const auto links = links_to(need.entity, *ref.via);
      if (links.empty()) return refuse(unrelated(workload_, need.entity, ref), ref.span);
      need.led_by = Lead{needs_.size(), links};
      for (const auto& [own, theirs] : links) {
        if (need.find_equality(own) == nullptr) need.equal.push_back(Equality{own, {}});
      }
      needs_.push_back(leading_need(need, *ref.via, links));
    }
    if (!(needs_[need.led_by->need].entity == *ref.via)) return bind_keeper(need, ref);
    Need& lead = needs_[need.led_by->need];
    lead.equal.push_back(Equality{ref.name, {}});
    add_once(lead.attributes, ref.name);
    return true;
  }

  /// What the call says of the parent itself holds for the rows that lead there.
  void narrow_lead(Need& need, const std::vector<model::AttributeRef>& by) {
    if (!need.led_by) return;
    Need& lead = needs_[need.led_by->need];
    for (const auto& [own, theirs] : need.led_by->links) {
      const bool is_said = std::any_of(by.begin(), by.end(), [&, &name = own](const auto& ref) {
        return ref.name == name && ref.is_of(need.entity);
      });
      if (!is_said || lead.find_equality(theirs) != nullptr) continue;
      lead.equal.push_back(Equality{theirs, {}});
      if (own != theirs) lead.renamed.emplace_back(theirs, own);
      add_once(lead.attributes, theirs);
    }
  }

  /// An equality over a further relation: its rows are found beside, and tell which of the others stay.
  bool bind_keeper(Need& need, const model::AttributeRef& ref) {
    const std::string what = ref.name + " of " + workload_.entity(*ref.via).name;
    if (need.purpose != Purpose::answer) return refuse("a write by two related entities", ref.span);
    const auto* read = std::get_if<Read>(&pattern().action);
    const bool is_list = read != nullptr && read->kind == model::ReadKind::list &&
                         read->entities.size() == 1 && read->with_children.empty() &&
                         read->with_parents.empty() && read->limit_per.empty();
    if (!is_list)
      return refuse("an equality on " + what + " beside another relation's, of what is no list",
                    ref.span);
    for (const std::size_t keeper : need.kept_by) {
      if (!(needs_[keeper].entity == *ref.via)) continue;
      needs_[keeper].equal.push_back(Equality{ref.name, {}});
      add_once(needs_[keeper].attributes, ref.name);
      return true;
    }
    const auto links = links_to(need.entity, *ref.via);
    if (links.empty()) return refuse(unrelated(workload_, need.entity, ref), ref.span);
    Need keeper = leading_need(need, *ref.via, links);
    keeper.equal.push_back(Equality{ref.name, {}});
    add_once(keeper.attributes, ref.name);
    need.kept_by.push_back(needs_.size());
    needs_.push_back(std::move(keeper));
    return true;
  }

  [[nodiscard]] Need leading_need(
      const Need& need, model::EntityId entity,
      const std::vector<std::pair<std::string, std::string>>& links) const {
    Need lead;
    lead.pattern = need.pattern;
    lead.action = need.action;
    lead.entity = entity;
    lead.purpose = Purpose::lead;
    lead.strong = need.strong;
    lead.span = need.span;
    lead.attributes = workload_.entity(entity).id;
    for (const auto& [own, theirs] : links) add_once(lead.attributes, theirs);
    // A row that has expired leads nowhere; one whose parent has is there itself.
    const auto& relations = workload_.entity(entity).relations;
    lead.drops_expired =
        workload_.entity(entity).retention &&
        std::any_of(relations.begin(), relations.end(), [&](const model::Relation& relation) {
          return std::find(relation.parents.begin(), relation.parents.end(), need.entity) !=
                 relation.parents.end();
        });
    add_filter_attributes(lead);
    if (workload_.settings.tenant && !pattern().across_tenants && !workload_.entity(entity).shared)
      lead.equal.push_back(Equality{*workload_.settings.tenant, {}});
    return lead;
  }

  /// (attribute of `entity`, attribute of `other`) over the relation between a child and its parent.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> links_to(
      model::EntityId entity, model::EntityId other) const {
    std::vector<std::pair<std::string, std::string>> links;
    const auto relate = [&](model::EntityId child, model::EntityId parent, bool from_child) {
      for (const model::Relation& relation : workload_.entity(child).relations) {
        if (relation.parents.size() != 1 || !(relation.parents.front() == parent)) continue;
        for (const auto& [childs, parents] : identity_links(workload_, child, relation, parent)) {
          // The call names the tenant itself.
          const bool tenant = workload_.settings.tenant && childs == *workload_.settings.tenant;
          if (!tenant)
            links.emplace_back(from_child ? childs : parents, from_child ? parents : childs);
        }
        return;
      }
    };
    relate(entity, other, true);
    if (links.empty()) relate(other, entity, false);
    return links;
  }

  /// Where the rows hold a copy of the parent's attribute, the order is by their own.
  [[nodiscard]] std::vector<model::OrderBy> order_by_own(const Need& need, const Read& read) const {
    std::vector<model::OrderBy> out = read.order;
    for (model::OrderBy& by : out) {
      if (!by.attribute.via) continue;
      for (const model::Relation& relation : workload_.entity(need.entity).relations) {
        if (relation.parents.size() != 1 || !(relation.parents.front() == *by.attribute.via))
          continue;
        if (const auto own =
                own_name_of(workload_, need.entity, relation, by.attribute.name, need.strong)) {
          by.attribute.name = *own;
          by.attribute.via.reset();
        }
        break;
      }
    }
    return out;
  }

  /// Whether the rows hold all that is asked of the parent themselves.
  bool use_copies(Need& need, const model::WithParent& with) const {
    const model::Entity& entity = workload_.entity(need.entity);
    const model::Relation* relation = entity.relation_by(with.relation_attribute);
    if (relation == nullptr) return false;
    std::vector<design::CopiedAttribute> copied;
    for (const std::string& name : asked_of_parent(workload_, with)) {
      const auto own = own_name_of(workload_, need.entity, *relation, name, need.strong);
      if (!own) return false;
      copied.push_back({with.relation_attribute, name, *own});
    }
    for (design::CopiedAttribute& one : copied) {
      add_once(need.attributes, one.copy);
      need.copied.push_back(std::move(one));
    }
    return true;
  }

  /// `order: room_id.last_at desc`: the rooms are read, and the client orders by what they hold.
  void add_parent_of_order(Need& need, const model::OrderBy& by) const {
    if (!by.attribute.via) return;
    for (const model::WithParent& with : need.parents) {
      if (with.parent == *by.attribute.via) return;
    }
    for (const model::Relation& relation : workload_.entity(need.entity).relations) {
      if (relation.parents.size() != 1 || !(relation.parents.front() == *by.attribute.via))
        continue;
      model::WithParent with;
      with.relation_attribute = relation.attributes.back();
      with.parent = *by.attribute.via;
      with.attributes = {by.attribute.name};
      with.span = need.span;
      need.parents.push_back(std::move(with));
      return;
    }
  }

  void apply_where(Need& need, const model::ExpressionPtr& where) {
    if (!where) return;
    SplitWhere split = split_where(affirmed(workload_.entity(need.entity), where));
    need.residual = std::move(split.residual);
    for (Equality& equality : split.equal) {
      if (need.find_equality(equality.attribute) == nullptr) {
        need.equal.push_back(std::move(equality));
      } else {
        need.residual = conjunction(need.residual, equals_any(equality.attribute, equality.values));
      }
    }
  }

  /// An attribute in whose text a word is looked for among all rows: no key leads there, and a filter would read
  /// everything at each request. Empty: none.
  [[nodiscard]] std::string text_searched(const Need& need) const {
    const bool narrowed = std::any_of(need.equal.begin(), need.equal.end(), [&](const Equality& e) {
      return !workload_.settings.tenant || e.attribute != *workload_.settings.tenant;
    });
    if (narrowed || need.range || need.whole_entity || need.residual == nullptr) return {};
    std::vector<model::ExpressionPtr> terms{need.residual};
    if (const auto* all = std::get_if<model::And>(&need.residual->node)) terms = all->terms;
    for (const model::ExpressionPtr& term : terms) {
      const auto* contains_word = std::get_if<model::Contains>(&term->node);
      if (contains_word == nullptr || contains_word->attribute.via) continue;
      const model::Attribute* attribute =
          workload_.entity(need.entity).find(contains_word->attribute.name);
      if (attribute != nullptr && attribute->type == model::ValueType::string)
        return attribute->name;
    }
    return {};
  }

  bool advise_search(const Need& need, const std::string& attribute) {
    const std::string& entity = workload_.entity(need.entity).name;
    support::Diagnostic diagnostic{kUnservableCode,
                                   "unservable-pattern",
                                   support::Severity::error,
                                   "no key serves " + pattern().name + ": a word inside " +
                                       attribute + " is found by reading every " + entity,
                                   pattern().span,
                                   {},
                                   ""};
    diagnostic.help = "declare it as `search: " + entity + "` with `text: [" + attribute +
                      "]`; then it is answered by " + offload_text(model::ReadKind::search) +
                      ". An equality (by) would leave only its rows to be filtered";
    diagnostics_.add(std::move(diagnostic));
    return false;
  }

  /// What the answer shows, and what filters must see in an index entry.
  void fill_attributes(Need& need, const Read& read) {
    const model::Entity& entity = workload_.entity(need.entity);
    need.returns_all = read.returns.empty() && read.kind != model::ReadKind::count;
    need.attributes = read.returns;
    for (const model::Aggregate& one : read.aggregates) {
      if (!one.attribute.empty()) add_once(need.attributes, one.attribute);
    }
    for (const std::string& id : entity.id) add_once(need.attributes, id);
    if (!read.limit_per.empty()) add_once(need.attributes, read.limit_per);
    for (const model::WithParent& with : read.with_parents) {
      if (const model::Relation* relation = entity.relation_by(with.relation_attribute)) {
        for (const std::string& name : relation->attributes) add_once(need.attributes, name);
      }
    }
    add_filter_attributes(need);
    want_facet(workload_, need);
  }

  void add_filter_attributes(Need& need) const {
    const model::Entity& entity = workload_.entity(need.entity);
    if (need.residual) collect_attributes(*need.residual, need.attributes);
    if (need.drops_expired) add_once(need.attributes, entity.retention->attribute);
    if (need.range) add_once(need.attributes, need.range->attribute);
    for (const Equality& equality : need.equal) add_once(need.attributes, equality.attribute);
    for (const std::string& name : need.optional_equal) add_once(need.attributes, name);
    for (const model::OrderBy& order : need.order) {
      if (!order.attribute.via) add_once(need.attributes, order.attribute.name);
    }
  }

  bool add_child(std::size_t parent, const model::WithChildren& with, bool strong,
                 bool include_expired) {
    const model::Entity& child = workload_.entity(with.child);
    const model::Relation* relation = nullptr;
    for (const model::Relation& candidate : child.relations) {
      if (candidate.parents.size() == 1 && candidate.parents.front() == needs_[parent].entity)
        relation = &candidate;
    }
    if (relation == nullptr) return refuse("children through a polymorphic relation", with.span);
    Need need;
    need.pattern = pattern_;
    need.action = needs_[parent].action;
    need.entity = with.child;
    need.purpose = Purpose::child;
    need.strong = strong;
    need.order = with.order;
    need.limit = with.limit;
    need.span = with.span;
    need.returns_all = true;
    if (workload_.settings.tenant && !child.shared &&
        !contains(relation->attributes, *workload_.settings.tenant))
      need.equal.push_back(Equality{*workload_.settings.tenant, {}});
    for (const std::string& attribute : relation->attributes)
      need.equal.push_back(Equality{attribute, {}});
    need.drops_expired = child.retention.has_value() && !include_expired;
    for (const std::string& id : child.id) add_once(need.attributes, id);
    add_filter_attributes(need);
    want_facet(workload_, need);
    needs_[parent].children.push_back(needs_.size());
    needs_.push_back(std::move(need));
    return true;
  }

  bool add_write(const Write& write, std::size_t action) {
    if (const Unplanned found = unplanned_write(workload_, write); !found.empty())
      return refuse(found, pattern().span);
    if (write.for_each) return add_related(write, action);
    if (write.kind == model::WriteKind::create || write.kind == model::WriteKind::put) return true;
    for (const model::EntityId entity : write.entities) {
      if (!add_write_of(write, action, entity)) return false;
    }
    return true;
  }

  /// The related rows of `for_each`, each of which leads to one write.
  bool add_related(const Write& write, std::size_t action) {
    const support::Span span = write.span.known() ? write.span : pattern().span;
    if (write.times.max > 1) return refuse("for_each that repeats (times)", span);
    if (!add_copies(write, action, false)) return false;
    Need need;
    need.pattern = pattern_;
    need.action = action;
    need.entity = *write.for_each;
    need.span = span;
    need.purpose = Purpose::lead;
    if (!bind(need, write.for_each_by)) return false;
    const model::Entity& related = workload_.entity(need.entity);
    need.drops_expired = related.retention.has_value();
    for (const std::string& id : related.id) add_once(need.attributes, id);
    for (const auto& link : for_each_links(workload_, write))
      add_once(need.attributes, link.second);
    for (const std::string& name : copied_of_related(workload_, write))
      add_once(need.attributes, name);
    add_filter_attributes(need);
    needs_.push_back(std::move(need));
    return true;
  }

  bool add_write_of(const Write& write, std::size_t action, model::EntityId entity_id) {
    const model::Entity& entity = workload_.entity(entity_id);
    Need need;
    need.pattern = pattern_;
    need.action = action;
    need.entity = entity_id;
    need.span = write.span.known() ? write.span : pattern().span;
    need.purpose = Purpose::find_writes;
    if (!bind(need, write.by)) return false;
    const bool whole_identity =
        std::all_of(entity.id.begin(), entity.id.end(),
                    [&](const std::string& id) { return need.find_equality(id) != nullptr; });
    // Addressed by key: no search, unless related rows say which.
    if (whole_identity && !need.led_by) return add_copies(write, action, true);
    if (write.kind == model::WriteKind::upsert)
      return refuse("an upsert that does not name the identity", need.span);
    if (std::holds_alternative<model::Transaction>(pattern().action))
      return refuse("a transaction over all rows that a query finds", need.span);
    // Rows in another state would only be passed over, and paid for.
    const model::ExpressionPtr condition = row_change(workload_, write).condition;
    if (model::is_about_many(entity, write) && condition != nullptr)
      apply_where(need, told_by_rows(affirmed(entity, condition)));
    for (const std::string& id : entity.id) add_once(need.attributes, id);
    for (const std::string& name : attributes_of_helpers(workload_, write, entity_id))
      add_once(need.attributes, name);
    for (const model::Attribute& attribute : entity.attributes) {
      if (attribute.lock && write.kind == model::WriteKind::update)
        add_once(need.attributes, attribute.name);
    }
    add_filter_attributes(need);
    needs_.push_back(std::move(need));
    return add_copies(write, action, false);
  }

  /// Rows that hold a copy, kept in a transaction, of what an update changes.
  bool add_copies(const Write& write, std::size_t action, bool one_row) {
    if (write.kind != model::WriteKind::update && write.kind != model::WriteKind::upsert)
      return true;
    const support::Span span = write.span.known() ? write.span : pattern().span;
    const RowChange change = row_change(workload_, write);
    std::vector<std::pair<model::EntityId, const model::Relation*>> asked;
    for (const model::KeptCopy& copy : model::copies_of(workload_, write.entities.front())) {
      if (!contains(change.changed, copy.original)) continue;
      const std::string name = workload_.entity(copy.holder).name + "." + copy.attribute;
      if (copy.relation == nullptr || copy.holder == write.entities.front())
        return refuse("the copy " + name + " of several kinds of parents, or of its own kind",
                      span);
      if (!one_row || write.times.max > 1 || write.for_each)
        return refuse("the copy " + name +
                          " of several rows that one call changes, kept in a "
                          "transaction; kept: stream is",
                      span);
      const std::pair holder(copy.holder, copy.relation);
      if (std::find(asked.begin(), asked.end(), holder) != asked.end()) continue;
      const bool two_ways = std::any_of(asked.begin(), asked.end(), [&](const auto& other) {
        return other.first == copy.holder;
      });
      if (two_ways)
        return refuse("copies in " + workload_.entity(copy.holder).name +
                          " by two relations, kept in a transaction, which takes a row once; "
                          "kept: stream is",
                      span);
      asked.push_back(holder);
      ask_for_holders(copy, write.entities.front(), action, span);
    }
    return true;
  }

  void ask_for_holders(const model::KeptCopy& copy, model::EntityId original, std::size_t action,
                       support::Span span) {
    const model::Entity& holder = workload_.entity(copy.holder);
    Need need;
    need.pattern = pattern_;
    need.action = action;
    need.entity = copy.holder;
    need.span = span;
    need.purpose = Purpose::find_copies;
    for (const auto& [own, theirs] :
         identity_links(workload_, copy.holder, *copy.relation, original)) {
      need.equal.push_back(Equality{own, {}});
      need.renamed.emplace_back(own, theirs);
    }
    if (!holder.tenant.empty() && need.find_equality(holder.tenant) == nullptr)
      need.equal.insert(need.equal.begin(), Equality{holder.tenant, {}});
    for (const std::string& id : holder.id) add_once(need.attributes, id);
    add_filter_attributes(need);
    needs_.push_back(std::move(need));
  }

  const model::Workload& workload_;
  support::Diagnostics& diagnostics_;
  std::vector<Need>& needs_;
  model::PatternId pattern_;
};

}  // namespace

std::vector<Need> needs_of(const model::Workload& workload, support::Diagnostics& diagnostics,
                           std::vector<model::PatternId>& unplanned) {
  std::vector<Need> needs;
  NeedBuilder builder(workload, diagnostics, needs);
  for (std::size_t i = 0; i < workload.patterns.size(); ++i) {
    if (!builder.build(model::PatternId{i})) unplanned.push_back(model::PatternId{i});
  }
  add_key_companions(workload, needs);
  return needs;
}

}  // namespace ddbplan::plan
