#include "schema/parse.h"

#include "schema/checks.h"
#include "schema/context.h"
#include "schema/document.h"
#include "schema/resolve.h"
#include "schema/structure.h"

namespace ddbplan::schema {

std::optional<model::Workload> parse(const support::SourceText& source, const ParseOptions& options,
                                     support::Diagnostics& diagnostics) {
  static_cast<void>(options);
  std::optional<Node> root = read_document(source, diagnostics);
  if (!root) return std::nullopt;

  check_structure(*root, source, diagnostics);
  if (root->is_broken()) return std::nullopt;

  Context context(source, diagnostics);
  resolve_settings(context, *root);
  resolve_entities(context, *root);
  resolve_relations(context);
  resolve_rollups(context);
  resolve_upkeep(context);
  resolve_inherited_types(context);
  resolve_entity_details(context);
  resolve_counts(context);
  resolve_patterns(context, *root);
  add_implied_creates(context);
  resolve_loads(context, *root);
  resolve_rest(context, *root);
  resolve_immutability(context);
  check_patterns(context);
  if (!diagnostics.has_errors()) check_consistency(context);
  diagnostics.sort();
  if (diagnostics.has_errors()) return std::nullopt;
  return std::move(context.workload);
}

std::optional<model::Workload> parse(const support::SourceText& source, support::Diagnostics& diagnostics) {
  return parse(source, ParseOptions{}, diagnostics);
}

}  // namespace ddbplan::schema
