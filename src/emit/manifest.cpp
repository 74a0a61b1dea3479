#include "emit/manifest.h"

#include "emit/json_parts.h"
#include "support/sha256.h"

namespace ddbplan::emit {

Artefact manifest(const Bundle& bundle, const std::vector<Artefact>& files) {
  Json list = Json::array();
  for (const Artefact& file : files) {
    list.push_back({{"path", file.path},
                    {"bytes", file.text.size()},
                    {"sha256", support::sha256_hex(file.text)}});
  }
  const Json out = {
      {"ddbplan_manifest", 1}, {"source", bundle.source.name()}, {"files", std::move(list)}};
  return {".ddbplan-manifest.json", dump_json(out), false};
}

}  // namespace ddbplan::emit
