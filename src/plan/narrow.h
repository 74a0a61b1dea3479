// Optional equalities (`narrow_by`): the calls that give one may go by another key than those that leave it out. Each of
// these kinds of call is a Need of its own; where one key serves several of them alike, they are one read with filters.
#pragma once

#include "plan/state.h"
#include "plan/variants.h"

namespace ddbplan::plan {

/// Each is a search with more Needs, so it stands beside the design with one key and is taken where it is cheaper.
std::vector<Variant> calls_apart_variants(const model::Workload& workload);

/// Where the read tells its calls apart: the Need of each kind of call: those that give the first optional value, those of the others that give the second,
/// and so on; last, those that give none of these. The Need itself where there is nothing to tell apart.
std::vector<Need> by_what_calls_give(Need need, const model::Read& read);

/// The Needs that the calls of one read share among them, in order. `need`: one of them.
std::vector<std::size_t> needs_of_some_calls(const Problem& problem, std::size_t need);

/// The first of `cases` from which on all are served as the last is, which filters by what calls give; their number
/// where the last is not served.
std::size_t first_served_alike(const Problem& problem, const State& state,
                               const std::vector<std::size_t>& cases);

/// What the last of `cases` asks, of the calls of all from `begin` on. REQUIRES: begin < cases.size().
Need of_all_calls(const Problem& problem, const std::vector<std::size_t>& cases, std::size_t begin);

}  // namespace ddbplan::plan
