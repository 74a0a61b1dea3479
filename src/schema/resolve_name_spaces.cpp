// `unique` with `across`: one name space of several entities, said once and true for each of them.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "schema/resolve.h"

namespace ddbplan::schema {
namespace {

using model::EntityId;
using model::Unique;

/// Entities that may not take each other's values of these attributes.
struct NameSpace {
  std::vector<std::string> attributes;
  std::set<EntityId> members;
  bool ignore_case = false;
  support::Span span;
  EntityId said_by;
};

class NameSpaces {
 public:
  explicit NameSpaces(Context& context) : context_(context) {}

  void run() {
    collect();
    for (const NameSpace& space : spaces_) {
      check(space);
      for (const EntityId member : space.members) join(member, space);
    }
  }

 private:
  /// A with B and B with C makes one name space of three.
  void collect() {
    for (std::size_t i = 0; i < context_.workload.entities.size(); ++i) {
      for (const Unique& unique : context_.workload.entities[i].unique) {
        if (unique.across.empty()) continue;
        NameSpace space{
            unique.attributes, {EntityId{i}}, unique.ignore_case, unique.span, EntityId{i}};
        space.members.insert(unique.across.begin(), unique.across.end());
        merge(std::move(space));
      }
    }
  }

  void merge(NameSpace space) {
    for (std::size_t i = 0; i < spaces_.size();) {
      const NameSpace& other = spaces_[i];
      const bool meet = other.attributes == space.attributes &&
                        std::any_of(other.members.begin(), other.members.end(),
                                    [&](EntityId id) { return space.members.contains(id); });
      if (!meet) {
        ++i;
        continue;
      }
      space.members.insert(other.members.begin(), other.members.end());
      space.ignore_case = space.ignore_case || other.ignore_case;
      space.span = other.span;
      space.said_by = other.said_by;
      spaces_.erase(spaces_.begin() + static_cast<std::ptrdiff_t>(i));
      i = 0;
    }
    spaces_.push_back(std::move(space));
  }

  /// What is equal in one entity must be equal in the other.
  void check(const NameSpace& space) {
    const model::Entity& first = context_.at(space.said_by);
    for (const EntityId member : space.members) {
      const model::Entity& other = context_.at(member);
      for (const std::string& name : space.attributes) {
        const model::Attribute* mine = first.find(name);
        const model::Attribute* theirs = other.find(name);
        if (mine == nullptr || theirs == nullptr || mine->type == theirs->type) continue;
        context_.report(
            Code::type_mismatch, space.span,
            fmt::format("`{}.{}` is a {} and `{}.{}` a {}: they cannot share a name space",
                        first.name, name, type_name(mine->type), other.name, name,
                        type_name(theirs->type)));
      }
    }
  }

  void join(EntityId member, const NameSpace& space) {
    std::vector<Unique>& all = context_.at(member).unique;
    const auto is_of_space = [&](const Unique& unique) {
      return unique.attributes == space.attributes;
    };
    auto own = std::find_if(all.begin(), all.end(), is_of_space);
    if (own == all.end()) {
      Unique implied;
      implied.attributes = space.attributes;
      implied.span = space.span;
      all.push_back(std::move(implied));
      own = all.end() - 1;
    }
    // Said twice, it is still one.
    all.erase(std::remove_if(own + 1, all.end(), is_of_space), all.end());
    own->ignore_case = space.ignore_case;
    own->across.clear();
    for (const EntityId other : space.members) {
      if (!(other == member)) own->across.push_back(other);
    }
  }

  Context& context_;
  std::vector<NameSpace> spaces_;
};

}  // namespace

void resolve_name_spaces(Context& context) {
  NameSpaces(context).run();
}

}  // namespace ddbplan::schema
