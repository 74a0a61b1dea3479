#include "schema/parse.h"

#include <utility>

#include <fmt/format.h>

#include "schema/checks.h"
#include "schema/context.h"
#include "schema/document.h"
#include "schema/overrides.h"
#include "schema/resolve.h"
#include "schema/structure.h"

namespace ddbplan::schema {
namespace {

/// Hands the findings over; those at an overridden value say that the command line set it.
void deliver(const support::Diagnostics& found, const std::vector<Applied>& applied,
             support::Diagnostics& out) {
  for (support::Diagnostic diagnostic : found.items()) {
    std::vector<const Applied*> here;
    for (const Applied& one : applied) {
      if (one.span.known() && diagnostic.span == one.span) here.push_back(&one);
    }
    for (const Applied* one : here) {
      // New keys share the place of the map that they were added to: the message tells them apart.
      if (here.size() > 1 && diagnostic.message.find(one->override.value) == std::string::npos)
        continue;
      diagnostic.notes.push_back(
          {fmt::format("`--set {}` made this value `{}`", one->override.path, one->override.value),
           {}});
    }
    out.add(std::move(diagnostic));
  }
}

std::optional<model::Workload> resolve(Node& root, const support::SourceText& source,
                                       support::Diagnostics& diagnostics) {
  check_structure(root, source, diagnostics);
  if (root.is_broken()) return std::nullopt;

  Context context(source, diagnostics);
  resolve_settings(context, root);
  resolve_entities(context, root);
  resolve_relations(context);
  resolve_copies(context);
  resolve_inherited_types(context);
  resolve_rollups(context);
  resolve_upkeep(context);
  resolve_inherited_types(context);
  resolve_entity_details(context);
  share_expiry_attribute(context);
  resolve_name_spaces(context);
  resolve_counts(context);
  resolve_patterns(context, root);
  say_expiry_of_upserts(context);
  resolve_matches(context);
  resolve_ahead(context);
  take_ranges_from_where(context);
  list_default_values(context);
  add_implied_patterns(context);
  resolve_loads(context, root);
  resolve_rest(context, root);
  resolve_immutability(context);
  check_patterns(context);
  // Warnings about numbers that do not fit each other would only be noise beside errors.
  if (diagnostics.has_errors()) return std::nullopt;
  check_consistency(context);
  return std::move(context.workload);
}

void report_defaults(const model::Workload& workload, support::Diagnostics& diagnostics) {
  const std::size_t count = workload.defaults.size();
  if (count == 0) return;
  diagnostics.add(finding(
      Code::defaults_used, {},
      count == 1
          ? fmt::format("one value has its default: {} = {} ({})", workload.defaults.front().path,
                        workload.defaults.front().value, workload.defaults.front().reason)
          : fmt::format("{} values have their defaults; `assumptions` lists them", count)));
}

}  // namespace

std::optional<model::Workload> parse(const support::SourceText& source, const ParseOptions& options,
                                     support::Diagnostics& diagnostics) {
  support::Diagnostics found;
  std::vector<Applied> applied;
  std::optional<model::Workload> workload;
  std::optional<Node> root = read_document(source, found);
  if (root) {
    applied = apply_overrides(*root, options.overrides, found);
    workload = resolve(*root, source, found);
  }
  found.sort();
  if (workload) report_defaults(*workload, found);
  deliver(found, applied, diagnostics);
  return workload;
}

std::optional<model::Workload> parse(const support::SourceText& source,
                                     support::Diagnostics& diagnostics) {
  return parse(source, ParseOptions{}, diagnostics);
}

}  // namespace ddbplan::schema
