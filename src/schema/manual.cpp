#include "schema/manual.h"

#include <fmt/format.h>

#include "schema/keys.h"
#include "support/text.h"

namespace ddbplan::schema {
namespace {

/// mandoc's linter wants no longer input lines.
constexpr std::size_t kColumns = 78;

/// Text as roff takes it: `code` in quotes, backslashes shown, no line that begins like a request.
std::string roff(std::string_view text) {
  std::string out;
  bool in_code = false;
  for (const char c : text) {
    if (c == '`') {
      out += in_code ? "\\(cq" : "\\(oq";
      in_code = !in_code;
    } else if (c == '\\') {
      out += "\\e";
    } else if (c == '-' && in_code) {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string guard(std::string_view line) {
  const bool is_request = !line.empty() && (line.front() == '.' || line.front() == '\'');
  return (is_request ? "\\&" : "") + std::string(line);
}

/// Where the first sentence ends: a dot and a blank, outside of code and not of `mean .. maximum`.
std::size_t sentence_end(std::string_view text) {
  bool in_code = false;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '`') in_code = !in_code;
    if (in_code || text[i] != '.' || text[i + 1] != ' ') continue;
    if (i == 0 || text[i - 1] != '.') return i + 1;
  }
  return std::string_view::npos;
}

/// A new sentence begins a new line, as mdoc wants it; lines are wrapped.
std::string paragraph(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = sentence_end(text);
    const std::string wrapped = support::wrap(roff(text.substr(0, end)), kColumns, 0);
    std::string_view rest = wrapped;
    while (!rest.empty()) {
      const std::size_t newline = rest.find('\n');
      out += guard(rest.substr(0, newline)) + "\n";
      rest = newline == std::string_view::npos ? "" : rest.substr(newline + 1);
    }
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
  }
  return out;
}

std::string example(std::string_view text) {
  std::string out = ".Bd -literal -offset indent\n";
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    std::string line;
    for (const char c : text.substr(0, newline)) {
      if (c == '\\') {
        line += "\\e";
      } else if (c == '-') {
        line += "\\-";
      } else if (c == '`') {
        line += "\\(ga";
      } else if (c == '\'') {
        line += "\\(aq";
      } else {
        line += c;
      }
    }
    out += guard(line) + "\n";
    text = newline == std::string_view::npos ? "" : text.substr(newline + 1);
  }
  return out + ".Ed\n";
}

/// An argument of a macro, never taken for a macro itself.
std::string argument(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"') {
      out += "\\(dq";
    } else if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return "\"\\&" + out + "\"";
}

std::string section(const ManualSection& section) {
  std::string out = fmt::format(".Sh {}\n", section.title);
  bool in_list = false;
  bool first = true;
  for (const ManualBlock& block : section.blocks) {
    const bool is_term = block.kind == ManualBlock::Kind::term;
    if (is_term && !in_list) out += ".Bl -tag -width Ds\n";
    if (!is_term && in_list) out += ".El\n";
    if (block.kind == ManualBlock::Kind::paragraph && !first) out += ".Pp\n";
    in_list = is_term;
    if (is_term) out += fmt::format(".It Sy {}\n", argument(block.term));
    out += block.kind == ManualBlock::Kind::example ? example(block.text) : paragraph(block.text);
    first = false;
  }
  return out + (in_list ? ".El\n" : "");
}

std::string actions_of(const KeyInfo& key, const std::vector<const KeyInfo*>& keys) {
  if (key.is_action) return {};
  std::vector<std::string> with;
  std::size_t count = 0;
  for (const KeyInfo* action : keys) {
    if (!action->is_action) continue;
    ++count;
    if ((action->actions & key.actions) != 0) with.push_back(fmt::format("`{}`", action->key));
  }
  if (count == 0 || with.size() == count || with.size() + 1 >= count) return {};
  return fmt::format(" With {}.", support::join_list(with));
}

std::string keys_section() {
  std::string out = ".Sh KEYS\n";
  out += paragraph(
      "Every key of the language, by the map that it stands in. A key that is not listed is an "
      "error.");
  for (const PlaceInfo& place : place_table()) {
    const std::vector<const KeyInfo*> keys = keys_of(place.place);
    std::string title(place.title);
    if (title.front() == 'a') title = title.substr(title.find(' ') + 1);
    std::erase(title, '`');
    out += fmt::format(".Ss Keys of {}\n", title);
    out += paragraph(place.sentence);
    out += ".Bl -tag -width Ds\n";
    for (const KeyInfo* key : keys) {
      out += fmt::format(".It Ic {}\n", argument(key->key));
      std::string text(key->sentence);
      text += fmt::format(" Takes {}.", shape(key->shape).expected);
      if (!key->unit.empty()) text += fmt::format(" Unit: {}.", key->unit);
      if (!key->usual.empty()) text += fmt::format(" Default: {}.", key->usual);
      if (key->required) text += " Required.";
      text += actions_of(*key, keys);
      out += paragraph(text);
    }
    out += ".El\n";
  }
  return out;
}

std::string quantities_section() {
  std::string out = ".Sh VALUES\n";
  out += paragraph("The forms of single values. Every quantity has a unit.");
  out += ".Bl -tag -width Ds\n";
  for (const GrammarInfo& grammar : grammar_table()) {
    if (grammar.grammar == Grammar::text || grammar.grammar == Grammar::version) continue;
    out += fmt::format(".It Sy {}\n", argument(grammar.name));
    out += paragraph(fmt::format("{} Example: `{}`.", grammar.sentence, grammar.example));
  }
  return out + ".El\n";
}

}  // namespace

std::string manual_page() {
  std::string out =
      ".\\\" Made from the tables in src/schema; `ddbplan schema` shows the same as a JSON "
      "Schema.\n"
      ".Dd November 22, 2026\n"
      ".Dt DDBPLAN-SCHEMA 5\n"
      ".Os\n"
      ".Sh NAME\n"
      ".Nm ddbplan-schema\n"
      ".Nd the language of ddbplan, version 1\n";
  for (const ManualSection& one : manual_introduction()) out += section(one);
  out += keys_section();
  out += quantities_section();
  for (const ManualSection& one : manual_reference()) out += section(one);
  out +=
      ".Sh FILES\n"
      ".Bl -tag -width Ds\n"
      ".It Pa schemas/ddbplan.schema.json\n"
      "The same as a JSON Schema, for editors.\n"
      "A first line\n"
      ".Ql \"# yaml\\-language\\-server: $schema=FILE\"\n"
      "lets them complete and check.\n"
      ".El\n";
  out += section(manual_examples());
  out +=
      ".Sh SEE ALSO\n"
      ".Xr ddbplan 1 ,\n"
      ".Xr ddbplan-rules 7\n";
  return out;
}

}  // namespace ddbplan::schema
