// The formats of `ddbplan emit FORMAT FILE` and the files of `ddbplan design -o DIR`: one table that the
// command line, the manual page and the tests read.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emit/bundle.h"

namespace ddbplan::emit {

/// A file to be written: its path below the output folder, with forward slashes, and its bytes.
struct Artefact {
  std::string path;
  std::string text;
  bool executable = false;
  bool operator==(const Artefact&) const = default;
};

/// What a format needs beside the design; the command line makes only what is asked for. `seed` is
/// bundle.seed; `data` bundle.data and bundle.seed; `proof` uses bundle.proof if it
/// is there, and Design::decisions.
enum class Needs { design, seed, data, proof };

struct Format {
  std::string_view name;
  /// One sentence for --help and the manual.
  std::string_view summary;
  Needs needs;
  /// One file, which goes to standard output unless -o is given; or several, which need -o.
  std::vector<Artefact> (*emit)(const Bundle& bundle);
};

/// In the order in which help lists them.
std::span<const Format> formats();
/// Null if there is no such format.
const Format* find_format(std::string_view name);

/// What `design -o DIR` writes, in order: design.json, template.yaml, seed/TABLE.jsonl, seed/load, report.md
/// and, last, .ddbplan-manifest.json, which lists the others. REQUIRES: bundle.seed.
std::vector<Artefact> artefacts(const Bundle& bundle);

}  // namespace ddbplan::emit
