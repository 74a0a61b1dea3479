// An access plan and its parts in a few words, shared by the terminal report, the Markdown report
// and the explanations.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "emit/bundle.h"

namespace ddbplan::emit {

/// "Query GSI1, 2 shards, then BatchGetItem"; what is not served says so.
std::string plan_text(const Bundle& bundle, const design::AccessPlan& plan);
/// "GSI1", with several tables "orders.GSI1"; "" for the only base table.
std::string resource_text(const Bundle& bundle, std::size_t table,
                          const std::optional<std::string>& index);
/// Units of one call, summed over resources; "-" for none.
std::string read_units_text(const capacity::PatternUsage& usage);
std::string write_units_text(const capacity::PatternUsage& usage);
/// The unit of a time bucket: "day".
std::string_view time_unit_name(model::TimeUnit unit);
/// "all", "keys", "total, status".
std::string projection_text(const dynamo::Projection& projection);
/// "PK, SK"; types other than S are named: "PK, at (N)".
std::string key_schema_text(const dynamo::KeySchema& key);
/// "Order", "Customer: guard of email".
std::string item_name(const Bundle& bundle, const design::ItemLayout& layout);
/// What a key entry has beside its templates: "if status = OPEN; 2 shards by order_id"; may be "".
std::string entry_note(const design::KeyEntry& entry);
/// TTL, stream, recovery; "" if there is nothing to say.
std::string table_features(const design::Table& table);
/// Names of the patterns with a step there.
std::vector<std::string> readers_of(const Bundle& bundle, std::size_t table,
                                    const std::optional<std::string>& index);
/// One sentence about how near the plan is to the cheapest.
std::string optimality_text(const design::Optimality& optimality);
/// Dollars a month that the design costs more than starting anew would, the price of complexity contained; nullopt
/// when nothing can be had anew.
std::optional<support::Money> extra_for_keeping(const design::Continuity& kept);
/// A sentence about that.
std::string keeping_text(const design::Continuity& kept);
/// "index GSI3", of the subject of a change.
std::string subject_text(const std::string& subject);
/// One sentence: what was run and what came of it.
std::string proof_text(const Bundle& bundle);
/// How a table is paid for.
pricing::PaymentMode payment_mode(const Bundle& bundle, std::size_t table);
/// "$1,234.56"; below a cent "<$0.01".
std::string short_money(support::Money money);

/// Something about access patterns, said once for all of them.
struct PatternNote {
  std::string text;
  std::vector<std::string> patterns;
};
/// What is left to the caller.
std::vector<PatternNote> client_notes(const Bundle& bundle);
/// Which parent's attributes are read from copies in the rows, with the patterns that do.
std::vector<PatternNote> copy_notes(const Bundle& bundle);

/// Peak load of one shard as a share of what one partition serves.
double ceiling_share(const design::HotKey& hot);
/// "on-demand" or "provisioned"; "mixed" where tables differ.
std::string billing_text(const Bundle& bundle);
/// "Provisioned it would be $42.00 a month.", "" where there is no other way.
std::string other_billing_text(const Bundle& bundle);

}  // namespace ddbplan::emit
