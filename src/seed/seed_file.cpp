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
    for (const dynamo::Item& row : data.rows[layout.entity.index]) {
      const auto item = design::materialise(layout, design.tables[layout.table],
                                            workload.settings.type_attribute, row);
      if (!item) continue;
      file.text += "{\"Item\":";
      dynamo::append_item_json(file.text, *item);
      file.text += "}\n";
      ++file.items;
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
    auto item = dynamo::parse_item_line(text);
    if (!item) return file.table + ", line " + std::to_string(line) + ", " + item.error();
    items.push_back(*std::move(item));
  }
  return items;
}

}  // namespace ddbplan::seed
