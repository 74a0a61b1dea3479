#include "tests/property/drawn_schema.h"

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "support/prng.h"
#include "support/text.h"

namespace ddbplan::test {
namespace {

using AttributeNames = std::vector<std::string>;

struct DrawnEntity {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;
  AttributeNames identity;
  AttributeNames belongs_to;  ///< the elements of `belongs_to`
  std::vector<std::size_t> parents;
  AttributeNames states;
  std::string moves;
  std::string count;
  std::string retention;
  bool has_mail = false;
  std::string rollup_parent;  ///< the attribute that its rollup groups by; empty: it has none

  [[nodiscard]] bool has(const std::string& attribute) const {
    for (const auto& [own, type] : attributes) {
      if (own == attribute) return true;
    }
    return false;
  }
  [[nodiscard]] std::string type(const std::string& attribute) const {
    for (const auto& [own, text] : attributes) {
      if (own == attribute) return text;
    }
    return {};
  }
};

std::string listed(const AttributeNames& names) {
  return names.size() == 1 ? names.front() : "[" + support::join(names, ", ") + "]";
}

class SchemaDrawer {
 public:
  explicit SchemaDrawer(std::uint64_t seed)
      : prng_(support::Prng(seed).fork("schema")), seed_(seed) {}

  std::string draw() {
    draw_settings();
    const AttributeNames all = {"Alpha", "Beta", "Gamma", "Delta"};
    const std::size_t count = 1 + prng_.below(all.size());
    for (std::size_t i = 0; i < count; ++i) draw_entity(all[i]);
    for (std::size_t i = 0; i < count; ++i) draw_upkeep(i);
    for (std::size_t i = 0; i < count; ++i) draw_patterns(i);
    return text();
  }

 private:
  bool chance(double share) { return prng_.unit() < share; }
  std::string pick(const AttributeNames& names) { return names[prng_.below(names.size())]; }

  std::string rate() {
    static const AttributeNames kRates = {"0.01", "0.1", "1", "3", "10", "40", "150"};
    const std::string mean = pick(kRates);
    return "rate: " + mean + "/s" + (chance(0.2) ? ", peak: " + mean + "0/s" : "");
  }

  void draw_settings() {
    is_tenanted_ = chance(0.15);
    AttributeNames settings;
    if (is_tenanted_) settings.emplace_back("tenant: org_id");
    if (chance(0.2)) settings.push_back("billing: " + pick({"provisioned", "on-demand", "auto"}));
    if (chance(0.1)) settings.push_back("key_style: " + pick({"natural", "auto"}));
    if (chance(0.1)) settings.push_back("layout: " + pick({"table-per-entity", "auto"}));
    settings.push_back("seed: {rows: " + pick({"300", "1000"}) + "}");
    settings_ = support::join(settings, ", ");
  }

  void draw_parents(DrawnEntity& entity, bool compound) {
    const std::size_t most = compound ? 1 : 2;
    for (std::size_t i = 0; i < entities_.size() && entity.parents.size() < most; ++i) {
      const std::size_t at = entities_.size() - 1 - i;
      if (!chance(0.5) || shares_attributes(entity, entities_[at])) continue;
      entity.parents.push_back(at);
      const std::string children = pick({"3 .. 40", "10 .. 200", "25 .. 2000", "1 .. 5"});
      entity.belongs_to.push_back(
          entities_[at].name + ": " +
          (!compound && chance(0.15) ? "{children: " + children + ", present: 70%}" : children));
    }
  }

  /// Two relations by one attribute would be two statements about the same rows.
  [[nodiscard]] bool shares_attributes(const DrawnEntity& entity, const DrawnEntity& parent) const {
    for (const std::size_t other : entity.parents) {
      for (const std::string& name : entities_[other].identity) {
        for (const std::string& own : parent.identity) {
          if (name == own) return true;
        }
      }
    }
    return false;
  }

