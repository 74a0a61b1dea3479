// That patterns can mean what they say: a `get` finds at most one row, an upsert knows which row it
// writes.
#include <algorithm>

#include <fmt/format.h>

#include "model/fan_out.h"
#include "schema/checks.h"

namespace ddbplan::schema {
namespace {

using model::Entity;
using model::EntityId;

class PatternChecks {
 public:
  explicit PatternChecks(Context& context) : context_(context) {}

  void run() {
    for (std::size_t i = 0; i < context_.workload.patterns.size(); ++i) {
      const model::Pattern& pattern = context_.workload.patterns[i];
      if (pattern.implied || context_.uncertain_by.contains(context_.patterns[i].path)) continue;
      name_ = pattern.name;
      span_ = pattern.span;
      if (const auto* read = std::get_if<model::Read>(&pattern.action)) check(*read);
      if (const auto* write = std::get_if<model::Write>(&pattern.action)) check(*write);
      if (const auto* transaction = std::get_if<model::Transaction>(&pattern.action)) {
        for (const model::Read& read : transaction->reads) check(read);
        for (const model::Write& write : transaction->writes) check(write);
      }
    }
  }

 private:
  void check(const model::Read& read) {
    if (read.kind != model::ReadKind::get) return;
    for (const EntityId id : read.entities) require_one_row(id, read.by, true, "get", "list");
  }

  void check(const model::Write& write) {
    if (write.for_each) return check_for_each(write);
    const bool one_row =
        write.kind == model::WriteKind::upsert || write.kind == model::WriteKind::check;
    if (!one_row) return;
    const bool is_check = write.kind == model::WriteKind::check;
    require_one_row(write.entities.front(), write.by, is_check, is_check ? "check" : "upsert",
                    is_check ? "" : "update");
  }

  /// Two related rows must not lead to the same row.
  void check_for_each(const model::Write& write) {
    const EntityId id = write.entities.front();
    const Entity& written = context_.at(id);
    const Entity& related = context_.at(*write.for_each);
    if (context_.draft(id).incomplete || context_.draft(*write.for_each).incomplete) return;
    const auto links = model::for_each_links(context_.workload, write);
    const auto is_bound = [&](const std::string& name) {
      return name == related.tenant ||
             std::any_of(write.for_each_by.begin(), write.for_each_by.end(),
                         [&](const model::AttributeRef& by) { return by.name == name; });
    };
    const auto leads_on = [&](const std::string& name) {
      return std::any_of(links.begin(), links.end(), [&](const auto& link) {
        return link.second == name && written.is_identity(link.first);
      });
    };
    const auto lost = std::find_if(related.id.begin(), related.id.end(), [&](const auto& name) {
      return !is_bound(name) && !leads_on(name);
    });
    if (lost == related.id.end()) return;
    if (std::any_of(related.id.begin(), related.id.end(), leads_on))
      return context_.report(
          Code::does_not_apply, write.span.known() ? write.span : span_,
          fmt::format(
              "two rows of {} may write the same {}: they differ in `{}`, which is not part "
              "of the identity of `{}`",
              related.name, written.name, *lost, written.name),
          fmt::format("Let the identity of `{}` hold `{}`, or find the related rows by it.",
                      written.name, *lost));
    context_.report(
        Code::does_not_apply, write.span.known() ? write.span : span_,
        fmt::format(
            "every {} would write the same {}: nothing of the identity of `{}` follows from "
            "the related row",
            related.name, written.name, written.name),
        fmt::format("Let the identity of `{}` hold what tells one `{}` from the other, by the same "
                    "name or as a relation to the same parent.",
                    written.name, related.name));
  }

  [[nodiscard]] static bool covers(const std::vector<model::AttributeRef>& by,
                                   const std::vector<std::string>& names) {
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
      return std::any_of(by.begin(), by.end(), [&](const model::AttributeRef& given) {
        return !given.via && given.name == name;
      });
    });
  }

  /// The next number within what is given, or within the tenant, is one row's.
  [[nodiscard]] static bool is_numbered(const Entity& entity, const model::Attribute& attribute,
                                        const std::vector<model::AttributeRef>& by) {
    return attribute.sequence_per &&
           (*attribute.sequence_per == entity.tenant || covers(by, {*attribute.sequence_per}));
  }

  void require_one_row(EntityId id, const std::vector<model::AttributeRef>& by,
                       bool unique_is_enough, std::string_view action, std::string_view instead) {
    const Entity& entity = context_.at(id);
    if (context_.draft(id).incomplete || entity.singleton || covers(by, entity.id)) return;
    if (unique_is_enough) {
      for (const model::Unique& unique : entity.unique) {
        if (covers(by, unique.attributes)) return;
      }
      for (const model::AttributeRef& given : by) {
        const model::Attribute* attribute = given.via ? nullptr : entity.find(given.name);
        if (attribute == nullptr) continue;
        if (attribute->distinct_all || is_numbered(entity, *attribute, by)) return;
      }
    }
    std::vector<std::string> identity = entity.id;
    // The pattern gives the tenant by itself, unless it asks across tenants: then an identity is one of many.
    if (covers(by, {entity.tenant}))
      identity.erase(std::remove(identity.begin(), identity.end(), entity.tenant), identity.end());
    std::string help = fmt::format("Give the whole identity ({})", quoted_list(identity));
    if (unique_is_enough) help += ", or an attribute that is `unique` or `distinct: all`";
    if (!instead.empty()) help += fmt::format("; or make it a `{}`", instead);
    context_.report(
        Code::not_unique, by.empty() || !by.back().span.known() ? span_ : by.back().span,
        fmt::format("`{}` must find at most one {}, but what it gives does not identify one",
                    action, entity.name),
        help + ".");
  }

  Context& context_;
  std::string name_;
  support::Span span_;
};

}  // namespace

void check_patterns(Context& context) {
  PatternChecks(context).run();
}

}  // namespace ddbplan::schema
