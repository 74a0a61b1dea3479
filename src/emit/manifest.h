// .ddbplan-manifest.json: what a run of `design -o` wrote, so that the next run knows the folder for
// its own, and a user can tell which files were changed by hand.
#pragma once

#include <string>
#include <vector>

#include "emit/formats.h"

namespace ddbplan::emit {

/// {"ddbplan_manifest": 1, "source": ..., "files": [{"path", "bytes", "sha256"}]}.
Artefact manifest(const Bundle& bundle, const std::vector<Artefact>& files);

}  // namespace ddbplan::emit
