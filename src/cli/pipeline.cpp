#include "cli/pipeline.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include <fmt/format.h>

#include "cli/catalogue.h"
#include "lint/facts.h"
#include "lint/registry.h"
#include "lint/rules/rules.h"
#include "lint/suppression.h"
#include "plan/hold.h"
#include "plan/variants.h"
#include "schema/parse.h"
#include "support/large_pages.h"
#include "support/parallel.h"

namespace ddbplan::cli {
namespace {

lint::Context context_of(const Compilation& run) {
  return {.source = run.source,
          .workload = *run.workload,
          .prices = run.prices(),
          .design = run.design ? &*run.design : nullptr,
          .usage = run.usage ? &*run.usage : nullptr,
          .cost = run.cost ? &*run.cost : nullptr};
}

std::vector<schema::Override> split_overrides(const std::vector<std::string>& texts) {
  std::vector<schema::Override> overrides;
  for (const std::string& text : texts) {
    const auto equals = text.find('=');
    overrides.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  return overrides;
}

/// settings.prices is a file beside the schema.
void load_prices(Compilation& run) {
  if (!run.workload->settings.prices) return;
  namespace fs = std::filesystem;
  const fs::path folder = run.path == "-" ? fs::path() : fs::path(run.path).parent_path();
  const std::string path = (folder / *run.workload->settings.prices).string();
  const auto refuse = [&run](const std::string& why) {
    lint::Report(lint::kUnusablePrices.info, run.diagnostics)
        .add(lint::key_span(run.source, "prices"), why);
  };
  const auto text = read_text_file(path);
  if (!text) return refuse(text.error().message);
  auto book = pricing::PriceBook::from_json(*text);
  if (!book) return refuse(fmt::format("'{}' is no price book: {}", path, book.error()));
  run.own_prices = std::move(*book);
}

/// Without a price there is no choice. Other findings (an item that may grow too large) do not keep the planner
/// from its work, so that one run shows as much as it can.
bool has_prices(const Compilation& run) {
  const model::Settings& settings = run.workload->settings;
  if (settings.prices && !run.own_prices) return false;
  return std::all_of(
      settings.regions.begin(), settings.regions.end(),
      [&](const std::string& region) { return run.prices().find(region) != nullptr; });
}

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

const pricing::PriceBook& Compilation::prices() const {
  return own_prices ? *own_prices : pricing::PriceBook::built_in();
}

std::optional<Compilation> load(const std::string& path, Terminal& terminal) {
  auto text = read_text_file(path);
  if (!text) {
    terminal.error(text.error().message);
    return std::nullopt;
  }
  return Compilation(support::SourceText(display_name(path), std::move(*text)), path);
}

void parse(Compilation& run, const std::vector<std::string>& overrides) {
  const schema::ParseOptions options{split_overrides(overrides)};
  run.workload = schema::parse(run.source, options, run.diagnostics);
  if (!run.workload) return;
  load_prices(run);
  lint::check(lint::Phase::workload, context_of(run), run.diagnostics);
}

bool keep(Compilation& run, const std::string& path, Terminal& terminal) {
  if (path.empty()) return true;
  auto text = read_text_file(path);
  if (!text) {
    print_diagnostics(run, support::Severity::error, terminal);
    terminal.error(text.error().message);
    return false;
  }
  const support::SourceText source(display_name(path), *std::move(text));
  const auto refuse = [&](const support::Diagnostic& why) {
    print_diagnostics(run, support::Severity::error, terminal);
    terminal.message(support::render(why, source, {.colour = terminal.colours_messages()}));
    return false;
  };
  auto earlier = design::read_design(source);
  if (!earlier) return refuse(earlier.error());
  const auto unusable = [&](std::string message) {
    return support::Diagnostic{design::kUnusableDesignCode,
                               design::kUnusableDesignRule,
                               support::Severity::error,
                               std::move(message),
                               earlier->service_span,
                               {},
                               {}};
  };
  if (const std::string why = plan::why_not_holdable(*earlier); !why.empty())
    return refuse(unusable(why));
  if (run.workload && run.workload->service != earlier->service)
    return refuse(unusable(fmt::format("this is a design of {}, and the schema is of {}",
                                       earlier->service, run.workload->service)));
  run.earlier = *std::move(earlier);
  run.earlier_name = source.name();
  return true;
}

void plan(Compilation& run, const plan::PlanOptions& options) {
  if (!run.workload || !has_prices(run)) return;
  plan::PlanOptions around = options;
  if (run.earlier) around.earlier = &*run.earlier;
  plan::Planned planned = plan::plan_best(*run.workload, run.prices(), around, run.diagnostics);
  run.workload = std::move(planned.workload);
  run.is_varied = planned.is_varied;
  run.design = std::move(planned.design);
  run.reasons = std::move(planned.reasons);
  if (run.design && run.design->continuity) run.design->continuity->earlier = run.earlier_name;
}

void explain(Compilation& run) {
  if (run.design && run.reasons) run.design->decisions = run.reasons();
  run.reasons = {};
}

void measure(Compilation& run) {
  if (!run.design) return;
  run.usage = capacity::usage(*run.workload, *run.design);
  run.cost = pricing::price(*run.workload, *run.design, run.prices());
}

void review(Compilation& run) {
  if (run.priced()) lint::check(lint::Phase::design, context_of(run), run.diagnostics);
  lint::Suppressed result =
      lint::apply_suppressions(run.source, run.diagnostics, rule_names(), run.priced());
  run.diagnostics = std::move(result.remaining);
  run.suppressed = result.suppressed;
}

void generate_seed(Compilation& run) {
  if (!run.design) return;
  run.data = seed::generate(*run.workload, *run.design);
  run.seed = seed::write_seed(*run.workload, *run.design, *run.data);
}

Generation::Generation(const Compilation& run) {
  if (!run.workload || !has_prices(run)) return;
  rows_ = support::beside([workload = *run.workload] {
    support::prefer_large_pages_of_thread();
    return seed::generate(workload);
  });
}

void Generation::join(Compilation& run) {
  if (!run.design || !rows_.valid()) return;
  run.data = run.is_varied ? seed::generate(*run.workload) : rows_.get();
  seed::fit_sizes(*run.workload, *run.design, *run.data);
  run.seed = seed::write_seed(*run.workload, *run.design, *run.data);
}

void prove(Compilation& run, const seed::ProofOptions& options) {
  if (!run.data) return;
  run.proof = seed::prove(*run.workload, *run.design, *run.data, run.seed, options);
}

Explanation::Explanation(Compilation& run) {
  if (run.design && run.reasons) {
    decisions_ = support::beside([reasons = std::move(run.reasons)] {
      support::prefer_large_pages_of_thread();
      return reasons();
    });
  }
  run.reasons = {};
}

void Explanation::join(Compilation& run) {
  if (decisions_.valid()) run.design->decisions = decisions_.get();
}

emit::Bundle bundle(const Compilation& run) {
  return {.source = run.source,
          .workload = *run.workload,
          .design = *run.design,
          .usage = *run.usage,
          .cost = *run.cost,
          .diagnostics = run.diagnostics,
          .data = run.data ? &*run.data : nullptr,
          .seed = run.data ? &run.seed : nullptr,
          .proof = run.proof ? &*run.proof : nullptr};
}

void Stages::begin(const char* doing) {
  terminal_.progress(doing);
  started_ = seconds_now();
}

void Stages::end(const char* doing) {
  terminal_.detail(fmt::format("{}: {:.1f} ms", doing, (seconds_now() - started_) * 1000));
}

void print_diagnostics(const Compilation& run, support::Severity least, Terminal& terminal) {
  support::Diagnostics shown;
  for (const support::Diagnostic& each : run.diagnostics.items()) {
    if (each.severity >= least) shown.add(each);
  }
  if (shown.empty()) return;
  terminal.message(support::render(shown, run.source, {.colour = terminal.colours_messages()}));
}

ExitStatus judge(const Compilation& run, const FailOn& fail_on) {
  if (!run.usable()) return ExitStatus::unusable;
  if (!run.design || fail_on.fails(run.diagnostics)) return ExitStatus::findings;
  return ExitStatus::done;
}

}  // namespace ddbplan::cli
