#include "plan/variants.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "plan/derived_copies.h"
#include "plan/facets.h"
#include "plan/narrow.h"
#include "plan/read_copies.h"
#include "plan/variant_search.h"

namespace ddbplan::plan {

namespace {

void take(Planned& planned, Derived derived) {
  planned.design = std::move(derived.design);
  planned.reasons = std::move(derived.reasons);
}

/// Takes the best of the variants. `told`: what there is to tell of them.
void improve(Planned& planned, support::Diagnostics& found, std::vector<Variant> variants,
             const pricing::PriceBook& book, const PlanOptions& options,
             std::vector<Reasons>& told) {
  if (!planned.design || variants.empty()) return;
  const auto search =
      std::make_shared<VariantSearch>(planned.workload, book, options, std::move(variants));
  if (const auto made = search->choose(*planned.design, found.count(support::Severity::error))) {
    found = std::move(made->found);
    planned.workload = std::move(made->workload);
    planned.is_varied = true;
    take(planned, std::move(made->derived));
  }
  if (options.explain) told.emplace_back([search] { return search->decisions(); });
}

/// How hot a row is shows only once it is known what the row is.
void add_read_copies(Planned& planned, support::Diagnostics& found, const pricing::PriceBook& book,
                     const PlanOptions& options, std::vector<Reasons>& told) {
  if (!planned.design) return;
  improve(planned, found, read_copy_variants(planned.workload, *planned.design, options.earlier),
          book, options, told);
}

std::vector<Variant> rearrangements(const model::Workload& workload,
                                    const design::EarlierDesign* earlier) {
  std::vector<Variant> out = copy_variants(workload);
  for (Variant& one : facet_variants(workload, earlier)) out.push_back(std::move(one));
  for (Variant& one : calls_apart_variants(workload)) out.push_back(std::move(one));
  return out;
}

bool has_items_beside(const design::EarlierDesign& earlier) {
  return std::any_of(earlier.entities.begin(), earlier.entities.end(), [](const auto& entity) {
    return std::any_of(entity.second.begin(), entity.second.end(), [](const auto& item) {
      return item.role == design::role_name(design::ItemRole::facet) ||
             item.role == design::role_name(design::ItemRole::copy);
    });
  });
}

/// What could be had if nothing were there yet: variants that the earlier design rules out are open then.
void compare_with_fresh(const model::Workload& workload, const pricing::PriceBook& book,
                        const PlanOptions& options, design::Design& kept) {
  if (!kept.continuity) return;
  const bool may_differ = has_items_beside(*options.earlier) || !facet_choices(workload).empty() ||
                          keys_above(kept, 1) > 0;
  if (!may_differ) return;
  PlanOptions free = options;
  free.earlier = nullptr;
  free.explain = false;
  free.alternatives = 0;
  free.frontier = false;
  support::Diagnostics ignored;
  const auto fresh = plan_best(workload, book, free, ignored).design;
  if (!fresh || ignored.has_errors()) return;
  kept.continuity->fresh_objective = fresh->optimality.objective;
  kept.continuity->fresh_cost = fresh->optimality.objective - fresh->optimality.complexity;
}

Reasons all_reasons(Reasons first, std::vector<Reasons> more) {
  return [first = std::move(first), more = std::move(more)] {
    std::vector<design::Decision> out = first();
    for (const Reasons& told : more) {
      for (design::Decision& one : told()) out.push_back(std::move(one));
    }
    return out;
  };
}

}  // namespace

Planned plan_best(const model::Workload& workload, const pricing::PriceBook& book,
                  const PlanOptions& options, support::Diagnostics& diagnostics) {
  support::Diagnostics found;
  Planned out{workload, false, {}, {}};
  take(out, derive(workload, book, options, found));
  const Planned plain = out;
  support::Diagnostics found_plain = found;
  std::vector<Reasons> told;
  improve(out, found, rearrangements(workload, options.earlier), book, options, told);
  add_read_copies(out, found, book, options, told);
  if (out.design && keys_above(*out.design, 1) > 0 && options.earlier == nullptr) {
    // What was rearranged may be what keeps its rows from having copies.
    Planned other = plain;
    std::vector<Reasons> told_of_other;
    add_read_copies(other, found_plain, book, options, told_of_other);
    if (other.design && keys_above(*other.design, 1) < keys_above(*out.design, 1)) {
      out = std::move(other);
      found = std::move(found_plain);
      told = std::move(told_of_other);
    }
  }
  if (out.design) {
    if (out.reasons) out.reasons = all_reasons(std::move(out.reasons), std::move(told));
    compare_with_fresh(workload, book, options, *out.design);
  }
  for (const support::Diagnostic& one : found.items()) diagnostics.add(one);
  return out;
}

}  // namespace ddbplan::plan
