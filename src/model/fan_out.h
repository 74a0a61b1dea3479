// `for_each: Follow, by: followed_id`: one write for each related row, and what it takes from that row.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/workload.h"

namespace ddbplan::model {

/// Attributes of the written row whose values the related row gives: (attribute of the written row, attribute of
/// the related row). Every other value is the call's. Identities and relations follow from the related row where it
/// has an attribute of the same name, belongs to the written row, is its parent, or has a parent of the same kind;
/// what `by` binds tells related rows not apart, and comes from the call. REQUIRES: write.for_each.
std::vector<std::pair<std::string, std::string>> for_each_links(const Workload& workload,
                                                                const Write& write);

/// Whose row the relation's parent of a written row is: the related one's that it is written for, one that the call
/// names for all of them, or other rows' that each related row refers to. REQUIRES: write.for_each.
enum class ParentOfEach { related, named, others };
ParentOfEach parent_of_each(const Workload& workload, const Write& write, const Relation& relation);

/// How many related rows a call finds: on average over the related rows' parents, and at most.
Spread fan_out(const Workload& workload, const Write& write);

/// How many rows of one of its entities a call of the write changes, on average.
double rows_written(const Workload& workload, const Write& write, EntityId entity);

}  // namespace ddbplan::model