  void draw_entity(const std::string& name) {
    DrawnEntity entity;
    entity.name = name;
    const bool compound = chance(0.3);
    draw_parents(entity, compound);
    const std::string own = support::to_lower_ascii(name) + "_id";
    if (compound && !entity.parents.empty())
      entity.identity = entities_[entity.parents.front()].identity;
    entity.identity.push_back(own);
    const bool is_made = chance(0.6);
    AttributeNames ids = {"ulid", "uuid", "string 12 B", "integer", "ksuid"};
    if (is_made) ids.insert(ids.end(), 2, "ulid of made_at");
    auto& attributes = entity.attributes;
    if (is_made) attributes.emplace_back("made_at", "timestamp");
    attributes.emplace_back(own, pick(ids));
    draw_states(entity);
    if (chance(0.5)) attributes.emplace_back("score", "integer");
    if (chance(0.3))
      attributes.emplace_back("due_at", "timestamp" + pick({" optional", " present 30%", ""}));
    if (chance(0.4)) attributes.emplace_back("kind", "{one_of: {red: 20%, green: 30%, blue: 50%}}");
    if (chance(0.5)) attributes.emplace_back("title", "string 40 B .. 200 B");
    if (chance(0.3))
      attributes.emplace_back("body",
                              pick({"string 1 KB .. 8 KB", "map 600 B", "string 20 KB .. 100 KB"}));
    if (chance(0.2)) attributes.emplace_back("stock", "integer");
    if (chance(0.2))
      attributes.emplace_back("code",
                              "{type: string 10 B, distinct: " + pick({"40", "all", "300"}) + "}");
    if (chance(0.15)) attributes.emplace_back("version", "{type: integer, lock: true}");
    if (chance(0.15)) attributes.emplace_back("tags", "set of string 3 .. 10 x 8 B");
    entity.has_mail = chance(0.25);
    if (entity.has_mail) attributes.emplace_back("mail", "string 24 B");
    if (is_made && chance(0.25)) entity.retention = pick({"30 days", "1 year"}) + " after made_at";
    if (entity.parents.empty()) entity.count = pick({"500", "20k", "300k", "2M"});
    entities_.push_back(std::move(entity));
  }

  void draw_states(DrawnEntity& entity) {
    if (!chance(0.7)) return;
    switch (prng_.below(3)) {
      case 0:
        entity.states = {"OPEN", "DONE"};
        entity.moves = "OPEN -> DONE";
        entity.attributes.emplace_back("status",
                                       "{states: {OPEN: 10%, DONE: 90%}, moves: [OPEN -> DONE]}");
        return;
      case 1:
        entity.states = {"NEW", "RUN", "END"};
        entity.moves = pick({"NEW -> RUN", "RUN -> END"});
        entity.attributes.emplace_back(
            "status", "{states: {NEW: 5%, RUN: 15%, END: 80%}, moves: [NEW -> RUN, RUN -> END]}");
        return;
      default:
        entity.states = {"A", "B", "C"};
        entity.moves = pick({"A -> B", "B -> C", "C -> A"});
        entity.attributes.emplace_back(
            "status", "{states: {A: 30%, B: 30%, C: 40%}, moves: [A -> B, B -> C, C -> A]}");
    }
  }

  void draw_upkeep(std::size_t at) {
    DrawnEntity& entity = entities_[at];
    const std::string lower = support::to_lower_ascii(entity.name);
    for (const std::size_t parent : entity.parents) {
      auto& attributes = entities_[parent].attributes;
      if (chance(0.2)) {
        attributes.emplace_back(
            lower + "_count",
            "{count_of: " + entity.name +
                (chance(0.4) ? ", kept: " + pick({"stream", "transaction"}) : "") + "}");
      } else if (chance(0.1) && entity.has("score")) {
        attributes.emplace_back(lower + "_score", "{sum_of: " + entity.name + ".score}");
      } else if (chance(0.1) && entity.has("made_at")) {
        attributes.emplace_back("last_" + lower, "{newest_of: " + entity.name + ".made_at" +
                                                     (chance(0.5) ? ", kept: stream" : "") + "}");
      }
      const DrawnEntity& above = entities_[parent];
      if (chance(0.12) && above.has("title") && above.identity.size() == 1)
        entity.attributes.emplace_back(support::to_lower_ascii(above.name) + "_title",
                                       "{copy_of: " + above.identity.front() + ".title, kept: " +
                                           pick({"stream", "transaction", "never"}) + "}");
    }
    if (chance(0.1) && entity.has("made_at") && !entity.parents.empty() &&
        entities_[entity.parents.front()].identity.size() == 1)
      entity.rollup_parent = entities_[entity.parents.front()].identity.front();
  }

