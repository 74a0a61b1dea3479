#include "seed/seed_file.h"

#include "dynamo/json_lines.h"

namespace ddbplan::seed {

std::vector<SeedFile> write_seed(const model::Workload& workload, const design::Design& design,
                                 const Dataset& data) {
  std::vector<SeedFile> files;
  for (const design::Table& table : design.tables) {
    SeedFile file;
    file.table = table.name;
    files.push_back(std::move(file));
  }
  for (const design::ItemLayout& layout : design.items) {
    SeedFile& file = files[layout.table];
    const std::vector<dynamo::Item>& rows = data.rows[layout.entity.index];
    const std::size_t before = file.text.size();
    bool is_first = true;
    for (const dynamo::Item& row : rows) {
      const auto item = design::materialise(layout, design.tables[layout.table],
                                            workload.settings.type_attribute, row);
      if (!item) continue;
      file.text += "{\"Item\":";
      dynamo::append_item_json(file.text, *item);
      file.text += "}\n";
      ++file.items;
      if (is_first) {
        // Texts of megabytes would be copied over and over while they grow.
        is_first = false;
        file.text.reserve(before + rows.size() * (file.text.size() - before) * 5 / 4);
      }
    }
  }
  return files;
}

support::Result<std::vector<dynamo::Item>, std::string> read_seed(const SeedFile& file) {
  std::vector<dynamo::Item> items;
  items.reserve(file.items);
  std::string_view rest = file.text;
  for (int line = 1; !rest.empty(); ++line) {
    const std::size_t end = rest.find('\n');
    const std::string_view text = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (text.empty()) continue;
    // Items that follow one another are mostly of one kind.
    auto item = dynamo::parse_item_line(text, items.empty() ? 0 : items.back().size());
    if (!item) return file.table + ", line " + std::to_string(line) + ", " + item.error();
    items.push_back(*std::move(item));
  }
  return items;
}

}  // namespace ddbplan::seed
