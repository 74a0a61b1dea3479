// The parts of an item that a list of document paths names.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dynamo/value.h"
#include "engine/expression/ast.h"
#include "engine/expression/bindings.h"

namespace ddbplan::engine {

/// The paths of a projection as a tree, so that two paths into one attribute give one attribute.
class Projection {
 public:
  Projection(const std::vector<const Path*>& paths, const Bindings& bindings);
  /// Elements of a list keep their order and close ranks; what the item lacks is left out.
  [[nodiscard]] dynamo::Item apply(const dynamo::Item& item) const;
  /// The top-level attributes that the paths start with.
  [[nodiscard]] std::vector<std::string> attributes() const;

 private:
  struct Node {
    bool whole = false;
    std::map<std::string, Node> names;
    std::map<std::uint64_t, Node> indexes;
  };
  static bool copy(const dynamo::AttributeValue& from, const Node& node,
                   dynamo::AttributeValue& to);
  static dynamo::Map copy_map(const dynamo::Map& from, const Node& node);
  static dynamo::List copy_list(const dynamo::List& from, const Node& node);

  Node root_;
};

}  // namespace ddbplan::engine