  /// What an update may set.
  [[nodiscard]] static AttributeNames settable(const DrawnEntity& entity) {
    AttributeNames out;
    for (const char* name : {"score", "due_at", "kind", "title", "body", "stock"}) {
      if (entity.has(name)) out.emplace_back(name);
    }
    return out;
  }
  [[nodiscard]] static AttributeNames ordering(const DrawnEntity& entity) {
    AttributeNames out;
    for (const char* name : {"made_at", "score", "title"}) {
      if (entity.has(name)) out.emplace_back(name);
    }
    if (entity.type("due_at") == "timestamp") out.emplace_back("due_at");
    return out;
  }
  [[nodiscard]] static bool is_optional(const DrawnEntity& entity, const std::string& name) {
    return entity.has(name) && entity.type(name) != "timestamp";
  }
  std::string condition(const DrawnEntity& entity) {
    AttributeNames out;
    if (!entity.states.empty())
      out.push_back("status = " +
                    pick({entity.states.front(), entity.states.front() + " | " + entity.states[1],
                          entity.states.back()}));
    if (entity.has("kind")) out.push_back("kind = " + pick({"red", "blue", "red | green"}));
    if (entity.has("stock")) out.emplace_back("stock > 0");
    if (entity.has("tags")) out.emplace_back("tags contains :tag");
    if (is_optional(entity, "due_at")) out.push_back(pick({"missing(due_at)", "exists(due_at)"}));
    return out.empty() ? std::string() : pick(out);
  }

  void add(const std::string& what) { patterns_.push_back(what); }

  void draw_patterns(std::size_t at) {
    const DrawnEntity& entity = entities_[at];
    if (chance(0.85)) add("create: " + entity.name + ", " + rate());
    const std::size_t count = 1 + prng_.below(4);
    for (std::size_t i = 0; i < count; ++i) {
      if (chance(0.08) && draw_list_from_below(entity, at)) continue;
      if (chance(0.05) && draw_delete_of_all(entity, at)) continue;
      if (chance(0.05) && !entity.parents.empty()) {
        const DrawnEntity& parent = entities_[entity.parents.front()];
        add("transaction: [{get: " + entity.name + ", by: " + listed(entity.identity) +
            "}, {get: " + parent.name + ", by: " + listed(parent.identity) + "}], " + rate());
        continue;
      }
      if (chance(0.65)) {
        draw_read(entity, at);
      } else {
        draw_write(entity);
      }
    }
    if (!entity.rollup_parent.empty())
      add("list: Daily" + entity.name + ", by: " + entity.rollup_parent +
          ", range: day last 30 days, rate: 3/s");
  }

  void draw_read(const DrawnEntity& entity, std::size_t at) {
    const std::string by = ", by: " + listed(entity.identity);
    switch (prng_.below(8)) {
      case 0:
      case 1:
        return draw_get(entity, at);
      case 2:
        if (entity.has_mail) return add("get: " + entity.name + ", by: mail, " + rate());
        return add("export: " + entity.name + ", rate: 1/day");
      case 3: {
        const std::string where = condition(entity);
        if (!entity.parents.empty())
          return add("count: " + entity.name +
                     ", by: " + listed(entities_[entity.parents.front()].identity) + ", " + rate());
        return add("count: " + entity.name + (where.empty() ? by : ", where: " + where) + ", " +
                   rate());
      }
      case 4:
        return draw_siblings(entity, at);
      default:
        return draw_list(entity);
    }
  }

  void draw_get(const DrawnEntity& entity, std::size_t at) {
    std::string more;
    if (chance(0.2)) more += ", consistency: strong";
    std::string with;
    for (const DrawnEntity& below : entities_) {
      bool is_child = false;
      for (const std::size_t parent : below.parents) is_child = is_child || parent == at;
      if (!is_child || !chance(0.4)) continue;
      const AttributeNames orders = ordering(below);
      with +=
          (with.empty() ? "" : ", ") + below.name + ": {" +
          (orders.empty() ? "" : "order: " + pick(orders) + " " + pick({"asc", "desc"}) + ", ") +
          "limit: " + pick({"5", "20"}) + "}";
    }
    if (!with.empty()) {
      more += ", with: {" + with + "}";
    } else if (chance(0.2)) {
      more += ", batch: 5 .. 20";
    }
    add("get: " + entity.name + ", by: " + listed(entity.identity) + more + ", " + rate());
  }

  void draw_siblings(const DrawnEntity& entity, std::size_t at) {
    for (std::size_t other = 0; other < entities_.size(); ++other) {
      if (other == at || entities_[other].parents.empty() || entity.parents.empty()) continue;
      const std::size_t parent = entity.parents.front();
      if (entities_[other].parents.front() != parent) continue;
      const bool has_time = entity.has("made_at") && entities_[other].has("made_at");
      return add("list: [" + entity.name + ", " + entities_[other].name +
                 "], by: " + listed(entities_[parent].identity) +
                 (has_time ? ", order: made_at " + pick({"asc", "desc"}) : "") + ", limit: 20, " +
                 rate());
    }
    draw_list(entity);
  }

