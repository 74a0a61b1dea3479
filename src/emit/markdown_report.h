// report.md: the design in prose and tables for a pull request or a wiki, with every decision and its
// reason, and an entity diagram (Mermaid, which GitHub and GitLab draw).
#pragma once

#include <string>

#include "emit/bundle.h"

namespace ddbplan::emit {

std::string markdown_report(const Bundle& bundle);

/// The entity diagram by itself, as Mermaid takes it.
std::string mermaid_entities(const model::Workload& workload);

}  // namespace ddbplan::emit
