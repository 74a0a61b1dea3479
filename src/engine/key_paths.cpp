#include "engine/key_paths.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "engine/expression/visit.h"

namespace ddbplan::engine {

using dynamo::ApiError;
using dynamo::KeySchema;
using dynamo::TableDescription;

namespace {

using Problem = std::optional<ApiError>;

bool has_attribute(const KeySchema& key, const std::string& name) {
  const auto named = [&name](const dynamo::KeyAttribute& attribute) {
    return attribute.name == name;
  };
  return std::any_of(key.partition.begin(), key.partition.end(), named) ||
         std::any_of(key.sort.begin(), key.sort.end(), named);
}

bool is_index_key(const TableDescription& table, const std::string& name) {
  const auto keyed = [&name](const dynamo::IndexDescription& index) {
    return has_attribute(index.key, name);
  };
  return std::any_of(table.global_indexes.begin(), table.global_indexes.end(), keyed) ||
         std::any_of(table.local_indexes.begin(), table.local_indexes.end(), keyed);
}

Problem check_path(const Path& path, const Bindings& bindings, const TableDescription& table) {
  if (path.elements.size() == 1) return std::nullopt;
  const std::string& head = path_head(path, bindings);
  const bool is_key = has_attribute(table.key, head);
  if (!is_key && !is_index_key(table, head)) return std::nullopt;
  return validation_error(
      fmt::format("Key attributes must be scalars; list random access '[]' and map lookup '.' are "
                  "not allowed: {}: {}",
                  is_key ? "Key" : "IndexKey", head));
}

Problem check_operand_paths(const BoundUpdate& update, const TableDescription& table) {
  Problem problem;
  const auto check = [&](const Path& path) {
    if (!problem) problem = check_path(path, update.bindings, table);
  };
  for (const UpdateAction& action : update.tree->actions) {
    for (const std::optional<Operand>* operand : {&action.left, &action.right}) {
      if (operand->has_value()) for_each_path(**operand, check);
    }
  }
  return problem;
}

}  // namespace

Problem check_key_paths(const BoundCondition& condition, const TableDescription& table) {
  Problem problem;
  for_each_path(condition.tree->root, [&](const Path& path) {
    if (!problem) problem = check_path(path, condition.bindings, table);
  });
  return problem;
}

Problem check_key_paths(const BoundProjection& projection, const TableDescription& table) {
  for (const Path& path : projection.tree->paths) {
    if (Problem problem = check_path(path, projection.bindings, table)) return problem;
  }
  return std::nullopt;
}

Problem check_key_untouched(const BoundUpdate& update, const TableDescription& table) {
  for (const UpdateAction& action : update.tree->actions) {
    const std::string& head = path_head(action.target, update.bindings);
    if (has_attribute(table.key, head)) {
      return invalid_parameter(
          fmt::format("Cannot update attribute {}. This attribute is part of the key", head));
    }
    if (Problem problem = check_path(action.target, update.bindings, table)) return problem;
  }
  return check_operand_paths(update, table);
}

Problem check_filter_without_key(const BoundCondition& filter, const KeySchema& key,
                                 const char* name) {
  Problem problem;
  for_each_path(filter.tree->root, [&](const Path& path) {
    const std::string& head = path_head(path, filter.bindings);
    if (problem || !has_attribute(key, head)) return;
    problem = validation_error(fmt::format(
        "{} can only contain non-primary key attributes: Primary key attribute: {}", name, head));
  });
  return problem;
}

}  // namespace ddbplan::engine