  std::vector<AttributeNames> equalities(const DrawnEntity& entity) const {
    std::vector<AttributeNames> out;
    for (const std::size_t parent : entity.parents) {
      out.push_back(entities_[parent].identity);
      for (const std::size_t above : entities_[parent].parents)
        out.push_back(entities_[above].identity);
    }
    for (const char* name : {"kind", "status", "code"}) {
      if (entity.has(name)) out.push_back({name});
    }
    return out;
  }

  void draw_list(const DrawnEntity& entity) {
    AttributeNames parts = {"list: " + entity.name};
    const std::vector<AttributeNames> choices = equalities(entity);
    AttributeNames by;
    if (!choices.empty() && chance(0.85)) by = choices[prng_.below(choices.size())];
    if (!by.empty() && chance(0.2)) {
      for (const std::string& name : choices[prng_.below(choices.size())])
        support::add_once(by, name);
    }
    if (!by.empty()) parts.push_back("by: " + listed(by));
    const bool narrows = chance(0.15) && entity.has("kind") && !support::contains(by, "kind");
    if (narrows) parts.emplace_back("narrow_by: kind 30%");
    const std::string where = condition(entity);
    const std::string about = where.substr(0, where.find(' '));
    const bool is_about_due = where.find("due_at") != std::string::npos;
    if (!where.empty() && chance(0.35) && !support::contains(by, about) &&
        !(narrows && about == "kind"))
      parts.push_back("where: " + where);
    AttributeNames orders = ordering(entity);
    // Where none of the rows has a time they have no order by it.
    if (is_optional(entity, "due_at") && !by.empty() && !(is_about_due && where[0] == 'm') &&
        chance(0.3))
      orders.emplace_back("due_at");
    if (!orders.empty() && chance(0.6)) {
      const std::string order = pick(orders);
      const bool is_time = order == "made_at" || order == "due_at";
      if (order != "title" && chance(0.35))
        parts.push_back("range: " + order +
                        (is_time ? pick({"", " last 7 days"}) : pick({"", " > :x", " >= :x"})));
      parts.push_back("order: " + order + " " + pick({"asc", "desc"}));
    }
    if (chance(0.75) || by.empty()) parts.push_back("limit: " + pick({"1", "10", "50", "100"}));
    const AttributeNames own = settable(entity);
    if (!own.empty() && chance(0.1)) parts.push_back("returns: [" + pick(own) + "]");
    if (!entity.parents.empty() && chance(0.12)) {
      const DrawnEntity& parent = entities_[entity.parents.front()];
      const AttributeNames theirs = settable(parent);
      if (!theirs.empty())
        parts.push_back("with: {" + parent.identity.back() + ": [" + pick(theirs) + "]}");
    }
    parts.push_back(rate());
    add(support::join(parts, ", "));
  }

  /// Rows below that lead to those of the entity.
  bool draw_list_from_below(const DrawnEntity& entity, std::size_t at) {
    for (const DrawnEntity& below : entities_) {
      if (below.parents.empty() || below.parents.front() != at) continue;
      AttributeNames leads;
      for (const char* name : {"kind", "code", "status"}) {
        if (below.has(name)) leads.emplace_back(name);
      }
      for (const std::size_t parent : below.parents) {
        if (parent != at && entities_[parent].identity.size() == 1)
          leads.push_back(entities_[parent].identity.front());
      }
      if (leads.empty()) continue;
      const AttributeNames orders = ordering(entity);
      add("list: " + entity.name + ", by: " + below.name + "." + pick(leads) +
          (orders.empty() || chance(0.5) ? ""
                                         : ", order: " + pick(orders) + pick({" asc", " desc"})) +
          ", limit: " + pick({"5", "20"}) + ", rate: 0.2/s");
      return true;
    }
    return false;
  }

  /// The entity's rows by a parent's identity, with the parent and what is below them.
  bool draw_delete_of_all(const DrawnEntity& entity, std::size_t at) {
    if (entity.parents.empty()) return false;
    const DrawnEntity& parent = entities_[entity.parents.front()];
    AttributeNames gone = {parent.name, entity.name};
    for (const DrawnEntity& below : entities_) {
      if (!below.parents.empty() && below.parents.front() == at && chance(0.6))
        gone.push_back(below.name);
    }
    add("delete: [" + support::join(gone, ", ") + "], by: " + listed(parent.identity) +
        ", rate: 0.01/s");
    return true;
  }

