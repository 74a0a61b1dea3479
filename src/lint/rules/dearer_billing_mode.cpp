#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

/// Savings below this are within what any forecast is wrong by.
constexpr double kSavingMin = 0.2;
constexpr double kUsdPerMonthMin = 5;

void check_dearer_billing_mode(const Context& context, Report& report) {
  if (context.workload.settings.billing == model::Billing::automatic) return;
  model::Workload open = context.workload;
  open.settings.billing = model::Billing::automatic;
  const support::Money demanded = context.cost->total;
  const support::Money cheapest = pricing::price(open, *context.design, context.prices).total;
  const double saving = (demanded - cheapest).usd();
  if (saving < kUsdPerMonthMin || saving < kSavingMin * demanded.usd()) return;
  const bool provisioned = context.workload.settings.billing == model::Billing::provisioned;
  report.add(
      key_span(context.source, "billing"),
      fmt::format("{} costs {} a month, {} would cost {}",
                  provisioned ? "provisioned" : "on-demand", support::format_money(demanded),
                  provisioned ? "on-demand" : "provisioned", support::format_money(cheapest)),
      "`billing: auto` takes the cheaper one.");
}

}  // namespace

constinit const Rule kDearerBillingMode = {
    .info =
        {.code = "DDB503",
         .name = "dearer-billing-mode",
         .severity = support::Severity::info,
         .since = "0.1.0",
         .summary = "The demanded billing mode costs much more than the other.",
         .rationale =
             "Provisioned capacity is cheaper than on demand above about 29 % average utilisation, "
             "and dearer below. A "
             "steady load on demand pays three times; a spiky one provisioned for its peak, more.",
         .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                   "CostOptimization_TableCapacityMode.html",
         .bad = R"(ddbplan: 1
service: meter
settings: {regions: [us-east-1], billing: on-demand}
entities:
  Reading: {id: [meter_id, at], count: 1M, attributes: {meter_id: {type: uuid, distinct: 10k}, at: timestamp, value: number}}
access_patterns:
  ingest: {create: Reading, rate: 300/s, peak: 310/s}
  window: {list: Reading, by: meter_id, range: at, order: at desc, limit: 20, rate: 5/s, peak: 6/s}
)",
         .good = R"(ddbplan: 1
service: meter
settings: {regions: [us-east-1], billing: auto}
entities:
  Reading: {id: [meter_id, at], count: 1M, attributes: {meter_id: {type: uuid, distinct: 10k}, at: timestamp, value: number}}
access_patterns:
  ingest: {create: Reading, rate: 300/s, peak: 310/s}
  window: {list: Reading, by: meter_id, range: at, order: at desc, limit: 20, rate: 5/s, peak: 6/s}
)"},
    .phase = Phase::design,
    .check = check_dearer_billing_mode};

}  // namespace ddbplan::lint
