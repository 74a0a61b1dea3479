#include "engine/expression/projection.h"

#include <utility>

namespace ddbplan::engine {

using dynamo::AttributeValue;
using dynamo::Item;
using dynamo::List;
using dynamo::Map;

Projection::Projection(const std::vector<const Path*>& paths, const Bindings& bindings) {
  for (const Path* path : paths) {
    Node* node = &root_;
    for (const auto& element : path->elements) {
      if (const NameId* name = std::get_if<NameId>(&element)) {
        node = &node->names[bindings.name(*name)];
      } else {
        node = &node->indexes[std::get<ListIndex>(element).number];
      }
    }
    node->whole = true;
  }
}

std::vector<std::string> Projection::attributes() const {
  std::vector<std::string> names;
  for (const auto& [name, node] : root_.names) names.push_back(name);
  return names;
}

Item Projection::apply(const Item& item) const {
  return copy_map(item, root_);
}

bool Projection::copy(const AttributeValue& from, const Node& node, AttributeValue& to) {
  if (node.whole) {
    to = from;
    return true;
  }
  if (const Map* map = std::get_if<Map>(&from.data)) {
    Map part = copy_map(*map, node);
    if (part.empty()) return false;
    to = AttributeValue(AttributeValue::Variant(std::move(part)));
    return true;
  }
  if (const List* list = std::get_if<List>(&from.data)) {
    List part = copy_list(*list, node);
    if (part.empty()) return false;
    to = AttributeValue(AttributeValue::Variant(std::move(part)));
    return true;
  }
  return false;
}

Map Projection::copy_map(const Map& from, const Node& node) {
  Map to;
  for (const auto& [name, child] : node.names) {
    const auto* found = from.find(name);
    AttributeValue value;
    if (found != from.end() && copy(found->second, child, value)) {
      to.emplace(name, std::move(value));
    }
  }
  return to;
}

List Projection::copy_list(const List& from, const Node& node) {
  List to;
  for (const auto& [index, child] : node.indexes) {
    AttributeValue value;
    if (index < from.size() && copy(from[index], child, value)) to.push_back(std::move(value));
  }
  return to;
}

}  // namespace ddbplan::engine