  void draw_write(const DrawnEntity& entity) {
    const std::string by = ", by: " + listed(entity.identity);
    const AttributeNames own = settable(entity);
    if (is_optional(entity, "due_at") && chance(0.3))
      return add(
          "update: " + entity.name + by + ", " +
          pick({"set: {due_at: now}", "remove: [due_at]", "remove: [due_at], if: exists(due_at)",
                "set: [due_at], if: missing(due_at)"}) +
          ", " + rate());
    if (entity.has("score") && chance(0.1))
      return add("update: " + entity.name + by + ", add: {score: +:n}, " + rate());
    switch (prng_.below(9)) {
      case 0:
        if (!entity.states.empty())
          return add("update: " + entity.name + by + ", move: status " + entity.moves + ", " +
                     rate());
        break;
      case 1:
        if (entity.has("stock"))
          return add("update: " + entity.name + by + ", add: {stock: -:n}, if: stock >= :n, " +
                     rate());
        break;
      case 2:
        return add("delete: " + entity.name + by + ", " + rate());
      case 3:
        if (!entity.parents.empty())
          return add("delete: " + entity.name + ", by: " +
                     listed(entities_[entity.parents.front()].identity) + ", rate: 0.1/s");
        break;
      case 4:
        if (!entity.parents.empty()) return draw_transaction(entity);
        break;
      case 5:
        return add("put: " + entity.name + (chance(0.5) ? ", batch: 5 .. 20, " : ", ") + rate());
      case 6:
        if (!own.empty())
          return add("upsert: " + entity.name + by + ", set: [" + pick(own) + "], " + rate());
        break;
      case 7:
        if (!entity.parents.empty() && entity.identity.size() == 1 &&
            entities_[entity.parents.front()].identity.size() == 1)
          return add("update: " + entity.name + by + ", set: [" +
                     entities_[entity.parents.front()].identity.front() + "], " + rate());
        break;
      default:
        break;
    }
    if (!own.empty()) add("update: " + entity.name + by + ", set: [" + pick(own) + "], " + rate());
  }

  void draw_transaction(const DrawnEntity& entity) {
    const DrawnEntity& parent = entities_[entity.parents.front()];
    const AttributeNames theirs = settable(parent);
    const std::string by = ", by: " + listed(parent.identity);
    add("transaction: [{create: " + entity.name + "}, " +
        (theirs.empty() ? "{check: " + parent.name + by + "}"
                        : "{update: " + parent.name + by + ", set: [" + pick(theirs) + "]}") +
        "], " + rate());
  }

  static std::string entity_text(const DrawnEntity& entity) {
    AttributeNames parts = {"id: " + listed(entity.identity)};
    if (!entity.count.empty()) parts.push_back("count: " + entity.count);
    if (!entity.belongs_to.empty())
      parts.push_back("belongs_to: {" + support::join(entity.belongs_to, ", ") + "}");
    if (entity.has_mail) parts.emplace_back("unique: [mail]");
    if (!entity.retention.empty()) parts.push_back("retention: " + entity.retention);
    AttributeNames attributes;
    for (const auto& [name, type] : entity.attributes) attributes.push_back(name + ": " + type);
    parts.push_back("attributes: {" + support::join(attributes, ", ") + "}");
    return "  " + entity.name + ": {" + support::join(parts, ", ") + "}\n";
  }

  [[nodiscard]] std::string text() const {
    std::string out = "ddbplan: 1\nservice: drawn" + std::to_string(seed_) + "\nsettings: {" +
                      settings_ + "}\nentities:\n";
    const std::string tenant = seed_ % 2 == 0 ? "ulid" : "string 8 B";
    if (is_tenanted_)
      out += "  Org: {id: org_id, count: 200, attributes: {org_id: " + tenant +
             ", plan: {one_of: {basic: 80%, pro: 20%}}}}\n";
    for (const DrawnEntity& entity : entities_) out += entity_text(entity);
    for (const DrawnEntity& entity : entities_) {
      if (entity.rollup_parent.empty()) continue;
      out += "  Daily" + entity.name + ": {rollup: {of: " + entity.name + ", by: {" +
             entity.rollup_parent + ", day: made_at to day}, keep: {n: count" +
             (entity.has("score") ? ", total: sum score" : "") +
             "}, kept: " + (seed_ % 2 == 0 ? "stream" : "transaction") + "}}\n";
    }
    out += "access_patterns:\n";
    for (std::size_t i = 0; i < patterns_.size(); ++i)
      out += "  p" + std::to_string(i) + ": {" + patterns_[i] + "}\n";
    return out;
  }

  support::Prng prng_;
  std::uint64_t seed_;
  std::string settings_;
  bool is_tenanted_ = false;
  std::vector<DrawnEntity> entities_;
  AttributeNames patterns_;
};

}  // namespace

std::string drawn_schema(std::uint64_t seed) {
  return SchemaDrawer(seed).draw();
}

}  // namespace ddbplan::test
